"""Hosts of ours under fire: forged segments and ICMP messages at live connections, in virtual time:
usage: tools/fire.py [--segments N] [--seed N]. Needs the extra `dev`; a million take minutes, and Ctrl-C ends it.

In each life of a connection two hosts open, talk and close, while a third party shoots at both: its segments are
real ones of that connection, with some fields or octets replaced. Whether a segment may do anything is decided
here, by the rules of RFC 9293, 5961 and 7323, from the variables that these name; the engine is not asked.
In a careful life whatever may do harm is held back: then every octet arrives, and both ends close in peace.
In a reckless one all is shot; what may do harm, and did, is counted. Exit status 1 if something broke a rule."""
import argparse, struct, sys
from collections import Counter
from dataclasses import replace
from heapq import heappop, heappush
from ipaddress import ip_address
from itertools import count
from random import Random
from time import thread_time_ns

from tqdm import tqdm

from python_tcp.congestion import Cubic, NewReno
from python_tcp.engine import ISLANDS, QUEUE
from python_tcp.host import Host
from python_tcp.ip import complaint, from_ip, to_ip
from python_tcp.segment import Flags, Segment, checksum

FIN, SYN, RST, PSH, ACK = Flags.FIN, Flags.SYN, Flags.RST, Flags.PSH, Flags.ACK
FULL = 0xffffffff
FAMILIES = ('10.0.0.1', '10.0.0.2'), ('fd00::1', 'fd00::2')
PORTS = 1000, 80
DELAY = .01     # s, of the wire
TIMED = 16      # every so manieth shot is timed: asking for the time may take longer than the shot
SLOWEST = .25   # s of processor time for one segment, at most: one that releases a whole queue

# The rules: what a segment may do to a connection

MOVES = { # by a segment: arrows of figure 5, and two or three of them in a row
    'SYN_SENT': 'SYN_RECEIVED ESTABLISHED CLOSE_WAIT FIN_WAIT_1 CLOSING FIN_WAIT_2 TIME_WAIT CLOSED',
    'SYN_RECEIVED': 'ESTABLISHED CLOSE_WAIT FIN_WAIT_1 FIN_WAIT_2 CLOSING TIME_WAIT LISTEN CLOSED',
    'ESTABLISHED': 'CLOSE_WAIT CLOSED',
    'FIN_WAIT_1': 'FIN_WAIT_2 CLOSING TIME_WAIT CLOSED',
    'FIN_WAIT_2': 'TIME_WAIT CLOSED',
    'CLOSE_WAIT': 'LAST_ACK CLOSED',
    'CLOSING': 'TIME_WAIT CLOSED',
    'LAST_ACK': 'CLOSED',
    'TIME_WAIT': 'CLOSED'}
READS = 'ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'SYN_RECEIVED'
REFUSED, HARMLESS = 'refused', 'harmless'
# beside these two a verdict is what the segment may do: 'opens', 'resets', 'unopens', 'reopens',
# 'acknowledges' what did not come, brings 'text' or a 'FIN' that nobody sent, puts the 'clock'
# forward, 'widens' the window beyond what the peer told of (what is sent there is refused, and so
# are the ACKs that bear the next number: in both directions that is a deadlock), or 'reflects': it
# is refused with a RST whose number it has chosen, and the peer takes that

def ahead(a, b):
    "How far the number `a` is ahead of `b` on the circle"
    return ((a - b + 2**31) & FULL) - 2**31

class Known:
    "What has been seen of one end on the wire: what is true of it"
    def __init__(self):
        self.iss = None         # of its SYN
        self.sent = self.acked = self.clock = None # the highest number, ACK and timestamp it sent
        self.fin = None         # the number of its FIN
        self.edge = None        # of the window that it told of, the furthest
        self.stream = bytearray()  # what its program has handed over
        self.opening = []          # its SYN and SYN,ACK

    def note(self, segment, shift):
        "It has sent `segment`; its windows count in units of 2^`shift` octets"
        if segment.flags & RST: return
        if segment.flags & SYN:
            self.iss = int(segment.seq)
            self.opening.append(segment)
        if segment.flags & FIN: self.fin = int(segment.end) - 1 & FULL
        self.sent = highest(self.sent, int(segment.end))
        if segment.flags & ACK:
            self.acked = highest(self.acked, int(segment.ack))
            window = segment.window << (0 if segment.flags & SYN else shift)
            self.edge = highest(self.edge, segment.ack + window & FULL)
        if segment.ts: self.clock = highest(self.clock, segment.ts[0])

    def said(self, segment, first, after_last):
        "Did it send all that `segment` has between these numbers, and the same octets?"
        if self.sent is None or ahead(after_last, self.sent) > 0: return False
        start = max(ahead(first, segment.seq), 0)
        octets = segment.data[start:max(ahead(after_last, segment.seq), 0)]
        at = ahead(segment.seq, self.iss + 1) + start
        return at >= 0 and self.stream[at:at + len(octets)] == octets

def highest(known, n): return n if known is None or ahead(n, known) > 0 else known

def verdict(tcb, s, peer, me, listens):
    "What `s` may do to the connection (`None`: there is none) or, with what it is answered, to the peer's"
    what = may_do(tcb, s, peer, listens)
    return 'reflects' if what == REFUSED and reflects(tcb, s, me) else what

def reflects(tcb, s, me):
    "Could a RST in answer, whose number is SEG.ACK or 0, be one that the peer expects? (§3.10.7.1)"
    if s.flags & RST or tcb is not None and tcb.syn_acked or me.iss is None: return False
    return 0 <= ahead(s.ack if s.flags & ACK else 0, me.iss) < 2**18

def may_do(tcb, s, peer, listens):
    "What `s` may do to the connection, `peer` being known"
    if tcb is None: return 'opens' if listens and s.flags & (SYN|ACK|RST) == SYN else REFUSED
    if tcb.state == 'SYN_SENT': return while_it_calls(tcb, s, peer)
    at = ahead(s.seq, tcb.rcv_nxt)
    after_last = at + s.len
    if old_clock(tcb, s): return REFUSED
    if s.flags & RST: return 'resets' if at == 0 else REFUSED
    if s.flags & SYN and (special := a_syn(tcb, s, at, listens)): return special
    ack_counts = s.flags & ACK and acknowledgment(tcb, s)
    if not acceptable(at, after_last, tcb.rcv_wnd):
        repeats = after_last <= 0 and ack_counts and not s.flags & SYN
        if not repeats or not tcb.ts_on: return REFUSED
        return 'clock' if puts_forward(tcb, s, peer) else HARMLESS # its clock may be noted
    if s.flags & SYN or not ack_counts: return REFUSED
    if peer.acked is None or ahead(s.ack, peer.acked) > 0: return 'acknowledges'
    return brings(tcb, s, peer, at)

def while_it_calls(tcb, s, peer):
    "In SYN-SENT (RFC 9293 §3.10.7.3)"
    of_ours = s.flags & ACK and 0 < ahead(s.ack, tcb.iss) <= tcb.snd_max - tcb.iss
    if s.flags & ACK and not of_ours: return REFUSED
    if s.flags & RST: return 'resets' if of_ours else REFUSED
    if not s.flags & SYN: return REFUSED
    return HARMLESS if s in peer.opening else 'opens'

def old_clock(tcb, s):
    "PAWS (RFC 7323 §5.3)"
    if not tcb.ts_on or s.ts is None or s.flags & RST: return False
    return ahead(s.ts[0], tcb.ts_recent) < 0 and s.ts[0] != tcb.ts_recent ^ 0x80000000

def a_syn(tcb, s, at, listens):
    "What a SYN does, where it is more than a challenge (RFC 9293 §3.10.7.4, RFC 6191)"
    if tcb.state == 'TIME_WAIT' and listens and s.flags & (SYN|ACK) == SYN: return 'reopens'
    crossed = at == -1 and s.flags & ACK and acknowledgment(tcb, s)
    if not tcb.syn_acked and not tcb.passive: return 'opens' if crossed else REFUSED
    if tcb.state != 'SYN_RECEIVED': return REFUSED
    return 'unopens' if acceptable(at, at + s.len, tcb.rcv_wnd) else REFUSED

def acceptable(at, after_last, wnd):
    "Table 6 of RFC 9293, and what may be heard at the right edge, where probes go (§3.4)"
    if 0 <= at <= wnd + 1: return True
    return 0 < after_last <= wnd or wnd == 0 and at < 0 < after_last

def acknowledgment(tcb, s):
    "Is SEG.ACK of what was sent, and not too old? (RFC 5961 §5.2)"
    of_it = ahead(s.ack, tcb.snd_una)
    in_flight = tcb.snd_max - tcb.snd_una
    if tcb.state == 'SYN_RECEIVED' or not tcb.syn_acked: return 0 < of_it <= in_flight
    return -tcb.max_wnd <= of_it <= in_flight

def puts_forward(tcb, s, peer):
    "Does it set TS.Recent to what the peer's clock has not reached? (RFC 7323 §4.3)"
    if not tcb.ts_on or s.ts is None: return False
    last_ack = tcb.rcv_nxt - tcb.unacked
    covers = ahead(s.seq, last_ack) <= 0 <= ahead(s.end, last_ack)
    # half the circle away it is neither before nor after, and counts
    return covers and (peer.clock is None or ahead(s.ts[0], peer.clock) not in range(1 - 2**31, 1))

def brings(tcb, s, peer, at):
    "What an acceptable segment with a true ACK does"
    if puts_forward(tcb, s, peer): return 'clock'
    edge = s.ack + (s.window << tcb.snd_scale) & FULL
    if peer.edge is None or ahead(edge, peer.edge) > 0: return 'widens'
    first = max(at, 0)
    text_end = at + len(s.data)
    if tcb.state not in READS: return HARMLESS
    if s.flags & FIN and (s.end - 1 & FULL) != peer.fin: return 'FIN'
    end = min(text_end, tcb.rcv_wnd + 2)
    if end > first and not peer.said(s, tcb.rcv_nxt + first, tcb.rcv_nxt + end): return 'text'
    return HARMLESS

def verdict_on_icmp(tcb, packet, i):
    "What an ICMP message may do (RFC 9293 §3.9.2.2, RFC 5927 §4.1 and §5.2)"
    said = complaint(packet)
    if said is None or tcb is None: return REFUSED
    if (said.src_port, said.dst_port) != (PORTS[i], PORTS[1-i]): return REFUSED
    if not 0 <= ahead(said.seq, tcb.snd_una) < tcb.snd_max - tcb.snd_una: return REFUSED
    opening = tcb.state in ('SYN_SENT', 'SYN_RECEIVED')
    return 'resets' if said.kind == 'hard' and opening else HARMLESS

# What is shot

def forgery(random, life, i):
    "A segment for the end `i`, made of a real one"
    towards, back = life.real[1-i], life.real[i]
    real = random.choice(towards or back)
    tcb = life.tcb(i)
    if not towards: real = replace(real, src=PORTS[1-i], dst=PORTS[i])
    changed = {}
    for _ in range(random.choice((1, 1, 2, 3))):
        random.choice(CHANGES if tcb else CHANGES_BEFORE)(random, real, tcb, changed)
    if random.random() < .01: changed['src'] = random.randrange(1, 65536)
    for name in 'seq', 'ack':
        if name in changed: changed[name] &= FULL
    return replace(real, **changed)

def change_flags(random, real, tcb, changed):
    usual = 0, FIN, SYN, RST, ACK, FIN|ACK, SYN|ACK, RST|ACK, PSH|ACK, SYN|FIN, SYN|RST, 255, 0x29
    changed['flags'] = Flags(random.choice((*usual, random.getrandbits(8))))

def change_seq(random, real, tcb, changed):
    wnd = max(tcb.rcv_wnd, 1)
    near = 0, 1, -1, wnd, wnd - 1, wnd + 1, wnd + 2, -wnd, -len(real.data), 2**31, 2**31 - 1
    wide = random.randrange(-wnd, wnd + 1), random.getrandbits(32)
    changed['seq'] = tcb.rcv_nxt + random.choice(near + wide)

def change_ack(random, real, tcb, changed):
    near = 0, 1, -1, 1000, -1000, 2**31, -tcb.max_wnd, -tcb.max_wnd - 1, random.getrandbits(32)
    changed['ack'] = random.choice((tcb.snd_una, tcb.snd_nxt, tcb.snd_max)) + random.choice(near)

def change_data(random, real, tcb, changed):
    wnd = tcb.rcv_wnd if tcb else 0
    sizes = 0, 1, 2, 536, 1460, 9000, min(wnd, 60_000), min(wnd + 1, 60_000)
    changed['data'] = random.randbytes(random.choice(sizes))

def change_window(random, real, tcb, changed):
    changed['window'] = random.choice((0, 1, 65535, random.getrandbits(16)))

def change_clock(random, real, tcb, changed):
    known = tcb.ts_recent if tcb else 0
    near = 0, 1, -1, 2**31, 2**31 - 1, 2**30, -2**30
    values = 0, FULL, *[(known + n) & FULL for n in near]
    echo = real.ts[1] if real.ts else 0
    echoes = 0, FULL, echo, (echo + 1) & FULL, (echo - 5000) & FULL, echo ^ 0x80000000
    changed['ts'] = random.choice((None, (random.choice(values), random.choice(echoes))))

def change_blocks(random, real, tcb, changed):
    flight = tcb.snd_max - tcb.snd_una
    def edge(): return (tcb.snd_una + random.choice((random.randrange(-5, flight + 5),
                                                     random.getrandbits(32)))) & FULL
    blocks = [(edge(), edge()) for _ in range(random.randrange(5))]
    if random.random() < .7: blocks = [tuple(sorted(block)) for block in blocks]
    changed['sack'] = tuple(blocks)

def change_options(random, real, tcb, changed):
    kinds = (None, None, False), (0, 255, True), (1, 14, True), (65535, 15, False)
    changed['mss'], changed['wscale'], changed['sack_ok'] = random.choice(kinds)
    changed['other'] = random.choice(((), ((30, b'x'),), ((19, bytes(16)),)))

CHANGES_BEFORE = change_flags, change_data, change_window, change_clock, change_options
CHANGES = *CHANGES_BEFORE, change_seq, change_ack, change_blocks, change_seq

def spoilt(random, packet, head):
    "The packet with some octets of its segment replaced, and a right checksum"
    octets = bytearray(packet)
    for _ in range(random.choice((1, 2, 3))):
        at = random.randrange(head + 4, min(len(octets), head + 60))
        octets[at] = random.getrandbits(8)
    return summed(bytes(octets), head)

def summed(packet, head):
    "The packet with the right checksum of its segment"
    at = head + 16
    bare = packet[:at] + bytes(2) + packet[at+2:]
    ends = packet[12:20] if head == 20 else packet[8:40]
    total = checksum(ends + (len(packet) - head).to_bytes(4) + b'\0\0\0\6' + bare[head:])
    return bare[:at] + total.to_bytes(2) + bare[at+2:]

# of IPv4 and IPv6, by the size of their header: types and codes
ICMP = {20: [(3, 0), (3, 1), (3, 2), (3, 3), (3, 4), (3, 13), (4, 0), (5, 1), (11, 0), (12, 0)],
        40: [(1, 0), (1, 1), (1, 3), (1, 4), (2, 0), (3, 0), (4, 1), (137, 0)]}

def icmp(random, quoted, head):
    "An ICMP message about the packet `quoted`, to its sender"
    here, there = (quoted[12:16], quoted[16:20]) if head == 20 else (quoted[8:24], quoted[24:40])
    rest = random.choice((0, 68, 576, 1280, 1400, 65535, random.getrandbits(32)))
    message = bytes([*random.choice(ICMP[head]), 0, 0]) + rest.to_bytes(4)
    message += quoted[:head + random.choice((0, 7, 8, 8, 8, 20, 1000))]
    pseudo = b'' if head == 20 else there + here + len(message).to_bytes(4) + b'\0\0\0\x3a'
    message = message[:2] + checksum(pseudo + message).to_bytes(2) + message[4:]
    if head == 40: return struct.pack('!IHBB', 6 << 28, len(message), 58, 64) + there + here + message
    first = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(message), 0, 0, 64, 1, 0) + there + here
    return first[:10] + checksum(first).to_bytes(2) + first[12:] + message

# A life, in which two programs talk through two hosts

class Program:
    "Sends its pieces, reads what comes, and closes in its turn"
    def __init__(self, random, first):
        sizes = 1, 100, 1460, 3000, 20_000
        self.pieces = [random.randbytes(random.choice(sizes)) for _ in range(random.randrange(6))]
        self.first = first       # does it close before its peer has?
        self.connection = None
        self.got = bytearray()
        self.sent = bytearray()  # what TCP has taken
        self.heard_all = self.said_all = self.closed = False
        self.error = None

    def work(self, random, peer_is_ready):
        if self.connection is None or self.closed: return
        try:
            if random.random() < .8: self.read()
            if self.pieces and random.random() < .5: self.write()
            may_close = peer_is_ready if self.first else self.heard_all
            calls = self.connection.state == 'SYN_SENT' # where CLOSE would give up (§3.10.4)
            if not self.pieces and may_close and not calls and not self.said_all: self.shutdown()
            if self.said_all and self.heard_all: self.close()
        except BlockingIOError: pass
        except OSError as error:
            self.error = error
            self.close()

    def read(self):
        try:
            while not self.heard_all:
                octets = self.connection.receive()
                self.heard_all = not octets
                self.got += octets
        except BlockingIOError: pass

    def write(self):
        piece = self.pieces[0]
        try:
            self.connection.send(piece)
            taken = len(piece)
        except BlockingIOError as wait: taken = wait.characters_written
        self.sent += piece[:taken]
        self.pieces[0] = piece[taken:]
        if not self.pieces[0]: del self.pieces[0]

    def shutdown(self):
        self.connection.shutdown()
        self.said_all = True

    def close(self):
        self.closed = True
        self.connection.close()

class Broken(Exception):
    "A rule that did not hold"

class Life:
    "Two hosts, a wire, two programs"
    def __init__(self, random):
        self.random = random
        self.now = 10.
        self.addresses = random.choice(FAMILIES)
        self.head = 20 if '.' in self.addresses[0] else 40
        self.loss = random.choice((0, 0, .05))
        self.hosts = [self.host(address) for address in self.addresses]
        self.programs = [Program(random, first) for first in random.choice(
            ((True, False), (False, True), (True, True)))]
        self.known = Known(), Known()
        for known, program in zip(self.known, self.programs): known.stream = program.sent
        self.real = [], []    # segments that each end has sent, the last of them
        self.packets = [], []
        self.wire, self.serial = [], count()
        self.events = self.silent = 0
        self.called = {0} if random.random() < .7 else {0, 1} # who opens
        self.listener = None if 1 in self.called else self.hosts[1].listen(PORTS[1])
        for i in self.called: self.call(i)

    def host(self, address):
        random = self.random
        options = dict(timestamps=random.random() < .7, sack=random.random() < .8,
                       scaling=random.random() < .8, rack=random.random() < .5,
                       msl=1., user_timeout=600., r2=600.)
        iss = random.choice((None, random.getrandbits(32), FULL - random.randrange(3000), 0))
        return Host(random.choice((None, Cubic(), NewReno())), address=address, iss=iss,
                    mtu=random.choice((1280, 1500)), buffer=random.choice((4000, 65535, 200_000)),
                    secret=random.randbytes(16), orphan=600., **options)

    def call(self, i):
        there = self.addresses[1-i], PORTS[1-i]
        self.hosts[i].tick(self.now)
        self.programs[i].connection = self.hosts[i].connect(there, PORTS[i])
        self.collect(i)

    def end(self, i):
        "The connection of end `i`, if it is alive"
        key = PORTS[i], self.addresses[1-i], PORTS[1-i]
        return next((end for end in self.hosts[i].connections if end.key == key), None)

    def tcb(self, i):
        end = self.end(i)
        return end.tcb if end else None

    def collect(self, i):
        "What end `i` sends: the segments; they go on the wire"
        segments = [segment for _, segment in self.hosts[i].out]
        tcb = self.tcb(i)
        shift = tcb.rcv_scale if tcb else 0
        for segment, packet in zip(segments, self.hosts[i].take()):
            self.known[i].note(segment, shift)
            self.real[i].append(segment)
            self.packets[i].append(packet)
            if self.random.random() >= self.loss:
                heappush(self.wire, (self.now + DELAY, next(self.serial), 1 - i, packet))
        del self.real[i][:-40], self.packets[i][:-40]
        return segments

    def honest(self):
        "What is due next: a segment arrives, or a timer goes off; whether there was anything"
        timers = [host.timer for host in self.hosts]
        due = [t for t in timers if t is not None] + [t for t, *_ in self.wire[:1]]
        if not due and (self.over() or self.silent > 100): return False
        self.silent = 0 if due else self.silent + 1
        self.events += 1
        self.now = max(self.now, min(due, default=self.now + 1))
        for host in self.hosts: host.tick(self.now)
        if self.wire and self.wire[0][0] <= self.now:
            _, _, i, packet = heappop(self.wire)
            self.hosts[i].give(self.now, packet)
        self.work()
        for i in 0, 1: self.collect(i)
        return True

    def over(self): return all(program.closed for program in self.programs)

    def work(self):
        if self.listener and self.programs[1].connection is None:
            try: self.programs[1].connection = self.listener.accept()
            except BlockingIOError: pass
        ready = [not program.pieces for program in self.programs]
        for i, program in enumerate(self.programs):
            together = ready[1-i] or not self.programs[1-i].first
            program.work(self.random, together)

    def unfinished(self):
        "What of the honest connection is not as it should be, in words"
        for i, (me, peer) in enumerate(zip(self.programs, self.programs[::-1])):
            if me.error: yield f'end {i}: {me.error!r}'
            if me.got != peer.sent: yield f'end {i} got {len(me.got)} octets of {len(peer.sent)}, or others'
            if not me.closed: yield f'end {i} is not closed'
            if self.hosts[i].connections: yield f'end {i} has left {self.hosts[i].connections}'

# The shots

MAY_CHANGE = { # by what is refused: an ACK in answer, its window, and a later end of TIME-WAIT
    'now', 'rcv_wnd', 'ack_now', 'unacked', 't_delack', 'challenged', 'twice', 't_wait'}
WITH_TEXT = MAY_CHANGE | { # its SACK option makes segments smaller, so that one may fit in after all
    'snd_nxt', 'snd_max', 'snd_sml', 'last_sent', 'timed', 'timed_since', 'busy', 't_rexmt', 'since',
    't_probe', 'high_rxt'}

def changes(before, after, answers):
    "The variables in which two TCBs differ, other than by an answer"
    old, new = vars(before), vars(after)
    may = WITH_TEXT if answers and answers[0].data else MAY_CHANGE
    return [name for name in old if old[name] is not new[name] and old[name] != new[name]
            and name not in may]

def size(tcb):
    "Octets and pieces that a TCB holds; or a rule of memory that it breaks"
    held = sum(len(octets) for _, octets in tcb.ooo)
    if len(tcb.rcv_buf) + held > tcb.buffer: raise Broken(f'{len(tcb.rcv_buf)} + {held} octets received')
    if len(tcb.snd_buf) > 2*QUEUE: raise Broken(f'{len(tcb.snd_buf)} octets queued')
    if max(len(tcb.ooo), len(tcb.sacked)) > ISLANDS or len(tcb.twice) > 1:
        raise Broken(f'{len(tcb.ooo)} islands, {len(tcb.sacked)} blocks')
    return len(tcb.rcv_buf) + held + len(tcb.snd_buf), len(tcb.ooo) + len(tcb.sacked)

def check_variables(tcb):
    "What holds for numbers and deadlines of every TCB"
    if not tcb.iss <= tcb.snd_una <= tcb.snd_nxt <= tcb.snd_max <= tcb.snd_end: raise Broken('SND order')
    if tcb.rcv_wnd < 0: raise Broken(f'RCV.WND {tcb.rcv_wnd}')
    if tcb.timer is not None and not tcb.timer < tcb.now + 10**5: raise Broken(f'a timer at {tcb.timer}')

class Fire:
    "The tally of all lives"
    def __init__(self):
        self.shots = Counter()    # by the state that was met, and the verdict
        self.outcomes = Counter() # of lives
        self.answers = Counter()  # by verdict
        self.took = Counter()     # processor time by verdict, ns, of so many:
        self.timed = Counter()
        self.total = 0
        self.slowest = 0          # ns
        self.octets = self.pieces = self.alarms = 0 # the most that one end held
        self.faults = []

    def live(self, seed, segments):
        "One life under fire, of so many shots at most"
        random = Random(seed)
        life = Life(random)
        careful = random.random() < .7
        self.done = Counter() # what was done in this life that may do harm
        left = min(segments, random.choice((20, 60, 150)))
        while life.events < 30_000: # a forged MSS makes many small segments
            for _ in range(min(left, salvo(random, life))):
                left -= self.shoot(random, life, careful)
            if not life.honest(): break
        else: raise Broken(f'no rest after {life.events} events')
        self.judge(life)

    def shoot(self, random, life, careful):
        "One shot, unless it is held back: how many were fired"
        i = random.randrange(2)
        if not life.real[1-i] and not life.real[i]: return 0
        packet, what = self.aim(random, life, i)
        if careful and what not in (REFUSED, HARMLESS): return 0
        before = life.tcb(i)
        host = life.hosts[i]
        if self.total % TIMED: host.give(life.now, packet)
        else: self.time(host, life.now, packet, what)
        end = life.end(i)
        after = end.tcb if end else None
        answers = life.collect(i)
        self.note(before, what, answers)
        self.check(before, after, what, answers, packet)
        if after: self.measure(host, after)
        return 1

    def time(self, host, now, packet, what):
        started = thread_time_ns()
        host.give(now, packet)
        took = thread_time_ns() - started
        self.took[what] += took
        self.timed[what] += 1
        self.slowest = max(self.slowest, took)

    def aim(self, random, life, i):
        "A packet for the end `i`, and what it may do there"
        tcb = life.tcb(i)
        if life.packets[i] and random.random() < .05:
            quoted = random.choice(life.packets[i])
            if random.random() < .3: quoted = spoilt(random, quoted, life.head)
            packet = icmp(random, quoted, life.head)
            return packet, verdict_on_icmp(tcb, packet, i)
        packet = None
        while packet is None:
            try: packet = to_ip(forgery(random, life, i), life.addresses[1-i], life.addresses[i])
            except ValueError: pass # its options have no room
        if random.random() < .1: packet = spoilt(random, packet, life.head)
        try: segment = from_ip(packet).seg
        except ValueError: return packet, REFUSED
        listens = i == 1 and life.listener is not None and segment.dst == PORTS[1]
        peer, me = life.known[1-i], life.known[i]
        of_others = (segment.src, segment.dst) != (PORTS[1-i], PORTS[i])
        if of_others: return packet, may_do(None, segment, peer, listens)
        return packet, verdict(tcb, segment, peer, me, listens)

    def note(self, before, what, answers):
        state = str(before.state) if before else 'no connection'
        self.shots[state, what] += 1
        self.answers[what] += len(answers)
        self.total += 1
        if what not in (REFUSED, HARMLESS): self.done[what] += 1

    def check(self, before, after, what, answers, packet):
        "The rules for one shot"
        if what in (REFUSED, 'reflects'):
            if len(answers) > 1: raise Broken(f'{len(answers)} answers to what is refused')
            if (before is None) != (after is None): raise Broken('what is refused opened or ended it')
            changed = changes(before, after, answers) if before else []
            if changed: raise Broken(f'what is refused in {before.state} changed {changed}')
        if before is None: return
        ended = after is None or after.state == 'CLOSED'
        moved = 'CLOSED' if ended else str(after.state)
        again = what in ('reopens', 'unopens', 'resets') # a RST may lead back to TIME-WAIT
        if moved != before.state and moved not in MOVES[str(before.state)] and not again:
            raise Broken(f'{before.state} to {moved}')
        if what == 'resets' and not ended and moved == before.state: raise Broken(f'no reset in {before.state}')
        queued = before.snd_end - before.snd_una
        most = 3 + queued//max((after or before).smss - 40, 1) + 2*len(before.sacked)
        if len(answers) > most: raise Broken(f'{len(answers)} answers, {queued} octets queued')

    def measure(self, host, tcb):
        check_variables(tcb)
        octets, pieces = size(tcb)
        self.octets = max(self.octets, octets)
        self.pieces = max(self.pieces, pieces)
        self.alarms = max(self.alarms, len(host._alarms))

    def judge(self, life):
        "How a life ended, and whether that may be"
        wrong = [*life.unfinished()]
        if wrong and not self.done: raise Broken('; '.join(wrong))
        foreign = any(not bytes(peer.sent).startswith(me.got)
                      for me, peer in zip(life.programs, life.programs[::-1]))
        if not wrong: self.outcomes['every octet right, closed in peace'] += 1
        elif foreign: self.outcomes['took octets of a forgery'] += 1
        elif {'resets', 'reflects', 'unopens', 'reopens', 'opens'} & self.done.keys():
            self.outcomes['ended by a segment entitled to'] += 1
        else: self.outcomes['out of step after: ' + ', '.join(sorted(self.done))] += 1

def salvo(random, life):
    "How many shots before the next event: states that pass quickly get more"
    states = {str(tcb.state) for tcb in map(life.tcb, (0, 1)) if tcb}
    return random.randrange(3 if states <= {'ESTABLISHED'} else 8)

def fire(segments, seed, progress=False):
    "So many shots, in as many lives as that takes"
    tally = Fire()
    with tqdm(total=segments, unit='segment', disable=None if progress else True) as bar:
        for life in count():
            number = seed*10**7 + life
            before = tally.total
            try: tally.live(number, segments - tally.total)
            except KeyboardInterrupt: break
            except Exception as e: tally.faults.append((number, repr(e)))
            bar.update(tally.total - before)
            if tally.total >= segments: break
    return tally

def table(tally):
    "For each state how many shots, and what they might do"
    verdicts = [REFUSED, HARMLESS, *sorted({what for _, what in tally.shots} - {REFUSED, HARMLESS})]
    yield f'{"":14}' + ''.join(f'{what:>13}' for what in verdicts)
    for state in 'no connection', *MOVES:
        row = [tally.shots[state, what] for what in verdicts]
        yield f'{state:14}' + ''.join(f'{n:13,}' for n in row)
    sums = [sum(n for (_, what), n in tally.shots.items() if what == each) for each in verdicts]
    yield f'{"all":14}' + ''.join(f'{n:13,}' for n in sums)
    answers = [tally.answers[what]/n for what, n in zip(verdicts, sums)]
    yield f'{"answers each":14}' + ''.join(f'{n:13.2f}' for n in answers)
    took = [tally.took[what]/max(tally.timed[what], 1)/1000 for what in verdicts]
    yield f'{"µs each":14}' + ''.join(f'{n:13.1f}' for n in took)

def main(args):
    tally = fire(args.segments, args.seed, progress=True)
    for line in table(tally): print(line)
    lives = sum(tally.outcomes.values())
    print(f'{tally.total:,} shots in {lives:,} lives; the slowest took {tally.slowest/1e6:.1f} ms')
    print(f'at most an end held {tally.octets:,} octets and {tally.pieces} pieces or blocks, '
          f'a host {tally.alarms} alarms')
    for outcome, n in tally.outcomes.most_common(): print(f'{n:9,} {outcome}')
    for number, fault in tally.faults[:20]: print(f'life {number}: {fault}')
    print(f'{len(tally.faults)} lives in which a rule was broken')
    return 1 if tally.faults or tally.slowest > SLOWEST*1e9 else 0

if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--segments', type=int, default=10**6, metavar='N')
    parser.add_argument('--seed', type=int, default=1, metavar='N')
    sys.exit(main(parser.parse_args()))
