"""observe() is what ss says, at any moment: random walks of what a program may call at both ends,
and of what a wire may do"""
import random, re, socket, struct, subprocess, time
from collections import Counter
from contextlib import ExitStack, contextmanager

import pytest

from conftest import by_ss_name
from python_tcp.core import SocketState, TCPConnection
from python_tcp.lab import Lab

OPEN = [state for state in SocketState if state != 'LISTEN']

def cookie_and_state(line):
    "What a line of ss says of a socket: the kernel's name of it, and its state"
    return int(re.search(r'\bsk:([0-9a-f]+)', line)[1], 16), by_ss_name(line.split()[0])

@contextmanager
def ss(run, *which):
    """A function that gives what ss says now, the kernel's name of a socket -> its state;
    `run` starts a program where ss is to look"""
    ask = f'ss -Htane {" ".join(which)}; echo\n'
    with run(['sh'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as shell:
        def states():
            shell.stdin.write(ask)
            shell.stdin.flush()
            return dict(map(cookie_and_state, iter(shell.stdout.readline, '\n')))
        yield states
        shell.stdin.close()

class Walk:
    "Connections, the calls made of them so far, and how often they were seen in which state"
    def __init__(self, seed):
        self.rng,self.seed,self.conns,self.cookies,self.made,self.seen = random.Random(seed),seed,[],{},[],Counter()

    def add(self, conn):
        self.cookies[conn], = struct.unpack('=Q', conn.sock.getsockopt(socket.SOL_SOCKET, 57, 8)) # SO_COOKIE
        self.conns.append(conn)

    def some(self, *states):
        "A connection that was last seen in one of these states; IndexError if there is none"
        return self.rng.choice([conn for conn in self.conns if conn.state in states and conn.fileno() >= 0])

    def step(self, calls):
        "One of `calls`, (how often, name, function), that finds something to be made of, whatever it answers"
        often,names,functions = zip(*calls)
        while True:
            i, = self.rng.choices(range(len(calls)), often)
            try: new,answer = functions[i](),''
            except IndexError: continue
            except OSError as e: new,answer = None,f' ({type(e).__name__})'
            self.made.append(names[i] + answer)
            return self.add(new) if isinstance(new, TCPConnection) else None

    def compare(self, *tables):
        """Each state by observe() and by ss, where nothing was changed meanwhile by a timer of the
        kernel or on another processor"""
        deadline = time.monotonic() + 20
        while True:
            before = [conn.observe() for conn in self.conns]
            by_ss = {cookie: state for states in tables for cookie,state in states().items()}
            if before == [conn.observe() for conn in self.conns]: break
            assert time.monotonic() < deadline, 'the states never stand still'
        said = [by_ss.get(self.cookies[conn], 'CLOSED') for conn in self.conns]
        assert before == said, f'seed {self.seed}, after {len(self.made)} calls: {", ".join(self.made)}'
        self.seen.update(before)
        self.conns = [conn for conn in self.conns if conn.state != 'CLOSED' or conn.fileno() >= 0][-12:]

    def calls(self):
        "What a program may do, on a wire or not"
        some,rng = self.some,self.rng
        return [
            (2, 'accept',     lambda: some('LISTEN').accept()),
            (1, 'send one',   lambda: some('ESTABLISHED', 'CLOSE_WAIT').send(b'x')),
            (1, 'send some',  lambda: some('ESTABLISHED', 'CLOSE_WAIT').send(bytes(3000))),
            # more than there is room for
            (1, 'send much',  lambda: some('ESTABLISHED', 'CLOSE_WAIT').send(bytes(1 << 23))),
            (1, 'receive',    lambda: some('ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2').receive(rng.choice([1, 4000]))),
            (1, 'receive all', lambda: receive_all(some('ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2'))),
            (1, 'shutdown',   lambda: some('ESTABLISHED', 'CLOSE_WAIT', 'SYN_SENT').shutdown()),
            (1, 'shut all',   lambda: shut_all([some('ESTABLISHED'), *self.conns])),
            (1, 'close',      lambda: some(*OPEN).close()),
            (1, 'close last', lambda: some('CLOSE_WAIT').close()),
            (.5, 'abort',     lambda: some(*OPEN).abort())]

def receive_all(conn):
    while conn.receive(1 << 20): pass

def shut_all(conns):
    for conn in conns:
        if conn.state == 'ESTABLISHED': conn.shutdown()

def in_a_lab(seed, steps, **options):
    walk = Walk(seed)
    rng = walk.rng
    with Lab(**options) as lab, ss(lab.a.run) as at_a, ss(lab.b.run) as at_b:
        hosts = lab.a, lab.b
        def connect(port, *own):
            here,there = rng.sample(hosts, 2)
            return here.connect((there.address, port), *own)
        def wire(verb): verb(rng.randrange(len(lab.waiting) or rng.choice([])))
        def deliver_all():
            for _ in range(len(lab.waiting)): lab.deliver()
        calls = walk.calls() + [
            (2,  'connect',       lambda: connect(80)),
            (1,  'connect again', lambda: connect(80, 5000)),
            (1,  'meet',          lambda: connect(1000, 1000)),
            (.5, 'listen',        lambda: rng.choice(hosts).listen(80, rng.choice([0, 5]))),
            (6,  'deliver',       lambda: wire(lambda _: lab.deliver())),
            (2,  'deliver any',   lambda: wire(lab.deliver)),
            (1,  'drop',          lambda: wire(lab.drop)),
            (1,  'duplicate',     lambda: wire(lab.duplicate)),
            (1,  'spoil',         lambda: wire(lab.spoil)),
            (2,  'deliver all',   deliver_all)]
        for host in hosts: walk.add(host.listen(80))
        for _ in range(steps):
            walk.step(calls)
            walk.compare(at_a, at_b)
    return walk.seen

def on_loopback(seed, steps, host, stack):
    walk = Walk(seed)
    server = stack.enter_context(TCPConnection.listen((host, 0), backlog=walk.rng.choice([0, 5])))
    address,server.timeout = server.local_address,0
    def connect(): # and not wait, since the queue may be full
        sock = socket.socket(server.sock.family)
        conn = stack.enter_context(TCPConnection(sock, remote_address=address))
        sock.setblocking(False)
        sock.connect_ex(address)
        return conn
    walk.add(server)
    with ss(subprocess.Popen, f"'sport = :{address[1]} or dport = :{address[1]}'") as states:
        for _ in range(steps):
            walk.step([(2, 'connect', connect), *walk.calls()])
            walk.compare(states)
    for conn in walk.conns: conn.close()
    return walk.seen

@pytest.mark.needs('lab', 'ss')
@pytest.mark.parametrize('options', [{}, dict(mtu=1280, ipv6=True)], ids=['IPv4', 'IPv6'])
def test_in_a_lab(options, request):
    "Two walks that meet all states between them, or four with --long"
    seeds = range(4) if request.config.option.long else (2, 3)
    seen = sum((in_a_lab(seed, 120, **options) for seed in seeds), Counter())
    print(seen)
    assert set(seen) == set(SocketState)

@pytest.mark.needs('linux', 'ss')
@pytest.mark.parametrize('host', ['127.0.0.1', '::1'])
def test_on_loopback(host):
    "SYN-RECEIVED is in nobody's hands there"
    seen = Counter()
    for seed in range(6):
        with ExitStack() as stack: seen += on_loopback(seed, 100, host, stack)
    print(seen)
    assert set(seen) == set(SocketState) - {'SYN_RECEIVED'}
