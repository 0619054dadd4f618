"""A live wire: programs over it, weather, waiting calls; and that it is held again afterwards, with nothing left"""
import hashlib, os, random, runpy, signal, subprocess, sys, threading
from pathlib import Path

import pytest

import python_tcp
from conftest import until
from test_ends import KINDS, any_two, ends
from python_tcp.host import Host
from python_tcp.lab import Lab
from python_tcp.net import Link
from python_tcp.segment import Flags, Segment

pytestmark = pytest.mark.usefixtures('nothing_is_left', 'silent')
HOME = Path(python_tcp.__path__[0]).parent
in_a_lab = pytest.mark.needs('lab')
BODY = random.Random(1).randbytes(300_000)
DEADLINE = 30. # s, for whatever waits in vain

def opened(lab, port=80):
    "Both ends of a connection over the live wire"
    server = lab.b.listen(port)
    server.timeout = DEADLINE
    client = lab.a.connect((lab.b.address, port))
    client.timeout = DEADLINE
    return client, server.accept()

def beside(call, *args):
    "A thread that makes a call, and keeps what it raised"
    def run():
        try: call(*args)
        except Exception as e: thread.error = e
    thread = threading.Thread(target=run)
    thread.error = None
    thread.start()
    return thread

def ended(thread):
    thread.join(DEADLINE)
    assert not thread.is_alive()
    if thread.error: raise thread.error

def fetched(lab, body):
    "What arrives at the one end if `body` is sent at the other, both ways at once"
    client,served = opened(lab)
    def send(connection):
        connection.send(body)
        connection.shutdown()
    senders = [beside(send, connection) for connection in (client, served)]
    got = [connection.receive_exactly(len(body)) for connection in (served, client)]
    for sender in senders: ended(sender)
    assert [connection.receive() for connection in (served, client)] == [b'', b'']
    client.close()
    served.close()
    return got

@any_two
def test_octets_arrive(a, b):
    "And without weather nothing is lost, late or sent twice"
    with ends(a, b, mtu=1500) as lab:
        with lab.live(): assert fetched(lab, BODY) == [BODY, BODY]
        assert {seen.fate for seen in lab.trace} == {''}
        sent = [(seen.src, int(seen.seg.seq), seen.seg.len) for seen in lab.trace if seen.seg.len]
        assert len(sent) == len(set(sent)) > 2*len(BODY)/1460
        for path in lab.paths.values(): assert path[0] in ('SYN_SENT', 'LISTEN', 'SYN_RECEIVED')
        assert lab.states['a'] in ('TIME_WAIT', 'CLOSED')

@any_two
def test_octets_arrive_through_weather(a, b):
    "Loss, damage, copies, overtaking; the share that is lost is that of a `Net`"
    body = BODY[:60_000]
    weather = Link(delay=.002, jitter=.002, loss=.03, dup=.03, corrupt=.02)
    with ends(a, b, mtu=1500, rto_min=.2) as lab:
        with lab.live(weather, seed=5): assert fetched(lab, body) == [body, body]
        fates = [seen.fate for seen in lab.trace]
        assert {'lost', 'spoiled', 'duplicate'} <= {*fates} and fates.count('lost') < len(fates)/10

def test_a_way_of_its_own():
    "Delay in one direction only"
    with Lab(Host(), Host()) as lab:
        with lab.live(Link(delay=.02), back=Link(delay=0)):
            client,_ = opened(lab)
            until(lambda: lab.states == {'a': 'ESTABLISHED', 'b': 'ESTABLISHED'})
        syn,answer,ack = lab.trace
        assert syn.got - syn.t >= .02 and ack.got - ack.t >= .02 and answer.got - answer.t < .02

# Held, live, held

@any_two
def test_held_again(a, b):
    "What is under way waits on the wire, and the verbs move it"
    with ends(a, b) as lab:
        server = lab.b.listen(80)
        with lab.live(Link(delay=1000)) as same:
            assert same is lab
            client = lab.a.connect((lab.b.address, 80))
            assert [seen.seg.flags for seen in lab.waiting] == [Flags.SYN]
        with pytest.raises(BlockingIOError, match='0: SYN.*lab.deliver'): server.accept()
        for _ in range(3): lab.deliver()
        served = server.accept()
        client.send(b'held')
        with lab.live():
            served.timeout = DEADLINE
            assert served.receive() == b'held'
            served.send(b'live')
            client.timeout = DEADLINE
            assert client.receive() == b'live'
        client.send(b'held')
        lab.run()
        assert served.receive() == b'held' and lab.states == {'a': 'ESTABLISHED', 'b': 'ESTABLISHED'}

def test_the_verbs_are_for_a_wire_that_is_held():
    with Lab(Host(), Host()) as lab, lab.live():
        verbs = lab.deliver, lab.drop, lab.duplicate, lab.spoil, lab.wait, lab.run, lab.live
        for verb in verbs:
            with pytest.raises(RuntimeError, match='the wire is live'): verb()

@pytest.mark.parametrize('args,error,words', [
    (dict(link=5), TypeError, 'link is a Link'), (dict(back=5), TypeError, 'back is a Link'),
    (dict(seed='x'), ValueError, 'seed is an integer')])
def test_wrong_weather(args, error, words):
    with Lab(Host(), Host()) as lab:
        with pytest.raises(error, match=words): lab.live(**args)
        lab.live() # nobody enters it, and it carries nothing
        with lab.live(): opened(lab)

# Waiting

@any_two
def test_a_time_out(a, b):
    with ends(a, b) as lab, lab.live():
        client,served = opened(lab)
        server = lab.b.listen(81)
        for connection in client, served, server: connection.timeout = .01
        for call in client.receive, served.receive, server.accept, lambda: client.receive_exactly(3):
            with pytest.raises(TimeoutError, match='(nothing|nobody|0 of 3).* in 0.01 s'): call()
        client.send(b'x')
        served.timeout = DEADLINE
        assert served.receive() == b'x'

@any_two
def test_a_send_that_is_late_says_how_much_was_taken(a, b):
    "All of it, although a kernel takes it in many pieces"
    with ends(a, b) as lab, lab.live():
        client,served = opened(lab)
        client.timeout = .01
        with pytest.raises(TimeoutError, match='of 10000000 octets were taken') as late:
            client.send(bytes(10_000_000))
        client.shutdown()
        served.timeout = DEADLINE
        served.receive_exactly(int(str(late.value).split()[0]))
        assert served.receive() == b''

@any_two
def test_refused_and_reset(a, b):
    with ends(a, b) as lab, lab.live():
        nobody = lab.a.connect((lab.b.address, 81))
        nobody.timeout = DEADLINE
        with pytest.raises(ConnectionRefusedError): nobody.receive()
        client,served = opened(lab)
        served.abort()
        with pytest.raises(ConnectionResetError): client.receive()

class Broken:
    "A machine that fails where a segment arrives"
    timer = None
    def step(self, now, event=None): raise ZeroDivisionError('a test says no')

@pytest.mark.parametrize('a', [pytest.param(a, marks=[in_a_lab]*(a == 'kernel')) for a in KINDS])
def test_an_error_of_the_pump_reaches_the_caller(a):
    with Lab(KINDS[a](), Broken()) as lab:
        with pytest.raises(ZeroDivisionError, match='a test says no'):
            with lab.live():
                client = lab.a.connect((lab.b.address, 80))
                client.receive()
        assert lab.trace[0].seg.flags == Flags.SYN

@in_a_lab
def test_an_error_that_no_call_met_is_raised_at_the_end():
    with Lab(None, Broken()) as lab:
        with pytest.raises(ZeroDivisionError):
            with lab.live():
                sock = lab.a.socket()
                sock.connect_ex((lab.b.address, 80))
                pump = lab._hand.pump
                until(lambda: pump.over)

class Chatterbox:
    "A machine that answers whatever it hears, and is never done"
    timer = None
    def step(self, now, event=None): return self, (Segment(1, 1, 0, 0, Flags.ACK, 1000),)

def test_two_that_are_never_done_can_be_stopped():
    with Lab(Chatterbox(), Chatterbox()) as lab:
        with lab.live(Link(delay=.001)):
            lab.a.call('begin')
            until(lambda: len(lab.trace) > 10)
        assert len(lab.waiting) == 1

@any_two
def test_closed_while_somebody_waits(a, b):
    "The thread ends, and the call"
    with ends(a, b) as lab, lab.live():
        client,_ = opened(lab)
        waiting = [beside(client.receive), beside(lab.b.listen(82).accept)]
        lab.close()
        for thread in waiting:
            with pytest.raises((OSError, RuntimeError)): ended(thread)
    assert str(lab) == 'a lab that is closed'

WAITS = '''
import sys, threading
from python_tcp.host import Host
from python_tcp.lab import Lab
try:
    with Lab(None if sys.argv[1] == 'kernel' else Host(), Host()) as lab, lab.live():
        server = lab.a.listen(80)
        print('waits', flush=True)
        server.accept()
except KeyboardInterrupt: print('interrupted', threading.active_count())
'''

@pytest.mark.parametrize('a', [pytest.param(a, marks=[in_a_lab]*(a == 'kernel')) for a in KINDS])
def test_ctrl_c_ends_a_call_that_waits(a):
    program = subprocess.Popen([sys.executable, '-c', WAITS, a], env={**os.environ, 'PYTHONPATH': str(HOME)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert program.stdout.readline() == 'waits\n'
    program.send_signal(signal.SIGINT)
    assert program.communicate(timeout=60) == ('interrupted 1\n', '')

# Programs

SERVE = HOME/'tools'/'serve.py'
SHA = hashlib.sha256(BODY).hexdigest()
FETCH = '''
import hashlib, http.client
connection = http.client.HTTPConnection('10.0.0.2', timeout=30)
connection.request('GET', '/')
answer = connection.getresponse()
print(answer.status, hashlib.sha256(answer.read()).hexdigest())
'''

@pytest.fixture
def serve():
    "The server that page lab shows"
    _,serve = runpy.run_path(str(SERVE))['shown']('answer', 'serve')
    return serve

def ours(**options): return Lab(b=Host(), **{'mtu': 1500, **options})
def text(program):
    out,_ = program.communicate(timeout=60)
    assert program.returncode == 0
    return out.decode()

CLIENTS = {
    'curl': pytest.param(['curl', '-s', '-o', '-', 'http://10.0.0.2/'], marks=pytest.mark.needs('curl')),
    'http.client': pytest.param([sys.executable, '-c', FETCH])}
WEATHERS = dict(clean=None, loss=Link(delay=.002, loss=.03),
    all=Link(delay=.002, jitter=.001, loss=.02, dup=.02, corrupt=.02))

@in_a_lab
@pytest.mark.parametrize('weather', WEATHERS)
@pytest.mark.parametrize('argv', CLIENTS.values(), ids=CLIENTS)
def test_programs_fetch_from_our_tcp(argv, weather, serve):
    with ours(rto_min=.2 if WEATHERS[weather] else 60.) as lab, lab.live(WEATHERS[weather], seed=3):
        listener = lab.b.listen(80)
        listener.timeout = DEADLINE
        program = lab.a.run(argv, stdout=subprocess.PIPE)
        serve(listener, {'/': BODY}, 1)
        out,_ = program.communicate(timeout=60)
        assert program.returncode == 0
    if argv[0] == 'curl': assert out == BODY
    else: assert out.decode().split() == ['200', SHA]
    if weather == 'clean': assert {seen.fate for seen in lab.trace} == {''}

@in_a_lab
@pytest.mark.needs('nc')
def test_nc_talks_to_our_tcp(tmp_path):
    (tmp_path/'body').write_bytes(BODY)
    with ours() as lab, lab.live():
        listener = lab.b.listen(80)
        listener.timeout = DEADLINE
        with open(tmp_path/'body', 'rb') as body:
            program = lab.a.run(['nc', lab.b.address, '80'], stdin=body, stdout=subprocess.PIPE)
        with listener.accept() as connection:
            assert connection.receive_exactly(len(BODY)) == BODY
            connection.send(b'thanks')
        assert text(program) == 'thanks'

@in_a_lab
@pytest.mark.parametrize('weather', WEATHERS)
def test_our_tcp_fetches_from_http_server(weather, tmp_path):
    (tmp_path/'body').write_bytes(BODY)
    with ours(rto_min=.2) as lab, lab.live(WEATHERS[weather], seed=4):
        server = [sys.executable, '-m', 'http.server', '8000', '-b', lab.a.address, '-d', str(tmp_path)]
        program = lab.a.run(server, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: any(line.state == 'LISTEN' for line in lab.a.table()))
        with lab.b.connect((lab.a.address, 8000)) as connection:
            connection.timeout = DEADLINE
            connection.send(b'GET /body HTTP/1.0\r\n\r\n')
            head = connection.receive_until(b'\r\n\r\n')
            assert head.startswith(b'HTTP/1.0 200 OK\r\n')
            assert connection.receive_exactly(len(BODY)) == BODY and connection.receive() == b''
        program.kill()
        program.wait()

@in_a_lab
@pytest.mark.needs('curl')
@pytest.mark.parametrize('words,said', [
    ([], 'hello from a TCP that can be read whole\n'), (['http://10.0.0.2/none'], 'there is no such page\n'),
    (['-w', '%{http_code} %{size_download}', '-o', os.devnull, 'http://10.0.0.2/long'], '200 1000000')])
def test_the_command_of_the_page(words, said):
    env = {**os.environ, 'PYTHONPATH': str(HOME)}
    ran = subprocess.run([sys.executable, SERVE, *words], env=env, capture_output=True, text=True, timeout=60)
    assert (ran.stdout, ran.stderr, ran.returncode) == (said, '', 0)
