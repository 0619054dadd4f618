"""The account of a connection's time: transfers whose bottleneck is known, since it was built in,
seen beside the client, beside the server and from between, half of them without their data"""
import subprocess, sys, tracemalloc
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path
from random import Random

import pytest

from python_tcp.account import OWNER, OWNERS, WORDS, Accounting, account, accounts
from python_tcp.congestion import Cubic, NewReno, Reno
from python_tcp.engine import TCB, Close, Open, Receive, Send
from python_tcp.net import Link, Net
from python_tcp.segment import Flags, Segment
from python_tcp.story import stories
from python_tcp.trace import Seen, Trace, read_pcap

root = Path(__file__).parent.parent
SYN,ACK,FIN,RST,PSH = Flags.SYN,Flags.ACK,Flags.FIN,Flags.RST,Flags.PSH
CLIENT,SERVER = ('10.0.0.1', 40000),('10.0.0.2', 80)

# Programs: they yield what to call, how long to sleep (float), how many octets must have come (int)

class End:
    "A TCB with its program, which reads at once, or so many octets every so many seconds"
    def __init__(self, tcb, program, read=None):
        self.tcb,self.program,self.read = tcb,program,read
        self.wake,self.need,self.got = 0.,0,0
        self.done = False
        self.next_read = read[1] if read else inf

    @property
    def state(self): return self.tcb.state

    @property
    def timer(self):
        reads = self.next_read if self.tcb.rcv_buf else inf
        times = [t for t in (self.tcb.timer, self.wake, reads) if t and t < inf]
        return min(times, default=None)

    def step(self, now, event=None):
        self.sent = []
        self.call(now, event)
        self.take(now)
        while self.able() and self.wake <= now and self.need <= self.got: self.go_on(now)
        over = self.done and self.tcb.state == 'CLOSE_WAIT' and not self.tcb.rcv_buf
        if over: self.call(now, Close())
        return self, tuple(self.sent)

    def able(self): return self.tcb.state in ('ESTABLISHED', 'CLOSE_WAIT') and not self.done

    def call(self, now, event):
        self.tcb,sent = self.tcb.step(now, event)
        self.sent += sent

    def take(self, now):
        n = len(self.tcb.rcv_buf)
        if self.read and now < self.next_read: return
        if self.read:
            n = min(n, self.read[0])
            self.next_read = now + self.read[1]
        if n: self.call(now, Receive(n))
        self.got += n

    def go_on(self, now):
        self.wake = 0.
        item = next(self.program, None)
        if item is None: self.done = True
        elif isinstance(item, float): self.wake = now + item
        elif isinstance(item, int): self.need += item
        else: self.call(now, item)

def asks(n, size, answer, wait=0.):
    for _ in range(n):
        if wait: yield wait
        yield Send(bytes(size))
        yield answer
    yield Close()

def answers(n, size, answer, think=0.):
    for _ in range(n):
        yield size
        if think: yield think
        yield Send(bytes(answer))

def in_pieces(n, first, second, answer):
    for _ in range(n):
        yield Send(bytes(first))
        yield Send(bytes(second))
        yield answer
    yield Close()

def bulk(size):
    yield Send(bytes(size))
    yield Close()

def drip(n, size, gap):
    for _ in range(n):
        yield Send(bytes(size))
        yield gap
    yield Close()

def once(wanted):
    "Lose the first segment that is wanted"
    lost = []
    def lose(n, s):
        if lost or not wanted(s): return False
        lost.append(n)
        return True
    return lose

@dataclass
class Built:
    "A transfer that is to be held back by one thing"
    g:Random
    delay:float
    upload:bool             # does the client send the data?
    mss:int
    up:dict = field(default_factory=dict)     # of `Link`
    down:dict = field(default_factory=dict)
    client:dict = field(default_factory=dict) # of `TCB`
    server:dict = field(default_factory=dict)
    read:tuple|None = None
    programs:tuple[Iterator, Iterator]|None = None

    @property
    def way(self): return self.up if self.upload else self.down
    @property
    def reader(self): return self.server if self.upload else self.client

    def send(self, program):
        "The data go up, or come down after a request"
        if self.upload: self.programs = program,iter(())
        else:
            def server():
                yield 200
                yield from program
            self.programs = iter([Send(bytes(200))]),server()

def build(g):
    "A transfer that nothing holds back yet"
    mss = g.choice([1460, 1460, 1000, 536])
    delay = g.choice([.0005, .005, .02, .05])*g.uniform(.6, 1.8)
    options = dict(mss=mss, timestamps=g.random() < .5, cc=g.choice([NewReno, Cubic, Reno])(),
        delack=g.choice([.2, .04, .1]), buffer=1 << 18, rto_min=g.choice([.4, 1.]), msl=.5)
    return Built(g, delay, g.random() < .5, mss, client={**options}, server={**options})

def rate(b):
    g = b.g
    octets = min(g.choice([30_000, 100_000, 400_000, 1e6])*g.uniform(.7, 1.4), 20_000/b.delay)
    queue = int(max(30*b.mss, octets*b.delay*2*g.choice([1, 2, 4])))
    b.way.update(rate=octets, queue=queue)
    b.send(bulk(int(min(700_000, max(60*b.mss, octets*g.uniform(3, 5))))))

def window(b):
    b.delay = b.g.uniform(.01, .08)
    b.reader['buffer'] = int(b.mss*b.g.uniform(2, 12))
    b.send(bulk(b.reader['buffer']*b.g.randint(12, 40)))

def slow_reader(b):
    room = b.reader['buffer'] = int(b.mss*b.g.uniform(4, 20))
    octets,each = b.g.randint(1000, max(1001, room)),b.g.choice([.02, .05, .2, .5])
    each = max(each, octets*6*b.delay/room) # else the window is too small for any reader
    b.read = octets,each
    b.send(bulk(room + octets*b.g.randint(15, 30)))

def slow_writer(b):
    gap = max(b.g.choice([.01, .05, .2, .5]), 2.5*b.delay)*b.g.uniform(.7, 1.4)
    size = b.g.choice([100, 700, 1460, 3000, 8000, 12000])
    for options in b.client, b.server:
        options['nagle'] = gap > 6*b.delay and b.g.random() < .5
        if gap < .25: options['delack'] = min(gap/2, .04)
    b.send(drip(b.g.randint(12, 40), size, gap))

def slow_answer(b):
    think = max(b.g.choice([.05, .2, 1.]), 4*b.delay)*b.g.uniform(.8, 1.5)
    n,size,answer = b.g.randint(2, 12),b.g.choice([100, 400, 3000]),b.g.choice([200, 2000, 9000])
    b.programs = asks(n, size, answer, b.g.choice([0., .3])),answers(n, size, answer, think)

def nagle(b):
    b.delay = min(b.delay, .03)
    b.server['delack'] = .2 if b.delay > .012 else b.g.choice([.04, .2])
    b.client['nagle'] = b.g.choice([True, 'plain'])
    n,first,second = b.g.randint(5, 20),b.g.randint(20, 200),b.g.randint(20, 400)
    answer = b.g.choice([100, 500, 2500])
    b.programs = in_pieces(n, first, second, answer),answers(n, first + second, answer)

def slow_start(b):
    b.delay = b.g.uniform(.08, .25)
    b.send(bulk(int(b.mss*b.g.uniform(40, 160))))

def round_trips(b):
    b.delay = b.g.uniform(.005, .08)
    n,size,answer = b.g.randint(10, 40),b.g.choice([100, 400]),b.g.choice([200, 1000])
    b.programs = asks(n, size, answer),answers(n, size, answer)

def loss(b):
    b.delay = b.g.uniform(.005, .05)
    b.way['loss'] = b.g.uniform(.015, .05)
    if b.g.random() < .4: b.way['rate'] = 2e6
    b.send(bulk(int(b.mss*b.g.uniform(250, 500))))

def tail_loss(b):
    size = int(b.g.randint(2, 8)*b.mss - b.g.randint(0, b.mss//2))
    began = []
    def last(s):
        if s.data and not began: began.append(s.seq)
        return bool(s.data) and s.end - began[0] >= size
    b.way['lose'] = once(last)
    if b.upload: b.programs = iter([Send(bytes(size)), 3., Close()]),iter(())
    else: b.programs = asks(1, 200, size),answers(1, 200, size)

def lost_syn(b):
    b.g.choice([b.up, b.down])['lose'] = once(lambda s: s.flags & SYN)
    b.programs = asks(2, 300, 5000),answers(2, 300, 5000)

def nothing(b):
    answer = b.g.choice([200, 2000, 2*b.mss])
    b.programs = asks(1, 300, answer),answers(1, 300, answer)

CAUSES = {cause.__name__: cause for cause in (rate, window, slow_reader, slow_writer, slow_answer,
    nagle, slow_start, round_trips, loss, tail_loss, lost_syn, nothing)}

def run(built, until=300):
    "What passed, as both ends saw it, and the delay of the wire"
    links = [Link(delay=built.delay, **way) for way in (built.up, built.down)]
    reads = (None, built.read) if built.upload else (built.read, None)
    ends = [End(TCB(**options), program, read) for options,program,read in
        zip((built.client, built.server), built.programs, reads)]
    net = Net(*ends, link=links[0], back=links[1], keep='trace')
    net.call('b', Open(80, iss=7777))
    net.call('a', Open(40000, 80, iss=2**32 - 3000)) # so that its numbers wrap
    net.run(until)
    return net.trace

def seen_at(trace, where, delay, g, idents=True):
    "What passed a point: 0 is beside the client, 1 beside the server"
    found = []
    number = Counter() # the identification of each host's packets, as Linux counts them
    for r in trace:
        before = where if r.src == CLIENT else 1 - where # the part of the way before that point
        number[r.src] += 1
        ident = number[r.src] if idents else None
        if r.got is None and g.random() < before: continue
        t = r.t + before*delay if r.got is None else max(r.t, r.got - (1 - before)*delay)
        found.append(Seen(t, r.src, r.dst, r.seg, t, ident=ident))
    return Trace(sorted(found, key=lambda r: r.t))

def without_data(trace, folder):
    "The same, from a file that holds the headers alone"
    bare = [replace(r, missing=len(r.seg.data)) for r in trace]
    Trace(bare).save(folder/'bare.pcap')
    return read_pcap(folder/'bare.pcap')

def transfer(cause, seed):
    "What somebody saw of a transfer that is held back by this"
    g = Random(f'{cause} {seed}')
    built = build(g)
    CAUSES[cause](built)
    where = 0 if cause == 'lost_syn' else g.choice([0, g.uniform(.2, .8), 1]) # one must see it
    return seen_at(run(built), where, built.delay, g, g.random() < .6)

def owner(a):
    "Who had most of the time"
    if a.held_back in (None, 'nothing'): return a.held_back
    return max(a.shares, key=a.shares.get)

def judged(seeds, folder):
    "How often owner and word were right, of how many; and what was said, for all that was built"
    owners = words = n = 0
    said = Counter()
    for cause in CAUSES:
        for seed in seeds:
            seen = transfer(cause, seed)
            a = account(without_data(seen, folder) if seed % 2 else seen)
            n += 1
            owners += owner(a) == OWNER.get(cause, 'nothing')
            words += a.held_back == cause
            said[cause, a.held_back] += 1
    return owners, words, n, said

def table(said):
    lines = []
    for cause in CAUSES:
        row = [f'{word} {n}' for (built,word),n in said.items() if built == cause]
        lines.append(f'{cause:<12}: {", ".join(row)}')
    return '\n'.join(lines)

def check(seeds, folder):
    owners,words,n,said = judged(seeds, folder)
    told = f'{n} transfers: owner right in {owners}, word in {words}\n{table(said)}'
    assert owners >= .9*n and words >= .8*n, told

@pytest.mark.parametrize('seeds', [range(3000, 3004), pytest.param(range(3004, 3017), marks=pytest.mark.long)])
def test_what_was_built_in_is_found(seeds, tmp_path):
    "Of these seeds none was looked at while the rules were made"
    check(seeds, tmp_path)

# Shares that are known

def think_and_travel(b):
    "Each answer takes a while, and a round trip; between two exchanges nobody waits"
    b.delay = b.g.uniform(.01, .1)
    n,think,wait = b.g.randint(4, 15),b.g.uniform(.02, .3),b.g.uniform(.05, 1.)
    b.programs = asks(n, 200, 1000, wait),answers(n, 200, 1000, think)
    travel = 2*b.delay*(n + 1)
    return 'program', n*think/(n*think + travel)

def stall_and_write(b):
    "As much as the line carries for a while, then a pause, again and again"
    b.delay = b.g.uniform(.002, .02)
    octets,n = b.g.uniform(50_000, 200_000),b.g.randint(3, 6)
    busy,pause = b.g.uniform(.4, 1.),b.g.uniform(.4, 1.)
    b.way.update(rate=octets, queue=1 << 20)
    b.send(drip(n, int(octets*min(busy, pause*.8)), pause + b.delay))
    return 'network', min(busy, pause*.8)/(pause + b.delay)

def lost_and_asked(b):
    "A SYN is lost, which costs a second, and then one answer takes a while"
    b.delay,think = b.g.uniform(.005, .03),b.g.uniform(.2, 3.)
    b.up['lose'] = once(lambda s: s.flags & SYN)
    b.programs = asks(1, 200, 1000),answers(1, 200, 1000, think)
    return 'program', think/(1 + 6*b.delay + think)

def read_and_think(b):
    "A slow reader takes an answer that was long in coming"
    b.delay,b.upload = b.g.uniform(.002, .01),False
    room,think = b.client['buffer'],b.g.uniform(.5, 2.)
    room = b.client['buffer'] = 6*b.mss
    octets,each,n = 2*b.mss,.1,b.g.randint(10, 20)
    b.read = octets,each
    b.programs = asks(1, 200, room + n*octets),answers(1, 200, room + n*octets, think)
    return 'program', think/(think + n*each)

@pytest.mark.parametrize('mix', [think_and_travel, stall_and_write, lost_and_asked, read_and_think],
    ids=lambda mix: mix.__name__)
def test_a_known_share_is_found(mix, tmp_path):
    off = []
    for seed in range(10):
        g = Random(f'{mix.__name__} {seed}')
        b = build(g)
        owner,share = mix(b)
        where = 0 if 'lose' in b.up else g.choice([0, .5, 1])
        seen = seen_at(run(b), where, b.delay, g)
        a = account(without_data(seen, tmp_path) if seed % 2 else seen)
        assert sum(a.shares.values()) == pytest.approx(1)
        if abs(a.shares[owner] - share) > .15: off.append((seed, share, str(a)))
    assert len(off) <= 1, off

@pytest.mark.parametrize('where', [0, .5, 1])
def test_all_may_leave_at_once_and_a_thin_line_take_its_time(where):
    "Without congestion control nothing is sent while the line is busy; the ACKs tell"
    b = build(Random(7))
    b.delay = .01
    for options in b.client, b.server: options |= dict(cc=None, delack=.04, rto_min=20.)
    b.up.update(rate=30_000, queue=1 << 20)
    b.programs = asks(1, 60_000, 100),answers(1, 60_000, 100, 1.)
    a = account(seen_at(run(b), where, b.delay, b.g))
    assert a.held_back == 'rate' and a.shares['network'] == pytest.approx(2.1/3.1, abs=.1), str(a)
    assert a.shares['program'] == pytest.approx(1/3.1, abs=.05), str(a)

# What an account says besides

def made(t, src, dst, seq, data=b'', ack=0, flags=ACK, window=500, **options):
    segment = Segment(src[1], dst[1], 1000 + seq, 1000 + ack, flags, window, data, **options)
    return Seen(t, src, dst, segment, got=t)

def opening(t=0., far=.1, **options):
    "Three segments, seen beside the client"
    options = dict(mss=1000, wscale=0) | options
    return [made(t, CLIENT, SERVER, 0, flags=SYN, **options),
            made(t + far, SERVER, CLIENT, 0, ack=1, flags=SYN|ACK, **options),
            made(t + far, CLIENT, SERVER, 1, ack=1)]

def exchange(t=.1, far=.1):
    "A request of 100 octets and an answer of 200 that takes half a second"
    return [made(t, CLIENT, SERVER, 1, bytes(100), ack=1, flags=ACK|PSH),
            made(t + far, SERVER, CLIENT, 1, ack=101),
            made(t + far + .5, SERVER, CLIENT, 1, bytes(200), ack=101, flags=ACK|PSH),
            made(t + far + .5, CLIENT, SERVER, 101, ack=201)]

def ending(t=.7, far=.1):
    return [made(t, CLIENT, SERVER, 101, ack=201, flags=FIN|ACK),
            made(t + far, SERVER, CLIENT, 201, ack=102, flags=FIN|ACK),
            made(t + far, CLIENT, SERVER, 102, ack=202)]

def test_all_its_values():
    a = account([*opening(), *exchange(), *ending()])
    assert (a.client, a.server, a.start, a.duration) == (CLIENT, SERVER, 0, pytest.approx(.8))
    assert (a.octets, a.again, a.ended, a.held_back) == ((100, 200), 0, 'closed', 'slow_answer')
    assert a.round_trip == (pytest.approx(.1), pytest.approx(.1)) and a.idle == pytest.approx(0)
    assert a.shares == dict(network=pytest.approx(.375), receiver=0, sender=0,
        program=pytest.approx(.625))
    spans = {span.word: span for span in a.spans}
    assert spans['slow_answer'].rests[0][1:] == (6, None) # it came then
    assert sum(span.seconds for span in a.spans) == pytest.approx(a.duration)
    assert 'slow answer' in str(a) and 'program 62%' in str(a)
    assert a._repr_markdown_().count('\n') == 1 + len(a.spans)

def test_frames_are_named_where_a_file_held_them():
    records = [replace(r, frame=10*n) for n,r in enumerate([*opening(), *exchange()], 1)]
    longest = account(records).spans[0].rests[0]
    assert (longest.n, longest.frame) == (6, 60)

def by_hand(*rows):
    "Records of a client and a server, 20 ms away, whose windows are 1,000 octets"
    made = []
    for t,src,seq,ack,size,flags,window in rows:
        dst = SERVER if src == CLIENT else CLIENT
        s = Segment(src[1], dst[1], seq, ack, flags, window, bytes(size), mss=1460 if flags & SYN else None)
        made.append(Seen(t, src, dst, s, t))
    return Trace(made)

OPENED = [(0, CLIENT, 100, 0, 0, SYN, 1000), (.02, SERVER, 500, 101, 0, SYN|ACK, 1000),
          (.0201, CLIENT, 101, 501, 0, ACK, 1000)]

def test_an_address_with_colons_stands_in_brackets():
    six = [replace(r, src=('fd00::1', r.src[1]), dst=('fd00::2', r.dst[1])) for r in by_hand(OPENED[0])]
    assert str(account(six)).startswith('[fd00::1]:40000 and [fd00::2]:80: ')

def test_a_reset_refuses_only_what_asked_to_open():
    assert account(by_hand((0, SERVER, 0, 101, 0, RST|ACK, 0))).ended == 'reset'
    refused = by_hand(OPENED[0], (.02, SERVER, 0, 101, 0, RST|ACK, 0))
    assert account(refused).ended == 'refused'

def test_another_answer_to_the_SYN_that_was_not_taken_counts_for_nothing():
    "Neither as a copy, nor as an answer to what was sent meanwhile"
    stray = .51, SERVER, 900_000, 101, 0, SYN|ACK, 1000
    a = account(by_hand(*OPENED, (.5, CLIENT, 101, 501, 50, ACK|PSH, 1000), stray,
                        (.52, SERVER, 501, 151, 100, ACK|PSH, 1000), (.5201, CLIENT, 151, 601, 0, ACK, 1000)))
    assert a.again == 0 and a.round_trip == pytest.approx((.0201, .0201), abs=.0003)

def test_an_answer_as_large_as_the_window_did_not_wait_for_it():
    "The window was open all the time: it was the program that thought"
    a = account(by_hand(*OPENED, (.021, CLIENT, 101, 501, 100, ACK|PSH, 1000), (.041, SERVER, 501, 201, 0, ACK, 1000),
                        (.95, SERVER, 501, 201, 1000, ACK|PSH, 1000), (.9501, CLIENT, 201, 1501, 0, ACK, 1000)))
    assert a.held_back == 'slow_answer' and a.shares['program'] > .9

def test_a_window_that_stays_shut_to_the_end_is_the_receiver():
    probes = [row for t in (.3, .8, 1.8) for row in (
        (t, CLIENT, 1100, 501, 0, ACK, 1000), (t + .02, SERVER, 501, 1101, 0, ACK, 0))]
    a = account(by_hand(*OPENED, (.05, CLIENT, 101, 501, 1000, ACK, 1000), (.07, SERVER, 501, 1101, 0, ACK, 0),
                        *probes, (5, CLIENT, 1101, 501, 0, RST|ACK, 1000)))
    assert a.held_back == 'slow_reader' and a.shares['receiver'] > .9 and a.idle < .1

@pytest.mark.parametrize('records,ended', [
    ([*opening(), *exchange(), *ending()], 'closed'),
    ([*opening(), *exchange(), made(.9, SERVER, CLIENT, 201, ack=101, flags=RST|ACK)], 'reset'),
    ([opening()[0], made(.1, SERVER, CLIENT, 0, ack=1, flags=RST|ACK)], 'refused'),
    ([made(t, CLIENT, SERVER, 0, flags=SYN) for t in (0, 1, 3)], 'unanswered'),
    ([*opening(), *exchange()], 'open'),
    ([*opening(), *exchange(), made(.9, SERVER, CLIENT, 2**20, flags=RST)], 'open'),
    ([*opening(), *exchange(), made(.9, SERVER, CLIENT, 201 + 50, flags=RST)], 'open'), # challenged
    ([*opening(), *exchange(), made(.9, SERVER, CLIENT, 201, flags=RST)], 'reset')])
def test_how_it_ended(records, ended): assert account(records).ended == ended

def test_a_syn_that_nobody_answers_is_lost():
    a = account([made(t, CLIENT, SERVER, 0, flags=SYN) for t in (0, 1, 3)])
    assert (a.held_back, a.shares['network']) == ('lost_syn', 1) and a.round_trip is None

def test_where_one_direction_is_missing_nobody_is_blamed():
    for end in CLIENT, SERVER:
        a = account([r for r in [*opening(), *exchange()] if r.src == end])
        assert (a.shares, a.held_back) == (None, None) and str(a)

def test_what_was_captured_twice_counts_once():
    "Its second sight has the fate `duplicate`"
    once = [*opening(), *exchange(), *ending()]
    twice = [copy for r in once for copy in (r, replace(r, fate='duplicate'))]
    one,two = account(once),account(twice)
    assert (one.octets, one.again, one.shares) == (two.octets, two.again, two.shares)

C,S = CLIENT,SERVER
ASKS,AGREES,AGREED = (0, C, 100, 0, 0, SYN, 9), (.02, S, 500, 101, 0, SYN|ACK, 9), (.0201, C, 101, 501, 0, ACK, 9)
REFUSES = .02, S, 0, 101, 0, RST|ACK, 0
FINS = (1, C, 101, 501, 0, FIN|ACK, 9), (1.02, S, 501, 102, 0, FIN|ACK, 9), (1.0201, C, 102, 502, 0, ACK, 9)
LATER,OTHER = (5, C, 100, 0, 0, SYN, 9), (5, C, 7000, 0, 0, SYN, 9)

@pytest.mark.parametrize('rows,begin', [
    ([ASKS, REFUSES, LATER], [0]),                                      # Windows asks again
    ([ASKS, REFUSES, OTHER], [0, 5]),
    ([ASKS, (.02, S, 0, 7, 0, RST|ACK, 0), LATER, AGREES], [0]),        # was not taken
    ([ASKS, (.02, S, 800, 7, 0, ACK, 9), (.021, C, 7, 0, 0, RST, 0), LATER], [0]), # RFC 9293 figure 9
    ([REFUSES, LATER], [.02]), ([AGREES, ASKS, AGREED], [.02]),         # overtook the SYN
    ([ASKS, (.01, S, 500, 0, 0, SYN, 9), (.02, C, 100, 501, 0, SYN|ACK, 9)], [0]), # both ask
    ([ASKS, AGREES, AGREED, *FINS, OTHER], [0, 5]), ([ASKS, AGREES, AGREED, *FINS, LATER], [0, 5]),
    ([ASKS, AGREES, AGREED, OTHER], [0, 5]), ([ASKS, AGREES, AGREED, LATER], [0]),
    ([ASKS, AGREES, AGREED, (1, C, 101, 0, 0, RST, 0), LATER], [0, 5]),
    ([ASKS, AGREES, AGREED, (5, S, 900, 101, 0, SYN|ACK, 9)], [0]),
    ([ASKS, AGREED, FINS[0], LATER], [0, 5]), ([AGREES, FINS[1], (5, S, 900, 7001, 0, SYN|ACK, 9)], [.02, 5]),
    ([ASKS, AGREES, AGREED, *FINS, AGREES], [0]), ([AGREED, FINS[0], OTHER], [.0201, 5])])
def test_where_one_connection_ends_and_the_next_begins(rows, begin):
    "Between the same ends: table and story never disagree"
    records = by_hand(*rows)
    assert [a.start for a in accounts(records)] == begin == [s.start for s in stories(records)]

def test_a_syn_that_was_refused_was_not_lost():
    "The time until it asks again is nobody's; and where the refusal was not taken, nobody refused"
    a = account(by_hand(ASKS, REFUSES, LATER, (5.02, S, 0, 101, 0, RST|ACK, 0)))
    assert (a.ended, a.held_back, a.round_trip) == ('refused', 'nothing', (.02, .02))
    assert a.idle == pytest.approx(4.98) and [span.word for span in a.spans] == ['round_trips', 'idle']
    dropped = by_hand(ASKS, (.02, S, 0, 7, 0, RST|ACK, 0), (1, C, 100, 0, 0, SYN, 9))
    assert (account(dropped).ended, account(dropped).held_back) == ('open', 'lost_syn')

def test_both_asked_and_nothing_was_lost():
    "RFC 9293 figure 7"
    a = account(by_hand(ASKS, (.001, S, 500, 0, 0, SYN, 9), (.01, C, 100, 501, 0, SYN|ACK, 9),
                        (.011, S, 500, 101, 0, SYN|ACK, 9), (.02, C, 101, 501, 0, ACK, 9)))
    assert a.shares['network'] == 1 and {span.word for span in a.spans} <= {'round_trips', 'idle'}

def test_the_answer_to_a_syn_with_data_that_was_not_taken_measures_the_way():
    "RFC 7413: a cookie was refused"
    a = account(by_hand((0, C, 100, 0, 50, SYN, 9), AGREES, (.0201, C, 101, 501, 50, ACK, 9)))
    assert a.round_trip == pytest.approx((.0201, .0201)) and a.octets == (50, 0)

LATE = (4.02, C, 101, 501, 10, ACK|PSH, 1000), (4.04, S, 501, 111, 0, ACK, 1000)

@pytest.mark.parametrize('rows,most,trip', [
    ((*OPENED[:2], *LATE), 'slow_writer', (.02, .02)),                    # its program was silent
    ((*OPENED[:2], (4.02, C, 101, 501, 0, ACK, 1000), *LATE), 'round_trips', (.02, .02)),
    ((OPENED[0], (4, S, 500, 101, 0, SYN|ACK, 1000), (4.0001, C, 101, 501, 0, ACK, 1000)),
     'round_trips', (.0001, .0001))])
def test_who_waits_for_the_answer_to_a_syn_asks_again_so_a_long_wait_is_no_way(rows, most, trip):
    "RFC 6298 section 2.1: after a second, where none was measured before"
    a = account(by_hand(*rows))
    assert a.held_back == most and a.spans[0].seconds > 3.9
    assert a.round_trip == pytest.approx(trip)

def test_of_a_way_of_a_second_the_syn_is_repeated():
    "And what the second copy made unclear, later segments measure"
    far = [(0, C, 100, 0, 0, SYN, 1000), (.0001, S, 500, 101, 0, SYN|ACK, 1000),
           (1.0001, S, 500, 101, 0, SYN|ACK, 1000), (1.2, C, 101, 501, 0, ACK, 1000),
           (1.21, S, 501, 101, 100, ACK|PSH, 1000), (2.41, C, 101, 601, 0, ACK, 1000)]
    assert account(by_hand(*far)).round_trip[0] == pytest.approx(1.2001)

ONCE = (.05, C, 101, 501, 100, ACK|PSH, 1000), (.07, S, 501, 201, 0, ACK, 1000)

@pytest.mark.parametrize('again,lost', [(.071, 0), (.0695, 0), (.35, .28)])
def test_what_was_acknowledged_before_it_came_again_was_not_lost(again, lost):
    "The copy met its ACK; or a timer sent it, and then the ACK had been lost"
    a = account(by_hand(*OPENED, *sorted([*ONCE, (again, C, 101, 501, 100, ACK|PSH, 1000)]),
                        (again + .02, S, 501, 201, 0, ACK, 1000)))
    spans = {span.word: span.seconds for span in a.spans}
    assert a.again == .5 and spans.get('tail_loss', 0) == pytest.approx(lost, abs=.001)
    assert 'loss' not in spans

def test_of_who_was_not_captured_the_acknowledged_octets_count():
    "And where the time went cannot be known"
    acks = [(.1*n, C, 101, 501 + 2**30*n, 0, ACK, 9) for n in range(1, 5)]
    a = account(by_hand(ASKS, AGREED, *((t, src, seq, ack % 2**32, *more) for t,src,seq,ack,*more in acks)))
    assert a.octets == (0, 2**32) and (a.shares, a.spans) == (None, ())

@pytest.mark.parametrize('src', [C, S])
def test_what_only_one_end_sent_takes_no_more_memory_as_it_grows(src):
    books,size = Accounting(),{}
    tracemalloc.start()
    for n in range(1, 12_001):
        books.note(made(n/1000, src, S if src == C else C, 1 + 100*n, bytes(100*(src == C)), ack=1 + 1000*n))
        if n % 4000 == 0: size[n] = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert size[12_000] < size[8000] + 300_000

def test_who_asked_is_known_though_the_answer_to_its_syn_was_captured_first():
    first,second,third = opening()
    second,first = replace(second, t=0., got=0.),replace(first, t=1e-5, got=1e-5)
    a = account([second, first, third, *exchange()])
    assert (a.client, a.server) == (CLIENT, SERVER)

def test_times_may_be_equal_or_go_back_a_bit():
    records = [*opening(), *exchange(), *ending()]
    records[4] = replace(records[4], t=records[3].t - .001, got=0.)
    assert account(records).held_back == 'slow_answer'

def test_an_account_can_be_asked_for_at_any_time():
    "And the number of a connection is that of its first segment"
    books,records = Accounting(),[*opening(), *exchange(), *ending()]
    assert [books.note(r) for r in records[:-1]] == [0]*(len(records) - 1)
    assert books.account(0).ended == 'closed' and len(books) == 1
    books.note(records[-1])
    assert books.account(0) == account(records) == [*books][0]

def many(n, gap=1e-3):
    "A transfer of `n` segments and half as many ACKs, at the rate of a line"
    records = opening(far=.01)
    for i in range(n):
        t = .01 + i*gap
        records.append(made(t, CLIENT, SERVER, 1 + 1000*i, bytes(1000), ack=1))
        if i % 2: records.append(made(t + .012, SERVER, CLIENT, 1, ack=1001 + 1000*i, window=65000))
    return sorted(records, key=lambda r: r.t)

def test_a_long_one_is_booked_piece_by_piece():
    "And kept are no more than 2,048 of its segments"
    books = Accounting()
    for r in many(6000): books.note(r)
    assert len(books.lives[0].rows) < 9*2048
    a = books.account(0)
    assert (a.held_back, a.octets) == ('rate', (6_000_000, 0)) and a.shares['network'] > .9
    assert a == books.account(0)

@pytest.mark.parametrize('seed', range(300))
def test_whatever_comes_the_times_add_up(seed):
    g,records,t = Random(seed),[],0.
    base = [g.randrange(2**32) for _ in range(2)]
    steps = 0, 1, -1, 100, 1000, -1000, 2**31
    def near(number): return number + g.choice([*steps, g.randrange(2**32)])
    for _ in range(g.randint(1, 30)):
        t = max(0., t + g.choice([0, 0, 1e-5, .01, 1, -.001]))
        i = g.randrange(2)
        src,dst = (CLIENT, SERVER) if i else (SERVER, CLIENT)
        flags,window = g.choice([2, 18, 16, 24, 4, 20, 1, 3, 0]),g.choice([0, 10, 65535])
        data,mss = bytes(g.choice([0, 1, 100, 1460])),g.choice([None, 9, 1460])
        numbers = near(base[i]),near(base[1 - i])
        segment = Segment(src[1], dst[1], *numbers, flags, window, data, mss=mss)
        records.append(Seen(t, src, dst, segment, t, ident=g.choice([None, 5, g.randrange(65536)])))
    found = accounts(records)
    assert [a.start for a in found] == [story.start for story in stories(records)]
    for a in found:
        told = sum(span.seconds for span in a.spans)
        assert told == pytest.approx(a.duration if a.shares else 0, abs=1e-9)
        assert 0 <= a.again <= 1 and min(a.octets) >= 0 and a.held_back in (None, *WORDS)
        if a.shares: assert [*a.shares] == [*OWNERS] and sum(a.shares.values()) == pytest.approx(1)

@pytest.mark.long
@pytest.mark.needs('lab')
def test_transfers_between_two_kernels():
    "Some of the two dozen of `tools/slow.py`, whose table the page shows"
    command = [sys.executable, root/'tools'/'slow.py', '--each', '1', '--only']
    ran = subprocess.run([*command, 'lost_syn,round_trips,slow_answer,window,nothing'],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)
    assert (ran.returncode, ran.stderr) == (0, ''), ran.stdout + ran.stderr
