"""How fast `segment` is beside dpkt and scapy, on segments that two kernels sent: medians (of processor
time) of rounds in which all take turns.

python benchmarks/segment.py [segments]    (needs Linux, dpkt and scapy: pip install -e .[dev])

parse: dpkt's `TCP` and `parse_opts` of its options; scapy's `TCP`, which reads them too. None of them
       looks at the checksum, so neither do we;
       "checked" is with it, for dpkt by its own `in_cksum` over pseudo-header and segment.
pack:  everybody computes the checksum. dpkt's `TCP` has its options as octets already and leaves the
       checksum to its `IP`: "dpkt" is the least that makes a right segment, octets, `in_cksum`, octets
       again; "dpkt, IP" and scapy do it their way and make an IP header as well."""
import gc, platform, re, statistics, struct, sys
from array import array
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import dpkt
from dpkt.ip import IP
from dpkt.tcp import TCP, parse_opts
from scapy.layers import inet

sys.path.insert(0, str(Path(__file__).parents[1]))
from python_tcp.lab import Lab
from python_tcp.segment import Flags, Segment, Seq, checksum, pack, parse, unwrap

DATA = bytes(range(256)) * 250
ROUNDS = 5

def burst(lab, sender, receiver, lose):
    "One buffer of data from end to end; the segment `lose` of it gets lost, so that some ACKs tell of a hole"
    try: sender.send(DATA)
    except BlockingIOError: pass
    while waiting := lab.waiting:
        for _ in waiting:
            lose -= 1
            lab.drop() if lose == 0 else lab.deliver()
    try: receiver.receive(1 << 20)
    except BlockingIOError: pass

def capture(n):
    "A trace of `n` segments: connections one after the other, each opened, used for a bulk transfer and closed"
    with Lab(mtu=1500, rto_min=.2) as lab:
        listener = lab.b.listen(80)
        while len(lab.trace) < n:
            sender = lab.a.connect((lab.b.address, 80))
            lab.run()
            receiver = listener.accept()
            for k in range(40): burst(lab, sender, receiver, 9 if k % 4 == 3 else 0)
            burst(lab, sender, receiver, 0)
            for end in sender, receiver:
                end.close()
                lab.run()
        return lab.trace[:n]

def captured(n):
    "The octets of `n` segments, as a capture file has them, and the addresses"
    with TemporaryDirectory() as home:
        capture(n).save(Path(home)/'bulk.pcap')
        with open(Path(home)/'bulk.pcap', 'rb') as f: packets = [octets for _,octets in dpkt.pcap.Reader(f)]
    dotted = lambda octets: '.'.join(map(str, octets))
    return [(octets[20:], dotted(octets[12:16]), dotted(octets[16:20])) for octets in packets]

def kind(s):
    if s.flags & (Flags.SYN | Flags.RST): return 'SYN, RST'
    return 'data' if s.data else 'ACK with SACK' if s.sack else 'ACK'

def pseudo(length, a, b): return a + b + struct.pack('!HH', 6, length)

def dpkt_checked(octets, a, b):
    if dpkt.dpkt.in_cksum(pseudo(len(octets), a, b) + octets): raise ValueError
    return parse_opts(TCP(octets).opts)

def dpkt_pack(tcp, a, b):
    tcp.sum = 0
    octets = bytes(tcp)
    tcp.sum = dpkt.dpkt.in_cksum(pseudo(len(octets), a, b) + octets)
    return bytes(tcp)

def dpkt_ip(ip):
    ip.sum = ip.data.sum = 0
    return bytes(ip)

def scapy_pack(packet):
    packet.chksum = packet.payload.chksum = None
    return bytes(packet)

JOBS = {   # what -> who -> the expression that does it, with the names of PREPARED
    'parse':          {'ours': 'parse(octets, src, dst, False)', 'dpkt': 'parse_opts(TCP(octets).opts)',
                       'scapy': 'inet.TCP(octets)'},
    'parse, checked': {'ours': 'parse(octets, src, dst)', 'dpkt': 'dpkt_checked(octets, a, b)'},
    'pack':           {'ours': 'pack(segment, src, dst)', 'dpkt': 'dpkt_pack(tcp, a, b)',
                       'scapy': 'scapy_pack(packet)', 'dpkt, IP': 'dpkt_ip(ip)'}}
PREPARED = 'octets', 'src', 'dst', 'a', 'b', 'segment', 'tcp', 'ip', 'packet'

def prepared(octets, src, dst):
    "What somebody needs of one segment"
    a, b = (bytes(map(int, host.split('.'))) for host in (src, dst))
    ip = IP(src=a, dst=b, p=6, data=TCP(octets), len=20 + len(octets))
    return octets, src, dst, a, b, parse(octets, src, dst), TCP(octets), ip, inet.IP(src=src, dst=dst)/inet.TCP(octets)

def loop(expression):
    "A function that does `expression` for each of some rows, and gives the processor's seconds"
    needs = [name for name in PREPARED if re.search(rf'\b{name}\b', expression)]
    names = dict(globals(), columns=[PREPARED.index(name) for name in needs])
    exec(f"""def f(rows):
        rows = [tuple([row[i] for i in columns]) for row in rows]
        for {', '.join(needs)}, in rows: {expression}   # once before it counts, so that nobody waits for memory
        start = process_time()
        for {', '.join(needs)}, in rows: {expression}
        return process_time() - start""", names)
    return names['f']

def agree(rows):
    "Nobody is timed who packs something else"
    for who,expression in JOBS['pack'].items():
        packed = eval(f"[{expression} for {', '.join(PREPARED)} in rows]", globals(), dict(rows=rows))
        for octets,made in zip((row[0] for row in rows), packed):
            assert made[-len(octets):] == octets, f'{who} packs {made.hex()}, not {octets.hex()}'

def seconds(loops, rows, n=25):
    "Who -> seconds a segment; all do `n`, then the next `n`"
    times = [{name: f(rows[i:i+n]) for name,f in loops.items()} for i in range(0, len(rows), n)]
    return {name: sum(t[name] for t in times) / len(rows) for name in loops}

def compare(who, kinds):
    """Kind -> who -> median of the seconds a segment, and of their ratios to ours round by round;
    'all' has each kind in its share"""
    loops = {name: loop(expression) for name,expression in who.items()}
    n = sum(map(len, kinds.values()))
    times = [{one: seconds(loops, rows) for one,rows in kinds.items()} for _ in range(ROUNDS)]
    for t in times:
        t['all'] = {name: sum(t[one][name] * len(rows) / n for one,rows in kinds.items()) for name in who}
    def medians(one, name):
        ratios = (t[one][name] / t[one]['ours'] for t in times)
        return statistics.median(t[one][name] for t in times), statistics.median(ratios)
    return {one: {name: medians(one, name) for name in who} for one in ('all', *kinds)}

def results(segments):
    rows, kinds = [prepared(*segment) for segment in segments], {}
    agree(rows)
    for row in rows: kinds.setdefault(kind(row[5]), []).append(row)
    gc.freeze()   # nobody pays for what was prepared for others
    for job,who in JOBS.items():
        for one,found in compare(who, dict(sorted(kinds.items()))).items():
            yield job, one, len(kinds.get(one, rows)), found

def values():
    "Statements that an engine runs for each segment, and what one takes, in nanoseconds"
    names = dict(a=Seq(1000000), b=Seq(3000000), n=1448, far=5*2**32,
                 data=DATA[:1448], flags=Flags.ACK | Flags.PSH, ts=(1, 2),
                 Segment=Segment, replace=replace, Flags=Flags, unwrap=unwrap)
    names['s'] = eval('Segment(40000, 80, a, b, flags, 63, data, ts=ts)', names)
    for code in ('Segment(40000, 80, a, b, flags, 63, data, ts=ts)',
                 'Segment.unchecked(40000, 80, far, far, flags, 63, data, ts=ts)', 'replace(s, ack=b)',
                 'unwrap(a, far)', 's.end', 's.flags & Flags.ACK', 'a + n', 'a - n', 'b - a', 'a < b'):
        yield code, [*map(1e9.__mul__, timed(code, names, 21))]

def timed(code, names, rounds, n=2000):
    "Least and median seconds of one `code`"
    exec(f'def f(t):\n start = t()\n for _ in range({n}): {code}\n return (t() - start) / {n}', names)
    times = [names['f'](process_time) for _ in range(rounds)]
    return min(times), statistics.median(times)

def cell(who, found):
    "The time of one, and how many times ours it is"
    if who not in found: return ''
    time,ratio = found[who]
    return f'{time*1e6:8.2f}' + (f'{ratio:6.2f} x' if who != 'ours' else '')

if __name__ == '__main__':
    python = f'{platform.python_implementation()} {platform.python_version()}'
    print(f'{python}, {platform.system()} {platform.machine()}; dpkt {dpkt.__version__}')
    segments = captured(int(*sys.argv[1:] or [10000]))
    print(f'microseconds a segment, and how many times ours; {len(segments)} captured segments')
    print(f"{'':32}{'ours':>8}{'dpkt':>8}{'':8}{'scapy':>8}{'':8}{'dpkt, IP':>8}")
    for job,name,n,found in results(segments):
        cells = [cell(who, found) for who in ('ours', 'dpkt', 'scapy', 'dpkt, IP')]
        print(f'{job:15}{name:14}{n:>6} ', cells[0] + ''.join(f'{cell:>16}' for cell in cells[1:]), sep='')
    for size in (40, 1480):
        ours = timed('c(o)', dict(c=checksum, o=DATA[:size]), 61)[1]
        summed = timed('sum(array(h, o))', dict(array=array, h='H', o=DATA[:size]), 61)[1]
        print(f"checksum, {size} octets: {ours*1e6:.2f}, sum(array('H')): {summed*1e6:.2f}")
    print('nanoseconds, least and median')
    for code,(least,median) in values(): print(f'{code:64}{least:8.0f}{median:8.0f}')
