"""A wire in the hand is one thing, whether two kernels are at its ends or two of our TCPs: scenarios that
are written once, with the verbs of the lab, run on both, and everything is compared that TCP decides: each
move and what it did, the states of both ends after it, what was sent, in which order, and what the users
got. What each may choose is not: initial numbers and ports, the time (and with it timestamps), and the size
of windows (RFC 9293 §3.8.6)."""
import copy, pickle, socket

import pytest

from python_tcp import kernel
from python_tcp.congestion import NewReno
from python_tcp.engine import Abort, Close, Open, Receive, Send, TCB
from python_tcp.lab import Lab
from python_tcp.net import Net
from python_tcp.segment import Flags, Segment
from python_tcp.trace import SHOWN, Seen
from python_tcp.wire import Passage, Wire

MSS = 488   # octets of data in a segment, where a datagram has 540
ROOM = 8192 # for what was received and not taken

# --- an opened pair: the wire and both ends, with the calls of `TCPConnection`
def kernels(rto_min):
    lab = Lab(rto_min=rto_min)
    listener = lab.b.listen(80)
    listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
    client = lab.a.connect((lab.b.address, 80))
    lab.run()
    return lab, client, listener.accept()

class End:
    "One end of a `Net`, with the calls of `TCPConnection`"
    def __init__(self, net, host): self.net, self.host = net, host
    def send(self, data): self.net.call(self.host, Send(data))
    def shutdown(self): self.net.call(self.host, Close())
    def abort(self): self.net.call(self.host, Abort())
    def receive(self, n):
        data = self.net.host[self.host].rcv_buf[:n]
        self.net.call(self.host, Receive(n))
        return data

def ours(rto_min):
    """With `delack=0`, since Linux acknowledges the first segments of a connection at once
    (§3.8.6.3 allows any time up to 0.5 s)"""
    net = Net(*[TCB(NewReno(), mss=500, buffer=ROOM, delack=0, rto_min=rto_min, rto_max=120) for _ in 'ab'], hold=True)
    net.call('b', Open(80, iss=2**32 - 3))
    net.call('a', Open(40000, 80, iss=7))
    net.run()
    return net, End(net, 'a'), End(net, 'b')

# --- the scenarios: a generator each, which yields what is to be compared
def lost(wire, a, b):
    """The first of four; of the three ACKs that tell so two are lost as well,
    and the last one's SACK says it all (RFC 6675 §4)"""
    a.send(bytes(4*MSS))
    yield wire.drop()
    for _ in range(3): yield wire.deliver()
    for _ in range(2): yield wire.drop()
    yield wire.deliver()
    yield wire.wait()
    yield wire.deliver()
    yield wire.deliver()
    yield b.receive(ROOM)

def doubled(wire, a, b):
    a.send(b'0123456789')
    yield wire.duplicate()
    for _ in range(4): yield wire.deliver()
    yield b.receive(ROOM)

def held_twice(wire, a, b):
    "A copy of what is held out of order: the answer tells of it, and then of the block that has it (RFC 2883 §4)"
    a.send(bytes(3*MSS))
    yield wire.duplicate(1)
    for _ in range(2): yield wire.deliver(1)
    yield wire.waiting
    for _ in range(2): yield wire.drop(2)
    yield wire.run()
    yield b.receive(ROOM)

def swapped(wire, a, b):
    """The second of three arrives first. (The ACK that tells of the gap is lost, for Linux would take it
    for a loss after a quarter of a round trip, RFC 8985, where ours waits for more of them, RFC 6675; and had
    another one overtaken it, RFC 7323 §5.3 wants an answer that Linux seldom gives.)"""
    a.send(b'a'*MSS + b'b'*MSS + b'c'*MSS)
    yield wire.deliver(1)
    yield wire.deliver(0)
    yield b.receive(ROOM)
    yield wire.deliver(0)
    yield wire.waiting
    yield wire.drop()
    yield wire.run()
    yield b.receive(ROOM)

def spoiled(wire, a, b):
    a.send(bytes(4*MSS))
    yield wire.spoil(0)
    yield wire.duplicate(0)
    for _ in range(2): yield wire.deliver()
    yield wire.run()
    yield b.receive(ROOM)

def ack_lost(wire, a, b):
    "The next one acknowledges for it"
    a.send(bytes(2*MSS))
    for _ in range(2): yield wire.deliver()
    yield wire.drop()
    yield wire.deliver()
    a.send(b'x')
    yield wire.run()
    yield b.receive(ROOM)

def small_writes(wire, a, b):
    "The second and the third wait for the ACK of the first, and go together (§3.7.4)"
    for text in b'x', b'y', b'z': a.send(text)
    yield wire.waiting
    yield wire.deliver()
    yield wire.deliver()
    yield wire.waiting
    yield wire.run()
    yield b.receive(ROOM)

def small_rest(wire, a, b):
    "It goes with the full segments before it; a small write after it waits for its ACK (RFC 9293 appendix A.3)"
    a.send(bytes(3*MSS + 100))
    a.send(b'x')
    yield wire.waiting
    for _ in range(4): yield wire.deliver()
    yield wire.waiting
    yield wire.run()
    yield b.receive(ROOM)

def only_the_clock(wire, a, b):
    "Nothing comes after what was lost, so only a time-out tells; then the same with a FIN"
    a.send(b'x')
    yield wire.drop()
    wire.wait()
    yield wire.deliver()
    wire.wait()
    yield wire.deliver()
    a.shutdown()
    yield wire.drop()
    wire.wait()
    yield wire.deliver()
    wire.wait()
    yield wire.deliver()
    yield b.receive(ROOM)

def fin_held(wire, a, b):
    "`a` is in FIN-WAIT-1 while `b` goes on to talk"
    a.shutdown()
    b.send(b'not yet')
    yield wire.waiting
    yield wire.deliver(1)
    yield wire.deliver(1)
    yield a.receive(ROOM)
    yield wire.deliver()
    yield wire.wait()
    yield wire.deliver()
    b.shutdown()
    for _ in range(2): yield wire.deliver()
    yield wire.waiting

def fin_first(wire, a, b):
    """It counts once all before it has come. (The ACK of the gap tells in Linux of the FIN's
    number too, in a SACK block; ours of text alone.)"""
    a.send(b'0123456789')
    a.shutdown()
    yield wire.waiting
    yield wire.deliver(1)
    wire.drop(1)
    yield wire.deliver()
    yield wire.run()
    yield b.receive(ROOM)

def both_close(wire, a, b):
    a.shutdown()
    b.shutdown()
    for _ in range(4): yield wire.deliver()
    yield wire.waiting

def last_ack_lost(wire, a, b):
    "A copy of the FIN gets another one out of TIME-WAIT"
    a.shutdown()
    wire.run()
    b.shutdown()
    yield wire.duplicate()
    yield wire.deliver()
    yield wire.drop(1)
    yield wire.deliver()
    yield wire.deliver()

def window(wire, a, b):
    "`b` does not read, and then it does"
    def shut(seen): # receivers let no part of a segment in (§3.8.6.2.2), but may tell of the room
        scale = next(s.seg.wscale for s in wire.trace if s.src[0] == wire.addresses['b'])
        return seen.seg.window << scale < MSS
    a.send(bytes(5*ROOM//2))
    for _ in range(2):
        yield shut(wire.run()[-1])
        yield wire.waiting
        assert len(b.receive(ROOM)) > ROOM//2
        update, = wire.waiting
        yield update.src[0] == wire.addresses['b'], update.seg.len, shut(update)
    yield shut(wire.run()[-1])
    b.receive(ROOM)

def aborted(wire, a, b):
    """What is under way to the end that is no more gets a RST too. (Linux sets ACK in the first,
    RFC 9293 §3.10.5 does not; what it acknowledges is old.)"""
    a.send(b'x')
    yield wire.deliver()
    a.abort()
    yield wire.deliver(1)
    yield wire.deliver(0)
    yield wire.run()

SCENARIOS = (
    lost, doubled, held_twice, swapped, spoiled, ack_lost, small_writes, small_rest,
    only_the_clock, fin_held, fin_first, both_close, last_ack_lost, window, aborted)

# --- what happened, in words that are the same for both
def told(wire, what):
    if isinstance(what, (tuple, list)): return [told(wire, one) for one in what]
    if not isinstance(what, Seen): return what
    names, s = {address: name for name,address in wire.addresses.items()}, what.seg
    iss = {seen.src: seen.seg.seq for seen in wire.trace if seen.seg.flags & Flags.SYN}
    flags = s.flags & ~Flags.PSH # which Linux sets where it cuts a long write, by how long the handshake took
    if flags & Flags.RST: flags &= ~Flags.ACK
    ack = s.ack - iss[what.dst] if flags & Flags.ACK else None
    sack = [(first - iss[what.dst], last - iss[what.dst]) for first,last in s.sack]
    return (names[what.src[0]], str(flags), s.seq - iss[what.src], len(s.data), ack, sack,
            what.fate, what.got is not None, what.states)

def story(scenario, pair):
    wire, a, b = pair
    try:
        lines = [(told(wire, what), dict(wire.states)) for what in scenario(wire, a, b)]
        # what a kernel repeated because the test was slow is lost on its wire, and no move;
        # how many segments a window takes is its owner's affair
        sent = [told(wire, seen)[:6] for seen in wire.trace if seen.fate != 'lost'] if scenario is not window else None
        return lines, sent, {name: path[path.index('ESTABLISHED'):] for name,path in wire.paths.items()}
    finally:
        if isinstance(wire, Lab): wire.close()

@pytest.mark.needs('lab')
@pytest.mark.parametrize('scenario', SCENARIOS, ids=lambda f: f.__name__)
def test_one_scenario_two_worlds(scenario):
    rto_min = .2 if scenario is only_the_clock else 60
    by_linux, by_us = (story(scenario, pair(rto_min)) for pair in (kernels, ours))
    for theirs, mine in zip(by_linux[0], by_us[0]): assert mine == theirs
    assert by_us == by_linux

@pytest.mark.needs('lab')
def test_the_same_errors():
    "For what is not there, and what is no index: with an empty wire, and with two segments on it"
    pairs, said = [kernels(60), ours(60)], []
    with pairs[0][0]:
        for wire, a, _ in pairs:
            said.append([])
            for octets in 0, 2*MSS:
                if octets: a.send(bytes(octets))
                for verb in wire.deliver, wire.drop, wire.duplicate, wire.spoil:
                    for i in (2, 3, -1, '0', None, .5):
                        with pytest.raises((IndexError, TypeError)) as e: verb(i)
                        said[-1].append((e.type, str(e.value).replace('lab.', 'net.')))
            wire.drop(), wire.drop()
            with pytest.raises(TimeoutError) as e: wire.wait(.05)
            said[-1].append((e.type, str(e.value)))
            said[-1] += wire.waiting, wire.run(), type(wire.waiting), type(wire.trace), str(wire)
    assert said[1] == said[0]

# --- what it costs, and how long it gets
@pytest.fixture
def records(monkeypatch):
    "How many records were made of what is on its way"
    made, seen = [], Passage.seen
    monkeypatch.setattr(Passage, 'seen', lambda passage: made.append(passage) or seen(passage))
    return made

def cost(records, call):
    before = len(records)
    call()
    return len(records) - before

@pytest.mark.needs('lab')
@pytest.mark.parametrize('pair', [kernels, ours])
def test_a_call_costs_the_same_after_many(pair, records):
    "`run`, a wrong number, the words for what waits and a copy: no record is made again of what is over"
    wire, a, b = pair(60)
    def exchange():
        a.send(b'x')
        wire.run()
    def others():
        a.send(b'x')
        with pytest.raises(IndexError): wire.drop(9)
        str(wire), wire._repr_svg_(), wire.duplicate()
        wire.run()
    try:
        early = []
        for now in range(2): # at first, and after many
            for _ in range(150*now): exchange()
            if now: b.receive(ROOM)
            others() # where each frame is learnt once
            calls = [cost(records, others), max(cost(records, exchange) for _ in range(20))]
            if not early: early = calls
        assert calls[0] <= early[0] < 30 and calls[1] <= early[1] < 10, (early, calls)
        whole = wire.trace
        assert len(whole) > 340 and cost(records, lambda: wire.trace) == 0
    finally:
        if isinstance(wire, Lab): wire.close()

@pytest.mark.parametrize('verb', ['drop', 'deliver', 'duplicate', 'spoil'])
def test_parts_of_a_trace_are_those_of_the_whole(verb):
    """What `run` gives says what the whole trace says from there on:
    numbers, sides, copies, repetitions, and which connection it is"""
    net, a, b = ours(1)
    for _ in range(6):
        a.send(bytes(MSS))
        getattr(net, verb)()
        before = [r.fate == 'lost' or r.got is not None for r in net.trace]
        first = before.index(False) if False in before else len(before)
        part = net.run()
        whole = net.trace
        assert part == whole[first:] and part.text() == whole[first:].text() and str(part) == str(whole[first:])
        assert part.rows()[-1] == whole.rows()[-1] and part.names == whole.names
        assert pickle.loads(pickle.dumps(part)) == part and copy.deepcopy(part).text() == part.text()

def test_many_that_wait_are_shown_in_part():
    "As long traces are: the first of them, and how many more there are"
    wire, states = Wire({'a': '10.7.0.1', 'b': '10.7.0.2'}), {'a': 'SYN_SENT', 'b': 'LISTEN'}
    for i in range(1000):
        segment = Segment(5000, 80, seq=1 + 9*i, flags=Flags.ACK, ack=1, window=9999, data=bytes(9))
        wire.hold(Passage(i/1000, 'a', 'b', segment, wire.addresses))
    with pytest.raises(IndexError) as e: wire.drop(1000)
    said, text, picture = str(e.value), wire.text(states), str(wire.picture(states))
    assert len(said) < 4000 and len(text) < 8000 and len(picture) < 40_000
    for words in said, text, picture: assert f'... and {1000 - SHOWN} more' in words
    assert f'; {SHOWN-1}: ' in said and f'{SHOWN}: ' not in said
    assert len(text.splitlines()) == SHOWN + 3 and len(wire.waiting) == 1000
    for _ in range(1000 - SHOWN): wire.drop()
    assert not any('more' in words for words in (wire.text(states), str(wire.picture(states))))

@pytest.mark.needs('lab')
def test_a_run_asks_only_for_connections_that_may_have_something_to_say(monkeypatch):
    asked, entry = [], kernel.entry
    monkeypatch.setattr(kernel, 'entry', lambda *args: asked.append(args) or entry(*args))
    with Lab() as lab:
        lab.b.listen(80, 50)
        first = lab.a.connect((lab.b.address, 80))
        lab.run()
        counts = []
        for _ in range(20):
            before = len(asked)
            lab.a.connect((lab.b.address, 80))
            lab.run()
            counts.append(len(asked) - before)
        assert max(counts[10:]) <= max(counts[:3])
        first.send(b'x')
        assert len(lab.run()) == 2 # and the answer of an old one is waited for
