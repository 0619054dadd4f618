"""The lab from outside: every verb, what the kernels and tcpdump say of it, who may have one,
and that nothing is left of it"""
import asyncio, errno, gc, multiprocessing, os, pwd, random, re, resource, shutil, signal
import socket, subprocess, sys, tempfile, threading, time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

import python_tcp
from conftest import descriptors, flags, same, until, written
from python_tcp import lab as module, netns
from python_tcp.core import SocketState, TCPConnection
from python_tcp.ip import to_ip
from python_tcp.kernel import entry, tcp_info
from python_tcp.lab import Lab
from python_tcp.segment import Flags, Segment, pack, parse
from python_tcp.trace import Seen, Trace

pytestmark = [pytest.mark.needs('lab'), pytest.mark.usefixtures('silent')]
F = Flags
SYN,SYNACK = F.SYN,F.SYN|F.ACK
HOME = Path(python_tcp.__path__[0]).parent # what must be on the path of a program that has this package
ONE_LAB = 'from python_tcp.lab import Lab; Lab().close(); print(1)'

@pytest.fixture
def lab():
    with Lab() as lab: yield lab

def opened(lab, port=0, at=80):
    "Both ends of a new connection, established, and the listener"
    server = lab.b.listen(at)
    client = lab.a.connect((lab.b.address, at), port)
    lab.run()
    return client, server.accept(), server

def pairs(lab): return tuple(lab.states.values())
def alive(pid):
    "Whether the process is there, and no zombie"
    try: return Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()[0] != 'Z'
    except FileNotFoundError: return False
def children():
    return [int(pid) for path in Path('/proc/self/task').glob('*/children') for pid in path.read_text().split()]

def script(code, *args, prefix=(), python=sys.executable, where=None, **options):
    "A Python program that has this package, as `Popen` with text pipes"
    env = {**os.environ, 'PYTHONPATH': str(where or HOME)}
    pipes = dict(stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) | options
    return subprocess.Popen([*prefix, python, '-c', code, *map(str, args)], env=env, text=True, **pipes)

def said(code, *args, **options):
    "What such a program prints"
    with script(code, *args, **options) as program: out,err = program.communicate(timeout=60)
    assert program.returncode == 0, err
    return out

def namespaces(limit=None):
    "The words in front of a command that make its user namespace; where `limit` network namespaces are allowed"
    if not shutil.which('unshare'): pytest.skip('needs unshare')
    limited = f'echo {limit} >/proc/sys/user/max_net_namespaces && exec "$@"'
    words = ['unshare', '--user', '--map-root-user', 'sh', '-c', limited, 'sh']
    tried = subprocess.run([*words, 'true'], capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f'needs a user namespace in which the number of others can be set: {tried.stderr.strip()}')
    return words

FREE = '''
import time
def free(seconds=10):
    "Whether nothing is left of earlier labs: only one fits, and it can be had"
    from python_tcp.lab import Lab
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try: Lab().close()
        except RuntimeError: time.sleep(.02)
        else: return True
    return False
'''

# The verbs

def test_every_verb_and_what_it_records(lab):
    client,served,_ = opened(lab)
    assert flags(lab.trace) == [SYN, SYNACK, F.ACK]
    client.send(bytes(3*488))
    first,second,third = lab.waiting
    assert [type(lab.waiting), type(lab.trace), type(first)] == [tuple, Trace, Seen]
    assert [s.seg.len for s in lab.waiting] == [488, 488, 488]
    assert {(s.got, s.fate, s.states) for s in lab.waiting} == {(None, '', None)}
    got = lab.deliver(1)
    assert (got.seg, got.fate, got.states) == (second.seg, '', ('ESTABLISHED',)*2) and got.got >= got.t
    lost = lab.drop(1)
    assert (lost.seg, lost.fate, lost.got, lost.states) == (third.seg, 'lost', None, ('ESTABLISHED',)*2)
    twin = lab.duplicate()
    assert (twin.seg, twin.fate, twin.got) == (first.seg, 'duplicate', None)
    assert [s.seg for s in lab.waiting[:2]] == [first.seg]*2
    bad = lab.spoil(1)
    assert (bad.seg, bad.fate) == (first.seg, 'spoiled') and lab.spoil(1) == bad
    assert [s.fate for s in lab.trace if s.seg.data] == ['', 'spoiled', '', 'lost']
    lab.run()
    assert served.receive_exactly(2*488) == bytes(2*488) and not lab.waiting

def test_copies_of_a_spoiled_segment_are_spoiled(lab):
    "Never show as whole what is not"
    lab.b.listen(80)
    lab.a.connect((lab.b.address, 80))
    lab.spoil()
    assert lab.duplicate().fate == 'spoiled'
    lab.deliver(1)
    assert pairs(lab) == ('SYN_SENT', 'LISTEN')

def test_swapped_data_arrives_in_order(lab):
    client,served,_ = opened(lab)
    client.send(b'a'*488 + b'b'*488)
    lab.deliver(1)
    with pytest.raises(BlockingIOError): served.receive()
    lab.deliver(next(i for i,s in enumerate(lab.waiting) if s.seg.data))
    assert served.receive(2000) == b'a'*488 + b'b'*488

@pytest.mark.parametrize('verb', ['deliver', 'drop', 'duplicate', 'spoil'])
@pytest.mark.parametrize('i', [-1, 1, 7])
def test_bad_index(lab, verb, i):
    lab.a.connect((lab.b.address, 80))
    with pytest.raises(IndexError, match=rf'no segment {i}: on the wire wait 0: SYN.* from a'): getattr(lab, verb)(i)
    lab.drop()
    with pytest.raises(IndexError, match='nothing waits'): getattr(lab, verb)()
    with pytest.raises(TypeError): getattr(lab, verb)('0')
    assert len(lab.trace) == 1

def test_spoiled_is_dropped_by_the_kernel(lab):
    "It counts the bad checksums"
    def errors():
        out = lab.b.run(['cat', '/proc/net/snmp'], stdout=-1, text=True).communicate()[0]
        names,values = (line.split() for line in out.splitlines() if line.startswith('Tcp:'))
        return int(values[names.index('InCsumErrors')])
    client,served,_ = opened(lab)
    client.send(b'x')
    for n in 1, 2, 3:
        lab.duplicate()
        lab.spoil()
        lab.deliver()
        assert errors() == n
    with pytest.raises(BlockingIOError): served.receive()
    lab.run()
    assert served.receive() == b'x'

def forged(lab, host, **fields):
    "The newest segment that `host` was given, with other fields, as a datagram"
    last = next(s for s in reversed(lab.trace) if s.dst[0] == lab.addresses[host])
    return to_ip(replace(last.seg, **fields), last.src[0], last.dst[0])

def test_what_is_put_is_recorded(lab):
    "With the states it left behind; it arrives past what waits"
    client,served,_ = opened(lab)
    client.send(b'x')
    put = lab.put('b', forged(lab, 'b', data=b'forged', flags=F.ACK|F.PSH))
    assert (put.seg.data, put.fate, put.states) == (b'forged', '', ('ESTABLISHED',)*2)
    assert (put.src, put.dst) == (client.local_address, served.local_address)
    assert put.got == put.t and put in lab.trace and served.receive() == b'forged'
    assert [s.seg.data for s in lab.trace if s.seg.data] == [b'x', b'forged'] and len(lab.connections) == 1
    reset = lab.put('b', forged(lab, 'b', seq=put.seg.end, data=b'', flags=F.RST))
    assert reset.states == pairs(lab) == ('ESTABLISHED', 'CLOSED') and 'RST' in lab.trace.text()
    assert len(lab.run()) == len([s for s in lab.trace if s.got is None or s.got >= put.t])

def test_a_forged_syn_begins_no_other_connection(lab):
    "Its answer is a challenge ACK (RFC 9293 §3.10.7.4), and the states are those of the old one"
    client,served,_ = opened(lab)
    put = lab.put('b', forged(lab, 'b', seq=7, data=b'', flags=F.SYN))
    assert put.states == pairs(lab) == ('ESTABLISHED',)*2 and len(lab.connections) == 1
    assert flags(lab.waiting) == [F.ACK] and lab.paths['b'][-1] == 'ESTABLISHED' and lab.paths['a'][0] == 'SYN_SENT'
    lab.run()
    client.send(b'still')
    lab.run()
    assert served.receive() == b'still' and pairs(lab) == ('ESTABLISHED',)*2

def test_a_put_syn_opens(lab):
    "From an address that nobody has"
    lab.b.listen(80)
    put = lab.put('b', to_ip(Segment(5000, 80, 1, 0, SYN, 1000), '10.0.0.9', '10.0.0.2'))
    assert put.states == ('CLOSED', 'SYN_RECEIVED') == pairs(lab) and flags(lab.waiting) == [SYNACK]
    assert [(c.a, c.b) for c in lab.connections] == [(('10.0.0.9', 5000), ('10.0.0.2', 80))]

def test_a_wrong_checksum_is_put_as_spoiled(lab):
    client,served,_ = opened(lab)
    client.send(b'x')
    octets = forged(lab, 'b', data=b'forged', flags=F.ACK|F.PSH)
    assert lab.put('b', octets[:-1] + b'!').fate == 'spoiled'
    with pytest.raises(BlockingIOError): served.receive()

def test_what_holds_no_segment_is_put_and_not_recorded(lab):
    udp = bytes([0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]) + bytes(8)
    cut = to_ip(Segment(5000, 80, 1, 0, SYN, 1000), '10.0.0.1', '10.0.0.2')[:-1]
    assert [lab.put('b', octets) for octets in (udp, cut)] == [None, None] and lab.trace == []

# Where it would wait

def test_says_what_waits_instead_of_waiting(lab):
    server = lab.b.listen(80)
    with pytest.raises(BlockingIOError, match='accept would wait: nothing waits on the wire'): server.accept()
    client = lab.a.connect((lab.b.address, 80))
    for call in server.accept, client.receive, lambda: client.receive_exactly(3):
        with pytest.raises(BlockingIOError, match='0: SYN.*lab.deliver'): call()
    lab.run()
    served = server.accept()
    with pytest.raises(BlockingIOError) as e:
        while True: client.send(bytes(1 << 20))
    taken = e.value.characters_written
    assert 0 < taken < 1 << 20 and f'{taken} octets were taken' in str(e.value)
    with pytest.raises(BlockingIOError) as e: client.send(b'x')
    assert e.value.characters_written == 0

def test_what_came_early_is_kept(lab):
    client,served,_ = opened(lab)
    client.send(b'abc')
    lab.run()
    with pytest.raises(BlockingIOError): served.receive_exactly(4)
    assert served.receive() == b'abc'

GIVEN_UP = dict(
    receive=lambda c: c.receive(),
    receive_exactly=lambda c: c.receive_exactly(3),
    send=lambda c: c.send(b'x'))

@pytest.mark.parametrize('call', GIVEN_UP.values(), ids=GIVEN_UP)
def test_the_kernel_gives_up(call):
    "ETIMEDOUT is the kernel's own error, and stays it"
    with Lab(rto_min=.05) as lab:
        client,*_ = opened(lab)
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 100)
        client.send(b'x')
        until(lambda: [lab.drop() for _ in lab.waiting] and False or client.observe() == 'CLOSED')
        with pytest.raises(OSError) as e: call(client)
        assert 'timed out' in str(e.value) and e.value.errno == 110

# States

def test_life_step_by_step(lab):
    "LISTEN until the SYN, CLOSED after the last ACK although somebody listens"
    server = lab.b.listen(80)
    assert lab.states == {'a': 'CLOSED', 'b': 'LISTEN'} and lab.connections == ()
    client = lab.a.connect((lab.b.address, 80))
    E = 'ESTABLISHED'
    assert pairs(lab) == ('SYN_SENT', 'LISTEN')
    for states in ('SYN_SENT', 'SYN_RECEIVED'), (E, 'SYN_RECEIVED'), (E, E):
        lab.deliver()
        assert pairs(lab) == states
    served = server.accept()
    client.close()
    for states in ('FIN_WAIT_1', E), ('FIN_WAIT_1', 'CLOSE_WAIT'), ('FIN_WAIT_2', 'CLOSE_WAIT'):
        assert pairs(lab) == states and (client.observe(), served.observe()) == states
        if states[0] == 'FIN_WAIT_1':
            lab.wait()
            lab.deliver()
    served.close()
    for states in ('FIN_WAIT_2', 'LAST_ACK'), ('TIME_WAIT', 'LAST_ACK'), ('TIME_WAIT', 'CLOSED'):
        assert pairs(lab) == states and (client.observe(), served.observe()) == states
        if states[1] == 'LAST_ACK': lab.deliver()
    assert type(lab.states['a']) is SocketState and not lab.waiting and server.observe() == 'LISTEN'
    assert [s.states for s in lab.trace][-1] == ('TIME_WAIT', 'CLOSED')

def test_a_reset_half_open_end_listens_again(lab):
    lab.b.listen(80)
    client = lab.a.connect((lab.b.address, 80))
    lab.deliver()
    client.abort()
    assert pairs(lab) == ('CLOSED', 'SYN_RECEIVED')
    lab.run()
    assert pairs(lab) == ('CLOSED', 'LISTEN')

def test_refused(lab):
    client = lab.a.connect((lab.b.address, 81))
    lab.run()
    assert flags(lab.trace) == [SYN, F.RST|F.ACK] and pairs(lab) == ('CLOSED', 'CLOSED')
    with pytest.raises(ConnectionRefusedError): client.receive()
    assert client.observe() == 'CLOSED' and client.remote_address == (lab.b.address, 81)

@pytest.mark.parametrize('options', [{}, dict(iss=7), dict(mtu=1280, ipv6=True)], ids=str)
def test_ports_used_up(options):
    "As with a plain socket: none is left to this end of b, and to another one all are"
    with Lab(**options) as lab:
        program = lab.a.run(['sh', '-c', 'echo 40000 40001 >/proc/sys/net/ipv4/ip_local_port_range'], stderr=-1)
        if program.wait(): pytest.skip(f'needs to set a range of ports: {program.stderr.read()}')
        program.stderr.close()
        for port in 80, 81:
            assert sorted(lab.a.connect((lab.b.address, port)).local_address[1] for _ in range(2)) == [40000, 40001]
            with pytest.raises(OSError) as e: lab.a.connect((lab.b.address, port))
            assert e.value.errno == errno.EADDRNOTAVAIL

@pytest.mark.parametrize('crossed', [False, True])
def test_simultaneous_open(lab, crossed):
    a = lab.a.connect((lab.b.address, 2000), port=1000)
    b = lab.b.connect((lab.a.address, 1000), port=2000)
    assert flags(lab.waiting) == [SYN, SYN] and pairs(lab) == ('SYN_SENT', 'SYN_SENT') and len(lab.connections) == 1
    lab.deliver(int(crossed))
    lab.deliver(0)
    assert pairs(lab) == ('SYN_RECEIVED', 'SYN_RECEIVED') == (a.observe(), b.observe())
    lab.run()
    assert pairs(lab) == ('ESTABLISHED', 'ESTABLISHED') == (a.observe(), b.observe())
    a.send(b'both called')
    lab.run()
    assert b.receive() == b'both called'

def test_several_connections(lab):
    server = lab.b.listen(80)
    clients = [lab.a.connect((lab.b.address, 80), port=5000+i) for i in range(3)]
    lab.deliver(1)
    assert [c.states['a'] for c in lab.connections] == ['SYN_SENT']*3
    assert [c.states['b'] for c in lab.connections] == ['LISTEN', 'SYN_RECEIVED', 'LISTEN']
    assert [(c.a, c.b) for c in lab.connections] == [((lab.a.address, 5000+i), (lab.b.address, 80)) for i in range(3)]
    lab.run()
    clients[0].abort()
    lab.run()
    assert [tuple(c.states.values()) for c in lab.connections] == [('CLOSED',)*2] + [('ESTABLISHED',)*2]*2
    assert sorted(server.accept().remote_address[1] for _ in clients) == [5000, 5001, 5002]
    assert lab.states == lab.connections[-1].states

@pytest.mark.parametrize('closer', ['a', 'b', 'abort'])
def test_a_four_tuple_used_again(closer):
    "The old connection and the new one are told apart, on the wire and by cookie"
    with Lab() as lab:
        client,served,server = opened(lab, 5000)
        if closer == 'abort': client.abort()
        else:
            for conn in (client, served)[::1 if closer == 'a' else -1]:
                conn.close()
                lab.run()
        old = dict(a='CLOSED', b='CLOSED') | ({} if closer == 'abort' else {closer: 'TIME_WAIT'})
        lab.run()
        assert lab.states == old == dict(a=client.observe(), b=served.observe())
        again = lab.a.connect((lab.b.address, 80), 5000)
        assert len(lab.connections) == 2
        lab.run()
        new = server.accept()
        assert (new.local_address, new.remote_address) == (served.local_address, served.remote_address)
        assert [tuple(c.states.values()) for c in lab.connections] == [('CLOSED',)*2, ('ESTABLISHED',)*2]
        assert client.observe() == served.observe() == 'CLOSED'
        assert again.observe() == new.observe() == 'ESTABLISHED'

def test_time_wait_is_told_while_the_next_syn_waits(lab):
    "Of the old connection the kernel still says TIME-WAIT"
    client,served,_ = opened(lab, 5000)
    served.close()
    lab.run()
    client.close()
    lab.run()
    lab.a.connect((lab.b.address, 80), 5000)
    assert served.observe() == lab.connections[0].states['b'] == 'TIME_WAIT'

def test_the_same_first_number_again():
    "With `iss` given, a four-tuple used again has the same SYN: still another connection"
    with Lab(iss=1000) as lab:
        client,*_ = opened(lab, 5000)
        client.abort()
        lab.run()
        lab.a.connect((lab.b.address, 80), 5000)
        assert lab.states == {'a': 'SYN_SENT', 'b': 'LISTEN'} and len(lab.connections) == 2

# What is chosen

def test_iss_wraps():
    with Lab(iss=2**32 - 2) as lab:
        client,served,_ = opened(lab)
        client.send(b'0123456789')
        lab.run()
        assert [int(s.seg.seq) for s in lab.trace if s.src[0] == lab.a.address] == [2**32 - 2, 2**32 - 1, 2**32 - 1]
        assert served.receive() == b'0123456789' and int(lab.trace[-1].seg.ack) == 9

@pytest.mark.parametrize('mtu', [88, 540, 1500, 65535])
def test_mtu(mtu):
    with Lab(mtu=mtu) as lab:
        client,served,_ = opened(lab)
        data = os.urandom(70000)
        with suppress(BlockingIOError): client.send(data)
        trace = lab.run()
        assert max(s.seg.len for s in trace) == min(mtu - 52, max(s.seg.len for s in trace)) # 20 + 32 octets of headers
        got = served.receive(70000)
        assert got and got == data[:len(got)]

PORT = r'is 0 to 65535, not '
ADDRESS = r"an address is \(host, port\) with a port from 0 to 65535, such as \('127.0.0.1', 8080\), not "
HOST = "a host is such as '10.0.0.1' here, not "
ARGV = r"argv is a list of words, such as \['ls', '-l'\]"
WRONG = { # what is called, on a lab with a segment on its wire: the error, and what it says
    'mtu=87': (lambda lab: Lab(mtu=87), ValueError, 'mtu is 88 to 65535 octets, not 87'),
    'mtu=65536': (lambda lab: Lab(mtu=65536), ValueError, 'mtu is 88 to 65535 octets, not 65536'),
    'mtu=540.5': (lambda lab: Lab(mtu=540.5), TypeError, 'mtu is 88 to 65535 octets, not 540.5'),
    'mtu text': (lambda lab: Lab(mtu='540'), TypeError, "mtu is 88 to 65535 octets, not '540'"),
    'mtu None': (lambda lab: Lab(mtu=None), TypeError, 'mtu is 88 to 65535 octets, not None'),
    'mtu of IPv6': (lambda lab: Lab(ipv6=True), ValueError,
                    r'mtu is 1280 to 65535 octets over IPv6 \(540 unless you choose\), not 540'),
    'rto_min=0': (lambda lab: Lab(rto_min=0), ValueError, 'rto_min is 0.001 to 120 seconds, not 0'),
    'rto_min=121': (lambda lab: Lab(rto_min=121), ValueError, 'rto_min is 0.001 to 120 seconds, not 121'),
    'rto_min nan': (lambda lab: Lab(rto_min=float('nan')), ValueError, 'rto_min is 0.001 to 120 seconds, not nan'),
    'rto_min text': (lambda lab: Lab(rto_min='1'), TypeError, "rto_min is 0.001 to 120 seconds, not '1'"),
    'rto_min None': (lambda lab: Lab(rto_min=None), TypeError, 'rto_min is 0.001 to 120 seconds, not None'),
    'iss=0': (lambda lab: Lab(iss=0), ValueError, r'iss is 1 to 4294967295 \(at 0 Linux takes another\), not 0'),
    'iss=-1': (lambda lab: Lab(iss=-1), ValueError, 'iss is 1 to .*, not -1'),
    'iss=2**32': (lambda lab: Lab(iss=2**32), ValueError, 'iss is 1 to .*, not 4294967296'),
    'iss=1.5': (lambda lab: Lab(iss=1.5), TypeError, 'iss is 1 to .*, not 1.5'),
    'iss text': (lambda lab: Lab(iss='7'), TypeError, "iss is 1 to .*, not '7'"),
    'ipv6 text': (lambda lab: Lab(ipv6='yes'), ValueError, "ipv6 is True or False, not 'yes'"),
    'ipv6 None': (lambda lab: Lab(ipv6=None), ValueError, 'ipv6 is True or False, not None'),
    'listen text': (lambda lab: lab.b.listen('80'), TypeError, f"port {PORT}'80'"),
    'listen None': (lambda lab: lab.b.listen(None), TypeError, f'port {PORT}None'),
    'listen -1': (lambda lab: lab.b.listen(-1), ValueError, f'port {PORT}-1'),
    'listen 65536': (lambda lab: lab.b.listen(65536), ValueError, f'port {PORT}65536'),
    'backlog text': (lambda lab: lab.b.listen(81, '5'), TypeError, "backlog is 0 to 2147483647 connections, not '5'"),
    'backlog -1': (lambda lab: lab.b.listen(81, -1), ValueError, 'backlog is 0 to 2147483647 connections, not -1'),
    'connect text': (lambda lab: lab.a.connect('10.0.0.2:80'), ValueError, ADDRESS + "'10.0.0.2:80'"),
    'connect port text': (lambda lab: lab.a.connect(('10.0.0.2', '80')), ValueError, ADDRESS + r"\('10.0.0.2', '80'\)"),
    'connect one': (lambda lab: lab.a.connect(('10.0.0.2',)), ValueError, ADDRESS),
    'connect 65536': (lambda lab: lab.a.connect(('10.0.0.2', 65536)), ValueError, ADDRESS),
    'connect host': (lambda lab: lab.a.connect(lab.b), ValueError, ADDRESS),
    'connect None': (lambda lab: lab.a.connect(None), ValueError, ADDRESS + 'None'),
    'connect no address': (lambda lab: lab.a.connect(('10.0.0.999', 80)), ValueError, HOST + "'10.0.0.999'"),
    'connect IPv6': (lambda lab: lab.a.connect(('fd00::2', 80)), ValueError, HOST + "'fd00::2'"),
    'connect from': (lambda lab: lab.a.connect(('10.0.0.2', 80), '5000'), TypeError, f"port {PORT}'5000'"),
    'connect from -1': (lambda lab: lab.a.connect(('10.0.0.2', 80), -1), ValueError, f'port {PORT}-1'),
    'run text': (lambda lab: lab.a.run('ls -l'), TypeError, ARGV + ", not 'ls -l'"),
    'run octets': (lambda lab: lab.a.run(b'ls'), TypeError, ARGV + ", not b'ls'"),
    'run nothing': (lambda lab: lab.a.run([]), ValueError, ARGV + r', the first of them a program, not \[\]'),
    'run None': (lambda lab: lab.a.run(None), TypeError, ARGV + ', not None'),
    'run a number': (lambda lab: lab.a.run(['sleep', 1]), TypeError, ARGV + r", not \['sleep', 1\]"),
    'run a zero octet': (lambda lab: lab.a.run(['echo', 'a\0b']), ValueError, ARGV + ', and no word has a zero octet'),
    'run no words': (lambda lab: lab.a.run(['']), FileNotFoundError, "no program '' is installed here"),
    'run in a shell': (lambda lab: lab.a.run(['ls | wc'], shell=True), FileNotFoundError, 'no program'),
    'run by a shell': (lambda lab: lab.a.run(['ls'], shell=True), TypeError, f'run takes no shell: {ARGV}'),
    'run with a group': (lambda lab: lab.a.run(['ls'], group=1), TypeError, 'run takes no group'),
    'capture a number': (lambda lab: lab.a.capture(5), TypeError, "interface is a name, such as 'lo', not 5"),
    'capture None': (lambda lab: lab.a.capture(None), TypeError, "interface is a name, such as 'lo', not None"),
    'capture no interface': (lambda lab: lab.a.capture('eth1'), OSError, "no capture at 'eth1': No such device"),
    'capture a port as text': (lambda lab: lab.a.capture('lo', '80'), TypeError,
                               "port is 1 to 65535, or None for all, not '80'"),
    'capture port 0': (lambda lab: lab.a.capture('lo', 0), ValueError, 'port is 1 to 65535, or None for all, not 0'),
    'wait of a capture': (lambda lab: lab.a.capture('lo').wait('3'), TypeError, "n is 0 to .* segments, not '3'"),
    'timeout of a capture': (lambda lab: lab.a.capture('lo').wait(3, '1'), TypeError,
                             "timeout is 0 to inf seconds, not '1'"),
    'destroy': (lambda lab: lab.a.destroy(5), TypeError, 'entry is a line of `table`, not 5'),
    'put where': (lambda lab: lab.put('c', bytes(20)), ValueError, "a host is 'a' or 'b', not 'c'"),
    'put in a host': (lambda lab: lab.put(lab.a, bytes(20)), ValueError, "a host is 'a' or 'b', not "),
    'put a list': (lambda lab: lab.put([], bytes(20)), ValueError, r"a host is 'a' or 'b', not \[\]"),
    'put text': (lambda lab: lab.put('a', 'x'), TypeError, "octets are an IP datagram as bytes, not 'x'"),
    'put a segment': (lambda lab: lab.put('a', lab.waiting[0].seg), TypeError,
                      'octets are an IP datagram as bytes, not '),
    'put nothing': (lambda lab: lab.put('a', b''), ValueError, 'an IP datagram has 20 to 540 octets here, not 0'),
    'put too much': (lambda lab: lab.put('a', bytes(541)), ValueError,
                     'an IP datagram has 20 to 540 octets here, not 541'),
    'wait text': (lambda lab: lab.wait('1'), TypeError, "timeout is 0 to inf seconds, not '1'"),
    'wait nan': (lambda lab: lab.wait(float('nan')), ValueError, 'timeout is 0 to inf seconds, not nan'),
    'wait -1': (lambda lab: lab.wait(-1), ValueError, 'timeout is 0 to inf seconds, not -1'),
    **{f'{verb} {i!r}': (lambda lab, verb=verb, i=i: getattr(lab, verb)(i), error, says)
       for verb in ('deliver', 'drop', 'duplicate', 'spoil') for i,error,says in (
           ('0', TypeError, "a segment is known by its number on the wire, 0 or more, not '0'"),
           (None, TypeError, 'a segment is known by its number on the wire, 0 or more, not None'),
           (.5, TypeError, 'a segment is known by its number on the wire, 0 or more, not 0.5'),
           (-1, IndexError, 'there is no segment -1: on the wire wait 0: SYN'),
           (1, IndexError, 'there is no segment 1: on the wire wait 0: SYN'))},
}

@pytest.fixture
def held(): # a new one each time: Linux sends the SYN again after a second
    with Lab() as lab:
        lab.a.connect((lab.b.address, 80), 5000)
        yield lab

@pytest.mark.parametrize('name', WRONG)
def test_wrong_calls(held, name):
    "In lower case, what was wrong and what would be right, with the value; nothing has changed"
    call,error,says = WRONG[name]
    before,sockets = descriptors(),len(held._handed)
    with pytest.raises((TypeError, ValueError, OSError, IndexError)) as e: call(held)
    assert type(e.value) is error and re.match(rf'(\[Errno \d+\] )?{says}', str(e.value)), (type(e.value), str(e.value))
    assert len(held.waiting) == 1 and all(fd in before or 'socket' in link for fd,link in descriptors().items())
    assert all(sock.fileno() < 0 or 'capture' in name for sock in held._handed[sockets:])

def test_a_listener_at_any_port_that_is_free(lab):
    first,second = lab.b.listen(0),lab.b.listen(0)
    assert 0 < first.local_address[1] != second.local_address[1] > 0

@pytest.mark.parametrize('rto_min,shown', [(60, 60), (.5, .5)])
def test_rto_min(rto_min, shown):
    with Lab(rto_min=rto_min) as lab:
        client,*_ = opened(lab)
        client.send(b'x')
        lab.run()
        assert shown <= tcp_info(client).rto < shown + .5

def test_wait(lab):
    lab.b.listen(80)
    with pytest.raises(TimeoutError, match='0.01 s'): lab.wait(.01)
    lab.a.connect((lab.b.address, 80))
    assert lab.wait() == lab.waiting != ()
    first = lab.drop()
    again, = lab.wait()
    assert again.seg.seq == first.seg.seq and again.t - first.t > .9

def test_only_segments_end_a_wait(lab):
    "A datagram passes, and is no segment"
    lab.b.listen(80)
    sock = lab._hosts.socket('a', socket.AF_INET, socket.SOCK_DGRAM)
    with sock, ThreadPoolExecutor(1) as thread:
        waits = thread.submit(lab.wait, 20)
        until(lambda: waits.running())
        for _ in range(20): sock.sendto(b'no segment', (lab.b.address, 9))
        lab.a.connect((lab.b.address, 80))
        assert len(waits.result(30)) == 1

def test_run_waits_for_a_delayed_acknowledgment(lab):
    "Nothing that was delivered is unacknowledged afterwards"
    client,served,_ = opened(lab)
    for n in range(12):
        client.send(b'x')
        assert lab.run()[-1].seg.ack == lab.trace[-1].seg.ack and tcp_info(client).unacked == 0
    assert served.receive() == b'x'*12

@pytest.mark.parametrize('pause', [.05, .2])
def test_two_losses_and_a_reader_who_takes_his_time(lab, pause):
    "An ACK that comes before the kernel has sent the second one again must not put that off for a minute"
    def age(): # all round trips are longer than that of a retransmission: RACK then learns nothing
        first = lab.a.table()[0].left # of the retransmission timer
        until(lambda: lab.a.table()[0].left <= first - pause)
    server,client = lab.b.listen(80),lab.a.connect((lab.b.address, 80))
    age()
    lab.run()
    served = server.accept()
    client.send(bytes(3000))
    age()
    lab.spoil(4)
    third = lab.drop(2)
    def to_a():
        while any(s.dst[0] == lab.a.address for s in lab.waiting):
            lab.deliver(next(i for i,s in enumerate(lab.waiting) if s.dst[0] == lab.a.address))
    for i in 1, 0, 0: # the second, the first, and the fourth, which leaves a hole
        lab.deliver(i)
        if i == 0: to_a()
    until(lambda: any(s.seg.seq == third.seg.seq for s in lab.waiting))
    for _ in range(3): lab.deliver() # the spoiled one and the last two, which leave another
    to_a()
    lab.run()
    assert served.receive_exactly(3000) == bytes(3000)

def test_run_gives_what_passed(lab):
    client,served,_ = opened(lab)
    assert list(lab.run()) == []
    served.send(b'x')
    assert flags(lab.run()) == [F.ACK, F.ACK] and len(lab.trace) == 5

# Others who look

@contextmanager
def dumped(host, path):
    """What tcpdump sees at the end of `host`'s cable goes into a file;
    gives a function that says it, once it is so many segments"""
    with open(path, 'wb') as f:
        dump = host.run(['tcpdump', '-U', '-n', '-i', 'eth0', '-Z', 'root', '-w', '-'], stdout=f, stderr=-1, text=True)
        assert 'listening' in dump.stderr.readline()
        yield lambda n: until(lambda: path.stat().st_size > 24 and len(loaded := written(path)) >= n and loaded)
        dump.terminate()
        dump.communicate()

def as_it_came(r):
    "The record's ends and segment, with its last bit turned over where it was spoiled"
    hosts = r.src[0], r.dst[0]
    octets = pack(r.seg, *hosts)
    if r.fate == 'spoiled': octets = octets[:-1] + bytes([octets[-1] ^ 1])
    s = parse(octets, *hosts, check=False)
    return (hosts[0], s.src), (hosts[1], s.dst), s

def arrows(trace, host):
    "What the ladder says that `host` sent and what it got, each in order: the tails and the heads of its arrows"
    sent,got = [],[]
    for _,_,part,label,_,r in trace.rows():
        if r.src[0] == host and part != 'got' and '(copy)' not in label: sent.append(same(r))
        if r.dst[0] == host and part in ('got', 'whole'): got.append(as_it_came(r))
    return sent, got

def weather(lab, rng, ends, moves):
    "Both ends talk, read and close; the wire loses, doubles, swaps and spoils, then lets all through"
    for conn in ends: conn.send(rng.randbytes(6000))
    for i,verb in enumerate(rng.sample([lab.drop, lab.duplicate, lab.spoil], 3)): verb(2*i + rng.randrange(2))
    lab.deliver(rng.randrange(1, len(lab.waiting)))
    verbs = [lab.deliver]*5 + [lab.drop, lab.duplicate, lab.spoil]
    for _ in range(moves):
        conn = rng.choice(ends)
        call = rng.choice([lambda: conn.send(rng.randbytes(rng.choice([1, 300, 1500]))), conn.receive, *[None]*6])
        with suppress(BlockingIOError, ConnectionError):
            if call: call()
        if lab.waiting: rng.choice(verbs)(rng.randrange(len(lab.waiting)))
    for conn in rng.sample(ends, 2):
        with suppress(ConnectionError): conn.shutdown()
    while lab.waiting: lab.deliver(rng.randrange(len(lab.waiting)))
    lab.run()

@pytest.mark.needs('tcpdump')
@pytest.mark.parametrize('options', [{}, dict(mtu=1280, ipv6=True)], ids=['IPv4', 'IPv6'])
@pytest.mark.parametrize('seed', range(3))
def test_each_arrow_is_in_tcpdumps_capture(options, seed, tmp_path):
    """Its tail in that of who sent it, its head, if it has one, in that of who got it;
    in the same order, and nothing else"""
    paths,rng = {name: tmp_path/f'{name}.pcap' for name in 'ab'},random.Random(seed)
    with Lab(**options) as lab, dumped(lab.a, paths['a']) as at_a, dumped(lab.b, paths['b']) as at_b:
        client,served,_ = opened(lab)
        weather(lab, rng, [client, served], 80)
        trace = lab.trace
        said = {host: arrows(trace, host.address) for host in (lab.a, lab.b)}
        for host,loaded in (lab.a, at_a), (lab.b, at_b):
            records = loaded(sum(map(len, said[host])))
            assert [same(r) for r in records if r.src[0] == host.address] == said[host][0]
            assert [same(r) for r in records if r.dst[0] == host.address] == said[host][1]
    came = [r.got for r in trace if r.got]
    assert {'', 'lost', 'spoiled'} <= {r.fate for r in trace} and '(copy)' in trace.text() and came != sorted(came)
    told = [subprocess.run(['tcpdump', '-nnvv', '-r', path], capture_output=True, text=True).stdout
            for path in paths.values()]
    arrived_spoiled = [r for r in trace if r.fate == 'spoiled' and r.got is not None]
    assert sum(text.count('(incorrect') for text in told) == len(arrived_spoiled)

@pytest.mark.parametrize('verb', ['drop', 'spoil'])
def test_a_lost_copy_is_no_retransmission(lab, verb):
    "The ladder still says that the network made it"
    client,*_ = opened(lab)
    client.send(b'x')
    lab.duplicate()
    getattr(lab, verb)(1)
    lab.run()
    client.shutdown()
    lab.duplicate()
    getattr(lab, verb)(1)
    labels = {id(r): label for *_,label,_,r in lab.trace.rows()}.values()
    assert sum('(copy)' in label for label in labels) == 2 and not any('again' in label for label in labels), labels

@pytest.mark.needs('ss')
def test_ss_in_a_host_agrees(lab):
    client,served,_ = opened(lab)
    client.shutdown()
    lab.deliver()
    out = lab.b.run(['ss', '-Htan'], stdout=-1, text=True).communicate()[0]
    assert sorted(line.split()[0] for line in out.splitlines()) == ['CLOSE-WAIT', 'LISTEN']
    assert {e.state for e in lab.b.table()} == {'CLOSE_WAIT', 'LISTEN'}

@pytest.mark.needs('nc')
def test_other_programs_talk(lab):
    server = lab.b.run(['nc', '-l', lab.b.address, '80'], stdin=-1, stdout=-1)
    until(lambda: any(e.state == 'LISTEN' for e in lab.b.table()))
    conn = lab.a.connect((lab.b.address, 80))
    lab.run()
    server.stdin.write(b'from nc')
    server.stdin.flush()
    lab.wait()
    lab.run()
    assert conn.receive_exactly(7) == b'from nc'
    conn.send(b'to nc')
    lab.run()
    assert server.stdout.read(5) == b'to nc'
    server.kill()
    server.communicate()

def test_a_megabyte_each_way(lab):
    client,served,_ = opened(lab)
    data = {client: os.urandom(1 << 20), served: os.urandom(1 << 20)}
    left = {conn: memoryview(octets) for conn,octets in data.items()}
    got = {client: bytearray(), served: bytearray()}
    while sum(map(len, got.values())) < 2 << 20:
        for conn in data:
            try:
                while left[conn]: left[conn] = left[conn][conn.sock.send(left[conn][:1 << 16]):]
            except BlockingIOError: pass
            with suppress(BlockingIOError): got[conn] += conn.sock.recv(1 << 20)
        while lab.waiting: lab.deliver()
    assert got == {client: data[served], served: data[client]}
    def all_is_acknowledged():
        for _ in lab.waiting: lab.deliver()
        return tcp_info(client).unacked == tcp_info(served).unacked == 0
    until(all_is_acknowledged)

def test_asyncio(lab):
    "Its own servers and clients, on sockets of the lab; a task carries the segments"
    async def carry():
        while True:
            while lab.waiting: lab.deliver()
            await asyncio.sleep(0)
    async def echo(reader, writer):
        while line := await reader.readline(): writer.write(line.upper())
        writer.close()
    async def main():
        carrier,listener = asyncio.create_task(carry()),lab.b.socket()
        listener.bind((lab.b.address, 80))
        async with await asyncio.start_server(echo, sock=listener):
            async def ask(i):
                sock = lab.a.socket()
                await asyncio.get_running_loop().sock_connect(sock, (lab.b.address, 80))
                reader,writer = await asyncio.open_connection(sock=sock)
                writer.write(b'line %d\n' % i)
                writer.write_eof()
                answer = await reader.read()
                writer.close()
                return answer
            answers = await asyncio.wait_for(asyncio.gather(*map(ask, range(5))), 30)
        carrier.cancel()
        return answers
    assert asyncio.run(main()) == [b'LINE %d\n' % i for i in range(5)] and len(lab.connections) == 5

# Several labs, several threads, several processes

def test_two_labs_do_not_disturb_each_other():
    with Lab() as one, Lab() as two:
        ends = [opened(lab, 5000) for lab in (one, two)]
        ends[0][0].send(b'one')
        assert (len(one.waiting), two.waiting) == (1, ())
        ends[1][0].abort()
        two.run()
        one.run()
        assert ends[0][1].receive() == b'one' and (pairs(one), pairs(two)) == (('ESTABLISHED',)*2, ('CLOSED',)*2)
        two.close()
        ends[0][1].send(b'still')
        one.run()
        assert ends[0][0].receive() == b'still'

def test_labs_in_threads():
    def life(_):
        with Lab() as lab:
            client,served,_ = opened(lab)
            client.send(b'x')
            lab.run()
            return served.receive(), pairs(lab)
    with ThreadPoolExecutor(3) as threads: assert set(threads.map(life, range(3))) == {(b'x', ('ESTABLISHED',)*2)}

def test_threads_that_look_at_one_lab(lab):
    "As a page that draws the lab while a thread observes"
    client,*_ = opened(lab)
    def look():
        for _ in range(300): assert client.observe() == 'ESTABLISHED' and pairs(lab) == ('ESTABLISHED',)*2
        done.append(1)
    end = time.monotonic() + 5
    done,threads = [],[threading.Thread(target=look, daemon=True) for _ in range(2)]
    for thread in threads: thread.start()
    until(lambda: not any(thread.is_alive() for thread in threads) or time.monotonic() > end)
    assert len(done) == 2, 'a thread waits for ever'

CELLS = '''import gc, os; from glob import glob; from python_tcp.lab import Lab
---
lab = Lab()
lab
---
first = lab; lab = Lab(); lab
---
def make(): return Lab()
print(first._end.alive, lab._end.alive)
---
labs = [Lab() for _ in range(2)]; pair = Lab(), Lab()
print([x._end.alive for x in (lab, *labs, *pair)])
---
other = make(); lab.b.listen(80); c = lab.a.connect((lab.b.address, 80)); lab.run()
print(*lab.states.values(), other._end.alive)
---
class Mine: lab = Lab()
print(lab._end.alive)
---
def inner():
    lab = Lab()
    return lab
kept = inner()
print(lab._end.alive, kept._end.alive)
---
old = lab
for lab in [Lab(), Lab()]: pass
lab = old
with Lab(mtu=1500) as lab: lab.a.connect((lab.b.address, 80))
print(lab, old._end.alive)
---
async def later():
    global lab
    lab = Lab()
mine = lab = Lab(); await later(); print(mine._end.alive, lab._end.alive)
---
for x in (lab, first, mine, other, old, kept, Mine.lab, *labs, *pair): x.close()
gc.collect()
links = [os.readlink(path) for path in glob('/proc/self/fd/*') if os.path.lexists(path)]
print(sum('net:[' in link for link in links))'''.split('\n---\n')
SHOWN = [None, None, None, 'True True', '[True, True, True, True, True]', 'ESTABLISHED ESTABLISHED True',
    'True', 'True True', 'a lab that is closed True', 'True True', '0']

@pytest.fixture
def executed(tmp_path, monkeypatch, capfd):
    "A function that runs cells in Jupyter and gives them, and what each has printed"
    nbformat,nbclient = (pytest.importorskip(name, reason=f'needs {name}') for name in ('nbformat', 'nbclient'))
    monkeypatch.setenv('PYTHONPATH', str(HOME))
    def printed(cell): return ''.join(o.text for o in cell.outputs if o.output_type == 'stream').strip() or None
    def run(codes):
        nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in codes])
        here = dict(metadata=dict(path=str(tmp_path)))
        nbclient.NotebookClient(nb, timeout=60, kernel_name='python3', resources=here).execute()
        capfd.readouterr() # Jupyter's own warnings
        return nb.cells, list(map(printed, nb.cells))
    return run

def test_labs_in_jupyter(executed):
    "None is closed that somebody holds, whatever became of the name it had; one that is shown, too"
    cells,printed = executed(CELLS)
    assert printed == SHOWN
    assert all(any('image/svg+xml' in o.get('data', {}) for o in cells[i].outputs) for i in (1, 2))

AGAIN = '''
lab = Lab()
server = lab.b.listen(80)
client = lab.a.connect((lab.b.address, 80))
lab.run()
served = server.accept()
lab.trace'''

def test_a_cell_may_run_again(executed):
    "Its old lab is closed once the names have new values"
    first = 'import os; from glob import glob; from python_tcp.lab import Lab'
    count = "sum('net:[' in os.readlink(path) for path in glob('/proc/self/fd/*') if os.path.lexists(path))"
    _,printed = executed([first, AGAIN, f'one = {count}', AGAIN, AGAIN, AGAIN, f'print(one, {count})'])
    one,last = printed[-1].split()
    assert one == last != '0'

def test_nothing_is_inherited(lab):
    "By what a cell starts, or by what runs in a host"
    opened(lab)
    for close_fds in True, False:
        out = subprocess.run(['ls', '-l', '/proc/self/fd'], capture_output=True, text=True, close_fds=close_fds).stdout
        assert not re.search(r'net:|user:|socket:|pidfd', out), out

def test_a_program_in_a_host_gets_no_namespaces(lab):
    out = lab.a.run(['ls', '-l', '/proc/self/fd'], stdout=-1, text=True).communicate()[0]
    assert not re.search(r'net:|user:|socket:|pidfd', out), out

@pytest.mark.parametrize('start', ['fork', 'multiprocessing', 'exit'])
def test_a_fork_harms_nothing(start):
    with Lab() as lab:
        client,served,_ = opened(lab)
        if start == 'multiprocessing':
            child = multiprocessing.get_context('fork').Process(target=lab.close)
            child.start()
            child.join()
        elif not (pid := os.fork()):
            try:
                if start == 'exit': lab.close()
            finally: os._exit(0)
        else: os.waitpid(pid, 0)
        client.send(b'still here')
        lab.run()
        assert served.receive() == b'still here'
        pid = os.fork()
        if not pid:
            time.sleep(60) # a child with copies of all descriptors, while the parent closes
            os._exit(0)
        server = lab._hosts._process.pid
        lab.close()
        assert not alive(server)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

# Nothing is left behind

def test_counters_are_those_of_one_host(lab):
    "Read without a program in there; a RST in the window is answered once and counted once"
    client,served,_ = opened(lab)
    before = {host.name: host.counters() for host in (lab.a, lab.b)}
    wrong = Segment(client.local_address[1], 80, lab.trace[0].seg.seq + 9, 0, F.RST, 0)
    lab.put('b', to_ip(wrong, lab.a.address, lab.b.address))
    assert lab.b.counters() - before['b'] == {'TCPChallengeACK': 1}
    assert lab.a.counters() == before['a']
    assert served.observe() == 'ESTABLISHED'

def test_a_file_of_a_namespace_that_is_not_there(lab):
    "Is an error, and the next one can be read"
    with pytest.raises(FileNotFoundError): lab._hosts.read('a', '/proc/net/none')
    with pytest.raises(ValueError, match="in '/proc/net/', not '/etc/passwd'"):
        lab._hosts.read('a', '/etc/passwd')
    with pytest.raises(ValueError, match="not 'c'"): lab._hosts.read('c', '/proc/net/snmp')
    assert lab._hosts.read('a', '/proc/net/snmp').startswith('Ip:')

def test_after_close(lab):
    client,served,server = opened(lab)
    lab.close()
    lab.close()
    assert len(lab.trace) == 3 and str(lab) == 'a lab that is closed' and lab._repr_svg_() is None
    calls = [lambda: lab.waiting, lambda: lab.states, lambda: lab.connections, lab.run, lab.wait, lab.deliver, lab.drop,
        lab.a.socket, lambda: lab.b.listen(80), lambda: lab.a.connect((lab.b.address, 80)), lambda: lab.a.run(['true']),
        lab.a.counters, client.observe, served.observe, server.observe]
    for call in calls:
        with pytest.raises(RuntimeError, match='closed'): call()
    for call in lambda: client.send(b'x'), served.receive, server.accept:
        with pytest.raises(ConnectionError, match='does not exist'): call()
    for conn in client, served, server:
        conn.close()
        conn.abort()
        assert conn.local_address and conn.fileno() == -1
    assert client.remote_address == served.local_address and lab.a.address == '10.0.0.1'

def test_close_gives_back_everything():
    gc.collect()
    before,kids = descriptors(),children()
    with Lab() as lab:
        opened(lab)
        lab.b.run(['sleep', '1000'])
        assert len(children()) > len(kids)
    assert descriptors() == before and children() == kids

@contextmanager
def uncollected():
    "No garbage is collected meanwhile"
    gc.collect()
    gc.disable()
    try: yield
    finally: gc.enable()

def test_a_lab_that_nobody_holds_is_closed():
    "At once"
    with uncollected():
        before = descriptors()
        def use():
            lab = Lab()
            opened(lab)
            lab.a.capture('lo')
            str(lab)
        use()
        assert descriptors() == before

def test_a_lab_in_a_circle_is_closed_by_the_collector():
    gc.collect()
    before = descriptors()
    def use():
        lab = Lab()
        lab.server = lab.b.listen(80)
    use()
    gc.collect()
    assert descriptors() == before

def test_a_lab_stays_while_somebody_holds_it_or_something_of_it():
    with uncollected():
        before = descriptors()
        lab = Lab()
        other = lab
        lab = Lab()
        assert pairs(opened(other)[0]._lab) == ('ESTABLISHED',)*2 and lab._end.alive
        del lab, other
        assert descriptors() == before
        host = Lab().b
        assert host.listen(80).observe() == 'LISTEN' and host == host.lab.b != host.lab.a
        del host
        assert descriptors() == before
        conn = Lab().a.connect(('10.0.0.2', 80))
        assert conn.observe() == 'SYN_SENT'
        del conn
        assert descriptors() == before

PROGRAMS = {
    'program': 'sleep 1000 & echo $!; wait',
    'left by its shell': 'sleep 1000 & echo $!',
    'of another session': 'setsid sleep 1000 & echo $!; wait',
    'deaf': "trap '' INT TERM HUP; echo $$; while :; do sleep 1000; done"}

@pytest.mark.parametrize('how', PROGRAMS)
def test_programs_end_with_the_lab(how):
    with Lab() as lab:
        program = lab.a.run(['sh', '-c', PROGRAMS[how]], stdout=-1, text=True)
        pid = int(program.stdout.readline())
        assert alive(pid)
        if how == 'left by its shell': program.wait()
    try: until(lambda: not alive(pid), 2)
    finally:
        with suppress(ProcessLookupError): os.kill(pid, signal.SIGKILL)
        program.stdout.close()

def test_no_such_program(lab):
    with pytest.raises(FileNotFoundError, match='no.such.program'): lab.a.run(['no.such.program'])

@pytest.mark.parametrize('user', ['nobody', 65534])
def test_root_may_run_a_program_as_somebody_else(lab, user, tmp_path):
    "With that user's rights on files, and with no group of ours; as its docstring says, root's programs are root"
    if os.geteuid(): pytest.skip('needs root')
    secret = tmp_path/'secret'
    secret.write_text('read')
    secret.chmod(0o600)
    tell = f'id -u; id -G; grep CapEff /proc/self/status; cat {secret} 2>&1'
    def ran(**options):
        return lab.a.run(['sh', '-c', tell], stdout=-1, text=True, **options).communicate()[0].split('\n')
    assert ran()[0] == '0' and ran()[-1] == 'read'
    uid,groups,powers,denied,_ = ran(user=user)
    assert 'Permission denied' in denied
    assert (uid, int(powers.split()[1], 16)) == ('65534', 0)
    assert groups.split() == [str(pwd.getpwuid(65534).pw_gid)]

def test_who_is_not_root_may_not():
    if not os.geteuid(): pytest.skip('needs an ordinary user')
    with Lab() as lab, pytest.raises(PermissionError, match="only root may run a program as 'nobody'"):
        lab.a.run(['true'], user='nobody')

def test_a_program_gets_descriptors_and_an_environment(lab):
    reader,writer = os.pipe()
    with open(reader) as f:
        telling = ['sh', '-c', f'echo $0 $WORD >/dev/fd/{writer}', '-x']
        program = lab.a.run(telling, pass_fds=[writer], env={'WORD': 'told'})
        os.close(writer)
        assert f.read() == '-x told\n' and program.wait() == 0

def test_a_program_that_cannot_be_run_says_so_in_a_line(lab, tmp_path):
    for octets in b'no program', b'#!/no/such/shell\n':
        (tmp_path/'x').write_bytes(octets)
        (tmp_path/'x').chmod(0o755)
        program = lab.a.run([tmp_path/'x'], stderr=-1, text=True)
        said = program.communicate()[1]
        assert program.returncode == 1 and said.startswith(f'{tmp_path}/x: ') and said.count('\n') == 1, said

def test_a_program_takes_paths(lab, tmp_path):
    (tmp_path/'x').write_text('read')
    assert lab.a.run(['cat', tmp_path/'x'], stdout=-1, stderr=-1, text=True).communicate() == ('read', '')

OWNER = '''
import os, signal, subprocess, sys, time
from python_tcp.lab import Lab
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT]) # until somebody is there to catch it
lab = Lab()
server = lab.b.listen(80)
client = lab.a.connect((lab.b.address, 80))
lab.run()
served = server.accept()
for conn in client, served: conn.send(bytes(9000)) # on the wire for ever
program = lab.b.run(['sleep', '1000'])
lab.deliver()
if 'fork' in sys.argv and not os.fork(): time.sleep(60)
print(os.getpid(), lab._hosts._process.pid, program.pid, flush=True)
if 'signals' in sys.argv:
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        time.sleep(60)
    except KeyboardInterrupt: lab.run()
    print(lab.states['a'], program.poll(), flush=True)
if 'exit' not in sys.argv: time.sleep(60)
'''

@pytest.mark.parametrize('how', ['kill', 'exit', 'fork'])
def test_a_dead_owner_leaves_nothing(how):
    "No process and no namespace; `fork`: though a child of it lives on"
    test = FREE + f'''
import os, signal, subprocess, sys
owner = subprocess.Popen([sys.executable, '-c', {OWNER!r}, {how!r}], stdout=-1, text=True)
pid,*others = map(int, owner.stdout.readline().split())
if {how!r} != 'exit': os.kill(pid, signal.SIGKILL)
owner.wait()
def alive(pid):
    try: return open(f'/proc/{{pid}}/stat').read().rsplit(')', 1)[1].split()[0] != 'Z'
    except FileNotFoundError: return False
deadline = time.monotonic() + 10
while any(map(alive, others)) and time.monotonic() < deadline: time.sleep(.01)
print([p for p in others if alive(p)], {how!r} == 'fork' or free())
'''
    prefix = namespaces(3)
    program = script(test, prefix=prefix, start_new_session=True)
    try:
        if how == 'fork': assert program.stdout.readline() == '[] True\n'
        else: assert (*program.communicate(timeout=60), program.returncode) == ('[] True\n', '', 0)
    finally:
        with suppress(ProcessLookupError): os.killpg(program.pid, signal.SIGKILL)
        program.communicate()

EXEC = '''
import os, subprocess, sys
from python_tcp.lab import Lab
lab = Lab()
program = lab.a.run(['sleep', '1000'])
print(program.pid, lab._hosts._process.pid, flush=True)
if 'later' in sys.argv:
    while not os.readlink(f'/proc/{program.pid}/exe').endswith('sleep'): pass
os.execvp('cat', ['cat'])
'''

@pytest.mark.parametrize('when', ['at once', 'later'])
def test_an_owner_that_becomes_another_program_leaves_nothing(when):
    "Its process goes on, so that the program which has yet to begin still has its parent"
    with script(EXEC, when, stdin=-1) as owner:
        pids = [int(pid) for pid in owner.stdout.readline().split()]
        try: until(lambda: not any(alive(pid) for pid in pids), 5)
        finally:
            for pid in filter(alive, pids): os.kill(pid, signal.SIGKILL)
            owner.stdin.close()
        assert owner.stderr.read() == ''

SPEAKS = '''
import socket
six = '{family}' == 'AF_INET6'
s = socket.create_server(('::'*six, 80), family=socket.{family}, dualstack_ipv6=six)
print(1, flush=True)
c,_ = s.accept()
c.send(bytes(2000))
s.accept()
'''

@pytest.mark.parametrize('family', ['AF_INET', 'AF_INET6'])
def test_no_namespace_stays_for_a_connection_that_nobody_owns(family):
    "That of a program in a host, with octets that will never be acknowledged"
    test = FREE + f'''
import socket, sys
from python_tcp.lab import Lab
from python_tcp.kernel import table
lab = Lab()
program = lab.b.run([sys.executable, '-c', {SPEAKS.format(family=family)!r}], stdout=-1)
program.stdout.readline()
client = lab.a.connect((lab.b.address, 80))
for _ in range(3): lab.deliver()
while len(lab.waiting) < 4: pass
lab.close()
print(free(4))
'''
    assert said(test, prefix=namespaces(3)) == 'True\n'

def test_ctrl_c_does_not_end_it():
    "SIGINT goes to the whole group of processes, as from a terminal"
    program = script(OWNER, 'signals', 'exit', start_new_session=True)
    program.stdout.readline()
    os.killpg(program.pid, signal.SIGINT)
    out,err = program.communicate(timeout=30)
    assert (out, err, program.returncode) == ('ESTABLISHED None\n', '', 0)

@pytest.mark.parametrize('step,error', [
    ('cable', OSError), ('cable', KeyboardInterrupt), ('hosts', KeyboardInterrupt), ('diag', OSError)])
def test_an_error_while_it_is_made_leaves_nothing(monkeypatch, step, error):
    gc.collect()
    before,kids = descriptors(),children()
    def fail(*_, **__): raise error(1, 'a test says no')
    match step:
        case 'cable': monkeypatch.setattr(module, '_Cable', fail)
        case 'hosts': monkeypatch.setattr(netns.Hosts, '_reply', fail)
        case 'diag':
            make = netns.Hosts.socket
            def refuse(self, name, family=2, *rest):
                return fail() if family == socket.AF_NETLINK else make(self, name, family, *rest)
            monkeypatch.setattr(netns.Hosts, 'socket', refuse)
    with pytest.raises(RuntimeError if error is OSError else error) as e: Lab()
    if error is OSError: assert 'no lab here' in str(e.value)
    del e
    gc.collect()
    until(lambda: children() == kids and descriptors() == before, 3)

def test_too_few_descriptors():
    "At any point: one RuntimeError, and nothing is left"
    code = '''
import gc, os, resource
from python_tcp.lab import Lab
Lab().close()
count = lambda: len(os.listdir('/proc/self/fd'))
start,(soft,hard) = count(),resource.getrlimit(resource.RLIMIT_NOFILE)
for n in range(start-1, start+14):
    resource.setrlimit(resource.RLIMIT_NOFILE, (n, hard))
    try: Lab().close()
    except RuntimeError as e: assert str(e).startswith('no lab here: '), e
    finally: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    gc.collect()
    assert count() == start, (n, count())
'''
    said(code)

# Who may have one

@pytest.fixture
def public():
    "A copy of the package that every user can read"
    with tempfile.TemporaryDirectory() as where:
        shutil.copytree(python_tcp.__path__[0], Path(where)/'python_tcp', ignore=shutil.ignore_patterns('__pycache__'))
        for path in (Path(where), *Path(where).rglob('*')): path.chmod(0o755)
        yield Path(where)

def runs(prefix):
    "A Python that can be started with `prefix` in front of it"
    new_enough = 'import sys; assert sys.version_info >= (3, 11)'
    for python in sys.executable, '/usr/bin/python3':
        if not subprocess.run([*prefix, python, '-c', new_enough], capture_output=True).returncode: return python
    pytest.skip('needs a Python 3.11 that others may run')

def test_an_ordinary_user(public):
    "All of it: the choice of numbers, and a program in a host"
    if os.geteuid(): pytest.skip('needs root, to become somebody else')
    if not shutil.which('setpriv'): pytest.skip('needs setpriv')
    nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all',
        'env', 'HOME=/nonexistent']
    python = runs(nobody)
    code = '''
import os
from python_tcp.lab import Lab
with Lab(iss=7) as lab:
    lab.b.listen(80); client = lab.a.connect((lab.b.address, 80)); lab.run()
    told = lab.a.run(['id', '-u'], stdout=-1, text=True).communicate()[0].strip()
    print(os.geteuid(), int(lab.trace[0].seg.seq), *lab.states.values(), told)
    settings = 'early_retrans', 'no_metrics_save', 'syn_retries', 'synack_retries'
    told = lab.b.run(['cat', *(f'/proc/sys/net/ipv4/tcp_{name}' for name in settings)], stdout=-1, text=True)
    print(*told.communicate()[0].split())
'''
    ran = subprocess.run([*nobody, f'PYTHONPATH={public}', python, '-c', code],
        capture_output=True, text=True, timeout=60, cwd='/')
    if 'no lab here' in ran.stderr: pytest.skip(f'needs namespaces for ordinary users: {ran.stderr.splitlines()[-6]}')
    assert (ran.stdout, ran.stderr) == ('65534 7 ESTABLISHED ESTABLISHED 65534\n0 1 127 255\n', '')

LISTENS = '''
import subprocess
from python_tcp.lab import Lab
with Lab() as lab:
    tcpdump = ['tcpdump', '-n', '-i', 'eth0'] # as in the docstring of `run`
    dump = lab.a.run(tcpdump, stdout=subprocess.DEVNULL, stderr=-1, text=True)
    said = dump.stderr.readline() + dump.stderr.readline()
    port = lab.a.run(['sh', '-c', 'echo 40000 40001 >/proc/sys/net/ipv4/ip_local_port_range']).wait()
    print('listening on eth0' in said or said, port)
    dump.kill()
    dump.communicate()
'''
WHO = {
    'as we are': [],
    'without rights': ['setpriv', '--reuid=1234', '--regid=1234', '--clear-groups', '--inh-caps=-all', 'env'],
    'a root without rights': ['setpriv', '--bounding-set=-net_admin', '--inh-caps=-all'],
    'root of a user namespace': ['unshare', '--user', '--map-root-user'],
    'itself in one': ['unshare', '--user', '--map-current-user']}

@pytest.mark.needs('tcpdump')
@pytest.mark.parametrize('who', WHO)
def test_programs_that_need_rights_have_them(who, public):
    "tcpdump becomes another user where it finds itself root, and a namespace with one user has no other"
    prefix = WHO[who]
    if prefix and not shutil.which(prefix[0]): pytest.skip(f'needs {prefix[0]}')
    if prefix[:1] == ['setpriv'] and os.geteuid(): pytest.skip('needs root, to give up its rights')
    assert said(LISTENS, prefix=prefix, python=runs(prefix), where=public, cwd='/') == 'True 0\n'

ASK = '''
import gc, os, warnings
from glob import glob
from python_tcp.lab import Lab
warnings.simplefilter('error')
for _ in range(2):
    try: Lab()
    except RuntimeError as e: print(str(e).splitlines()[0], len(str(e).splitlines()) > 3)
gc.collect()
with open(f'/proc/self/task/{os.getpid()}/children') as f: children = f.read().split()
links = [os.readlink(path) for path in glob('/proc/self/fd/*') if os.path.lexists(path)]
print(children, sum('socket' in link for link in links))
'''

def test_denied():
    "One error with advice, no process left; and the main job tells the life on loopback"
    prefix = namespaces(0)
    with script(ASK, prefix=prefix) as program: out,err = program.communicate(timeout=60)
    says = 'no lab here: [Errno 28] unshare: No space left on device True'
    assert out.splitlines()[:2] == [says]*2 and not program.returncode
    job = [*prefix, sys.executable, '-m', 'python_tcp']
    story = subprocess.run(job, capture_output=True, text=True, timeout=60, cwd=HOME)
    assert story.returncode == 0 and not story.stderr
    words = 'loopback', 'LISTEN', 'FIN-WAIT-2', 'TIME-WAIT', 'CLOSE-WAIT'
    assert [word for word in words if word not in story.stdout] == []
    assert (out.splitlines()[2], err) == ('[] 0', '')

def test_elsewhere(monkeypatch):
    monkeypatch.setattr(sys, 'platform', 'darwin')
    with pytest.raises(RuntimeError, match='this is darwin') as e: Lab()
    assert 'virtual machine' in str(e.value)

@pytest.mark.parametrize('less', ['-net_admin', '-net_raw'])
def test_a_root_that_lacks_something(less):
    "As in a container with some capabilities: there is still the way of ordinary users"
    if os.geteuid() or not shutil.which('setpriv'): pytest.skip('needs root and setpriv')
    assert said(ONE_LAB, prefix=['setpriv', f'--bounding-set={less}', '--inh-caps=-all']) == '1\n'

def test_a_python_without_pidfd(tmp_path):
    "Those of conda are built for kernels so old that they lack os.pidfd_open"
    (tmp_path/'sitecustomize.py').write_text('import os; del os.pidfd_open')
    with script(ONE_LAB, where=f'{tmp_path}:{HOME}') as program:
        assert program.communicate(timeout=60) == ('1\n', '')

REFUSE = '''
import ctypes, platform, struct
def refuse(call, error, *arguments):
    """Let this process, and all that it starts,
    have the system call `call` fail so where its arguments are these (seccomp(2))"""
    syscall = {
        'x86_64': dict(socket=41, setsockopt=54, unshare=272),
        'aarch64': dict(socket=198, setsockopt=208, unshare=97)}[platform.machine()]
    number = dict(syscall, pidfd_open=434)[call]
    # where in `struct seccomp_data`, and what is to be there
    checks = [(0, number)] + [(16 + 8*i, value) for i,value in arguments]
    code = b''
    for k,(at,value) in enumerate(checks): # load; go on if equal, or else go to the end
        code += struct.pack('=HBBI', 0x20, 0, 0, at) + struct.pack('=HBBI', 0x15, 0, 2*(len(checks)-k-1) + 1, value)
    # SECCOMP_RET_ERRNO, SECCOMP_RET_ALLOW
    code += struct.pack('=HBBI', 6, 0, 0, 0x50000 | error) + struct.pack('=HBBI', 6, 0, 0, 0x7fff0000)
    code = ctypes.create_string_buffer(code, len(code))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_ulong]*5
    program = ctypes.create_string_buffer(struct.pack('HxxxxxxP', len(code)//8, ctypes.addressof(code)))
    for words in (38, 1, 0, 0, 0), (22, 2, ctypes.addressof(program), 0, 0): # PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP
        if libc.prctl(*words): raise SystemExit(f'prctl{words}: {ctypes.get_errno()}')
'''
def refused(*calls):
    "Python lines that refuse these calls from here on"
    import platform
    if platform.machine() not in ('x86_64', 'aarch64'):
        pytest.skip('needs a machine whose system calls are numbered here')
    return REFUSE + ''.join(f'refuse{call}\n' for call in calls)

@pytest.mark.parametrize('error', [errno.EPERM, errno.ENOSYS], ids=errno.errorcode.get)
def test_what_is_not_needed_may_be_refused(error):
    """pidfd_open (profiles of older containers, Linux before 5.3) and SO_RCVBUFFORCE:
    a lab works without, and ends with its maker all the same"""
    calls = refused(('pidfd_open', error), ('setsockopt', error, (1, 1), (2, 33)))
    assert said(calls + ONE_LAB) == '1\n'
    with script(calls + OWNER, 'fork', start_new_session=True) as owner:
        try:
            pid,*others = map(int, owner.stdout.readline().split())
            os.kill(pid, signal.SIGKILL) # a child of it lives on, with copies of all it had
            until(lambda: not any(alive(pid) for pid in others), 5)
        finally: os.killpg(owner.pid, signal.SIGKILL)

NEEDED = {
    'unshare': ('unshare', errno.EPERM),
    'the socket table': ('socket', errno.EPROTONOSUPPORT, (0, 16), (2, 4)),
    'a packet socket': ('socket', errno.EAFNOSUPPORT, (0, 17)),
    'the interface lo': ('socket', errno.EPROTONOSUPPORT, (0, 16), (2, 0))}

@pytest.mark.parametrize('what', NEEDED)
def test_what_is_needed_and_refused_is_one_error(what):
    "It says what was tried and what can be done; no child says more, and none is left"
    call = NEEDED[what]
    with script(refused(call) + ASK) as program: out,err = program.communicate(timeout=60)
    first = f'no lab here: [Errno {call[1]}] {what}'
    lines = out.splitlines()
    assert all(line.startswith(first) and line.endswith(f': {os.strerror(call[1])} True') for line in lines[:2]), out
    assert (lines[2], err, program.returncode) == ('[] 0', '', 0)

@pytest.mark.parametrize('what', NEEDED)
def test_the_main_job_keeps_the_advice(what):
    code = refused(NEEDED[what]) + 'import runpy; runpy.run_module("python_tcp", run_name="__main__", alter_sys=True)'
    story = said(code)
    with pytest.raises(RuntimeError) as e: raise RuntimeError(module._advice.format('x'))
    assert all(line in story.splitlines() for line in str(e.value).splitlines()[1:])
    assert story.startswith(f'No lab here: [Errno {NEEDED[what][1]}] {what}') and 'over loopback' in story

def test_a_folder_with_a_module_of_a_known_name(tmp_path):
    "A learner's socket.py beside the notebook is not what the lab imports"
    (tmp_path/'socket.py').write_text('raise SystemExit')
    code = 'import sys; sys.path.remove("") if "" in sys.path else None; ' + ONE_LAB
    with script(code, cwd=tmp_path) as program:
        assert program.communicate(timeout=60) == ('1\n', '')

# On a machine that has other things to do

def test_states_are_right_under_load(request):
    "Three busy processes: what is read just after a delivery is what it did"
    busy = [subprocess.Popen([sys.executable, '-c', 'while True: pass']) for _ in range(3)]
    try:
        with Lab() as lab:
            server = lab.b.listen(80)
            for n in range(200 if request.config.option.long else 50):
                client = lab.a.connect((lab.b.address, 80))
                waiting = lambda: [s for s in lab.waiting]
                assert flags(waiting()) == [SYN] and pairs(lab) == ('SYN_SENT', 'LISTEN'), n
                assert lab.deliver().states == ('SYN_SENT', 'SYN_RECEIVED') and flags(waiting()) == [SYNACK], n
                assert lab.deliver().states == ('SYN_RECEIVED', 'ESTABLISHED') and flags(waiting()) == [F.ACK], n
                assert lab.deliver().states == ('ESTABLISHED', 'ESTABLISHED') and not waiting(), n
                client.send(b'x')
                assert lab.deliver().states == ('ESTABLISHED', 'ESTABLISHED'), n
                served = server.accept()
                assert served.receive() == b'x', n
                client.abort()
                lab.deliver(next(i for i,s in enumerate(lab.waiting) if s.seg.flags & F.RST))
                assert pairs(lab) == ('CLOSED', 'CLOSED') == (client.observe(), served.observe()), n
                served.close()
                while lab.waiting: lab.drop()
    finally:
        for process in busy:
            process.kill()
            process.wait()

def test_ipv6():
    "A whole life, with a loss; the states are those of IPv4"
    with pytest.raises(ValueError, match='1280'): Lab(ipv6=True)
    with Lab(mtu=1280, ipv6=True) as lab:
        server,client = lab.b.listen(80),lab.a.connect((lab.b.address, 80))
        assert lab.states == dict(a='SYN_SENT', b='LISTEN') and lab.waiting[0].seg.mss == 1220
        lab.drop()
        lab.wait()
        lab.run()
        served = server.accept()
        client.send(bytes(5000))
        lab.spoil()
        lab.run()
        assert served.receive_exactly(5000) == bytes(5000) and served.remote_address == client.local_address
        client.close()
        lab.run()
        served.close()
        lab.run()
        assert (client.observe(), served.observe()) == ('TIME_WAIT', 'CLOSED')
        assert lab.paths['b'] == ('LISTEN', 'SYN_RECEIVED', 'ESTABLISHED', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSED')

def test_programs_of_an_owner_with_many_descriptors(lab):
    "Beyond those that select(2) can take"
    soft,hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 < hard < 2000: pytest.skip('needs more descriptors')
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2000), hard))
    kept = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        with Lab() as other:
            for host in other.a, lab.a: assert host.run(['true'], stderr=-1).communicate()[1] == b''
    finally:
        for fd in kept: os.close(fd)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
