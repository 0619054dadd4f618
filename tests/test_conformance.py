"""The page on RFC 9293's appendix B is true: its links lead somewhere, and a test turns red without each
clause that it calls met.
Here only some clauses are taken out; `python tools/clauses.py` takes out all."""
import json, re, runpy, subprocess, sys
from pathlib import Path

import pytest

from dialogue.script import all_scripts, each, scripts
from python_tcp.engine import isn
from python_tcp.segment import Segment, pack, parse

root = Path(__file__).parent.parent
tool = runpy.run_path(str(root/'tools'/'clauses.py'))
CLAUSES, TABLE = [*tool['clauses']()], tool['rows']()
HOSTS = '10.0.0.1', '10.0.0.2'

# --- what the page names, and no other test shows alone
MORE = [*scripts('''
## 3.7.1-mss-ipv6 (SHLD-5): over IPv6, too, the option says more than the default
TCP mss=1440 default_mss=1220
0.0  OPEN active
     > SYN 100 mss 1440

## 3.8.6-held (SHLD-14): what is held out of order leaves the right edge of the window where it was
TCP buffer=4000
in ESTABLISHED
0.0  < ACK 311:411 ack 101
     > ACK 101 ack 301 win 4000
     < ACK 301:311 ack 101
     > ACK 101 ack 411 win 3890

## 3.10.7.4-aggregate (MUST-58): a segment's text and its FIN are acknowledged together, also where no ACK is delayed
TCP delack=0
in ESTABLISHED
0.0  < FIN,ACK 301:311 ack 101
     > ACK 101 ack 312
''')]
test_dialogue = each(MORE)

def octets(options, flags=16): return bytes(12) + bytes([80 + 4*len(options), flags]) + bytes(6) + options

@pytest.mark.parametrize('flags', [2, 16, 18, 17, 4])
@pytest.mark.parametrize('options', [
    '0402 020405b4 0000', '01 0402 01 020405b4', '01 01 01 0402 020405b4 00 0000', '020405b4 0402 01 00'])
def test_options_anywhere(options, flags):
    "In any segment, and on any octet of the header"
    s = parse(octets(bytes.fromhex(options), flags), *HOSTS, check=False)
    assert (s.mss, s.sack_ok) == (1460, True)

def test_each_option_has_its_length():
    "But the fillers: so each can be skipped by who does not know it"
    s = Segment(1, 2, 3, 4, 2, 5, mss=1460, wscale=7, sack_ok=True, ts=(8, 9), other=((253, b'xyz'),))
    header,kinds,i = pack(s, *HOSTS),[],20
    while i < len(header) and header[i]:
        kinds.append(header[i])
        i += header[i + 1] if header[i] > 1 else 1
    assert {*kinds} - {1} == {2, 3, 4, 8, 253} and i <= len(header)

@pytest.mark.parametrize('n', range(4, 8))
def test_padding(n):
    "Zeros, behind the last option up to the next word"
    other = tuple((kind, bytes(size)) for kind,size in zip(range(200, 204), (7, 7, 7, n)))
    header = pack(Segment(1, 2, 3, 4, 2, 5, other=other), *HOSTS)
    used = 20 + 3*9 + 2 + n # so many do not fit with a filler before each
    assert len(header) % 4 == 0 and header[used:] == bytes(-used % 4)

def test_isn():
    "It moves on with the clock, and nobody else can compute it"
    us,them,secret = ('10.0.0.1', 1000), ('10.0.0.2', 80), bytes(range(16))
    first = isn(us, them, secret, 100.)
    assert (isn(us, them, secret, 101.) - first) % 2**32 == 250_000
    assert (isn(us, them, secret, 100. + 2**32/250_000) - first) % 2**32 <= 1
    others = {isn((us[0], port), them, bytes([n]*16), 100.) for port in range(1000, 1050) for n in range(50)}
    assert len(others) > 2490
    assert len({isn(us, them, bytes([n]*16), 100.) for n in range(50)}) == 50

# --- the page
def test_each_row_is_met_or_on_the_kernel_or_left_out():
    for r in TABLE: assert bool(r.tests) + (r.left is not None) + (not r.tests and bool(r.places)) == 1, r

def test_each_place_is_a_cell():
    heads = {}
    for place in (place.partition(', ')[0] for r in TABLE for place in r.places):
        page,_,anchor = place.partition('#')
        if page not in heads:
            cells = json.loads((root/'nbs'/f'{page}.ipynb').read_text(encoding='utf-8'))['cells']
            text = '\n'.join(''.join(c['source']) for c in cells if c['cell_type'] == 'markdown')
            titles = re.findall('^##+ (.+)', text, re.M)
            heads[page] = {re.sub(r'[^\w -]', '', title).lower().replace(' ', '-') for title in titles}
        assert anchor in heads[page], place

def test_each_dialogue_says_which_rows_it_shows():
    rows = {}
    for script in all_scripts() + MORE: rows[re.sub('-in-[A-Z].*', '', script.name)] = script.rows
    assert {number for numbers in rows.values() for number in numbers} <= {r.number for r in TABLE if r.tests}
    named = [(test.rpartition('::')[2], r.number) for r in TABLE for test in r.tests]
    assert [(name, number) for name,number in named if not name.startswith('test_') and number not in rows[name]] == []

def test_each_row_that_is_met_has_a_clause():
    assert {tool['row_of'](clause, TABLE) for clause in CLAUSES} == {r for r in TABLE if r.tests}

@pytest.mark.parametrize('clause', CLAUSES, ids=lambda clause: f'{clause.row}: {clause.says}')
def test_each_clause_is_in_its_module(clause): assert tool['without'](clause)

def test_engine_tells_of_the_same_rows():
    "Its page has each row that is left out, or only on the kernel, and of others says half"
    cells = json.loads((root/'nbs'/'06_engine.ipynb').read_text(encoding='utf-8'))['cells']
    text = ''.join(''.join(c['source']) for c in cells).partition('## Left out on purpose')[2]
    told = re.findall(r'(?<!half of )\b(MUST|SHLD|MAY)-(\d+)(?: to \1-(\d+))?', text)
    told = {f'{kind}-{n}' for kind,first,last in told for n in range(int(first), int(last or first) + 1)}
    assert told == {r.number for r in TABLE if not r.tests} - {'MUST-20'}

def test_the_page_shows_the_last_run():
    "If not: nbdev-test nbs/40_conformance.ipynb --flags slow --save"
    cells = json.loads((root/'nbs'/'40_conformance.ipynb').read_text(encoding='utf-8'))['cells']
    slow = next(c for c in cells if ''.join(c['source']).startswith('#| slow'))
    shown = ''.join(slow['outputs'][0]['data']['text/markdown'])
    n,of = map(int, re.search(r'(\d+) of (\d+) clauses caught', shown).groups())
    assert n >= .9*of and re.findall(r'^\| ([^:\n]+): (.+?) \| ', shown, re.M) == [(c.row, c.says) for c in CLAUSES]

# --- the program
def run(*args):
    command = [sys.executable, root/'tools'/'clauses.py', *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)

def test_some_are_taken_out():
    "One of each module, and each caught; the tests are the page's, and green with the clause in"
    ran = run('MUST-25', 'MUST-2', 'MAY-18')
    assert ran.returncode == 0 and ran.stdout.endswith('3 of 3 clauses caught: 100%\n'), ran.stdout + ran.stderr
    assert '| 3.8.4-off: 0.0  = ESTABLISHED, timer None\n' in ran.stdout

def test_what_changes_nothing_is_not_caught():
    clause = next(c for c in CLAUSES if c.row == 'MUST-25')
    same = clause._replace(new=clause.old + ' # as it was')
    assert tool['caught'](same, [f'{root}/tests/dialogue/test_3_8_4_keep_alives.py::test_dialogue[3.8.4-off]']) is None

def test_a_clause_that_is_not_there_is_named():
    with pytest.raises(ValueError, match='MUST-25: once in engine.py there should be, not 0 times'):
        tool['without'](CLAUSES[0]._replace(row='MUST-25', old='no such text'))
    assert run('no-such-clause').returncode == 1
