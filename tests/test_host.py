"Hosts of our own against each other, in virtual time"
from math import inf

import pytest

from python_tcp.host import Host
from python_tcp.ip import from_ip
from python_tcp.net import Link, Net

A, B = '10.0.0.1', '10.0.0.2'

class Pair:
    "Two hosts, and a wire of some seconds between them that loses what it is told to"
    def __init__(self, a=None, b=None, delay=.01, **options):
        self.a = a or Host(address=A, **options)
        self.b = b or Host(address=B, **options)
        self.delay = delay
        self.now = 0.
        self.lose = lambda seen: False
        self.on_way, self.trace = [], []

    def send(self):
        for src, dst in (self.a, self.b), (self.b, self.a):
            for packet in src.take():
                seen = from_ip(packet)
                self.trace.append(seen)
                if not self.lose(seen): self.on_way.append((self.now + self.delay, dst, packet))

    def run(self, until=None):
        "Until nothing is to be done, or to this time"
        end = inf if until is None else until
        for _ in range(100_000):
            self.send()
            timers = [t for t in (self.a.timer, self.b.timer) if t is not None]
            t = min([way[0] for way in self.on_way] + timers, default=inf)
            if t > end or t == inf: break
            self.now = max(t, self.now)
            due = [way for way in self.on_way if way[0] <= self.now]
            self.on_way = [way for way in self.on_way if way[0] > self.now]
            for host in self.a, self.b: host.tick(self.now)
            for _, host, packet in due: host.give(self.now, packet)
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
