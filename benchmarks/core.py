"""What `TCPConnection` costs beside the bare socket, in processor time of both ends: medians of rounds in
which both take turns.

python benchmarks/core.py [rounds]

echo:    64 octets go from one end to the other and back, as `send` and `receive(64)`, as `sendall` and `recv(64)`
receive: a stream that is there already, taken by `receive()` and by `recv(1024)`
line:    lines of 64 octets that are there already, by `receive_until` and by `readline` of `makefile`
open:    connect, accept, and close of both ends;
         then the same where both are asked for their `state` after it (Linux)"""
import platform, socket, statistics, sys
from contextlib import contextmanager
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))
from python_tcp.core import LOCALHOST, TCPConnection

OCTETS = bytes(63) + b'\n'
STREAM = OCTETS * 1024

@contextmanager
def pair():
    "Both ends of a bare connection"
    with socket.create_server((LOCALHOST, 0)) as listener, socket.create_connection(listener.getsockname()) as client:
        with listener.accept()[0] as served: yield client, served

def echo(n=3000):
    "The bare socket's time for one round trip, and ours"
    with pair() as (a, b):
        start = process_time()
        for _ in range(n):
            a.sendall(OCTETS)
            b.sendall(b.recv(64))
            a.recv(64)
        between = process_time()
        a, b = TCPConnection(a), TCPConnection(b)
        start_ours = process_time()
        for _ in range(n):
            a.send(OCTETS)
            b.send(b.receive(64))
            a.receive(64)
        return (between - start)/n, (process_time() - start_ours)/n

def come(a, b):
    "Send STREAM from `a`, and wait until all of it is at `b`"
    a.sendall(STREAM)
    while len(b.recv(len(STREAM), socket.MSG_PEEK)) < len(STREAM): pass
    return process_time()

def receive(n=40):
    "Time for one call that takes 1,024 octets"
    took = [0., 0.]
    with pair() as (a, b):
        conn = TCPConnection(b)
        for _ in range(n):
            start = come(a, b)
            for _ in range(64): b.recv(1024)
            took[0] += process_time() - start
            start = come(a, b)
            for _ in range(64): conn.receive()
            took[1] += process_time() - start
    return took[0]/n/64, took[1]/n/64

def line(n=40):
    "Time for one line of 64 octets"
    took = [0., 0.]
    with pair() as (a, b):
        conn, file = TCPConnection(b), b.makefile('rb')
        for _ in range(n):
            start = come(a, b)
            for _ in range(1024): file.readline()
            took[0] += process_time() - start
            start = come(a, b)
            for _ in range(1024): conn.receive_until()
            took[1] += process_time() - start
    return took[0]/n/1024, took[1]/n/1024

def seconds(call, n):
    "Of one `call` among `n`"
    start = process_time()
    for _ in range(n): call()
    return (process_time() - start) / n

def opened(ask=False, n=100):
    "Time for one connection that both ends open and close, and ours"
    def bare():
        with socket.create_connection(where), listener.accept()[0]: pass
    def ours():
        with TCPConnection.connect(where) as client, ours_listener.accept() as served: pass
        if ask: assert {client.state, served.state} == {'TIME_WAIT', 'CLOSED'}
    with socket.create_server((LOCALHOST, 0)) as listener:
        where, ours_listener = listener.getsockname(), TCPConnection(listener)
        return seconds(bare, n), seconds(ours, n)

JOBS = {
    'echo of 64 octets': echo, 'default receive': receive,
    'line of 64 octets': line, 'connect, accept, close': opened}
if sys.platform == 'linux': JOBS['the same, and its state'] = lambda: opened(ask=True)

if __name__ == '__main__':
    rounds = int(*sys.argv[1:] or [15])
    times = [{name: job() for name, job in JOBS.items()} for _ in range(rounds)]
    python = f'{platform.python_implementation()} {platform.python_version()}'
    print(f'{python}, {platform.system()} {platform.machine()}; {rounds} rounds')
    print(f"{'microseconds of processor time':32}{'bare':>8}{'ours':>8}{'bare/ours':>12}")
    for name in JOBS:
        bare, ours = (statistics.median(t[name][i] for t in times) for i in (0, 1))
        ratio = statistics.median(t[name][0] / t[name][1] for t in times)
        print(f'{name:32}{bare*1e6:8.2f}{ours*1e6:8.2f}{ratio:10.2f} x')
