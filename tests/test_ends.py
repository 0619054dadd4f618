"A lab with any two ends: the kernel, a host of ours, a machine; the same scenarios for all"
from dataclasses import dataclass, replace

import pytest

from conftest import flags, until
from python_tcp.core import SocketState
from python_tcp.engine import TCB, Close, Open, Receive, Send
from python_tcp.host import Host
from python_tcp.lab import Lab
from python_tcp.segment import Flags, Segment
from python_tcp.trace import Trace

pytestmark = pytest.mark.usefixtures('silent')
F = Flags
SYN,SYNACK,FINACK,RSTACK = F.SYN, F.SYN|F.ACK, F.FIN|F.ACK, F.RST|F.ACK
KINDS = dict(kernel=lambda: None, ours=Host)
MIXTURES = [pytest.param(a, b, id=f'{a}-{b}', marks=[pytest.mark.needs('lab')]*('kernel' in (a, b)))
            for a in KINDS for b in KINDS]
any_one = pytest.mark.parametrize('b',
    [pytest.param(b, id=b, marks=[pytest.mark.needs('lab')]*(b == 'kernel')) for b in KINDS])
any_two = pytest.mark.parametrize('a,b', MIXTURES)

def ends(a, b, **options): return Lab(KINDS[a](), KINDS[b](), **options)
def opened(lab, port=80):
    "Both ends of a new connection, established"
    server = lab.b.listen(port)
    client = lab.a.connect((lab.b.address, port))
    lab.run()
    return client, server.accept()
def pairs(lab): return tuple(lab.states.values())

@any_two
def test_a_whole_life(a, b):
    "Handshake, data both ways, half-close, the end: states read from both after every step"
    with ends(a, b) as lab:
        server = lab.b.listen(80)
        assert lab.states == {'a': 'CLOSED', 'b': 'LISTEN'} and lab.connections == ()
        client = lab.a.connect((lab.b.address, 80))
        assert pairs(lab) == ('SYN_SENT', 'LISTEN') and flags(lab.waiting) == [SYN]
        E = 'ESTABLISHED'
        for states in ('SYN_SENT', 'SYN_RECEIVED'), (E, 'SYN_RECEIVED'), (E, E):
            assert lab.deliver().states in (states, states[::-1]) and pairs(lab) == states
        served = server.accept()
        assert served.remote_address == client.local_address and client.remote_address == (lab.b.address, 80)
        client.send(b'question')
        lab.run()
        assert served.receive() == b'question'
        client.shutdown()
        lab.run()
        assert pairs(lab) == ('FIN_WAIT_2', 'CLOSE_WAIT') == (client.observe(), served.observe())
        assert served.receive() == b''
        served.send(b'answer'*500)
        lab.run()
        assert client.receive_exactly(3000) == b'answer'*500
        served.close()
        lab.run()
        client.close()
        assert pairs(lab) == ('TIME_WAIT', 'CLOSED') and type(lab.states['a']) is SocketState
        assert lab.paths == dict(
            a=('SYN_SENT', E, 'FIN_WAIT_1', 'FIN_WAIT_2', 'TIME_WAIT'),
            b=('LISTEN', 'SYN_RECEIVED', E, 'CLOSE_WAIT', 'LAST_ACK', 'CLOSED'))
        assert [connection.states for connection in lab.connections] == [lab.states]
        assert flags(lab.trace)[:3] == [SYN, SYNACK, F.ACK] and flags(lab.trace)[-2:] == [FINACK, F.ACK]
        assert 'TIME-WAIT' in lab._repr_svg_() and str(lab) == 'a 10.0.0.1 TIME_WAIT\nb 10.0.0.2 CLOSED'
    assert len(lab.trace) > 10 and str(lab) == 'a lab that is closed'

@any_two
def test_reset(a, b):
    with ends(a, b) as lab:
        client,served = opened(lab)
        client.abort()
        lab.run()
        assert flags(lab.trace)[-1] & F.RST and pairs(lab) == ('CLOSED', 'CLOSED')
        assert (client.observe(), served.observe()) == ('CLOSED', 'CLOSED')
        with pytest.raises(ConnectionResetError): served.receive()
        assert served.receive() == b''

@any_two
def test_refused(a, b):
    with ends(a, b) as lab:
        client = lab.a.connect((lab.b.address, 81))
        lab.run()
        assert flags(lab.trace) == [SYN, RSTACK] and pairs(lab) == ('CLOSED', 'CLOSED')
        with pytest.raises(ConnectionRefusedError): client.receive()

@any_two
def test_a_lost_segment(a, b):
    "Sent again once, when later ones have arrived, and nothing else is"
    with ends(a, b) as lab:
        client,served = opened(lab)
        client.send(b'0123456789'*300)
        lost = lab.drop(2)
        lab.run()
        assert served.receive_exactly(3000) == b'0123456789'*300
        again = [seen for seen in lab.trace if seen.seg.data and seen.fate == '' and seen.seg.seq == lost.seg.seq]
        assert [seen.seg.data for seen in again] == [lost.seg.data]
        assert len([seen for seen in lab.trace if seen.seg.data]) == 8

@any_two
def test_every_verb(a, b):
    with ends(a, b) as lab:
        client,served = opened(lab)
        client.send(b'a'*488 + b'b'*488)
        assert lab.spoil(1).fate == 'spoiled' and lab.duplicate(0).fate == 'duplicate'
        lab.deliver(2)
        with pytest.raises(BlockingIOError, match=r'lab.deliver\(i\) or lab.run'): served.receive()
        lab.deliver(1)
        assert served.receive(2000) == b'a'*488
        assert [seen.fate for seen in lab.trace if seen.seg.data] == ['', 'duplicate', 'spoiled']
        while lab.waiting: lab.drop()
        with pytest.raises(IndexError, match='nothing waits'): lab.drop()

@any_two
def test_several_connections_and_their_names(a, b):
    with ends(a, b) as lab:
        server = lab.b.listen(80)
        clients = [lab.a.connect((lab.b.address, 80), 5000+i) for i in range(3)]
        lab.deliver(1)
        assert [c.states['b'] for c in lab.connections] == ['LISTEN', 'SYN_RECEIVED', 'LISTEN']
        lab.run()
        clients[0].abort()
        lab.run()
        assert [tuple(c.states.values()) for c in lab.connections] == [('CLOSED',)*2] + [('ESTABLISHED',)*2]*2
        assert sorted(server.accept().remote_address[1] for _ in range(2)) >= [5000, 5001]

@any_two
def test_both_call(a, b):
    "A simultaneous open"
    with ends(a, b) as lab:
        here = lab.a.connect((lab.b.address, 2000), port=1000)
        there = lab.b.connect((lab.a.address, 1000), port=2000)
        assert pairs(lab) == ('SYN_SENT', 'SYN_SENT') and len(lab.connections) == 1
        lab.deliver(1)
        lab.deliver(0)
        assert pairs(lab) == ('SYN_RECEIVED', 'SYN_RECEIVED')
        lab.run()
        assert pairs(lab) == ('ESTABLISHED', 'ESTABLISHED') == (here.observe(), there.observe())

@any_two
def test_ipv6(a, b):
    with ends(a, b, mtu=1280, ipv6=True) as lab:
        client,served = opened(lab)
        assert lab.trace[0].seg.mss == lab.trace[1].seg.mss == 1220
        client.send(bytes(5000))
        lab.run()
        assert served.receive_exactly(5000) == bytes(5000)
        assert lab.addresses == {'a': 'fd00::1', 'b': 'fd00::2'}
        assert "[fd00::1]:" in str(lab.connections[0])

def test_a_host_has_what_the_lab_has_where_its_user_chose_nothing():
    with Lab(Host(), Host(iss=7, rto_min=3., mtu=300), iss=5) as lab:
        lab.b.listen(80)
        lab.a.connect((lab.b.address, 80))
        lab.run()
        syn,answer = lab.trace[:2]
        assert (syn.seg.seq, answer.seg.seq) == (5, 7) and (syn.seg.mss, answer.seg.mss) == (500, 260)
        assert [host.connections[0].tcb.rto_min for host in (lab.a, lab.b)] == [60., 3.]

def test_own_timers_run_at_each_look():
    "A time-out of 10 ms, and nothing but looks"
    with Lab(Host(rto_min=.01), Host()) as lab:
        client,served = opened(lab)
        client.send(b'x')
        until(lambda: len(lab.waiting) > 1)
        first,again = lab.waiting[:2]
        assert first.seg.data == again.seg.data == b'x' and again.t - first.t >= .01

def test_a_host_stands_in_one_lab():
    host = Host()
    with Lab(host, Host()) as lab:
        with pytest.raises(ValueError, match='a stands in another lab'): Lab(host, Host())
        assert lab.a is host and lab.a.address == '10.0.0.1'
        client,_ = opened(lab)
    with pytest.raises(RuntimeError, match='the lab is closed'): client.send(b'x')
    with pytest.raises(ValueError, match='a and b are two'): Lab(*[Host()]*2)
    with Lab(host, Host()) as lab: opened(lab)

def test_a_lab_that_nobody_holds_sets_its_hosts_free():
    "Although somebody holds a host, and a connection"
    hosts = Host(), Host()
    client,_ = opened(Lab(*hosts))
    with Lab(*hosts) as lab: opened(lab, 81)

# Machines

@dataclass(frozen=True)
class StopAndWait:
    "One segment, then its ACK, then the next"
    queue:tuple = ()     # what is still to be sent
    una:int = 0          # acknowledged up to here
    got:bytes = b''      # received in order
    timer:float|None = None

    def step(self, now, event=None):
        if isinstance(event, str):
            after = replace(self, queue=(*self.queue, event.encode()))
            return (after, ()) if self.queue else after.sends(now)
        if event is None: return self.sends(now)
        if event.data:
            new = event.data if event.seq == len(self.got) else b''
            after = replace(self, got=self.got + new)
            return after, (Segment(1, 1, self.una, len(after.got), F.ACK, 1000),)
        if not self.queue or event.ack <= self.una: return self, ()
        return replace(self, queue=self.queue[1:], una=int(event.ack), timer=None).sends(now)

    def sends(self, now):
        if not self.queue: return self, ()
        text = Segment(1, 1, self.una, len(self.got), F.ACK, 1000, data=self.queue[0])
        return replace(self, timer=now + .05), (text,)

def test_two_machines():
    "Stop-and-wait on the held wire: what is lost is sent again by its timer, and there are no states"
    with Lab(StopAndWait(), StopAndWait()) as lab:
        for word in 'one', 'two', 'three': lab.a.call(word)
        lab.deliver()
        lab.drop()
        assert lab.states == {'a': None, 'b': None}
        assert isinstance(lab.wait(), tuple)
        lab.run()
        assert lab.b.machine.got == b'onetwothree' and lab.a.machine.queue == ()
        said = [seen.seg.data for seen in lab.trace if seen.seg.data]
        assert [*dict.fromkeys(said)] == [b'one', b'two', b'three'] and said.count(b'one') > 1
        assert [seen.fate for seen in lab.trace][:2] == ['', 'lost'] and '<svg' in lab._repr_svg_()

@any_one
def test_a_tcb_is_a_machine(b):
    "It talks to whatever TCP is there"
    with Lab(TCB(rto_min=60.), KINDS[b]()) as lab:
        server = lab.b.listen(80)
        lab.a.call(Open(5000, 80, iss=7))
        assert pairs(lab) == ('SYN_SENT', 'LISTEN')
        lab.run()
        served = server.accept()
        lab.a.call(Send(b'hello'))
        lab.run()
        assert served.receive() == b'hello' and pairs(lab) == ('ESTABLISHED', 'ESTABLISHED')
        served.send(b'hi')
        lab.run()
        assert lab.a.machine.rcv_buf == b'hi'
        lab.a.call(Receive(2))
        lab.a.call(Close())
        lab.run()
        served.close()
        lab.run()
        assert pairs(lab) == ('TIME_WAIT', 'CLOSED')
        assert lab.paths['a'] == ('SYN_SENT', 'ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'TIME_WAIT')

def test_what_a_machine_raises_is_the_callers():
    with Lab(TCB(), TCB()) as lab:
        with pytest.raises(TypeError): lab.a.call(5)
        assert lab.trace == Trace() and lab.states == {'a': 'CLOSED', 'b': 'CLOSED'}
