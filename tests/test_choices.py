"What the engine refuses at once, in words: choices, calls and events that are none"
import re

import pytest

from dialogue.script import segment
from python_tcp.congestion import Reno
from python_tcp.engine import TCB, Open, Receive, Send, isn

class Partial:
    "No controller: it lacks `on_loss`"
    cwnd, partial = 1000, False
    on_open = on_ack = on_timeout = None

def wrong(names, error, says, *values):
    return [(name, value, error, says) for name in names.split() for value in values]

NAN, INF = float('nan'), float('inf')
WRONG = [ # a choice of each kind, and what the error says would be right
    *wrong('mss default_mss buffer ts_offset keep_count challenges', TypeError, 'a whole number', '9', None, True),
    *wrong('mss default_mss buffer ts_offset keep_count challenges', ValueError, 'a whole number', 1.5, NAN, INF),
    *wrong('mss default_mss', ValueError, 'from 1 to 65535', 0, -1, 65536),
    *wrong('buffer challenges', ValueError, 'from 0 up', -1),
    *wrong('keep_count', ValueError, 'from 1 up', 0, -1),
    *wrong('ts_offset', ValueError, 'from 0 to 4294967295', -1, 2**32),
    *wrong('delack rto_min msl rto_max keepalive keep_interval user_timeout r2',
           TypeError, 'a number of seconds', '9', None, True, [9], 9j),
    *wrong('delack rto_min msl', ValueError, '0 s or more, and finite', -1, NAN, INF),
    *wrong('rto_max keepalive keep_interval user_timeout r2', ValueError, 'more than 0 s', 0, -.5, NAN),
    *wrong('rto_min', ValueError, 'rto_max, 60.0 s, at most', 61),
    *wrong('scaling timestamps sack fast rack', TypeError, 'True or False', 'no', None, 0, 1, NAN),
    *wrong('cc', TypeError, 'a controller, as Reno() makes one', Reno),
    *wrong('cc', TypeError, 'a controller, which has cwnd', 'reno', 1460, True, Reno().on_ack),
    *wrong('cc', TypeError, 'a controller, which has on_loss', Partial())]

@pytest.mark.parametrize('name, value, error, says', WRONG, ids=lambda value: f'{value!r:.20}')
def test_what_is_no_choice(name, value, error, says):
    "It is refused when the TCB is made: another kind with a TypeError, too much or too little with a ValueError"
    with pytest.raises((TypeError, ValueError), match=f'{name} is {re.escape(says)}.*, not ') as e: TCB(**{name: value})
    assert e.type is error and len(str(e.value)) < 150

def test_choices_that_are_extreme():
    "What cannot be told at once from a wish is taken"
    for choice in (
        dict(mss=1), dict(mss=65535), dict(buffer=0), dict(delack=0), dict(msl=0),
        dict(rto_min=0, rto_max=INF), dict(rto_min=60, rto_max=60), dict(r2=INF), dict(user_timeout=INF),
        dict(keepalive=INF, keep_interval=INF), dict(keep_count=1), dict(challenges=0),
        dict(cc=None), dict(cc=Reno()),
    ):
        c = TCB(**choice)
        assert {name: getattr(c, name) for name in choice} == choice

PORT = 'a whole number from 1 to 65535'
PORTS = [
    *((v, TypeError, PORT) for v in ('80', True, b'80', (80,))),
    *((v, ValueError, PORT) for v in (1.5, NAN)),
    *((v, ValueError, 'from 1 to 65535') for v in (0, -1, 65536, 70000))]
def called_with(iss): return TCB().step(0, Open(80, iss=lambda syn, now: iss))[0].step(0, segment('SYN 300'))
def of_secret(secret, now=0): return isn(('a', 1), ('b', 2), secret, now)

CALLS = [
    *((lambda v=v: Open(v), e, f'the port src is {says}') for v,e,says in [*PORTS, (None, TypeError, PORT)]),
    *((lambda v=v: Open(80, v), e, f'the port dst is {says}') for v,e,says in PORTS),
    *((lambda v=v: Open(80, 1000, v), TypeError, 'iss is ') for v in ('7', None)),
    *((lambda v=v: Open(80, 1000, v), ValueError, 'iss is ') for v in (1.5, -1, 2**32)),
    (lambda: Open(80, 1000, len), TypeError, 'iss is '),
    (lambda: Open(80, iss='7'), TypeError, 'iss is '),
    *((lambda v=v: Open(80, iss=v), ValueError, 'iss is ') for v in (-1, 2**32)),
    *((lambda v=v: called_with(v), TypeError, 'iss is ') for v in ('7', None)),
    (lambda: called_with(2**32), ValueError, 'iss is '),
    *((lambda v=v: Send(v), TypeError, 'bytes are sent, not')
        for v in ('text', 5, None, [b'text'], bytearray(b'text'))),
    *((lambda v=v: Receive(v), ValueError, 'from 0 octets up') for v in (-1, 'all', 1.5, None)),
    *((lambda v=v: TCB().step(0, v), TypeError, 'an event is a call, a Segment or None')
        for v in (b'SYN', Open, 1.5, 'OPEN')),
    *((lambda v=v: of_secret(v), TypeError, 'secret is bytes') for v in ('text', None, 16)),
    *((lambda v=v: of_secret(v), ValueError, 'secret has 16 to 32 octets, not') for v in (b'', bytes(15), bytes(33))),
    *((lambda v=v: of_secret(bytes(16), v), TypeError, 'now is a ') for v in ('0', None)),
    *((lambda v=v: of_secret(bytes(16), v), ValueError, 'now is a ') for v in (NAN, INF))]

@pytest.mark.parametrize('call, error, says', CALLS)
def test_what_is_no_call(call, error, says):
    "In words that say what would be right"
    with pytest.raises(error, match=says) as e: call()
    assert e.type is error and len(str(e.value)) < 150 and str(e.value)[0].islower()
