"IP packets: in and out, spoiled, cut, hostile; with the segments and the addresses that there can be"
import struct

import pytest
from hypothesis import given, settings, strategies as st

from python_tcp.ip import from_ip, to_ip
from python_tcp.segment import Flags, Segment, checksum, pack

ENDS = [('10.0.0.1', '10.0.0.2'), ('fd00::1', 'fd00::2'), ('255.255.255.255', '0.0.0.0'), ('::', 'ffff:' * 7 + 'ffff')]
number, port = st.integers(0, 2**32 - 1), st.integers(0, 65535)
SYN = Segment(40000, 80, 1000, 0, Flags.SYN, 64240, mss=500, ts=(1, 2))

@st.composite
def segments(draw):
    flags, text = Flags(draw(st.integers(0, 255))), st.binary(max_size=40)
    return Segment(draw(port), draw(port), draw(number), draw(number), flags, draw(port), draw(text),
        mss=draw(st.none() | port), ts=draw(st.none() | st.tuples(number, number)))

@given(segments(), st.sampled_from(ENDS), port, st.binary(max_size=9))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_what_went_in_comes_out_whatever_stands_behind_it(segment, ends, ident, trailer):
    octets = to_ip(segment, *ends, ident)
    found = from_ip(octets + trailer)
    assert found.seg == segment and to_ip(*found, ident) == octets
    assert from_ip(octets + trailer, check=False) == found
    assert octets.endswith(pack(segment, *ends))

@pytest.mark.parametrize('ends', ENDS)
def test_one_spoiled_bit_is_never_taken_for_another_segment(ends):
    "Nor for other addresses; of IPv6's header nothing else is guarded, and what holds no TCP is none"
    octets = to_ip(SYN, *ends)
    for bit in range(8*len(octets)):
        spoiled = (int.from_bytes(octets) ^ 1 << bit).to_bytes(len(octets))
        try: found = from_ip(spoiled)
        except ValueError: continue
        assert found is None or found == from_ip(octets) and ':' in ends[0] and len(octets) - 1 - bit//8 < 8, bit

@pytest.mark.parametrize('ends', ENDS)
def test_a_packet_that_was_cut_anywhere_is_no_segment(ends):
    octets = to_ip(SYN, *ends)
    header = 40 if ':' in ends[0] else 20
    for n in range(len(octets)):
        if n < header: assert from_ip(octets[:n]) is None
        else:
            with pytest.raises(ValueError, match=f'only {n} octets of {len(octets)} were captured'): from_ip(octets[:n])

@given(st.binary(max_size=80), st.sampled_from([b'', b'\x45', b'\x46', b'\x60', b'\x41']), st.booleans())
@settings(max_examples=500, derandomize=True, deadline=None)
def test_hostile_octets_raise_value_errors_only(octets, head, check):
    try: found = from_ip(head + octets, check)
    except ValueError as e: assert str(e)
    else: assert found is None or isinstance(found.seg, Segment)

def test_pieces_and_options_of_a_header():
    octets = to_ip(SYN, '10.0.0.1', '10.0.0.2')
    for flags in 0x2000, 0x0001, 0x3fff: assert from_ip(octets[:6] + flags.to_bytes(2) + octets[8:]) is None
    head = bytearray(b'\x46' + octets[1:2] + (len(octets) + 4).to_bytes(2) + octets[4:10] + bytes(2) + octets[12:20]
                     + b'\x94\x04\0\0') # a router alert
    head[10:12] = checksum(bytes(head)).to_bytes(2)
    assert from_ip(bytes(head) + octets[20:]) == from_ip(octets)

def test_headers_of_ipv6_before_the_segment():
    octets = to_ip(SYN, 'fd00::1', 'fd00::2')
    between = bytes([60, 0, *bytes(6), 43, 1, *bytes(14), 6, 0, *bytes(6)]) # hop by hop, destination options, routing
    whole = octets[:4] + struct.pack('!HB', len(octets) - 40 + len(between), 0) + octets[7:40] + between + octets[40:]
    assert from_ip(whole) == from_ip(octets)
    assert from_ip(octets[:6] + b'\x2c' + octets[7:]) is None # a piece

def test_a_segment_cut_up_by_the_card():
    "A length of 0 is that of all that came: the card was to cut it up (TSO)"
    octets = to_ip(SYN, '10.0.0.1', '10.0.0.2')
    assert from_ip(octets[:2] + bytes(2) + octets[4:], check=False) == from_ip(octets)
