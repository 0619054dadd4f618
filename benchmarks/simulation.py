"""Simulated segments a second: two TCPs of ours over `Net`, beside ns.py and ns-3. All take turns.

30,000 segments of 1460 octets from one host to another, one bottleneck of 100 Mbit/s, 10 ms each
way, nothing lost. Ours carries the octets; ns.py and ns-3 carry sizes, ns-3 headers too, and
checksums where that is said. The limit is a bare `heapq` loop that builds real headers and checksums.
An ACK is an event as a segment is: ns.py acknowledges each segment, ns-3 and our TCP every second
one, and without delayed ACKs ours acknowledges each as well, so it has two rows. A contender gives
the processor's seconds a segment, without what goes before its run; who is missing is told.

python -m pip install ns.py==0.4.3; apt-get install g++ libns3-dev
python benchmarks/simulation.py [segments]"""
import platform, shutil, statistics, subprocess, sys
from functools import partial, wraps
from heapq import heappop, heappush
from importlib.metadata import version
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))
from python_tcp.congestion import NewReno
from python_tcp.engine import TCB, Open, Receive, Send
from python_tcp.net import Link, Net
from python_tcp.segment import Flags, Segment, pack

N = int(*sys.argv[1:] or [30_000])
SIZE, RATE, DELAY, ROUNDS = 1460, 12_500_000, .01, 5
PART = bytes(range(256)) * 4096 # a mebibyte
NS_PY = '0.4.3' # the last for Python 3.11 to 3.13
SLOWING = sys.version_info >= (3, 13) # ns.py gets slower and slower there, and may not end
NS_PY_N = min(N, 3_000) if SLOWING else N
NS3 = 'core network internet point-to-point applications traffic-control'.split()

def timed(run):
    "`run`, which gives a number of segments, but it gives the processor's seconds a segment"
    @wraps(run)
    def seconds(*args):
        start = process_time()
        n = run(*args)
        return (process_time() - start) / n
    return seconds

class Program:
    "A TCB whose program sends `left` octets, and takes what comes once it is worth it"
    def __init__(self, tcb, left=0): self.tcb, self.timer, self.left, self.got = tcb, tcb.timer, left, 0
    def step(self, now, event=None):
        tcb, sent = self.tcb.step(now, event)
        if self.left and tcb.state == 'ESTABLISHED' and tcb.snd_end - tcb.snd_nxt < len(PART):
            n = min(self.left, len(PART))
            tcb, more = tcb.step(now, Send(PART[:n]))
            self.left, sent = self.left - n, sent + more
        elif (n := len(tcb.rcv_buf)) >= 1 << 14 or n and self.got + n == N*SIZE:
            tcb, more = tcb.step(now, Receive(n))
            self.got, sent = self.got + n, sent + more
        self.tcb, self.timer = tcb, tcb.timer
        return self, sent

@timed
def ours(delack):
    "Two of our TCPs, with NewReno, SACK and timestamps; an ACK waits `delack` s for a second segment"
    options = dict(buffer=1 << 20, mss=SIZE + 12) # 12 octets of it go to the timestamps
    sender = Program(TCB(cc=NewReno(), **options), N*SIZE)
    receiver = Program(TCB(delack=delack, **options))
    net = Net(sender, receiver, link=Link(delay=DELAY, rate=RATE), back=Link(delay=DELAY), keep='nothing')
    net.call('b', Open(80))
    net.call('a', Open(40000, 80))
    net.run()
    assert net.host['b'].got == N*SIZE
    return N

@timed
def ns_py():
    "ns.py's TCPPacketGenerator and TCPSink, with TCPReno"
    import simpy
    from ns.flow.cc import TCPReno
    from ns.flow.flow import Flow
    from ns.packet.tcp_generator import TCPPacketGenerator
    from ns.packet.tcp_sink import TCPSink
    from ns.port.port import Port
    from ns.port.wire import Wire
    env = simpy.Environment()
    flow = Flow(fid=0, src='a', dst='b', start_time=0, finish_time=1e9, size=NS_PY_N*SIZE)
    sender = TCPPacketGenerator(env, flow=flow, cc=TCPReno(mss=SIZE, cwnd=10*SIZE, ssthresh=1 << 20), element_id='a')
    sender.mss = SIZE
    sink, port = TCPSink(env, rec_waits=False, rec_arrivals=False, element_id='b'), Port(env, rate=8*RATE)
    there, back = Wire(env, lambda: DELAY), Wire(env, lambda: DELAY)
    sender.out, port.out, there.out, sink.out, back.out = port, there, sink, back, sender
    env.run(until=60)
    assert sender.last_ack == NS_PY_N*SIZE, sender.last_ack
    return NS_PY_N

@timed
def limit():
    "No TCP: each segment's header and checksum, through a heap to the other side, and a header back for every second"
    heap, serial, data, free, left, way, now = [], count(), PART[:SIZE], 0., N, 400, 0.
    def segment(seq, flags, data=b''):
        return pack(Segment(40000, 80, seq, 1, flags, 65535, data, ts=(1, 2)), '10.0.0.1', '10.0.0.2')
    while left or heap:
        while left and way:
            free, left, way = max(now, free) + (SIZE + 40)/RATE, left - 1, way - 1
            heappush(heap, (free + DELAY, next(serial), segment(left*SIZE & 0xffffffff, Flags.ACK, data)))
        now, n, octets = heappop(heap)
        if len(octets) > 100:
            if n % 2: heappush(heap, (now + DELAY, next(serial), segment(1, Flags.ACK)))
        else: way += 2
    return N

def ns_3(program, checksums):
    "ns-3's BulkSendApplication, PacketSink and TcpNewReno, with SACK and timestamps; the program measures itself"
    arguments = N, SIZE, 8*RATE, DELAY, 1 << 20, int(checksums)
    return float(subprocess.run([program, *map(str, arguments)], check=True, capture_output=True, text=True).stdout) / N

def compiled(home):
    "simulation.cc as a program in the folder `home`; OSError where it cannot be had"
    if not shutil.which('g++'): raise OSError('there is no g++')
    libraries = [f'-lns3-{name}' for name in NS3]
    command = ['g++', '-O2', '-o', home/'ns3', Path(__file__).with_suffix('.cc'), *libraries]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode: raise OSError(made.stderr.splitlines()[0])
    return home/'ns3'

EACH,SECOND = 'ours, each segment is ACKed', 'ours, every second one'

def contenders(home):
    "Name -> a function that gives the processor's seconds a segment, for those that can be had; the others are told"
    found = {EACH: partial(ours, 0), SECOND: partial(ours, TCB().delack), 'heapq, headers, checksums': limit}
    try:
        if version('ns.py') != NS_PY: raise ImportError(f"this is {version('ns.py')}")
        found[f'ns.py {NS_PY}'] = ns_py
    except ImportError as e: print(f'without ns.py {NS_PY}: {e}; pip install ns.py=={NS_PY}')
    try:
        program = compiled(home)
        found |= {'ns-3 (C++)': partial(ns_3, program, False), 'ns-3 (C++), checksums': partial(ns_3, program, True)}
    except OSError as e: print(f'without ns-3: {e}; apt-get install g++ libns3-dev')
    return found

def main():
    with TemporaryDirectory() as home:
        found = contenders(Path(home))
        times = [{name: run() for name,run in found.items()} for _ in range(ROUNDS)]
    system = f'{platform.system()} {platform.machine()}'
    print(f'CPython {platform.python_version()}, {system}; processor time, medians of {ROUNDS} rounds\n')
    print(f'{"":28}{"data segments a second":>24}   ours is, ACKing each,{"every second":>14}')
    for name in found:
        speed = statistics.median(1/t[name] for t in times)
        each,second = (statistics.median(t[name]/t[own] for t in times) for own in (EACH, SECOND))
        print(f'{name:28}{speed:>24,.0f}{each:>22.2f} x{second:>12.2f} x')

if __name__ == '__main__': main()
