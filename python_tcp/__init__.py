"Learn TCP by hand: two real kernels, and a wire between them that you hold"

__version__ = "0.0.1"

_home = {name:module for module,names in {
    'core'    : 'get_free_port SocketState TCPConnection',
    'states'  : 'Diagram TRANSITIONS after',
    'segment' : 'Flags Segment Seq checksum pack parse unwrap',
    'trace'   : 'Seen Trace',
    'kernel'  : 'Capture table tcp_info',
    'lab'     : 'Lab',
    'engine'  : 'TCB Open Send Receive Close Abort isn',
    'net'     : 'Link Net',
    'congestion': 'Reno NewReno Cubic',
    'story'   : 'stories'}.items() for name in names.split()}
__all__ = list(_home)

def __getattr__(name):
    "The public `name`, from its module, which is loaded now and not before"
    if name not in _home:
        has = ', '.join(_home)
        raise AttributeError(f"module 'python_tcp' has no attribute {name!r}; it has {has}")
    from importlib import import_module
    return getattr(import_module(f'python_tcp.{_home[name]}'), name)

def __dir__(): return [*globals(), *_home]
