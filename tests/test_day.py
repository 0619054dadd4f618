"""A day on the wire, in seconds: keep-alive, TIME-WAIT and its reuse, more than 4 GiB"""
from dataclasses import replace
from random import Random

import pytest

from python_tcp.engine import Send
from python_tcp.host import Host
from python_tcp.ip import from_ip, to_ip
from python_tcp.segment import Flags, Seq
from test_host import A, ACK, B, SYN, SYN_ACK, Pair, sent

HOUR, DAY = 3600., 86_400.
GIBIBYTE = 1 << 30

# Silence

def test_a_silent_day_with_keep_alive():
    "Every two hours one asks and the other answers: 12 times, for the answer counts for both"
    pair = Pair(keepalive=2*HOUR)
    client, server = pair.open()
    pair.trace.clear()
    pair.run(DAY)
    assert client.state == server.state == 'ESTABLISHED'
    asked = [seen for seen in pair.trace if seen.seg.seq == Seq(client.tcb.snd_una - 1)
             or seen.seg.seq == Seq(server.tcb.snd_una - 1)]
    assert 11 <= len(asked) <= 24 and len(pair.trace) == 2*len(asked)
    client.send(b'still here')
    pair.run(DAY + 1)
    assert server.receive() == b'still here' and not sent(pair, Flags.RST)

def test_a_peer_that_is_gone_is_noticed():
    "Two hours of silence, then nine questions 75 s apart"
    pair = Pair(keepalive=2*HOUR)
    client, server = pair.open()
    began = pair.now
    pair.lose = lambda seen: True
    pair.run()
    assert client.state == server.state == 'CLOSED' and pair.a.connections == ()
    with pytest.raises(TimeoutError): client.receive()
    assert 2*HOUR + 9*75 - 1 <= client.history[-1][0] <= began + 2*HOUR + 9*75

def test_a_silent_day_without():
    "Nothing is sent, and the connection is as good as before"
    pair = Pair()
    client, server = pair.open()
    pair.run(pair.now + 1)
    pair.trace.clear()
    pair.run(30*DAY)
    assert pair.trace == [] and pair.a.timer is pair.b.timer is None
    server.send(bytes(60_000))
    pair.run(30*DAY + 2)
    assert client.receive_exactly(60_000) == bytes(60_000)

# The same four numbers, again and again

@pytest.mark.parametrize('stamps', [True, False])
def test_one_pair_of_ports_all_day(stamps):
    "Every three minutes a connection; TIME-WAIT lets it in, and no old segment"
    pair = Pair(timestamps=stamps)
    listener = pair.b.listen(80)
    random = Random(1)
    old, reopened = [], 0
    while pair.now < DAY:
        pair.trace.clear()
        reopened += 'TIME_WAIT' in [end.state for end in pair.b.connections]
        client = pair.a.connect((B, 80), 2000)
        pair.run(pair.now + .1)
        server = listener.accept()
        words = random.randbytes(20)
        client.send(words)
        for packet in random.sample(old, min(len(old), 3)): pair.b.give(pair.now, packet)
        pair.run(pair.now + .3)
        assert server.receive() == words
        server.close() # it waits, then, where the next SYN arrives
        pair.run(pair.now + .1)
        client.close()
        pair.run(pair.now + .1)
        assert (server.state, client.state) == ('TIME_WAIT', 'CLOSED')
        old += [to_ip(seen.seg, A, B) for seen in pair.trace if seen.src == A]
        del old[:-40]
        pair.run(pair.now + 180)
    assert reopened > 470 and len(pair.b.connections) == 1

def test_an_old_syn_never_reopens():
    "Those of a day's connections, at the end in TIME-WAIT: each is answered, and changes nothing"
    pair = Pair()
    listener = pair.b.listen(80)
    for _ in range(100):
        client = pair.a.connect((B, 80), 2000)
        pair.run(pair.now + .1)
        server = listener.accept()
        server.close()
        pair.run(pair.now + .1)
        client.close()
        pair.run(pair.now + 20)
    assert server.state == 'TIME_WAIT'
    until = server.tcb.t_wait
    for seen in sent(pair, SYN)[:-1]:
        if seen.src != A: continue
        pair.run(pair.now + .6) # ten challenges in 5 s, at most
        pair.b.give(pair.now, to_ip(seen.seg, A, B))
        answer, = pair.b.take() # which would make a RST, and that ends TIME-WAIT (RFC 1337)
        assert from_ip(answer).seg.flags == ACK
        assert [end.state for end in pair.b.connections] == ['TIME_WAIT']
    assert pair.b.connections == (server,) and server.tcb.t_wait == until
    pair.run(until + 1)
    assert pair.b.connections == () and len(sent(pair, SYN_ACK)) == 100

# More octets than there are numbers

PERIOD = 1_000_003 # octets, after which the stream begins anew: 2³² is no multiple of it
OCTETS = Random(2).randbytes(PERIOD)*2

def stream(at, n):
    "`n` octets of the stream, from the one with the number `at` on"
    return OCTETS[at % PERIOD:at % PERIOD + n]

class Pipe:
    "Two hosts, one connection, segments as large as they can be; no packet is made of them"
    def __init__(self, iss):
        self.now = 0.
        options = dict(mtu=65_535, buffer=1 << 20, delack=0., secret=bytes(16), iss=iss)
        self.hosts = Host(**options), Host(**options)
        self.listener = None
        self.calls = [(1, lambda host: setattr(self, 'listener', host.listen(80))),
                      (0, lambda host: setattr(self, 'client', host.connect(('net', 80), 2000)))]
        self.settle()
        self.server = self.listener.accept()

    def settle(self):
        "Make the calls, and let all arrive that is sent"
        events, self.calls = self.calls, []
        while events:
            i, event = events.pop(0)
            _, segments = self.hosts[i].step(self.now, event)
            events += [(1 - i, segment) for segment in segments]
        self.now += .001

    def carry(self, at, n):
        "Octets of the stream from the client to the server"
        self.calls = [(0, lambda host: self.client.send(stream(at, n)))]
        self.settle()
        self.calls = [(1, lambda host: self.check(stream(at, n)))]
        self.settle()

    def check(self, octets): assert self.server.receive_exactly(len(octets)) == octets

@pytest.mark.long
def test_more_than_four_gibibytes():
    "The numbers come round; what was under way for a whole round is refused by its clock"
    pipe = Pipe(iss=2**32 - 1000)
    piece = 4*65_483
    at, old, tried = 0, None, 0
    while at < 4*GIBIBYTE + 10*piece:
        pipe.carry(at, piece)
        at += piece
        server = pipe.server.tcb
        if old is None:
            first = pipe.client.tcb.iss + 1 + at # what would be sent next, as it is now
            old = replace(segment(pipe), seq=Seq(first), data=bytes(1000))
        elif 0 <= old.seq - Seq(server.rcv_nxt) <= server.rcv_wnd - 1000:
            tried += 1
            refused, answers = server.step(pipe.now, old)
            taken, _ = replace(server, ts_on=False).step(pipe.now, old)
            assert refused.ooo == () and refused.rcv_buf == b'' and answers[0].flags == ACK
            assert taken.ooo or taken.rcv_buf # where there is no clock, it counts
            pipe.hosts[1].step(pipe.now, old)
    assert tried >= 2 and pipe.client.tcb.snd_una - pipe.client.tcb.iss == at + 1
    assert pipe.client.tcb.snd_una >> 32 > 1 # inside they do not wrap
    assert pipe.client.state == pipe.server.state == 'ESTABLISHED'

def segment(pipe):
    "A segment with text that the client would send now"
    return pipe.client.tcb.step(pipe.now, Send(b'x'))[1][0]
