"""Transfers between two kernels, each held back by one thing that was built in, and what the account says:
usage: tools/slow.py [--seed N] [--only WORD,WORD] [--save FOLDER]. Needs what a lab needs; takes a minute.
A relay in Python stands between the kernels: it delays, limits, and loses. Each transfer is judged from one of
three points: beside the client, beside the server, or between them; half of them without their data."""
import argparse, select, socket, sys, time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from random import Random

from python_tcp.account import OWNER, WORDS, account
from python_tcp.capture import taken, tap
from python_tcp.lab import ADDRESS
from python_tcp.netns import Hosts, mac
from python_tcp.segment import Flags, Segment
from python_tcp.trace import Seen, Trace

Program = Iterator # of octets to send, seconds to sleep (float), octets that must have come (int)

@dataclass
class Way:
    "One direction through the relay"
    delay:float            # seconds
    rate:float|None = None # octets a second
    queue:int = 1 << 20    # octets that may wait for `rate`
    lose:Callable[[int, Segment], object] = lambda n, segment: False # of the nth segment
    n:int = 0
    free:float = 0.

    def due(self, t:float, seg:Segment)->float|None:
        "When a segment is to arrive that came at `t`, `None` if it gets lost"
        self.n += 1
        if self.lose(self.n, seg): return None
        if self.rate:
            start = max(t, self.free)
            size = 40 + len(seg.data)
            if (start - t)*self.rate + size > self.queue: return None
            t = self.free = start + size/self.rate
        return t + self.delay

class Relay:
    "The wire between the hosts: what came is kept with the time it came and the time it went on"
    def __init__(self, hosts:Hosts, ways:dict[str, Way]):
        self.taps = {name: hosts.socket('wire', socket.AF_PACKET, socket.SOCK_DGRAM) for name in ADDRESS}
        for name,sock in self.taps.items(): tap(sock, name, 0x800)
        self.ways,self.start = ways,time.time_ns()
        self.seen:list[Seen] = []
        self.waiting:list[tuple] = []
        self.serial = count()

    def now(self)->float: return (time.time_ns() - self.start)/1e9

    def move(self)->None:
        "Take in what came, and send on what is due"
        for name,sock in self.taps.items():
            for octets,seen in taken(sock, self.start):
                if seen is None: continue
                ident = int.from_bytes(octets[4:6])
                due = self.ways[name].due(seen.t, seen.seg)
                fate = 'lost' if due is None else ''
                self.seen.append(replace(seen, got=None, fate=fate, ident=ident))
                if due is not None: heappush(self.waiting, (due, next(self.serial), name, octets, len(self.seen) - 1))
        while self.waiting and self.waiting[0][0] <= self.now():
            _,_,name,octets,i = heappop(self.waiting)
            to = 'b' if name == 'a' else 'a'
            self.seen[i] = replace(self.seen[i], got=self.now())
            self.taps[to].sendto(octets, (to, 0x800, 0, 0, mac(to)))

    def patience(self)->float:
        return max(0., self.waiting[0][0] - self.now()) if self.waiting else .01

    def close(self)->None:
        for sock in self.taps.values(): sock.close()

class End:
    "A socket and its program"
    def __init__(self, sock:socket.socket, program:Program, read:tuple[int, float]|None):
        self.sock,self.program,self.read = sock,program,read
        self.todo = b''
        self.wake = self.next_read = 0.
        self.need = self.got = 0
        self.ended = self.peer_ended = self.shut = False

    def step(self, now:float)->bool:
        "Go on as far as it can; whether all is said and heard"
        with suppress(BlockingIOError): self._read(now)
        if self.todo:
            with suppress(BlockingIOError): self.todo = self.todo[self.sock.send(self.todo):]
        while not (self.todo or self.ended or self.wake > now or self.need > self.got):
            item = next(self.program, None)
            if item is None: self.ended = True
            elif isinstance(item, float): self.wake = now + item
            elif isinstance(item, int): self.need += item
            else:
                self.todo = item
                with suppress(BlockingIOError): self.todo = self.todo[self.sock.send(self.todo):]
        if self.ended and not self.shut and not self.todo:
            self.sock.shutdown(socket.SHUT_WR)
            self.shut = True
        return self.shut and self.peer_ended

    def _read(self, now):
        if self.peer_ended or self.read and now < self.next_read: return
        most = self.read[0] if self.read else 1 << 20
        octets = self.sock.recv(most)
        if not octets: self.peer_ended = True
        self.got += len(octets)
        if self.read: self.next_read = now + self.read[1]

@dataclass
class Transfer:
    "A transfer to run"
    word:str
    client:Program
    server:Program
    up:Way
    down:Way
    room:dict[str, int]       # SO_RCVBUF of 'a' or 'b'
    read:dict[str, tuple]     # who reads slowly: octets, seconds
    nagle:bool = False

def run(transfer:Transfer, patience:float=30.)->list[Seen]:
    "What passed between two kernels"
    with_hosts = Hosts(ADDRESS, 1500, .2)
    relay = Relay(with_hosts, {'a': transfer.up, 'b': transfer.down})
    socks = []
    def made(name):
        sock = with_hosts.socket(name)
        sock.setblocking(False)
        if name in transfer.room: sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, transfer.room[name])
        if not transfer.nagle: sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        socks.append(sock)
        return sock
    try:
        listener,client = made('b'),made('a')
        listener.bind((ADDRESS['b'], 80))
        listener.listen()
        with suppress(BlockingIOError): client.connect((ADDRESS['b'], 80))
        ends = {'a': End(client, transfer.client, transfer.read.get('a'))}
        begun = relay.now()
        opened = False
        while relay.now() < begun + patience:
            relay.move()
            if 'b' not in ends:
                with suppress(BlockingIOError):
                    sock,_ = listener.accept()
                    sock.setblocking(False)
                    socks.append(sock)
                    ends['b'] = End(sock, transfer.server, transfer.read.get('b'))
            if not opened: opened = bool(select.select([], [client], [], 0)[1])
            over = [end.step(relay.now()) for name,end in ends.items() if name == 'b' or opened]
            if len(over) == 2 and all(over) and not relay.waiting: break
            select.select([*relay.taps.values()], [], [], min(.001, relay.patience()))
        return relay.seen
    finally:
        for sock in socks: sock.close()
        relay.close()
        with_hosts.close()

def requests(n, size, answer, wait=0.)->Program:
    for _ in range(n):
        if wait: yield wait
        yield bytes(size)
        yield answer

def answers(n, size, answer, think=0.)->Program:
    for _ in range(n):
        yield size
        if think: yield think
        yield bytes(answer)

def bulk(size)->Program: yield bytes(size)

def drip(n, size, gap)->Program:
    for _ in range(n):
        yield bytes(size)
        yield gap

def pieces(n, first, second, answer)->Program:
    for _ in range(n):
        yield bytes(first)
        yield bytes(second)
        yield answer

def once(wanted):
    "Lose the first segment that is wanted"
    lost = []
    def lose(n, seg):
        if lost or not wanted(seg): return False
        lost.append(n)
        return True
    return lose

def transfer(word:str, rng:Random)->Transfer:
    "A transfer that this word holds back"
    delay = rng.choice([.005, .02, .04])*rng.uniform(.7, 1.4)
    up,down = Way(delay),Way(delay)
    to_server = rng.random() < .5
    way,reader = (up, 'b') if to_server else (down, 'a')
    room,read,nagle = {},{},False
    one_way = None
    if word == 'rate':
        way.rate = rng.choice([60_000, 150_000, 300_000])*rng.uniform(.8, 1.3)
        way.queue = int(max(20_000, way.rate*.2))
        one_way = bulk(int(way.rate*rng.uniform(2, 3)))
    elif word == 'window':
        up.delay = down.delay = delay = rng.uniform(.02, .05)
        room[reader] = rng.choice([4096, 8192, 16384])
        one_way = bulk(room[reader]*rng.randint(15, 25))
    elif word == 'slow_reader':
        room[reader] = rng.choice([8192, 16384, 32768])
        read[reader] = rng.choice([2000, 5000, 8000]),rng.choice([.05, .1, .2])
        n,each = read[reader]
        if n/each > room[reader]/(6*delay): read[reader] = n, n*8*delay/room[reader]
        one_way = bulk(room[reader]*2 + n*rng.randint(10, 20))
    elif word == 'slow_writer':
        one_way = drip(rng.randint(10, 20), rng.choice([200, 1448, 5000]), max(.06, 3*delay)*rng.uniform(1, 2))
    elif word == 'slow_start':
        up.delay = down.delay = rng.uniform(.08, .14)
        room[reader] = 400_000 # or its window would be full first
        one_way = bulk(rng.randint(150_000, 500_000))
    elif word == 'loss':
        share,chance = rng.uniform(.02, .05),Random(rng.random())
        way.lose = lambda n, seg: seg.data and chance.random() < share
        one_way = bulk(rng.randint(600_000, 1_000_000))
    elif word == 'nagle':
        n,first,second,answer = rng.randint(6, 12),rng.randint(20, 200),rng.randint(20, 300),rng.choice([100, 500])
        up.delay = down.delay = min(delay, .015)
        asked,answered = pieces(n, first, second, answer),answers(n, first + second, answer)
        return Transfer(word, asked, answered, up, down, {}, {}, True)
    elif word == 'slow_answer':
        n,size,answer = rng.randint(2, 6),rng.choice([100, 3000]),rng.choice([300, 9000])
        return Transfer(word, requests(n, size, answer, rng.choice([0., .1])),
            answers(n, size, answer, max(.15, 4*delay)*rng.uniform(1, 2)), up, down, {}, {})
    elif word == 'round_trips':
        n,size,answer = rng.randint(12, 25),rng.choice([100, 400]),rng.choice([200, 1000])
        return Transfer(word, requests(n, size, answer), answers(n, size, answer), up, down, {}, {})
    elif word == 'tail_loss':
        n,answer = 1,rng.randint(3000, 9000)
        first = []
        def last(seg): # of the answer
            if seg.data and not first: first.append(seg.seq)
            return bool(seg.data) and seg.end - first[0] >= answer
        down.lose = once(last)
        return Transfer(word, requests(n, 300, answer), answers(n, 300, answer), up, down, {}, {})
    elif word == 'lost_syn':
        (up if rng.random() < .5 else down).lose = once(lambda seg: seg.flags & Flags.SYN)
        return Transfer(word, requests(2, 300, 5000), answers(2, 300, 5000), up, down, {}, {})
    else: return Transfer(word, requests(1, 300, 3000), answers(1, 300, 3000), up, down, {}, {})
    if to_server: return Transfer(word, one_way, iter(()), up, down, room, read)
    def asked():
        yield 200
        yield from one_way
    return Transfer(word, bulk(200), asked(), up, down, room, read)

def view(seen:list[Seen], where:float, delay:tuple[float, float], whole:bool)->Trace:
    "What passed a point: 0 is beside the client, 1 beside the server"
    found = []
    for r in seen:
        from_client = r.src[0] == ADDRESS['a']
        before = where if from_client else 1 - where # the part of the way that lies before the point
        if r.got is None and before: continue
        t = r.t if not before else r.got - (1 - before)*delay[not from_client]
        seg = r.seg if whole else replace(r.seg, data=bytes(len(r.seg.data)))
        missing = 0 if whole else len(seg.data)
        found.append(replace(r, t=max(t, r.t), got=max(t, r.t), fate='', seg=seg, missing=missing))
    return Trace(sorted(found, key=lambda r: r.t))

def judged(word:str, seed:int, save:Path|None)->tuple[str, ...]:
    "One transfer, and the row that tells of it"
    rng = Random(f'{word} {seed}')
    chosen = transfer(word, rng)
    delays = chosen.up.delay, chosen.down.delay
    seen = run(chosen)
    where = 0. if word == 'lost_syn' else rng.choice([0., .5, 1.])
    trace = view(seen, where, delays, rng.random() < .5)
    if save: trace.save(save/f'{word}-{seed}.pcap')
    found = account(trace)
    point = {0.: 'client', .5: 'middle', 1.: 'server'}[where]
    said = 'nobody' if not found.shares or found.held_back == 'nothing' else max(found.shares, key=found.shares.get)
    right = OWNER.get(word, 'nobody')
    marks = ('' if said == right else '<- owner '+right) or ('' if found.held_back == word else '<- word')
    share = found.shares.get(right, 0.) if found.shares else 0.
    return word, point, f'{found.duration:.2f}', str(len(trace)), str(found.held_back), said, f'{share:.0%}', marks

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--seed', type=int, default=0, help='of what is built (default: %(default)s)')
    parser.add_argument('--only', default=','.join(WORDS), help='the causes to build')
    parser.add_argument('--each', type=int, default=2, help='transfers for each cause (default: %(default)s)')
    parser.add_argument('--save', type=Path, help='a folder for the captures')
    args = parser.parse_args()
    line = '{:<12} {:<7} {:>6} {:>9}  {:<12} {:<9} {:>5} {}'
    print(line.format('built in', 'seen at', 's', 'segments', 'said', 'owner', 'share', ''))
    rows = []
    for word in args.only.split(','):
        for i in range(args.each):
            rows.append(judged(word, 1000*args.seed + i, args.save))
            print(line.format(*rows[-1]).rstrip(), flush=True)
    owners = sum('owner' not in row[-1] for row in rows)
    words = sum(not row[-1] for row in rows)
    print(f'{len(rows)} transfers: the owner right in {owners}, the word in {words}')
    return owners < .9*len(rows) or words < .8*len(rows)

if __name__ == '__main__': sys.exit(main())
