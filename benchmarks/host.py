"""Our TCP as a host beside the least loop that makes the same calls; both talk to this machine's kernel:
usage: benchmarks/host.py [--megabytes N] [--echoes N] [--rounds N] [--veth]. Needs Linux, with `unshare` and `ip`.
The loop reads a segment, checks its sums, acknowledges every second one, and knows nothing of losses, windows and
timers. What is told is processor time of this process, on a core of its own; the kernel's program runs on another.
The segments pass a TUN device where one may be had, else a veth cable; MTU 1500."""
import argparse, fcntl, os, platform, select, socket, struct, subprocess, sys, time
from itertools import count
from statistics import median

from python_tcp.congestion import Cubic
from python_tcp.host import Host
from python_tcp.netns import Hosts, mac

HERE, THERE = '10.9.0.2', '10.9.0.1' # ours, and the kernel's
PORTS = count(7000)

# The two ways to the kernel: packets are read and written, programs run on the other side

class Tun:
    def __init__(self):
        self.fd = os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.fd, 0x400454ca, struct.pack('16sH22x', b'k', 0x1001)) # TUNSETIFF: IFF_TUN, IFF_NO_PI
        for words in f'addr add {THERE}/24 dev k', 'link set k mtu 1500 up':
            subprocess.run(['ip', *words.split()], check=True)

    def fileno(self): return self.fd
    def read(self): return os.read(self.fd, 65536)
    def write(self, packet): os.write(self.fd, packet)
    def run(self, *argv): return subprocess.Popen(argv, stdout=subprocess.PIPE)

class Veth:
    def __init__(self):
        self.hosts = Hosts({'k': THERE}, mtu=1500, rto_min=.2)
        self.sock = self.hosts.socket('wire', socket.AF_PACKET, socket.SOCK_DGRAM)
        self.sock.bind(('k', 0x800))
        self.sock.setblocking(False)
        self.there = 'k', 0x800, 0, 0, mac('k')

    def fileno(self): return self.sock.fileno()
    def read(self): return self.sock.recv(65536)
    def write(self, packet): self.sock.sendto(packet, self.there)
    def run(self, *argv): return self.hosts.run('k', argv, stdout=subprocess.PIPE)

# The kernel's side: a program of a few lines, which is told the port and how much

PROGRAMS = {
    'send': """s = socket.create_connection((peer, port)); data = bytes(1 << 20)
for _ in range(n >> 20): s.sendall(data)
s.shutdown(socket.SHUT_WR); s.recv(1)""",
    'receive': """s, _ = listener.accept()
while s.recv(1 << 20): pass""",
    'echo': """s = socket.create_connection((peer, port)); data = bytes(64)
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
for _ in range(n):
    s.sendall(data)
    left = 64
    while left: left -= len(s.recv(left))
s.shutdown(socket.SHUT_WR); s.recv(1)"""}
HEAD = """import os, socket, sys
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
peer, me, port, n = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
"""

def start(device, what, port, n):
    listen = 'listener = socket.create_server((me, port))\n' if what == 'receive' else ''
    ready = "print('ready', flush=True)\n"
    code = HEAD + listen + ready + PROGRAMS[what]
    program = device.run(sys.executable, '-c', code, HERE, THERE, str(port), str(n))
    program.stdout.readline()
    return program

# The loop

_TCP, _IP = struct.Struct('!HHIIBBHHH'), struct.Struct('!BBHHHBBH4s4s')
_SRC, _DST = map(socket.inet_aton, (HERE, THERE))
_PSEUDO = (int.from_bytes(_SRC) + int.from_bytes(_DST) + 6) % 0xffff
_OPTIONS = b'\2\4\5\xb4\1\3\3\7' # MSS 1460, window scale 7

def checksum(octets, start=0): return -((int.from_bytes(octets) << 8*(len(octets) & 1)) % 0xffff + start) % 0xffff

class Loop:
    def __init__(self, device, port):
        self.device, self.port, self.peer = device, port, 0
        self.seq = self.ack = 0

    def put(self, flags, data=b'', options=b''):
        head = _TCP.pack(self.port, self.peer, self.seq, self.ack, 20 + len(options) << 2, flags, 65535, 0, 0) + options
        size = len(head) + len(data)
        summed = checksum(head + data, _PSEUDO + size)
        packet = _IP.pack(0x45, 0, 20 + size, 0, 0x4000, 64, 6, 0, _SRC, _DST)
        packet = packet[:10] + checksum(packet).to_bytes(2) + packet[12:]
        self.device.write(packet + head[:16] + summed.to_bytes(2) + head[18:] + data)

    def get(self, block=True):
        while True:
            try: packet = self.device.read()
            except BlockingIOError:
                if not block: return None
                select.select([self.device], [], [])
                continue
            if packet[9] != 6 or packet[0] != 0x45: continue
            if checksum(packet[:20]) or checksum(packet[20:], _PSEUDO + len(packet) - 20): continue
            src, dst, seq, ack, offset, flags, window, *_ = _TCP.unpack_from(packet, 20)
            if dst == self.port: return src, seq, ack, flags, window, packet[20 + (offset >> 2):]

    def answer(self):
        "The handshake of who is called"
        self.peer, seq, *_ = self.get()
        self.ack = seq + 1
        self.put(18, options=_OPTIONS)
        self.seq = 1

    def end(self, flags=17):
        self.put(flags)
        while self.get(False): pass

    def receive(self, n):
        self.answer()
        started, segments = time.process_time(), 0
        while True:
            _, seq, _, flags, _, data = self.get()
            if seq != self.ack:
                self.put(16)
                continue
            self.ack = self.ack + len(data) & 0xffffffff
            if flags & 1: break
            segments += 1 if data else 0
            if data and segments % 2 == 0: self.put(16)
        took = time.process_time() - started
        self.ack += 1
        self.end()
        return took

    def send(self, n):
        self.peer = self.port
        self.put(2, options=_OPTIONS)
        _, seq, *_ = self.get()
        self.ack, self.seq = seq + 1, 1
        self.put(16)
        data, una, window = bytes(1460), 1, 60000
        started = time.process_time()
        while una < n:
            while self.seq < n and self.seq + 1460 - una <= min(window, 200_000):
                self.put(16, data)
                self.seq += 1460
            found = self.get()
            while found:
                una, window = max(una, found[2]), found[4] << 7
                found = self.get(False)
        took = time.process_time() - started
        self.put(17)
        self.seq += 1
        self.get()
        self.put(16)
        return took

    def echo(self, n):
        self.answer()
        started = time.process_time()
        while True:
            _, seq, _, flags, _, data = self.get()
            if flags & 1: break
            if data and seq == self.ack:
                self.ack = self.ack + len(data) & 0xffffffff
                self.put(24, data)
                self.seq += len(data)
        took = time.process_time() - started
        self.ack += 1
        self.end()
        return took

# Our TCP

class Ours:
    def __init__(self, device, port, **options):
        self.device, self.port = device, port
        self.host = Host(address=HERE, mtu=1500, msl=.01, **options)
        self.host.tick(time.monotonic())

    def pump(self):
        "Take in what has come, and send what answers it; wait where there is nothing"
        came = 0
        while not came:
            try:
                while came < 16:
                    self.host.give(time.monotonic(), self.device.read())
                    came += 1
                    self.flush()
            except BlockingIOError:
                if not came and self.rest(): return

    def flush(self):
        for packet in self.host.take(): self.device.write(packet)

    def rest(self):
        "Wait for the device, or for the next deadline; whether that has come"
        host = self.host
        timer = host.timer
        wait = None if timer is None else max(timer - time.monotonic(), 0)
        if select.select([self.device], [], [], wait)[0]: return False
        host.tick(time.monotonic())
        self.flush()
        return True

    def do(self, call):
        "The call's result, as soon as it need not wait"
        while True:
            try: result = call()
            except BlockingIOError: self.pump()
            else:
                self.flush()
                return result

    def end(self, connection):
        connection.close()
        self.flush()
        while self.host.connections: self.pump()

    def receive(self, n):
        connection = self.do(self.host.listen(self.port).accept)
        started = time.process_time()
        while self.do(lambda: connection.receive(1 << 20)): pass
        took = time.process_time() - started
        self.end(connection)
        return took

    def send(self, n):
        connection = self.host.connect((THERE, self.port))
        self.flush()
        while connection.state == 'SYN_SENT': self.pump()
        data, sent = bytes(1 << 16), 0
        started = time.process_time()
        while sent < n:
            self.do(lambda: connection.send(data))
            sent += len(data)
        while connection.tcb.snd_una < connection.tcb.snd_end: self.pump()
        took = time.process_time() - started
        self.end(connection)
        return took

    def echo(self, n):
        connection = self.do(self.host.listen(self.port).accept)
        started = time.process_time()
        while data := self.do(lambda: connection.receive(1 << 16)): self.do(lambda: connection.send(data))
        took = time.process_time() - started
        self.end(connection)
        return took

KINDS = {'the loop': Loop, 'ours': lambda *a: Ours(*a, buffer=1 << 20), 'ours, Cubic': lambda *a: Ours(*a, cc=Cubic())}
WHAT = {'send': 'receive', 'receive': 'send', 'echo': 'echo'} # what the kernel does -> what we do

def measured(device, kind, what, n):
    "Processor seconds for one run"
    port = next(PORTS)
    end = KINDS[kind](device, port)
    program = start(device, what, port, n)
    took = getattr(end, WHAT[what])(n)
    program.wait()
    return took

def main(args):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    try: device = Veth() if args.veth else Tun()
    except OSError as e:
        print(f'no TUN here ({e}): over a veth cable')
        device = Veth()
    print(f'{type(device).__name__}, Python {platform.python_version()}, {platform.system()} {platform.release()}')
    octets = args.megabytes*10**6
    for what, n, unit in ('send', octets, 'MB/s'), ('receive', octets, 'MB/s'), ('echo', args.echoes, '/s'):
        found = {kind: [] for kind in KINDS}
        for _ in range(args.rounds):
            for kind in KINDS: found[kind].append(measured(device, kind, what, n))
        rival = median(found['the loop'])
        size = n/10**6 if unit == 'MB/s' else n
        for kind, times in found.items():
            took = median(times)
            print(f'{WHAT[what]:8} {kind:12} {size/took:10,.1f} {unit:5} {rival/took:6.2f} ×', flush=True)

if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--megabytes', type=int, default=40, metavar='N')
    parser.add_argument('--echoes', type=int, default=5000, metavar='N')
    parser.add_argument('--rounds', type=int, default=5, metavar='N')
    parser.add_argument('--veth', action='store_true')
    parser.add_argument('--inside', action='store_true', help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.veth or args.inside: main(args)
    else:
        root = ['unshare', '-n'] if os.geteuid() == 0 else ['unshare', '-Urn']
        os.execvp('unshare', [*root, sys.executable, *sys.argv, '--inside'])
