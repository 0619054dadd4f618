"`core` from outside: both families, every state that loopback can hold, every way to end, and systems that tell less than Linux"
import errno, json, os, pickle, re, socket, subprocess, sys, time
from array import array
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from python_tcp import core, sockdiag
from python_tcp.core import DEFAULT_BACKLOG, DEFAULT_BUFFER_SIZE, LOCALHOST, SocketState, TCPConnection, get_free_port

linux = pytest.mark.needs('linux')
BIG = bytes(range(256)) * (1 << 16) # 16 MiB, more than the buffers of loopback take

@pytest.fixture(autouse=True)
def silent(capfd):
    "Nothing is ever printed"
    yield
    assert capfd.readouterr() == ('', '')

def until(condition, seconds=10):
    "What `condition` gives, as soon as that is true"
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, 'waited in vain'
        time.sleep(.001)
    return found

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

def descriptors(): return len(os.listdir('/proc/self/fd'))
def steps(conn): return [(state, by) for _,state,by in conn.history]

# Ports and addresses

@pytest.mark.parametrize('where', [(), (LOCALHOST,), ('::1',), ('localhost',)])
def test_free_port_can_be_bound(where):
    try: port = get_free_port(*where)
    except OSError as e: pytest.skip(f'needs {where}: {e}')
    family = socket.AF_INET6 if '::1' in where else socket.AF_INET
    with socket.create_server((*where, LOCALHOST)[:1] + (port,), family=family) as s: assert s.getsockname()[1] == port > 0

@pytest.mark.parametrize('call', [TCPConnection.connect, TCPConnection.listen])
@pytest.mark.parametrize('address', [None, 80, 'localhost', ('localhost',), ('localhost', '80'), (LOCALHOST, -1), (LOCALHOST, 65536), (b'::1', 80), (None, 80)], ids=repr)
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
    with TCPConnection.listen(('', 0)) as listener, TCPConnection.connect(('localhost', listener.local_address[1])) as client, listener.accept() as served:
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
SS = {'ESTAB':'ESTABLISHED', 'SYN-RECV':'SYN_RECEIVED', 'UNCONN':'CLOSED'}

def by_ss(conn):
    "The state that ss prints for the two addresses of `conn`"
    end = lambda address: ('[%s]:%d' if ':' in address[0] else '%s:%d') % address
    ours,theirs = conn.local_address,conn.remote_address
    for line in subprocess.run(['ss', '-Htan'], capture_output=True, text=True, check=True, timeout=20).stdout.splitlines():
        name,_,_,local,remote,*_ = line.split()
        if local == end(ours) and remote == (end(theirs) if theirs else remote): return SS.get(name, name.replace('-', '_'))
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
    with socket.create_server(('::', 0), family=socket.AF_INET6, dualstack_ipv6=True) as s, TCPConnection(s) as listener, \
         TCPConnection.connect((LOCALHOST, s.getsockname()[1])) as client, listener.accept() as served:
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
    assert (conn.state, conn.fileno(), conn.local_address, steps(conn)) == ('TIME_WAIT', -1, None, [('TIME_WAIT', 'hand')])
    assert TCPConnection(sock).history == [] and TCPConnection(sock).state == 'CLOSED'
    if sys.platform == 'linux': assert conn.observe() == 'CLOSED' and steps(conn)[1:] == [('CLOSED', 'kernel')]

def test_other_sockets_are_refused():
    pairs = [(socket.AF_INET, socket.SOCK_DGRAM), *([(socket.AF_UNIX, socket.SOCK_STREAM)] if hasattr(socket, 'AF_UNIX') else [])]
    for pair in pairs:
        with socket.socket(*pair) as s, pytest.raises(ValueError, match='TCP'): TCPConnection(s)

def test_is_compared_by_identity():
    a,b = TCPConnection(),TCPConnection()
    assert a != b and len({a, b}) == 2

@pytest.mark.parametrize('given,text', [
    ({}, 'Connection[None] to unknown (state: CLOSED)'),
    (dict(connection_id='a', state=SocketState.SYN_SENT), 'Connection[a] to unknown (state: SYN_SENT)'),
    (dict(remote_address=('192.0.2.1', 80)), 'Connection[None] to 192.0.2.1:80 (state: CLOSED)'),
    (dict(remote_address=('2001:db8::1', 80), connection_id=7), 'Connection[7] to [2001:db8::1]:80 (state: CLOSED)'),
    (dict(remote_address=('2001:db8::1', 80, 0, 0)), 'Connection[None] to [2001:db8::1]:80 (state: CLOSED)')]) # as getpeername() has it
def test_str(given, text): assert str(TCPConnection(**given)) == text

def test_str_of_live_ones(host):
    with ExitStack() as stack:
        listener,client,_ = trio(stack, host)
        where = '[%s]:%d' if ':' in listener.local_address[0] else '%s:%d'
        assert str(listener).startswith('Connection[None] to unknown (state: ')
        assert str(client).startswith(f'Connection[None] to {where % listener.local_address} (state: ')

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
    found = [('ESTABLISHED', 'kernel'), ('CLOSING', 'hand'), *((s, 'kernel') for s in ('ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'TIME_WAIT'))]
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

# Send and receive

def test_send_takes_whatever_has_octets(ends):
    _,client,served = ends
    for data in b'bytes', bytearray(b'array'), memoryview(b'view'), array('I', [1, 2]), b'':
        assert client.send(data) is None
        assert served.receive_exactly(len(memoryview(data).cast('B'))) == bytes(data)
    for wrong in 'text', 7, None, [1]:
        with pytest.raises(TypeError): client.send(wrong)

def test_big_data_both_ways(ends):
    "More than the buffers hold: each end sends while the other reads"
    _,client,served = ends
    with ThreadPoolExecutor(4) as threads:
        sends = [threads.submit(conn.send, BIG) for conn in (client, served)]
        for got in [threads.submit(conn.receive_exactly, len(BIG)) for conn in (client, served)]: assert got.result(60) == BIG
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
    for wrong in 0, -1:
        with pytest.raises(ValueError, match=str(wrong)): served.receive(wrong)
    with pytest.raises(ValueError, match='-1'): served.receive_exactly(-1)
    assert served.receive_exactly(0) == b''

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
    with TCPConnection.listen() as listener, TCPConnection.connect(listener.local_address) as client, listener.accept() as served:
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
        for call in conn.accept, conn.shutdown, conn.receive, lambda: conn.send(b'x'), lambda: conn.receive_exactly(1), lambda: conn.timeout:
            with pytest.raises(ConnectionError, match='connection does not exist'): call()

@linux
def test_never_opened():
    conn = TCPConnection()
    assert (conn.observe(), conn.local_address, conn.remote_address, conn.fileno(), conn.history) == ('CLOSED', None, None, -1, [])
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
@pytest.mark.parametrize('part', ['open_diag', 'find'])
def test_no_socket_table(monkeypatch, ends, part):
    "Some containers have none, Android refuses to answer"
    def refuse(*_): raise OSError(errno.EACCES, 'permission denied')
    monkeypatch.setattr(sockdiag, part, refuse)
    _,client,served = ends
    assert client.observe() == 'ESTABLISHED'
    client.close()
    with pytest.raises(NotImplementedError, match='permission denied'): client.observe()
    assert client.fileno() == -1 and client.state == 'ESTABLISHED' # the last that was observed

def test_the_benchmark_of_imports_runs():
    path = Path(core.__file__).parents[1]/'benchmarks'/'imports.py'
    if not path.exists(): pytest.skip('needs a checkout')
    ran = subprocess.run([sys.executable, path, '1'], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0 and len(re.findall(r'^with', ran.stdout, re.M)) == 2, ran.stderr
