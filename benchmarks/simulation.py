"""Simulated segments a second: two TCPs of ours over `Net`, beside ns.py, ns-3, and a bare `heapq` loop that builds real headers and checksums as the limit. All take turns.

30,000 segments of 1460 octets from one host to another, one bottleneck of 100 Mbit/s, 10 ms each way, nothing lost. Ours carries the octets; ns.py and ns-3 carry sizes,
ns-3 headers too, and checksums where that is said. Each contender gives the processor's seconds of its run, without what goes before; who is missing is told.
python -m pip install ns.py; apt-get install g++ libns3-dev; python benchmarks/simulation.py"""
import platform, shutil, statistics, subprocess, sys
from functools import partial, wraps
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))
from python_tcp.congestion import NewReno
from python_tcp.engine import TCB, Open, Receive, Send
from python_tcp.net import Link, Net
from python_tcp.segment import Flags, Segment, pack

N, SIZE, RATE, DELAY, ROUNDS = 30_000, 1460, 12_500_000, .01, 5
PART = bytes(range(256)) * 4096 # a mebibyte
NS3 = 'core network internet point-to-point applications traffic-control'.split()

def timed(run):
    "`run`, but it gives the processor's seconds"
    @wraps(run)
    def seconds():
        start = process_time()
        run()
        return process_time() - start
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
def ours():
    "Two of our TCPs, with NewReno, SACK and timestamps"
    options = dict(buffer=1 << 20, mss=SIZE + 12) # 12 octets of it go to the timestamps
    net = Net(Program(TCB(cc=NewReno(), **options), N*SIZE), Program(TCB(**options)), link=Link(delay=DELAY, rate=RATE), back=Link(delay=DELAY), keep='nothing')
    net.call('b', Open(80))
    net.call('a', Open(40000, 80))
    net.run()
    assert net.host['b'].got == N*SIZE

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
    flow = Flow(fid=0, src='a', dst='b', start_time=0, finish_time=1e9, size=N*SIZE)
    sender = TCPPacketGenerator(env, flow=flow, cc=TCPReno(mss=SIZE, cwnd=10*SIZE, ssthresh=1 << 20), element_id='a')
    sender.mss = SIZE
    sink, port = TCPSink(env, rec_waits=False, rec_arrivals=False, element_id='b'), Port(env, rate=8*RATE)
    there, back = Wire(env, lambda: DELAY), Wire(env, lambda: DELAY)
    sender.out, port.out, there.out, sink.out, back.out = port, there, sink, back, sender
    env.run(until=60)
    assert sender.last_ack == N*SIZE, sender.last_ack

@timed
def limit():
    "No TCP: each segment's header and checksum, through a heap to the other side, and a header back for every second"
    heap, serial, data, free, left, way, now = [], count(), PART[:SIZE], 0., N, 400, 0.
    def segment(seq, flags, data=b''): return pack(Segment(40000, 80, seq, 1, flags, 65535, data, ts=(1, 2)), '10.0.0.1', '10.0.0.2')
    while left or heap:
        while left and way:
            free, left, way = max(now, free) + (SIZE + 40)/RATE, left - 1, way - 1
            heappush(heap, (free + DELAY, next(serial), segment(left*SIZE & 0xffffffff, Flags.ACK, data)))
        now, n, octets = heappop(heap)
        if len(octets) > 100:
            if n % 2: heappush(heap, (now + DELAY, next(serial), segment(1, Flags.ACK)))
        else: way += 2

def ns_3(program, checksums):
    "ns-3's BulkSendApplication, PacketSink and TcpNewReno, with SACK and timestamps; the program measures itself"
    arguments = N, SIZE, 8*RATE, DELAY, 1 << 20, int(checksums)
    return float(subprocess.run([program, *map(str, arguments)], check=True, capture_output=True, text=True).stdout)

def compiled(home):
    "simulation.cc as a program in the folder `home`; OSError where it cannot be had"
    if not shutil.which('g++'): raise OSError('there is no g++')
    made = subprocess.run(['g++', '-O2', '-o', home/'ns3', Path(__file__).with_suffix('.cc'), *(f'-lns3-{name}' for name in NS3)], capture_output=True, text=True)
    if made.returncode: raise OSError(made.stderr.splitlines()[0])
    return home/'ns3'

def contenders(home):
    "Name -> a function that gives the processor's seconds, for those that can be had; the others are told"
    found = {'ours': ours, 'heapq, headers, checksums': limit}
    try:
        import ns.packet.tcp_sink
        found['ns.py'] = ns_py
    except ImportError as e: print(f'without ns.py: {e}; pip install ns.py')
    try:
        program = compiled(home)
        found |= {'ns-3 (C++)': partial(ns_3, program, False), 'ns-3 (C++), checksums': partial(ns_3, program, True)}
    except OSError as e: print(f'without ns-3: {e}; apt-get install g++ libns3-dev')
    return found

def main():
    with TemporaryDirectory() as home:
        found = contenders(Path(home))
        times = [{name: run() for name,run in found.items()} for _ in range(ROUNDS)]
    print(f'CPython {platform.python_version()}, {platform.system()} {platform.machine()}; processor time, medians of {ROUNDS} rounds\n')
    print(f'{"":28}{"data segments a second":>24}{"ours is":>12}')
    for name in found:
        speed, ratio = (statistics.median(f(t) for t in times) for f in (lambda t: N/t[name], lambda t: t[name]/t['ours']))
        print(f'{name:28}{speed:>24,.0f}{ratio:>10.2f} x')

if __name__ == '__main__': main()
