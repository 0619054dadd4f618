"The simulated network: what becomes of each segment, when timers go off, and that a seed says it all"
import gc, hashlib, re, subprocess, sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from python_tcp.net import Link, Net, Step
from python_tcp.segment import Flags, Segment, pack, parse
from python_tcp.trace import Trace

HEADERS = 40
fuzz = settings(max_examples=200, derandomize=True, deadline=None)

def segment(n=0, size=100): return Segment(1, 2, n, 1, Flags.ACK, 1000, bytes(size))

@dataclass(frozen=True)
class Sends:
    "Sends the segments it is told to, and keeps what comes"
    got:tuple = ()
    timer = None
    state = property(lambda self: f'got {len(self.got)}')
    def step(self, now, event=None):
        if isinstance(event, Exception): raise event
        if isinstance(event, Segment): return Sends((*self.got, (now, event))), ()
        return self, tuple(event)

@dataclass(frozen=True)
class Sender:
    "Stop and wait, with a number for each piece"
    todo:tuple
    timer:float|None = None
    def step(self, now, event=None):
        todo = self.todo
        if isinstance(event, Segment):
            if not todo or event.ack != todo[0] + 1: return self, ()
            todo = todo[1:]
        if not todo: return Sender(()), ()
        return Sender(todo, now + 1), (segment(todo[0], size=10),)

@dataclass(frozen=True)
class Receiver:
    got:tuple = ()
    timer = None
    def step(self, now, event=None):
        n = int(event.seq)
        got = self.got if n in self.got else (*self.got, n)
        return Receiver(got), (Segment(2, 1, 1, n + 1, Flags.ACK, 1000),)

@dataclass(frozen=True)
class Alarm:
    "Notes when it was stepped; a call sets its timer"
    timer:float|None = None
    rang:tuple = ()
    def step(self, now, event=None):
        if event is None: return Alarm(None, (*self.rang, now)), ()
        return replace(self, timer=None if event == 'off' else event), ()

def with_a_queue(link):
    "The link, and where it has a rate one of some queues"
    if link.rate is None: return st.just(link)
    return st.sampled_from([None, 500, 3000]).map(lambda queue: replace(link, queue=queue))

links = st.builds(Link,
    delay=st.floats(0, 1),
    jitter=st.sampled_from([0., .01, .5]),
    loss=st.sampled_from([0., .2, 1.]),
    dup=st.sampled_from([0., .3, 1.]),
    corrupt=st.sampled_from([0., .2]),
    rate=st.sampled_from([None, 1000, 1e5]),
    lose=st.sampled_from([(), (1,), (2, 3)])).flatmap(with_a_queue)
numbers = st.integers(0, 2**32 - 1)
bursts = st.lists(st.tuples(st.floats(0, .3), st.lists(st.integers(0, 1000), max_size=5)), max_size=12)

def told(link, pauses, seed=0):
    "A network in which `a` sends these bursts, each after a pause"
    net = Net(Sends(), Sends(), link=link, seed=seed)
    for pause, sizes in pauses:
        net.run(until=net.now + pause)
        net.call('a', [segment(i, size) for i,size in enumerate(sizes)])
    net.run()
    return net

@fuzz
@given(links, bursts, st.integers(0, 2**64))
def test_every_segment_has_one_fate(link, pauses, seed):
    net = told(link, pauses, seed)
    sent = [size for _, sizes in pauses for size in sizes]
    assert [len(seen.seg.data) for seen in net.trace if seen.fate != 'duplicate'] == sent
    for seen in net.trace:
        assert (seen.got is None) == (seen.fate == 'lost')
        if seen.got is not None: assert seen.got > seen.t + link.delay - 2e-9   # records are rounded
        if seen.got is not None and link.rate is None: assert seen.got < seen.t + link.delay + link.jitter + 2e-9
        assert seen.states[0] == 'got 0'
    arrived = sorted(seen.got for seen in net.trace if seen.got is not None and seen.fate != 'spoiled')
    assert [round(t, 9) for t,_ in net.host['b'].got] == arrived
    came = [seen.got for seen in net.trace if seen.got is not None]
    if not link.jitter: assert came == sorted(came)
    copies = [i for i,seen in enumerate(net.trace) if seen.fate == 'duplicate']
    assert all(net.trace[i-1].seg is net.trace[i].seg and net.trace[i-1].fate != 'lost' for i in copies)
    if link.dup == 1: assert len(copies) == sum(seen.fate in ('', 'spoiled') for seen in net.trace)

@fuzz
@given(links, bursts)
def test_a_queue_is_as_long_as_it_may_be(link, pauses):
    "Against a queue that is written down segment by segment"
    link = replace(link, loss=0., dup=0., jitter=0., lose=(), rate=link.rate or 1e4, queue=link.queue or 2000)
    queue = []                                            # (when it has left, octets)
    for seen in told(link, pauses).trace:
        queue = [(gone, size) for gone,size in queue if gone > seen.t + 1e-9]
        size = HEADERS + len(seen.seg.data)
        busy = queue[-1][0] if queue else seen.t
        waits = (busy - seen.t) * link.rate
        if abs(waits + size - link.queue) > 1: assert (seen.fate == 'lost') == (waits + size > link.queue)
        if seen.fate == 'lost': continue
        assert seen.got == pytest.approx(busy + size/link.rate + link.delay, abs=1e-6)
        queue.append((busy + size/link.rate, size))

@fuzz
@given(links, bursts, st.integers(0, 2**32), st.lists(st.floats(0, 3), max_size=5))
def test_looking_in_between_changes_nothing(link, pauses, seed, looks):
    def made(): return Net(Sender(tuple(range(5))), Receiver(), link=replace(link, lose=()), back=Link(), seed=seed)
    whole,parts = made(),made()
    for net in whole, parts: net.call('a', 'go')
    for t in sorted(looks):
        parts.run(until=t)
        assert parts.now == t
        parts.trace, parts.steps
    for net in whole, parts: net.run(until=40)
    assert whole.trace == parts.trace and whole.steps == parts.steps

@pytest.mark.parametrize('seed', range(60))
def test_stop_and_wait_in_a_storm(seed):
    net = Net(Sender(tuple(range(20))), Receiver(), link=Link(loss=.3, dup=.3, corrupt=.1, jitter=.2), seed=seed)
    net.call('a', 'go')
    net.run()
    assert net.host['b'].got == tuple(range(20)) and net.host['a'] == Sender(())
    went_wrong = sum(seen.fate in ('lost', 'spoiled') for seen in net.trace)
    assert sum(len(seen.seg.data) > 0 and seen.fate != 'duplicate' for seen in net.trace) <= 20 + went_wrong
    steps = [step for step in net.steps if step.host == 'b']
    assert [step.before for step in steps[1:]] == [step.after for step in steps[:-1]]

STORM = '''
import sys
sys.path.insert(0, {tests!r})
from test_net import *
stormy = Link(loss=.2, dup=.2, corrupt=.1, jitter=.1, rate=1e4, queue=2000)
net = Net(Sender(tuple(range(50))), Receiver(), link=stormy, seed=2026)
net.call('a', 'go')
net.run()
print(hashlib.sha256((str(net.trace) + net.trace.text()).encode()).hexdigest())
'''

def digest(hashes):
    "What a process prints that hashes strings so"
    here = Path(__file__).parent
    ran = subprocess.run([sys.executable, '-c', STORM.format(tests=str(here))], env={'PYTHONHASHSEED': hashes},
        cwd=here.parent, capture_output=True, text=True, check=True, timeout=60)
    return ran.stdout.strip()

def test_a_seed_says_it_all():
    """In processes with different hashes of strings; and in every version of Python:
    3.11, 3.12 and 3.13 made this digest"""
    assert digest('1') == digest('2') == '984b248e48aa9a9c576c0076e3ee9598cd91593eef01ad7590e34bc2257b3615'

def fates(seed=3, **weather):
    net = Net(Sends(), Sends(), link=Link(**weather), seed=seed)
    for i in range(300): net.call('a', [segment(i)])
    net.run()
    return {int(seen.seg.seq): seen.fate for seen in net.trace if seen.fate != 'duplicate'}

def test_one_knob_turns_nothing_else():
    lost = [{n for n,fate in fates(loss=loss).items() if fate == 'lost'} for loss in (0, .1, .3, 1)]
    assert lost[0] < lost[1] < lost[2] < lost[3] == set(range(300))
    assert fates(loss=.2, corrupt=.2) == fates(loss=.2, corrupt=.2, jitter=.3, delay=.7, dup=.5)
    assert fates(loss=.2) != fates(loss=.2, seed=4)

def test_exact_weather():
    net = told(Link(lose=(2, 4)), [(0, [5, 0, 6, 0, 7]), (0, [8, 0, 9])])
    assert [len(seen.seg.data) for seen in net.trace if seen.fate] == [6, 8]
    net = told(Link(lose=lambda n, seg: n == 2 or len(seg.data) == 9), [(0, [5, 0, 6, 0, 7]), (0, [8, 0, 9])])
    assert [len(seen.seg.data) for seen in net.trace if seen.fate] == [0, 9]

def test_exact_weather_counts_over_all_pairs():
    net = Net(Sends(), Sends(), Sends(), Sends(), link=Link(lose=(2,)), back=Link(lose=(1,)))
    for host in 'abcd': net.call(host, [segment()])
    net.run()
    assert [seen.src[0] for seen in net.trace if seen.fate] == ['10.0.0.2', '10.0.0.3']

@pytest.mark.parametrize('wrong,says', [
    (dict(delay=-1), 'delay'),
    (dict(jitter=float('nan')), 'jitter'),
    (dict(loss=1.5), 'loss is 0 to 1, not 1.5'),
    (dict(dup=-.1), 'dup'),
    (dict(corrupt=2), 'corrupt'),
    (dict(rate=-1), 'rate'),
    (dict(rate=1, queue=-1), 'queue'),
    (dict(queue=5), 'needs a rate'),
    (dict(lose=(0,)), 'from 1')])
def test_wrong_weather(wrong, says):
    with pytest.raises(ValueError, match=says): Link(**wrong)

@fuzz
@given(st.binary(max_size=40), numbers, st.none() | st.tuples(numbers, numbers), st.data())
def test_one_wrong_bit_is_always_seen(data, seq, ts, draw):
    "Which is why what is spoiled need not be handed on"
    octets = pack(Segment(1, 2, seq, 3, Flags.ACK, 5, data, ts=ts), '10.0.0.1', '10.0.0.2')
    bit = draw.draw(st.integers(0, 8*len(octets) - 1))
    with pytest.raises(ValueError):
        parse((int.from_bytes(octets) ^ 1 << bit).to_bytes(len(octets)), '10.0.0.1', '10.0.0.2')

def test_timers():
    net = Net(Alarm(timer=1), Alarm())
    net.call('b', 5)
    net.call('b', 3)                                      # put forward
    net.run(until=2)
    net.call('b', 6)                                      # put off
    net.call('a', 0)                                      # in the past: now
    net.run()
    assert (net.host['a'].rang, net.host['b'].rang, net.now) == ((1, 2), (6,), 6)
    net.call('a', 9)
    net.call('a', 'off')
    net.run()
    assert (net.host['a'].rang, net.now) == ((1, 2), 6)   # time did not pass for nothing

moments = st.tuples(st.floats(0, 2), st.sampled_from('ab'), st.just('off') | st.floats(0, 4))

@fuzz
@given(st.lists(moments, max_size=30))
def test_timers_go_off_when_they_say(calls):
    "Against a plain simulation of two alarm clocks"
    net,due,rang,now = Net(Alarm(), Alarm()),{},[],0.
    def until(end):
        while due and min(due.values()) <= end:
            host = min(due, key=due.get)
            rang.append((due.pop(host), host))
    for pause, host, event in calls:
        now += pause
        net.run(until=now)
        until(now)
        event = event if event == 'off' else now + event
        net.call(host, event)
        if event == 'off': due.pop(host, None)
        else: due[host] = event
    net.run()
    until(float('inf'))
    for host in 'ab': assert net.host[host].rang == tuple(t for t,who in rang if who == host)

@dataclass(frozen=True)
class Broken(Alarm):
    def step(self, now, event=None): return replace(self, timer=event or self.timer), ()

def test_a_timer_that_stays_is_an_error():
    net = Net(Broken(), Alarm())
    net.call('a', 3.)
    with pytest.raises(RuntimeError, match='timer of a is 3.0 still'): net.run()

@dataclass(frozen=True)
class Ticks(Alarm):
    def step(self, now, event=None): return replace(self, timer=now + 10), ()

def test_what_never_ends():
    net = Net(Ticks(timer=0.), Alarm())
    with pytest.raises(RuntimeError, match='100 events.*until'): net.run(most=100)
    at = net.now
    net.run(until=at + 5)
    assert net.now == at + 5
    with pytest.raises(ValueError, match='later, not 3'): net.run(until=3)
    with pytest.raises(ValueError): net.run(until=float('inf'))

def test_an_alarm_set_a_thousand_times_is_one_event():
    net = Net(Alarm(), Ticks(timer=0.))
    for k in range(1000): net.call('a', 2000 - k)         # put forward
    for k in range(1000): net.call('a', 1500 + k)         # put off
    net.run(until=990, most=101)                          # 100 ticks, and once nothing is left
    assert net.host['a'].rang == ()
    net.run(until=2600, most=161 + 1000 + 2)              # each that was put forward is passed over, once
    assert net.host['a'].rang == (2499,)

def test_an_error_is_the_callers_and_changes_nothing():
    net = Net(Sends(), Sends())
    net.call('a', [segment()])
    before = net.host['a'], len(net.trace), len(net.steps)
    with pytest.raises(ConnectionError, match='^connection does not exist$'):
        net.call('a', ConnectionError('connection does not exist'))
    assert before == (net.host['a'], len(net.trace), len(net.steps))
    with pytest.raises(ValueError, match="not 'c'"): net.call('c', [])

def test_pairs():
    machines = [Sends()]*6
    net = Net(*machines, link=Link(rate=1e4), back=Link(delay=1))
    for host in net.host: net.call(host, [segment(ord(host))])
    net.run()
    first = {host: int(machine.got[0][1].seq) for host,machine in net.host.items()}
    assert first == dict(zip('badcfe', map(ord, 'abcdef')))
    a,b = ('10.0.0.1', 1),('10.0.0.2', 2)
    ways = [(seen.src, seen.dst) for seen in net.trace]
    assert ways[:2] == [(a, b), ((b[0], 1), (a[0], 2))] and ways[5][0][0] == '10.0.0.6'
    assert [round(seen.got - seen.t, 6) for seen in net.trace] == [.064, 1, .078, 1, .092, 1]
    assert net.trace.names == {f'10.0.0.{n}': host for n,host in enumerate('abcdef', 1)}
    with pytest.raises(ValueError, match='not 3'): Net(*machines[:3])

@pytest.mark.parametrize('n,last,address', [
    (26, 'z', '10.0.0.26'),
    (28, 'ab', '10.0.0.28'),
    (250, 'ip', '10.0.0.250'),
    (252, 'ir', '10.0.1.2'),
    (702, 'zz', '10.0.2.202'),
    (704, 'aab', '10.0.2.204'),
    (64000, 'cpqn', '10.0.255.250')])
def test_as_many_hosts_as_wanted(n, last, address):
    net = Net(*[Sends()]*n)
    hosts = [*net.host]
    assert hosts[:26] == [*'abcdefghijklmnopqrstuvwxyz'][:n]
    assert hosts[-1] == last and net.addresses[last] == address
    assert len({*net.host}) == len({*net.addresses.values()}) == n
    net.call(last, [segment()])
    net.run()
    assert net.trace.names[net.trace[0].src[0]] == last and net.host[[*net.host][-2]].got

def test_what_many_hosts_say():
    net = Net(*[Sends()]*200, hold=True)
    net.call('gq', [segment(0, 1)])
    assert str(net) == repr(net) and str(net).splitlines() == ['200 hosts, a to gr: 200 got 0',
        '0: 0.000000 10.0.0.199.1 > 10.0.0.200.2: Flags [.], seq 0:1, ack 1, win 1000, length 1 (waiting)']
    assert len(str(Net(*[Sends()]*26)).splitlines()) == 26
    with pytest.raises(ValueError, match='in pairs, not 64002'): Net(*[Sends()]*64002)

def test_a_hundred_pairs_at_one_bottleneck():
    "Whole TCPs: each gets its text through, and the queue is full all the time"
    from python_tcp.congestion import NewReno
    from python_tcp.engine import TCB, Open, Receive, Send
    rate,n,size = 1e6,100,20_000
    hosts = [TCB(NewReno()) for _ in range(2*n)]
    net = Net(*hosts, link=Link(rate=rate, queue=100_000), back=Link(delay=.01), keep='nothing')
    texts,got = {},{}
    for i,(a,b) in enumerate(zip(*[iter(net.host)]*2)):
        net.call(b, Open(80))
        net.call(a, Open(40000, 80, iss=i))
        texts[a],got[b] = bytes([i])*size,b''
    net.run(until=1)
    for a,text in texts.items(): net.call(a, Send(text))
    while sum(map(len, got.values())) < n*size and net.now < 60:
        net.run(until=net.now + .1)
        for b in got:
            came = net.host[b].rcv_buf
            got[b] += came
            if came: net.call(b, Receive(len(came)))
    assert [*got.values()] == [*texts.values()] and n*size/rate < net.now - 1 < 10*n*size/rate

def test_a_machine_without_a_state_has_no_way():
    assert Net(Alarm(), Sends()).paths == {'a': (), 'b': ('got 0',)}
    assert Net(Alarm(), Alarm()).states == {'a': None, 'b': None}

def test_what_is_not_kept():
    nets = [Net(Sender((1, 2)), Receiver(), keep=keep) for keep in ('all', 'trace', 'nothing')]
    for net in nets:
        net.call('a', 'go')
        net.run()
    kept,seen,not_kept = nets
    assert (kept.host, kept.now) == (seen.host, seen.now) == (not_kept.host, not_kept.now)
    assert seen.trace == kept.trace and not seen.steps
    assert (len(kept.trace), len(kept.steps)) == (4, 5) and not not_kept.trace and not not_kept.steps
    assert kept.steps[0] == Step(0, 'a', 'go', Sender((1, 2)), Sender((1, 2), 1), (segment(1, 10),))
    assert Net(Alarm(), Alarm()).paths == {'a': (), 'b': ()}
    for net in seen, not_kept:
        with pytest.raises(RuntimeError, match="paths needs the steps.*keep='all'"): net.paths

def test_what_is_not_kept_is_gone():
    "No machine but the last of each host is alive, whatever is kept of the segments"
    for keep in 'trace', 'nothing':
        net = Net(Sender(tuple(range(50))), Receiver(), keep=keep, watch=lambda m: len(m.todo))
        net.call('a', 'go')
        net.run()
        gc.collect()
        assert sum(type(o) in (Sender, Receiver) for o in gc.get_objects()) == 2 and len(net.watched['a']) == 51

@pytest.mark.parametrize('keep', ['all', 'trace', 'nothing'])
def test_who_holds_the_wire_sees_it(keep):
    net = Net(Sends(), Sends(), hold=True, keep=keep)
    net.call('a', [segment(1), segment(2)])
    net.drop()
    net.run()
    assert [seen.fate for seen in net.trace] == ['lost', ''] and len(net.steps) == 2*(keep == 'all')

@pytest.mark.parametrize('keep', ['all', 'trace', 'nothing'])
def test_watched_has_a_value_for_each_step(keep):
    net = Net(Sender((1, 2)), Receiver(), keep=keep, watch=lambda m: len(m.todo))
    assert net.watched == {'a': [], 'b': []}
    net.call('a', 'go')
    net.run()
    assert net.watched == {'a': [(0, 2), (.1, 1), (.2, 0)], 'b': []}
    if keep == 'all':
        assert net.watched['a'] == [(step.t, len(step.after.todo)) for step in net.steps if step.host == 'a']

def test_what_cannot_be_watched():
    net = Net(Sender((1,)), Receiver())
    with pytest.raises(RuntimeError, match='watched needs to know what.*watch='): net.watched
    net = Net(Sender((1,)), Receiver(), watch=lambda m: m.to_do)
    net.call('a', 'go')
    net.run()
    with pytest.raises(RuntimeError, match="no machine has what `watch` asks for: .*to_do"): net.watched
    net = Net(Sender((1,)), Receiver(), watch=lambda m: 1/0)
    with pytest.raises(ZeroDivisionError): net.call('a', 'go')
    assert net.host['a'] == Sender((1,)) and not net.trace and not net.steps and net.watched == {'a': [], 'b': []}

def test_a_trace_goes_into_a_file(tmp_path):
    net = told(Link(), [(.1, [1, 2])])
    net.trace.save(tmp_path/'net.pcap')
    assert [seen.seg for seen in Trace.load(tmp_path/'net.pcap')] == [seen.seg for seen in net.trace]

def held(*sizes, **link):
    net = Net(Sends(), Sends(), hold=True, link=Link(**link))
    net.call('a', [segment(i, size) for i,size in enumerate(sizes)])
    return net

def numbers(seens): return [int(seen.seg.seq) for seen in seens]

def test_held_and_delivered_in_another_order():
    net = held(5, 5, 5)
    assert numbers(net.waiting) == [0, 1, 2] and net.now == 0
    assert net.deliver(2).got == .05 and numbers(net.waiting) == [0, 1]
    lost = net.drop()
    assert (lost.fate, lost.got, lost.states, net.now) == ('lost', None, ('got 0', 'got 1'), .05)
    rest = net.run()
    assert numbers(rest) == [1, 2] and rest[0].got == .1 and rest.names['10.0.0.1'] == 'a'
    assert [int(seg.seq) for _,seg in net.host['b'].got] == [2, 1]
    assert net.run() == [] and net.states == {'a': 'got 0', 'b': 'got 2'}

def test_doubled_and_spoiled():
    net = held(5, 6)
    assert net.duplicate().fate == 'duplicate' and net.duplicate(2).fate == 'duplicate'
    wait = [(int(seen.seg.seq), seen.fate) for seen in net.waiting]
    assert wait == [(0, ''), (0, 'duplicate'), (1, ''), (1, 'duplicate')]
    assert net.waiting == tuple(net.trace)
    assert net.spoil(1).fate == 'spoiled' and net.duplicate(1).fate == 'spoiled'
    net.run()
    assert [int(seg.seq) for _,seg in net.host['b'].got] == [0, 1, 1]
    assert [seen.got for seen in net.trace] == pytest.approx([.05, .1, .15, .2, .25])

def test_what_a_hand_cannot_take():
    net = held(5)
    says = 'no segment 1: on the wire wait 0: seq=0 len=5 ack=1 from a. net.deliver(i) or net.run() lets them through'
    with pytest.raises(IndexError, match=re.escape(says)): net.drop(1)
    for verb in net.deliver, net.drop, net.duplicate, net.spoil:
        for i in 1, -1:
            with pytest.raises(IndexError): verb(i)
        with pytest.raises(TypeError): verb('0')
    net.drop()
    for verb in net.deliver, net.drop, net.duplicate, net.spoil:
        with pytest.raises(IndexError, match='^there is no segment 0: nothing waits on the wire$'): verb()
    with pytest.raises(IndexError): Net(Sends(), Sends()).deliver()

@pytest.mark.needs('lab')
def test_a_lab_says_the_same():
    from python_tcp.lab import Lab
    with Lab() as lab:
        said = []
        for net in lab, held():
            with pytest.raises(IndexError) as e: net.deliver()
            said.append(str(e.value))
    assert said[0] == said[1]

def test_time_passes_in_a_hand_only_when_told():
    net = Net(Sender((1, 2)), Receiver(), hold=True)
    net.call('a', 'go')
    net.run(until=2.5)
    assert numbers(net.waiting) == [1, 1, 1] and [seen.t for seen in net.waiting] == [0, 1, 2]
    net.drop(), net.drop(), net.drop()
    assert numbers(net.wait()) == [1] and net.now == 3 and net.wait() == net.waiting
    net.drop()
    with pytest.raises(TimeoutError, match='0.5 s'): net.wait(.5)
    assert net.now == 3.5                                 # it has passed, so that who waits again gets further
    net.run()
    assert net.host['b'].got == (1, 2)

@pytest.mark.parametrize('timeout', [-1, float('inf')])
def test_a_wait_for_nothing_leaves_the_time(timeout):
    net = Net(Alarm(), Alarm(), hold=True)
    with pytest.raises(TimeoutError, match=f'{timeout} s'): net.wait(timeout)
    assert net.now == 0

def test_a_hand_runs_on_for_two_seconds():
    net = Net(Alarm(timer=1.9), Alarm(timer=3.95), hold=True, keep='nothing')
    net.run()
    assert net.host['a'].rang == (1.9,) and net.host['b'].rang == () and net.now == 1.9

def test_a_hand_draws_itself():
    net = held(5, 6)
    net.deliver(1)
    assert str(net).splitlines() == ['a 10.0.0.1 got 0', 'b 10.0.0.2 got 1',
        '0: 0.000000 10.0.0.1.1 > 10.0.0.2.2: Flags [.], seq 0:5, ack 1, win 1000, length 5 (waiting)']
    assert '<title>Host a is got 0. Host b is got 1. On the wire: seq=0 len=5 ack=1 from a</title>' in net._repr_svg_()
    net.drop()
    assert 'nothing on the wire' in net._repr_svg_()
    assert Net(*[Sends()]*4)._repr_svg_() is None

def test_the_way_through_the_states():
    net = Net(Sends(), Sends())
    net.call('a', [segment(), segment()])
    net.run()
    assert net.paths == {'a': ('got 0',), 'b': ('got 0', 'got 1', 'got 2')}

def test_the_benchmark_of_a_simulation_runs():
    "With a row for each way to acknowledge"
    path = Path(__file__).parents[1]/'benchmarks'/'simulation.py'
    if not path.exists(): pytest.skip('needs a checkout')
    ran = subprocess.run([sys.executable, path, '200'], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0 and len(re.findall(r'^ours, .* x$', ran.stdout, re.M)) == 2, ran.stdout + ran.stderr
