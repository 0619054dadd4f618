"Live capture: each segment once and whole, against tcpdump; what is missing is said; who may"
import os, re, shutil, socket, subprocess, sys, time
from pathlib import Path

import pytest

import python_tcp
from conftest import descriptors, flags, same, until, written
from python_tcp import capture, kernel, netns, sockdiag
from python_tcp.core import SocketState, TCPConnection
from python_tcp.capture import Capture
from python_tcp.lab import Lab
from python_tcp.segment import Flags
from python_tcp.trace import Trace

def talk(host, octets=200_000):
    "A life over the loopback of a lab's host, with big segments; what was sent"
    with host.listen(80) as server, host.connect((host.address, 80)) as client:
        served,data,got = until(lambda: accepted(server)),os.urandom(octets),bytearray()
        left = memoryview(data)
        while len(got) < octets:
            try: left = left[client.sock.send(left):] if left else left
            except BlockingIOError: pass
            try: got += served.receive(1 << 20)
            except BlockingIOError: pass
        client.shutdown()
        until(lambda: served.observe() == 'CLOSE_WAIT')
        served.close()
        until(lambda: client.observe() == 'TIME_WAIT')
    assert got == data
    return data

def accepted(server):
    try: return server.accept()
    except BlockingIOError: return None

@pytest.mark.needs('lab', 'tcpdump')
@pytest.mark.parametrize('options', [{}, dict(mtu=1280, ipv6=True)], ids=['IPv4', 'IPv6'])
def test_loopback_against_tcpdump(options, tmp_path):
    "The same segments in the same order, each once, up to 64 KiB long; and none is called damaged"
    path = tmp_path/'lo.pcap'
    with Lab(**options) as lab, open(path, 'wb') as f:
        dump = lab.a.run(['tcpdump', '-U', '-n', '-i', 'lo', '-Z', 'root', '-w', '-'], stdout=f, stderr=-1, text=True)
        assert 'listening' in dump.stderr.readline()
        before = time.time()
        with lab.a.capture('lo') as seen: data = talk(lab.a)
        after = time.time()
        trace = seen.trace
        until(lambda: path.stat().st_size > 24 and len(written(path)) >= len(trace))
        dump.terminate()
        dump.communicate()
    assert [same(r) for r in trace] == [same(r) for r in Trace.load(path)]
    assert [r.t for r in trace] == sorted(r.t for r in trace) and before <= trace[0].t and trace[-1].t <= after
    assert all(r.got == r.t and not r.fate and r.states is None for r in trace)
    assert b''.join(r.seg.data for r in trace if r.dst[1] == 80) == data and max(r.seg.len for r in trace) > 30_000

@pytest.mark.needs('lab')
def test_a_cable_both_ways():
    "What a host sends and gets; a lost segment was sent and did not arrive"
    with Lab() as lab, lab.a.capture() as at_a, lab.b.capture() as at_b:
        lab.b.listen(80)
        client = lab.a.connect((lab.b.address, 80))
        lab.run()
        client.send(b'x')
        lab.drop()
        assert [same(r) for r in at_a.trace] == [same(r) for r in lab.trace]
        assert [same(r) for r in at_b.trace] == [same(r) for r in lab.trace[:3]]

@pytest.mark.needs('lab')
def test_only_one_port():
    with Lab() as lab, lab.a.capture('lo', port=80) as seen, lab.a.capture('lo') as all:
        for port in 80, 81: lab.a.connect((lab.a.address, port))
        assert flags(seen.wait(2)) == [Flags.SYN, Flags.RST|Flags.ACK] and len(all.wait(4)) == 4
        assert {80} == {min(r.src[1], r.dst[1]) for r in seen.trace}
        lab.a.connect((lab.a.address, 82))
        all.wait(6)
        assert len(seen.trace) == 2

@pytest.mark.needs('lab')
def test_a_capture_with_drops_says_so():
    "How many, exactly; what did find room is there, and the rest of a capture is as any other"
    with Lab() as lab, lab.a.capture('lo') as all, lab.a.capture('lo') as small:
        small._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 0)
        for port in range(1000, 1100): lab.a.connect((lab.a.address, port))
        assert len(all.wait(200)) == 200
        with pytest.raises(OSError, match='packets came too fast and are gone') as e: small.trace
        lost,found = int(str(e.value).split()[0]),small.trace
        assert lost + len(found) == 200 and 0 < len(found) < 200 and set(map(same, found)) < set(map(same, all.trace))
        lab.a.connect((lab.a.address, 1))
        assert len(small.wait(len(found) + 2)) == len(found) + 2

@pytest.mark.needs('lab')
def test_a_long_capture_has_room():
    """Ten megabytes over loopback, read afterwards: no drops;
    or, where the system allows little room, how there would be more"""
    with Lab() as lab, lab.a.capture('lo') as seen:
        data = talk(lab.a, 10_000_000)
        try: trace = seen.trace
        except OSError as e: assert seen._room < 1 << 22 and 'sudo sysctl net.core.rmem_max=16777216' in str(e)
        else: assert sum(len(r.seg.data) for r in trace if r.dst[1] == 80) == len(data)

STOCK = 212992 # octets of room that most systems allow who is not root

@pytest.mark.needs('lab')
@pytest.mark.parametrize('interface', ['lo', 'eth0'])
def test_a_lesson_has_room_where_little_is_allowed(interface):
    "What is captured is taken in whenever a connection of the lab is used, or a segment delivered"
    with Lab() as lab, lab.a.capture(interface) as seen:
        seen._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, STOCK)
        data = talk(lab.a) if interface == 'lo' else carry(lab, 500_000)
        assert sum(len(r.seg.data) for r in seen.trace if r.dst[1] == 80) == len(data)

def carry(lab, octets):
    "So many octets over the wire, each segment delivered; what was sent"
    with lab.b.listen(80) as server, lab.a.connect((lab.b.address, 80)) as client:
        lab.run()
        served,data,got = server.accept(),os.urandom(octets),bytearray()
        left = data
        while len(got) < octets:
            try: left = left[client.sock.send(left):] if left else left
            except BlockingIOError: pass
            for _ in lab.waiting or lab.wait(): lab.deliver()
            try: got += served.receive(1 << 20)
            except BlockingIOError: pass
    assert got == data
    return data

@pytest.mark.needs('lab')
@pytest.mark.parametrize('room,more', [(STOCK, True), (1 << 24, False)])
def test_what_is_lost_says_how_to_have_more_room(monkeypatch, room, more):
    monkeypatch.setattr(capture, '_room', lambda sock: room)
    with Lab() as lab, lab.a.capture('lo') as seen:
        seen._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 0)
        for port in range(1000, 1100): lab.a.connect((lab.a.address, port))
        says = '^[0-9]+ packets came too fast and are gone: send less at a time, or look more often'
        with pytest.raises(OSError, match=says) as e: seen.trace
    assert (f'or allow more room than {STOCK} octets: sudo sysctl net.core.rmem_max=16777216' in str(e.value)) is more

@pytest.mark.needs('lab')
def test_wait_and_close():
    before = descriptors()
    with Lab() as lab:
        seen = lab.a.capture('lo')
        with pytest.raises(TimeoutError, match='0 segments in 0.01 s, not 1'): seen.wait(1, .01)
        lab.a.connect((lab.a.address, 80))
        assert seen.wait(1)[0].seg.flags == Flags.SYN
        seen.close()
        seen.close()
        lab.a.connect((lab.a.address, 80))
        assert len(seen.trace) == 2
        left = lab.a.capture('lo')
        early = left.trace
        lab.b.run(['true']).wait()
        lab.a.connect((lab.a.address, 80))
        left.wait(2)
        assert early == []
    assert len(left.trace) == 2 and descriptors() == before
    with pytest.raises(RuntimeError, match='closed'): lab.a.capture()

@pytest.mark.needs('lab')
def test_what_is_no_segment_is_passed_by():
    "A datagram of UDP, and a TCP header that says it is longer than its segment"
    with Lab() as lab, lab.a.capture('lo') as seen:
        with lab._hosts.socket('a', socket.AF_INET, socket.SOCK_DGRAM) as udp: udp.sendto(b'x', ('127.0.0.1', 9))
        with lab._hosts.socket('a', socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP) as raw:
            raw.sendto(bytes(12) + b'\xf0' + bytes(7), ('127.0.0.1', 0))
        lab.a.connect((lab.a.address, 80))
        assert flags(seen.wait(2)) == [Flags.SYN, Flags.RST|Flags.ACK]

@pytest.mark.needs('capture')
def test_the_loopback_of_this_machine():
    "A whole life between plain sockets, its seven or eight segments and no others"
    with TCPConnection.listen() as server, Capture(port=server.local_address[1]) as seen:
        client = TCPConnection.connect(server.local_address)
        served = server.accept()
        client.send(b'hello')
        assert served.receive() == b'hello'
        client.close()
        until(lambda: served.observe() == 'CLOSE_WAIT')
        served.close()
        until(lambda: client.observe() == 'TIME_WAIT')
        trace = seen.wait(7)
    assert flags(trace[:3]) == [Flags.SYN, Flags.SYN|Flags.ACK, Flags.ACK]
    assert b''.join(r.seg.data for r in trace) == b'hello' and sum(r.seg.flags & Flags.FIN for r in trace) == 2
    assert {r.src for r in trace} == {client.local_address, server.local_address} and len(trace) in (7, 8)

@pytest.mark.needs('linux')
def test_no_such_interface():
    before = descriptors()
    says = "no capture at 'eth99': (No such device|Operation not permitted)\n.*`ip link` lists"
    with pytest.raises(OSError, match=says): Capture('eth99')
    with pytest.raises(OSError, match="no capture at 'a name that is too long': "): Capture('a name that is too long')
    assert descriptors() == before

@pytest.mark.needs('lab')
def test_no_such_interface_in_a_host():
    with Lab() as lab:
        before = descriptors()
        with pytest.raises(OSError, match="no capture at 'eth1': No such device\n"): lab.a.capture('eth1')
        assert descriptors() == before

@pytest.mark.needs('linux')
def test_who_may_not():
    "One error, which says what would be right; no descriptor is left"
    code = '''
import os
from python_tcp.capture import Capture
count = len(os.listdir('/proc/self/fd'))
try: Capture()
except PermissionError as e: print(e.errno, e.strerror)
assert len(os.listdir('/proc/self/fd')) == count
'''
    prefix = []
    if not os.geteuid():
        if not shutil.which('setpriv'): pytest.skip('needs setpriv, to give up a right of root')
        prefix = ['setpriv', '--bounding-set=-net_raw', '--inh-caps=-all']
    env = {**os.environ, 'PYTHONPATH': str(Path(python_tcp.__path__[0]).parent)}
    ran = subprocess.run([*prefix, sys.executable, '-c', code], capture_output=True, text=True, env=env, timeout=60)
    python = os.path.realpath(sys.executable)
    assert not ran.stderr and ran.stdout.startswith("1 no capture at 'lo': Operation not permitted\n")
    assert f'sudo setcap cap_net_raw+ep {python} ' in ran.stdout and "lab.a.capture('lo')" in ran.stdout

def test_elsewhere(monkeypatch):
    "A system without packet sockets"
    def refuse(*_): raise OSError(97, 'Address family not supported by protocol')
    monkeypatch.setattr(socket, 'socket', refuse)
    with pytest.raises(OSError, match='not supported by protocol\nIt takes Linux'): Capture()

@pytest.mark.needs('linux')
def test_a_line_of_the_table_is_one_thing():
    "What the plumbing reads, with a state and a `TcpInfo` of their own kinds; it can be asked for by either"
    with TCPConnection.listen() as server, TCPConnection.connect(server.local_address) as client, \
         sockdiag.open_diag() as diag:
        ends = client.local_address, server.local_address
        plain,line = sockdiag.find(diag, socket.AF_INET, *ends),kernel.entry(*ends)
        assert type(plain.state) is str and type(line.state) is SocketState and isinstance(line, sockdiag.Entry)
        assert (plain.state, plain.local, plain.remote, plain.cookie) == (line.state, *ends, line.cookie)
        assert line.info.mss == plain.tcp_info['snd_mss'] and 'tcp_info' not in repr(plain)
        assert sockdiag.find_cookie(diag, socket.AF_INET, line.cookie).local == line.local
        assert kernel.entry(server.local_address, ('0.0.0.0', 0)).info is not None
        assert line.cookie in [one.cookie for one in sockdiag.entries(diag, socket.AF_INET)]

# Wrong calls, of what the kernel is asked by and of the plumbing below it

FOUR = ('127.0.0.1', 80), ('127.0.0.1', 81)
ADDRESS = r"an address is \(host, port\) with a port from 0 to 65535, such as \('127.0.0.1', 8080\), not "
LISTED = "an address in the table is such as '127.0.0.1', not "
HOST = "the address of a host is such as '10.0.0.1' or 'fd00::1', not "
RTO_MIN = 'rto_min is 0.001 to 120 seconds, not '
WRONG = {
    'tcp_info': (lambda: kernel.tcp_info(5), TypeError, 'sock is a TCP socket or a TCPConnection, not 5'),
    'tcp_info None': (lambda: kernel.tcp_info(None), ConnectionError, 'connection does not exist'),
    'tcp_info of nothing': (lambda: kernel.tcp_info(TCPConnection()), ConnectionError, 'connection does not exist'),
    'tcp_info of what is closed': (lambda: kernel.tcp_info(closed()), ConnectionError, 'connection does not exist'),
    'table': (lambda: kernel.table(5), TypeError, 'diag is a socket from `open_diag`, not 5'),
    'entry': (lambda: kernel.entry('127.0.0.1:80', FOUR[1]), ValueError, ADDRESS + "'127.0.0.1:80'"),
    'entry remote': (lambda: kernel.entry(FOUR[0], ('127.0.0.1', '81')), ValueError,
                     ADDRESS + r"\('127.0.0.1', '81'\)"),
    'entry diag': (lambda: kernel.entry(*FOUR, diag=5), TypeError, 'diag is a socket from `open_diag`, not 5'),
    'entry cookie': (lambda: kernel.entry(*FOUR, cookie='7'), TypeError, "cookie is 0 to .*, not '7'"),
    'entry host': (lambda: kernel.entry(('localhost', 80), FOUR[1]), ValueError, LISTED + "'localhost'"),
    'entry mixed': (lambda: kernel.entry(FOUR[0], ('::1', 80)), ValueError, LISTED + "'::1'"),
    'destroy': (lambda: kernel.destroy(FOUR), TypeError, 'entry is a line of `table`, not '),
    'tap': (lambda: capture.tap(5, 'lo'), TypeError, 'sock is a packet socket, not 5'),
    'taken': (lambda: next(capture.taken(5)), TypeError, 'sock is a packet socket, not 5'),
    'Capture': (lambda: Capture(5), TypeError, "interface is a name, such as 'lo', not 5"),
    'Capture port': (lambda: Capture('lo', 'http'), TypeError, "port is 1 to 65535, or None for all, not 'http'"),
    'Capture port 65536': (lambda: Capture('lo', 65536), ValueError, 'port is 1 to 65535, or None for all, not 65536'),
    'Capture sock': (lambda: Capture('lo', sock='s'), TypeError, "sock is a packet socket, not 's'"),
    'state_name': (lambda: sockdiag.state_name(99), ValueError, 'the kernel numbers the states 1 to 13, not 99'),
    'info_fields': (lambda: sockdiag.info_fields(b''), ValueError, 'TCP_INFO has 8 octets or more, not 0'),
    'info_fields text': (lambda: sockdiag.info_fields('x'*104), TypeError, 'octets are what TCP_INFO gave, not '),
    'read_info': (lambda: sockdiag.read_info(5), TypeError, 'sock is a TCP socket, not 5'),
    'read_state': (lambda: sockdiag.read_state(None), TypeError, 'sock is a TCP socket, not None'),
    'entries': (lambda: sockdiag.entries(5, 2), TypeError, 'diag is a socket from `open_diag`, not 5'),
    'entries family': (lambda: asked(sockdiag.entries, 7), ValueError, 'family is AF_INET or AF_INET6, not 7'),
    'find family': (lambda: asked(sockdiag.find, 'inet', *FOUR), ValueError,
                    "family is AF_INET or AF_INET6, not 'inet'"),
    'find_cookie': (lambda: sockdiag.find_cookie(5, 2, 7), TypeError, 'diag is a socket from `open_diag`, not 5'),
    'unshare': (lambda: netns.unshare('net'), TypeError, "flags is 0 to .*, not 'net'"),
    'setns': (lambda: netns.setns('net'), TypeError, "fd is 0 to .*, not 'net'"),
    'setns -1': (lambda: netns.setns(-1), ValueError, 'fd is 0 to .*, not -1'),
    'mac': (lambda: netns.mac('ab'), ValueError, "the name of a host is one letter, such as 'a', not 'ab'"),
    'mac 5': (lambda: netns.mac(5), ValueError, "the name of a host is one letter, such as 'a', not 5"),
    'Hosts': (lambda: netns.Hosts(['a']), TypeError, r"hosts are a dict, such as \{'a': '10.0.0.1'\}, not \['a'\]"),
    'Hosts name': (lambda: netns.Hosts({'ab': '10.0.0.1'}), ValueError, 'the name of a host is one letter'),
    'Hosts address': (lambda: netns.Hosts({'a': '10.0.0'}), ValueError, HOST + "'10.0.0'"),
    'Hosts mtu': (lambda: netns.Hosts({'a': '10.0.0.1'}, mtu='x'), TypeError, "mtu is 68 to 65535 octets, not 'x'"),
    'Hosts rto_min': (lambda: netns.Hosts({'a': '10.0.0.1'}, rto_min=0), ValueError, RTO_MIN + '0'),
}

def closed():
    with socket.socket() as sock: return sock

def asked(call, *args):
    with sockdiag.open_diag() as diag: return call(diag, *args)

@pytest.mark.needs('linux')
@pytest.mark.parametrize('name', WRONG)
def test_wrong_calls(name):
    call,error,says = WRONG[name]
    before = descriptors()
    with pytest.raises(Exception) as e: call()
    assert isinstance(e.value, error) and re.match(rf'(\[Errno \d+\] )?{says}', str(e.value)), repr(e.value)
    assert descriptors() == before
