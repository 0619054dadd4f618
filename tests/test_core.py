"""`core` from outside: both families, every state that loopback can hold, every way to end,
and systems that tell less than Linux"""
import errno, json, os, pickle, re, select, socket, subprocess, sys, time
from array import array
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import combinations
from pathlib import Path
from threading import Thread

import pytest

from conftest import by_ss_name, descriptors, until
from python_tcp import core, sockdiag
from python_tcp.core import DEFAULT_BACKLOG, DEFAULT_BUFFER_SIZE, LOCALHOST, SocketState, TCPConnection, get_free_port

pytestmark = pytest.mark.usefixtures('silent')
linux = pytest.mark.needs('linux')
BIG = bytes(range(256)) * (1 << 16) # 16 MiB, more than the buffers of loopback take

@pytest.fixture(params=[LOCALHOST, '::1', 'localhost'])
def host(request):
    try: get_free_port(request.param) if ':' in request.param else socket.getaddrinfo(request.param, 0)
    except OSError as e: pytest.skip(f'needs {request.param}: {e}')
    return request.param

def trio(stack, host=LOCALHOST, **options):
    "A listener, a connection to it, and the other end of that"
    listener = stack.enter_context(TCPConnection.listen((host, 0), **options))
    client = stack.enter_context(TCPConnection.connect(listener.local_address))
    return listener, client, stack.enter_context(listener.accept())

@pytest.fixture
def ends():
    with ExitStack() as stack: yield trio(stack)

def fill(conn):
    "Send until nothing more is taken, and give how much was"
    conn.timeout,n = 0,0
    while True:
        try: conn.send(BIG)
        except BlockingIOError as e:
            if not e.characters_written: return n
            n += e.characters_written

def drain(conn):
    "All that has come"
    octets = bytearray()
    try:
        while piece := conn.receive(1 << 20): octets += piece
    except (BlockingIOError, TimeoutError): pass
    return octets

def steps(conn): return [(state, by) for _,state,by in conn.history]

# Ports and addresses

@pytest.mark.parametrize('where', [(), (LOCALHOST,), ('::1',), ('localhost',)])
def test_free_port_can_be_bound(where):
    try: port = get_free_port(*where)
    except OSError as e: pytest.skip(f'needs {where}: {e}')
    family = socket.AF_INET6 if '::1' in where else socket.AF_INET
    with socket.create_server((*where, LOCALHOST)[:1] + (port,), family=family) as s:
        assert s.getsockname()[1] == port > 0

WRONG_ADDRESSES = [None, 80, 'localhost', ('localhost',), ('localhost', '80'), (LOCALHOST, -1), (LOCALHOST, 65536),
    (b'::1', 80), (None, 80)]

@pytest.mark.parametrize('call', [TCPConnection.connect, TCPConnection.listen])
@pytest.mark.parametrize('address', WRONG_ADDRESSES, ids=repr)
def test_wrong_addresses(call, address):
    with pytest.raises(ValueError, match=re.escape(f'not {address!r}')): call(address)

def test_both_families_and_names(host):
    with ExitStack() as stack:
        listener,client,served = trio(stack, host)
        numeric = listener.local_address[0]
        assert numeric == host or host == 'localhost' and numeric in (LOCALHOST, '::1')
        assert client.remote_address == served.local_address == listener.local_address
        assert client.local_address == served.remote_address and len(client.local_address) == 2
        for a,b in (client, served), (served, client):
            a.send(b'octets')
            assert b.receive() == b'octets'

def test_any_address():
    with TCPConnection.listen(('', 0)) as listener:
        port = listener.local_address[1]
        with TCPConnection.connect(('localhost', port)) as client, listener.accept() as served:
            assert served.remote_address == client.local_address

def test_constants(): assert (LOCALHOST, DEFAULT_BUFFER_SIZE, DEFAULT_BACKLOG) == ('127.0.0.1', 1024, 5)

@linux
def test_a_call_that_fails_keeps_no_descriptor(ends):
    listener,before = ends[0],descriptors()
    with pytest.raises(OSError): TCPConnection.listen(listener.local_address)
    with pytest.raises(OSError): TCPConnection.connect((LOCALHOST, get_free_port()))
    with pytest.raises(OSError): TCPConnection.listen(('no.such.host.invalid', 0))
    with pytest.raises(ValueError): TCPConnection.connect((LOCALHOST, 65536))
    assert descriptors() == before

# States

@pytest.mark.parametrize('name', ['FIN_WAIT', 'closed', 'SYN-SENT', '', 7, None])
def test_no_state(name):
    conn = TCPConnection()
    with pytest.raises(ValueError) as e: conn.update_state(name)
    assert all(state in str(e.value) for state in (['FIN_WAIT_1', 'FIN_WAIT_2'] if name == 'FIN_WAIT' else SocketState))
    assert conn.state == 'CLOSED' and not conn.history
    with pytest.raises(ValueError): TCPConnection(state=name)

@pytest.mark.parametrize('state', SocketState)
def test_state_is_its_name(state):
    assert state == state.name == state.value == str(state) == f'{state}' and hash(state) == hash(state.name)
    assert pickle.loads(pickle.dumps(state)) is state and json.loads(json.dumps(state)) == state
    assert state.meaning and getattr(SocketState, state) is state is SocketState(state.name)

UNHELD = {'SYN_RECEIVED'} # no descriptor has it on loopback
def by_ss(conn):
    "The state that ss prints for the two addresses of `conn`"
    end = lambda address: ('[%s]:%d' if ':' in address[0] else '%s:%d') % address
    ours,theirs = conn.local_address,conn.remote_address
    told = subprocess.run(['ss', '-Htan'], capture_output=True, text=True, check=True, timeout=20).stdout
    for line in told.splitlines():
        name,_,_,local,remote,*_ = line.split()
        if local == end(ours) and remote == (end(theirs) if theirs else remote):
            return by_ss_name(name)
    return 'CLOSED'

def hold(state, listener, client, served):
    "An end that is in `state` and stays there"
    match state:
        case 'CLOSED':
            client.abort()
            return served
        case 'LISTEN': return listener
        case 'ESTABLISHED': return client
        case 'FIN_WAIT_1': fill(client)
        case 'CLOSING':
            for conn in client, served: fill(conn)
            served.shutdown()
        case 'TIME_WAIT':
            client.shutdown()
            served.shutdown()
            return client
        case 'LAST_ACK' | 'CLOSE_WAIT':
            client.shutdown()
            if state == 'CLOSE_WAIT': return served
            fill(served)
            served.shutdown()
            return served
    client.shutdown()
    if state == 'CLOSING': until(lambda: drain(client) is not None and client.observe() == state)
    return client

def syn_sent(stack):
    "An end in SYN-SENT: the queue of the listener is full, so its SYN is ignored"
    listener = stack.enter_context(TCPConnection.listen(backlog=0))
    stack.enter_context(TCPConnection.connect(listener.local_address))
    sock = stack.enter_context(socket.socket())
    sock.setblocking(False)
    sock.connect_ex(listener.local_address)
    return TCPConnection(sock, remote_address=listener.local_address)

@pytest.mark.needs('linux', 'ss')
@pytest.mark.parametrize('host', [LOCALHOST, '::1'], indirect=True)
@pytest.mark.parametrize('state', [s for s in SocketState if s not in UNHELD])
def test_observes_what_ss_says(state, host):
    with ExitStack() as stack:
        conn = syn_sent(stack) if state == 'SYN_SENT' else hold(state, *trio(stack, host))
        until(lambda: conn.observe() == state) # the acknowledgment of a FIN may be delayed
        assert conn.state is state
        assert by_ss(conn) == state
        if state == 'TIME_WAIT':
            conn.close()
            assert (conn.observe(), by_ss(conn)) == (state, state)

@linux
def test_time_wait_is_told_from_its_successor():
    "The four-tuple is used again: the old connection is over, whatever the new one does"
    with TCPConnection.listen(('127.0.0.78', 0)) as listener, socket.socket() as first, socket.socket() as again:
        first.bind(('127.0.0.77', 0)) # where no other program's TIME-WAIT has the port
        first.connect(listener.local_address)
        client,old = TCPConnection(first),listener.accept()
        old.close()
        until(lambda: client.observe() == 'CLOSE_WAIT') # a paced FIN may take its time
        client.close()
        until(lambda: (client.observe(), old.observe()) == ('CLOSED', 'TIME_WAIT'))
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(client.local_address)
        again.connect(listener.local_address)
        with listener.accept() as new:
            assert (new.local_address, new.remote_address) == (old.local_address, old.remote_address)
            assert (new.observe(), old.observe()) == ('ESTABLISHED', 'CLOSED')

@linux
@pytest.mark.parametrize('end', [1, 2])
def test_time_wait_of_ipv4_within_ipv6(end):
    if not socket.has_dualstack_ipv6(): pytest.skip('needs IPv6')
    with ExitStack() as stack:
        dual = socket.create_server(('::', 0), family=socket.AF_INET6, dualstack_ipv6=True)
        listener = stack.enter_context(TCPConnection(stack.enter_context(dual)))
        client = stack.enter_context(TCPConnection.connect((LOCALHOST, dual.getsockname()[1])))
        served = stack.enter_context(listener.accept())
        assert served.remote_address == ('::ffff:127.0.0.1', client.local_address[1])
        first,second = (client, served)[::1 if end == 1 else -1]
        first.close()
        second.close()
        assert (first.observe(), second.observe()) == ('TIME_WAIT', 'CLOSED')

@linux
def test_connection_with_itself():
    "Both FINs cross: TIME-WAIT, with the descriptor still open"
    with socket.socket() as s:
        s.bind((LOCALHOST, 0))
        s.connect(s.getsockname())
        with TCPConnection(s) as conn:
            assert conn.state == 'ESTABLISHED' and conn.local_address == conn.remote_address
            conn.shutdown()
            assert conn.state == 'TIME_WAIT'
        assert conn.observe() == 'TIME_WAIT'

@linux
def test_a_second_descriptor_keeps_it_open(ends):
    _,client,_ = ends
    with client.sock.dup():
        client.close()
        assert client.state == 'ESTABLISHED'
    until(lambda: client.observe() == 'FIN_WAIT_2')

# Closed here and open elsewhere

def inside(thread, call):
    "Wait until `thread` waits in a call of the system that has `call` in its line"
    path = Path(f'/proc/self/task/{thread.native_id}/syscall') # its number, then its arguments
    until(lambda: call in path.read_text().split()[:2])

def started(job):
    "A thread that does `job`, and what it gave or raised, once there is something"
    got = []
    def run():
        try: got.append(job())
        except Exception as e: got.append(e)
    thread = Thread(target=run, daemon=True)
    thread.start()
    return thread, got

@linux
def test_a_listener_that_another_descriptor_keeps_open(host):
    with TCPConnection.listen((host, 0)) as listener, listener.sock.dup():
        listener.close()
        assert (listener.state, steps(listener)) == ('LISTEN', [('LISTEN', 'kernel')])
        TCPConnection.connect(listener.local_address).close() # it does listen
    assert listener.observe() == 'CLOSED' and steps(listener)[1:] == [('CLOSED', 'kernel')]

@linux
def test_a_listener_that_another_process_keeps_open():
    with TCPConnection.listen() as listener:
        listener.sock.set_inheritable(True)
        waits = [sys.executable, '-c', 'import sys; sys.stdin.read()']
        with subprocess.Popen(waits, stdin=subprocess.PIPE, close_fds=False) as other:
            listener.close()
            assert listener.state == 'LISTEN'
            other.communicate()
    assert listener.observe() == 'CLOSED'

@linux
def test_a_closed_listener_is_told_from_others_at_its_port():
    def listen(port=0):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        s.bind((LOCALHOST, port))
        s.listen()
        return TCPConnection(s)
    with listen() as one, listen(one.local_address[1]) as two, two.sock.dup():
        one.close()
        two.close()
        assert (one.state, two.state) == ('CLOSED', 'LISTEN')

@linux
def test_a_syn_sent_that_another_descriptor_keeps_open():
    "It has no peer yet, as far as the system tells"
    with ExitStack() as stack:
        conn = syn_sent(stack)
        with conn.sock.dup():
            conn.close()
            assert conn.state == 'SYN_SENT'
        assert conn.observe() == 'CLOSED'

@linux
def test_close_wakes_no_accept_and_loses_no_client():
    "A thread is in `accept`: the listener listens on, and who comes is given"
    with TCPConnection.listen() as listener:
        fd = listener.fileno()
        thread,got = started(listener.accept)
        inside(thread, hex(fd))
        listener.close()
        assert listener.observe() == 'LISTEN'
        with TCPConnection.connect(listener.local_address, 5) as client:
            thread.join(10)
            with got[0] as served:
                served.send(b'welcome')
                assert client.receive_exactly(7) == b'welcome' and served.timeout is None
    assert listener.observe() == 'CLOSED'

@pytest.mark.parametrize('patience', [None, 7])
def test_accept_gives_what_it_took_though_the_listener_was_closed(patience):
    class Closing(socket.socket):
        def accept(self):
            try: return super().accept()
            finally: listener.close() # as another thread might, just then
    with Closing() as sock:
        sock.bind((LOCALHOST, 0))
        sock.listen()
        listener = TCPConnection(sock)
        listener.timeout = patience
        with TCPConnection.connect(listener.local_address, 5) as client, listener.accept() as served:
            assert (served.timeout, served.remote_address) == (patience, client.local_address)
            served.send(b'x')
            assert client.receive() == b'x'

@linux
def test_nobody_is_left_waiting_by_a_call_that_fails():
    "With a time-out it is `poll` that waits, and `accept` comes too late: no connection, and the client is told"
    with TCPConnection.listen() as listener:
        listener.timeout = 20
        thread,got = started(listener.accept)
        syscall = Path(f'/proc/self/task/{thread.native_id}/syscall')
        until(lambda: syscall.read_text().split()[0] not in ('running', '202', '98')) # futex
        with TCPConnection(socket.socket()) as client: # now, so that it does not get the listener's descriptor
            listener.close()
            client.sock.connect(listener.local_address)
            client.timeout = 10
            thread.join(10)
            assert isinstance(got[0], ConnectionError) and 'does not exist' in str(got[0])
            with pytest.raises(ConnectionResetError): client.receive()

def test_a_connection_that_nobody_gets_is_reset():
    class Failing(TCPConnection):
        broken = False
        def __init__(self, sock, **known):
            super().__init__(sock, **known)
            if self.broken: raise ZeroDivisionError
    with Failing.listen() as listener, TCPConnection.connect(listener.local_address, 5) as client:
        Failing.broken = True
        with pytest.raises(ZeroDivisionError): listener.accept()
        with pytest.raises(ConnectionResetError): client.receive()
        with pytest.raises(ZeroDivisionError): Failing.connect(listener.local_address)
        Failing.broken = False
        with listener.accept() as served, pytest.raises(ConnectionResetError): served.receive()

@linux
@pytest.mark.parametrize('timeout', [None, 20])
def test_shutdown_of_a_listener_wakes_who_waits(timeout):
    with TCPConnection.listen() as listener:
        listener.timeout = timeout
        threads = [started(listener.accept) for _ in range(3)]
        if timeout is None:
            for thread,_ in threads: inside(thread, hex(listener.fileno()))
        listener.shutdown()
        assert steps(listener) == [('LISTEN', 'kernel'), ('CLOSED', 'kernel')]
        for thread,got in threads:
            thread.join(10)
            assert isinstance(got[0], ConnectionError) and 'nobody listens here' in str(got[0])
        with pytest.raises(ConnectionRefusedError): TCPConnection.connect(listener.local_address)

def test_accept_needs_a_listener(ends):
    with pytest.raises(OSError, match='listen'): ends[1].accept()

# The constructor

@linux
@pytest.mark.parametrize('given', ['CLOSED', 'LAST_ACK', SocketState.LISTEN])
def test_given_state_gives_way_to_a_live_socket(ends, given):
    "Observed, also where there is no connection"
    _,client,_ = ends
    found = TCPConnection(client.sock, given)
    assert found.state == 'ESTABLISHED' and steps(found) == [('ESTABLISHED', 'kernel')]
    assert found.remote_address == client.remote_address
    with socket.socket() as fresh: assert TCPConnection(fresh, given).state == 'CLOSED'

@pytest.mark.parametrize('sock', [None, 'closed'])
def test_given_state_stays_without_a_live_socket(sock):
    if sock:
        sock = socket.socket()
        sock.close()
    conn = TCPConnection(sock, SocketState.TIME_WAIT, ('192.0.2.1', 80), 'one')
    assert (conn.state, conn.fileno(), conn.local_address) == ('TIME_WAIT', -1, None)
    assert steps(conn) == [('TIME_WAIT', 'hand')]
    assert TCPConnection(sock).history == [] and TCPConnection(sock).state == 'CLOSED'
    if sys.platform == 'linux': assert conn.observe() == 'CLOSED' and steps(conn)[1:] == [('CLOSED', 'kernel')]

def test_other_sockets_are_refused():
    pairs = [(socket.AF_INET, socket.SOCK_DGRAM)]
    if hasattr(socket, 'AF_UNIX'): pairs.append((socket.AF_UNIX, socket.SOCK_STREAM))
    for pair in pairs:
        with socket.socket(*pair) as s, pytest.raises(ValueError, match='TCP'): TCPConnection(s)

def test_is_compared_by_identity():
    a,b = TCPConnection(),TCPConnection()
    assert a != b and len({a, b}) == 2

@pytest.mark.parametrize('given,text', [
    ({}, 'Connection[unknown] to None (state: CLOSED)'),
    (dict(connection_id='a', state=SocketState.SYN_SENT), 'Connection[a] to None (state: SYN_SENT)'),
    (dict(remote_address=('192.0.2.1', 80)), 'Connection[unknown] to 192.0.2.1:80 (state: CLOSED)'),
    (dict(remote_address=('2001:db8::1', 80), connection_id=7), 'Connection[7] to [2001:db8::1]:80 (state: CLOSED)'),
    (dict(remote_address=('2001:db8::1', 80, 0, 0), connection_id=0), # as getpeername() has it
     'Connection[0] to [2001:db8::1]:80 (state: CLOSED)')])
def test_str(given, text): assert str(TCPConnection(**given)) == repr(TCPConnection(**given)) == text

def test_str_of_live_ones(host):
    "`repr` has the local end too, also after close"
    with ExitStack() as stack:
        listener,client,_ = trio(stack, host)
        where = '[%s]:%d' if ':' in listener.local_address[0] else '%s:%d'
        here,there = where % client.local_address,where % listener.local_address
        assert str(listener).startswith('Connection[unknown] to None (state: ')
        assert str(client).startswith(f'Connection[unknown] to {there} (state: ')
        for _ in range(2):
            assert repr(listener).startswith(f'Connection[unknown] at {there} to None (state: ')
            assert repr(client) == str(client).replace(' to ', f' at {here} to ')
            for conn in listener, client: conn.close()

# History

@linux
def test_history_has_each_change_once(ends):
    listener,client,served = ends
    client.send(b'x')
    served.receive()
    for _ in range(3): client.observe()
    client.update_state('ESTABLISHED')
    client.update_state('CLOSING')
    client.observe()
    client.shutdown()
    until(lambda: client.observe() == 'FIN_WAIT_2')
    served.close()
    client.close()
    client.close()
    found = [('ESTABLISHED', 'kernel'), ('CLOSING', 'hand'), ('ESTABLISHED', 'kernel'),
        ('FIN_WAIT_1', 'kernel'), ('FIN_WAIT_2', 'kernel'), ('TIME_WAIT', 'kernel')]
    assert steps(client) in (found, [step for step in found if step[0] != 'FIN_WAIT_1']) # that one may be over at once
    times = [t for t,*_ in client.history]
    assert times == sorted(times) and times[-1] <= time.monotonic()
    listener.close()
    assert steps(listener) == [('LISTEN', 'kernel'), ('CLOSED', 'kernel')]

@linux
def test_send_and_receive_do_not_observe(ends):
    _,client,served = ends
    client.send(b'x')
    client.shutdown()
    assert (served.receive(), served.receive(), served.state) == (b'x', b'', 'ESTABLISHED')
    assert served.observe() == 'CLOSE_WAIT'
    client.abort()
    with pytest.raises(ConnectionError): until(lambda: served.send(b'x'))
    assert served.state == 'CLOSE_WAIT'

@linux
def test_the_table_is_asked_once_somebody_wants_to_know(monkeypatch):
    "Neither to open nor to close, and then once"
    asked,opened = [],sockdiag.open_diag
    monkeypatch.setattr(sockdiag, 'open_diag', lambda: asked.append(1) or opened())
    with ExitStack() as stack:
        listener,client,served = conns = trio(stack)
        for conn in client, served, listener: conn.close()
    assert not asked
    assert [conn.state for conn in conns] == ['CLOSED', 'TIME_WAIT', 'CLOSED'] and len(asked) == 3
    assert [steps(conn)[-1] for conn in conns] == [('CLOSED', 'kernel'), ('TIME_WAIT', 'kernel'), ('CLOSED', 'kernel')]
    ends = [str(conn).rpartition('state: ')[2] for conn in conns]
    assert ends == ['CLOSED)', 'TIME_WAIT)', 'CLOSED)'] and len(asked) == 3

@linux
@pytest.mark.parametrize('note', [
    lambda conn: conn.update_state('LAST_ACK'),
    lambda conn: setattr(conn, 'state', 'LAST_ACK')])
def test_what_was_put_off_comes_before_a_note_by_hand(ends, note):
    _,client,served = ends
    served.abort()
    client.close()
    note(client)
    assert steps(client) == [('ESTABLISHED', 'kernel'), ('CLOSED', 'kernel'), ('LAST_ACK', 'hand')]

# Send and receive

def test_send_takes_whatever_has_octets(ends):
    _,client,served = ends
    views = memoryview(b'view'), memoryview(b'every second')[::2]
    for data in b'bytes', bytearray(b'array'), *views, array('I', [1, 2]), array('I'), b'':
        assert client.send(data) is None
        assert served.receive_exactly(memoryview(data).nbytes) == bytes(data)

def test_big_data_both_ways(ends):
    "More than the buffers hold: each end sends while the other reads"
    _,client,served = ends
    with ThreadPoolExecutor(4) as threads:
        sends = [threads.submit(conn.send, BIG) for conn in (client, served)]
        for got in [threads.submit(conn.receive_exactly, len(BIG)) for conn in (client, served)]:
            assert got.result(60) == BIG
        for sent in sends: assert sent.result(60) is None

@pytest.mark.parametrize('timeout,error', [(.05, TimeoutError), (0, BlockingIOError)])
def test_send_that_may_not_wait_says_how_much_was_taken(ends, timeout, error):
    _,client,served = ends
    client.timeout = timeout
    with pytest.raises(error, match=rf'\d+ of {len(BIG)} octets') as e: client.send(BIG)
    taken = int(re.search(r'(\d+) of', str(e.value))[1])
    if error is BlockingIOError: assert e.value.characters_written == taken
    assert client.timeout == timeout and 0 < taken < len(BIG)
    client.shutdown()
    got = bytearray()
    while piece := served.receive(1 << 20): got += piece
    assert got == BIG[:taken]

def test_receive_gives_what_came(ends):
    _,client,served = ends
    client.send(bytes(3000))
    until(lambda: len(served.sock.recv(3000, socket.MSG_PEEK)) == 3000)
    assert [len(served.receive()), len(served.receive(1)), len(served.receive(1 << 20))] == [1024, 1, 1975]
    assert served.receive_exactly(0) == b''
    client.send(b'x')
    assert served.receive(1 << 70) == b'x' # more than any system takes at once

@pytest.mark.parametrize('end', ['silence', 'FIN', 'nothing yet'])
def test_receive_exactly_loses_nothing(ends, end):
    _,client,served = ends
    client.send(b'abcdef')
    until(lambda: len(served.sock.recv(9, socket.MSG_PEEK)) == 6)
    if end == 'FIN': client.shutdown()
    served.timeout = 0 if end == 'nothing yet' else .05
    error = {'silence':TimeoutError, 'FIN':EOFError, 'nothing yet':BlockingIOError}[end]
    for _ in range(2):
        with pytest.raises(error, match=None if end == 'nothing yet' else '6 of 7'): served.receive_exactly(7)
    assert (served.receive(2), served.receive_exactly(3)) == (b'ab', b'cde')
    if end == 'FIN':
        assert (served.receive(), served.receive(), served.receive()) == (b'f', b'', b'')
    else:
        client.send(b'gh')
        served.timeout = 10
        assert served.receive_exactly(3) == b'fgh'

class Pieces:
    "In place of a socket: gives `pieces`, each at most once, then what a peer's FIN gives"
    def __init__(self, pieces): self.pieces = iter(pieces)
    def fileno(self): return -1
    def recv(self, n):
        piece = next(self.pieces, b'')
        assert len(piece) <= n
        return piece

def given(pieces):
    conn = TCPConnection()
    conn.sock = Pieces(pieces)
    return conn

@pytest.mark.parametrize('end', [b'\n', b'\r\n', b'aab', bytearray(b'\0')], ids=repr)
def test_receive_until_whatever_the_cuts(end):
    messages = [b'one', b'', b'a', b'aaa', b'\r', b'two and three']
    stream = b''.join(message + end for message in messages)
    for i,j in combinations(range(1, len(stream)), 2):
        conn = given([stream[:i], stream[i:j], stream[j:]])
        assert [conn.receive_until(end) for _ in messages] == [message + end for message in messages]
        assert (conn.receive_until(end), conn.pending) == (b'', 0)

def test_receive_until_and_the_others_share_what_came(ends):
    _,client,served = ends
    client.send(b'HEAD 5\nhelloGET\nrest')
    client.shutdown()
    assert (served.receive_until(), served.receive_exactly(5)) == (b'HEAD 5\n', b'hello')
    assert served.receive_until() == b'GET\n'
    assert served.receive(2) + served.receive(2) == b'rest' and served.receive() == b'' == served.receive_until()

@pytest.mark.parametrize('why,most,error,says', [
    ('FIN',         65536, EOFError,        r"the peer sent its FIN after 9 octets without b'\\n'"),
    ('silence',     65536, TimeoutError,    r"9 octets without b'\\n', none more in 0.02 s"),
    ('nothing yet', 65536, BlockingIOError, None),
    ('too long',        7, ValueError,      r"no b'\\n' in the first 7 octets")])
def test_receive_until_loses_nothing(ends, why, most, error, says):
    "Asked twice it says the same, and then what came is there, and what comes after it"
    _,client,served = ends
    client.send(b'half a li')
    until(lambda: len(served.sock.recv(99, socket.MSG_PEEK)) == 9)
    if why == 'FIN': client.shutdown()
    served.timeout = {'silence': .02, 'nothing yet': 0}.get(why, 10)
    for _ in range(2):
        with pytest.raises(error, match=says): served.receive_until(most=most)
        assert served.pending == min(9, most)
    if why == 'FIN':
        assert (served.receive(), served.receive(), served.receive_until()) == (b'half a li', b'', b'')
    else:
        client.send(b'ne\nmore')
        served.timeout = 10
        assert (served.receive_until(), served.receive_exactly(4)) == (b'half a line\n', b'more')

@pytest.mark.parametrize('receive', [lambda conn: conn.receive_until(), lambda conn: conn.receive_exactly(99)])
def test_what_came_before_a_reset_is_kept(ends, receive):
    _,client,served = ends
    client.send(b'half a li')
    until(lambda: len(served.sock.recv(99, socket.MSG_PEEK)) == 9)
    served.timeout = 0
    with pytest.raises(BlockingIOError): receive(served)
    served.timeout = 10
    client.abort()
    with pytest.raises(ConnectionResetError): receive(served)
    assert served.receive() == b'half a li'

def test_the_most_that_receive_until_takes():
    "Counts `end` too, and is never more than what is kept"
    for most in range(1, 8):
        conn = given([bytes([octet]) for octet in b'abcd\nx'])
        if most >= 5: assert conn.receive_until(most=most) == b'abcd\n'
        else:
            with pytest.raises(ValueError): conn.receive_until(most=most)
            assert conn.pending == most and conn.receive_until(most=5) == b'abcd\n'
    conn = given([b'abc\r', b'\n'])
    with pytest.raises(ValueError): conn.receive_until(b'\r\n', 4)
    assert conn.receive_until(b'\r\n', 5) == b'abc\r\n'

def test_receive_until_does_not_look_twice():
    "4 MB in 40,000 pieces: a search from the start each time takes many seconds"
    conn,start = given([b'x'*100]*40_000 + [b'\r', b'\n']),time.process_time()
    assert len(conn.receive_until(b'\r\n', 1 << 23)) == 4_000_002
    assert time.process_time() - start < 2

def test_what_is_kept_is_given_without_copying_the_rest():
    "32 MiB: what was left was copied at each call, 20 ms each"
    conn = given([bytes(1 << 16)]*512)
    with pytest.raises(EOFError): conn.receive_exactly((1 << 25) + 1)
    assert conn.pending == 1 << 25
    start = time.process_time()
    for _ in range(1 << 10): assert len(conn.receive()) == 1024
    assert conn.pending == (1 << 25) - (1 << 20) and time.process_time() - start < 2

@pytest.mark.needs('lab')
def test_in_a_lab():
    """A held connection says what `receive_until` would wait for, and is looked at when it closes:
    nothing moves by itself there"""
    from python_tcp.lab import Lab
    with Lab() as lab:
        server,client = lab.b.listen(80),lab.a.connect((lab.b.address, 80))
        lab.run()
        served = server.accept()
        client.send(b'half')
        lab.run()
        with pytest.raises(BlockingIOError, match='receive_until would wait'): served.receive_until()
        assert (served.pending, served.receive()) == (4, b'half')
        client.close()
        lab.run()
        served.close()
        lab.run()
        client.observe()
        assert [state for state,_ in steps(client)] == ['SYN_SENT', 'FIN_WAIT_1', 'TIME_WAIT']

def test_what_is_kept_is_not_seen_by_select(ends):
    _,client,served = ends
    client.send(b'one\ntwo\n')
    assert select.select([served], [], [], 10)[0] and served.pending == 0
    assert served.receive_until() == b'one\n'
    assert not select.select([served], [], [], 0)[0] and served.pending == 4
    assert served.receive_until() == b'two\n' and served.pending == 0

def test_timeouts():
    with TCPConnection.listen() as listener:
        listener.timeout = .02
        with pytest.raises(TimeoutError): listener.accept()
        with TCPConnection.connect(listener.local_address, timeout=.03) as client, listener.accept() as served:
            assert (client.timeout, served.timeout, listener.timeout) == (.03, .02, .02)
            for conn in client, served:
                with pytest.raises(TimeoutError): conn.receive()
            client.timeout = None
            assert client.timeout is None and client.sock.gettimeout() is None
    with ExitStack() as stack:
        _,client,served = trio(stack)
        assert client.timeout is served.timeout is None

def test_many_threads():
    "A server with a thread for each of its peers; all observe meanwhile"
    def serve(conn):
        with conn:
            while line := conn.receive(): conn.send(line)
            return conn
    def ask(address, i):
        with TCPConnection.connect(address, timeout=20) as conn:
            for n in range(20):
                line = f'{i} {n};'.encode()
                conn.send(line)
                assert conn.receive_exactly(len(line)) == line
                if sys.platform == 'linux': assert conn.observe() == 'ESTABLISHED'
            conn.shutdown()
            assert conn.receive() == b''
    with TCPConnection.listen(backlog=20) as listener, ThreadPoolExecutor(21) as threads:
        asks = [threads.submit(ask, listener.local_address, i) for i in range(10)]
        served = [threads.submit(serve, listener.accept()) for _ in asks]
        for job in asks + served: job.result(30)

# The end of it

def test_close_is_final_and_may_be_repeated(ends):
    for conn in ends:
        before = conn.local_address,conn.remote_address
        for _ in range(2): assert conn.close() is None
        conn.abort()
        assert (conn.local_address, conn.remote_address, conn.fileno()) == (*before, -1)
        calls = [conn.accept, conn.shutdown, conn.receive, lambda: conn.send(b'x'),
            lambda: conn.receive_exactly(1), lambda: conn.timeout]
        for call in calls:
            with pytest.raises(ConnectionError, match='connection does not exist'): call()

@linux
def test_never_opened():
    conn = TCPConnection()
    assert (conn.observe(), conn.fileno(), conn.history) == ('CLOSED', -1, [])
    assert conn.local_address is conn.remote_address is None
    conn.close()
    conn.abort()
    with pytest.raises(ConnectionError, match='never opened'): conn.shutdown()

@linux
def test_addresses_are_kept_although_nobody_asked_before(ends):
    _,client,served = ends
    address = client.sock.getsockname()
    client.close()
    assert client.local_address == address == served.remote_address

@linux
def test_shutdown_twice_and_after_a_reset(ends):
    _,client,served = ends
    client.shutdown()
    client.shutdown()
    assert client.state in ('FIN_WAIT_1', 'FIN_WAIT_2')
    with pytest.raises(BrokenPipeError): client.send(b'x')
    served.abort()
    with pytest.raises(OSError): client.shutdown()
    assert client.observe() == 'CLOSED'

@linux
def test_abort(ends):
    listener,client,served = ends
    fill(client)
    client.abort()
    assert (client.state, served.observe()) == ('CLOSED', 'CLOSED')
    with pytest.raises(ConnectionResetError): until(lambda: drain(served) is None)
    assert served.remote_address == client.local_address
    listener.abort()
    with pytest.raises(ConnectionRefusedError): TCPConnection.connect(listener.local_address)

def test_with_closes_whatever_happens():
    with pytest.raises(ZeroDivisionError), TCPConnection.listen() as listener: 1/0
    assert listener.fileno() == -1
    with pytest.raises(ConnectionRefusedError): TCPConnection.connect(listener.local_address, timeout=5)

@linux
def test_a_server_can_start_again_at_once(ends):
    "Its own TIME-WAIT is at that port"
    listener,client,served = ends
    served.close()
    client.close()
    listener.close()
    assert served.observe() == 'TIME_WAIT'
    with TCPConnection.listen(listener.local_address) as again: assert again.local_address == listener.local_address

@linux
def test_a_subclass_keeps_its_class():
    class Mine(TCPConnection): pass
    with Mine.listen() as listener, Mine.connect(listener.local_address) as client, listener.accept() as served:
        assert {type(c) for c in (listener, client, served)} == {Mine}

# Where the system says less

@pytest.mark.parametrize('system', ['darwin', 'win32', 'freebsd14'])
def test_elsewhere(monkeypatch, system):
    "All works, and only `observe` says that it cannot tell"
    monkeypatch.setattr(sys, 'platform', system)
    with ExitStack() as stack:
        listener,client,served = conns = trio(stack)
        assert (client.remote_address, served.remote_address) == (listener.local_address, client.local_address)
        for conn in conns:
            with pytest.raises(NotImplementedError, match='Linux'): conn.observe()
        client.update_state('ESTABLISHED')
        client.send(b'octets')
        client.shutdown()
        assert (served.receive_exactly(6), served.receive(), client.state) == (b'octets', b'', 'ESTABLISHED')
    for conn in conns:
        with pytest.raises(NotImplementedError): conn.observe()
    assert client.remote_address == listener.local_address and TCPConnection().observe() == 'CLOSED'

@pytest.mark.parametrize('system,error', [('win32', 10022), ('darwin', errno.EINVAL)])
def test_a_socket_without_an_address_can_be_closed(monkeypatch, system, error):
    "Windows has none for an unbound socket, macOS none for one that was reset"
    class Nameless(socket.socket):
        def getsockname(self): raise OSError(error, 'invalid argument')
    monkeypatch.setattr(sys, 'platform', system)
    sock = Nameless()
    with TCPConnection(sock) as conn: assert conn.local_address is None
    assert sock.fileno() == -1

@linux
@pytest.mark.parametrize('part', ['open_diag', '_ask'])
def test_no_socket_table(monkeypatch, ends, part):
    "Some containers have none, Android refuses to answer"
    def refuse(*_): raise OSError(errno.EACCES, 'permission denied')
    monkeypatch.setattr(sockdiag, part, refuse)
    listener,client,served = ends
    assert client.observe() == 'ESTABLISHED'
    client.close()
    with pytest.raises(NotImplementedError, match='permission denied'): client.observe()
    assert client.fileno() == -1 and client.state == 'ESTABLISHED' # the last that was observed
    listener.close()
    with pytest.raises(NotImplementedError): listener.observe()
    assert steps(listener) == [('LISTEN', 'kernel'), ('CLOSED', 'hand')] # nobody can say more than who closed it

@linux
def test_a_system_without_cookies():
    "A connection is still found by both addresses"
    class Plain(socket.socket):
        def getsockopt(self, level, option, *n):
            if (level, option) == (socket.SOL_SOCKET, 57): raise OSError(errno.ENOPROTOOPT, 'protocol not available')
            return super().getsockopt(level, option, *n)
    with TCPConnection.listen() as listener, TCPConnection(Plain()) as client:
        client.sock.connect(listener.local_address)
        with listener.accept() as served:
            assert client.observe() == 'ESTABLISHED'
            client.close()
        assert (client.state, served.state) == ('TIME_WAIT', 'CLOSED')

def test_the_benchmark_of_imports_runs():
    path = Path(core.__file__).parents[1]/'benchmarks'/'imports.py'
    if not path.exists(): pytest.skip('needs a checkout')
    ran = subprocess.run([sys.executable, path, '1'], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0 and len(re.findall(r'^with', ran.stdout, re.M)) == 2, ran.stderr

def test_the_benchmark_of_core_runs():
    path = Path(core.__file__).parents[1]/'benchmarks'/'core.py'
    if not path.exists(): pytest.skip('needs a checkout')
    ran = subprocess.run([sys.executable, path, '1'], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0 and len(re.findall(r'\d x$', ran.stdout, re.M)) >= 4, ran.stderr

# Wrong calls

def made(*args, **options): return lambda *_: TCPConnection(*args, **options)
NO_TIMES = [('1', TypeError), ([], TypeError), (-1, ValueError), (-.5, ValueError),
    (float('inf'), ValueError), (float('nan'), ValueError), (1e30, ValueError)]
NO_SIZES = [('x', TypeError), (b'x', TypeError), (1.5, TypeError), (2.0, TypeError), (None, TypeError),
    ([], TypeError), (-1, ValueError), (-1 << 70, ValueError)]
@pytest.mark.parametrize('call,error,says', [
    (made(5), TypeError, 'sock is a TCP socket over IPv4 or IPv6, or None, not 5'),
    (made('127.0.0.1'), TypeError, "sock is a TCP socket over IPv4 or IPv6, or None, not '127.0.0.1'"),
    (made(('127.0.0.1', 80)), TypeError, "not ('127.0.0.1', 80)"),
    (made(socket.socket), TypeError, "sock is a TCP socket over IPv4 or IPv6, or None, not <class 'socket.socket'>"),
    (made(remote_address='127.0.0.1:80'), ValueError, "such as ('127.0.0.1', 8080), not '127.0.0.1:80'"),
    (made(remote_address=80), ValueError, 'not 80'),
    (made(state='NOPE'), ValueError, "'NOPE' is no state; the states are CLOSED, LISTEN"),
    (lambda *_: get_free_port(None), TypeError, "such as '127.0.0.1', not None"),
    (lambda *_: get_free_port(80), TypeError, 'not 80'),
    (lambda *_: get_free_port(('127.0.0.1', 80)), TypeError, "not ('127.0.0.1', 80)"),
    (lambda *_: TCPConnection.connect('localhost:80'), ValueError,
     "(host, port) with a port from 0 to 65535, such as ('127.0.0.1', 8080), not 'localhost:80'"),
    (lambda *_: TCPConnection.connect(('127.0.0.1', '80')), ValueError, "not ('127.0.0.1', '80')"),
    (lambda *_: TCPConnection.listen(('127.0.0.1', 80.)), ValueError, "not ('127.0.0.1', 80.0)"),
    (lambda *_: TCPConnection.listen(backlog='5'), TypeError, "backlog is a whole number, 0 or more, not '5'"),
    (lambda *_: TCPConnection.listen(backlog=None), TypeError, 'not None'),
    (lambda *_: TCPConnection.listen(backlog=-1), ValueError, 'backlog is a whole number, 0 or more, not -1'),
    *[(call, kind, f'a timeout is 0 to 2147483 seconds, or None to wait for ever, not {wrong!r}')
      for wrong,kind in NO_TIMES
      for call in (lambda _,listener,wrong=wrong: TCPConnection.connect(listener.local_address, wrong),
                   lambda _,listener,wrong=wrong: TCPConnection.connect(listener.local_address, timeout=wrong),
                   lambda conn,_,wrong=wrong: setattr(conn, 'timeout', wrong))],
    (lambda conn,_: conn.send('text'), TypeError, "octets can be sent, text cannot: send('text'.encode())"),
    (lambda conn,_: conn.send(5), TypeError, "send takes octets, such as b'hello', not 5"),
    (lambda conn,_: conn.send(None), TypeError, 'not None'),
    (lambda conn,_: conn.send([1]), TypeError, 'not [1]'),
    (lambda conn,_: conn.send([1]*10**6), TypeError, "not [1, 1, 1"),
    (lambda conn,_: conn.send(bytes), TypeError, "not <class 'bytes'>"),
    (lambda conn,_: conn.receive(int), TypeError, "not <class 'int'>"),
    (lambda conn,_: setattr(conn, 'timeout', float), TypeError, "not <class 'float'>"),
    *[(lambda conn,_,name=name,wrong=wrong: getattr(conn, name)(wrong), kind,
       f'{name} takes a whole number, {least} or more, not {wrong!r}')
      for name,least in [('receive', 1), ('receive_exactly', 0)]
      for wrong,kind in NO_SIZES],
    (lambda conn,_: conn.receive(0), ValueError, 'receive takes a whole number, 1 or more, not 0'),
    *[(lambda conn,_,wrong=wrong: conn.receive_until(wrong), TypeError, f"end is octets, such as b'\\n', not {wrong!r}")
      for wrong in ('\n', 10, None, [b'\n'])],
    (lambda conn,_: conn.receive_until(b''), ValueError, "end is one octet or more, such as b'\\n', not b''"),
    (lambda conn,_: conn.receive_until(b'\r\n', 1), ValueError,
     'most, which counts end too, is a whole number, 2 or more, not 1'),
    (lambda conn,_: conn.receive_until(most='9'), TypeError, "not '9'"),
    (lambda conn,_: conn.receive_until(most=1.5), TypeError, 'not 1.5'),
    (lambda conn,_: conn.update_state('NOPE'), ValueError, "'NOPE' is no state; the states are CLOSED, LISTEN"),
    (lambda conn,_: setattr(conn, 'state', 'NOPE'), ValueError, "'NOPE' is no state"),
    (lambda conn,_: conn.update_state(None), ValueError, 'None is no state')])
@pytest.mark.parametrize('kept', [b'', b'kept'])
def test_wrong_calls(ends, call, error, says, kept):
    "Each says what was wrong and what would be right, in lower case; nothing changes, and no socket is left open"
    listener,client,served = ends
    client._early += kept
    before = client.timeout,client.state,client.pending,steps(client),descriptors()
    with pytest.raises(error, match=re.escape(says)) as e: call(client, listener)
    assert len(str(e.value)) < 300 and type(e.value) is error and not str(e.value).removeprefix('None')[0].isupper()
    assert (client.timeout, client.state, client.pending, steps(client), descriptors()) == before
