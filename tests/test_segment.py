"`segment` against hostile octets, scapy, tcpdump and the octets of a kernel"
import operator, pickle, random, re, subprocess
from copy import deepcopy
from dataclasses import dataclass, fields, replace
from ipaddress import ip_address
from struct import pack as struct_pack

import pytest
pytest.importorskip('hypothesis', reason='the fuzzing needs hypothesis: pip install -e .[dev]')
from hypothesis import given, settings, strategies as st

from python_tcp.segment import _BY_KIND, _OPTIONS, Flags, Segment, Seq, checksum, pack, parse, unwrap

A, B = '10.0.0.1', '10.0.0.2'
PAIRS = [(A, B), ('fd00::1', '2001:db8::ffff:2')]
# As Linux 6.18 sent them over veth, offload off: handshake, request, its ACK, two SACKs after a loss, last ACK, FIN
KERNEL = [
    ('A', '9c400050000003e800000000a002faf036570000020405b40402080a9023d216000000000103030a'),
    ('B', '00509c400237ee2a000003e9a012fe882fdf0000020405b40402080a1c35f6379023d2160103030a'),
    ('A', '9c400050000003e90237ee2b8010003f5cf800000101080a9023d2161c35f637'),
    ('A', '9c400050000003e90237ee2b8018003f7da600000101080a9023d2ae1c35f637474554202f20485454502f312e300d0a0d0a'),
    ('B', '00509c400237ee2b000003fb801000405bb500000101080a1c35f6cf9023d2ae'),
    ('B', '00509c400237ee2b000003fbb0100040163b00000101080a1c35f7349023d2ae0101050a00000653000008ab'),
    ('B', '00509c400237ee2b000003fbb010004013e200000101080a1c35f7349023d2ae0101050a0000065300000b04'),
    ('A', '9c40005000000b040237ee2c8010003f4c0400000101080a9023d7041c35fb21'),
    ('A', '9c40005000000b040237ee2c8011003f4b3900000101080a9023d7ce1c35fb21'),
]
fuzz = settings(max_examples=500, derandomize=True, deadline=None)

u = lambda bits: st.integers(0, 2**bits - 1)
others = st.tuples(st.sampled_from([kind for kind in range(2, 256) if kind not in _BY_KIND]), st.binary(max_size=8))
segments = st.builds(Segment, u(16), u(16), u(32), u(32), u(8), u(16), st.binary(max_size=40),
    mss=st.none() | u(16), wscale=st.none() | u(8), sack_ok=st.booleans(),
    sack=st.lists(st.tuples(u(32), u(32)), max_size=3).map(tuple), ts=st.none() | st.tuples(u(32), u(32)),
    other=st.lists(others, max_size=2).map(tuple))

def packed(s, *hosts):
    "The octets of `s`, or None where its options do not fit"
    try: return pack(s, *hosts)
    except ValueError as e: assert 'room for 40 octets' in str(e)

# --- sequence numbers
@fuzz
@given(u(32), st.integers(-2**31 + 1, 2**31 - 1), st.integers(-2**40, 2**40))
def test_seq(n, gap, far):
    a = Seq(n)
    b = a + gap
    assert type(b) is Seq and 0 <= b.__int__() < 2**32 and b - a == gap and type(b - a) is int and a - b == -gap
    assert (b > a, b >= a, b < a, b <= a) == (gap > 0, gap >= 0, gap < 0, gap <= 0)
    assert b - gap == a and gap + a == b and int(b) - a == gap
    assert a == n and hash(a) == hash(n) and Seq(n + 2**32) == a and int(Seq(far)) == far % 2**32
    assert pickle.loads(pickle.dumps(a)) == a and repr(a) == f'Seq({n})' and f'{a}' == str(a) == str(n)

@pytest.mark.parametrize('gap', [-2**31 + 1, -1, 0, 1, 2**31 - 1])
@pytest.mark.parametrize('n', [0, 1, 2**31 - 1, 2**31, 2**32 - 1])
def test_seq_at_the_rims(n, gap):
    a, b = Seq(n), Seq(n + gap)
    assert (b - a, a - b, a + gap, b - gap) == (gap, -gap, b, a)
    assert (a < b, a <= b, a > b, a >= b, a == b) == (gap > 0, gap >= 0, gap < 0, gap <= 0, gap == 0)

WRONG_SUMS = [
    lambda: Seq(1) + Seq(2), lambda: Seq(1) - 'x', lambda: Seq('1'), lambda: Seq(1.0),
    lambda: Seq(1) + 1.5, lambda: Seq(1) - 1.5, lambda: Seq(1) + None,
    lambda: Seq(1) < 1.5, lambda: Seq(1) >= None, lambda: Seq(1) > 'x']

@pytest.mark.parametrize('wrong', WRONG_SUMS)
def test_seq_refuses(wrong):
    with pytest.raises(TypeError): wrong()

@fuzz
@given(u(32), st.integers(-2**40, 2**40))
def test_unwrap(n, near):
    found = unwrap(Seq(n), near)
    assert type(found) is int and found % 2**32 == n and -2**31 <= found - near < 2**31
    assert found == unwrap(n, near) == unwrap(n - 2**33, near) and Seq(found) == n

@pytest.mark.parametrize('gap', [-2**31, -2**31 + 1, -1, 0, 1, 2**31 - 1])
@pytest.mark.parametrize('near', [0, 5, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 3*2**32 - 1, 2**40 + 7])
def test_unwrap_at_the_rims(near, gap):
    "Half the circle away is the earlier one; what comes before 0 is negative"
    assert unwrap(Seq(near + gap), near) == near + gap
    assert type(unwrap(True, True)) is type(unwrap(Seq(near), Seq(near))) is int

def test_unwrap_counts_on_over_many_gib():
    at = 2**32 - 5
    for _ in range(40): # 40 GiB in steps of 1 GiB
        came = unwrap(Seq(at) + 2**30, at)
        assert came == at + 2**30
        at = came

# --- values
def test_numbers_wrap():
    "Any integer is a sequence number: in `seq`, in `ack` and at the edges of SACK blocks"
    s = Segment(1, 2, 5*2**32 + 3, -1, 16, 5, sack=[(-2, 2**32), (2**40 + 7, True)])
    assert (s.seq, s.ack, s.sack) == (3, 2**32 - 1, ((2**32 - 2, 0), (7, 1)))
    assert {type(n) for n in (s.seq, s.ack, *s.sack[0], *s.sack[1])} == {Seq} and parse(pack(s, A, B), A, B) == s

@dataclass(frozen=True)
class Marked(Segment):
    "With a field of its own"
    mark:str = ''

def test_a_dataclass_made_from_segment():
    s = Marked(1, 2, -1, 7, 3, 5, b'xy', sack=[[1, 2]], mark='here')
    assert (s.seq, s.sack, s.mark) == (2**32 - 1, ((1, 2),), 'here') and replace(s, mark='there') != s == replace(s)
    assert pack(s, A, B) == pack(Segment(1, 2, -1, 7, 3, 5, b'xy', sack=[[1, 2]]), A, B)
    with pytest.raises(AttributeError, match='mark'): s.mark = ''
    with pytest.raises(ValueError, match='window is from 0 to 65535, not 65536'): replace(s, window=65536)

def test_the_table_of_options_has_a_row_for_each_field():
    "Who adds an option adds both; what a field has without it, the row knows"
    plain = Segment(1, 2, 3, 4, 5, 6)
    assert {f.name for f in fields(Segment) if f.kw_only} == {option.field for option in _OPTIONS} | {'other'}
    assert [option.left_out for option in _OPTIONS] == [getattr(plain, option.field) for option in _OPTIONS]
    assert len({option.kind for option in _OPTIONS}) == len(_OPTIONS)

def test_unchecked():
    plain = Segment(1, 2, 2**32 + 3, -1, 18, 5, b'xy', mss=9, sack=[[1, 2]], ts=[3, 4])
    s = Segment.unchecked(1, 2, 2**32 + 3, -1, Flags(18), 5, b'xy', mss=9, sack=((Seq(1), Seq(2)),), ts=(3, 4))
    assert s == plain and hash(s) == hash(plain) and repr(s) == repr(plain) and pack(s, A, B) == pack(plain, A, B)
    assert s == replace(s) == deepcopy(s) == pickle.loads(pickle.dumps(s)) and type(s) is type(replace(s)) is Segment
    assert type(Segment.unchecked(1, 2, 3, 4, Flags.ACK, 5).seq) is Seq

WRONG_FIELDS = [
    ('src', -1), ('src', '80'), ('src', None), ('dst', 65536), ('flags', -1), ('flags', 256),
    ('window', 65536), ('window', 1.5), ('mss', 65536), ('mss', -1), ('mss', ''), ('wscale', 256), ('wscale', 1.0),
    ('ts', (1,)), ('ts', (1, 2**32)), ('ts', (1, 2, 3)), ('ts', (1.5, 2)), ('sack', ((1,),)),
    ('other', ((1, b''),)), ('other', ((2, b'12'),)), ('other', ((256, b''),)),
    ('other', ((9, 'x'),)), ('other', ((9,),))]

@pytest.mark.parametrize('field, value', WRONG_FIELDS)
def test_refused_at_construction(field, value):
    with pytest.raises(ValueError): replace(parse(bytes.fromhex(KERNEL[0][1]), A, B), **{field: value})

def test_value():
    s = Segment(1, 2, -1, 2**32 + 7, 3, 5, b'xy', sack=[[1, 2]], ts=[3, 4], other=[[9, b'z']])
    assert (s.seq, s.ack, s.flags, s.len, s.end) == (2**32 - 1, 7, Flags.SYN | Flags.FIN, 4, 3)
    assert type(s.seq) is type(s.end) is Seq and type(s.flags) is Flags and type(s.sack[0][0]) is Seq
    assert hash(s) == hash(deepcopy(s)) and pickle.loads(pickle.dumps(s)) == s
    assert eval(re.sub(r'<Flags[^>]*: 3>', '3', repr(s))) == s
    assert '| ack | 7 |' in s._repr_markdown_() and '| mss |' not in s._repr_markdown_()
    zero = replace(s, ack=0, mss=0, wscale=0)
    assert all(f'| {name} | 0 |' in zero._repr_markdown_() for name in ('ack', 'mss', 'wscale'))

def test_a_parsed_segment_is_like_any_other():
    s = parse(bytes.fromhex(KERNEL[5][1]), B, A)
    t = Segment(80, 40000, s.seq, s.ack, s.flags, s.window, ts=s.ts, sack=s.sack)
    assert s == t and hash(s) == hash(t) and repr(s) == repr(t)
    assert pickle.loads(pickle.dumps(s)) == s == deepcopy(s) == replace(s)
    with pytest.raises(AttributeError): s.window = 1

class Noted(Segment):
    "Of one's own, with room for more than the fields"

class Slim(Segment):
    __slots__ = ()

@pytest.mark.parametrize('kind', [Noted, Slim])
def test_a_class_made_from_segment(kind):
    plain = Segment(1, 2, -1, 7, 3, 5, b'xy', mss=9, sack=[[1, 2]], ts=[3, 4], other=[[9, b'z']])
    s = kind(1, 2, -1, 7, 3, 5, b'xy', mss=9, sack=[[1, 2]], ts=[3, 4], other=[[9, b'z']])
    assert type(s) is type(replace(s, src=1)) is kind and isinstance(s, Segment) and str(s) == str(plain)
    assert [getattr(s, f) for f in s.__dataclass_fields__] == [getattr(plain, f) for f in s.__dataclass_fields__]
    assert s == replace(s) == deepcopy(s) == pickle.loads(pickle.dumps(s)) and hash(s) == hash(replace(s))
    assert pack(s, A, B) == pack(plain, A, B) and parse(pack(s, A, B), A, B) == plain
    with pytest.raises(AttributeError, match='window'): s.window = 1
    with pytest.raises(ValueError, match='src is from 0 to 65535, not -1'): kind(-1, 2, 3, 4, 5, 6)

def test_a_segment_never_changes():
    s = Segment(1, 2, 3, 4, 5, 6)
    for name in ('window', 'typo', '__class__'):
        says = f'^a segment never changes, nor does its {name}: dataclasses.replace makes another segment$'
        with pytest.raises(AttributeError, match=says): setattr(s, name, 1)
    with pytest.raises(AttributeError): del s.window
    assert s == Segment(1, 2, 3, 4, 5, 6)

# --- checksum
def reference(octets):
    total = sum(octets[::2]) * 256 + sum(octets[1::2])
    while total > 0xffff: total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff

@pytest.mark.parametrize('n', [0, 1, 2, 3, 19, 20, 1479, 1480, 65535])
def test_checksum(n):
    for octets in (bytes(n), b'\xff' * n, random.Random(n).randbytes(n), bytes(n // 2) + b'\xff' * (n - n // 2)):
        assert checksum(octets) == reference(octets) == checksum(bytearray(octets))
        assert checksum(octets, 0xffff) == reference(b'\xff\xff' + octets)

@fuzz
@given(st.binary(max_size=200), st.binary(max_size=30).map(lambda b: b * 2))
def test_checksum_start(octets, before):
    assert checksum(octets) == reference(octets)
    assert checksum(octets, int.from_bytes(before, 'big')) == reference(before + octets)

def pseudo(src, dst, length):
    a, b = ip_address(src), ip_address(dst)
    return a.packed + b.packed + (struct_pack('!HH', 6, length) if a.version == 4 else struct_pack('!II', length, 6))

@fuzz
@given(segments, st.sampled_from(PAIRS), st.data())
def test_round_trip_and_one_bit(s, hosts, data):
    octets = packed(s, *hosts)
    if octets is None: return
    assert parse(octets, *hosts) == s and reference(pseudo(*hosts, len(octets)) + octets) == 0
    bit = data.draw(st.integers(0, 8*len(octets) - 1))
    spoiled = bytearray(octets)
    spoiled[bit // 8] ^= 0x80 >> bit % 8
    with pytest.raises(ValueError): parse(bytes(spoiled), *hosts)

# --- hostile octets
def survives(octets, hosts, check):
    try: s = parse(octets, *hosts, check)
    except ValueError as e: return str(e)
    again = pack(s, *hosts)
    assert parse(again, *hosts) == s == Segment(**{f: getattr(s, f) for f in s.__dataclass_fields__})
    assert str(s) and repr(s) and s._repr_markdown_()

@fuzz
@given(st.binary(max_size=120), st.sampled_from(PAIRS), st.booleans())
def test_any_octets(octets, hosts, check): survives(octets, hosts, check)

heads, rests = st.binary(min_size=12, max_size=12), st.binary(min_size=7, max_size=90)

@fuzz
@given(heads, st.integers(5, 15), rests, st.sampled_from(PAIRS))
def test_any_options(head, words, rest, hosts): survives(head + bytes([words << 4]) + rest, hosts, False)

def written(kind, size, rng):
    "An option of such a kind and size; END and NOP have none"
    if kind < 2 and size: return bytes([kind])
    return bytes([kind, size]) + rng.randbytes(max(size - 2, 0))

likely = st.tuples(st.sampled_from([0, 1, 2, 3, 4, 5, 8, 34, 254]), st.integers(0, 12))

@fuzz
@given(st.lists(likely, max_size=20), st.randoms())
def test_likely_options(options, rng):
    body = b''.join(written(kind, size, rng) for kind,size in options)[:40]
    body += bytes(-len(body) % 4)
    survives(rng.randbytes(12) + bytes([80 + 4*len(body), 16]) + bytes(6) + body + b'data', (A, B), False)

changed = st.lists(st.tuples(st.integers(0, 99), u(8)), max_size=4)

@fuzz
@given(st.sampled_from(KERNEL), changed, st.integers(0, 99), st.booleans())
def test_mutated(row, changes, cut, check):
    octets = bytearray.fromhex(row[1])
    for i,octet in changes: octets[i % len(octets)] = octet
    survives(bytes(octets[:len(octets) - cut % 20 if cut < 40 else None]), (A, B), check)

@pytest.mark.parametrize('options, says', [
    ('0200', 'option 2 has'),
    ('02', 'option 2 has 2 to 1'),
    ('0203aa', 'option 2 cannot'),
    ('0502', 'option 5 cannot'),
    ('0802', 'option 8 cannot'),
    ('0303', 'option 3 has'),
    ('fe09', 'option 254 has')])
def test_wrong_options(options, says):
    raw = bytes(12) + bytes([0x60, 0]) + bytes(6) + bytes.fromhex(options).rjust(4, b'\1')
    with pytest.raises(ValueError, match=says): parse(raw, A, B, check=False)

@pytest.mark.parametrize('options, field, value', [
    ('020405b4 02040200', 'mss', 512),
    ('0000fefe', 'other', ()),
    ('fe02fe02', 'other', ((254, b''), (254, b'')))])
def test_odd_but_legal_options(options, field, value):
    body = bytes.fromhex(options)
    s = parse(bytes(12) + bytes([80 + 4*len(body), 0]) + bytes(6) + body, A, B, check=False)
    assert getattr(s, field) == value and parse(pack(s, A, B), A, B) == s

def test_reserved_bits_and_urgent_pointer_are_ignored():
    raw = bytes.fromhex(KERNEL[3][1])
    other = raw[:12] + bytes([raw[12] | 15]) + raw[13:18] + b'\xff\xff' + raw[20:]
    assert parse(other, A, B, check=False) == parse(raw, A, B)

def test_other_types():
    for wrong in (bytearray(20), memoryview(bytes(20)), 'x' * 20, None, 20):
        with pytest.raises(TypeError, match='bytes wanted, not'): parse(wrong, A, B)
    with pytest.raises(ValueError, match='two families'): parse(bytes.fromhex(KERNEL[0][1]), A, 'fd00::1')
    with pytest.raises(ValueError, match='does not appear'): pack(parse(bytes.fromhex(KERNEL[0][1]), A, B), A, 'nobody')

# --- other authorities
@pytest.mark.parametrize('host, octets', KERNEL)
def test_the_kernels_octets(host, octets):
    raw, hosts = bytes.fromhex(octets), (A, B) if host == 'A' else (B, A)
    s = parse(raw, *hosts)
    assert pack(s, *hosts) == raw
    assert s == parse(pack(s, *PAIRS[1]), *PAIRS[1])

def by_scapy(scapy, s, hosts):
    "Our segment `s` built by scapy: the whole IP packet"
    options = [('MSS', s.mss), ('WScale', s.wscale), ('Timestamp', s.ts)]
    options = [(name, value) for name,value in options if value is not None]
    if s.sack_ok: options.append(('SAckOK', b''))
    if s.sack: options.append(('SAck', tuple(int(n) for block in s.sack for n in block)))
    options += s.other
    tcp = scapy.TCP(sport=s.src, dport=s.dst, seq=int(s.seq), ack=int(s.ack),
        flags=int(s.flags), window=s.window, options=options)
    return around(scapy, hosts)/tcp/s.data

def around(scapy, hosts, **fields):
    "The header of an IP packet between these hosts"
    return (scapy.IP if hosts == PAIRS[0] else scapy.IPv6)(src=hosts[0], dst=hosts[1], **fields)

@pytest.mark.needs('scapy')
@settings(fuzz, max_examples=150)
@given(segments.map(lambda s: replace(s, other=tuple((253, body) for _,body in s.other))), st.sampled_from(PAIRS))
def test_scapy(s, hosts):
    from scapy import all as scapy
    ours = packed(s, *hosts)
    if ours is None: return
    packet = by_scapy(scapy, s, hosts)
    theirs = bytes(packet)[-len(bytes(packet[scapy.TCP])):]
    if (theirs[12] >> 4) * 4 + len(s.data) == len(theirs): assert parse(theirs, *hosts) == s
    inside = {'proto': 6} if hosts == PAIRS[0] else {'nh': 6}
    whole = bytes(around(scapy, hosts, **inside)/ours)
    read = packet.__class__(whole)[scapy.TCP]
    known = dict(o for o in read.options if o[0] not in ('NOP', 'EOL', 253))
    assert (read.sport, read.dport, read.seq, read.ack) == (s.src, s.dst, s.seq, s.ack)
    assert (int(read.flags), read.window) == (s.flags, s.window)
    assert known.get('MSS') == s.mss and known.get('WScale') == s.wscale and known.get('Timestamp') == s.ts
    assert ('SAckOK' in known) == s.sack_ok
    assert tuple(known.get('SAck', ())) == tuple(n for block in s.sack for n in block)
    assert bytes(read.payload) == s.data
    carried = read.chksum
    del read.chksum
    fresh = packet.__class__(bytes(around(scapy, hosts)/read))[scapy.TCP]
    has_two_forms = carried in (0, 0xffff)
    assert fresh.chksum in (carried, carried ^ 0xffff if has_two_forms else carried)

def any_of_flags(rng, f):
    "A segment with the flags `f`, but for URG, whose pointer tcpdump shows; its options hang on them"
    return Segment(40000, 80, rng.getrandbits(32), rng.getrandbits(32), f & ~32, rng.getrandbits(16), b'x'*(f % 5),
        mss=500 if f & 1 else None, wscale=7 if f % 7 == 0 else None, sack_ok=f % 3 == 0,
        sack=((1, 2),)*(f % 4 == 0), ts=None if f % 2 else (1, 0))

def in_ipv4(octets):
    "A packet from A to B, without a checksum of its own, that holds these octets"
    head = struct_pack('!BBHHHBBH', 0x45, 0, 20 + len(octets), 0, 0, 64, 6, 0)
    return head + ip_address(A).packed + ip_address(B).packed + octets

@pytest.mark.needs('tcpdump')
def test_our_line_is_tcpdumps():
    rng = random.Random(1)
    said = [any_of_flags(rng, f) for f in range(256)]
    said = [s for s in said if packed(s, A, B)]
    record = lambda ip: struct_pack('<IIII', 0, 0, len(ip), len(ip)) + ip
    frames = [in_ipv4(pack(s, A, B)) for s in said]
    pcap = struct_pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101) + b''.join(map(record, frames))
    tcpdump = ['tcpdump', '-nStr', '-', '--immediate-mode']
    out = subprocess.run(tcpdump, input=pcap, capture_output=True).stdout.decode().splitlines()
    assert len(out) == len(said)
    for s, line in zip(said, out):
        line = line.split(': HTTP')[0].replace(f'IP {A}.', '').replace(f'{B}.', '')
        line = line.replace('nop,', '').replace(',eol', '')
        assert str(s) == line

def test_flags_are_asked_and_shown_as_flags():
    for f in map(Flags, range(256)):
        assert [bool(f & flag) for flag in Flags] == [bool(int(f) >> bit & 1) for bit in range(8)]
        assert type(f & Flags.ACK) is type(f & ~Flags.ACK) is Flags and f & ~Flags.ACK == int(f) & ~16

def test_flags_of_eight_bits_go_together_and_no_others():
    for f in (0, 1, 18, 255):
        for g in (0, 2, 16, 255):
            for work in operator.or_, operator.and_, operator.xor:
                for got in work(Flags(f), g), work(f, Flags(g)):
                    assert got == work(f, g) and type(got) is Flags
        assert ~Flags(f) == 255 - f and type(~Flags(f)) is Flags
    assert Flags.SYN & 0x1002 == Flags.SYN and pickle.loads(pickle.dumps(Flags(18))) is Flags(18) is deepcopy(Flags(18))

def test_flags_show_in_order():
    assert str(Flags(255)) == f'{Flags(255)}' == 'FSRP.UEW' and str(Flags(0)) == 'none'

def with_another(s, size): return replace(s, other=(*s.other, (253, bytes(size))))

long = st.builds(with_another, segments, st.integers(20, 38))

@fuzz
@given(long.filter(lambda s: packed(s, A, B) is None))
def test_options_that_do_not_fit(s):
    with pytest.raises(ValueError, match='options have room for 40 octets, not'): pack(s, A, B)
