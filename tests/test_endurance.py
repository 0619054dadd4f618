"""A thousand connections from a program in the kernel's host to a listener of ours, over a live
wire: in a row, from many threads, and where its queue overflows; and nothing is left of them"""
import json, sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import until
from python_tcp.host import Host
from python_tcp.lab import Lab

pytestmark = [pytest.mark.usefixtures('nothing_is_left', 'silent'), pytest.mark.needs('lab')]
DEADLINE = 60. # s, for whatever waits in vain

# sends up to 3,000 octets over each connection and expects them back; counts how they ended
CLIENT = '''
import collections, json, socket, sys, threading
host, port, connections, threads = sys.argv[1], *map(int, sys.argv[2:])
ends = collections.Counter()
def ended(i):
    octets = bytes([i % 256])*(i*7 % 3000 + 1)
    try:
        with socket.create_connection((host, port), 60) as sock:
            sock.sendall(octets)
            sock.shutdown(socket.SHUT_WR)
            came = b''
            while some := sock.recv(65536): came += some
    except OSError as e: return type(e).__name__
    return 'right' if came == octets else f'{len(came)} of {len(octets)}'
def work(first):
    for i in range(first, connections, threads): ends[ended(i)] += 1
pool = [threading.Thread(target=work, args=(first,)) for first in range(threads)]
for thread in pool: thread.start()
for thread in pool: thread.join()
print(json.dumps(ends))
'''

def echo(connection):
    with connection:
        connection.timeout = DEADLINE
        while octets := connection.receive(): connection.send(octets)

def called(lab, port, connections, threads):
    "A program in the host `a` that calls"
    words = lab.b.address, port, connections, threads
    command = [sys.executable, '-c', CLIENT, *map(str, words)]
    return lab.a.run(command, stdout=-1, text=True)

def told(program):
    "How the program's connections ended"
    out, _ = program.communicate(timeout=300)
    return json.loads(out)

def served(lab, connections, threads, backlog):
    "How they ended for the program if each is accepted and answered"
    server = lab.b.listen(80, backlog)
    server.timeout = DEADLINE
    program = called(lab, 80, connections, threads)
    with ThreadPoolExecutor(min(threads, 50)) as pool:
        tasks = [pool.submit(echo, server.accept()) for _ in range(connections)]
    for task in tasks: task.result()
    server.close()
    return told(program)

def made(ipv6=False):
    "A lab whose other end is ours, and forgets soon"
    return Lab(b=Host(msl=.05), mtu=1500, rto_min=.2, ipv6=ipv6)

@pytest.mark.parametrize('connections,threads,ipv6', [
    (30, 1, False), (30, 10, False), (30, 10, True),
    *[pytest.param(1000, threads, ipv6, marks=pytest.mark.long)
      for threads in (1, 200) for ipv6 in (False, True)]])
def test_each_gets_its_octets_back(connections, threads, ipv6):
    with made(ipv6) as lab, lab.live():
        assert served(lab, connections, threads, 250) == {'right': connections}
        until(lambda: not lab.b.connections)
        assert lab.b.timer is None and not lab.b.listeners
        until(lambda: {line.state for line in lab.a.table()} <= {'TIME_WAIT'})

@pytest.mark.parametrize('connections', [20, pytest.param(200, marks=pytest.mark.long)])
def test_a_backlog_that_overflows(connections):
    "One is served after the other, and three may wait: all come to their turn"
    with made() as lab, lab.live():
        server = lab.b.listen(80, 2)
        server.timeout = DEADLINE
        program = called(lab, 80, connections, 20)
        most = 0
        for _ in range(connections):
            connection = server.accept()
            most = max(most, len(server.ready) + len(server.opening))
            echo(connection)
        assert told(program) == {'right': connections} and most <= 6
        server.close()
        until(lambda: not lab.b.connections)

def test_a_listener_that_closes_while_many_wait():
    "Those that were accepted are served; the others are reset or refused, and none waits for ever"
    with made() as lab, lab.live():
        server = lab.b.listen(80, 2)
        server.timeout = DEADLINE
        program = called(lab, 80, 20, 20)
        for _ in range(5): echo(server.accept())
        until(lambda: server.full(), DEADLINE)
        server.close()
        ends = told(program)
        assert ends.pop('right') == 5 and sum(ends.values()) == 15
        assert ends.keys() <= {'ConnectionResetError', 'ConnectionRefusedError', 'BrokenPipeError'}
        until(lambda: not lab.b.connections)
