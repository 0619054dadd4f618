"Traces against tcpdump, tshark and scapy; files that are damaged; what a ladder must and must not show"
import gzip, pickle, re, struct, subprocess, sys
from copy import copy, deepcopy
from itertools import accumulate
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings, strategies as st

from python_tcp.segment import Flags, Segment, pack
from python_tcp.trace import DRAWN, SHOWN, Seen, Trace, clock, read_pcap

root = Path(__file__).parent.parent
A,B = ('10.7.0.1', 40000),('10.7.0.2', 80)
A6,B6 = ('fd00::1', 40000),('fd00::2', 80)
F = Flags

def seen(t, src, dst, flags, seq=0, ack=0, data=b'', *, got='soon', fate='', states=None, window=500, **options):
    s = Segment(src[1], dst[1], seq % 2**32, ack % 2**32, flags, window, data, **options)
    return Seen(t, src, dst, s, t + .001 if got == 'soon' else got, fate, states)

def conversation(a=A, b=B, x=4294967290, y=3000000000, t=1_700_000_000):
    "Numbers that wrap, options, a loss, a retransmission, a copy, a reset"
    ack,line = F.ACK,b'twenty octets of it.'
    return Trace([
        seen(t, a, b, F.SYN, x, 0, mss=500, sack_ok=True, ts=(7, 0), wscale=7, fate='lost', got=None),
        seen(t + 1.000000123, a, b, F.SYN, x, 0, mss=500, sack_ok=True, ts=(8, 0), wscale=7),
        seen(t + 1.01, b, a, F.SYN|ack, y, x + 1, mss=500, sack_ok=True, ts=(9, 8), wscale=7),
        seen(t + 1.02, a, b, ack, x + 1, y + 1, ts=(10, 9)),
        seen(t + 1.03, a, b, F.PSH|ack, x + 1, y + 1, line, ts=(10, 9), fate='lost', got=None),
        seen(t + 1.04, a, b, F.PSH|ack, x + 21, y + 1, b'odd', ts=(10, 9)),
        seen(t + 1.05, b, a, ack, y + 1, x + 1, ts=(11, 9), sack=(((x + 21) % 2**32, (x + 24) % 2**32),)),
        seen(t + 1.06, a, b, F.PSH|ack, x + 1, y + 1, line, ts=(10, 9), fate='spoiled'),
        seen(t + 1.06, a, b, F.PSH|ack, x + 1, y + 1, line, ts=(10, 9), fate='duplicate'),
        seen(t + 1.07, b, a, F.FIN|ack, y + 1, x + 24, window=0),
        seen(t + 1.08, a, b, F.RST, x + 24, 0),
        seen(t + 1.09, a, b, F.SYN|F.ECE|F.CWR, 5, 0, got=None)])

def same(a, b): return [(r.t, r.src, r.dst, r.seg) for r in a] == [(r.t, r.src, r.dst, r.seg) for r in b]

def output(*argv): return subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60).stdout

@pytest.fixture(params=[(A, B), (A6, B6)], ids=['IPv4', 'IPv6'])
def saved(request, tmp_path):
    trace = conversation(*request.param)
    trace.save(tmp_path/'x.pcap')
    return trace, str(tmp_path/'x.pcap')

# Other programs read what we write

@pytest.mark.needs('tcpdump')
def test_lines_are_those_of_tcpdump(saved):
    trace,path = saved
    found = [re.split(' IP6? ', l)[1] for l in output('tcpdump', '-nn', '-r', path).splitlines()]
    for line,theirs in zip(str(trace).splitlines(), found, strict=True):
        ours = re.sub(r' \(\w+\)$', '', line.split(' ', 1)[1])
        assert ours == re.sub(r'\bnop,|,(nop|eol)\b|: HTTP$', '', theirs)

@pytest.mark.needs('tcpdump')
def test_checksums_are_good_to_tcpdump(saved):
    trace,path = saved
    found = output('tcpdump', '-nnvv', '-r', path)
    assert found.count('(correct)') == len(trace)
    assert 'incorrect' not in found and 'bad' not in found

@pytest.mark.needs('tshark')
def test_fields_are_right_to_tshark(saved):
    trace,path = saved
    names = 'srcport seq_raw ack_raw flags len checksum.status options.mss_val'.split()
    fields = [word for n in [*(f'tcp.{n}' for n in names), 'frame.time_epoch'] for word in ('-e', n)]
    found = output('tshark', '-r', path, '-o', 'tcp.check_checksum:TRUE', '-T', 'fields', '-E', 'separator=;', *fields)
    for r,line in zip(trace, found.splitlines(), strict=True):
        s,(port,seq,ack,flags,size,good,mss,t) = r.seg,line.split(';')
        assert (int(port), int(seq), int(ack)) == (s.src, int(s.seq), int(s.ack))
        assert (int(flags, 16), int(size)) == (int(s.flags), len(s.data))
        assert good == '1' and mss == str(s.mss or '') and float(t) == r.t

def test_scapy_reads_what_we_write_and_we_read_what_scapy_writes(saved, tmp_path):
    scapy = pytest.importorskip('scapy.all')
    trace,path = saved
    packets = scapy.rdpcap(path)
    def letters(flags): return ''.join(c for i,c in enumerate('FSRPAUEC') if flags >> i & 1)
    theirs = [(p['TCP'].sport, p['TCP'].seq, str(p['TCP'].flags)) for p in packets]
    assert theirs == [(r.seg.src, int(r.seg.seq), letters(r.seg.flags)) for r in trace]
    def ether(packet): return scapy.Ether(src='02:00:00:00:00:01', dst='02:00:00:00:00:02')/packet
    frames = [ether(p) for p in packets]
    frames[0] = ether(scapy.Dot1Q(vlan=5)/packets[0])
    datagram,fragment = scapy.IP()/scapy.UDP()/b'no segment',scapy.IP(proto=6, frag=100)/b'fragment'
    frames[1:1] = [ether(scapy.ARP()), ether(datagram), ether(fragment)]
    scapy.wrpcap(str(tmp_path/'ether.pcap'), frames, nano=True)
    assert [(r.src, r.dst, r.seg) for r in Trace.load(tmp_path/'ether.pcap')] == [(r.src, r.dst, r.seg) for r in trace]

# Files

ends = st.tuples(st.sampled_from(['10.7.0.1', '10.7.0.2', '192.0.2.255']), st.integers(0, 65535))
number = st.integers(0, 2**32-1)
fields = number, number, st.integers(0, 255), st.integers(0, 65535), st.binary(max_size=30)
options = dict(
    mss=st.none() | st.integers(0, 65535), wscale=st.none() | st.integers(0, 14),
    sack_ok=st.booleans(), ts=st.none() | st.tuples(number, number))
fates = st.sampled_from(['', 'lost', 'duplicate', 'spoiled'])
states = st.tuples(st.sampled_from([None, 'SYN_SENT']), st.sampled_from([None, 'LISTEN']))
times = st.one_of(st.floats(0, 2**32-1), st.integers(0, (2**32-1) * 10**9).map(lambda n: n/10**9))

@st.composite
def records(draw):
    src,dst,t = draw(ends),draw(ends),draw(times)
    values = [draw(field) for field in fields]
    chosen = {name:draw(option) for name,option in options.items()}
    s = Segment(src[1], dst[1], *values, **chosen)
    got = draw(st.none() | st.just(t) | times)
    return Seen(t, src, dst, s, got, draw(fates), draw(st.none() | states))

@given(st.lists(records(), max_size=6))
@settings(max_examples=150, deadline=None)
def test_a_file_gives_back_what_it_was_given_and_every_trace_can_be_shown(tmp_path_factory, found):
    path,trace = tmp_path_factory.getbasetemp()/'round.pcap',Trace(found)
    trace.save(path)
    assert same(Trace.load(path), sorted(found, key=lambda r: r.t))
    assert len(str(trace).splitlines()) == len(found)
    assert trace.text().isascii()
    shown = ElementTree.fromstring(trace._repr_svg_())
    assert sum(g.find('{*}title') is not None for g in shown.findall('.//{*}g')) == len(found)
    assert str(trace[1:]).splitlines() == str(trace).splitlines()[1:]

def whole(trace, folder):
    trace.save(folder/'classic')
    return (folder/'classic').read_bytes()

def framed(link, frame, order='<', magic=0xa1b2c3d4):
    "A capture file with one frame in it"
    head = struct.pack(order+'IHHiIII', magic, 2, 4, 0, 0, 65535, link)
    return head + struct.pack(order+'IIII', 1_700_000_000, 250_000, len(frame), len(frame)) + frame

@pytest.mark.parametrize('order', '<>')
@pytest.mark.parametrize('magic,unit', [(0xa1b2c3d4, 10**6), (0xa1b23c4d, 10**9)])
@pytest.mark.parametrize('link,before', [ # what stands before the IP header
    (101, b''), (12, b''), (0, b'\2\0\0\0'), (108, b'\0\0\0\2'),
    (1, bytes(12) + b'\x08\0'), (1, bytes(12) + b'\x81\0\0\5\x08\0'),
    (113, bytes(14) + b'\x08\0'), (276, b'\x08\0' + bytes(18))])
def test_every_kind_of_file(tmp_path, order, magic, unit, link, before):
    s = Segment(40000, 80, 1, 2, F.ACK, 3, b'data')
    tcp = pack(s, A[0], B[0])
    ip = bytes([0x45, 0, 0, 20 + len(tcp), 0, 0, 0, 0, 64, 6, 0, 0, 10, 7, 0, 1, 10, 7, 0, 2]) + tcp
    (tmp_path/'x').write_bytes(framed(link, before + ip + bytes(6), order, magic))     # Ethernet fills up short frames
    t = (1_700_000_000*unit + 250_000)/unit
    assert list(read_pcap(tmp_path/'x')) == [Seen(t, A, B, s, got=t, frame=1, ident=0)]

def test_ipv6_headers_before_the_segment(tmp_path):
    s = Segment(40000, 80, 1, 2, F.ACK, 3, b'data')
    rest = bytes([60, *bytes(7), 6, *bytes(7)]) + pack(s, A6[0], B6[0])
    addresses = b''.join(b'\xfd' + bytes(14) + bytes([n]) for n in (1, 2))
    (tmp_path/'x').write_bytes(framed(101, struct.pack('!IHBB', 6 << 28, len(rest), 0, 64) + addresses + rest))
    assert [(r.src, r.dst, r.seg) for r in Trace.load(tmp_path/'x')] == [(A6, B6, s)]

@pytest.mark.parametrize('head,says', [
    (b'', 'nothing'), (b'GIF89a', '47494638'),
    (b'\n\r\r\n' + bytes(60), 'pcapng'), (b'\xd4\xc3\xb2\xa1\2\0', '24 octets'),
    (framed(127, b''), 'not read: 1 frame of link type 127')])
def test_no_capture_file(tmp_path, head, says):
    (tmp_path/'x').write_bytes(head)
    with pytest.raises(ValueError, match=says): Trace.load(tmp_path/'x')

def test_a_file_cut_short_says_what_can_be_read(tmp_path):
    trace = conversation()
    (tmp_path/'cut').write_bytes(whole(trace, tmp_path)[:-1])
    with pytest.raises(ValueError, match=f'n={len(trace)-1} reads'): Trace.load(tmp_path/'cut')
    assert same(Trace.load(tmp_path/'cut', n=len(trace)-1), trace[:-1])
    reading = read_pcap(tmp_path/'cut')
    assert same(list(reading), trace[:-1])
    assert reading.problems == [f'the file ends within a packet; {len(trace)-1} segments before that']

def test_a_packet_captured_in_part_is_not_passed_off_as_a_short_one(tmp_path):
    octets = whole(conversation()[4:5], tmp_path)
    head = struct.pack('<IIII', 1, 0, len(octets)-50, len(octets)-40)
    (tmp_path/'part').write_bytes(octets[:24] + head + octets[40:-10])
    found, = Trace.load(tmp_path/'part')
    assert (found.seg.data, found.missing) == (b'twenty oct' + bytes(10), 10)

def pcapng(classic, order='<', digits=9):
    """The packets of a classic file (ns, raw IP) as pcapng, its clock of so many digits;
    with a block that holds no packet, and one at the end"""
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack(order+'II', kind, 12 + len(body)) + body + struct.pack(order+'I', 12 + len(body))
    yield block(0x0a0d0d0a, struct.pack(order+'IHHq', 0x1a2b3c4d, 1, 0, -1))
    yield block(1, struct.pack(order+'HHIHHBxxxHH', 101, 0, 0, 9, 1, digits, 0, 0))
    yield block(5, bytes(12))
    at = 24
    while at < len(classic):
        sec,ns,size,_ = struct.unpack_from('<IIII', classic, at)
        ticks = (sec*10**9 + ns)//10**(9-digits)
        head = struct.pack(order+'IIIII', 0, ticks >> 32, ticks % 2**32, size, size)
        yield block(6, head + classic[at+16:at+16+size])
        at += 16 + size
    yield block(5, bytes(12))

@pytest.mark.needs('scapy')
@pytest.mark.parametrize('order,digits', [('<', 9), ('>', 9), ('<', 6)])
@pytest.mark.parametrize('packed', [False, True])
def test_pcapng_and_gzip(tmp_path, order, digits, packed):
    trace = conversation()
    octets = b''.join(pcapng(whole(trace, tmp_path), order, digits))
    (tmp_path/'x').write_bytes(gzip.compress(octets) if packed else octets)
    found = Trace.load(tmp_path/'x')
    assert [(r.src, r.dst, r.seg) for r in found] == [(r.src, r.dst, r.seg) for r in trace]
    assert all(abs(a.t - b.t) <= 10**-digits for a,b in zip(found, trace))

@pytest.mark.needs('scapy', 'tshark')
def test_pcapng_of_tshark(saved, tmp_path):
    trace,path = saved
    output('tshark', '-r', path, '-F', 'pcapng', '-w', str(tmp_path/'x'))
    assert same(Trace.load(tmp_path/'x'), trace)

def test_gzip_needs_no_extra_and_pcapng_says_what_it_needs(tmp_path):
    octets = whole(conversation(), tmp_path)
    (tmp_path/'x.gz').write_bytes(gzip.compress(octets))
    (tmp_path/'x.ng').write_bytes(b''.join(pcapng(octets)))
    code = 'import sys; from python_tcp.trace import Trace; print(len(Trace.load(sys.argv[1])))'
    def load(name):
        argv = [sys.executable, '-S', '-c', code, tmp_path/name]
        return subprocess.run(argv, cwd=root, capture_output=True, text=True)
    assert load('x.gz').stdout == '12\n'
    assert load('x.ng').stderr.splitlines()[-1].startswith('ValueError: this is pcapng: `pip install scapy`')

@pytest.mark.needs('scapy')
def test_what_is_cut_short_anywhere_gives_what_came_before_and_an_error(tmp_path):
    trace = conversation()[:3]
    classic = whole(trace, tmp_path)
    blocks = [*pcapng(classic)]
    packets = [b''.join(blocks[:n]) for n in range(len(blocks)+1)]
    frames = [24, *(24 + n for n in accumulate(16 + 20 + len(pack(r.seg, A[0], B[0])) for r in trace))]
    for octets,wholes in (classic, frames),(gzip.compress(classic), ()),(b''.join(blocks), [*map(len, packets)]):
        for n in range(2, len(octets)):
            (tmp_path/'x').write_bytes(octets[:n])
            got,reading = [],read_pcap(tmp_path/'x')
            try: got.extend(reading)
            except ValueError as e: assert not got and str(e)
            # the boundary of two packets is no cut that one could see
            else: assert bool(reading.problems) == (n not in wholes)
            assert same(got, trace[:len(got)])

@pytest.mark.needs('scapy')
@given(st.data())
@settings(max_examples=300, deadline=None)
def test_hostile_pcapng_and_gzip_raise_value_errors_only(tmp_path_factory, data):
    folder = tmp_path_factory.getbasetemp()
    octets = b''.join(pcapng(whole(conversation()[:2], folder), data.draw(st.sampled_from('<>'))))
    spoiled = bytearray(gzip.compress(octets, mtime=0) if data.draw(st.booleans()) else octets)
    for at in data.draw(st.lists(st.integers(0, len(spoiled)-1), max_size=8)):
        spoiled[at] = data.draw(st.integers(0, 255))
    (folder/'hostile').write_bytes(spoiled)
    try: str(Trace.load(folder/'hostile'))
    except ValueError as e: assert str(e)

@given(st.data())
@settings(max_examples=400, deadline=None)
def test_hostile_files_raise_value_errors_only(tmp_path_factory, data):
    folder = tmp_path_factory.getbasetemp()
    spoiled = bytearray(whole(conversation(*data.draw(st.sampled_from([(A, B), (A6, B6)]))), folder))
    for at in data.draw(st.lists(st.integers(0, len(spoiled)-1), max_size=8)):
        spoiled[at] = data.draw(st.integers(0, 255))
    left = spoiled[:data.draw(st.integers(0, len(spoiled)))]
    (folder/'hostile').write_bytes(left + data.draw(st.binary(max_size=40)))
    try: str(Trace.load(folder/'hostile'))
    except ValueError as e: assert str(e)

@pytest.mark.parametrize('t', [-1, 2**32, float('inf'), float('nan')])
def test_times_that_no_file_can_hold(tmp_path, t):
    with pytest.raises(ValueError, match='times'): Trace([seen(t, A, B, F.SYN)]).save(tmp_path/'x')
    assert not (tmp_path/'x').exists()

# Ladders

def drawn(trace, **how):
    "The picture, the arrows in it, the words in it"
    root = ElementTree.fromstring(trace.ladder(**how))
    arrows = [g for g in root.findall('.//{*}g') if g.find('{*}title') is not None]
    return root, arrows, [t.text for t in root.findall('.//{*}text')]

def test_each_record_has_its_arrow_and_its_label():
    trace = conversation()
    root,arrows,words = drawn(trace)
    assert root[0].text == 'Ladder of 12 segments between 10.7.0.1:40000 and 10.7.0.2:80'
    assert sorted(g.find('{*}title').text for g in arrows) == sorted(map(str, trace))
    expected = {
        'SYN seq=0 (lost)', 'SYN seq=0 (again)', 'SYN,ACK seq=0 ack=1', 'ACK ack=1',
        'seq=1 len=20 ack=1 (lost)', 'seq=21 len=3 ack=1', 'ACK ack=1 sack=21:24',
        'seq=1 len=20 ack=1 (again) (spoiled)', 'seq=1 len=20 ack=1 (copy)',
        'FIN,ACK seq=1 ack=24 win=0', 'RST seq=24', 'SYN,ECE,CWR seq=0 (waiting)'}
    assert expected <= set(words)
    assert 'SYN seq=4294967290 (lost)' in drawn(trace, raw=True)[2]

def test_acks_that_were_sent_at_one_moment_are_no_copies():
    "What a virtual clock makes likely: three duplicate ACKs at once, each of which its sender sent"
    sent = [seen(.1, B, A, F.ACK, got=.2) for _ in range(3)]
    acks = Trace([*sent, seen(.1, B, A, F.ACK, got=.3, fate='duplicate')])
    assert ['(copy)' in label for label in labels(acks).values()] == [False]*3 + [True]

def test_what_happened_to_a_segment_shows_in_the_shape_of_its_arrow():
    shapes = set()
    for got,fate in (.1, ''), (None, 'lost'), (.1, 'duplicate'), (.1, 'spoiled'), (None, ''):
        (arrow,) = drawn(Trace([seen(0, A, B, F.SYN, got=got, fate=fate)]))[1]
        shapes.add(tuple((e.tag, e.get('points', '').count(',')) for e in arrow.iter()))
    assert len(shapes) == 5

def test_colour_is_for_loss_only():
    quiet = Trace([r for r in conversation() if r.fate != 'lost'])
    assert '#c00' in conversation().ladder()
    assert set(re.findall(r'#\w{3,6}', quiet.ladder())) == {'#222', '#fff', '#ccc', '#767676'}

def test_a_state_shows_where_it_was_read_and_where_it_changed_and_is_never_guessed():
    read = [('SYN_SENT', 'SYN_RECEIVED'), ('SYN_RECEIVED', 'ESTABLISHED'), None,
            ('ESTABLISHED', None), ('ESTABLISHED', 'ESTABLISHED')]
    ways = [(A, B, F.SYN), (B, A, F.SYN|F.ACK), (A, B, F.ACK), (A, B, F.ACK), (A, B, F.ACK)]
    trace = Trace([seen(t, *way, states=s) for t,(way,s) in enumerate(zip(ways, read))])
    assert [row[0] for row in trace.rows()] == ['SYN-SENT', 'ESTABLISHED', '?', 'ESTABLISHED', 'ESTABLISHED']
    assert [row[4] for row in trace.rows()] == ['SYN-RECEIVED', 'SYN-RECEIVED', '?', '?', 'ESTABLISHED']
    shown = [w for w in drawn(trace)[2] if re.fullmatch(r'\?|SYN-[A-Z]+|ESTABLISHED', w)]
    assert shown == ['SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED', '?', '?', 'ESTABLISHED', 'ESTABLISHED']
    assert drawn(Trace([seen(0, A, B, F.SYN)]))[2].count('?') == 2
    waiting = drawn(Trace([seen(0, A, B, F.SYN, got=None)]))[2]
    assert sorted(map(str, waiting)) == ['0', '10.7.0.1:40000', '10.7.0.2:80', 'SYN seq=0 (waiting)']

def test_segments_that_cross_are_drawn_crossing():
    trace = Trace([seen(0, A, B, F.SYN, 1, got=1), seen(.5, B, A, F.SYN, 9, got=1.5)])
    assert [row[1:3] for row in trace.rows()] == [('>', 'sent'), ('<', 'sent'), ('>', 'got'), ('<', 'got')]
    points = [g.find('.//{*}polyline').get('points').split() for g in drawn(trace)[1]]
    there,back = ([float(p.split(',')[1]) for p in arrow] for arrow in points)
    assert there[0] < back[0] < there[-1] < back[-1]
    assert [l.strip()[:3] for l in trace.text().splitlines()] == ['---', '...', '?  ', '?  ']

def test_an_arrival_comes_before_what_it_caused_at_the_same_moment():
    trace = Trace([seen(0, A, B, F.SYN, got=1), seen(1, B, A, F.SYN|F.ACK, ack=1, got=2)])
    assert [row[2] for row in trace.rows()] == ['whole', 'whole']

def test_slices_and_connections_keep_numbers_names_and_sides():
    trace = Trace(conversation(), names={A[0]: 'a', B[0]: 'b'})
    assert trace[6:].rows()[0][1] == '<' and trace[6:].names == trace.names and type(trace[2:5:2]) is Trace
    assert [row[3] for row in trace[7:].rows()] == [row[3] for row in trace.rows()][-len(trace[7:].rows()):]
    C = ('10.7.0.1', 40001)
    two = Trace([
        seen(0, A, B, F.SYN, 5), seen(1, C, B, F.SYN, 6),
        seen(2, B, A, F.SYN|F.ACK, 7, 6), seen(3, B, C, F.RST|F.ACK, 0, 7)])
    assert [list(c) for c in two.connections()] == [[two[0], two[2]], [two[1], two[3]]]
    assert [row[3].split()[0] for row in two.rows()] == ['40000:', '40001:', '40000:', '40001:']
    assert '10.7.0.1' in drawn(two)[2] and '10.7.0.2:80' in drawn(two)[2]

def lines(trace): return str(trace).splitlines()
def labels(trace): return {id(r): label for *_,label,_,r in trace.rows()}

named = Trace(conversation(), names={A[0]: 'a', B[0]: 'b'})

@pytest.mark.parametrize('made,order', [ # of a trace of 12; which of its records, by their numbers there
    (lambda t: t.copy(), range(12)),
    (lambda t: copy(t), range(12)),
    (lambda t: deepcopy(t), range(12)),
    (lambda t: pickle.loads(pickle.dumps(t)), range(12)),
    (lambda t: Trace(t), range(12)),
    (lambda t: t[5:].copy(), range(5, 12)),
    (lambda t: deepcopy(t[5:]), range(5, 12)),
    (lambda t: pickle.loads(pickle.dumps(t[5:])), range(5, 12)),
    (lambda t: Trace(t[5:]), range(5, 12)),
    (lambda t: t[:5] + t[5:], range(12)),
    (lambda t: t[5:7] + t[9:], [5, 6, 9, 10, 11]),
    (lambda t: t[6:] + t[:6], [*range(6, 12), *range(6)]),
    (lambda t: t[6:] + [t[2]], [*range(6, 12), 2]),
    (lambda t: [t[4]] + t[6:], [4, *range(6, 12)]),
    (lambda t: t[5:] + [], range(5, 12)),
    (lambda t: sum([t[7:8], t[9:]], Trace()), [7, 9, 10, 11]),
    (lambda t: t[4:]*1, range(4, 12)),
    (lambda t: 1*t[4:], range(4, 12)),
    (lambda t: t[::-1], range(11, -1, -1)),
    (lambda t: t[::2], range(0, 12, 2)),
    (lambda t: t[9:3:-2], [9, 7, 5]),
    (lambda t: t[4:][2:][:3], [6, 7, 8]),
    (lambda t: changed(t[5:], 'reverse'), range(11, 4, -1)),
    (lambda t: changed(t.copy(), 'reverse'), range(11, -1, -1)),
    (lambda t: changed(t.copy(), 'sort', key=lambda r: -r.t), [11, 10, 9, 7, 8, 6, 5, 4, 3, 2, 1, 0]),
    (lambda t: changed(t[7:], 'pop', 1), [7, 9, 10, 11]),
    (lambda t: changed(t[7:], 'append', t[2]), [7, 8, 9, 10, 11, 2]),
    (lambda t: changed(t[7:], 'insert', 0, t[2]), [2, 7, 8, 9, 10, 11]),
    (lambda t: changed(t[7:], 'extend', t[:2]), [7, 8, 9, 10, 11, 0, 1]),
    (lambda t: changed(t[7:], '__iadd__', t[5:6]), [7, 8, 9, 10, 11, 5]),
    (lambda t: changed(t[7:], '__setitem__', 0, t[1]), [1, 8, 9, 10, 11]),
    (lambda t: changed(t[7:], '__setitem__', slice(0, 2), t[:3]), [0, 1, 2, 9, 10, 11]),
    (lambda t: changed(t[7:], '__delitem__', 0), [8, 9, 10, 11]),
    (lambda t: changed(t[7:], '__imul__', 1), range(7, 12))])
def test_what_is_made_of_traces_is_a_trace_and_counts_as_before(made, order):
    "Each line, and each label in a ladder, is that of the trace from which it was taken"
    found = made(named)
    assert type(found) is Trace and found.names == named.names
    assert list(found) == [named[i] for i in order] and lines(found) == [lines(named)[i] for i in order]
    was = [labels(named)[id(r)] for r in named]
    assert [labels(found)[id(r)] for r in found] == [was[i] for i in order]
    assert found.ladder() and found.text() and named.names == {A[0]: 'a', B[0]: 'b'} and len(named) == 12

def changed(trace, how, *args, **more):
    getattr(trace, how)(*args, **more)
    return trace

def test_traces_of_two_observers_are_put_together():
    C,D = ('10.9.0.1', 5),('10.9.0.2', 6)
    other = Trace(conversation(C, D, 77, 99), {C[0]: 'c', A[0]: 'x'})
    both = named[6:] + other[6:]
    assert both.names == {A[0]: 'a', B[0]: 'b', C[0]: 'c'} and lines(both) == lines(named)[6:] + lines(other)[6:]
    assert [c.names for c in both.connections()] == [both.names]*2 and lines(both.connections()[1]) == lines(other)[6:]
    both += [seen(1_700_000_009, C, D, F.ACK, 105, 101)]
    assert lines(both)[-1].endswith('ack 2, win 500, length 0')
    assert (Trace(list(named)) + list(other)).names == {} and lines(list(named) + Trace(other[:0], {A[0]: 'z'}))

def test_a_trace_twice():
    nine = named[3:]
    assert len(nine*2) == 18 and '' not in (nine*2).text().splitlines()
    assert (named*0).names == named.names
    fresh = Trace([seen(0, A, B, F.SYN, 5)])
    for twice in fresh*2, 2*fresh, fresh + fresh:
        assert [row[3] for row in twice.rows()] == ['SYN seq=0', 'SYN seq=0 (again)']*2

def test_pictures_of_many_connections_say_whose_segment_it_is():
    def callers(*pairs):
        syns = [seen(i, x, y, F.SYN) for i,(x,y) in enumerate(pairs)]
        return [row[3].split(': ')[0] for row in Trace(syns, {'10.0.0.1': 'a'}).rows()]
    a,b,c,d = ('10.0.0.1', 1),('10.0.0.1', 2),('10.0.0.3', 1),('10.0.0.9', 80)
    assert callers((a, d), (b, d)) == ['1', '2']           # as a server sees its clients
    assert callers((a, d), (c, d)) == ['a', '10.0.0.3']    # two hosts with one port
    assert callers((a, d), (b, d), (c, d)) == ['a:1', 'a:2', '10.0.0.3:1']

def test_a_piece_of_a_long_trace_costs_no_more_than_itself():
    long = Trace([seen(t, A, B, F.ACK) for t in range(50_000)])
    piece = long[:SHOWN]
    looked = []
    class Counts(tuple):
        def __iter__(self):
            for r in super().__iter__():
                looked.append(r)
                yield r
    piece._whole = Counts(piece._whole)
    assert str(piece) and piece.ladder() and len(looked) < 100*SHOWN

@pytest.mark.parametrize('a,b,most', [(A, B, 65515), (A6, B6, 65535)])
def test_the_largest_segment_that_a_file_can_hold(tmp_path, a, b, most):
    trace = Trace([seen(0, a, b, F.ACK, data=bytes(most - 20))])
    trace.save(tmp_path/'x')
    assert same(Trace.load(tmp_path/'x'), trace)

def test_a_long_trace_is_shown_in_part_and_says_so():
    long = Trace([seen(t, A, B, F.ACK) for t in range(SHOWN + 40)])
    assert '... and 40 more' in long._repr_svg_() and long[:SHOWN].ladder(more=40) == long._repr_svg_()

@pytest.mark.parametrize('more,beyond', [(0, 99_700), (5, 99_705), (-5, 99_700)])
def test_a_ladder_draws_what_can_be_looked_at_and_says_what_it_leaves_out(more, beyond):
    long = Trace([seen(t, A, B, F.ACK) for t in range(100_000)])
    picture = long.ladder(more=more)
    assert len(picture) < 300_000 and picture.count('Flags [.]') == DRAWN
    assert picture.title.startswith('Ladder of the first 300 of 100000 segments between ')
    assert f'... and {beyond} more' in picture and 'trace[300:600].ladder() draws the next' in picture
    assert 'more' not in long[:DRAWN].ladder() and long[:DRAWN].ladder().title.startswith('Ladder of 300 ')

@pytest.mark.parametrize('t,says', [
    (0, '0'), (3e-9, '3 ns'), (1.234e-5, '12.3 µs'), (.0999, '99.9 ms'), (1, '1.00 s'),
    (7200, '7200 s'), (.009999, '10.0 ms'), (.09997, '100 ms'), (.99999, '1.00 s')])
def test_times_for_people(t, says): assert clock(t) == says

def test_nothing_seen():
    assert (str(Trace()), Trace().text(), Trace().rows()) == ('', '', [])
    ElementTree.fromstring(Trace()._repr_svg_())
