"""Stories against tshark, segment by segment, and against the kernel's own states;
of captures made in the lab, by hand and at random"""
import os, random, re, shutil, socket, subprocess, sys, time, tracemalloc, weakref
from dataclasses import replace
from unittest.mock import patch
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings, strategies as st

import python_tcp.story as story_module
from python_tcp.segment import Flags, Segment, Seq
from python_tcp.states import Diagram, after
from python_tcp.story import Finding, Story, says, stories
from python_tcp.trace import SHOWN, Seen, Trace, captured_once, read_pcap

root = Path(__file__).parent.parent
SYN,ACK,FIN,RST = Flags.SYN,Flags.ACK,Flags.FIN,Flags.RST
A,B = ('10.7.0.1', 40000),('10.7.0.2', 80)

def seen(t, src, dst, seq, data=b'', ack=0, flags=ACK, window=500,
         fate='', states=None, base=(1000, 2**32-3), **options):
    "A record made by hand; numbers count from the first of each end, that of `B` so that they wrap"
    x,y = base if src == A else base[::-1]
    ack = y + ack if flags & ACK else 0
    s = Segment(src[1], dst[1], x + seq, ack, flags, window, data, **options)
    return Seen(t, src, dst, s, t, fate, states)

def opening(t=0, near=.01, far=.02): # of the way from where we look to A and back, to B and back
    return [
        seen(t, A, B, 0, flags=SYN),
        seen(t + far, B, A, 0, ack=1, flags=SYN|ACK),
        seen(t + far + near, A, B, 1, ack=1)]

def hundred(t, seq): return seen(t, A, B, seq, bytes(100), 1)
def again(r, t): return replace(r, t=t, got=t)

def kinds(story): return [f.kind for f in story.findings if f.kind not in ('handshake', 'states')]
def told(*records): return kinds(stories([*opening(), *records])[0])

# What each rule says

late = [hundred(.1, 1), hundred(.101, 201)]
three = [hundred(.2 + i/1000, 1 + 100*i) for i in range(3)]
waits = [seen(.21 + i/1000, B, A, 1, ack=101) for i in range(4)]
three_waits = three + waits
shut = [seen(.2, B, A, 1, ack=1, window=0)]
RULES = dict( # records after the opening, unless they begin before it; the kinds of what is found
    nothing_to_tell = ([*three, seen(.21, B, A, 1, ack=301)], []),
    late = ([*late, hundred(.11, 101)], ['gap', 'out of order']),
    late_in_two_pieces = (
        [*late, seen(.11, A, B, 101, bytes(50), 1), seen(.111, A, B, 151, bytes(50), 1)],
        ['gap', 'out of order', 'out of order']),
    lost_before_it_passed = ([*late, hundred(.5, 101)], ['gap', 'time-out']),
    timer = ([*three, hundred(.5, 1)], ['time-out']),
    tail_loss_probe = ([*three, hundred(.5, 201)], ['tail loss probe']),
    neither_first_nor_last = ([*three, hundred(.5, 101)], ['retransmission']),
    timer_although_the_other_speaks = (
        [*three, seen(.45, B, A, 1, b'news', 1), seen(.5, A, B, 1, bytes(100), 5)],
        ['time-out']),
    soon_after_the_last_copy = ([*three, hundred(.25, 101)], ['retransmission']),
    timer_of_a_syn = ([seen(-1, A, B, 0, flags=SYN)] + opening(), ['silence', 'time-out']),
    timer_of_a_fin = (
        [seen(t, A, B, 1, ack=1, flags=FIN|ACK) for t in (.2, .5)],
        ['close', 'time-out']),
    duplicates = ([*three, *waits], ['duplicate ACK']*3),
    no_duplicate_with_data = ([*three, waits[0], seen(.211, B, A, 1, b'x', ack=101)], []),
    no_duplicate_with_another_window = (
        [*three, waits[0], seen(.211, B, A, 1, ack=101, window=501)], []),
    fast = ([*three, *waits, hundred(.215, 101)], ['duplicate ACK']*3 + ['fast retransmission']),
    fast_of_more = (
        [*three, *waits, hundred(.215, 201)],
        ['duplicate ACK']*3 + ['fast retransmission']),
    two_are_needed = (
        [*three, *waits[:2], hundred(.215, 101)],
        ['duplicate ACK', 'retransmission']),
    too_late_to_be_fast = (
        [*three, *waits, hundred(.5, 101)],
        ['duplicate ACK']*3 + ['time-out']),
    spurious = (
        [*three, seen(.21, B, A, 1, ack=301), hundred(.5, 201)],
        ['spurious retransmission']),
    partly_new = ([*three, seen(.5, A, B, 201, bytes(200), 1)], ['tail loss probe']),
    stalled = (
        [*shut, seen(.5, A, B, 0, ack=1), again(shut[0], .51), seen(.9, B, A, 1, ack=1)],
        ['zero window', 'window probe', 'zero window', 'window opens']),
    probe_with_an_octet = (
        [*shut, seen(.5, A, B, 1, b'x', 1), again(shut[0], .51), seen(.8, A, B, 1, b'x', 1),
         seen(.9, B, A, 1, ack=2), seen(.91, A, B, 2, b'yz', 1)],
        ['zero window', 'window probe', 'zero window', 'window probe', 'window opens']),
    keep_alive = (
        [seen(20, A, B, 0, ack=1), seen(20.02, B, A, 1, ack=1)],
        ['silence', 'keep-alive']),
    keep_alive_with_an_octet = (
        [*three, seen(.21, B, A, 1, ack=301), seen(20, A, B, 300, b'x', ack=1)],
        ['silence', 'keep-alive']),
    one_octet_again = ([seen(t, A, B, 1, b'x', 1) for t in (.1, .4)], ['time-out']),
    silence = (
        [seen(1.03, A, B, 1, bytes(9), 1), seen(2.02, A, B, 10, bytes(9), 1)],
        ['silence']),
    closed = (
        [seen(.1, B, A, 1, ack=1, flags=FIN|ACK), seen(.2, A, B, 1, b'rest', 2, flags=FIN|ACK),
         seen(.3, B, A, 2, ack=6)],
        ['close', 'close']),
    reset = ([seen(.1, B, A, 1, ack=1, flags=RST|ACK)], ['reset']),
    rest_of_a_closed_one = (
        [seen(.1, B, A, 1, ack=1, flags=FIN|ACK), seen(.2, A, B, 1, b'more', 2),
         seen(.21, B, A, 2, flags=RST)],
        ['close', 'reset']),
    half_open = (
        [seen(.1, A, B, 1, b'still there?', 1), seen(.12, B, A, 1, flags=RST)],
        ['half-open']),
    lost_and_spoiled = (
        [replace(three[0], fate='lost', got=None), replace(three[1], fate='spoiled')],
        ['lost', 'spoiled']),
    copy = ([three[0], replace(three[0], fate='duplicate')], ['duplicate']))

@pytest.mark.parametrize('records,expected', RULES.values(), ids=RULES)
def test_rules(records, expected):
    records = records if records[0].t < 0 else opening() + records
    assert [k for story in stories(records) for k in kinds(story)] == expected

def test_the_other_half_open():
    """RFC 9293 figure 9: one end was forgotten, and opens again from the same port;
    its SYN is a connection of its own"""
    new,newer = (700_000, 2**32-3),(700_000, 90)
    forgotten = [
        seen(5, A, B, 0, flags=SYN, base=new),
        seen(5.01, B, A, 1, ack=1-699_000, base=new),
        seen(5.02, A, B, 1-699_000, flags=RST, base=new)]
    anew = [
        seen(6.5, A, B, 0, flags=SYN, base=new),
        seen(6.51, B, A, 0, ack=1, flags=SYN|ACK, base=newer),
        seen(6.52, A, B, 1, ack=1, base=newer)]
    one,two = stories(opening() + forgotten + anew)
    assert (kinds(one), kinds(two)) == ([], ['half-open', 'reset', 'silence', 'time-out'])
    assert two.paths == {
        '10.7.0.1:40000': ('CLOSED', 'SYN_SENT', 'ESTABLISHED'),
        '10.7.0.2:80': ('CLOSED', 'LISTEN', 'SYN_RECEIVED', 'ESTABLISHED')}

def test_refused_and_never_answered():
    refused = [seen(0, A, B, 0, flags=SYN), seen(.02, B, A, 0, ack=1, flags=RST|ACK)]
    assert kinds(stories(refused)[0]) == ['refused']
    silent = [seen(t, A, B, 0, flags=SYN) for t in (0, 1, 3)]
    story, = stories(silent)
    assert kinds(story) == ['silence', 'time-out']*2 + ['never answered']
    assert [f.says for f in story.findings[-2:]] == [
        '10.7.0.2:80 sends nothing', '10.7.0.1:40000 CLOSED, SYN-SENT (deduced)']

# Kinds of captures that are easily told wrongly

def tail(t, n=1):
    "Both close, A first, from its number n on"
    return [
        seen(t, A, B, n, ack=1, flags=FIN|ACK),
        seen(t+.02, B, A, 1, ack=n+1, flags=FIN|ACK),
        seen(t+.03, A, B, n+1, ack=2)]

def blocks(*pairs): return tuple((1000 + x, 1000 + y) for x,y in pairs) # of what A sent
def stamped(r, value, echo): return replace(r, seg=replace(r.seg, ts=(value, echo)))

hello,taken = hundred(.05, 1),seen(.07, B, A, 1, ack=101)
both_syns = [
    seen(0, A, B, 0, flags=SYN),
    seen(.001, B, A, 0, flags=SYN),
    seen(.01, A, B, 0, ack=1, flags=SYN|ACK),
    seen(.011, B, A, 0, ack=1, flags=SYN|ACK)]
large = [seen(.2 + t, A, B, 101, bytes(1400), 1) for t in (0, .3, .9, 2.1)]
small_mss = [replace(r, seg=replace(r.seg, mss=1000)) for r in opening()[:2]]

KINDS = dict( # records; of each finding that matters its kind and words, in order;
    # and kinds that must not be there
    one_direction = (
        [r for r in opening() if r.src == A] +
        [seen(.06, A, B, 101, ack=1461), seen(.07, A, B, 101, ack=4382, flags=FIN|ACK)],
        [('handshake', '30.0 ms at most'),
         ('not captured', '10.7.0.2:80 was not captured: 10.7.0.1:40000 acknowledged 4381 octets'),
         ('states', 'ESTABLISHED, \\?')],
        ['never answered']),
    one_direction_sends_again = (
        [hello, again(hello, .5)],
        [('retransmission', 'after 450 ms: .* was not captured'), ('not captured', 'yet|answers')],
        ['time-out', 'never answered']),
    answer_captured_first = (
        [opening()[1], replace(opening()[0], t=.0203), opening()[2]],
        [('handshake', '10.0 ms; the SYN,ACK was captured before the SYN')], []),
    lost_syn = (
        [replace(opening()[0], t=-3)] + opening(),
        [('time-out', 'SYN again: no ACK of it for 3.00 s'),
         ('handshake', '30.0 ms, of which 20.0 ms .*; opening took 3.03 s from the first SYN')],
        []),
    syn_that_is_echoed = (
        [seen(0, A, B, 0, flags=SYN, ts=(10, 0)), seen(1, A, B, 0, flags=SYN, ts=(1010, 0)),
         seen(1.001, B, A, 0, ack=1, flags=SYN|ACK, ts=(7, 10)),
         seen(1.002, A, B, 1, ack=1, ts=(1012, 7))],
        [('handshake', '1.00 s, of which 1.00 s to')], []),
    refused_again = (
        [seen(0, A, B, 0, flags=SYN), seen(.03, B, A, 0, ack=1, flags=RST|ACK),
         seen(.47, A, B, 0, flags=SYN), seen(.5, B, A, 0, ack=1, flags=RST|ACK)],
        [('refused', 'nobody listens'), ('asks again', '440 ms after the refusal'),
         ('refused', '')],
        ['time-out']),
    filled_25_ms_later = (
        [seen(.1, B, A, 1, bytes(9), 1), seen(.101, B, A, 20, bytes(9), 1),
         seen(.126, B, A, 10, bytes(10), 1)],
        [('under way', 'before the capture'), ('gap', '10 octets'),
         ('late', 'late, or sent again'), ('not captured', '10.7.0.1:40000')],
        ['time-out', 'never answered']),
    missed_by_the_capture = (
        opening() + [hello, hundred(.051, 201), seen(.07, B, A, 1, ack=301)],
        [('gap', ''), ('missed', '100 octets .* from 101 on, .* they arrived')],
        ['time-out']),
    missed_says_a_sack = (
        opening() + [hello, hundred(.051, 201), hundred(.052, 401),
                     seen(.07, B, A, 1, ack=101, sack=blocks((201, 501)))],
        [('gap', ''), ('gap', ''), ('missed', '100 octets .* from 301 on')], []),
    missed_at_the_end = (
        opening() + [hello, seen(.07, B, A, 1, ack=201)],
        [('missed', '100 octets .* from 101 on')],
        ['gap']),
    captured_after_its_ack = (
        opening() + [taken, hello],
        [('missed', ''), ('out of order', 'after their ACK')],
        ['spurious retransmission', 'retransmission']),
    nothing_outstanding = (
        opening() + [hello, taken, again(taken, .08), again(taken, .09)],
        [],
        ['duplicate ACK']),
    d_sack = (
        opening() + [hello, taken, again(hello, .071),
                     seen(.09, B, A, 1, ack=101, sack=blocks((1, 101)))],
        [('spurious retransmission', ''), ('D-SACK', 'got 100 octets from 1 on twice')],
        ['duplicate ACK']),
    d_sack_within_a_block = (
        opening() + [hello, hundred(.06, 201), taken,
                     seen(.09, B, A, 1, ack=101, sack=blocks((201, 251), (201, 301)))],
        [('gap', ''), ('D-SACK', '50 octets from 201')],
        ['duplicate ACK']),
    late_ack_by_clock = (
        opening() + [hello, stamped(again(hello, .5), 500, 1), stamped(again(taken, .52), 9, 50)],
        [('time-out', ''), ('late ACK', 'nothing was lost')], []),
    late_ack_by_time = (
        opening() + [hello, again(hello, .5), again(taken, .502)],
        [('time-out', 'its timer, or a tail loss probe'), ('late ACK', '2.00 ms')], []),
    ack_in_its_time = (
        opening() + [hello, again(hello, .5), again(taken, .52)],
        [('time-out', 'no ACK of it for 450 ms')],
        ['late ACK']),
    lost_ack = (
        opening() + [hello, taken, again(hello, .5)],
        [('spurious retransmission', 'has acknowledged it, and that ACK was lost, or late')],
        ['time-out']),
    another_number = (
        opening() +
        [hello, replace(opening()[1], t=.7, seg=replace(opening()[1].seg, seq=900_000)),
         seen(.72, B, A, 1, ack=101), seen(.73, B, A, 1, bytes(50), 101),
         seen(.74, A, B, 101, ack=51)],
        [('another SYN,ACK', 'not taken: 10.7.0.1:40000 acknowledged the first')],
        ['gap', 'missed', 'time-out', 'retransmission']),
    rst_outside = (
        opening() + [hello, taken, seen(.08, B, A, 10**9, flags=RST), *tail(.2, 101)],
        [('dropped', 'outside its window'), ('close', ''), ('close', ''),
         ('states', 'FIN-WAIT-1, TIME-WAIT'), ('states', 'LAST-ACK, CLOSED')],
        ['reset', 'half-open']),
    rst_before_the_window = (
        opening() + [seen(.05, B, A, 1, bytes(100), 1), seen(.06, A, B, 1, ack=101),
                     seen(.08, B, A, 50, flags=RST)],
        [('dropped', 'outside')],
        ['reset', 'half-open']),
    rst_in_the_window = (
        opening() + [hello, taken, seen(.08, B, A, 101, flags=RST)],
        [('dropped', 'challenge ACK')],
        ['reset', 'half-open']),
    rst_without_ack_of_the_syn = (
        [seen(0, A, B, 0, flags=SYN), seen(.01, B, A, 0, ack=9, flags=RST|ACK), *opening(.02)[1:]],
        [('dropped', 'does not acknowledge the SYN'), ('handshake', '')],
        ['refused']),
    abort = (
        opening() + [hello, taken, seen(.12, B, A, 1, flags=RST)],
        [('reset', 'resets the connection: an abort')],
        ['half-open']),
    abort_or_unknown = (
        opening() + [hello, seen(.07, B, A, 1, flags=RST)],
        [('half-open', 'knows of no such connection, or aborts it')],
        ['reset']),
    unknown = (
        opening() + [again(hello, 60.), seen(60.02, B, A, 1, flags=RST)],
        [('half-open', 'knows of no such connection \\(RST')],
        ['reset']),
    closed_and_reset = (
        opening() + [seen(.05, A, B, 1, ack=1, flags=FIN|ACK), seen(.07, B, A, 1, bytes(9), 2),
                     seen(.071, A, B, 2, flags=RST)],
        [('close', ''), ('reset', 'is closed')],
        ['half-open']),
    rst_alone = (
        [seen(1, B, A, 0, ack=1, flags=RST|ACK)],
        [('under way', ''), ('reset', ''), ('not captured', '10.7.0.1:40000'),
         ('states', '10.7.0.2:80 \\?, CLOSED')],
        ['never answered']),
    syn_ack_alone = (
        opening()[1:2],
        [('not captured', '10.7.0.1:40000')],
        ['never answered', 'under way']),
    simultaneous_open = (
        both_syns + [seen(.02, A, B, 1, ack=1), seen(.021, B, A, 1, ack=1)],
        [('simultaneous open', 'figure 7'), ('handshake', 'both asked'),
         *[('states', 'SYN-SENT, SYN-RECEIVED, ESTABLISHED')]*2],
        ['retransmission', 'time-out', 'duplicate ACK']),
    never_opens = (
        opening() + [hello, replace(taken, seg=replace(taken.seg, window=0)),
                     seen(5.07, A, B, 101, ack=1, flags=RST|ACK)],
        [('zero window', ''), ('never opened', 'for 5.00 s')],
        ['window opens']),
    window_full = (
        opening() + [seen(.1, A, B, 1, bytes(500), 1)],
        [('window full', '500 octets in each round trip of 30.0 ms')], []),
    scale_not_known = (
        [seen(.05, B, A, 1, ack=1), seen(.1, A, B, 1, bytes(500), 1)],
        [('under way', 'scale of windows')],
        ['window full']),
    server_thinks = (
        opening() + [hello, taken, seen(.979, B, A, 1, bytes(9), 101)],
        [('slow answer', 'after 20.0 ms, and spoke 909 ms later')], []),
    client_thinks = (
        opening() + [hello, taken, seen(.08, B, A, 1, bytes(9), 101),
                     seen(.081, A, B, 101, ack=10), seen(5, A, B, 101, bytes(9), 10)],
        [('silence', '4.92 s')],
        ['slow answer']),
    offloaded = (
        [*small_mss, opening()[2],
         seen(.05, A, B, 1, bytes(2000), 1), seen(.06, A, B, 2001, bytes(2000), 1)],
        [('offload', '2000 octets in one segment')], []),
    large_ones_hang = (
        opening() + [hello, taken, *large],
        [('time-out', ''), ('time-out', ''), ('silence', ''), ('time-out', ''),
         ('never acknowledged',
          '1400 octets .* from 101 on, sent 4 times; smaller ones were, up to 100')], []),
    large_ones_pass = (
        opening() + [hello, taken, *large, seen(2.2, B, A, 1, ack=1501)],
        [],
        ['never acknowledged']),
    under_way = (
        [hello, taken],
        [('under way', ''), ('states', '40000 \\? '), ('states', '80 \\? ')],
        ['never answered']),
    under_way_both_talk = (
        [hello, seen(.07, B, A, 1, bytes(9), 101), *tail(.1, 101)[:1]],
        [('states', '40000 \\?, ESTABLISHED, FIN-WAIT-1'), ('states', '80 \\?, ESTABLISHED')], []))

@pytest.mark.parametrize('records,expected,absent', KINDS.values(), ids=KINDS)
def test_kinds_of_captures(records, expected, absent):
    story, = stories(records)
    left = iter(story.findings)
    for kind,words in expected:
        found = any(f.kind == kind and re.search(words, f.says) for f in left)
        assert found, (kind, words, str(story))
    assert not {f.kind for f in story.findings} & {*absent}, str(story)

def test_what_lasted_longest_is_told_of_a_group():
    octets = [seen(t, A, B, 1 + i, b'x', 1) for i,t in enumerate((1.06, 101.06, 103))]
    story, = stories(opening() + octets)
    assert [row for row in story.rows() if 'silence' in row[2]] == [
        ('4-6', '1.06 s', 'silence: nothing passed for 1.03 s to 100 s (3 such)')]

def test_numbers_that_grow_beyond_the_half_of_the_circle():
    "Five gigabytes, in steps that a window allows: told as they are"
    records = opening()
    for i in range(10):
        seq,t = 1 + i*2**29,1 + i/1000
        records += [seen(t, A, B, seq, bytes(9), 1), seen(t + .0001, B, A, 1, ack=seq + 9)]
    story, = stories(records + [seen(2, A, B, 1 + 9*2**29, bytes(9), 1)])
    assert any('from 4831838209 on again' in f.says for f in story.findings)

def test_frames_of_the_file_are_named():
    story, = stories([replace(r, frame=5 + i) for i,r in enumerate(opening() + three_waits)])
    assert [row[0] for row in story.rows()] == ['7', '12-14', '14', '14']
    assert [f.where for f in story.findings][:2] == [7, 12]

def test_the_time_of_day_is_told():
    story, = stories([again(r, 1.7e9 + r.t) for r in opening()])
    began, = [words for n,t,words in story.rows() if (n, t) == ('1', '0')]
    assert began == 'begins: 2023-11-14 22:13:20.000000 UTC'
    assert 'begins' not in str(stories(opening())[0])

def test_a_connection_takes_little_memory():
    "Beyond the room that all share: 2 kB, where its eight segments would be ten"
    one = opening() + [hello, taken, *tail(.1, 101)]
    records = [r for port in range(1000, 2000) for r in moved(one, port, port)]
    with patch.multiple(story_module, ROOM=0):
        tracemalloc.start()
        told = stories(records)
        size,_ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert len(told) == 1000 and size/1000 < 2500
    assert told[7].count == 8 and told[7].counts == {'handshake': 1, 'close': 2}
    assert [way[-1] for way in told[7].paths.values()] == ['TIME_WAIT', 'CLOSED']

def lossy_flight(t, n):
    "Three segments from the number n on, of which the second is sent again at once"
    return [
        *(hundred(t + .2 + i/1000, n + 100*i) for i in range(3)),
        *(seen(t + .21 + i/1000, B, A, 1, ack=n + 100) for i in range(4)),
        hundred(t + .215, n + 100),
        seen(t + .25, B, A, 1, ack=n + 300)]

def test_many_are_counted():
    "Of each kind the first are kept, or those that lasted longest; the rest is in the totals"
    lossy = [r for i in range(100) for r in lossy_flight(i, 1 + 300*i)]
    story, = stories(opening() + lossy + [seen(999, A, B, 30001, bytes(9), 1)])
    assert (story.counts['fast retransmission'], story.counts['duplicate ACK']) == (100, 300)
    assert len(story.findings) < 50 and max(f.lasted for f in story.findings) > 800
    assert 'in all: 100 segments sent again: fast retransmission 100' in str(story)
    assert len([*story.rows()]) < 20

def doubled(records, ident=lambda i: 0, apart=5e-6, **options):
    "As a file holds them that was captured at two places"
    twice = []
    for i,r in enumerate(records, 1):
        one = replace(r, ident=ident(i), seg=replace(r.seg, **options))
        twice += [again(one, r.t), again(one, r.t + apart)]
    return [replace(r, frame=n) for n,r in enumerate(twice, 1)]

whole = [
    *opening(), hello, taken,
    seen(.08, B, A, 1, bytes(9), 101), seen(.0801, A, B, 101, ack=10)]
TWICE = { # records, how many of them are copies
    'numbers': (doubled(whole, lambda i: i), 7),
    'numbers and clocks': (doubled(whole, lambda i: 100*i, ts=(5, 5)), 7),
    'clocks': (doubled(whole, ts=(5, 5)), 7), # Linux's SYN,ACK has the number 0
    'IPv6': (doubled(whole, lambda i: None, ts=(5, 5)), 7),
    'too late': (doubled(whole, lambda i: i, apart=.01), 0),
    'nothing': (doubled(whole), 0), # nothing tells a copy from what was sent twice
    'ACKs': (doubled(waits, ts=(5, 5)), 0)} # ACKs alone may be equal

@pytest.mark.parametrize('records,n', TWICE.values(), ids=TWICE)
def test_what_was_captured_twice_is_told_once(records, n):
    fates = [r.fate for r in captured_once(records)]
    assert fates.count('duplicate') == n
    story, = stories(captured_once(records))
    if not n: return
    assert {*kinds(story)} == {'captured twice'} and 'captured twice: 7 segments' in str(story)
    assert all(fate == 'duplicate' for fate in fates[1::2])

def test_a_sender_whose_packets_all_have_one_number():
    "Then that tells nothing, and what comes twice came twice"
    records = [*whole[:1], *whole[2:4], *[whole[3]]*2]
    same = [replace(r, frame=i, ident=1, t=.1 + i/5000) for i,r in enumerate(records, 1)]
    counted = [replace(r, ident=i) for i,r in enumerate(same, 1)]
    assert [r.fate for r in captured_once(same)] == ['']*5
    assert [r.fate for r in captured_once(iter(counted))] == ['']*5

def test_an_iterator_of_a_trace_that_no_file_held_passes_as_it_is():
    assert [*captured_once(iter(whole + whole))] == whole + whole

@pytest.mark.needs('scapy')
def test_a_file_that_holds_each_packet_twice(tmp_path):
    from scapy.all import Ether, IP, TCP, wrpcap
    sent = [ # time, whether from the client, flags, numbers, octets
        (0, True, 'S', 1000, 0, 0), (.02, False, 'SA', 5000, 1001, 0),
        (.0201, True, 'A', 1001, 5001, 0), (.05, True, 'PA', 1001, 5001, 40)]
    def packets():
        for i,(t,forth,flags,seq,ack,n) in enumerate(sent, 1):
            (src,sport),(dst,dport) = [('192.0.2.1', 4000), ('192.0.2.2', 80)][::1 if forth else -1]
            tcp = TCP(sport=sport, dport=dport, seq=seq, ack=ack, flags=flags)/(b'x'*n)
            for again in range(2):
                p = Ether()/IP(src=src, dst=dst, id=i, ttl=64 - again)/tcp
                p.time = t + again*5e-6
                yield p
    wrpcap(str(tmp_path/'twice.pcap'), [*packets()])
    reading = read_pcap(tmp_path/'twice.pcap')
    story, = stories(reading)
    assert kinds(story) == ['captured twice'] and reading.twice == 4
    assert any('4 segments captured twice' in note for note in reading.notes)

# Against tshark

THEIRS = {
    'gap': 'lost_segment', 'out of order': 'out_of_order', 'duplicate ACK': 'duplicate_ack',
    'fast retransmission': 'fast_retransmission',
    'spurious retransmission': 'spurious_retransmission',
    **dict.fromkeys(
        ['retransmission', 'time-out', 'tail loss probe', 'asks again', 'late'], 'retransmission'),
    'zero window': 'zero_window', 'window full': 'window_full',
    'window probe': 'zero_window_probe', 'keep-alive': 'keep_alive'}
AGAIN = 'retransmission', 'fast_retransmission', 'spurious_retransmission'

def tshark(path):
    "What it finds in each segment of a file; what it calls a retransmission of a kind is of that kind only"
    names = [*dict.fromkeys(THEIRS.values())]
    fields = [word for name in names for word in ('-e', f'tcp.analysis.{name}')]
    argv = ['tshark', '-r', path, '-T', 'fields', '-E', 'separator=;', *fields]
    ran = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=120)
    for line in ran.stdout.splitlines():
        found = {n for n,v in zip(names, line.split(';'), strict=True) if v}
        yield found - {'retransmission'} if found & {*AGAIN[1:]} else found

def not_called_for(r, before):
    "Why the duplicate ACKs that tshark counts do not call for this segment, or None"
    since = [i for i,q in enumerate(before) if q.src == r.src and q.seg.end > r.seg.seq]
    heard = [q for q in before[since[0]:] if q.dst == r.src] if since else []
    repeated = [q.t for q in heard if q.seg.ack == r.seg.seq and not q.seg.len]
    if len(repeated) < 2: return 'nothing is outstanding'
    twice = [q for q in heard if q.t in repeated and q.seg.sack and q.seg.sack[0][1] <= q.seg.ack]
    if len(repeated) - len(twice) < 2: return 'a D-SACK is no duplicate ACK'
    copies = [q.t for q in before if q.src == r.src and q.seg.seq == r.seg.seq and q.seg.len]
    if any(t > repeated[-1] for t in copies): return 'it was sent again since'
    if r.t - repeated[-1] > .4: return 'its duplicate ACKs are old'

def meant(r, ours, theirs, before):
    "Why we differ on purpose on this segment, or None; found from the records before it, not by our rules"
    own = [q.seg for q in before if q.src == r.src]
    others = [q for q in before if q.dst == r.src]
    heard = others[-1] if others else None
    passed = any(q.seq <= r.seg.seq < q.end for q in own)
    acked = max((q.seg.ack - own[0].seq for q in others if q.seg.flags & ACK), default=0) if own else 0
    if ours & {*AGAIN} and theirs == {'out_of_order'} and passed: return 'it has passed before'
    if ours == {'out_of_order'} and theirs <= {'retransmission', 'keep_alive'} and not passed:
        return 'it has not passed before'
    if ours == {'fast_retransmission'} and theirs <= {*AGAIN, 'out_of_order'}:
        slow = round(r.t - heard.t, 6) >= .02
        if slow or heard.seg.ack != r.seg.seq: return 'it may take its time'
    if ours & {*AGAIN} and theirs == {'keep_alive'} and r.seg.len == 1:
        if r.seg.end - own[0].seq > acked: return 'an octet is waited for'
    if ours == {'duplicate_ack'} and not theirs and heard.seg.len == 1:
        came_before = any(q.seg.seq == heard.seg.seq for q in others[:-1])
        if came_before: return 'an octet is waited for'
    if ours == {'zero_window_probe'} and theirs == {'keep_alive'} and heard.seg.window == 0:
        return 'the window is 0'
    if ours == {'retransmission'} and theirs <= {'out_of_order'} and not passed:
        return 'late, or again'
    asked = any(q.flags & (SYN|ACK) == SYN for q in own)
    if not ours and theirs == {'retransmission'} and asked and r.seg.flags & (SYN|ACK) == SYN|ACK:
        return 'both asked to open'
    if not ours and theirs == {'window_full'} and heard.seg.window == 0: return 'the window is 0'
    if ours <= {'retransmission', 'out_of_order'} and theirs == {'fast_retransmission'}:
        why = not_called_for(r, before)
        if why: return why
    if not ours and theirs == {'duplicate_ack'}:
        if all(q.end - r.seg.ack <= 0 for q in (q.seg for q in others)):
            return 'nothing is outstanding'
        if r.seg.sack and r.seg.sack[0][1] <= r.seg.ack: return 'a D-SACK'
    if not ours and theirs == {'lost_segment'} and r.seg.flags & SYN: return 'a SYN begins anew'
    if not ours and theirs == {'lost_segment'}:
        probed = any(q.end == r.seg.seq and len(q.data) == 1 for q in own)
        if probed: return 'a probe brought it'

def compare(trace, path):
    "Both on the file that the trace is saved in; the differences that were meant, counted"
    trace.save(path)
    trace = Trace.load(path)
    ours,reasons = [set() for _ in trace],{}
    with patch.multiple(story_module, KEPT=10**6, ROOM=10**6): found = stories(trace)
    for story in found:
        for f in story.findings:
            if f.kind in THEIRS: ours[f.n-1].add(THEIRS[f.kind])
            assert f.seen is trace[f.n-1]
    for i,(r,mine,theirs) in enumerate(zip(trace, ours, tshark(path), strict=True)):
        if mine == theirs: continue
        before = [q for q in trace[:i] if {q.src, q.dst} == {r.src, r.dst}]
        common = mine & theirs
        why = meant(r, mine - common, theirs - common, before)
        assert why, f'segment {i+1}, {r}: we say {mine}, tshark {theirs}; before it\n{Trace(before + [r])}'
        reasons[why] = reasons.get(why, 0) + 1
    return reasons

def moved(records, t, port):
    "The same at another time, from another port"
    def at(end): return (end[0], port) if end[1] == A[1] else end
    def seg(s):
        sides = [side for side in ('src', 'dst') if getattr(s, side) == A[1]]
        return replace(s, **dict.fromkeys(sides, port))
    return [replace(again(r, r.t + t), src=at(r.src), dst=at(r.dst), seg=seg(r.seg), fate='')
            for r in records]

@pytest.mark.needs('tshark')
def test_tshark_says_the_same_of_what_was_made_by_hand(tmp_path):
    "Except where we mean to differ, and each of these differences is there"
    rules = [records for name,(records,_) in RULES.items() if name != 'copy']
    by_hand = [records if records[0].t < 0 else opening() + records for records in rules]
    lost = [seen(.2 + i/1000, B, A, 1 + 100*i, bytes(100), 1) for i in (0, 2, 3, 4)]
    asked_for = [seen(.205 + i/1000, A, B, 1, ack=101) for i in range(4)]
    by_hand += [opening(near=.0001, far=.1) + records for records in [
        [*lost, *asked_for, seen(.31, B, A, 101, bytes(100), 1)], # as soon as a far one can
        [*three, hundred(.215, 101)]]] # within a round trip
    trace = [r for i,records in enumerate(by_hand) for r in moved(records, 100*(i+1), 2000 + i)]
    assert {*compare(Trace(trace), tmp_path/'x')} == {
        'it has passed before', 'it may take its time', 'an octet is waited for',
        'the window is 0', 'a probe brought it'}

def walk(rng, port, t):
    """Two minutes of a connection as one who stands somewhere might see it:
    losses before and behind him, late ones, repetitions, a window that closes"""
    ends,out = [(A[0], port), B],[]
    base = [rng.randrange(1, 2**32-999) for _ in range(2)] # the number 0 means none to tshark
    # of each end: its numbers, its window, whether it is closed; what it sent that
    # did not pass here, and that did; the numbers of the other's octets that it has
    next,ack = [1, 1],[1, 1]
    window,fin = [500, 500],[False, False]
    missing,passed = [[], []],[[], []]
    has = [set(), set()]
    def emit(i, seq, n=0, flags=ACK, **options):
        nonlocal t
        t = round(t + rng.choice([.0001, .0001, .0005, .002, .01, .018, .03, .3, 1.5]), 6)
        number,acked = base[i] + seq,base[1-i] + ack[i] if flags & ACK else 0
        ports = ends[i][1],ends[1-i][1]
        s = Segment(*ports, number, acked, flags, window[i], bytes(n), **options)
        out.append(Seen(t, ends[i], ends[1-i], s, t))
    def come(i, seq, n, chance=.9): # to the other end
        if rng.random() < chance: has[1-i].update(range(seq, seq + n))
    for _ in range(rng.choice([1, 1, 2])): emit(0, 0, flags=SYN, mss=1000)
    ack[0] = 0
    if rng.random() < .1:
        refusal = Segment(80, port, 0, base[0] + 1, RST|ACK, 0)
        return [out[0], Seen(t + .1, B, ends[0], refusal, t + .1)]
    ack[0],ack[1] = 1,1
    for _ in range(rng.choice([1, 1, 2])): emit(1, 0, flags=SYN|ACK, mss=1000)
    emit(0, 1)
    for _ in range(rng.randrange(40)):
        i,k = rng.randrange(2),rng.random()
        if k < .4 and not fin[i] and window[1-i]:
            n = rng.choice([2, 3, 5]) # more than one, which tshark takes for a keep-alive
            if rng.random() < .2: missing[i].append((next[i], n))
            else:
                emit(i, next[i], n)
                come(i, next[i], n)
                passed[i].append((next[i], n))
            next[i] += n
        elif k < .45 and missing[i]:
            seq,n = missing[i].pop(rng.randrange(len(missing[i])))
            emit(i, seq, n)
            come(i, seq, n, 1)
        elif k < .55 and passed[i]:
            seq,n = rng.choice(passed[i][-4:])
            emit(i, seq, n)
            come(i, seq, n, 1)
        elif k < .9:
            while ack[i] in has[i]: ack[i] += 1
            if rng.random() < .1: window[i] = rng.choice([0, 500, 400])
            emit(i, next[i])
        elif k < .92 and ack[1-i] == next[i]: emit(i, next[i] - 1)
        elif k < .94 and not fin[i] and not missing[i]:
            emit(i, next[i], flags=FIN|ACK)
            come(i, next[i], 1)
            next[i],fin[i] = next[i] + 1,True
    return out

@pytest.mark.needs('tshark')
@pytest.mark.parametrize('seed', [1, 2])
def test_tshark_says_the_same_at_random(tmp_path, seed):
    rng,trace = random.Random(seed),[]
    for port in range(2000, 2400): trace += walk(rng, port, trace[-1].t + 9 if trace else 1)
    print(compare(Trace(trace), tmp_path/'x'))

# In the lab

def at(host, trace):
    "What passes at a host: what it sends, when it sends it; what it gets, when it comes"
    def passes(r): return r.t if r.src[0] == host else r.got
    there = sorted((r for r in trace if passes(r) is not None), key=passes)
    return Trace([replace(again(r, passes(r)), fate='', states=None) for r in there])

def opened(lab, room=None, port=4000):
    listener = lab.b.listen(80)
    if room: listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    client = lab.a.connect((lab.b.address, 80), port)
    lab.run()
    return client, listener.accept()

def download(lab):
    client,served = opened(lab)
    served.send(bytes(8*488))
    lab.drop(1)
    lab.run()
    served.send(b'the end')
    lab.drop()
    lab.run()
    client.receive_exactly(8*488 + 7)
    served.close()
    lab.run()
    client.close()
    lab.run()

def refused(lab):
    lab.a.connect((lab.b.address, 81))
    lab.run()

def stalled(lab):
    client,served = opened(lab, 2304)
    client.send(bytes(4000))
    lab.run()
    lab.wait()
    lab.run()
    got = 0
    while got < 4000:
        got += len(served.receive())
        lab.run()

def reset(lab):
    client,served = opened(lab)
    client.send(b'unread')
    lab.run()
    served.close()
    lab.run()

def swapped(lab):
    client,served = opened(lab)
    client.send(bytes(5*488))
    lab.deliver(2)
    lab.deliver(1)
    lab.run()

def lost_syn(lab):
    lab.b.listen(80)
    lab.a.connect((lab.b.address, 80))
    lab.drop()
    lab.wait()
    lab.drop()
    lab.wait(9)
    lab.run()

def lost_fin(lab):
    client,served = opened(lab)
    client.close()
    lab.drop()
    lab.run()
    served.close()
    lab.run()

def forget(lab):
    "a's end is gone, and its RST is lost"
    lab.a.destroy(next(e for e in lab.a.table() if e.remote == (lab.b.address, 80)))
    lab.drop()

def half_open(lab):
    client,served = opened(lab)
    forget(lab)
    served.send(b'still there?')
    lab.run()

def half_open_anew(lab):
    opened(lab)
    forget(lab)
    lab.a.connect((lab.b.address, 80), 4000)
    lab.run()

def crossing(lab):
    "Both open at once, both close at once"
    a,b = lab.a.socket(),lab.b.socket()
    for sock,host in (a, lab.a),(b, lab.b): sock.bind((host.address, 4000))
    for sock,host in (a, lab.b),(b, lab.a): sock.connect_ex((host.address, 4000))
    lab.run()
    for sock in a,b: sock.shutdown(socket.SHUT_WR)
    lab.run()

def closed_by_three(lab):
    "The FIN of b carries the ACK of a's, if the machine is quick enough"
    client,served = opened(lab)
    client.close()
    lab.deliver()
    served.close()
    lab.run()

def alive(lab):
    client,served = opened(lab)
    client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option in socket.TCP_KEEPIDLE,socket.TCP_KEEPINTVL:
        client.sock.setsockopt(socket.IPPROTO_TCP, option, 1)
    lab.wait()
    lab.run()

SCENES = { # what must be told, of those findings that depend on no clock;
    # where: on the wire, at a, at b
    download: ('close', 'duplicate ACK', 'gap at a'),
    refused: ('refused',),
    stalled: ('zero window', 'window probe', 'window opens'),
    reset: ('reset',),
    swapped: ('gap at b',),
    lost_syn: ('silence at a', 'time-out at a'),
    lost_fin: ('close', 'time-out at a'),
    half_open: ('half-open at b',),
    half_open_anew: ('half-open', 'reset'),
    crossing: ('close',),
    closed_by_three: ('close',),
    alive: ('keep-alive',)}

def within(few, many):
    "Whether all of `few` come in `many`, in their order"
    many = iter(many)
    return all(x in many for x in few)

@pytest.mark.needs('lab', 'tshark')
@pytest.mark.parametrize('scene', SCENES, ids=lambda scene: scene.__name__)
def test_scenes(scene, tmp_path):
    """What is told on the wire and at both hosts agrees with tshark's;
    deduced states with those that the kernels gave"""
    from python_tcp.lab import Lab
    with Lab(rto_min=.3) as lab:
        scene(lab)
        trace = lab.trace
    views = {'': Trace(trace), 'a': at('10.0.0.1', trace), 'b': at('10.0.0.2', trace)}
    expected = [word.partition(' at ')[::2] for word in SCENES[scene]]
    on_wire = stories(trace)
    for name,view in views.items():
        print(name, compare(view, tmp_path/'x.pcap'))
        told = stories(Trace.load(tmp_path/'x.pcap'))
        found = {f.kind for story in told for f in story.findings}
        for kind,where in expected:
            assert kind in found or where not in ('', name), f'{kind} at {name}:\n{view}'
        for read,story in zip(on_wire, told):
            for end,way in story.paths.items():
                host = 'ab'[end.startswith('10.0.0.2')]
                if name not in ('', host): continue # not all that it sent passed here
                # at first b spoke for the connection before
                if host == 'b' and story is not told[0]: continue
                states = read.paths[host]
                assert within(states, way), f'{end} {way}, and its kernel said {states}'

@pytest.mark.needs('lab', 'tshark')
@pytest.mark.parametrize('scene,host,expected', [ # one of these kinds
    (swapped, '10.0.0.2', {'out of order'}),
    # Linux needs no third duplicate if the clock tells it
    (download, '10.0.0.1', {'fast retransmission', 'retransmission'}),
    (download, '10.0.0.2', {'fast retransmission', 'retransmission'})])
def test_scenes_by_a_clock_that_no_machine_is_too_slow_for(scene, host, expected, tmp_path):
    "A handshake of 20 ms, then a segment a millisecond, and half a second where the kernel waited that long"
    from python_tcp.lab import Lab
    with Lab(rto_min=.5) as lab:
        scene(lab)
        trace = at(host, lab.trace)
    t,even = 1,[]
    for before,r in zip([trace[0], *trace], trace):
        t = round(t + (.01 if len(even) < 3 else .5 if r.t - before.t > .4 else .001), 3)
        even.append(replace(r, t=t, got=t))
    compare(Trace(even), tmp_path/'x')
    assert expected & {*kinds(stories(even)[0])}

@pytest.mark.needs('lab', 'tshark', 'tcpdump')
def test_a_capture_by_tcpdump(tmp_path):
    "Swapped and lost segments, as tcpdump inside b saw them"
    from python_tcp.lab import Lab
    path = tmp_path/'b.pcap'
    with Lab(rto_min=.3) as lab:
        argv = ['tcpdump', '-U', '-n', '-i', 'eth0', '-Z', 'root', '-w', '-']
        dump = lab.b.run(argv, stdout=open(path, 'wb'), stderr=-1, text=True)
        assert 'listening' in dump.stderr.readline()
        client,served = opened(lab)
        client.send(bytes(6*488))
        lab.deliver(1)
        lab.drop(3)
        lab.run()
        served.close()
        lab.run()
        trace = at('10.0.0.2', lab.trace)
        deadline = time.monotonic() + 10
        while path.stat().st_size <= 24 or len(Trace.load(path)) < len(trace):
            assert time.monotonic() < deadline
        dump.terminate()
        dump.communicate()
    found = Trace.load(path)
    assert [r.seg for r in found] == [r.seg for r in trace]
    print(compare(found, tmp_path/'again.pcap'))
    assert {'gap', 'reset'} <= {*kinds(stories(found)[0])}

# The story as it is told

def test_what_repeats_itself_is_told_once():
    story, = stories(opening() + three_waits)
    says = '10.7.0.2:80 still waits for 101, once more'
    repeated = [Finding('duplicate ACK', says, r, n) for n,r in enumerate(waits[1:], 8)]
    assert story.findings[1:4] == repeated
    assert str(story).splitlines() == [
        '        3  30.0 ms  handshake: 30.0 ms, of which 20.0 ms to 10.7.0.2:80 and back',
        '     8-10   211 ms  duplicate ACK: 10.7.0.2:80 still waits for 101, once more (3 such)',
        '       10   213 ms  states: 10.7.0.1:40000 CLOSED, SYN-SENT, ESTABLISHED (deduced)',
        '       10   213 ms  states: 10.7.0.2:80 CLOSED, LISTEN, SYN-RECEIVED, ESTABLISHED (deduced)']
    assert story._repr_markdown_().splitlines()[:3] == [
        '| segment | after | what it tells |',
        '|---:|---:|---|',
        '| 3 | 30.0&nbsp;ms | handshake: 30.0 ms, of which 20.0 ms to 10.7.0.2:80 and back |']

def test_numbers_are_those_of_the_ladder():
    "Also where the beginning was not captured, or nobody but one end spoke"
    copy = hundred(.5, 101)
    whole = [*opening(), *three, copy]
    one_end = [*three[1:], copy]
    under_way = [seen(.1, B, A, 900, ack=40), *one_end]
    for records in whole,one_end,under_way:
        (f,) = (f for f in stories(records)[0].findings if 'again' in f.says)
        label = next(row[3] for row in Trace(records).rows() if row[-1] is f.seen)
        assert re.search(r'from (\d+) on', f.says)[1] == re.search(r'seq=(\d+)', label)[1]

def test_names_and_states_that_were_read():
    read = [('SYN_SENT', 'SYN_RECEIVED'), ('SYN_RECEIVED', 'ESTABLISHED'), ('ESTABLISHED', None)]
    trace = Trace([replace(r, states=s) for r,s in zip(opening(), read)], names={A[0]: 'a'})
    story, = stories(trace)
    assert story.paths == {'a': ('SYN_SENT', 'ESTABLISHED'), '10.7.0.2:80': ('SYN_RECEIVED',)}
    assert [f.says for f in story.findings if f.kind == 'states'] == [
        'a SYN-SENT, ESTABLISHED (read as each came)',
        '10.7.0.2:80 SYN-RECEIVED (read as each came)']
    assert Diagram(story).picture().title.endswith('a: SYN-SENT, ESTABLISHED; 10.7.0.2:80: SYN-RECEIVED')
    assert str(stories(iter(trace), {B[0]: 'b'})[0].ends[B]) == 'b'

WAYS = dict( # who sends what after the handshake, and how each end ends
    four = ('AF Ba BF Aa', 'FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT', 'CLOSE_WAIT LAST_ACK CLOSED'),
    three = ('AF BF Aa', 'FIN_WAIT_1 TIME_WAIT', 'CLOSE_WAIT LAST_ACK CLOSED'),
    crossing = ('AF Bf Ba Aa', 'FIN_WAIT_1 CLOSING TIME_WAIT', 'FIN_WAIT_1 CLOSING TIME_WAIT'),
    half = ('AF Ba', 'FIN_WAIT_1 FIN_WAIT_2', 'CLOSE_WAIT'),
    unheard = ('AF', 'FIN_WAIT_1', ''),
    reset = ('BR', 'CLOSED', 'CLOSED'),
    reset_half = ('AF Ba AR', 'FIN_WAIT_1 FIN_WAIT_2 CLOSED', 'CLOSE_WAIT CLOSED'))

@pytest.mark.parametrize('words,a,b', WAYS.values(), ids=WAYS)
def test_states_are_those_of_the_table(words, a, b):
    "F a FIN that acknowledges all, f one that crosses the other's, a an ACK, R a RST"
    records,sent = opening(),{'A': 1, 'B': 1}
    for i,(who,what) in enumerate(words.split()):
        other = 'B' if who == 'A' else 'A'
        ack = sent[other] - (what == 'f')
        flags = {'F': FIN|ACK, 'f': FIN|ACK, 'a': ACK, 'R': RST|ACK}[what]
        src,dst = (A, B) if who == 'A' else (B, A)
        records.append(seen(1 + i, src, dst, sent[who], ack=ack, flags=flags))
        sent[who] += what in 'Ff'
    way_a,way_b = stories(records)[0].paths.values()
    assert way_a == ('CLOSED', 'SYN_SENT', 'ESTABLISHED', *a.split())
    assert way_b == ('CLOSED', 'LISTEN', 'SYN_RECEIVED', 'ESTABLISHED', *b.split())

def test_what_each_segment_says():
    records = opening() + [
        seen(1, A, B, 1, b'hello\n', 1),
        seen(1, B, A, 1, ack=7, flags=FIN|ACK),
        seen(1, A, B, 7, ack=2, flags=RST|ACK)]
    assert [says(r, {A[0]: 'a', B[0]: 'b'}) for r in records] == [
        'a asks to open, and says where its numbers begin: at 1000.',
        'b agrees, and says where its numbers begin: at 4294967293.',
        'a acknowledges what it got.',
        'a sends 6 octets: hello',
        'b has no more to send: its FIN.',
        'a resets the connection.']
    assert says(seen(1, A, B, 1, b'\x1b[2J' + bytes(99), 1)).isprintable()

def test_one_pass_in_which_little_is_kept():
    "An iterator is enough, and of a long connection only the first segments and those with findings stay"
    alive = weakref.WeakSet()
    def records():
        for i in range(5000):
            r = seen(i/1000, A, B, 1 + 10*i, bytes(10), 1)
            alive.add(r)
            yield r
            assert len(alive) <= SHOWN + 3
    story, = stories(records())
    assert (story.count, len(story.trace), story.numbers[-1]) == (5000, SHOWN, SHOWN)

ends = st.sampled_from([A, B, ('fd00::1', 40000), ('fd00::1', 80)])
numbers = st.sampled_from([0, 1, 2, 100, 2**31, 2**32-1])
segments = st.builds(
    Segment, st.just(1), st.just(2), numbers, numbers, st.integers(0, 255),
    st.sampled_from([0, 1, 500]), st.binary(max_size=3))
fates = st.sampled_from(['', 'lost', 'duplicate', 'spoiled'])
states = st.tuples(st.sampled_from([None, 'SYN_SENT']), st.sampled_from([None, 'LISTEN']))
anything = st.builds(
    Seen, st.floats(-1e6, 1e9), ends, ends, segments,
    st.none() | st.floats(0, 9), fates, st.none() | states)

@given(st.lists(anything, max_size=9))
@settings(max_examples=500, deadline=None)
def test_of_anything_there_is_a_story(records):
    "Of rubbish, of an end that talks to itself, of clocks that go back"
    found = stories(records)
    assert sum(story.count for story in found) == len(records)
    for story in found:
        assert str(story) and story._repr_markdown_() and Diagram(story)._repr_svg_()
        for f in story.findings: assert f.seen is records[f.n-1] and f.says
