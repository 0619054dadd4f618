"""A dialogue with a TCP, written down: when, what comes in, what must go out, how the TCP stands then

    ## 3.10.7.2-third-syn (MUST-13, MUST-14): a name, rows of RFC 9293 appendix B, what it shows
    TCP mss=1000                          choices other than the usual ones
    in LISTEN                             the state it begins in; if several, a dialogue for each
    0.1  < SYN 300 win 1000 mss 500       a segment comes: control bits, its number, what else it has
    0.1  > SYN,ACK 100 ack 301 mss 1000   what must go out, now, in this order, and nothing besides
         = SYN-RECEIVED, rcv_nxt 301      the state, and variables of the TCB
    0.2  < ACK 301:401 ack 101            the octets 301 to 400 of the stream
    0.4  > ACK 101 ack 401                the work of a timer, not earlier and not later
         RECEIVE 40                       a call
         SEND 10 ! connection closing     a call, and the error that it gets

A head may go on in a line that begins with ##, and three spaces. A line without a time belongs to the
time above it. Of a segment that goes out, all is compared, the window if the line has it.
STATE, ISS, IRS, SND.NXT and RCV.NXT are those of the beginning. The octet with the number n is n modulo
251, both ways."""
import re
from ast import literal_eval
from collections import namedtuple
from dataclasses import replace
from importlib import import_module
from math import inf
from pathlib import Path

import pytest

from python_tcp.congestion import NewReno
from python_tcp.engine import TCB, Abort, Close, Open, Receive, Send
from python_tcp.segment import Flags, Segment

Script = namedtuple('Script', 'name rows says choices lines')
ROADS = { # how each state is reached from another one; SND.NXT and RCV.NXT there
    'CLOSED'      : ('', '', 101, 301),
    'LISTEN'      : ('CLOSED', '0 OPEN passive', 101, 301),
    'SYN-SENT'    : ('CLOSED', '0 OPEN active\n > SYN 100 mss 1460', 101, 301),
    'SYN-RECEIVED': ('LISTEN', '0 < SYN 300 mss 1460\n > SYN,ACK 100 ack 301 mss 1460', 101, 301),
    'SYN-RECEIVED-actively': ('SYN-SENT', '0 < SYN 300 mss 1460\n > SYN,ACK 100 ack 301 mss 1460', 101, 301),
    'ESTABLISHED' : ('SYN-SENT', '0 < SYN,ACK 300 ack 101 mss 1460\n > ACK 101 ack 301', 101, 301),
    'FIN-WAIT-1'  : ('ESTABLISHED', '0 CLOSE\n > FIN,ACK 101 ack 301', 102, 301),
    'FIN-WAIT-2'  : ('FIN-WAIT-1', '0 < ACK 301 ack 102', 102, 301),
    'CLOSE-WAIT'  : ('ESTABLISHED', '0 < FIN,ACK 301 ack 101\n > ACK 101 ack 302', 101, 302),
    'CLOSING'     : ('FIN-WAIT-1', '0 < FIN,ACK 301 ack 101\n > ACK 102 ack 302', 102, 302),
    'LAST-ACK'    : ('CLOSE-WAIT', '0 CLOSE\n > FIN,ACK 101 ack 302', 102, 302),
    'TIME-WAIT'   : ('FIN-WAIT-2', '0 < FIN,ACK 301 ack 102\n > ACK 102 ack 302', 102, 302)}

def road(state): return [*road(ROADS[state][0]), *ROADS[state][1].splitlines()] if state else []

def scripts(text):
    "Each dialogue in `text`, once for every state that it names"
    text = text.replace('\n##   ', ' ') # a head's second line
    for block in re.split(r'^## ', text, flags=re.M)[1:]:
        head,*lines = (line for line in block.splitlines() if line.strip())
        name,rows,says = re.fullmatch(r'(\S+)(?: \((.+?)\))?: (.+)', head).groups()
        choices = lines.pop(0) if lines[0].startswith('TCP ') else ''
        states = []
        while lines[0].startswith('in '): states += lines.pop(0).split()[1:]
        for state in states or ['CLOSED']:
            own = '\n'.join(lines)
            values = state.removesuffix('-actively'), 100, 300, *ROADS[state][2:]
            for word,value in zip(('STATE', 'ISS', 'IRS', 'SND.NXT', 'RCV.NXT'), values):
                own = own.replace(word, str(value))
            yield Script(
                f'{name}-in-{state}' if states[1:] else name,
                rows.split(', ') if rows else [],
                says, choices, road(state) + own.splitlines())

def number(word): return sum(map(int, re.findall(r'[+-]?\d+', word))) # of 301+10
def pairs(word): return [tuple(map(number, pair.split(':'))) for pair in word.split(',')]
def octets(first, after): return bytes(n % 2**32 % 251 for n in range(first, after))

def segment(text):
    "The segment that a line tells of, in the direction to us"
    bits,numbers = text.split()[:2]
    has = dict(ack='0', win='65535', src='1000', to='80') | dict(re.findall(r' ([a-z]+) ([\d:,+-]+)', text))
    flags = Flags(sum(Flags[bit] for bit in bits.split(',')))
    first,after = pairs(numbers)[0][0],pairs(numbers)[0][-1]
    known = {name: number(has[name]) for name in ('src', 'ack', 'mss', 'wscale') if name in has}
    known |= dict(
        window=number(has['win']),
        ts=pairs(has['ts'])[0] if 'ts' in has else None,
        sack=pairs(has['sack']) if 'sack' in has else (),
        sack_ok='sackOK' in text)
    syn = flags >> 1 & 1 # data begin after the number of the SYN
    return Segment(dst=number(has['to']), seq=first, flags=flags, data=octets(first + syn, after + syn), **known)

class Fixed:
    "Congestion control that allows `cwnd` octets at any time"
    partial = True
    def __init__(self, cwnd): self.cwnd = cwnd
    def same(self, *_): return self
    on_open = on_ack = on_loss = on_timeout = same

class Dialogue:
    "A TCP, the time, and what has gone out that no line told of yet"
    def __init__(self, script):
        chosen = dict(timestamps=False, sack=False, scaling=False)
        for name,value in re.findall(r'(\w+)=(\S+)', script.choices):
            chosen[name] = inf if value == 'inf' else literal_eval(value)
        if 'cc' in chosen: chosen['cc'] = NewReno() if chosen['cc'] == 'NewReno' else Fixed(chosen['cc'])
        self.c = TCB(**chosen)
        self.now,self.queued,self.sent = 0.,101,[]
        for line in [*script.lines, '=']:
            try: self.play(*re.fullmatch(r'\s*([\d.]*)\s*([<>=]|[A-Z]+)\s*(.*?)(?:\s*! (.*))?', line).groups())
            except AssertionError as e: raise AssertionError(f'{script.name}: {line.strip()}\n{e}') from None

    def play(self, time, verb, rest, error):
        "Let time pass, then do or compare what a line says"
        time = float(time or self.now)
        while not (verb == '>' and self.sent) and self.c.timer is not None and self.c.timer <= time + 1e-9:
            self.now = self.c.timer
            self.step()
        self.now = time
        if verb == '>': return self.expect(rest)
        assert not self.sent, f'expected nothing before this\nactual   {self.sent[0][1]} at {self.sent[0][0]:g}'
        if verb == '=': return self.compare(rest)
        event = self.event(verb, rest)
        try: self.step(event)
        except ConnectionError as e:
            assert error and str(e).startswith(error), f'expected {error or "no error"}\nactual   {e}'
            return
        assert error is None, f'expected {error}\nactual   no error'
        if verb == 'SEND': self.queued += len(event.data)

    def step(self, event=None):
        before = dict(vars(self.c))
        after,out = self.c.step(self.now, event)
        assert vars(self.c) == before, 'a step changed the TCB that it began with'
        self.c,self.sent = after,self.sent + [(self.now, s) for s in out]

    def event(self, verb, rest):
        if verb == '<': return segment(rest)
        n = number(rest)
        if verb == 'OPEN':
            self.queued = (n or 100) + 1
            return Open(80, 1000 if 'active' in rest else None, n or 100)
        if verb == 'SEND': return Send(octets(self.queued, self.queued + n))
        return Receive(n) if verb == 'RECEIVE' else dict(CLOSE=Close, ABORT=Abort)[verb]()

    def expect(self, rest):
        want = segment(rest)
        want = replace(want, src=want.dst, dst=want.src)
        assert self.sent, f'expected {want} at {self.now:g}\nactual   nothing'
        time,s = self.sent.pop(0)
        seen = s if 'win ' in rest else replace(s, window=want.window)
        as_told = (f'{time:g}', seen) == (f'{self.now:g}', want)
        assert as_told, f'expected {want} at {self.now:g}\nactual   {s} at {time:g}'

    def compare(self, rest):
        "State and variables: of octets their numbers, of a float its value in short"
        if not rest: return
        state,*words = rest.split(', ')
        for name,want in [('state', state.replace('-', '_')), *(word.split(' ', 1) for word in words)]:
            value = getattr(self.c, name)
            if isinstance(value, bytes): actual,want = value,octets(*pairs(want)[0])
            else: actual = f'{value:g}' if isinstance(value, float) else str(value)
            assert actual == want, f'expected {name} {want}\nactual   {name} {actual}'

def each(scripts):
    "A test that plays each of them"
    @pytest.mark.parametrize('script', scripts, ids=lambda script: script.name)
    def test_dialogue(script): Dialogue(script)
    return test_dialogue

def all_scripts():
    "The dialogues of all files here"
    names = sorted(path.stem for path in Path(__file__).parent.glob('test_*.py'))
    return sum((getattr(import_module(f'dialogue.{name}'), 'SCRIPTS', []) for name in names), [])
