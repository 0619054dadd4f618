"""Captures of many kinds, read to their end: what is told, and what is said of the rest;
files made here octet by octet, by scapy, and by Wireshark's tools, with tshark as the judge"""
import gzip, os, resource, struct, subprocess, sys
from io import BytesIO
from pathlib import Path

import pytest

from python_tcp.ip import to_ip
from python_tcp.pcap import write
from python_tcp.segment import Flags, Segment
from python_tcp.trace import Seen, Trace, read_pcap

root = Path(__file__).parent.parent
A,B = ('10.7.0.1', 40000),('10.7.0.2', 5001)
ACK = Flags.ACK

def conversation(a=A, b=B):
    "A handshake with all its options, 3000 octets of data, the ACKs of them"
    def made(t, src, dst, seq, ack, flags, data=b'', **options):
        s = Segment(src[1], dst[1], seq, ack, flags, 500, data, **options)
        return Seen(1000 + t, src, dst, s, 1000 + t)
    syn = dict(mss=1460, sack_ok=True, wscale=7)
    return Trace([
        made(0, a, b, 10, 0, Flags.SYN, ts=(1, 0), **syn),
        made(.01, b, a, 20, 11, Flags.SYN|ACK, ts=(5, 1), **syn),
        made(.02, a, b, 11, 21, ACK, ts=(2, 5)),
        made(.03, a, b, 11, 21, ACK, b'a'*1448, ts=(3, 5)),
        made(.04, a, b, 1459, 21, ACK, b'b'*1448, ts=(3, 5)),
        made(.05, b, a, 21, 11, ACK, ts=(6, 3), sack=((1459, 2907),)),
        made(.06, a, b, 11, 21, ACK, b'a'*1448, ts=(4, 5)),
        made(.07, b, a, 21, 2907, ACK, ts=(7, 4))])

def packets(trace=None):
    records = conversation() if trace is None else trace
    return [to_ip(r.seg, r.src[0], r.dst[0], n + 1) for n,r in enumerate(records)]

def pcap(frames, link=101, order='<', magic=0xa1b23c4d):
    "A capture file; a frame is octets, or octets of more that there were: `(octets, size)`"
    found = struct.pack(order+'IHHiIII', magic, 2, 4, 0, 0, 262144, link)
    for n,frame in enumerate(frames):
        octets,size = frame if isinstance(frame, tuple) else (frame, len(frame))
        found += struct.pack(order+'IIII', 1000, n, len(octets), size) + octets
    return found

def told(octets):
    "The reading of a file of such octets, at its end, and its segments"
    reading = read_pcap(BytesIO(octets))
    return reading, list(reading)

def block(kind, body, order='<'):
    body += bytes(-len(body) % 4)
    size = struct.pack(order+'I', 12 + len(body))
    return struct.pack(order+'I', kind) + size + body + size

def section(order='<'):
    return block(0x0a0d0d0a, struct.pack(order+'IHHq', 0x1a2b3c4d, 1, 0, -1), order)

def interface(link, options=b'', order='<', most=0):
    return block(1, struct.pack(order+'HHI', link, 0, most) + options, order)

def enhanced(octets, ticks=0, interface=0, order='<'):
    numbers = interface, ticks >> 32, ticks % 2**32, len(octets), len(octets)
    return block(6, struct.pack(order+'5I', *numbers) + octets, order)

def option(code, body, order='<'):
    return struct.pack(order+'HH', code, len(body)) + body + bytes(-len(body) % 4)

def output(*argv):
    return subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60).stdout

# Captured in part

@pytest.mark.parametrize('snap', [68 - 14, 96 - 14, 20 + 20, 20 + 22, 20 + 60, 100])
def test_a_capture_of_headers_is_told_in_full(snap):
    trace = conversation()
    reading,found = told(pcap([(octets[:snap], len(octets)) for octets in packets()]))
    assert reading.problems == [] and len(found) == len(trace)
    for r,whole,octets in zip(found, trace, packets()):
        assert (len(r.seg.data), r.seg.len) == (len(whole.seg.data), whole.seg.len)
        assert r.missing == max(len(octets) - snap, 0)
        assert r.options_cut == (snap < len(octets) - len(whole.seg.data))
        captured = len(r.seg.data) - min(r.missing, len(r.seg.data))
        assert r.seg.data == whole.seg.data[:captured] + bytes(len(r.seg.data) - captured)
        fields = 'src', 'dst', 'seq', 'ack', 'flags', 'window'
        assert all(getattr(r.seg, name) == getattr(whole.seg, name) for name in fields)
        for name in 'mss', 'wscale', 'ts', 'sack': # what is told of the options is right
            assert getattr(r.seg, name) in (getattr(whole.seg, name), None, ())
    assert reading.cut == sum(r.missing > 0 for r in found)

def test_of_a_syn_that_was_cut_what_is_whole_is_kept_and_its_line_says_so():
    octets = packets()[0]
    _,(r,) = told(pcap([(octets[:54], len(octets))])) # tcpdump -s 68 on Ethernet
    assert (r.seg.mss, r.seg.sack_ok, r.seg.ts, r.seg.wscale) == (1460, True, None, None)
    assert r.options_cut and str(r).endswith('[mss 1460,sackOK], length 0 (options cut short)')

def test_zeros_of_one_length_are_one_object():
    data = [octets for octets in packets() if len(octets) > 1000]
    _,found = told(pcap([(octets[:52], len(octets)) for octets in data]))
    assert len({id(r.seg.data) for r in found}) == 1

def test_what_is_too_short_for_a_header_is_said():
    frames = [(octets[:n], len(octets)) for octets in packets() for n in (0, 5, 19, 20, 39)]
    reading,found = told(pcap(frames))
    assert found == [] and reading.problems == [
        'not read: 32 frames of headers cut short (`tcpdump -s 128` takes them whole)']

@pytest.mark.parametrize('snap', [40, 46, 54, 57, 72, 82, 500, 2000])
@pytest.mark.parametrize('ends', [(A, B), (('fd00::1', 1), ('fd00::2', 2))])
def test_a_trace_of_what_was_captured_in_part_is_saved_as_such(tmp_path, snap, ends):
    six = 20*(':' in ends[0][0])
    cut = pcap([(octets[:snap + six], len(octets)) for octets in packets(conversation(*ends))])
    _,found = told(cut)
    Trace(found).save(tmp_path/'x')
    assert len(found) == 8 and Trace.load(tmp_path/'x') == found

@pytest.mark.needs('tshark')
@pytest.mark.parametrize('snap', [54, 66, 82, 1000])
def test_lengths_are_those_of_tshark(tmp_path, snap):
    cut = pcap([(octets[:snap], len(octets)) for octets in packets()])
    (tmp_path/'x').write_bytes(cut)
    Trace.load(tmp_path/'x').save(tmp_path/'y')
    fields = 'tcp.len', 'tcp.seq_raw', 'tcp.ack_raw', 'ip.id'
    options = [word for name in fields for word in ('-e', name)]
    said = [output('tshark', '-r', tmp_path/name, '-T', 'fields', *options) for name in 'xy']
    ours = [f'{len(r.seg.data)}\t{r.seg.seq}\t{r.seg.ack}\t0x{r.ident:04x}' for r in told(cut)[1]]
    assert said[0].splitlines() == said[1].splitlines() == ours

# Damaged, unread, cut short

def test_a_damaged_segment_is_counted_and_the_others_are_told():
    frames = packets()
    frames[4] = frames[4][:32] + b'\x30' + frames[4][33:] # data begin after 12 octets
    frames[6] = frames[6][:40] + b'\2\0' + frames[6][42:] # an option of no octets
    reading,found = told(pcap(frames))
    assert [r.frame for r in found] == [1, 2, 3, 4, 6, 8]
    assert [r.ident for r in found] == [1, 2, 3, 4, 6, 8]
    assert reading.problems == ['2 segments were damaged (first: frame 5, '
                                'data begin after 20 to 60 octets, not 12), skipped']

def test_frames_are_numbered_as_in_the_file():
    arp = bytes(12) + b'\x08\x06' + bytes(28)
    frames = [bytes(12) + b'\x08\x00' + octets for octets in packets()]
    reading,found = told(pcap([arp, arp, frames[0], arp, frames[1]], link=1))
    assert [r.frame for r in found] == [3, 5] and (reading.frames, reading.problems) == (5, [])

@pytest.mark.parametrize('octets,says', [
    (b'\x45' + bytes(5) + b'\x20\0\x40\6' + bytes(30), 'IP fragments'),
    (b'\x45' + bytes(5) + b'\x00\1\x40\6' + bytes(30), 'IP fragments'),
    (b'\x60' + bytes(5) + b'\x2c' + bytes(33) + b'\6' + bytes(7), 'IP fragments'),
    (b'\x45' + bytes(8) + b'\x2f' + bytes(30), 'GRE'),
    (b'\x60' + bytes(5) + b'\x2f' + bytes(40), 'GRE'),
    (b'\x45' + bytes(8) + b'\4' + bytes(30), 'IP in IP'),
    (b'\x45' + bytes(8) + b'\x11' + bytes(12) + struct.pack('!H', 4789) + bytes(20), 'VXLAN')])
def test_what_may_hold_tcp_and_is_not_read_is_named(octets, says):
    reading,found = told(pcap([octets, octets, *packets()]))
    assert len(found) == 8 and reading.problems == [f'not read: 2 frames of {says}']

@pytest.mark.parametrize('octets', [b'', b'\x45' + bytes(8) + b'\x11' + bytes(40),
                                    b'\x60' + bytes(5) + b'\x3a' + bytes(40), b'\x70' + bytes(40)])
def test_what_holds_no_tcp_needs_no_word(octets):
    assert told(pcap([octets]))[0].problems == []

def test_link_types_that_are_not_read_are_named():
    reading,_ = told(pcap([b'x', b'y'], link=195))
    assert reading.problems == ['not read: 2 frames of link type 195 (IEEE 802.15.4)']
    assert told(pcap([b'x'], link=9999))[0].problems == ['not read: 1 frame of link type 9999']

E = bytes(12) # two addresses
@pytest.mark.parametrize('link,before', [
    (1, E + b'\x81\0\0\5\x08\0'), (1, E + b'\x88\xa8\0\1\x81\0\0\5\x08\0'),
    (1, E + b'\x91\0\0\1\x81\0\0\5\x88\x64\x11\0\0\1\0\x60\0\x21'),
    (1, E + b'\x88\x47\0\1\0\xff\0\2\1\xff'), (1, E + b'\x05\xdc\xaa\xaa\3\0\0\0\x08\0'),
    (9, b'\xff\3\0\x21'), (9, b'\0\x21'), (9, b'\x21'), (50, b'\xff\3\0\x21'),
    (9, b'\xff\3\x02\x81\0\1\1\xff'), (51, b'\x11\0\0\1\0\x60\0\x21'), (104, b'\x0f\0\x08\0'),
    (219, b'\0\1\1\xff'), (109, bytes(12)), (0, b'\2\0\0\0'), (108, b'\0\0\0\2'),
    (113, bytes(14) + b'\x08\0'), (276, b'\x08\0' + bytes(18)), (101, b''), (228, b''),
    (258, struct.pack('<III', 108, 1, 0) + bytes(96) + b'\2\0\0\0'),
    (258, struct.pack('<III', 108, 1, 1) + bytes(96) + E + b'\x08\0'),
    (149, struct.pack('<III', 108, 1, 12) + bytes(96))])
def test_headers_before_the_packet_are_seen_through(link, before):
    "With an octet of each cut off, there is no packet, and no error either"
    frames = [before + octets for octets in packets()]
    reading,found = told(pcap(frames, link))
    assert [r.seg for r in found] == [r.seg for r in conversation()] and reading.problems == []
    for n in range(len(before) + 20): told(pcap([(frames[0][:n], len(frames[0]))], link))

@pytest.mark.parametrize('link,frame,says', [
    (1, E + b'\x88\xe5' + bytes(40), 'MACsec'),
    (1, E + b'\x88\x47\0\1\1\xff\0\0\0\0', 'MPLS without IP'),
    (9, b'\xff\3\0\xfd' + bytes(9), 'PPP compressed or encrypted'),
    (258, struct.pack('<III', 12, 1, 258) + bytes(30), 'PKTAP with a header of 12'),
    (258, struct.pack('<III', 12, 1, 127) + bytes(30),
     'link type 127 (IEEE 802.11 behind radiotap)')])
def test_headers_that_are_not_seen_through_are_named(link, frame, says):
    assert told(pcap([frame], link))[0].problems == [f'not read: 1 frame of {says}']

def test_a_file_that_ends_within_a_packet_is_told_as_far_as_it_goes():
    octets = pcap(packets())
    for n in range(24 + 16 + 61, len(octets)):
        reading,found = told(octets[:n])
        assert found and found == told(octets)[1][:len(found)]
        if reading.stopped:
            s = 's'*(len(found) > 1)
            assert reading.problems == [
                f'the file ends within a packet; {len(found)} segment{s} before that']

def test_a_packet_of_a_gigabyte_is_one_line():
    octets = pcap(packets()[:2]) + struct.pack('<IIII', 0, 0, 2**30, 2**30)
    reading,found = told(octets)
    says = f'a packet has {2**24} octets at most, not {2**30}'
    assert len(found) == 2 and reading.stopped == says

@pytest.mark.parametrize('head,says', [
    (b'', 'nothing'), (b'GIF89a', '47494638'),
    (bytes.fromhex('34cdb2a1'), 'a modified pcap: `editcap'),
    (bytes.fromhex('a1b2cd34'), 'a modified pcap'), (b'snoop\0\0\0', 'a snoop capture'),
    (gzip.compress(b'GIF89a', mtime=0), '47494638'), (b'\x1f\x8b\x08', 'ended'),
    (b'\x1f\x8b\0\0\0', '.')])
def test_what_is_no_capture_is_an_error_of_one_line(head, says):
    with pytest.raises(ValueError, match=says) as e: list(read_pcap(BytesIO(head)))
    assert str(e.value) and '\n' not in str(e.value)

def test_every_octet_of_a_small_file_may_be_any_other():
    "A `ValueError` or a reading that accounts for each frame; and whatever is told can be shown"
    frames = [(octets[:60], len(octets)) for octets in packets()[:4]]
    ether = [E + b'\x08\0' + octets for octets in packets()[:2]]
    for octets in pcap(frames), pcap(ether, link=1), pcap([b'\0\1\1\xff' + packets()[0]], link=219):
        for at in range(min(len(octets), 400)):
            for value in 0, 1, 6, 0x45, 0x7f, 0x80, 0xff, octets[at] ^ 1, octets[at] ^ 0x10:
                spoiled = octets[:at] + bytes([value]) + octets[at+1:]
                try: reading,found = told(spoiled)
                except ValueError as e: assert str(e)
                else:
                    known = reading.segments + reading.damaged + sum(reading.unread.values())
                    assert len(found) == reading.segments and known <= reading.frames
                    str(Trace(found)), Trace(found).ladder(), [repr(r) for r in found]

# Streams

def test_each_packet_of_a_stream_is_told_as_soon_as_it_is_whole():
    r,w = os.pipe()
    frames = pcap(packets())
    with open(r, 'rb') as stream, open(w, 'wb', buffering=0) as sender:
        reading = read_pcap(stream)
        sender.write(frames[:24])
        at = 24
        for octets,whole in zip(packets(), conversation()):
            sender.write(frames[at:at + 16 + len(octets)])
            at += 16 + len(octets)
            assert next(reading).seg == whole.seg # would wait for ever, if it wanted more
        sender.close()
        assert list(reading) == [] and reading.segments == 8

def test_a_stream_may_be_packed_and_a_bomb_needs_no_room():
    octets = gzip.compress(pcap(packets()))
    assert len(told(octets)[1]) == 8
    bomb = gzip.compress(pcap([]) + bytes(16)*2**20) # frames of nothing
    assert told(bomb)[0].frames == 2**20

# pcapng

@pytest.mark.needs('scapy')
@pytest.mark.parametrize('order', '<>')
def test_interfaces_have_their_own_link_types_and_clocks(order):
    one,two,three = packets()[:3]
    octets = b''.join([section(order), interface(101, option(9, b'\x09', order), order),
                       interface(1, option(9, b'\x8a', order), order), # 2**-10 s
                       enhanced(one, 5*10**9 + 1, 0, order),
                       enhanced(E + b'\x08\0' + two, 6*1024, 1, order),
                       enhanced(three, 7*10**9, 0, order)])
    reading,found = told(octets)
    assert [r.seg for r in found] == [r.seg for r in conversation()[:3]] and reading.problems == []
    assert [r.t for r in found] == [5.000000001, 6, 7]

@pytest.mark.needs('scapy')
def test_sections_number_their_interfaces_anew():
    one,two = packets()[:2]
    octets = (section() + interface(1) + enhanced(E + b'\x08\0' + one) + section('>')
              + interface(101, order='>') + enhanced(two, 9*10**6, order='>'))
    reading,found = told(octets)
    assert [(r.frame, r.t, r.ident) for r in found] == [(1, 0, 1), (2, 9, 2)]

@pytest.mark.needs('scapy')
def test_what_the_capture_had_no_room_for_is_said():
    def statistics(i, *options): return block(5, struct.pack('<III', i, 0, 0) + b''.join(options))
    def count(code, n): return option(code, struct.pack('<Q', n))
    start = section() + interface(101) + interface(101) + enhanced(packets()[0])
    octets = start + statistics(0, count(4, 9), count(5, 3))
    octets += statistics(0, count(5, 20)) # it grows
    octets += statistics(1, count(5, 10), count(7, 1)) + statistics(1)
    reading,_ = told(octets)
    assert reading.dropped == 31 and reading.problems == []
    assert reading.notes == ['the capture itself dropped 31 packets (ifdrop)']
    assert told(start)[0].dropped is None
    assert told(start + statistics(0, count(5, 0)))[0].dropped == 0

@pytest.mark.needs('scapy')
def test_packets_without_a_time_and_with_no_limit_to_their_length():
    "Simple packet blocks (3): the time is that of the packet before"
    one,two = packets()[:2]
    octets = section() + interface(101) + enhanced(one, 8*10**6)
    _,found = told(octets + block(3, struct.pack('<I', len(two)) + two))
    assert [(r.t, r.ident) for r in found] == [(8, 1), (8, 2)]

@pytest.mark.needs('scapy')
def test_a_packet_longer_than_an_ip_packet_may_be():
    "A card cuts it up; its length has no room in the header, and is 0"
    data = bytes(range(256))*300
    short = to_ip(Segment(1, 2, 3, 4, ACK, 5), '10.0.0.1', '10.0.0.2')
    octets = short[:2] + bytes(2) + short[4:] + data
    for file in pcap([octets]), section() + interface(101) + enhanced(octets):
        _,(r,) = told(file)
        assert r.seg.data == data
    _,(r,) = told(pcap([(octets[:60], len(octets))]))
    assert (len(r.seg.data), r.missing) == (len(data), len(octets) - 60)

@pytest.mark.needs('scapy')
def test_a_damaged_pcapng_is_told_as_far_as_it_goes_and_nothing_else_is_printed(capfd):
    start = section() + interface(101) + enhanced(packets()[0])
    for more,says in [
            (enhanced(b'', interface=7), 'a packet is of interface 7, and the file has no such'),
            (enhanced(b'')[:-4] + b'\1\0\0\0', 'a block of the file is damaged'),
            (b'\6\0\0\0\5\0\0\0', 'a block of the file is damaged'),
            (b'\6\0\0\0' + b'\xff'*4, 'a block has 16777216 octets at most, not 4294967283'),
            (b'\6\0', 'the file ends within a packet'),
            (b'\6\0\0\0\x20\0\0\0\0', 'the file ends within a packet')]:
        reading,found = told(start + more)
        assert (len(found), reading.stopped) == (1, says), more
    assert capfd.readouterr() == ('', '')

@pytest.mark.needs('scapy')
def test_every_octet_of_a_small_pcapng_may_be_any_other():
    octets = (section() + interface(101, option(9, b'\x06') + option(2, b'eth0'))
              + enhanced(packets()[0]) + block(3, struct.pack('<I', 40) + packets()[2][:40])
              + block(5, bytes(12) + option(5, bytes(8))))
    for at in range(len(octets)):
        for value in 0, 1, 5, 0x0a, 0x80, 0xff, octets[at] ^ 1:
            try: told(octets[:at] + bytes([value]) + octets[at+1:])
            except ValueError as e: assert str(e)

@pytest.mark.needs('scapy')
def test_a_block_of_four_gigabytes_is_one_line(tmp_path):
    "And takes no room, although one says that it has so many octets"
    huge = b'\6\0\0\0' + struct.pack('<I', 2**32 - 4)
    (tmp_path/'x').write_bytes(section() + interface(101) + huge)
    code = 'import sys; from python_tcp.trace import Trace; Trace.load(sys.argv[1])'
    def limit(): resource.setrlimit(resource.RLIMIT_AS, (3*10**9, 3*10**9))
    ran = subprocess.run([sys.executable, '-c', code, tmp_path/'x'], capture_output=True, text=True,
                         cwd=root, preexec_fn=limit)
    assert ran.stderr.splitlines()[-1].startswith('ValueError: a block has 16777216 octets at most')

@pytest.mark.needs('scapy', 'tshark')
def test_files_of_wiresharks_tools(tmp_path):
    write(tmp_path/'x', [(r.t, octets) for r,octets in zip(conversation(), packets())])
    ether = pcap([E + b'\x08\0' + octets for octets in packets()], link=1)
    (tmp_path/'y').write_bytes(ether)
    output('editcap', '-F', 'pcapng', tmp_path/'x', tmp_path/'x.ng')
    output('editcap', '-s', '60', '-F', 'pcapng', tmp_path/'y', tmp_path/'y.ng')
    output('mergecap', '-F', 'pcapng', '-w', tmp_path/'both', tmp_path/'x.ng', tmp_path/'y.ng')
    reading = read_pcap(tmp_path/'both')
    found = list(reading)
    said = output('tshark', '-r', tmp_path/'both', '-T', 'fields', '-e', 'frame.number',
                  '-e', 'ip.id', '-e', 'tcp.len', '-e', 'tcp.seq_raw')
    ours = [f'{r.frame}\t0x{r.ident:04x}\t{len(r.seg.data)}\t{r.seg.seq}' for r in found]
    assert ours == said.splitlines() and len(found) == 16 and reading.problems == []
