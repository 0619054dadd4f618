r"""Takes each clause of RFC 9293 out of our TCP in turn, and sees whether a test that nbs/40_conformance.ipynb names turns red.

tools/clauses.py                     all of them; prints a table and the share caught, and fails below 90 %
tools/clauses.py MUST-13 keep-alive  those of a number, and those with a word in their row or its topic

CLAUSES has a paragraph for each: the row's number (with the words it begins with, where several rows have the number) and the module,
what the TCP does without the clause, and its text there: - as it is, + as it is without. The rows and their tests are the page's."""
import json, os, re, shutil, subprocess, sys, tempfile
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

root = Path(__file__).resolve().parent.parent
CLAUSES = r'''
MAY-16, engine: each piece is sent as soon as it is handed over
-     if seq == c.snd_max and not _worth(c, n, queued): return None
+ 

SHLD-27, engine: each segment with data has PSH
-         if data and at == total: flags |= PSH
+         if data: flags |= PSH

MUST-60, engine: what is small waits until the window opens
-     if c.syn_acked and (c.snd_wnd == 0 or c.snd_una == c.snd_max):
+     if c.syn_acked and c.snd_wnd == 0:

MUST-61, engine: no segment has PSH
-         if data and at == total: flags |= PSH
+ 

SHLD-28, engine: no segment has more than 536 octets
-         data = c.snd_buf[at:at + min(n, size)]
+         data = c.snd_buf[at:at + min(n, size, 536)]

MUST-1, engine: the window field is a signed number
-     c.snd_wnd,c.snd_wl1,c.snd_wl2 = s.window << scale
+     c.snd_wnd,c.snd_wl1,c.snd_wl2 = (s.window ^ 0x8000) - 0x8000 << scale

REC-1, engine: windows are kept in 16 bits
-     c.snd_wnd,c.snd_wl1,c.snd_wl2 = s.window << scale
+     c.snd_wnd,c.snd_wl1,c.snd_wl2 = s.window << scale & 0xffff

SHLD-14, engine: the window is the room there is, whatever was promised
-     return min(c.rcv_wnd >> shift, 65535) # down
+     return c.buffer - len(c.rcv_buf) - sum(len(held) for _,held in c.ooo) >> shift # down

SHLD-15, engine: the largest window there was limits new data
-     n = min(queued, c.snd_wnd - (seq - c.snd_una))
+     n = min(queued, (c.max_wnd if seq == c.snd_max else c.snd_wnd) - (seq - c.snd_una))

SHLD-16, engine: what fits the window only in part is not sent again
-     whole = int(min(n, room)//size)*size
+     if seq < c.snd_max and n < min(queued, size): return None
+     whole = int(min(n, room)//size)*size

SHLD-17, engine: R2 counts also while the peer answers probes
-     if c.snd_wnd == 0: c.retries,c.since = 0,inf
+     if c.snd_wnd == 0: c.retries = 0

MUST-34, engine: the usable window is an unsigned number
-     n = min(queued, c.snd_wnd - (seq - c.snd_una))
+     n = min(queued, c.snd_wnd - (seq - c.snd_una) & 0xffffffff)

MAY-8, engine: the window is 1 octet at least
-     return min(c.rcv_wnd >> shift, 65535) # down
+     return max(min(c.rcv_wnd >> shift, 65535), 1) # down

MUST-35, engine: a window that shrank to zero is not probed
-     if c.syn_acked and (c.snd_wnd == 0 or c.snd_una == c.snd_max):
+     if c.syn_acked and c.snd_una == c.snd_max:

MUST-36, engine: no timer runs where nothing is in flight
-     if c.snd_una != c.snd_end:
+     if c.snd_una < c.snd_max:

SHLD-29, engine: the first probe comes after 5 seconds
-         if c.t_rexmt == inf: c.t_rexmt = c.now + c.rto
+         if c.t_rexmt == inf: c.t_rexmt = c.now + (c.rto if c.snd_wnd or c.retries else 5)

SHLD-30, engine: probes are equally far apart
- = min(2*c.rto, c.rto_max),
+ = min(2*c.rto, c.rto_max) if c.snd_wnd else c.rto,

MUST-37, engine: the user time-out counts also while the peer answers probes
-     if c.snd_wnd == 0: c.retries,c.since = 0,inf
+     if c.snd_wnd == 0: c.retries = 0

MUST-66, engine: with a zero window nothing is acceptable
-     if 0 <= first <= window + 1 or 0 < after_last <= window: return True
+     if 0 <= first < window or 0 < after_last <= window: return True

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

MUST-5, engine: any segment may change the MSS
-     if not s.flags & ACK: return False
+     if s.mss is not None: c.smss = s.mss
+     if not s.flags & ACK: return False

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

MUST-14, engine: no SYN has the MSS option
-     options = dict(mss=c.mss, sack_ok
+     options = dict(sack_ok

MUST-14, engine: the MSS option of the peer is ignored
-     theirs = c.default_mss if s.mss is None else max(s.mss, _LEAST_MSS)
+     theirs = c.default_mss

SHLD-5 IPv4, engine: the option is sent only for less than the default
-     options = dict(mss=c.mss, sack_ok
+     options = dict(mss=c.mss if c.mss < c.default_mss else None, sack_ok

SHLD-5 IPv6, engine: the option is sent only for less than 1220
-     options = dict(mss=c.mss, sack_ok
+     options = dict(mss=c.mss if c.mss < 1220 else None, sack_ok

MAY-3, engine: the option is not sent for the default
-     options = dict(mss=c.mss, sack_ok
+     options = dict(mss=c.mss if c.mss != c.default_mss else None, sack_ok

MUST-15 IPv4, engine: whoever names no MSS takes what we take
-     default_mss:int=536
+     default_mss:int=1460

MUST-15 IPv6, engine: the default is 536, whatever was chosen
-     theirs = c.default_mss if s.mss is None
+     theirs = 536 if s.mss is None

MUST-16, engine: only the peer's MSS counts
-     c.smss = max(min(theirs, c.mss) -
+     c.smss = max(theirs -

MUST-16, engine: timestamps take no room from the data
-     c.smss = max(min(theirs, c.mss) - 12*c.ts_on, 1)
+     c.smss = max(min(theirs, c.mss), 1)

MUST-16, engine: an MSS of 1 is taken at its word
- else max(s.mss, _LEAST_MSS)
+ else s.mss

MUST-16, engine: SACK blocks take no room from the data
-     told = len(_blocks(c)) if c.ooo or c.twice else 0
+     told = 0

MUST-65, engine: each segment has the MSS option
- ts=ts, sack=sack, **syn))
+ ts=ts, sack=sack, **{'mss': c.mss, **syn}))

MUST-69, segment: the header is filled up with ones
-     return tight + bytes(-len(tight) % 4)
+     return tight + b'\xff'*(-len(tight) % 4)

MUST-2, segment: the checksum is zero
-     return header + (total << 16).to_bytes(4) + rest
+     return header + bytes(4) + rest

MUST-3, segment: no checksum is looked at
-     if check and checksum(octets, _pseudo(src, dst) + size): _refuse(octets, src, dst)
+ 

MUST-8, engine: the number does not move on with time
-     return (int(now * 250_000) + int.from_bytes(hidden)) & 0xffffffff
+     return int.from_bytes(hidden) & 0xffffffff

SHLD-1, engine: all pairs of ends have the same number
-     return (int(now * 250_000) + int.from_bytes(hidden)) & 0xffffffff
+     return int(now * 250_000) & 0xffffffff

MUST-9, engine: the function has no secret
- .encode(), key=secret, digest_size=4)
+ .encode(), digest_size=4)

MUST-10, engine: in SYN-SENT only a SYN,ACK is heard
-     if s.flags & RST or not s.flags & SYN: return
+     if s.flags & RST or s.flags & (SYN|ACK) != SYN|ACK: return

MUST-10, engine: a SYN,ACK that crosses ours is old
-     for check in _CHECKS[3*crossed:]:
+     for check in _CHECKS:

MUST-11, engine: a RST ends it, also after a passive OPEN
-     elif c.state == SYN_RECEIVED and c.passive: _listen_again(c)
+ 

MUST-11, engine: a RST leads to LISTEN, also after an active OPEN
-     elif c.state == SYN_RECEIVED and c.passive: _listen_again(c)
+     elif c.state == SYN_RECEIVED: _listen_again(c)

MUST-11, engine: a SYN is challenged, also after a passive OPEN
-     if not s.flags & SYN: return True
-     if c.state == SYN_RECEIVED and c.passive: _listen_again(c)
-     else: _challenge(c)
+     if not s.flags & SYN: return True
+     _challenge(c)

MUST-41, engine: an OPEN begins anew, whatever there is
-     if c.state not in _NO_PEER: raise ConnectionError('connection already exists')
+     if c.state not in _NO_PEER: c.state = CLOSED

MUST-41, engine: a passive OPEN takes the place of another
-     if c.state == LISTEN and call.dst is None: raise ConnectionError('remote socket unspecified')
+     if c.state == LISTEN and call.dst is None: c.state = CLOSED

SHLD-2, engine: a RST with data is taken for data
-     if not s.flags & RST: return True
+     if not s.flags & RST or s.data: return True

MUST-12, engine: why it ended is not kept
- rcv_buf=c.rcv_buf, error=error)
+ rcv_buf=c.rcv_buf)

MUST-13, engine: TIME-WAIT lasts one MSL
-     if c.state == TIME_WAIT: c.t_wait = c.now + 2*c.msl
+     if c.state == TIME_WAIT: c.t_wait = c.now + c.msl

MUST-13, engine: TIME-WAIT lasts one MSL where both closed at once
-     if c.state == TIME_WAIT: c.t_wait = min(c.t_wait, c.now + 2*c.msl)
+     if c.state == TIME_WAIT: c.t_wait = min(c.t_wait, c.now + c.msl)

MUST-13, engine: the peer's FIN does not restart TIME-WAIT
-     if c.state == TIME_WAIT and fin_again: c.t_wait = c.now + 2*c.msl
+ 

MUST-19, engine: no back-off
- = min(2*c.rto, c.rto_max),
+ = c.rto,

MUST-19, congestion: no slow start
-         if self.cwnd < self.ssthresh: return self._new(cwnd=self.cwnd + min(acked, self.mss))
+ 

MUST-19, congestion: no congestion avoidance: on as in slow start
-         return self._avoid(now, acked, srtt or 0)
+         return self._new(cwnd=self.cwnd + min(acked, self.mss))

MUST-18, engine: what was sent again is timed, too
-     if seq != c.snd_max: c.timed = (end, c.now) if c.snd_max < end else None
-     elif c.timed is None:
+     if c.timed is None:

MUST-18, engine: the doubled time-out is forgotten at once
-     if r is None: return
-     if c.srtt is None: c.srtt
+     if r is None:
+         c.rto = _rto(c)
+         return
+     if c.srtt is None: c.srtt

MUST-58, engine: text is acknowledged before its FIN is looked at
-     else: c.ack_now = True
+     else: _emit(c, ACK, c.snd_max)

SHLD-31, engine: what comes out of order is thrown away
-     if s.len: _hold(c, s)
+     if s.len and s.seq <= c.rcv_nxt: _hold(c, s)

MUST-59, engine: an ACK for what came, another for what was queued
-     new = _deliver(c)
+     new = _deliver(c)
+     if gap and new > len(s.data):
+         c.rcv_nxt -= new - len(s.data)
+         _emit(c, ACK, c.snd_max)
+         c.rcv_nxt += new - len(s.data)

MAY-13, engine: out of order, an ACK is delayed as in order
-     in_order = new > 0 and not gap and not c.twice
+     in_order = True

SHLD-18, engine: each segment is acknowledged at once
-     if in_order and c.delack and c.unacked < 2*c.smss:
+     if False:

MUST-40, engine: the delay is half a second
-     delack:float=.2
+     delack:float=.5

MUST-40, engine: each segment puts the ACK off
-         c.t_delack = min(c.t_delack, c.now + c.delack)
+         c.t_delack = c.now + c.delack

SHLD-19, engine: every third segment is acknowledged at once
- and c.delack and c.unacked < 2*c.smss:
+ and c.delack and c.unacked < 3*c.smss:

MUST-39, engine: the window grows by each octet that is taken
-     if grown >= _stride(c): c.rcv_wnd
+     if True: c.rcv_wnd

MUST-39, engine: an update waits until half of the buffer is free
-     least = _stride(c) if waits else c.buffer//2
+     least = c.buffer//2

MUST-39, engine: each octet that is taken is told
-     if _grown(c, c.rcv_scale) >= least: c.ack_now = c.state in _READS
+     if _grown(c, c.rcv_scale) > 0: c.ack_now = c.state in _READS

MUST-38, engine: what the window lets through is sent, however small
-     return n == queued or n >= c.max_wnd//2
+     return True

MUST-38, engine: half of the largest window is not enough
-     return n == queued or n >= c.max_wnd//2
+     return n == queued

SHLD-7, engine: small segments wait for nothing
-     if c.nagle and c.snd_una < waits_for: return False
+ 

SHLD-7, engine: a small segment waits for whole ones, too
-     waits_for = c.snd_max if c.nagle == 'plain' else c.snd_sml
+     waits_for = c.snd_max

SHLD-7, engine: plain Nagle cannot be chosen
-     waits_for = c.snd_max if c.nagle == 'plain' else c.snd_sml
+     waits_for = c.snd_sml

MUST-17, engine: Nagle cannot be turned off
-     if c.nagle and c.snd_una < waits_for: return False
+     if c.snd_una < waits_for: return False

MUST-20 Close, engine: it never gives up
-     if c.now - c.since >= r2: return _give_up(c)
+ 

MUST-21, engine: R2 is 100 s, whatever was chosen
-     r2 = c.r2 if c.syn_acked
+     r2 = 100 if c.syn_acked

SHLD-9, engine: retransmissions are not counted
- min(2*c.rto, c.rto_max),c.retries + 1,
+ min(2*c.rto, c.rto_max),c.retries,

SHLD-11, engine: R2 is 31 seconds
-     r2:float=100.
+     r2:float=31.

MUST-22, engine: a SYN is not sent again
-     c.snd_nxt = c.snd_una
+     if c.syn_acked: c.snd_nxt = c.snd_una

MUST-22, engine: R2 does not count for a SYN
- max(c.r2, 180)
+ inf

MUST-23, engine: R2 for a SYN is a minute
- max(c.r2, 180)
+ max(c.r2, 60)

MAY-5, engine: nothing is sent when the time is over
-     _emit(c, ACK, c.snd_una - 1)
+ 

MUST-24, engine: what the program asks for is ignored
-     if c.t_keep == c.t_wait == inf: c.t_keep = c.now + c.keepalive
+ 

MUST-25, engine: keep-alives are on
-     keepalive:float=inf
+     keepalive:float=7200.

MUST-26, engine: segments that come do not put the probe off
-     c.keeps,c.t_keep = 0,inf
+     c.keeps = 0

MUST-26, engine: a probe is sent also while data are outstanding
-     if c.snd_una < c.snd_max: return # the retransmission
+     if False: return # the retransmission

MUST-27, engine: the interval is two hours, whatever was chosen
-     if c.t_keep == c.t_wait == inf: c.t_keep = c.now + c.keepalive
+     if c.t_keep == c.t_wait == inf and c.keepalive < inf: c.t_keep = c.now + 7200

MUST-29, engine: one probe without an answer ends it
-     if c.keeps >= c.keep_count:
+     if c.keeps >= 1:

MUST-29, engine: an answer does not begin the count anew
-     c.keeps,c.t_keep = 0,inf
+     c.t_keep = inf

SHLD-12, engine: a probe has an octet of data
-     _emit(c, ACK, c.snd_una - 1)
+     _emit(c, ACK, c.snd_una - 1, b'\0')

MUST-47, engine: a time-out ends it without a word
- _over(c, 'timeout user', 'connection aborted due to user timeout')
+ _over(c, 'timeout user')

MAY-12, engine: an ACK of what was never sent is taken
-     return oldest <= new <= c.snd_max - c.snd_una
+     return oldest <= new

MAY-12, engine: an ACK may be as old as it likes
-     return oldest <= new <= c.snd_max - c.snd_una
+     return new <= c.snd_max - c.snd_una

MAY-18, congestion: cubic is Reno under another name
-         after = before + share*(target - c.cwnd) if c._curve(now) >= w_est else max(w_est, before)
+         after = before + share*c.mss'''

Clause = namedtuple('Clause', 'row module says old new')

def clauses():
    "What CLAUSES has, in its order"
    for paragraph in CLAUSES.strip().split('\n\n'):
        head,*lines = paragraph.splitlines()
        row,module,says = re.fullmatch(r'(.+), (\w+): (.+)', head).groups()
        yield Clause(row, module, says, *('\n'.join(line[2:] for line in lines if line[0] == sign) for sign in '-+'))

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
    if len(found) != 1: raise ValueError(f'a clause belongs to one row that names tests, {clause.row!r} to {len(found)}')
    return found[0]

def without(clause):
    "The text of the clause's module without it"
    text = (root/'python_tcp'/f'{clause.module}.py').read_text(encoding='utf-8')
    if text.count(clause.old) != 1: raise ValueError(f'{clause.row}: once in {clause.module}.py there should be, not {text.count(clause.old)} times:\n{clause.old}')
    text = text.replace(clause.old, clause.new)
    compile(text, clause.module, 'exec')
    return text

def stale_text(clause):
    "Why it cannot be taken out any more, if so"
    try: without(clause)
    except ValueError as e: return str(e)

def pytest(folder, *args):
    "A run of pytest on the package that is in `folder`: its exit status and what it said"
    env = {name: value for name,value in os.environ.items() if not name.startswith('PYTEST_')} | dict(PYTEST_DISABLE_PLUGIN_AUTOLOAD='1', COLUMNS='500')
    command = [sys.executable, '-m', 'pytest', '-q', '-x', '--tb=no', '-rf', '-p', 'no:cacheprovider', *args]
    ran = subprocess.run(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    return ran.returncode,ran.stdout + ran.stderr

def ids(table, collected):
    "What pytest calls the tests of each row: those of one name, and a dialogue for each state that it begins in"
    known = {}
    for id in collected:
        file,function,case = re.fullmatch(r'(\w+)\.py::(\w+)(?:\[(.*)\])?', id).groups()
        name = re.sub('-in-[A-Z].*', '', case) if function == 'test_dialogue' else function
        known.setdefault(name if file == 'test_dialogue' else f'{file}::{name}', []).append(id)
    missing = {test for r in table for test in r.tests} - {*known}
    if missing: raise ValueError(f'no such tests: {", ".join(sorted(missing))}')
    return {r: [id for test in r.tests for id in known[test]] for r in table}

def copy(folder, **changed):
    "Make a copy of the package in `folder`, with the texts of some modules changed"
    shutil.copytree(root/'python_tcp', folder/'python_tcp')
    for module,text in changed.items(): (folder/'python_tcp'/f'{module}.py').write_text(text, encoding='utf-8')

def caught(clause, tests):
    "What the first of `tests` that turns red without the clause says; None if none does"
    with tempfile.TemporaryDirectory() as folder:
        copy(Path(folder), **{clause.module: without(clause)})
        try: status,said = pytest(folder, *tests)
        except subprocess.TimeoutExpired: return None
    red = re.search(r'^FAILED .*?tests/(\w+)\.py::(\w+)\S*.*? - (?:AssertionError: )?(.+)', said, re.M)
    if status != 1 or not red: return None
    return red[3] if red[2] == 'test_dialogue' else f'{red[1]}: {red[2]}: {red[3]}'

def about(clause, words, table):
    "Is it what one of `words` asks for?"
    row = row_of(clause, table)
    return any(word in (clause.row, row.number) or word.lower() in f'{row.topic} {row.text}'.lower() for word in words)

def baseline(chosen, table):
    "The tests of each row, all of them green with the clauses in"
    files = {f'{root}/tests/{test.partition("::")[0] if "::" in test else "test_dialogue"}.py': None for r in table for test in r.tests}
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
