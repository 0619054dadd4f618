"""The controllers against the formulas of RFC 5681, 6928 and 9438,
and what must hold whatever news comes in whatever order"""
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given, settings, strategies as st

from python_tcp.congestion import FAR, Cubic, NewReno, Reno

MSS = 1460
fuzz = settings(max_examples=300, derandomize=True, deadline=None)
RENOS, ALL = (Reno, NewReno), (Reno, NewReno, Cubic)
every = pytest.mark.parametrize('kind', ALL)

def opened(kind, segments=None, **fields):
    "A controller, at so many segments in congestion avoidance if that is said"
    cc = kind().on_open(MSS)
    return cc if segments is None else replace(cc, cwnd=segments*MSS, ssthresh=segments*MSS, **fields)

def round_trip(cc, now=0., rtt=.1, size=1):
    "The controller after a window is acknowledged, by ACKs for `size` segments each, spread over a round trip"
    left,start = cc.cwnd,cc.cwnd
    while left > 0:
        acked = min(int(size*cc.mss), left)
        left -= acked
        now += rtt*acked/start
        cc = cc.on_ack(now, acked, rtt)
    return cc, now

@pytest.mark.parametrize('mss,cwnd', [
    (536, 5360), (1095, 10950), (1460, 14600), (2190, 14600), (4000, 14600), (7300, 14600), (8960, 17920)])
@every
def test_initial_window(kind, mss, cwnd):
    assert (kind().on_open(mss).cwnd, kind().on_open(mss).ssthresh, kind().on_open(mss).mss) == (cwnd, FAR, mss)
    assert kind().on_open(mss, lost=True).cwnd == mss

@every
def test_slow_start_doubles(kind):
    cc,now = opened(kind),0.
    for segments in 20, 40, 80, 160, 320:
        cc,now = round_trip(cc, now)
        assert cc.cwnd == segments*MSS
    assert cc.ssthresh == FAR

@every
def test_slow_start_counts_segments_not_octets_of_an_ack(kind):
    cc = opened(kind)
    assert cc.on_ack(0., 10*MSS, .1).cwnd == cc.cwnd + MSS
    assert cc.on_ack(0., 1, .1).cwnd == cc.cwnd + 1

@pytest.mark.parametrize('kind', RENOS)
@pytest.mark.parametrize('size', [.3, 1, 2])
def test_congestion_avoidance_adds_a_segment_each_round_trip(kind, size):
    cc,now = opened(kind, 20),0.
    for segments in range(21, 60):
        cc,now = round_trip(cc, now, size=size)
        assert cc.cwnd == segments*MSS

def test_what_is_over_counts_for_the_next_window():
    cc = opened(Reno, 20).on_ack(0., 21*MSS, .1)
    assert (cc.cwnd, cc.on_ack(0., 19*MSS, .1).cwnd, cc.on_ack(0., 20*MSS, .1).cwnd) == (21*MSS, 21*MSS, 22*MSS)

@pytest.mark.parametrize('kind,left', [(Reno, .5), (NewReno, .5), (Cubic, .7)])
def test_a_loss(kind, left):
    cc = opened(kind, 80)
    lost = cc.on_loss(1., 60*MSS)
    assert lost.cwnd == lost.ssthresh == int(60*MSS*left)
    assert cc.on_loss(1., 3*MSS).cwnd == max(2*MSS, int(left*(3*MSS)))
    for flight in 0, 1, MSS, 2*MSS: assert cc.on_loss(1., flight).cwnd == cc.on_loss(1., flight).ssthresh == 2*MSS

@pytest.mark.parametrize('kind,left', [(Reno, .5), (NewReno, .5), (Cubic, .7)])
def test_time_outs_in_a_row_lower_ssthresh_once(kind, left):
    cc = opened(kind, 80).on_timeout(1., 80*MSS)
    assert (cc.cwnd, cc.ssthresh) == (MSS, int(80*MSS*left))
    for t in 2., 4., 8.:
        cc = cc.on_timeout(t, MSS)
        assert (cc.cwnd, cc.ssthresh) == (MSS, int(80*MSS*left))
    cc = cc.on_ack(9., MSS, .1).on_ack(9.1, MSS, .1)
    assert cc.cwnd == 3*MSS                               # slow start again
    assert cc.on_timeout(10., 3*MSS).ssthresh == max(2*MSS, int(left*(3*MSS)))
    first = kind().on_open(MSS, lost=True).on_timeout(1., MSS)
    assert (first.cwnd, first.ssthresh) == (MSS, 2*MSS)   # a lost SYN is no time-out of a segment with data

@every
def test_slow_start_ends_at_ssthresh(kind):
    cc,now = opened(kind, 40).on_timeout(1., 40*MSS),1.
    while cc.cwnd < cc.ssthresh: cc,now = round_trip(cc, now)
    at = cc.cwnd
    assert at <= cc.ssthresh + MSS
    cc,now = round_trip(cc, now)
    assert cc.cwnd <= at + MSS

@every
def test_idle(kind):
    assert opened(kind, 80).on_idle().cwnd == opened(kind).cwnd and opened(kind, 80).on_idle().ssthresh == 80*MSS
    assert opened(kind, 3).on_idle().cwnd == 3*MSS

@every
def test_values_are_frozen_and_of_their_kind(kind):
    cc = opened(kind)
    with pytest.raises(FrozenInstanceError): cc.cwnd = 3
    for other in cc.on_ack(0., MSS), cc.on_loss(0., MSS), cc.on_timeout(0., MSS), cc.on_idle():
        assert type(other) is kind
    assert cc == opened(kind) and hash(cc) == hash(opened(kind))

def test_who_goes_on_after_a_partial_ack(): assert (Reno.partial, NewReno.partial, Cubic.partial) == (False, True, True)

news = st.one_of(
    st.tuples(st.just('on_ack'), st.integers(1, 100*MSS), st.one_of(st.none(), st.floats(1e-4, 3)), st.booleans()),
    st.tuples(st.just('on_loss'), st.integers(0, 300*MSS)),
    st.tuples(st.just('on_timeout'), st.integers(0, 300*MSS)),
    st.tuples(st.just('on_idle')))

@every
@fuzz
@given(data=st.lists(st.tuples(st.floats(0, 5), news), max_size=60), mss=st.integers(88, 9000), lost=st.booleans())
def test_whatever_comes(kind, data, mss, lost):
    cc,now = kind().on_open(mss, lost),0.
    for pause,(name, *args) in data:
        now += pause
        after = getattr(cc, name)(*[now]*(name != 'on_idle'), *args)
        assert isinstance(after.cwnd, int) and isinstance(after.ssthresh, int) and after.mss == mss
        assert after.cwnd >= mss and after.ssthresh >= 2*mss and after.earned >= 0
        if name == 'on_ack':
            acked,_,limited = args
            assert after.ssthresh == cc.ssthresh
            if not limited: assert after.cwnd == cc.cwnd
            elif cc.cwnd < cc.ssthresh: assert after.cwnd == cc.cwnd + min(acked, mss)
            else: assert cc.cwnd <= after.cwnd <= cc.cwnd + max(mss, .5*min(acked, cc.cwnd) + 1)
        if name in ('on_loss', 'on_timeout'): assert after.earned == 0
        if name == 'on_loss': assert after.cwnd == after.ssthresh == max(int(kind.beta*args[0]), 2*mss)
        if name == 'on_timeout':
            assert after.cwnd == mss and after.ssthresh in (cc.ssthresh, max(int(kind.beta*args[0]), 2*mss))
        if name == 'on_idle': assert after.cwnd <= cc.cwnd and after.ssthresh == cc.ssthresh
        cc = after

def curve(t, w_max, left):
    "RFC 9438 §4.2, equations 1 and 2, in segments"
    k = ((w_max - left)/.4)**(1/3)
    return .4*(t - k)**3 + w_max

@pytest.mark.parametrize('rtt', [.02, .1, .3])
@pytest.mark.parametrize('w_max', [200, 1000, 5000])
def test_cubic_follows_its_curve(rtt, w_max):
    cc,now,start = opened(Cubic, w_max).on_loss(0., w_max*MSS),0.,None
    for _ in range(int(12/rtt)):
        cc,now = round_trip(cc, now, rtt, size=max(1, w_max//50))
        want = curve(now - cc.start, w_max, .7*w_max)
        reno = cc.w_est/MSS
        assert cc.cwnd/MSS == pytest.approx(max(want, reno), rel=.04)
        if want > reno + 1: start = start or now
    assert start is not None                              # it was on the curve, not only on Reno's line

def test_cubic_and_acks_for_a_few_octets():
    "Growth of less than an octet adds up"
    grown = []
    for size in 1, .02:
        cc,now = opened(Cubic, 100).on_loss(0., 100*MSS),0.
        for _ in range(10): cc,now = round_trip(cc, now, size=size)
        grown.append(cc.cwnd - 70*MSS)
    assert grown[0] > 10*MSS and grown[1] == pytest.approx(grown[0], rel=.05)

def test_cubic_does_not_know_the_round_trip():
    at = {}
    for rtt in .05, .2:
        cc,now = opened(Cubic, 2000).on_loss(0., 2000*MSS),0.
        while now < 8: cc,now = round_trip(cc, now, rtt, size=20)
        at[rtt] = cc.cwnd
    assert at[.05] == pytest.approx(at[.2], rel=.02)

@pytest.mark.parametrize('rtt,segments', [(.001, 100), (.01, 30), (.02, 10)])
def test_cubic_is_as_fast_as_reno_on_a_short_path(rtt, segments):
    "0.53 segments a round trip until it is where it was, then one (§4.3)"
    cc,now = opened(Cubic, segments).on_loss(0., segments*MSS),0.
    trips = 0
    while cc.cwnd < segments*MSS: cc,now,trips = *round_trip(cc, now, rtt),trips + 1
    assert trips == pytest.approx(.3*segments/(9/17), rel=.15)
    at = cc.cwnd
    for _ in range(10): cc,now = round_trip(cc, now, rtt)
    assert (cc.cwnd - at)/MSS == pytest.approx(10, rel=.15)

def test_cubic_grows_by_half_a_window_at_most():
    cc = opened(Cubic, 50).on_loss(0., 50*MSS).on_ack(0., MSS, .1)
    late,now = round_trip(cc, 1000.)
    assert late.cwnd <= 1.5*cc.cwnd + MSS

def test_cubic_leaves_room():
    cc = opened(Cubic, 100).on_loss(0., 100*MSS)
    assert cc.w_max == 100*MSS
    early = replace(cc, cwnd=90*MSS).on_loss(1., 90*MSS)
    assert early.w_max == pytest.approx(90*.85*MSS)
    assert replace(early, cwnd=95*MSS).on_loss(2., 95*MSS).w_max == 95*MSS

def test_cubic_after_a_time_out_begins_where_its_curve_is_level():
    cc,now = opened(Cubic, 200).on_loss(0., 100*MSS).on_timeout(0., 100*MSS),0.
    while cc.cwnd < cc.ssthresh: cc,now = round_trip(cc, now)
    cc = cc.on_ack(now, MSS, .1)
    assert cc.k == 0 and cc.w_max == pytest.approx(70*MSS, abs=2*MSS)

def test_cubic_does_not_count_time_without_a_limit():
    "The same growth, with and without an hour in which the program sent little"
    busy,now = opened(Cubic, 300).on_loss(0., 300*MSS),0.
    for _ in range(20): busy,now = round_trip(busy, now)
    quiet = busy
    for k in range(360): quiet = quiet.on_ack(now + 10*k, MSS, .1, limited=False)
    assert quiet.cwnd == busy.cwnd
    later = now + 3600
    for _ in range(20): (busy, now),(quiet, later) = round_trip(busy, now),round_trip(quiet, later)
    assert quiet.cwnd == pytest.approx(busy.cwnd, rel=.01)
    assert opened(Cubic, 300).on_loss(0., 300*MSS).on_ack(0., MSS, .1).on_idle().start is None

def average(cc, p, rtt, losses=16):
    "Segments in flight, on average, when exactly one in 1/p gets lost"
    cc,now,times = cc.on_open(MSS).on_loss(0., 20*MSS),0.,[]
    for _ in range(losses):
        times.append(now)
        left = MSS/p
        while left > 0:
            acked = min(max(MSS, cc.cwnd//40), left)
            now,left = now + rtt*acked/cc.cwnd,left - acked
            cc = cc.on_ack(now, acked, rtt)
        cc = cc.on_loss(now, cc.cwnd)
    return 4/p * rtt/(now - times[-4])

@pytest.mark.parametrize('p', [1e-2, 1e-3, 1e-4, 1e-5])
@pytest.mark.parametrize('kind', RENOS)
def test_reno_pays_for_losses_what_the_formula_says(kind, p):
    assert average(kind(), p, .1) == pytest.approx((1.5/p)**.5, rel=.05)

@pytest.mark.parametrize('rtt,p,segments', [
    (.1, 1e-2, 12), (.1, 1e-3, 38), (.1, 1e-4, 187), (.1, 1e-5, 1054), (.1, 1e-6, 5926),
    (.01, 1e-2, 12), (.01, 1e-3, 38), (.01, 1e-4, 120), (.01, 1e-5, 379)])
def test_cubic_and_the_tables_of_rfc_9438(rtt, p, segments):
    "§5.1, tables 1 and 2, for C = 0.4"
    assert average(Cubic(), p, rtt) == pytest.approx(segments, rel=.11)
