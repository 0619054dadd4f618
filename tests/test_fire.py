"""Forged segments at live connections of our hosts: some shots of tools/fire.py, and that it would
see a fault"""
import runpy, sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from python_tcp import engine
from python_tcp.segment import Flags

TOOL = str(Path(__file__).parent.parent/'tools'/'fire.py')

@pytest.fixture(scope='module')
def tool(): return runpy.run_path(TOOL)

def inside(tool, name):
    "A global of the tool, as its functions see it"
    return tool['fire'].__globals__[name]

def test_under_fire(tool):
    "No rule is broken, whatever the state, and some lives come to harm by what may do it"
    tally = tool['fire'](3000, 1)
    assert tally.faults == [] and tally.total == 3000
    met = {state for state, _ in tally.shots}
    assert met == {*tool['MOVES'], 'no connection'}
    found = {what for _, what in tally.shots}
    assert found >= {'refused', 'harmless', 'text', 'FIN', 'resets', 'opens', 'unopens'}
    assert tally.outcomes['every octet right, closed in peace'] > sum(tally.outcomes.values())/2

@pytest.mark.long
def test_under_more_fire(tool):
    tally = tool['fire'](50_000, 2)
    assert tally.faults == [] and tally.alarms < 100

def test_the_same_seed_makes_the_same_shots(tool):
    first, second = tool['fire'](300, 5), tool['fire'](300, 5)
    assert (first.shots, first.answers) == (second.shots, second.answers)

def test_what_a_shot_costs_is_bounded(tool, monkeypatch):
    "Counted in calls of functions; the most when a forged window or ACK releases what is queued"
    calls = 0
    def profile(frame, event, arg):
        nonlocal calls
        calls += event == 'call'
    monkeypatch.setitem(tool['fire'].__globals__, 'thread_time_ns', lambda: calls)
    monkeypatch.setitem(tool['fire'].__globals__, 'TIMED', 1)
    sys.setprofile(profile)
    try: tally = tool['fire'](600, 3)
    finally: sys.setprofile(None)
    assert tally.took['refused']/tally.timed['refused'] < 100 and tally.slowest < 5000

def reset_by_any(c, s):
    if not s.flags & Flags.RST: return True
    engine._over(c, 'rcv RST', 'connection reset')

def yes(*_): return True

WEAK = { # a rule that is left out, and a word of what the tool says then
    'a RST need not be next':
        ('_CHECKS', lambda checks: (checks[0], reset_by_any, *checks[2:]), 'opened or ended'),
    'numbers from anywhere': ('_CHECKS', lambda checks: (yes, *checks[1:]), 'changed'),
    'an ACK of anything': ('_ack_counts', lambda _: yes, 'changed'),
    'old clocks count': ('_outdated', lambda _: lambda c, s: False, 'changed'),
    'a challenge is made of ten': ('_challenge', lambda _: ten_times, 'answers to what is refused')}

def ten_times(c):
    for _ in range(10): engine._emit(c, Flags.ACK, c.snd_max)

@pytest.mark.parametrize('name,change,said', WEAK.values(), ids=WEAK)
def test_a_fault_is_seen(tool, monkeypatch, name, change, said):
    monkeypatch.setattr(engine, name, change(getattr(engine, name)))
    tally = tool['fire'](800, 4)
    assert any(said in fault for _, fault in tally.faults), tally.faults

@pytest.mark.parametrize('wrong,said', [
    (dict(rcv_buf=bytes(70), buffer=100, ooo=((5, bytes(31)),)), '70 [+] 31 octets'),
    (dict(ooo=((5, b''),)*(engine.ISLANDS + 1)), 'islands'),
    (dict(snd_buf=bytes(2*engine.QUEUE + 1)), 'octets queued')])
def test_too_much_memory_is_seen(tool, wrong, said):
    empty = dict(rcv_buf=b'', snd_buf=b'', ooo=(), sacked=(), twice=(), buffer=65535)
    tcb = SimpleNamespace(**empty | wrong)
    with pytest.raises(inside(tool, 'Broken'), match=said): tool['size'](tcb)
