"""What `python -m python_tcp` says of captures: in the terminal, to programs and as a page;
and the report behind it"""
import json, os, re, shutil, signal, subprocess, sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import until

from python_tcp.ip import to_ip
from python_tcp.pcap import write
from python_tcp.report import Report, _amount, page, plain, table
from python_tcp.segment import Flags, Segment
from python_tcp.story import stories
from python_tcp.trace import SHOWN, Seen, Trace, read_pcap

root = Path(__file__).parent.parent
SYN,ACK,FIN,RST = Flags.SYN,Flags.ACK,Flags.FIN,Flags.RST
A,B = ('10.7.0.1', 40000),('10.7.0.2', 80)

def seen(t, src, seq, ack, data=b'', flags=ACK, port=2000, **options):
    "A record whose numbers count from the SYN of each end; the client's port tells connections apart"
    client = A[0], port
    src,dst = (client, B) if src == A else (B, client)
    segment = Segment(src[1], dst[1], 1000 + seq, 1000 + ack if flags & ACK else 0, flags, 500, data, **options)
    return Seen(t, src, dst, segment, t)

def opening(t=0, port=2000):
    return [seen(t, A, 0, 0, flags=SYN, port=port), seen(t + .02, B, 0, 1, flags=SYN|ACK, port=port),
            seen(t + .021, A, 1, 1, port=port)]

def lossy(t=0, port=2000):
    "300 octets, of which the first hundred come only after a time-out"
    sent = [seen(t + .03 + i/1000, A, 1 + 100*i, 1, bytes(100), port=port) for i in (0, 1, 2)]
    again = [seen(t + 1.03, A, 1, 1, bytes(100), port=port), seen(t + 1.05, B, 1, 301, port=port)]
    return [*opening(t, port), *sent, *again]

def closing(t, at, port=2000):
    return [seen(t, A, at, 1, flags=FIN|ACK, port=port), seen(t + .02, B, 1, at + 1, flags=FIN|ACK, port=port),
            seen(t + .021, A, at + 1, 2, port=port)]

# In the terminal

def run(*args, python=('-S',), by=(), **options):
    "Exit status, what it said, and what it complained of"
    command = [*by, sys.executable, *python, '-m', 'python_tcp', *map(str, args)]
    ran = subprocess.run(command, cwd=root, capture_output=True, encoding='utf-8', timeout=60, **options)
    assert 'Traceback' not in ran.stderr
    return ran.returncode, ran.stdout, ran.stderr

@pytest.fixture
def file(tmp_path):
    "Three connections: one that loses something, one longer than what is shown, one that nobody answers"
    long = opening(.5, 2001) + [seen(.6 + i/1000, A, 1 + 9*i, 1, bytes(9), port=2001) for i in range(SHOWN + 4)]
    syns = [seen(t, A, 0, 0, flags=SYN, port=2002) for t in (.7, 1.7)]
    whole = Trace([*lossy(), *closing(1.1, 301), *long, *syns])
    whole.sort(key=lambda r: r.t)
    whole.save(tmp_path/'three.pcap')
    return tmp_path/'three.pcap'

def stories_in(said): return re.split('(?m)^(?=Connection )', said)[1:]

def test_first_a_table_then_the_story_of_the_worst(file):
    status,said,complaint = run(file)
    assert (status, complaint) == (0, '')
    head,*rows = said.split('\n\n')[0].splitlines()
    assert head.split()[:4] == ['#', 'client', 'server', 'at'] and [row.split()[0] for row in rows] == ['3', '1', '2']
    assert rows[0].endswith('unanswered  lost syn') and rows[1].endswith('closed      tail loss')
    assert [part[:14] for part in stories_in(said)] == ['Connection 3: ']

def test_the_first_ten_lines_say_what_a_colleague_wants_to_know(file):
    said = run(file, '--connection', 1)[1].splitlines()[:10]
    text = '\n'.join(said)
    assert 'held back most by tail loss' in text
    assert re.search(r'9\d%  +\S+ m?s  network: tail loss, most of it before \d+', text)

def test_all_of_them_each_with_its_segments(file):
    parts = stories_in(run(file, '--all')[1])
    assert [part[:14] for part in parts] == [f'Connection {n}: ' for n in (3, 1, 2)]
    found = stories(read_pcap(file))
    for part,story in zip(parts, (found[2], found[0], found[1])):
        assert all(line in part for line in str(story).splitlines())
        ladder = part.strip().split('\n\n')[-1].splitlines()
        for line,r,row in zip(ladder, story.trace, story.trace.rows()):
            assert int(line.split()[0]) == r.frame and f' {row[3]} ' in line
    assert '... and 7 more' in parts[2]

@pytest.mark.parametrize('args,numbers', [
    (['--connection', 2], [2]), (['--trouble'], [3, 1]), (['--port', 2001], [2]), (['--port', 80], [3, 1, 2]),
    (['--host', '10.7.0.1'], [3, 1, 2]), (['--host', '10.7.0.2', '--port', 2000], [1])])
def test_those_that_match(file, args, numbers):
    said = run(file, *args)[1]
    rows = said.split('\n\n')[0].splitlines()[1:]
    assert [int(row.split()[0]) for row in rows] == numbers
    assert [int(part.split()[1][:-1]) for part in stories_in(said)] == numbers

def test_a_screenful_of_many_connections(tmp_path):
    many = [r for i in range(50) for r in opening(i, 3000 + i)]
    Trace(many).save(tmp_path/'many.pcap')
    said = run(tmp_path/'many.pcap')[1].splitlines()
    assert said[21] == '... and 30 more (--all has them all)' and len(said) < 40
    assert len(run(tmp_path/'many.pcap', '--json')[1].splitlines()) == 50

def on_terminal(columns, *args):
    "What it says on a terminal of so many columns"
    pty = pytest.importorskip('pty', reason='needs a system with terminals such as Linux has')
    master,slave = pty.openpty()
    command = [sys.executable, '-S', '-m', 'python_tcp', *map(str, args)]
    env = {**os.environ, 'COLUMNS': str(columns), 'PYTHONIOENCODING': 'utf-8'}
    said = b''
    with subprocess.Popen(command, cwd=root, stdout=slave, stderr=slave, env=env):
        os.close(slave)
        try:
            while octets := os.read(master, 4096): said += octets
        except OSError: pass # nobody has the other end any more
    os.close(master)
    return said.decode().replace('\r\n', '\n')

@pytest.mark.parametrize('columns', [80, 100])
def test_on_a_narrow_terminal(file, columns):
    "The table loses columns and says which; what is longer than a line is folded"
    said = on_terminal(columns, file, '--all')
    assert max(map(len, said.splitlines())) <= columns
    head,*rows,note = said.split('\n\n')[0].splitlines()
    assert head.split()[:3] == ['#', 'client', 'server'] and head.endswith('held back by')
    assert [row.split()[0] for row in rows] == ['3', '1', '2'] and 'rate, octets/s' in note
    whole = run(file, '--all')[1]
    assert ' '.join(said.split('\n\n', 1)[1].split()) == ' '.join(whole.split('\n\n', 1)[1].split())

def test_in_a_pipe_the_table_is_whole(file):
    env = {**os.environ, 'COLUMNS': '80'}
    assert 'rate, octets/s' in run(file, env=env)[1].splitlines()[0]

@pytest.mark.parametrize('octets,says', [
    (0, '0'), (999, '999'), (999.6, '1 k'), (1234, '1.23 k'), (999_499, '999 k'), (999_600, '1 M'),
    (2.5e9, '2.5 G'), (4e12, '4 T')])
def test_amounts_for_people(octets, says): assert _amount(octets) == says

@pytest.mark.long
def test_the_last_of_very_many_has_its_story_too(tmp_path):
    "More than all stories together may keep"
    many = [r for i in range(4000) for r in opening(i, 3000 + i)]
    Trace(many).save(tmp_path/'many.pcap')
    said = run(tmp_path/'many.pcap', '--connection', 3999)[1]
    assert 'handshake: 21.0 ms' in said and 'SYN,ACK seq=0 ack=1' in said
    found = [json.loads(line) for line in run(tmp_path/'many.pcap', '--json')[1].splitlines()]
    assert len(found) == 4000 and all(one['findings'] for one in found)

def test_strange_captures_are_told_to_their_end(tmp_path):
    "A SYN,ACK with another number, a SYN after the answer to it, a clock that goes back, data after the end"
    odd = [seen(0, A, 1, -499), seen(.1, B, 900, 1, flags=SYN|ACK), seen(.2, A, 1, -499)]
    late = [seen(0, A, 0, 0, flags=SYN), seen(.1, A, 1, 1), seen(.2, B, 0, 0, flags=SYN), seen(.3, B, 1, 1)]
    back = [*opening(5), seen(4.9, A, 1, 1, b'late'), seen(5.2, B, 1, 5)]
    told = [*opening(), seen(.1, B, 1, 1, b'bye', flags=RST|ACK)]
    for i,records in enumerate((odd, late, back, told)):
        path = tmp_path/f'{i}.pcap'
        Trace().save(path)
        write(path, [(r.t, to_ip(r.seg, r.src[0], r.dst[0])) for r in records])
        for args in [], ['--json'], ['--html', tmp_path/'x.html'], ['--around', 2]:
            assert run(path, *args)[::2] == (0, ''), (i, args)

def test_to_the_last_segment_of_what_is_told_a_file_is_read_once_more(tmp_path, monkeypatch):
    "And no farther"
    import python_tcp.__main__ as program
    many = [r for i in range(9) for r in opening(i, 3000 + i)]
    Trace(many).save(tmp_path/'many.pcap')
    read = []
    def reading(path): return (read.append(r) or r for r in read_pcap(path))
    monkeypatch.setattr(program, 'read_pcap', reading)
    report = Report(many)
    traces = program.segments(tmp_path/'many.pcap', [report.connection(n) for n in (1, 3)])
    assert [len(traces[n]) for n in (1, 3)] == [3, 3] and len(read) == 9

@pytest.mark.long
def test_many_are_told_in_one_pass(tmp_path):
    "More than all stories together may keep"
    def one(i, port): return [*opening(i, port), *[seen(i + k/9, A, 1, 1, port=port) for k in range(1, 40)]]
    many = [r for i in range(500) for r in one(5*i, 3000 + i)]
    Trace(many).save(tmp_path/'many.pcap')
    said = run(tmp_path/'many.pcap', '--all')[1]
    assert len(stories_in(said)) == 500 and said.count('handshake: 21.0 ms') == 500

def test_objects_for_other_programs(file):
    status,said,complaint = run(file, '--json')
    found = [json.loads(line) for line in said.splitlines()]
    assert (status, complaint) == (0, '') and [one['client'][1] for one in found] == [2000, 2001, 2002]
    names = ('number client server start duration octets round_trip again '
             'ended held_back shares idle findings')
    for one in found: assert {*one} == {*names.split()}
    lost = found[0]
    assert lost['server'] == [*B] and lost['octets'] == [300, 0] and lost['held_back'] == 'tail_loss'
    assert (lost['ended'], lost['start'], lost['again']) == ('closed', 0, .25)
    assert sum(lost['shares'].values()) == pytest.approx(1)
    again = [f for f in lost['findings'] if f['kind'] == 'time-out']
    assert [(f['time'], read_trace_time(file, f['frame'])) for f in again] == [(1.03, 1.03)]

def test_an_object_has_times_to_the_nanosecond(tmp_path):
    "Not what is left of a difference of floats"
    late = [replace(r, t=1000 + r.t, got=1000 + r.t) for r in [*lossy(), *closing(1.1, 301)]]
    Trace(late).save(tmp_path/'x.pcap')
    found = json.loads(run(tmp_path/'x.pcap', '--json')[1])
    assert (found['duration'], found['round_trip'][0]) == (1.121, .021)

def test_an_object_says_which_connection_it_is_of(file):
    for args,numbers in ((), [1, 2, 3]), (('--trouble',), [1, 3]), (('--connection', 2), [2]):
        said = run(file, '--json', *args)[1]
        assert [json.loads(line)['number'] for line in said.splitlines()] == numbers
    assert 'connections 1 to 3 in it, not 4' in run(file, '--json', '--connection', 4)[2]

def test_objects_and_a_page_of_the_same(file, tmp_path):
    status,said,complaint = run(file, '--json', '--html', tmp_path/'x.html')
    assert (status, complaint, len(said.splitlines())) == (0, '', 3)
    assert (tmp_path/'x.html').read_text('utf-8').count('<h2>') == 3

def overlapping():
    "The second begins first, and ends last"
    return [*opening(0, 3001), *opening(.1, 3000), *closing(.2, 1, 3000), *closing(1, 1, 3001), *opening(2, 3002)]

def test_each_is_told_when_it_has_ended_and_nothing_of_it_is_kept():
    report = Report()
    told = [plain(c) for c in report.ending(overlapping())]
    assert [one['number'] for one in told] == [2, 1] and [c.number for c in report] == [3]
    assert told == [plain(c) for c in sorted(Report(overlapping()), key=lambda c: -c.number)][1:]
    with pytest.raises(ValueError, match='nothing is kept of connection 1'): report.connection(1)
    assert report.order() == [3] and len(report) == 3

@pytest.mark.parametrize('t,number,late', [(31, 1, 0), (95, 2, 1)])
def test_what_is_late_is_waited_for_a_minute(t, number, late):
    "As TIME-WAIT does; what comes later is counted, but told nowhere"
    again = [seen(t, B, 1, 2, flags=FIN|ACK, port=3000), *opening(t + 1, 3001)]
    report = Report()
    between = opening(92, 3002) if late else []
    told = [*report.ending([*opening(0, 3000), *closing(.2, 1, 3000), *between, *again], 1)]
    assert (len(told), told[0].story.count, report.late) == (1, 6 + (not late), late)
    assert len([*report]) == number

def test_of_those_that_ended_only_some_wait(monkeypatch):
    monkeypatch.setattr('python_tcp.report.WAITING', 2)
    many = [r for i in range(9) for r in (*opening(i/10, 3000 + i), *closing(i/10 + .05, 1, 3000 + i))]
    report = Report()
    numbers = []
    for c in report.ending(many, 1):
        numbers.append(c.number)
        assert len(report._stories.told) <= 3
    assert numbers == [*range(1, 10)] and not len(report._books.lives)

def read_trace_time(file, frame): return next(r.t for r in read_pcap(file) if r.frame == frame)

def test_json_of_a_damaged_file_is_still_json(file):
    file.write_bytes(file.read_bytes()[:-5])
    status,said,complaint = run(file, '--json')
    assert status == 1 and 'the file ends within a packet' in complaint
    for line in said.splitlines(): json.loads(line)

def test_what_to_know_of_a_file_stands_beside_its_json(tmp_path):
    "The objects are those of connections alone"
    Trace([replace(r, missing=len(r.seg.data)) for r in lossy()]).save(tmp_path/'cut.pcap')
    status,said,complaint = run(tmp_path/'cut.pcap', '--json')
    assert (status, complaint) == (0, 'Note: 4 segments captured in part: the lengths are those of the IP headers.\n')
    assert [*map(json.loads, said.splitlines())][0]['number'] == 1

def test_of_connections_that_find_no_room_the_segments_are_counted():
    first,second = Report([*opening(0, 3000), *opening(1, 3001), *closing(2, 1, 3001)], room=1)
    assert first.story.counts == {'handshake': 1} and len(first.story.findings) == 1
    assert second.story.count == 6 and second.story.paths == {} and second.story.findings == []
    assert second.account.ended == 'closed' and str(second) and plain(second)['findings'] == []

def test_pictures(file, tmp_path):
    x,y = tmp_path/'x.svg',tmp_path/'y.svg'
    assert run(file, '--connection', 2, '--svg', x, '--graph', y)[::2] == (0, '')
    titles = [ElementTree.parse(p).getroot()[0].text for p in (x, y)]
    assert titles[0] == f'Ladder of {SHOWN + 7} segments between 10.7.0.1:2001 and 10.7.0.2:80'
    assert titles[1].startswith('Octets of 10.7.0.1, port 2001, over')
    assert 'no octets of data' in error([file, '--connection', 3, '--graph', y], f'{y}: ', whole=False)

def test_around_a_frame(file, tmp_path):
    "Of its connection alone"
    again = next(r.frame for r in read_pcap(file) if r.t == 1.03)
    status,said,complaint = run(file, '--around', again, '--svg', tmp_path/'x.svg')
    assert (status, complaint) == (0, '')
    near = [line for line in said.splitlines() if '(again)' in line]
    assert [int(line.split()[0]) for line in near] == [again] and '2002' not in said
    assert 'Ladder of' in ElementTree.parse(tmp_path/'x.svg').getroot()[0].text
    assert error([file, '--around', 999], 'no segment here has the number 999') == ''

def test_one_page(file, tmp_path):
    "With all that it needs, and nothing that a browser would run or fetch"
    assert run(file, '--all', '--html', tmp_path/'page.html')[::2] == (0, '')
    text = (tmp_path/'page.html').read_text('utf-8')
    assert text.count('<svg') == 5 and text.count('<h2>') == 3 # nothing was sent on the third
    assert not re.search(r'<script|<link|src=|https?://(?!www\.w3\.org/2000/svg)', text)

def test_a_pipe_says_a_line_as_each_connection_ends(tmp_path):
    "Before the next octet comes; the table when the pipe is closed"
    Trace([*lossy(), *closing(1.1, 301)]).save(tmp_path/'one.pcap')
    Trace(lossy(5, 2001)).save(tmp_path/'two.pcap')
    command = [sys.executable, '-S', '-m', 'python_tcp', '-']
    env = {**os.environ, 'PYTHONUNBUFFERED': '1'}
    with subprocess.Popen(command, cwd=root, stdin=-1, stdout=-1, stderr=-1, env=env) as program:
        program.stdin.write((tmp_path/'one.pcap').read_bytes())
        program.stdin.flush()
        assert b'10.7.0.1:2000 and 10.7.0.2:80: 1.1' in program.stdout.readline()
        said,complaint = program.communicate((tmp_path/'two.pcap').read_bytes()[24:], timeout=60)
    assert (program.returncode, complaint) == (0, b'') and said.count(b'10.7.0.1:2001') >= 1
    assert stories_in(said.decode())

@pytest.mark.needs('linux')
def test_ctrl_c_ends_a_pipe_with_the_table(tmp_path):
    Trace([*lossy(), *closing(1.1, 301)]).save(tmp_path/'one.pcap')
    command = [sys.executable, '-S', '-m', 'python_tcp', '-']
    env = {**os.environ, 'PYTHONUNBUFFERED': '1'}
    with subprocess.Popen(command, cwd=root, stdin=-1, stdout=-1, stderr=-1, env=env) as program:
        program.stdin.write((tmp_path/'one.pcap').read_bytes())
        program.stdin.flush()
        program.stdout.readline()
        program.send_signal(signal.SIGINT)
        said,complaint = program.communicate(timeout=60)
    assert (program.returncode, complaint) == (0, b'') and b'\nConnection 1: ' in said

@pytest.mark.needs('linux')
def test_ctrl_c_ends_quietly(tmp_path):
    "Here while it waits for more of a file"
    os.mkfifo(tmp_path/'fifo')
    command = [sys.executable, '-S', '-m', 'python_tcp', tmp_path/'fifo', '--around', '3']
    with subprocess.Popen(command, cwd=root, stdout=-1, stderr=-1) as program:
        with open(tmp_path/'fifo', 'wb'): # it is open at the other end, too
            program.send_signal(signal.SIGINT)
            said,complaint = program.communicate(timeout=60)
    assert (program.returncode, said, complaint) == (130, b'', b'')

@pytest.mark.needs('capture')
def test_live(tmp_path):
    "What passes the loopback interface, until Ctrl-C"
    import socket
    command = [sys.executable, '-S', '-m', 'python_tcp', '--live', 'lo']
    env = {**os.environ, 'PYTHONUNBUFFERED': '1'}
    with subprocess.Popen(command, cwd=root, stdout=-1, stderr=-1, env=env) as program:
        os.set_blocking(program.stdout.fileno(), False)
        heard = []
        def ended():
            with socket.create_server(('127.0.0.1', 0)) as server:
                with socket.create_connection(server.getsockname()) as client, server.accept()[0]: pass
            heard.append(program.stdout.read() or b'')
            return f':{client_port(heard)}'.encode() if b' closed; ' in b''.join(heard) else None
        until(ended)
        program.send_signal(signal.SIGINT)
        os.set_blocking(program.stdout.fileno(), True)
        said,complaint = program.communicate(timeout=60)
    assert (program.returncode, complaint) == (0, b'') and b'held back by' in said

def client_port(heard): return re.search(rb'127\.0\.0\.1:(\d+)', b''.join(heard))[1].decode()

def test_live_where_it_is_not_allowed():
    assert run('--live', 'no-such-interface')[2].startswith('no capture at')

@pytest.mark.parametrize('args,says', [
    (['--all'], '--all needs FILE'), (['--html', 'x'], '--html needs FILE'), (['--port', '80'], '--port needs FILE'),
    (['-', '--html', 'x'], '--html reads FILE twice'),
    (['x', '--around', '3', '--json'], '--around goes with FILE and --svg'),
    (['--live', 'lo', '--svg', 'x'], '--svg reads FILE twice'), (['x', '--live', 'lo'], 'not both'),
    (['x', '--port', 'http'], "invalid int value: 'http'")])
def test_what_does_not_go_together(args, says):
    status,said,complaint = run(*args)
    assert (status, said) == (2, '') and says in complaint

def error(args, says, status=1, whole=True):
    "That there is one line of complaint; what was said before it, or that line"
    found,said,complaint = run(*args)
    assert found == status and len(complaint.splitlines()) == 1 and says in complaint, (found, complaint)
    return said if whole else complaint

def test_what_is_no_capture(tmp_path, file):
    (tmp_path/'gif').write_bytes(b'GIF89a' + bytes(99))
    (tmp_path/'empty').write_bytes(b'')
    Trace().save(tmp_path/'none.pcap')
    (tmp_path/'ng').write_bytes(b'\n\r\r\n' + bytes(99))
    wrong = {'gif': 'not with 47494638', 'empty': 'not with nothing', 'none.pcap': 'there is no TCP in it',
             'ng': 'pip install scapy', 'no such': 'No such file', '': 'Is a directory'}
    for name,says_so in wrong.items():
        assert error([tmp_path/name], f'{tmp_path/name}: ') == '' and says_so in run(tmp_path/name)[2]
    assert error([''], 'No such file') == ''
    assert error([file, '--connection', 9], 'there are connections 1 to 3 in it') == ''
    assert error([file, '--connection', 0], 'there are connections 1 to 3 in it') == ''
    nowhere = tmp_path/'no'/'x.svg'
    said = error([file, '--connection', 1, '--svg', nowhere], f'{nowhere}: No such file')
    assert said == run(file, '--connection', 1)[1]
    for args in [file, '--connection', 'first'], [file, 'more']: assert run(*args)[0] == 2

def test_a_file_that_may_not_be_read(file):
    by = [] if os.geteuid() else ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-all']
    if by and not shutil.which('setpriv'): pytest.skip('needs setpriv, without which root reads all')
    assert run(file, by=by)[0] == 0
    file.chmod(0)
    status,said,complaint = run(file, by=by)
    assert (status, said) == (1, '') and complaint.count('\n') == 1 and f'{file}: Permission denied' in complaint

def test_a_file_cut_short_is_told_as_far_as_it_goes(file):
    octets = file.read_bytes()
    file.write_bytes(octets[:-5])
    said = error([file], f'{file}: the file ends within a packet')
    assert [row.split()[0] for row in said.split('\n\n')[0].splitlines()[1:]] == ['3', '1', '2']
    file.write_bytes(octets[:200])
    assert 'Connection 1: ' in error([file], f'{file}: the file ends within a packet')

@pytest.mark.needs('scapy', 'tshark')
def test_other_formats(file, tmp_path):
    subprocess.run(['tshark', '-r', file, '-F', 'pcapng', '-w', tmp_path/'two.ng'], check=True, capture_output=True)
    assert run(tmp_path/'two.ng', python=[]) == run(file)

def test_in_an_encoding_without_a_micro_sign(file):
    status,said,complaint = run(file, env={**os.environ, 'PYTHONIOENCODING': 'ascii'})
    assert (status, complaint) == (0, '') and said.isascii()

BUFFERED = {key:value for key,value in os.environ.items() if key != 'PYTHONUNBUFFERED'}
JOBS = {'file':['FILE'], 'help':['--help'], 'no such file':['no such'], 'none':[]}

def job(name, file, env, redirected, **options):
    "The exit status and the complaint of a job whose standard output the shell has redirected"
    words = [{'FILE':file}.get(word, word) for word in JOBS[name]]
    command = ['sh', '-c', f'exec "$@" {redirected}', 'sh', sys.executable, '-S', '-m', 'python_tcp', *words]
    ran = subprocess.run(command, cwd=root, stderr=-1, text=True, timeout=60, env=env, **options)
    return ran.returncode, ran.stderr

@pytest.mark.parametrize('env', [BUFFERED, {**BUFFERED, 'PYTHONUNBUFFERED': '1'}], ids=['as it is', 'unbuffered'])
@pytest.mark.parametrize('name', JOBS)
def test_a_reader_who_leaves(name, env, file):
    "Quiet, but for what is wrong with the file"
    reader,writer = os.pipe()
    os.close(reader)
    try: status,complaint = job(name, file, env, '', stdout=writer)
    finally: os.close(writer)
    wrong = name == 'no such file'
    assert (status, len(complaint.splitlines())) == (wrong, wrong), complaint

@pytest.mark.parametrize('env', [BUFFERED, {**BUFFERED, 'PYTHONUNBUFFERED': '1'}], ids=['as it is', 'unbuffered'])
@pytest.mark.parametrize('name', ['file', 'none'])
@pytest.mark.parametrize('redirected,why', [('>/dev/full', 'No space left on device'), ('>&-', 'it is closed')])
def test_a_standard_output_that_takes_nothing(name, redirected, why, env, file):
    if 'full' in redirected and not os.path.exists('/dev/full'): pytest.skip('needs /dev/full')
    assert job(name, file, env, redirected) == (1, f'standard output: {why}\n')

@pytest.mark.needs('lab')
def test_without_a_file_there_is_a_story_too():
    status,said,complaint = run()
    assert (status, complaint) == (0, '')
    for words in ('a asks to open, and says where its numbers begin', 'close: a closes first',
                  'states: b SYN-RECEIVED, ESTABLISHED, CLOSE-WAIT, LAST-ACK, CLOSED (read'):
        assert words in said
