r"""Takes each clause of RFC 9293 out of our TCP in turn, and sees whether a test that
nbs/40_conformance.ipynb names turns red.

tools/clauses.py                     all of them; prints a table and the share caught, and fails below 90 %
tools/clauses.py MUST-13 keep-alive  those of a number, and those with a word in their row or its topic

CLAUSES has a paragraph for each: the row's number (with the words it begins with, where several rows
have the number), the module and the function or class in it, what the TCP does without the clause, and
its text there: - as it is, + as it is without. The rows and their tests are the page's."""
import ast, json, os, re, shutil, subprocess, sys, tempfile
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

root = Path(__file__).resolve().parent.parent
CLAUSES = r'''
MAY-16, engine._following: each piece is sent as soon as it is handed over
- not _worth(c, n, queued)
+ False

SHLD-27, engine._send_text: each segment with data has PSH
- data and seq == after_text
+ data

MUST-60, engine._retransmission: what is small waits until the window opens
-  or c.snd_una == c.snd_max
+ 

MUST-61, engine._send_text: no segment has PSH
- flags |= PSH
+ pass

SHLD-28, engine._send_text: no segment has more than 536 octets
- min(size, after_last - seq)
+ min(size, after_last - seq, 536)

MUST-1, engine._update_window: the window field is a signed number
- s.window << scale
+ (s.window ^ 0x8000) - 0x8000 << scale

REC-1, engine._update_window: windows are kept in 16 bits
- s.window << scale
+ s.window << scale & 0xffff

SHLD-14, engine._window: the window is the room there is, whatever was promised
- min(c.rcv_wnd >> shift, 65535)
+ c.buffer - len(c.rcv_buf) - sum(len(held) for _,held in c.ooo) >> shift

SHLD-15, engine._following: the largest window there was limits new data
- c.snd_wnd
+ (c.max_wnd if first == c.snd_max else c.snd_wnd)

SHLD-16, engine._following: what fits the window only in part is not sent again
-     whole = int(
+     if first < c.snd_max and n < min(queued, size): return None
+     whole = int(

SHLD-17, engine._hear_of_closed_window: R2 counts also while the peer answers probes
- c.since = inf
+ pass

MUST-34, engine._following: the usable window is an unsigned number
- c.snd_wnd - first
+ c.snd_wnd - first & 0xffffffff

MAY-8, engine._window: the window is 1 octet at least
- min(c.rcv_wnd >> shift, 65535)
+ max(min(c.rcv_wnd >> shift, 65535), 1)

MUST-35, engine._retransmission: a window that shrank to zero is not probed
- c.snd_wnd == 0 or 
+ 

MUST-36, engine._start_timers: no timer runs where nothing is in flight
- c.snd_una == c.snd_end
+ c.snd_una == c.snd_max

SHLD-29, engine._start_timers: the first probe comes after 5 seconds
- c.now + c.rto
+ c.now + (c.rto if c.snd_wnd or c.retries else 5)

SHLD-30, engine._retransmission: probes are equally far apart
- min(2*c.rto, c.rto_max)
+ min(2*c.rto, c.rto_max) if c.snd_wnd else c.rto

MUST-37, engine._hear_of_closed_window: the user time-out counts also while the peer answers probes
- c.since = inf
+ pass

MUST-66, engine._check_sequence: with a zero window nothing is acceptable
- c.seg_seq <= edge + 1
+ c.seg_seq < edge

MUST-4, segment: End of Option List is an option like any other
-     while left and left[0]:
+     while left:

MUST-4, segment: No-Operation is an option like any other
-         left = left[size:].lstrip(_FILLER)
+         left = left[size:]

MUST-4, segment: Maximum Segment Size is not understood
-     _Option(2, 'mss'
+     _Option(99, 'mss'

MUST-5, segment: options are read in SYNs only
-     options = _read_options(octets[20:start])
+     options = _read_options(octets[20:start]) if flags & Flags.SYN else {}

MUST-5, engine._check_ack: any segment may change the MSS
-     if not s.flags & ACK
+     if s.mss is not None: c.smss = s.mss
+     if not s.flags & ACK

MUST-6, segment: an unknown option is an error
-         if option is None: other.append((kind, body))
+         if option is None: raise ValueError(f'option {kind} is unknown')

MUST-68, segment: options of other kinds have no length
- *fillers + bytes((kind, size)) + body
+ *fillers + bytes((kind, size))[:1 + (kind in _BY_KIND)] + body

MUST-7, segment: an option may end behind the header
-         if not 2 <= size <= len(left):
+         if not 2 <= size:

MUST-7, segment: an option may have no octets
-         if not 2 <= size <= len(left):
+         if not size <= len(left):

MUST-64, segment: each option but fillers begins on a word
-         left = left[size:].lstrip(_FILLER)
+         left = left[size + -size % 4:].lstrip(_FILLER)

MUST-14, engine._send_syn: no SYN has the MSS option
- mss=c.mss, 
+ 

MUST-14, engine._limit_segments: the MSS option of the peer is ignored
- c.default_mss if s.mss is None else max(s.mss, _LEAST_MSS)
+ c.default_mss

SHLD-5 IPv4, engine._send_syn: the option is sent only for less than the default
- mss=c.mss
+ mss=c.mss if c.mss < c.default_mss else None

SHLD-5 IPv6, engine._send_syn: the option is sent only for less than 1220
- mss=c.mss
+ mss=c.mss if c.mss < 1220 else None

MAY-3, engine._send_syn: the option is not sent for the default
- mss=c.mss
+ mss=c.mss if c.mss != c.default_mss else None

MUST-15 IPv4, engine._Settings: whoever names no MSS takes what we take
- default_mss:int=536
+ default_mss:int=1460

MUST-15 IPv6, engine._limit_segments: the default is 536, whatever was chosen
- c.default_mss
+ 536

MUST-16, engine._limit_segments: only the peer's MSS counts
- min(theirs, c.mss)
+ theirs

MUST-16, engine._limit_segments: timestamps take no room from the data
- 12 if c.ts_on else 0
+ 0

MUST-16, engine._limit_segments: an MSS of 1 is taken at its word
- max(s.mss, _LEAST_MSS)
+ s.mss

MUST-16, engine._most: SACK blocks take no room from the data
- len(_blocks(c)) if c.ooo or c.twice else 0
+ 0

MUST-65, engine._emit: each segment has the MSS option
- data, ts, **options))
+ data, ts, **{'mss': c.mss, **options}))

MUST-69, segment: the header is filled up with ones
-     return tight + bytes(-len(tight) % 4)
+     return tight + b'\xff'*(-len(tight) % 4)

MUST-2, segment: the checksum is zero
-     return header + (total << 16).to_bytes(4) + rest
+     return header + bytes(4) + rest

MUST-3, segment: no checksum is looked at
-     if check and checksum(octets, _pseudo(src, dst) + size): _refuse(octets, src, dst)
+ 

MUST-8, engine.isn: the number does not move on with time
- int(now * 250_000) + 
+ 

SHLD-1, engine.isn: all pairs of ends have the same number
-  + int.from_bytes(hidden)
+ 

MUST-9, engine.isn: the function has no secret
-  key=secret,
+ 

MUST-10, engine._in_syn_sent: in SYN-SENT only a SYN,ACK is heard
- not s.flags & SYN
+ s.flags & (SYN|ACK) != SYN|ACK

MUST-10, engine._arrives: a SYN,ACK that crosses ours is old
- not _crossed(c, s)
+ True

MUST-11, engine._check_rst: a RST ends it, also after a passive OPEN
- c.state == SYN_RECEIVED and c.passive
+ False

MUST-11, engine._check_rst: a RST leads to LISTEN, also after an active OPEN
-  and c.passive
+ 

MUST-11, engine._check_syn: a SYN is challenged, also after a passive OPEN
- c.state == SYN_RECEIVED and c.passive
+ False

MUST-41, engine._open: an OPEN begins anew, whatever there is
- raise ConnectionError('connection already exists')
+ c.state = CLOSED

MUST-41, engine._passive_open: a passive OPEN takes the place of another
- raise ConnectionError('remote socket unspecified')
+ c.state = CLOSED

SHLD-2, engine._check_rst: a RST with data is taken for data
- not s.flags & RST
+ not s.flags & RST or s.data

MUST-12, engine._over: why it ended is not kept
- , error=error
+ 

MUST-13, engine._check_fin: TIME-WAIT lasts one MSL
- 2*c.msl
+ c.msl

MUST-13, engine._closed_half: TIME-WAIT lasts one MSL where both closed at once
- 2*c.msl
+ c.msl

MUST-13, engine._unacceptable: the peer's FIN does not restart TIME-WAIT
- c.t_wait = c.now + 2*c.msl
+ pass

MUST-19, engine._retransmission: no back-off
- min(2*c.rto, c.rto_max)
+ c.rto

MUST-19, congestion: no slow start
-         if self.cwnd < self.ssthresh: return self._new(cwnd=self.cwnd + min(acked, self.mss))
+ 

MUST-19, congestion: no congestion avoidance: on as in slow start
-         return self._avoid(now, acked, srtt or 0)
+         return self._new(cwnd=self.cwnd + min(acked, self.mss))

MUST-18, engine._time: what was sent again is timed, too
- seq < c.snd_max
+ False

MUST-18, engine._measure: the doubled time-out is forgotten at once
- if rtt is None: return None
+ if rtt is None:
+         c.rto = _rto(c)
+         return None

MUST-58, engine._acknowledge: text is acknowledged before its FIN is looked at
- else: c.ack_now = True
+ else: _emit(c, ACK, c.snd_max)

SHLD-31, engine._hold_and_deliver: what comes out of order is thrown away
- if c.seg_len:
+ if c.seg_len and c.seg_seq <= c.rcv_nxt:

MUST-59, engine._hold_and_deliver: an ACK for what came, another for what was queued
-     return _deliver(c, text)
+     first = _deliver(c, text[:len(s.data)])
+     _emit(c, ACK, c.snd_max)
+     return first + _deliver(c, text[len(s.data):])

MAY-13, engine._check_text: out of order, an ACK is delayed as in order
- new > 0 and not gap and not c.twice
+ True

SHLD-18, engine._acknowledge: each segment is acknowledged at once
- in_order and c.delack and c.unacked < 2*c.smss
+ False

MUST-40, engine._Settings: the delay is half a second
- delack:float=.2
+ delack:float=.5

MUST-40, engine._acknowledge: each segment puts the ACK off
- min(c.t_delack, c.now + c.delack)
+ c.now + c.delack

SHLD-19, engine._acknowledge: every third segment is acknowledged at once
- 2*c.smss
+ 3*c.smss

MUST-39, engine._window: the window grows by each octet that is taken
- grown > 0 and grown >= _stride(c)
+ True

MUST-39, engine._receive: an update waits until half of the buffer is free
- _stride(c) if waits else c.buffer//2
+ c.buffer//2

MUST-39, engine._receive: each octet that is taken is told
- >= least
+ > 0

MUST-38, engine._worth: what the window lets through is sent, however small
- n == queued or n >= c.max_wnd//2
+ True

MUST-38, engine._worth: half of the largest window is not enough
-  or n >= c.max_wnd//2
+ 

SHLD-7, engine._worth: small segments wait for nothing
- c.nagle and c.snd_una < waits_for
+ False

SHLD-7, engine._worth: a small segment waits for whole ones, too
- c.snd_max if c.nagle == 'plain' else c.snd_sml
+ c.snd_max

SHLD-7, engine._worth: plain Nagle cannot be chosen
- c.snd_max if c.nagle == 'plain' else c.snd_sml
+ c.snd_sml

MUST-17, engine._worth: Nagle cannot be turned off
- c.nagle and 
+ 

MUST-20 Close, engine._retransmission: it never gives up
- return _give_up(c)
+ pass

MUST-21, engine._retransmission: R2 is 100 s, whatever was chosen
- c.r2 if c.syn_acked
+ 100 if c.syn_acked

SHLD-9, engine._retransmission: retransmissions are not counted
- c.retries += 1
+ pass

SHLD-11, engine._Settings: R2 is 31 seconds
- r2:float=100.
+ r2:float=31.

MUST-22, engine._retransmission: a SYN is not sent again
- c.snd_nxt = c.snd_una
+ if c.syn_acked: c.snd_nxt = c.snd_una

MUST-22, engine._retransmission: R2 does not count for a SYN
- max(c.r2, 180)
+ inf

MUST-23, engine._retransmission: R2 for a SYN is a minute
- max(c.r2, 180)
+ max(c.r2, 60)

MAY-5, engine._keep_alive: nothing is sent when the time is over
- _emit(c, ACK, c.snd_una - 1)
+ pass

MUST-24, engine._start_timers: what the program asks for is ignored
- c.t_keep = c.now + c.keepalive
+ pass

MUST-25, engine._Settings: keep-alives are on
- keepalive:float=inf
+ keepalive:float=7200.

MUST-26, engine._check_ack: segments that come do not put the probe off
- c.t_keep = inf
+ pass

MUST-26, engine._keep_alive: a probe is sent also while data are outstanding
- c.snd_una < c.snd_max
+ False

MUST-27, engine._start_timers: the interval is two hours, whatever was chosen
- c.now + c.keepalive
+ c.now + (7200 if c.keepalive < inf else inf)

MUST-29, engine._keep_alive: one probe without an answer ends it
- c.keep_count
+ 1

MUST-29, engine._check_ack: an answer does not begin the count anew
- c.keeps = 0
+ pass

SHLD-12, engine._keep_alive: a probe has an octet of data
- c.snd_una - 1
+ c.snd_una - 1, b'\0'

MUST-47, engine._give_up: a time-out ends it without a word
- , 'connection aborted due to user timeout'
+ 

MAY-12, engine._ack_counts: an ACK of what was never sent is taken
-  <= c.snd_max
+ 

MAY-12, engine._ack_counts: an ACK may be as old as it likes
- oldest <= 
+ 

MAY-18, congestion: cubic is Reno under another name
-         after = before + share*(target - c.cwnd) if c._curve(now) >= w_est else max(w_est, before)
+         after = before + share*c.mss'''

# name: of the function or class, if one is told
Clause = namedtuple('Clause', 'row module says old new name', defaults=[None])

def clauses():
    "What CLAUSES has, in its order"
    for paragraph in CLAUSES.strip().split('\n\n'):
        head,*lines = paragraph.splitlines()
        row,module,name,says = re.fullmatch(r'(.+), (\w+)(?:\.(\w+))?: (.+)', head).groups()
        old,new = ('\n'.join(line[2:] for line in lines if line[0] == sign) for sign in '-+')
        yield Clause(row, module, says, old, new, name)

def rows():
    "The table of the page, by its own cells"
    cells = json.loads((root/'nbs'/'40_conformance.ipynb').read_text(encoding='utf-8'))['cells']
    names = {}
    for cell in cells:
        if 'table' not in names and cell['cell_type'] == 'code': exec(''.join(cell['source']), names)
    return names['table']

def row_of(clause, table):
    "The one row that `clause` belongs to"
    number,_,words = clause.row.partition(' ')
    found = [r for r in table if r.number == number and r.text.lstrip('- ').startswith(words) and r.tests]
    if len(found) != 1:
        raise ValueError(f'a clause belongs to one row that names tests, {clause.row!r} to {len(found)}')
    return found[0]

def part(text, name):
    """The text before the function or class `name`, its own, and that after it;
    all is its own where none is named"""
    if name is None: return '',text,''
    found = [node for node in ast.parse(text).body if getattr(node, 'name', None) == name]
    if len(found) != 1: raise ValueError(f'there should be one {name}, not {len(found)}')
    lines = text.splitlines(keepends=True)
    first,last = found[0].lineno - 1,found[0].end_lineno
    return ''.join(lines[:first]),''.join(lines[first:last]),''.join(lines[last:])

def without(clause):
    "The text of the clause's module without it"
    text = (root/'python_tcp'/f'{clause.module}.py').read_text(encoding='utf-8')
    before,there,after = part(text, clause.name)
    n,where = there.count(clause.old),f', in {clause.name}' if clause.name else ''
    if n != 1:
        wanted = f'once in {clause.module}.py there should be, not {n} times{where}'
        raise ValueError(f'{clause.row}: {wanted}:\n{clause.old}')
    text = before + there.replace(clause.old, clause.new) + after
    compile(text, clause.module, 'exec')
    return text

def stale_text(clause):
    "Why it cannot be taken out any more, if so"
    try: without(clause)
    except ValueError as e: return str(e)

def pytest(folder, *args):
    "A run of pytest on the package that is in `folder`: its exit status and what it said"
    env = {name: value for name,value in os.environ.items() if not name.startswith('PYTEST_')}
    env |= dict(PYTEST_DISABLE_PLUGIN_AUTOLOAD='1', COLUMNS='500')
    options = '-q -x --tb=no -rf -p no:cacheprovider'.split()
    command = [sys.executable, '-m', 'pytest', *options, *args]
    ran = subprocess.run(command, cwd=folder, env=env, stdin=subprocess.DEVNULL,
                         capture_output=True, text=True, timeout=120)
    return ran.returncode,ran.stdout + ran.stderr

def ids(table, collected):
    """What pytest calls the tests of each row: those of one name, and a dialogue for each state that it
    begins in"""
    known = {}
    for id in collected:
        folder,file,function,case = re.fullmatch(r'(dialogue/)?(\w+)\.py::(\w+)(?:\[(.*)\])?', id).groups()
        name = re.sub('-in-[A-Z].*', '', case) if function == 'test_dialogue' else function
        known.setdefault(name if folder else f'{file}::{name}', []).append(id)
    missing = {test for r in table for test in r.tests} - {*known}
    if missing: raise ValueError(f'no such tests: {", ".join(sorted(missing))}')
    return {r: [id for test in r.tests for id in known[test]] for r in table}

def copy(folder, **changed):
    "Make a copy of the package in `folder`, with the texts of some modules changed"
    shutil.copytree(root/'python_tcp', folder/'python_tcp')
    for module,text in changed.items():
        (folder/'python_tcp'/f'{module}.py').write_text(text, encoding='utf-8')

def caught(clause, tests):
    "What the first of `tests` that turns red without the clause says; None if none does"
    with tempfile.TemporaryDirectory() as folder:
        copy(Path(folder), **{clause.module: without(clause)})
        try: status,said = pytest(folder, *tests)
        except subprocess.TimeoutExpired: return None
    failed = r'^FAILED .*?tests/(?:dialogue/)?(\w+)\.py::(\w+)\S*.*? - (?:AssertionError: )?(.+)'
    red = re.search(failed, said, re.M)
    if status != 1 or not red: return None
    return red[3] if red[2] == 'test_dialogue' else f'{red[1]}: {red[2]}: {red[3]}'

def about(clause, words, table):
    "Is it what one of `words` asks for?"
    row = row_of(clause, table)
    text = f'{row.topic} {row.text}'.lower()
    return any(word in (clause.row, row.number) or word.lower() in text for word in words)

def file_of(test):
    "The file of a row's test; all of them for a dialogue, whose name has no file"
    file = test.rpartition('::')[0]
    return f'{root}/tests/{file}.py' if file else f'{root}/tests/dialogue'

def baseline(chosen, table):
    "The tests of each row, all of them green with the clauses in"
    files = dict.fromkeys(file_of(test) for r in table for test in r.tests)
    with tempfile.TemporaryDirectory() as folder:
        copy(Path(folder))
        collected = re.findall(r'tests/(\S+\.py::.+)', pytest(folder, '--collect-only', *files)[1])
        tests = {r: [f'{root}/tests/{id}' for id in found] for r,found in ids(table, collected).items()}
        status,said = pytest(folder, *dict.fromkeys(id for c in chosen for id in tests[row_of(c, table)]))
    if status: sys.exit(f'with all clauses in, the tests should be green:\n{said}')
    return tests

def main(*words):
    table = rows()
    chosen = [c for c in clauses() if not words or about(c, words, table)]
    if not chosen: sys.exit(f'a clause should have one of these: {", ".join(words)}')
    if stale := [*filter(None, map(stale_text, chosen))]: sys.exit('\n\n'.join(stale))
    tests,n = baseline(chosen, table),0
    with ThreadPoolExecutor(2) as pool:
        for c,red in zip(chosen, pool.map(lambda c: caught(c, tests[row_of(c, table)]), chosen)):
            n += red is not None
            print(f'{c.row:10} | {c.says:52} | {red or "NOT CAUGHT"}', flush=True)
    print(f'{n} of {len(chosen)} clauses caught: {n/len(chosen):.0%}')
    sys.exit(n < .9*len(chosen))

if __name__ == '__main__': main(*sys.argv[1:])
