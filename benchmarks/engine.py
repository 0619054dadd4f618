"""What one `step` costs, with more in the send buffer and at an older age: medians of rounds in which all take turns.

python benchmarks/engine.py"""
import platform, statistics, sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))
from python_tcp.engine import TCB, Open, Receive, Send
from python_tcp.segment import Flags, Segment, Seq

SIZES = [1 << n for n in range(12, 23, 2)] # 4 KiB to 4 MiB
AIM, AGE = 2, 100_000

def established(**options):
    "A connection whose peer has room for one segment"
    c, (syn,) = TCB(**options).step(0., Open(1000, 80))
    return c.step(0., Segment(80, 1000, 0, syn.seq + 1, Flags.SYN|Flags.ACK, 1460, mss=1460, ts=(1, 0)))[0]

def ack(c): return Segment(80, 1000, 1, c.snd_max, Flags.ACK, 1460, ts=(1, 0))
def text(c): return Segment(80, 1000, c.rcv_nxt, c.snd_max, Flags.ACK, 1460, bytes(1448), ts=(1, 0))

def queued(size):
    "One segment is in flight and the rest of `size` octets waits"
    return established().step(0., Send(bytes(size)))[0]

def held(size):
    "`size` octets wait to be read"
    c = established(buffer=1 << 23)
    while len(c.rcv_buf) < size: c = c.step(0., text(c))[0]
    return c

def once(f, n=200):
    start = perf_counter()
    for _ in range(n): f()
    return (perf_counter() - start) / n * 1e6

def rows():
    "Name of a step, and for each size of the buffer the step: it is pure, and can be made as often as one likes"
    yield 'ACK, and the next segment goes', [lambda c=c, s=ack(c): c.step(0., s) for c in map(queued, SIZES)]
    yield 'SEND of 1460 octets', [lambda c=queued(size - 1460): c.step(0., Send(bytes(1460))) for size in SIZES]
    yield '- a copy of the buffer alone', [lambda b=bytes(size - 1460), more=bytes(1460): b + more for size in SIZES]
    yield '1448 octets come, none was read', [lambda c=c, s=text(c): c.step(0., s) for c in map(held, SIZES)]
    yield 'RECEIVE of 1448 octets', [lambda c=c: c.step(0., Receive(1448)) for c in map(held, SIZES)]

def ages():
    "Microseconds a step in each tenth of a connection's life: 64 KiB go out segment by segment, again and again"
    c = established()
    for _ in range(10):
        start = perf_counter()
        for _ in range(AGE//10):
            if c.snd_end - c.snd_una < 1460: c = c.step(0., Send(bytes(1 << 16)))[0]
            c = c.step(0., ack(c))[0]
        yield (perf_counter() - start) / (AGE//10) * 1e6

if __name__ == '__main__':
    python = f'{platform.python_implementation()} {platform.python_version()}'
    print(f'{python}, {platform.system()} {platform.machine()}; µs a step; ratio: the last to the first')
    print(f"{'octets in the buffer':30}" + ''.join(f'{size//1024:5} Ki' for size in SIZES) + f"{'ratio':>8}{'aim':>5}")
    for name,steps in rows():
        rounds = [[once(step) for step in steps] for _ in range(15)]
        medians = [statistics.median(column) for column in zip(*rounds)]
        ratio = statistics.median(r[-1]/r[0] for r in rounds)
        aim = AIM if name.startswith('ACK') else ''
        print(f'{name:30}' + ''.join(f'{t:8.1f}' for t in medians) + f'{ratio:8.2f}{aim:>5}')
    lives = [list(ages()) for _ in range(3)]
    tenths = [statistics.median(column) for column in zip(*lives)]
    name,ratio = f'each tenth of {AGE:,} steps',statistics.median(life[-1]/life[0] for life in lives)
    print(f'\n{name:28}' + ''.join(f'{t:5.1f}' for t in tenths) + f'{ratio:8.2f}{AIM:>5}')
