"""What `Net` costs beside a bare `heapq` loop that carries the same segments between the same machines:
medians of rounds in which all take turns.

python benchmarks/net.py"""
import platform, statistics, sys
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))
from python_tcp.net import Link, Net
from python_tcp.segment import Flags, Segment

N, RATE, DELAY = 30_000, 1.25e6, .05
DATA = Segment(1, 2, 1, 1, Flags.ACK, 1000, bytes(range(256))*5 + bytes(180))
ACK  = Segment(2, 1, 1, 1, Flags.ACK, 1000)

class Source:
    "Ten segments to begin with, then one for each that is acknowledged"
    timer, state = None, 'ESTABLISHED'
    def __init__(self, left): self.left = left
    def step(self, now, event=None):
        n = min(10 if event == 'go' else 1, self.left)
        return Source(self.left - n), (DATA,)*n

class Sink:
    timer, state = None, 'ESTABLISHED'
    def step(self, now, event=None): return self, (ACK,)

def bare():
    "A heap, a link with a rate in one direction, and nothing else"
    heap, serial, free = [], count(), 0.
    a, b = Source(N), Sink()
    a, out = a.step(0., 'go')
    now, here = 0., True
    while True:
        for segment in out:
            if here:
                free = max(now, free) + (40 + len(segment.data))/RATE
                heappush(heap, (free + DELAY, next(serial), False, segment))
            else: heappush(heap, (now + DELAY, next(serial), True, segment))
        if not heap: return
        now, _, here, segment = heappop(heap)
        if here: a, out = a.step(now, segment)
        else: b, out = b.step(now, segment)

def net(keep, **weather):
    "The same, as `Net` does it"
    n = Net(Source(N), Sink(), link=Link(delay=DELAY, rate=RATE, **weather), back=Link(delay=DELAY), keep=keep)
    n.call('a', 'go')
    n.run()
    assert n.host['a'].left == 0

WAYS = {
    'a bare heapq loop'            : bare,
    'Net, keep="nothing"'          : lambda: net('nothing'),
    '- the same, with jitter'      : lambda: net('nothing', jitter=1e-6),
    'Net, keep="trace"'            : lambda: net('trace'),
    'Net, keep="all"'              : lambda: net('all')}

def once(f):
    start = perf_counter()
    f()
    return perf_counter() - start

if __name__ == '__main__':
    rounds = [[once(f) for f in WAYS.values()] for _ in range(9)]
    python = f'{platform.python_implementation()} {platform.python_version()}'
    print(f'{python}, {platform.system()} {platform.machine()}; {N} segments of 1460 octets, one ACK for each')
    print(f"{'':30}{'segments/s':>12}{'µs each':>9}{'times the loop':>16}")
    for name, took, ratio in zip(WAYS, zip(*rounds), zip(*([t/took[0] for t in took] for took in rounds))):
        t = statistics.median(took)
        print(f'{name:30}{2*N/t:12.0f}{1e6*t/(2*N):9.1f}{statistics.median(ratio):16.2f}')
