"""How fast `segment` is beside dpkt and beside `sum(array('H'))`: medians of rounds in which both sides take turns.

python benchmarks/segment.py    (needs dpkt: pip install -e .[dev])"""
import platform, statistics, struct, sys
from array import array
from pathlib import Path
from time import perf_counter

import dpkt
from dpkt.tcp import TCP, parse_opts

sys.path.insert(0, str(Path(__file__).parents[1]))
from python_tcp.segment import Flags, Segment, checksum, pack, parse

A, B = '10.0.0.1', '10.0.0.2'
DATA = bytes(range(256)) * 6
SEGMENTS = {   # as a Linux kernel makes them
    'SYN, four options' : Segment(40000, 80, 1000, 0, Flags.SYN, 64240, mss=1460, sack_ok=True, ts=(2418266646, 0), wscale=10),
    'ACK, timestamps'   : Segment(40000, 80, 1001, 37219883, Flags.ACK, 63, ts=(2418266646, 473298487)),
    'ACK, one SACK'     : Segment(40000, 80, 1001, 37219883, Flags.ACK, 63, ts=(2418266646, 473298487), sack=((37221331, 37222779),)),
    '1448 octets, timestamps': Segment(40000, 80, 1001, 37219883, Flags.ACK | Flags.PSH, 63, DATA[:1448], ts=(2418266646, 473298487))}

def ip_tcp(octets):
    "What dpkt sums: the pseudo-header and the segment"
    return bytes([10, 0, 0, 1, 10, 0, 0, 2]) + struct.pack('!HH', 6, len(octets)) + octets

def dpkt_parse(octets):
    tcp = TCP(octets)
    return tcp, parse_opts(tcp.opts)

def dpkt_checked(octets):
    if dpkt.dpkt.in_cksum(ip_tcp(octets)): raise ValueError
    return dpkt_parse(octets)

def dpkt_pack(tcp):
    "dpkt leaves the checksum to its IP; here it is made, as `pack` makes it"
    tcp.sum = 0
    tcp.sum = dpkt.dpkt.in_cksum(ip_tcp(bytes(tcp)))
    return bytes(tcp)

def once(f, n):
    start = perf_counter()
    for _ in range(n): f()
    return (perf_counter() - start) / n

def compare(ours, theirs, rounds=61, n=1000):
    "Median seconds a call of both, and the median of their ratios round by round"
    times = [(once(ours, n), once(theirs, n)) for _ in range(rounds)]
    return *(statistics.median(column) for column in zip(*times)), statistics.median(b / a for a,b in times)

def rows():
    for name,s in SEGMENTS.items():
        octets, tcp = pack(s, A, B), TCP(pack(s, A, B))
        assert parse(octets, A, B) == s and dpkt_pack(tcp) == octets
        yield f'parse, unchecked: {name}', compare(lambda: parse(octets, A, B, False), lambda: dpkt_parse(octets)), 2.5
        yield f'parse, checked: {name}', compare(lambda: parse(octets, A, B), lambda: dpkt_checked(octets)), 2.5
        yield f'pack: {name}', compare(lambda: pack(s, A, B), lambda: dpkt_pack(tcp)), None
    for size in (40, 1480):
        octets = DATA[:size]
        yield f"checksum, {size} octets (sum(array('H')))", compare(lambda: checksum(octets), lambda: sum(array('H', octets))), 3 if size == 1480 else None

if __name__ == '__main__':
    print(f'{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}; dpkt {dpkt.__version__}; microseconds a call')
    print(f"{'':52}{'ours':>8}{'theirs':>8}{'ratio':>7}{'aim':>6}")
    for name,(ours,theirs,ratio),aim in rows(): print(f"{name:52}{ours*1e6:8.2f}{theirs*1e6:8.2f}{ratio:7.2f}{aim or '':>6}")
