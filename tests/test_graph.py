"""The numbers behind the time-sequence graph, and what is drawn of them"""
from xml.etree import ElementTree

import pytest

from python_tcp.graph import course, time_sequence
from python_tcp.segment import Flags, Segment
from python_tcp.trace import Seen, Trace

SYN,ACK,FIN,RST = Flags.SYN,Flags.ACK,Flags.FIN,Flags.RST
A,B = ('10.7.0.1', 40000),('10.7.0.2', 80)
ISS = {A: 2**32 - 500, B: 7}

def seen(t, src, seq, ack, data=b'', flags=ACK, got=0., fate='', **options):
    "A record whose numbers count from the SYN of each end"
    dst = B if src == A else A
    there,back = ISS[src] + seq,ISS[dst] + ack if flags & ACK else 0
    segment = Segment(src[1], dst[1], there, back, flags, options.pop('window', 100), data, **options)
    return Seen(t, src, dst, segment, None if got is None else t + got, fate)

def opening(ours=None, theirs=None):
    asks = seen(0, A, 0, 0, flags=SYN, wscale=ours)
    return [asks, seen(.1, B, 0, 1, flags=SYN|ACK, wscale=theirs), seen(.2, A, 1, 1)]

DATA = [seen(.3, A, 1, 1, bytes(1000)), seen(.4, A, 1001, 1, bytes(1000)), seen(.5, B, 1, 1001),
        seen(.6, A, 1001, 1, bytes(1000)), seen(.7, B, 1, 2001)]

def test_numbers_count_from_the_first_octet_and_do_not_wrap():
    ran = course(Trace(opening() + DATA), A)
    assert ran.sent == [(.3, 0, 1000, False), (.4, 1000, 2000, False), (.6, 1000, 2000, True)]
    assert ran.acked == [(.1, 0), (.5, 1000), (.7, 2000)]

@pytest.mark.parametrize('ours,theirs,edge', [
    (None, None, 1100), (3, None, 1100), (None, 3, 1100), (0, 3, 1800), (7, 0, 1100)])
def test_a_window_is_scaled_only_where_both_offered_it(ours, theirs, edge):
    ran = course(Trace(opening(ours, theirs) + DATA), A)
    assert ran.edge[:2] == [(.1, 100), (.5, edge)] # that of a SYN is never scaled

def test_without_the_opening_there_is_no_window():
    ran = course(Trace(DATA), A)
    assert (ran.high, ran.edge) == (2000, [])
    assert 'window: unknown' in time_sequence(Trace(DATA))

def test_more_than_4_GiB():
    step = 2**30
    records = [seen(i, A, 1 + i*step, 1, bytes(10)) for i in range(9)]
    assert course(Trace(opening() + records), A).high == 8*step + 10

def test_a_lost_segment_was_sent_and_a_lost_ACK_never_came():
    lost = [seen(.3, A, 1, 1, bytes(10), got=None, fate='lost'), seen(.4, B, 1, 11, got=None, fate='lost')]
    ran = course(Trace(opening() + lost), A)
    assert ran.high == 10 and ran.acked == [(.1, 0)]

def test_times_are_those_of_the_sender():
    "An ACK counts when it comes"
    slow = [seen(.3, A, 1, 1, bytes(10), got=.5), seen(.8, B, 1, 11, got=.5)]
    ran = course(Trace(opening() + slow), A)
    assert (ran.sent[0][0], ran.acked[-1]) == (.3, (1.3, 10))

def test_an_ACK_of_a_FIN_counts_no_octet_and_a_RST_nothing():
    end = [seen(.8, A, 2001, 1, flags=FIN|ACK), seen(.9, B, 1, 2002), seen(1, B, 999, 999, flags=RST|ACK)]
    ran = course(Trace(opening() + DATA + end), A)
    assert (ran.high, ran.acked[-1]) == (2000, (.9, 2000))

def test_the_end_that_sent_more_is_drawn():
    answer = [seen(.8, B, 1, 2001, bytes(5000)), seen(.9, A, 2001, 5001)]
    assert time_sequence(Trace(DATA + answer)).title.startswith('Octets of 10.7.0.2, port 80, over 600 ms: 5,000 sent')
    assert '3 segments' not in time_sequence(Trace(DATA)).title
    assert time_sequence(Trace(DATA + answer), A).title.endswith('2,000 sent, 2,000 acknowledged, 1 segment sent again')

def test_what_nobody_can_see_is_not_drawn():
    "100,000 segments make no larger a picture than a screen holds; each is within it"
    records = opening(0, 0)
    for i in range(50_000):
        records += [seen(1 + i/1000, A, 1 + 1000*i, 1, bytes(1000)), seen(1.02 + i/1000, B, 1, 1001 + 1000*i)]
    picture = time_sequence(Trace(sorted(records, key=lambda r: r.t)))
    assert len(picture) < 60_000
    for shape in ElementTree.fromstring(picture).iter('{http://www.w3.org/2000/svg}polyline'):
        corners = [tuple(map(float, corner.split(','))) for corner in shape.get('points').split()]
        assert all(0 < x < 380 and 0 < y < 252 for x,y in corners)

def test_one_moment_is_a_picture_too(): assert time_sequence(Trace(DATA[:1]))
