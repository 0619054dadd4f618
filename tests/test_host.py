"Hosts of our own against each other, in virtual time"
import errno, ipaddress, struct
from dataclasses import replace
from heapq import heappop, heappush
from itertools import count
from math import inf
from random import Random

import pytest

from python_tcp.engine import isn
from python_tcp.host import Host
from python_tcp.ip import from_ip, to_ip
from python_tcp.net import Link, Net
from python_tcp.segment import Flags, Segment, Seq, checksum

A, B = '10.0.0.1', '10.0.0.2'

class Pair:
    "Two hosts, and a wire of some seconds between them that loses what it is told to"
    def __init__(self, a=None, b=None, delay=.01, **options):
        self.a = a or Host(address=A, **options)
        self.b = b or Host(address=B, **options)
        self.delay = delay
        self.now = 0.
        self.lose = lambda seen: False
        self.on_way, self.trace, self.serial = [], [], count()

    def put(self, t, host, packet): heappush(self.on_way, (t, next(self.serial), host, packet))

    def send(self):
        for src, dst in (self.a, self.b), (self.b, self.a):
            for packet in src.take():
                seen = from_ip(packet)
                self.trace.append(seen)
                if not self.lose(seen): self.put(self.now + self.delay, dst, packet)

    def run(self, until=None):
        "Until nothing is to be done, or to this time"
        end = inf if until is None else until
        for _ in range(100_000):
            self.send()
            timers = [t for t in (self.a.timer, self.b.timer) if t is not None]
            t = min([way[0] for way in self.on_way[:1]] + timers, default=inf)
            if t > end or t == inf: break
            self.now = max(t, self.now)
            for host in self.a, self.b: host.tick(self.now)
            while self.on_way and self.on_way[0][0] <= self.now:
                _, _, host, packet = heappop(self.on_way)
                host.give(self.now, packet)
        else: raise RuntimeError('no end')
        if until is not None:
            self.now = until
            for host in self.a, self.b: host.tick(until)

    def open(self, **how):
        "A connection: the end of `a`, and that of `b`"
        listener = self.b.find((B, 80)) or self.b.listen(80)
        client = self.a.connect((B, 80), **how)
        self.run(self.now + 1)
        return client, listener.accept()

def test_two_hosts_open_talk_and_close():
    pair = Pair()
    client, server = pair.open()
    assert client.state == server.state == 'ESTABLISHED'
    client.send(b'hello')
    pair.run(pair.now + 1)
    assert server.receive() == b'hello'
    server.send(bytes(100_000))
    pair.run(pair.now + 1)
    assert client.receive_exactly(60_000) == bytes(60_000)
    pair.run(pair.now + 1)
    assert client.receive_exactly(40_000) == bytes(40_000)
    client.close()
    pair.run(pair.now + 1)
    assert server.receive() == b''
    server.close()
    pair.run()
    assert pair.a.connections == pair.b.connections == ()
    assert [state for _, state, _ in client.history] == [
        'SYN_SENT', 'ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'TIME_WAIT', 'CLOSED']
    assert [state for _, state, _ in server.history] == [
        'SYN_RECEIVED', 'ESTABLISHED', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSED']

def test_what_would_wait_says_so():
    pair = Pair()
    client = pair.a.connect((B, 80))
    for call in client.receive, lambda: client.receive_exactly(3), client.receive_until:
        with pytest.raises(BlockingIOError): call()
    with pytest.raises(BlockingIOError, match='not open yet'): client.send(b'x')
    with pytest.raises(BlockingIOError, match='nobody came'): pair.b.listen(80).accept()

def test_refused():
    pair = Pair()
    client = pair.a.connect((B, 80))
    pair.run(1)
    with pytest.raises(ConnectionRefusedError): client.receive()
    assert client.state == 'CLOSED' and pair.a.connections == ()

def test_at_an_end_of_a_net():
    net = Net(Host(), Host(), link=Link(delay=.01))
    held = {}
    net.call('b', lambda host: held.update(listener=host.listen(80)))
    net.call('a', lambda host: held.update(client=host.connect(('b', 80))))
    net.run(until=1)
    net.call('b', lambda host: held.update(server=held['listener'].accept()))
    net.call('b', lambda host: held['server'].send(b'hello'))
    net.run(until=2)
    net.call('a', lambda host: held.update(came=held['client'].receive()))
    assert held['came'] == b'hello'
    net.call('a', lambda host: held['client'].close())
    net.call('b', lambda host: held['server'].close())
    net.run()
    assert net.host['a'].connections == net.host['b'].connections == ()

def states(connection): return [state for _, state, _ in connection.history]
def sent(pair, flags): return [seen for seen in pair.trace if seen.seg.flags & 23 == flags]
SYN, RST, ACK, SYN_ACK = Flags.SYN, Flags.RST, Flags.ACK, Flags.SYN|Flags.ACK

# listeners

@pytest.mark.parametrize('backlog', [0, 1, 3])
def test_an_accept_queue_holds_one_more_than_its_backlog(backlog):
    "What comes on top is dropped in silence, and comes in when there is room"
    pair = Pair()
    listener = pair.b.listen(80, backlog)
    clients = [pair.a.connect((B, 80)) for _ in range(backlog + 1)]
    pair.run(.5)
    late = pair.a.connect((B, 80))
    pair.run(.9)
    assert [c.state for c in clients] == ['ESTABLISHED']*(backlog + 1)
    assert late.state == 'SYN_SENT' and len(pair.b.connections) == backlog + 1
    assert not [seen for seen in pair.trace if seen.seg.flags & RST]
    for _ in clients: listener.accept()
    pair.run(5)
    assert late.state == 'ESTABLISHED' and listener.accept().remote_address == late.local_address
    with pytest.raises(BlockingIOError): listener.accept()

def test_a_third_ack_is_dropped_when_the_accept_queue_is_full():
    "Its SYN came when there was room"
    pair = Pair()
    listener = pair.b.listen(80, 1)
    pair.a.connect((B, 80))
    pair.run(.1)
    pair.lose = lambda seen: seen.seg.flags == ACK and pair.now < .2 # third ACKs
    for port in 2000, 2001: pair.a.connect((B, 80), port)
    pair.run(.3)
    half = [pair.b.find((B, 80), (A, port)) for port in (2000, 2001)]
    assert [end.state for end in half] == ['SYN_RECEIVED']*2
    early, late = (pair.a.find((A, port), (B, 80)) for port in (2000, 2001))
    early.send(b'early')
    late.send(b'late')
    pair.run(.4)
    assert [end.state for end in half] == ['ESTABLISHED', 'SYN_RECEIVED'] and listener.full()
    listener.accept()
    pair.run(8)
    assert [listener.accept().receive() for _ in half] == [b'early', b'late']
    assert not sent(pair, RST)

def test_the_syn_queue_is_bounded():
    pair = Pair()
    pair.b.listen(80, 4)
    pair.lose = lambda seen: seen.seg.flags == SYN_ACK
    for _ in range(50): pair.a.connect((B, 80))
    pair.run(.5)
    assert len(pair.b.connections) == 5

def test_half_open_connections_end():
    pair = Pair()
    pair.b.listen(80)
    pair.lose = lambda seen: seen.src == B
    client = pair.a.connect((B, 80))
    pair.run(1000)
    assert pair.a.connections == pair.b.connections == () and pair.b.timer is None
    with pytest.raises(TimeoutError): client.receive()

def test_a_closed_listener_resets_who_waits_and_forgets_who_is_half_open():
    pair = Pair()
    listener = pair.b.listen(80)
    waits = pair.a.connect((B, 80))
    pair.run(.5)
    pair.lose = lambda seen: seen.seg.flags == SYN_ACK
    half = pair.a.connect((B, 80))
    pair.run(.6)
    pair.lose = lambda seen: False
    listener.close()
    pair.run(.9)
    with pytest.raises(ConnectionResetError): waits.receive()
    assert half.state == 'SYN_SENT' and pair.b.connections == () and listener.state == 'CLOSED'
    pair.run(5)
    with pytest.raises(ConnectionRefusedError): half.receive()
    with pytest.raises(ConnectionError, match='does not exist'): listener.accept()
    pair.b.listen(80) # the port is free again

def test_what_belongs_to_nobody_gets_a_rst():
    pair = Pair()
    pair.b.listen(80)
    stray = Segment(1000, 80, 5, 77, ACK, 100, b'abc')
    pair.b.give(0, to_ip(stray, A, B))
    answer, = map(from_ip, pair.b.take())
    assert (answer.seg.flags, answer.seg.seq) == (RST, 77)
    for seg in stray, Segment(1000, 80, 5, 0, RST, 0): pair.b.give(0, to_ip(seg, A, '10.0.0.9'))
    pair.b.give(0, to_ip(Segment(1000, 80, 5, 0, RST, 0), A, B))
    pair.b.give(0, to_ip(stray, A, B)[:-1] + b'!')
    assert pair.b.take() == []

def test_nobody_answers_a_sender_that_cannot_be():
    "(MUST-57, MUST-63)"
    for a, b, wrong in (A, B, ['224.0.0.1', '255.255.255.255', '0.0.0.0']), \
            ('fd00::1', 'fd00::2', ['ff02::1', '::']):
        host = Host(address=b)
        host.listen(80)
        for far in wrong:
            for port in 80, 81:
                host.give(0., to_ip(Segment(2000, port, 1, 0, SYN, 100), far, b))
                host.give(0., to_ip(Segment(2000, port, 1, 0, SYN, 100), a, far))
        assert host.take() == [] and host.connections == ()
        for far in wrong:
            with pytest.raises(ValueError, match='not the address of one host'):
                host.connect((far, 80))
            with pytest.raises(ValueError, match='not the address of one host'):
                Host(address=far)

def test_an_address_may_be_written_in_many_ways():
    pair = Pair(Host(address='FD00:0::1'), Host(address='fd00::2'))
    pair.b.listen(80)
    client = pair.a.connect(('fd00:0:0::2', 80))
    pair.run(1)
    assert client.state == 'ESTABLISHED' and client.local_address[0] == 'fd00::1'

def test_both_call_at_once():
    pair = Pair()
    a = pair.a.connect((B, 2000), 3000)
    b = pair.b.connect((A, 3000), 2000)
    pair.run(1)
    assert states(a) == states(b) == ['SYN_SENT', 'SYN_RECEIVED', 'ESTABLISHED']
    a.close()
    b.close()
    pair.run()
    assert states(a)[-3:] == states(b)[-3:] == ['CLOSING', 'TIME_WAIT', 'CLOSED']

# the end

def test_unread_data_at_close_are_a_rst():
    pair = Pair()
    client, server = pair.open()
    client.send(b'unread')
    pair.run(pair.now + 1)
    server.close()
    pair.run(pair.now + 1)
    assert sent(pair, RST) and server.state == 'CLOSED'
    with pytest.raises(ConnectionResetError): client.receive()
    assert client.receive() == b'' # told once, as a socket does
    with pytest.raises(BrokenPipeError): client.send(b'x')

def test_data_for_an_orphan_are_a_rst():
    pair = Pair()
    client, server = pair.open()
    client.close()
    pair.run(pair.now + 1)
    assert (client.state, server.state) == ('FIN_WAIT_2', 'CLOSE_WAIT')
    server.send(b'for nobody')
    pair.run(pair.now + 1)
    assert client.state == 'CLOSED' and len(sent(pair, RST)) == 1
    with pytest.raises(OSError): server.send(b'more')

def test_data_with_a_fin_for_an_orphan_are_a_rst_too():
    pair = Pair(timestamps=False)
    client, server = pair.open()
    client.close()
    pair.run(pair.now + 1)
    t = server.tcb
    last = Segment(t.src, t.dst, t.snd_nxt, t.rcv_nxt, ACK|Flags.FIN, 100, b'x')
    pair.a.give(pair.now, to_ip(last, B, A))
    answer, = map(from_ip, pair.a.take())
    assert answer.seg.flags == RST and client.state == 'CLOSED'

def test_an_orphan_in_fin_wait_2_ends_in_silence():
    "After 60 s, as in Linux; RFC 9293 knows no such end. A half-closed connection has none"
    for verb, ends in ('close', True), ('shutdown', False):
        pair = Pair()
        client, server = pair.open()
        getattr(client, verb)()
        before = pair.now
        pair.run(before + 59)
        assert client.state == 'FIN_WAIT_2'
        pair.run(before + 61)
        assert (client.state == 'CLOSED') == ends and sent(pair, RST) == []
        if not ends: continue
        server.close() # whoever speaks then is told
        pair.run(pair.now + 1)
        assert len(sent(pair, RST)) == 1 and server.state == 'CLOSED'

def test_an_orphan_before_a_shut_window_ends():
    "With a RST, since the peer lacks the rest; as long as a program has it, it waits"
    for verb, ends in ('close', True), ('shutdown', False):
        pair = Pair(b=Host(address=B, buffer=1000))
        client, server = pair.open()
        client.send(bytes(5000))
        pair.run(pair.now + 2)
        getattr(client, verb)()
        pair.run(pair.now + 200)
        assert (client.state == 'CLOSED') == ends
        assert bool(pair.a.connections) != ends and bool(sent(pair, RST)) == ends

def test_an_orphan_that_goes_on_lives():
    "Its peer reads slowly: that is progress"
    pair = Pair(b=Host(address=B, buffer=1000), orphan=10.)
    client, server = pair.open()
    client.send(bytes(5000))
    client.close()
    got = b''
    while len(got) < 5000:
        pair.run(pair.now + 8)
        got += server.receive(1000)
    pair.run(pair.now + 5)
    assert server.receive() == b'' and client.state == 'FIN_WAIT_2' and not sent(pair, RST)

# the same four numbers once more

def test_a_reused_pair_begins_beyond_its_predecessor():
    "A million octets within a second are more than the clock of RFC 9293 counts"
    pair = Pair(delay=.0001, secret=bytes(16), buffer=1 << 20)
    client, server = pair.open(port=2000)
    for _ in range(40):
        client.send(bytes(100_000))
        pair.run(pair.now + .002)
        server.receive_exactly(100_000)
    last = client.tcb.snd_max
    client.abort()
    pair.run(pair.now + .1)
    again, _ = pair.open(port=2000)
    assert 0 < Seq(again.tcb.iss) - Seq(last) < 1 << 20
    pair.run(pair.now + 300)
    again.abort()
    pair.run(pair.now + 300)
    third = pair.a.connect((B, 80), 2000) # so late the clock alone decides
    assert third.tcb.iss == isn((A, 2000), (B, 80), bytes(16), pair.now)

def test_time_wait_is_reopened_by_a_newer_syn():
    for stamps in True, False:
        pair = Pair(timestamps=stamps)
        client, server = pair.open(port=2000)
        server.close()
        pair.run(pair.now + .1)
        client.close()
        pair.run(pair.now + .1)
        assert server.state == 'TIME_WAIT' and client.state == 'CLOSED'
        last = server.tcb.snd_max
        again, other = pair.open(port=2000)
        assert again.state == other.state == 'ESTABLISHED' and server.state == 'CLOSED'
        assert Seq(other.tcb.iss) - Seq(last) > 0

def test_an_old_syn_leaves_time_wait_as_it_is():
    "And if it was taken for a new one, a RST leads back to TIME-WAIT (RFC 9293 3.6.1)"
    pair = Pair()
    client, server = pair.open(port=2000)
    first = pair.trace[0].seg
    server.close()
    pair.run(pair.now + .1)
    client.close()
    pair.run(pair.now + .1)
    pair.b.give(pair.now, to_ip(first, A, B))
    assert server.state == 'TIME_WAIT' and from_ip(pair.b.take()[0]).seg.flags == ACK
    newer = replace(first, seq=server.tcb.rcv_nxt + 5, ts=(first.ts[0] + 10**5, 0))
    pair.b.give(pair.now, to_ip(newer, A, B))
    answer = from_ip(pair.b.take()[0]).seg
    assert answer.flags == SYN_ACK
    reset = Segment(2000, 80, newer.seq + 1, 0, RST, 0)
    pair.b.give(pair.now, to_ip(reset, A, B))
    assert pair.b.connections[0].state == 'TIME_WAIT'
    pair.run()
    assert pair.b.connections == ()

def test_each_connection_tells_another_clock():
    "And the same four numbers the same one, which only goes on (RFC 7323 5.4)"
    host = Host(address=A, secret=bytes(16))
    def clock(port):
        connection = host.connect((B, 80), port)
        ts = from_ip(host.take()[0]).seg.ts
        connection.abort()
        return ts[0]
    first, other = clock(2000), clock(2001)
    host.tick(1.)
    assert clock(2000) - first == 1000 and other not in (first, first + 1)

# ICMP

def error(version, kind, code, packet, rest=0):
    "An ICMP message about `packet`, to its sender"
    src, dst = (ipaddress.ip_address(text).packed for text in ends(packet))
    message = bytes([kind, code, 0, 0]) + rest.to_bytes(4) + packet[:28 if version == 4 else 48]
    if version == 4:
        summed = message[:2] + checksum(message).to_bytes(2) + message[4:]
        head = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(message), 0, 0, 64, 1, 0) + dst + src
        return head[:10] + checksum(head).to_bytes(2) + head[12:] + summed
    pseudo = dst + src + len(message).to_bytes(4) + b'\0\0\0\x3a'
    summed = message[:2] + checksum(pseudo + message).to_bytes(2) + message[4:]
    return struct.pack('!IHBB', 6 << 28, len(message), 58, 64) + dst + src + summed

def ends(packet):
    seen = from_ip(packet)
    return seen.src, seen.dst

ICMP = { # version: addresses, (hard, soft, too big), each a type and a code
    4: ((A, B), (3, 3), (3, 1), (3, 4)),
    6: (('fd00::1', 'fd00::2'), (1, 4), (1, 0), (2, 0))}

@pytest.mark.parametrize('version', ICMP)
def test_a_hard_error_ends_a_connection_that_opens(version):
    (a, b), hard, soft, _ = ICMP[version]
    for kind, ends_it in (soft, False), (hard, True):
        host = Host(address=a)
        client = host.connect((b, 80))
        packet, = host.take()
        host.give(.1, error(version, *kind, packet))
        assert (client.state == 'CLOSED') == ends_it and client.complaint is not None
        assert host.take() == []
        if ends_it:
            with pytest.raises(ConnectionRefusedError): client.receive()
        else: assert client.complaint.kind == 'soft'

@pytest.mark.parametrize('version', ICMP)
def test_no_error_ends_an_open_connection(version):
    (a, b), hard, soft, _ = ICMP[version]
    for kind in hard, soft:
        pair = Pair(Host(address=a), Host(address=b))
        listener = pair.b.listen(80)
        client = pair.a.connect((b, 80))
        pair.run(1)
        client.send(b'x')
        packet, = pair.a.take()
        pair.a.give(1., error(version, *kind, packet))
        assert client.state == 'ESTABLISHED'
        pair.run(5)
        assert listener.accept().receive() == b'x'

def test_what_quotes_nothing_in_flight_is_forged():
    host = Host(address=A)
    client = host.connect((B, 80), 2000)
    packet, = host.take()
    seen = from_ip(packet)
    for wrong in (dict(seq=seen.seg.seq + 1), dict(seq=seen.seg.seq - 1), dict(dst=81),
                  dict(src=2001)):
        host.give(.1, error(4, 3, 3, to_ip(replace(seen.seg, **wrong), A, B)))
    host.give(.1, error(4, 3, 3, to_ip(seen.seg, A, '10.0.0.3')))
    host.give(.1, error(4, 4, 0, packet)) # a source quench (MUST-55)
    host.give(.1, error(4, 3, 3, packet)[:-1] + b'!') # damaged
    assert client.state == 'SYN_SENT' and client.complaint is None

def test_a_soft_error_is_told_when_time_is_up():
    pair = Pair()
    client = pair.a.connect((B, 80))
    packet, = pair.a.take()
    pair.a.give(0., error(4, 3, 1, packet))
    pair.lose = lambda seen: True
    pair.run()
    with pytest.raises(OSError, match='No route to host'): client.receive()

@pytest.mark.parametrize('version', ICMP)
def test_segments_shrink_to_the_path(version):
    "A router on the way drops what is longer than 1300 octets, and says so"
    (a, b), _, _, too_big = ICMP[version]
    pair = Pair(Host(address=a), Host(address=b))
    listener = pair.b.listen(80)
    client = pair.a.connect((b, 80))
    pair.run(1)
    size = 40 if version == 6 else 20
    def lose(seen):
        packet = to_ip(seen.seg, seen.src, seen.dst)
        if len(packet) <= 1300: return False
        pair.put(pair.now, pair.a, error(version, *too_big, packet, 1300))
        return True
    pair.lose = lose
    client.send(bytes(20_000))
    pair.run(4)
    assert listener.accept().receive_exactly(20_000) == bytes(20_000)
    assert client.tcb.smss == 1300 - size - 20 - 12
    assert not [seen for seen in pair.trace if seen.seg.flags & RST]

def test_nobody_is_made_to_send_tiny_segments():
    pair = Pair()
    client, _ = pair.open()
    client.send(b'x')
    packet, = pair.a.take()
    for mtu in 0, 68, 1: pair.a.give(pair.now, error(4, 3, 4, packet, mtu))
    assert client.tcb.smss == 552 - 52

def test_ecn_bits_are_accepted_and_ignored():
    "In the IP header, and in a SYN that asks for ECN (RFC 3168)"
    host = Host(address=B)
    host.listen(80)
    asks = Segment(2000, 80, 100, 0, Flags.SYN|Flags.ECE|Flags.CWR, 1000)
    packet = to_ip(asks, A, B)
    head = packet[:1] + b'\3' + packet[2:10] + bytes(2) + packet[12:20] # congestion experienced
    host.give(0., head[:10] + checksum(head).to_bytes(2) + head[12:] + packet[20:])
    answer = from_ip(host.take()[0])
    assert answer.seg.flags == SYN_ACK
    third = Segment(2000, 80, 101, answer.seg.seq + 1, Flags.ACK|Flags.ECE, 1000, b'hi')
    host.give(0., to_ip(third, A, B))
    assert host.find((B, 80)).accept().receive() == b'hi'

# many

def test_a_thousand_connections():
    pair = Pair(delay=.001)
    listener = pair.b.listen(80, 1000)
    clients = [pair.a.connect((B, 80)) for _ in range(1000)]
    assert len({client.local_address for client in clients}) == 1000
    pair.run(.5)
    servers = [listener.accept() for _ in clients]
    for i, client in enumerate(clients): client.send(b'%d' % i)
    pair.run(.8)
    by_port = {client.local_address[1]: i for i, client in enumerate(clients)}
    for server in servers: assert int(server.receive()) == by_port[server.remote_address[1]]
    for end in (*servers, *clients): end.close()
    pair.run()
    assert pair.a.connections == pair.b.connections == ()
    assert pair.a.timer is pair.b.timer is None and not [*sent(pair, RST)]

def test_ports_wrap_and_run_out(monkeypatch):
    monkeypatch.setattr('python_tcp.host._EPHEMERAL', range(49152, 49252))
    host = Host(address=A)
    ports = [host.connect((B, 80)).local_address[1] for _ in range(100)]
    assert {*ports} == {*range(49152, 49252)}
    with pytest.raises(OSError, match='assign'): host.connect((B, 80))
    host.connect((B, 81))

# both directions of weather

@pytest.mark.parametrize('seed', range(6))
def test_every_octet_arrives_through_weather(seed):
    random = Random(seed)
    pair = Pair(rto_min=.2, buffer=1 << 20)
    pair.lose = lambda seen: random.random() < .08
    pair.b.listen(80)
    client = pair.a.connect((B, 80))
    pair.run(20)
    server = pair.b.find((B, 80)).accept()
    text = random.randbytes(100_000)
    client.send(text)
    server.send(text[::-1])
    client.shutdown()
    server.shutdown()
    pair.run(pair.now + 120)
    assert server.receive_exactly(100_000) == text
    assert client.receive_exactly(100_000) == text[::-1]
    assert client.receive() == server.receive() == b''
    for end in client, server: end.close()
    pair.run()
    assert pair.a.connections == pair.b.connections == ()

# a driver

def test_a_driver_repeats_an_attempt_until_it_succeeds():
    pair = Pair()
    waited = []
    def drive(attempt, timeout):
        for _ in range(1000):
            try: return attempt()
            except BlockingIOError as e: waited.append(str(e))
            pair.run(pair.now + .01)
    pair.a.drive = pair.b.drive = drive
    listener = pair.b.listen(80)
    client = pair.a.connect((B, 80))
    client.send(b'hello\nworld') # waits until it is open
    server = listener.accept()
    assert server.receive_until() == b'hello\n' and server.receive_exactly(5) == b'world'
    assert any('not open yet' in why for why in waited)
    text = Random(1).randbytes(600_000)
    client.timeout = 5.
    pair.b.drive = None
    taken = []
    def reading(attempt, timeout): # the peer reads while `client` waits
        while True:
            try: return attempt()
            except BlockingIOError: pair.run(pair.now + .01)
            try: taken.append(server.receive(1 << 20))
            except BlockingIOError: pass
    pair.a.drive = reading
    client.send(text)
    pair.a.drive = None
    while sum(map(len, taken)) < 600_000:
        pair.run(pair.now + 1)
        taken.append(server.receive(1 << 20))
    assert b''.join(taken) == text

def test_calls_after_close():
    pair = Pair()
    client, server = pair.open()
    client.close()
    client.close()
    for call in (client.receive, lambda: client.send(b'x'), client.shutdown,
                 lambda: client.receive_exactly(1)):
        with pytest.raises(ConnectionError, match='does not exist'): call()
    server.shutdown()
    server.shutdown()
    with pytest.raises(BrokenPipeError): server.send(b'x')

def test_what_came_before_a_reset_can_be_read():
    pair = Pair()
    client, server = pair.open()
    client.send(b'last words')
    pair.run(pair.now + .1)
    client.abort()
    pair.run(pair.now + .1)
    assert server.receive() == b'last words'
    with pytest.raises(ConnectionResetError): server.receive()

def test_what_a_listener_drops_in_silence():
    "Neither SYN nor ACK (RFC 9293 3.10.7.2, fourth): a RST would end a caller whose SYN is on its way"
    pair = Pair()
    pair.b.listen(80)
    client = pair.a.connect((B, 80), 2000)
    syn = client.tcb.iss
    for flags in Flags(0), Flags.FIN, Flags.PSH, RST:
        pair.b.give(0, to_ip(Segment(2000, 80, syn, 0, flags, 100, b'x'), A, B))
    assert pair.b.take() == []
    pair.run(1)
    assert client.state == 'ESTABLISHED'

def test_a_call_that_was_shut_down_gives_nothing():
    "CLOSE in SYN-SENT gives up (RFC 9293 3.10.4): nothing is there to wait for"
    pair = Pair()
    client = pair.a.connect((B, 80))
    client.shutdown()
    assert client.state == 'CLOSED'
    with pytest.raises(OSError) as caught: client.receive()
    assert caught.value.errno == errno.ENOTCONN
