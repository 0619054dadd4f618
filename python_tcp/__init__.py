"Learn TCP by hand: two real kernels, and a wire between them that you hold"

__version__ = "0.0.1"

_home = {name:module for module,names in {
    'core'    : 'get_free_port SocketState TCPConnection',
    'states'  : 'Diagram TRANSITIONS after',
    'segment' : 'Flags Segment Seq checksum pack parse unwrap',
    'ip'      : 'from_ip to_ip',
    'trace'   : 'Seen Trace',
    'kernel'  : 'table tcp_info',
    'capture' : 'Capture',
    'lab'     : 'Lab',
    'engine'  : 'TCB Open Send Receive Close Abort isn',
    'net'     : 'Link Net',
    'host'    : 'Host',
    'congestion': 'Reno NewReno Cubic',
    'graph'   : 'time_sequence',
    'story'   : 'stories',
    'account' : 'account accounts',
    'report'  : 'Report'}.items() for name in names.split()}
__all__ = list(_home)

TYPE_CHECKING = False # but an editor and mypy take it for true; `X as X` is for others to import
if TYPE_CHECKING:
    from .core import get_free_port as get_free_port
    from .core import SocketState as SocketState, TCPConnection as TCPConnection
    from .states import Diagram as Diagram, TRANSITIONS as TRANSITIONS, after as after
    from .segment import Flags as Flags, Segment as Segment, Seq as Seq
    from .segment import checksum as checksum, pack as pack, parse as parse, unwrap as unwrap
    from .ip import from_ip as from_ip, to_ip as to_ip
    from .trace import Seen as Seen, Trace as Trace
    from .kernel import table as table, tcp_info as tcp_info
    from .capture import Capture as Capture
    from .lab import Lab as Lab
    from .engine import TCB as TCB, Open as Open, Send as Send, Receive as Receive
    from .engine import Close as Close, Abort as Abort, isn as isn
    from .net import Link as Link, Net as Net
    from .host import Host as Host
    from .congestion import Reno as Reno, NewReno as NewReno, Cubic as Cubic
    from .graph import time_sequence as time_sequence
    from .story import stories as stories
    from .account import account as account, accounts as accounts
    from .report import Report as Report

def __getattr__(name:str)->object:
    "The public `name`, from its module, which is loaded now and not before"
    if name not in _home:
        has = ', '.join(_home)
        raise AttributeError(f"module 'python_tcp' has no attribute {name!r}; it has {has}")
    from importlib import import_module
    return getattr(import_module(f'python_tcp.{_home[name]}'), name)

def __dir__()->list[str]: return [*globals(), *_home]
