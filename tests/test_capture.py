"Live capture: each segment once and whole, against tcpdump; what is missing is said; who may"
import os, shutil, socket, subprocess, sys, time
from pathlib import Path

import pytest

import python_tcp
from python_tcp.core import TCPConnection
from python_tcp.kernel import Capture
from python_tcp.lab import Lab
from python_tcp.segment import Flags
from python_tcp.trace import Trace

def same(r): return r.src, r.dst, r.seg
def flags(trace): return [r.seg.flags & ~Flags.PSH for r in trace]
def descriptors(): return len(os.listdir('/proc/self/fd'))

def until(condition, seconds=10):
    "What `condition` gives, as soon as that is true"
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, 'waited in vain'
        time.sleep(.002)
    return found

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
        until(lambda: path.stat().st_size > 24 and len(Trace.load(path)) >= len(trace))
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
    "Ten megabytes, read afterwards: no drops"
    with Lab() as lab, lab.a.capture('lo') as seen:
        data = talk(lab.a, 10_000_000)
        assert sum(len(r.seg.data) for r in seen.trace if r.dst[1] == 80) == len(data)

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
    with pytest.raises(OSError, match="no capture at 'eth99': (No such device|Operation not permitted)\n.*`ip link` lists"): Capture('eth99')
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
from python_tcp.kernel import Capture
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
