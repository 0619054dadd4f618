"""Wrong calls: for every public name of the package at least one, the error that it gives,
and words in which that says what would be right"""
import ast, importlib, io, pkgutil, socket, traceback
from math import inf, nan
from pathlib import Path

import pytest

import python_tcp
from python_tcp.segment import Flags, Segment, pack
from python_tcp.trace import Seen, Trace
from python_tcp.wire import Passage, Wire

A,B = ('10.0.0.1', 1),('10.0.0.2', 2)
segment = Segment(1, 2, 3, 4, Flags.ACK, 5)
seen = Seen(0., A, B, segment, got=.1)
large = Seen(0., A, B, Segment(1, 2, 3, 4, Flags.ACK, 5, bytes(65496)))
large6 = Seen(0., ('fd00::1', 1), ('fd00::2', 2), Segment(1, 2, 3, 4, Flags.ACK, 5, bytes(65516)))
octets = pack(segment, '10.0.0.1', '10.0.0.2')
addresses = {'a': '10.0.0.1', 'b': '10.0.0.2'}

def held():
    "A wire on which one segment waits"
    wire = Wire(addresses)
    wire.hold(Passage(0., 'a', 'b', segment, addresses))
    return wire

class Idle:
    timer = None
    def step(self, now, event=None): return self, ()

class Odd(Idle):
    def step(self, now, event=None): return self

MISSING = 'missing . required positional arguments?: '

# module -> rows: the call, the error, words of it (a pattern)
CALLS = dict(
    segment=[
        ("Seq('1')", TypeError, "whole number, not '1'"),
        ("Seq(1.5)", TypeError, 'whole number, not 1.5'),
        ("Seq(None)", TypeError, 'whole number, not None'),
        ("Seq(1) + 1.5", TypeError, 'octets can be added .* not 1.5'),
        ("Seq(1) + Seq(2)", TypeError, r'not Seq\(2\)'),
        ("Seq(1) - 1.5", TypeError, 'not 1.5'),
        ("None - Seq(1)", TypeError, 'not None'),
        ("Seq(1) < 1.5", TypeError, 'not 1.5'),
        ("Seq(1) <= nan", TypeError, 'not nan'),
        ("Seq(1) > '1'", TypeError, "not '1'"),
        ("Seq(1) >= None", TypeError, 'not None'),
        ("max([Seq(1), 2.5], key=Seq)", TypeError, 'not 2.5'),
        ("Flags.SYN | 256", ValueError, '0 to 255, not 256'),
        ("256 | Flags.SYN", ValueError, '0 to 255'),
        ("Flags.SYN ^ 256", ValueError, '0 to 255, not 256'),
        ("256 ^ Flags.SYN", ValueError, '0 to 255'),
        ("Flags.SYN | -1", ValueError, '0 to 255, not -1'),
        ("Flags.SYN | 'ACK'", ValueError, "0 to 255, not 'ACK'"),
        ("Flags.SYN & 'ACK'", ValueError, "not 'ACK'"),
        ("Flags.SYN | None", ValueError, 'not None'),
        ("Flags(256)", ValueError, '0 to 255, not 256'),
        ("Flags(-1)", ValueError, 'not -1'),
        ("Flags('SYN')", ValueError, "not 'SYN'"),
        ("Segment()", TypeError, MISSING + "'src'"),
        ("Segment(70000, 80, 1, 2, Flags.ACK, 3)", ValueError, 'src is from 0 to 65535, not 70000'),
        ("Segment('40000', 80, 1, 2, Flags.ACK, 3)", ValueError,
         "src is from 0 to 65535, not '40000'"),
        ("Segment(1, 2, '3', 4, 16, 5)", TypeError, "seq is a whole number, not '3'"),
        ("Segment(1, 2, 3, None, 16, 5)", TypeError, 'ack is a whole number, not None'),
        ("Segment(1, 2, 3, 4, 256, 5)", ValueError, 'flags is from 0 to 255, not 256'),
        ("Segment(1, 2, 3, 4, 16, -5)", ValueError, 'window is .* not -5'),
        ("Segment(1, 2, 3, 4, 16, 5, 'GET')", TypeError, 'bytes, not str'),
        ("Segment(1, 2, 3, 4, 16, 5, mss='')", ValueError, "mss is .* not ''"),
        ("Segment(1, 2, 3, 4, 16, 5, wscale=7.)", ValueError, 'wscale is .* not 7.0'),
        ("Segment(1, 2, 3, 4, 16, 5, sack_ok='no')", TypeError, "sack_ok is a bool, not 'no'"),
        ("Segment(1, 2, 3, 4, 16, 5, sack=5)", ValueError, 'blocks .* not 5'),
        ("Segment(1, 2, 3, 4, 16, 5, sack=(1, 2))", ValueError, r'blocks .* not \(1, 2\)'),
        ("Segment(1, 2, 3, 4, 16, 5, sack=None)", ValueError, 'blocks .* not None'),
        ("Segment(1, 2, 3, 4, 16, 5, sack=((1, 2),)*5)", ValueError, '4 blocks, not 5'),
        ("Segment(1, 2, 3, 4, 16, 5, ts=7)", ValueError, 'two clocks.* not 7'),
        ("Segment(1, 2, 3, 4, 16, 5, ts=0)", ValueError, 'two clocks.* not 0'),
        ("Segment(1, 2, 3, 4, 16, 5, ts=(1, '2'))", ValueError, "ts is .* not '2'"),
        ("Segment(1, 2, 3, 4, 16, 5, other=5)", ValueError, r'\(kind, bytes\), not 5'),
        ("Segment(1, 2, 3, 4, 16, 5, other=((9, 'x'),))", ValueError, "bytes of kinds .* 'x'"),
        ("Segment(1, 2, 3, 4, 16, 5, other=((9, bytes(39)),))", ValueError,
         '38 octets or less, not 39'),
        ("setattr(segment, 'typo', 1)", AttributeError, 'typo.*replace'),
        ("setattr(segment, 'window', 1)", AttributeError, 'window.*replace'),
        ("delattr(segment, 'window')", AttributeError, 'window.*replace'),
        ("Segment(1, 2, 3, 4, 16, 5, sack=((1, '2'),))", TypeError,
         "an edge in sack is a whole number, not '2'"),
        ("unwrap('1', 2)", TypeError, "whole, not '1' near 2"),
        ("unwrap(Seq(1), None)", TypeError, r'whole, not Seq\(1\) near None'),
        ("checksum('text')", TypeError, "bytes, not 'text'"),
        ("checksum(None)", TypeError, 'bytes, not None'),
        ("checksum(b'ab', .5)", TypeError, 'integer, not 0.5'),
        ("pack(None, '10.0.0.1', '10.0.0.2')", TypeError, 'a Segment is packed, not None'),
        ("pack(Segment, '10.0.0.1', '10.0.0.2')", TypeError, 'a Segment is packed, not <class'),
        ("pack(segment, None, '10.0.0.2')", ValueError,
         "'None' does not appear to be an IPv4 or IPv6 address"),
        ("pack(segment, '10.0.0.1', 2)", ValueError, "'2' does not appear"),
        ("pack(segment, '10.0.0.1', 'fd00::1')", ValueError, 'of two families'),
        ("pack(segment, ['10.0.0.1'], '10.0.0.2')", TypeError, 'addresses are text'),
        ("parse(None, '10.0.0.1', '10.0.0.2')", TypeError, 'bytes wanted, not NoneType'),
        ("parse(b'', '10.0.0.1', '10.0.0.2')", ValueError, '20 octets or more, not 0'),
        ("parse(octets, 1, 2)", ValueError, "'1' does not appear")],
    states=[
        ("Transition()", TypeError, MISSING + "'state'"),
        ("Transition('OPEN', 'SEND', '', 'CLOSED')", ValueError, "'OPEN' is no state"),
        ("Transition('CLOSED', 'OPEN', '', 'LISTEN')", ValueError, "'OPEN' is no event"),
        ("Transition('CLOSED', 'SEND', None, 'CLOSED')", TypeError, 'sends is text, not None'),
        ("after('OPEN', 'SEND')", ValueError, "'OPEN' is no state; the states are CLOSED"),
        ("after('CLOSED', 'OPEN')", ValueError, "'OPEN' is no event; the events are passive OPEN"),
        ("after(None, 'SEND')", ValueError, 'None is no state'),
        ("after('CLOSED', 5)", ValueError, '5 is no event'),
        ("after('CLOSED', 'SEND')", ValueError, "there is no 'SEND'; there is"),
        ("Diagram({'a': 'LISTEN'})", TypeError, "a list of states, .* not 'LISTEN'"),
        ("Diagram('LISTEN')", TypeError, "a list of states, .* not 'LISTEN'"),
        ("Diagram(5)", TypeError, 'a list of states, .* not 5'),
        ("Diagram(Diagram)", TypeError, 'a list of states, .* not <class'),
        ("Diagram({'a': 5})", TypeError, 'a list .* not 5'),
        ("Diagram([5])", ValueError, '5 is no state'),
        ("Diagram({'a': ['OPEN']})", ValueError, "'OPEN' is no state"),
        ("Diagram({5: ['LISTEN']})", TypeError, 'text for its name, not 5'),
        ("Diagram([None])", ValueError, 'None is no state')],
    trace=[
        ("Trace().around(3)", ValueError, 'number 3; there are none'),
        ("Trace([seen]).around(3)", ValueError, 'number 3; there are 1 to 1'),
        ("Trace([seen]).around(1, -1)", ValueError, 'from 0, not -1'),
        ("[*captured_once([5])]", TypeError, 'Seen, not by 5'),
        ("[*captured_once([segment])]", TypeError, 'not by Segment'),
        ("[*captured_once(5)]", TypeError, 'not iterable|list of Seen'),
        ("written(5)", ValueError, 'an end is .* not 5'),
        ("Connections().note(segment)", TypeError, 'of Seen, not of Segment'),
        ("Seen()", TypeError, MISSING + "'t'"),
        ("Seen('0', A, B, segment)", ValueError, "seconds, not '0'"),
        ("Seen(nan, A, B, segment)", ValueError, 'seconds, not nan'),
        ("Seen(None, A, B, segment)", ValueError, 'seconds, not None'),
        ("Seen(0, '10.0.0.1', B, segment)", ValueError, r"\(host, port\).* not '10.0.0.1'"),
        ("Seen(0, A, ('10.0.0.2', '80'), segment)", ValueError,
         r"such as \('10.0.0.1', 8080\), not \('10.0.0.2', '80'\)"),
        ("Seen(0, A, None, segment)", ValueError, 'not None'),
        ("Seen(0, A, B, None)", TypeError, 'seg is a Segment, not None'),
        ("Seen(0, A, B, Segment)", TypeError, 'seg is a Segment, not <class'),
        ("Seen(0, A, B, segment, 'soon')", ValueError, "not 'soon'"),
        ("Seen(0, A, B, segment, fate='gone')", ValueError, "'lost', .* not 'gone'"),
        ("Seen(0, A, B, segment, states='LISTEN')", ValueError, "a pair, not 'LISTEN'"),
        ("Seen(0, A, B, segment, frame=0)", ValueError, 'numbered from 1, not 0'),
        ("Seen(0, A, B, segment, ident=65536)", ValueError, '65535, or None, not 65536'),
        ("Seen(0, A, B, segment, missing=41)", ValueError, '0 to 40 octets .* missing, not 41'),
        ("Trace(5)", TypeError, 'a list of Seen, not 5'),
        ("Trace(seen)", TypeError, 'a list of Seen, not Seen'),
        ("Trace([5])", TypeError, 'a list of Seen, not of 5'),
        ("Trace('text')", TypeError, "not of 't'"),
        ("Trace([segment])", TypeError, 'not of Segment'),
        ("Trace([], ['a'])", TypeError, "names are a dict, .* not \\['a'\\]"),
        ("Trace([], {'10.0.0.1': 5})", TypeError, 'names are a dict'),
        ("Trace().append(5)", TypeError, 'not of 5'),
        ("Trace().extend([5])", TypeError, 'not of 5'),
        ("Trace().insert(0, None)", TypeError, 'not of None'),
        ("Trace([seen]).__setitem__(0, 5)", TypeError, 'not of 5'),
        ("Trace([seen]) + [5]", TypeError, 'not of 5'),
        ("Trace() + None", TypeError, 'a list of Seen, not None'),
        ("Trace().save(-1)", TypeError, 'text or a Path, not -1'),
        ("Trace([large]).save('x')", ValueError, 'room for .* 65515 octets.* not 65516'),
        ("Trace([large6]).save('x')", ValueError, 'room for .* 65535 octets.* not 65536'),
        ("Trace([seen, Seen(0, ('b', 1), A, segment)]).save('x')", ValueError,
         "'b' does not appear to be an IP"),
        ("Trace.load(-1)", TypeError, 'text or a Path, not -1'),
        ("Trace.load(None)", TypeError, 'not None'),
        ("Trace.load('.')", OSError, 'directory|denied'),
        ("Trace.load('nowhere')", OSError, 'nowhere'),
        ("Trace.load('nowhere', -1)", ValueError, 'from 0, or None, not -1'),
        ("Trace.load('nowhere', 1.5)", ValueError, 'not 1.5'),
        ("Trace().ladder(more='x')", TypeError, "number of segments, not 'x'"),
        ("read_pcap(-1)", TypeError, 'text or a Path, not -1'),
        ("read_pcap(Trace)", TypeError, 'not <class'),
        ("Reading(5)", TypeError, 'text or a Path, not 5'),
        ("Seen.from_ip(0, 'text')", TypeError, "bytes, not 'text'"),
        ("Seen.from_ip(0, None)", TypeError, 'not None'),
        ("clock('1')", ValueError, "seconds, not '1'"),
        ("clock(None)", ValueError, 'seconds, not None'),
        ("clock(nan)", ValueError, 'seconds, not nan'),
        ("stroke((0, 0), (1, 1), 'half', '')", ValueError, "'whole', .* not 'half'"),
        ("stroke((0, 0), (1, 1), 'whole', 'gone')", ValueError, "not 'gone'"),
        ("stroke(0, (1, 1), 'whole', '')", ValueError, r'\(x, y\), not 0'),
        ("Told()", TypeError, MISSING + "'base'"),
        ("Numbers().note(5)", TypeError, 'a Seen is noted, not 5'),
        ("and_more('x')", TypeError, "a number, not 'x'")],
    ip=[
        ("to_ip(segment, '10.0.0.1', 'b')", ValueError, "'b' does not appear"),
        ("to_ip(5, '10.0.0.1', '10.0.0.2')", TypeError, 'a Segment is packed, not 5'),
        ("to_ip(segment, '10.0.0.1', '10.0.0.2', 65536)", ValueError, '0 to 65535, not 65536'),
        ("to_ip(large.seg, '10.0.0.1', '10.0.0.2')", ValueError,
         'room for .* 65515 octets.* not 65516'),
        ("from_ip('text')", TypeError, "bytes, not 'text'"),
        ("from_ip(None)", TypeError, 'not None'),
        ("from_ip(to_ip(segment, '10.0.0.1', '10.0.0.2')[:-1])", ValueError, '39 octets of 40'),
        ("from_ip(b'', size='5')", ValueError, "octets, or None, not '5'"),
        ("to_ip(segment, '10.0.0.1', '10.0.0.2', missing=41)", ValueError, '0 to 40 .* not 41'),
        ("unread('text')", TypeError, "bytes, not 'text'"),
        ("Datagram()", TypeError, MISSING + "'seg'")],
    pcap=[
        ("read(-1)", TypeError, 'text or a Path, not -1'),
        ("read(None)", TypeError, 'not None'),
        ("list(read('.'))", OSError, 'directory|denied'),
        ("list(read('nowhere'))", OSError, 'nowhere'),
        ("list(read(io.StringIO('text')))", TypeError, 'a stream of octets, not of str'),
        ("Frames(5)", TypeError, 'text or a Path, not 5'),
        ("write('x', [(0, b'four', 3)])", ValueError, 'size of 4 to .*, not 3'),
        ("write(-1, [])", TypeError, 'text or a Path, not -1'),
        ("write('x', [(2.**32, b'')])", ValueError, 'times of 0 to 2..32 s, not 4294967296'),
        ("write('x', [(0, 'text')])", TypeError, "bytes, not 'text'"),
        ("Frame()", TypeError, MISSING + "'t'"),
        ("Frame(0., 127, b'', 0).packet", ValueError, r'not read: link type 127 \(IEEE')],
    wire=[
        ("Passage()", TypeError, MISSING + "'t'"),
        ("Passage(0., 'x', 'b', segment, addresses).seen()", ValueError,
         r"one of \['a', 'b'\], not 'x'"),
        ("Waiting()", TypeError, MISSING + "'number'"),
        ("picture('ab', [])", ValueError, 'two hosts .*name, address, state'),
        ("picture([('a', '10.0.0.1', None)], [])", ValueError, 'two hosts'),
        ("picture([('a', '', ''), ('b', '', '')], [5])", ValueError, 'a Waiting for each'),
        ("Wire()", TypeError, MISSING + "'addresses'"),
        ("Wire(5)", TypeError, 'addresses are .* not 5'),
        ("Wire({'a': 5})", TypeError, 'addresses are'),
        ("Wire(addresses).hold(5)", TypeError, 'a Passage .* not 5'),
        ("held().drop(1)", IndexError, 'no segment 1: on the wire wait 0: ACK'),
        ("held().spoil('0')", TypeError, "its number on the wire, 0 or more, not '0'"),
        ("Wire(addresses).take()", IndexError, 'nothing waits on the wire'),
        ("Wire(addresses).since(-1)", ValueError, '0 to 0, not -1'),
        ("Wire(addresses).listed('x')", TypeError, "a number .* not 'x'"),
        ("Wire(addresses).text({'x': 5})", ValueError, r"one of \['a', 'b'\], not 'x'"),
        ("verbs(5)", TypeError, 'a class, not 5')],
    net=[
        ("Step()", TypeError, MISSING + "'t'"),
        ("Link(delay='.05')", ValueError, "delay is 0 to 1e.12 seconds, not '.05'"),
        ("Link(delay=None)", ValueError, 'not None'),
        ("Link(delay=-1)", ValueError, 'not -1'),
        ("Link(jitter=nan)", ValueError, 'jitter is .* not nan'),
        ("Link(loss=30)", ValueError, 'loss is 0 to 1, not 30'),
        ("Link(loss='no')", ValueError, "not 'no'"),
        ("Link(dup=[])", ValueError, r'not \[\]'),
        ("Link(corrupt=nan)", ValueError, 'not nan'),
        ("Link(rate='fast')", ValueError, "octets a second, not 'fast'"),
        ("Link(rate=0)", ValueError, 'rate is 1 to'),
        ("Link(queue=20, rate=1e5)", ValueError, 'queue is 40 .*no segment is smaller.* not 20'),
        ("Link(queue='long', rate=1e5)", ValueError, "not 'long'"),
        ("Link(queue=1000)", ValueError, 'needs a rate'),
        ("Link(lose=None)", ValueError, r'a function f.* as in \(3,\), not None'),
        ("Link(lose=3)", ValueError, 'not 3'),
        ("Link(lose=('3',))", ValueError, 'not .*3'),
        ("Link(lose=(1.5,))", ValueError, 'not .*1.5'),
        ("Link(lose=(0,))", ValueError, 'from 1'),
        ("Link(lose=Link)", ValueError, 'not <class'),
        ("Link(lose=iter([1]))", ValueError, 'not <list_iterator'),
        ("Net(link=.05)", TypeError, MISSING + "'a' and 'b'"),
        ("Net(Idle(), Idle(), link=.05)", TypeError, r'Link\(delay=.05\), not 0.05'),
        ("Net(Idle(), Idle(), link=None)", TypeError, 'link is a Link.* not None'),
        ("Net(Idle(), Idle(), link=Link)", TypeError, 'not <class'),
        ("Net(Idle(), Idle(), back=.05)", TypeError, 'back is a Link.* not 0.05'),
        ("Net(Idle(), Idle(), back=())", TypeError, r'not \(\)'),
        ("Net(Idle, Idle)", TypeError, '`step` and `timer`.* not <class'),
        ("Net(None, Idle())", TypeError, 'not None'),
        ("Net(Idle(), Idle(), Link(delay=1))", ValueError, 'in pairs, not 3'),
        ("Net(Idle(), Link())", TypeError, 'not Link'),
        ("Net(Idle(), Idle(), seed='x')", ValueError, "integer, 0 or more, not 'x'"),
        ("Net(Idle(), Idle(), seed=None)", ValueError, 'not None'),
        ("Net(Idle(), Idle(), seed=nan)", ValueError, 'not nan'),
        ("Net(Idle(), Idle(), seed=-1)", ValueError, 'not -1'),
        ("Net(Idle(), Idle()).call('c', None)", ValueError, "one of 'a', 'b', not 'c'"),
        ("Net(Idle(), Idle()).call([], None)", ValueError, r'not \[\]'),
        ("Net(Idle(), Odd()).call('b', None)", TypeError,
         'the next machine and a tuple of segments'),
        ("Net(*[Idle()]*200).call('x y', None)", ValueError,
         "^a host is one of 'a', 'b', …, 'gr', not 'x y'$"),
        ("Net(Idle(), Idle()).run(until=nan)", ValueError, 'later, not nan'),
        ("Net(Idle(), Idle()).run(until='1')", ValueError, "not '1'"),
        ("Net(Idle(), Idle()).run(until=-1)", ValueError, 'not -1'),
        ("Net(Idle(), Idle()).run(until=inf)", ValueError, 'not inf'),
        ("Net(Idle(), Idle()).run(most=0)", ValueError, 'from 1, not 0'),
        ("Net(Idle(), Idle()).run(most=1e6)", ValueError, 'not 1000000.0'),
        ("Net(Idle(), Idle()).wait('1')", ValueError, "seconds, not '1'"),
        ("Net(Idle(), Idle()).wait(nan)", ValueError, 'not nan'),
        ("Net(Idle(), Idle(), hold=True).deliver(0)", IndexError, 'nothing waits')],
    congestion=[
        ("Reno('1460')", ValueError, "mss is a number from 1 up, not '1460'"),
        ("Reno(0)", ValueError, 'not 0'),
        ("Reno(cwnd=nan)", ValueError, 'cwnd is .* not nan'),
        ("Reno(ssthresh=None)", ValueError, 'not None'),
        ("Reno().on_open(None)", ValueError, 'mss is .* not None'),
        ("Reno().on_ack(0, -1)", ValueError, 'acked is .* not -1'),
        ("Reno().on_loss(0, '1')", ValueError, "flight is .* not '1'"),
        ("Reno().on_timeout(0, nan)", ValueError, 'not nan'),
        ("NewReno(mss=-1)", ValueError, 'mss is .* not -1'),
        ("NewReno().on_open('x')", ValueError, "not 'x'"),
        ("Cubic(w_max='x')", ValueError, "w_max is .* not 'x'"),
        ("Cubic(start='x')", ValueError, "start is .* not 'x'"),
        ("Cubic().on_ack('x', 5)", ValueError, "now is .* not 'x'"),
        ("Cubic().on_ack(0, 5, 'x')", ValueError, "srtt is .* not 'x'"),
        ("Cubic().on_loss(0, None)", ValueError, 'not None')],
    account=[
        ('account([])', ValueError, 'of one connection, and here are none'),
        ("account([seen, Seen(0., A, ('10.0.0.3', 2), segment)])", ValueError, r'2: accounts\(…\)'),
        ('account(5)', TypeError, 'a list of Seen, not of 5'),
        ('accounts(None)', TypeError, 'a list of Seen, not of None'),
        ("accounts(['text'])", TypeError, "of Seen, not of 'text'"),
        ('Accounting().note(segment)', TypeError, 'of Seen, not of Segment'),
        ('Accounting().account(0)', IndexError, '0 connections were noted'),
        ('Account()', TypeError, 'missing 1. required'),
        ('Rest()', TypeError, MISSING),
        ('Span()', TypeError, MISSING)],
    story=[
        ("Finding('gap', 'a gap', None, 1)", TypeError, 'Seen, not of None'),
        ("Finding('gap', 'a gap', seen, 0)", ValueError, 'from 1, so n is not 0'),
        ("Finding(5, 'a gap', seen, 1)", TypeError, 'text, not 5'),
        ("says(None)", TypeError, 'Seen, not of None'),
        ("says(segment)", TypeError, 'not of Segment'),
        ("says(seen, 'a')", TypeError, "a dict, .* not 'a'"),
        ("Finding('gap', 'a gap', seen, 1, -1)", ValueError, '0 s or more, not -1'),
        ("Finding('gap', 'a gap', seen, 1, nan)", ValueError, '0 s or more, not nan'),
        ("Stories('a')", TypeError, "a dict, .* not 'a'"),
        ("Stories().note(segment)", TypeError, 'not of Segment'),
        ("Stories().note(seen, 3)", ValueError, 'has the number 0, not 3'),
        ("Story(5, {})", TypeError, 'not of 5'),
        ("Story(seen, 5)", TypeError, 'a dict, .* not 5'),
        ("stories(None)", TypeError, 'a list of Seen, not None'),
        ("stories(5)", TypeError, 'not 5'),
        ("stories('x.pcap')", TypeError, "not of 'x'"),
        ("stories([5])", TypeError, 'not of 5'),
        ("stories([segment])", TypeError, 'not of Segment'),
        ("stories(Trace)", TypeError, 'not <class'),
        ("stories([seen], 'a')", TypeError, 'a dict'),
        ("stories([seen], [])", TypeError, 'a dict')],
    draw=[
        ("broken(0, (1, 1))", ValueError, r'\(x, y\), not 0'),
        ("halfway((0, 0), 1)", ValueError, 'two ends'),
        ("kinked(0, 0)", ValueError, 'two ends'),
        ("doubled('', (1, 1))", ValueError, "two ends .*not ''"),
        ("line((0, 0))", ValueError, 'two corners'),
        ("line()", ValueError, 'two corners'),
        ("line(0, 1)", ValueError, r'\(x, y\), not 0'),
        ("line((0, nan), (1, 1))", ValueError, 'y is a number, not nan'),
        ("line(('0', 0), (1, 1))", ValueError, "not '0'"),
        ("text('0', 0, 'word')", ValueError, "x is a number, not '0'"),
        ("text(0, None, 'word')", ValueError, 'y is a number, not None'),
        ("text(0, 0, 'word', 'left')", ValueError, "'middle' or 'end', not 'left'"),
        ("box(0, 0, 1, '1')", ValueError, "h is a number, not '1'"),
        ("box(0, 0, -1, 1)", ValueError, '0 or more'),
        ("group(5)", TypeError, r'\(tag, attributes, body\), not 5'),
        ("group(title=5)", TypeError, 'text, not 5'),
        ("arrow((0, 0))", ValueError, 'two corners'),
        ("arrow((0, 0), 1)", ValueError, r'\(x, y\), not 1'),
        ("arrow((0, 0), (inf, 1))", ValueError, 'not inf'),
        ("cross(None, 0)", ValueError, 'x is a number, not None'),
        ("cross(0, 0, 'x')", ValueError, "r is .* not 'x'"),
        ("Picture('a', 'b', 'c', 'd')", TypeError, 'at most 3 arguments'),
        ("svg('1', 1, [], 'a')", ValueError, "w is a number, not '1'"),
        ("svg(0, 1, [], 'a')", ValueError, 'more than 0'),
        ("svg(1, 1, None, 'a')", TypeError, 'shapes are a list, not None'),
        ("svg(1, 1, [5], 'a')", TypeError, r'\(tag, attributes, body\), not 5'),
        ("svg(1, 1, [()], 'a')", TypeError, r'not \(\)'),
        ("svg(1, 1, [], None)", TypeError, 'title is text, not None'),
        ("svg(1, 1, line((0, 0), (1, 1)), 'a')", TypeError, "not 'polyline'"),
        ("Rows(5, ('a',))", TypeError, 'rows are a list of tuples, not 5'),
        ("Rows('ab', ('a',))", TypeError, "rows are a list of tuples, not 'ab'"),
        ("Rows([5], ('a',))", TypeError, 'a row is a tuple, not 5'),
        ("Rows(['ab'], ('a', 'b'))", TypeError, "a row is a tuple, not 'ab'"),
        ("Rows([(1, 2), (1,)], ('a', 'b'))", ValueError,
         r"each of \('a', 'b'\), not \(1,\)"),
        ("Rows([], 'ab')", TypeError, "heads are words, such as .* not 'ab'"),
        ("Rows([], ())", TypeError, r'heads are words, .* not \(\)'),
        ("Rows([(1,)], (1,))", TypeError, r'heads are words, .* not \(1,\)')],
    core=[
        ("get_free_port('nowhere', 'else')", TypeError, 'positional argument'),
        ("SocketState('OPEN')", ValueError, "'OPEN' is no state; the states are CLOSED"),
        ("SocketState.FIN_WAIT", AttributeError, 'FIN_WAIT_1 .* FIN_WAIT_2'),
        ("TCPConnection(state='OPEN')", ValueError, "'OPEN' is no state"),
        ("TCPConnection.connect('127.0.0.1:80')", ValueError,
         r"\(host, port\) .* not '127.0.0.1:80'"),
        ("TCPConnection.connect(('127.0.0.1', '80'))", ValueError, r"not \('127.0.0.1', '80'\)"),
        ("TCPConnection.listen(80)", ValueError, r'\(host, port\) .* not 80'),
        ("TCPConnection().receive(0)", ValueError, '1 or more, not 0'),
        ("TCPConnection().receive_exactly(-1)", ValueError, '0 or more, not -1'),
        ("TCPConnection().send('hello')", TypeError, 'octets can be sent, text cannot'),
        ("TCPConnection().receive()", ConnectionError, 'connection does not exist'),
        ("TCPConnection(5)", (TypeError, ValueError), 'sock is .* not 5'),
        ("TCPConnection(TCPConnection)", (TypeError, ValueError), 'sock is .* not <class'),
        ("get_free_port(None)", (TypeError, ValueError), 'not None'),
        ("get_free_port(5)", (TypeError, ValueError), 'not 5')],
    engine=[
        ("Open()", TypeError, MISSING + "'src'"),
        ("Send()", TypeError, MISSING + "'data'"),
        ("Receive()", TypeError, MISSING + "'n'"),
        ("Close(5)", TypeError, 'positional argument'),
        ("Abort(5)", TypeError, 'positional argument'),
        ("TCB(colour=1)", TypeError, 'colour'),
        ("TCB(mss=0)", ValueError, 'mss is .* not 0'),
        ("TCB(mss=nan)", ValueError, 'mss is .* not nan'),
        ("TCB(buffer=nan)", ValueError, 'buffer is .* not nan'),
        ("TCB().step(0, 'OPEN')", TypeError, "a Segment or None, not 'OPEN'"),
        ("TCB().step(0, Open)", TypeError, 'not <class'),
        ("TCB().step(0, Send(b'hello'))", ConnectionError, 'connection does not exist'),
        ("isn()", TypeError, MISSING + "'src'"),
        ("Machine()", TypeError, 'Protocol'),
        ("Control()", TypeError, 'Protocol'),
        ("TCB(snd_una=5)", ValueError, 'ISS <= SND.UNA .* snd_una 5'),
        ("TCB(rcv_nxt='1')", TypeError, "rcv_nxt is int, not '1'"),
        ("TCB(cc=Reno)", TypeError, 'cc is .* not the class <class'),
        ("TCB(mss='1460')", (TypeError, ValueError), "mss is .* not '1460'"),
        ("TCB(msl=-1)", ValueError, 'msl is .* not -1'),
        ("TCB(rto_min='1')", (TypeError, ValueError), "rto_min is .* not '1'"),
        ("TCB(user_timeout=nan)", ValueError, 'user_timeout is .* not nan'),
        ("TCB(r2=-1)", ValueError, 'r2 is .* not -1'),
        ("Open('80')", (TypeError, ValueError), "port.* not '80'"),
        ("Open(80, '40000')", (TypeError, ValueError), "port.* not '40000'"),
        ("Open(-1)", ValueError, 'port.* not -1'),
        ("Send('hello')", TypeError, "bytes.* not 'hello'")],
    kernel=[
        ("tcp_info()", TypeError, MISSING + "'sock'"),
        ("TcpInfo()", TypeError, 'missing .* required'),
        ("Entry()", TypeError, 'missing .* required'),
        ("Table(5)", TypeError, 'not iterable'),
        ("table(None, None)", TypeError, 'positional argument'),
        ("entry()", TypeError, MISSING + "'local'"),
        ("destroy()", TypeError, MISSING + "'entry'")],
    capture=[
        ("tap()", TypeError, MISSING + "'sock'"),
        ("taken()", TypeError, MISSING + "'sock'"),
        ("Capture('nope0')", OSError, 'nope0')],
    lab=[
        ("Connection()", TypeError, 'missing .* required'),
        ("HeldConnection()", TypeError, 'missing .* required'),
        ("Host()", TypeError, 'missing .* required'),
        ("Lab(mtu=1)", ValueError, 'mtu is .* not 1'),
        ("Lab(rto_min=0)", ValueError, 'rto_min is .* not 0'),
        ("Lab(iss=-1)", ValueError, 'iss is .* not -1'),
        ("Lab(colour=1)", TypeError, 'colour'),
        ("lab.a.run('ls -l')", (TypeError, ValueError), "list.* not 'ls -l'"),
        ("lab.a.run([])", ValueError, 'program'),
        ("lab.a.connect('10.7.0.2:80')", ValueError,
         r"an address is \(host, port\) .* not '10.7.0.2:80'"),
        ("lab.a.connect(('10.7.0.2', '80'))", ValueError,
         r"an address is \(host, port\) .* not \('10.7.0.2', '80'\)"),
        ("lab.b.listen('80')", TypeError, "port .* not '80'"),
        ("lab.b.listen(70000)", ValueError, 'port .* not 70000'),
        ("Lab(mtu='1500')", (TypeError, ValueError), "mtu is .* not '1500'"),
        ("Lab(iss=0)", ValueError, 'iss is .* not 0')],
    graph=[
        ("Course()", TypeError, MISSING + "'src'"),
        ("course([seen], A)", TypeError, 'made of a Trace, not'),
        ("course(Trace([seen]), ('10.0.0.9', 1))", ValueError, r"one of the ends .* not \('10.0.0.9', 1\)"),
        ("time_sequence(Trace())", ValueError, r'one connection, not 0; trace.connections\(\)'),
        ("time_sequence(Trace([seen, large6]))", ValueError, 'one connection, not 2'),
        ("time_sequence(Trace([seen]))", ValueError, 'no octets of data .* by either end'),
        ("time_sequence(Trace([seen]), A)", ValueError, r'no octets of data .* by 10.0.0.1:1'),
        ("time_sequence(Trace([seen]), 5)", ValueError, 'or None, not 5')],
    report=[
        ("Connection()", TypeError, 'missing .* required'),
        ("Report(5)", TypeError, 'not of 5'),
        ("Report([5])", TypeError, 'Seen, not of 5'),
        ("Report([seen]).order(5)", TypeError, 'wanted is a function of a Connection, not 5'),
        ("Report([], -1)", ValueError, 'room is .* from 0, not -1'),
        ("Report([seen]).connection(2)", ValueError, 'connections 1 to 1 in it, not 2'),
        ("Report().connection(1)", ValueError, 'no connections in it'),
        ("table(5)", TypeError, 'connections of a Report, not 5'),
        ("table([5])", TypeError, 'connections of a Report, not 5'),
        ("table([], 'wide')", TypeError, "a number of characters, or None, not 'wide'"),
        ("plain(5)", TypeError, 'connections of a Report, not 5'),
        ("page([5], {}, 'x')", TypeError, 'connections of a Report, not 5')],
    netns=[
        ("unshare()", TypeError, MISSING + "'flags'"),
        ("setns()", TypeError, MISSING + "'fd'"),
        ("mac()", TypeError, MISSING + "'host'"),
        ("Hosts()", TypeError, MISSING + "'hosts'")],
    sockdiag=[
        ("state_name()", TypeError, MISSING + "'number'"),
        ("info_fields()", TypeError, MISSING + "'octets'"),
        ("read_info()", TypeError, MISSING + "'sock'"),
        ("read_state()", TypeError, MISSING + "'sock'"),
        ("open_diag(5)", TypeError, 'positional argument'),
        ("entries()", TypeError, MISSING + "'diag'"),
        ("find()", TypeError, MISSING + "'diag'"),
        ("whole('port', '80', 0, 9)", TypeError, "port is 0 to 9, not '80'"),
        ("seconds('delay', -1)", ValueError, 'delay is 0 to inf seconds, not -1'),
        ("Entry()", TypeError, 'missing .* required'),
        ("readable()", TypeError, MISSING + "'socks'"),
        ("trying()", TypeError, MISSING + "'what'"),
        ("find_cookie()", TypeError, MISSING + "'diag'"),
        ("destroy()", TypeError, MISSING + "'diag'")])
NEEDS = dict(kernel='linux', capture='linux', lab='lab', netns='linux', sockdiag='linux')

def needs(module): return [pytest.mark.needs(NEEDS[module])] if module in NEEDS else []

def rows(table):
    "Of a table, the parameters of a test: module, call, error, words"
    return [pytest.param(module, *row, marks=needs(module), id=f'{module}: {row[0]}')
        for module,calls in table.items() for row in calls]

@pytest.fixture(scope='module')
def lab():
    from python_tcp.lab import Lab
    with Lab() as lab: yield lab

@pytest.fixture
def call(request, tmp_path, monkeypatch):
    "Does what a text says, with the names of a module and what stands above, in an empty folder"
    monkeypatch.chdir(tmp_path)
    def call(module, text):
        names = {**globals(), **vars(importlib.import_module(f'python_tcp.{module}'))}
        if module == 'engine': names['Reno'] = importlib.import_module('python_tcp.congestion').Reno
        if 'lab.' in text: names['lab'] = request.getfixturevalue('lab')
        return eval(text, names)
    return call

@pytest.mark.parametrize('module,text,error,words', rows(CALLS))
def test_a_wrong_call_says_what_would_be_right(call, module, text, error, words):
    with pytest.raises(error, match=words): call(module, text)
    assert [*Path().iterdir()] == []                     # no file was begun

@pytest.mark.parametrize('module,text', [
    ('segment', 'Segment(1, 2, 3, 4, 16, 5, sack=large)'),
    ('segment', 'Segment(large, 2, 3, 4, 16, 5)'),
    ('segment', 'pack(large, "10.0.0.1", "10.0.0.2")'),
    ('segment', 'Seq(large)'), ('segment', 'Flags(large)'),
    ('states', 'Diagram(large)'),
    ('trace', 'Seen(0, A, B, large)'), ('trace', 'Seen(0, large, B, segment)'),
    ('trace', 'Trace(large)'), ('trace', 'Trace([], large)'),
    ('net', 'Net(large, large)'), ('net', 'Link(lose=large)'),
    ('story', 'stories(large)'), ('story', 'says(large)'),
    ('draw', 'group(large)'), ('draw', 'line(large, large)')])
def test_a_large_value_does_not_fill_the_screen(module, text):
    names = {**globals(), **vars(importlib.import_module(f'python_tcp.{module}'))}
    for value in ['x']*10_000, bytes(10_000), {str(i): i for i in range(10_000)}:
        with pytest.raises((ValueError, TypeError)) as e: eval(text, names | {'large': value})
        assert len(str(e.value)) < 400

MODULES = [m.name for m in pkgutil.iter_modules(python_tcp.__path__) if m.name not in ('_modidx', '__main__')]

@pytest.mark.parametrize('module', [pytest.param(module, marks=needs(module)) for module in MODULES])
def test_every_public_name_that_can_be_called_has_a_row(module):
    there = importlib.import_module(f'python_tcp.{module}')
    can_be_called = {name for name in there.__all__ if callable(getattr(there, name))}
    tried = {node.id for row in CALLS[module] for node in ast.walk(ast.parse(row[0])) if isinstance(node, ast.Name)}
    assert can_be_called - tried == set()

def test_the_names_of_the_package_are_those_of_its_modules():
    assert {module for module in python_tcp._home.values()} <= {*CALLS} == {*MODULES}
    with pytest.raises(AttributeError, match="no attribute 'nope'; it has .*Segment"): python_tcp.nope

# Every argument, whatever is given for it

WRONG = None,5,'text','é',nan,inf,-1,1.5,[],[1],(),(1, 2),{},True,b'x',int,Idle,2**40
numbers = 5,-1,1.5,True,2**40
positive = 5,1.5,True,2**40
fields = 'src dst seq ack flags window data'.split()
right = dict(src='1', dst='2', seq='3', ack='4', flags='16', window='5', data="b''")
takes = dict(
    src=(5, True), dst=(5, True),
    seq=(5, -1, True, 2**40), ack=(5, -1, True, 2**40),
    flags=(5, True), window=(5, True), data=(b'x',))

def with_field(name): return f"Segment({', '.join('x' if f == name else right[f] for f in fields)})"
def with_option(name, value='x'): return f'Segment(1, 2, 3, 4, 16, 5, {name}={value})'

# the call, with `x` for what is tried -> which of `WRONG` it may take
ARGUMENTS = {
    **{f'segment: {with_field(name)}': takes[name] for name in fields},
    f"segment: {with_option('mss')}": (None, 5, True),
    f"segment: {with_option('wscale')}": (None, 5, True),
    f"segment: {with_option('sack_ok')}": (True,),
    f"segment: {with_option('sack')}": ([], (), {}),
    f"segment: {with_option('ts')}": (None, (1, 2)),
    f"segment: {with_option('other')}": ([], (), {}),
    f"segment: {with_option('sack', '[x]')}": ((1, 2),),
    f"segment: {with_option('sack', '[(x, 1)]')}": (5, -1, True, 2**40),
    f"segment: {with_option('ts', '(1, x)')}": (5, True),
    f"segment: {with_option('other', '[x]')}": (),
    f"segment: {with_option('other', '[(x, bytes())]')}": (),
    f"segment: {with_option('other', '[(9, x)]')}": (b'x',),
    'segment: Seq(x)': (5, -1, True, 2**40),
    'segment: Seq(1) + x': (5, -1, True, 2**40),
    'segment: Seq(1) - x': (5, -1, True, 2**40),
    'segment: Seq(1) < x': (5, -1, True, 2**40),
    'segment: Seq(1) >= x': (5, -1, True, 2**40),
    'segment: Seq(1) > x': (5, -1, True, 2**40),
    'segment: Seq(1) <= x': (5, -1, True, 2**40),
    'segment: Flags(x)': (5, True),
    'segment: Flags.SYN | x': (5, True),
    'segment: Flags.SYN ^ x': (5, True),
    'segment: Flags.SYN & x': (5, -1, True, 2**40),
    'segment: unwrap(x, 5)': (5, -1, True, 2**40),
    'segment: unwrap(5, x)': (5, -1, True, 2**40),
    'segment: checksum(x)': ([], [1], (), (1, 2), {}, b'x'),
    "segment: checksum(b'ab', x)": (5, -1, True, 2**40),
    "segment: pack(x, '10.0.0.1', '10.0.0.2')": (),
    "segment: parse(x, '10.0.0.1', '10.0.0.2')": (),
    "states: after(x, 'SEND')": (),
    "states: after('CLOSED', x)": (),
    "states: Transition(x, 'SEND', '', 'CLOSED')": (),
    "states: Transition('CLOSED', x, '', 'CLOSED')": (),
    "states: Transition('CLOSED', 'SEND', '', x)": (),
    'states: Diagram(x)': (None, [], (), {}),
    'states: Diagram([x])': (),
    "states: Diagram({'a': x})": ([], (), {}),
    "states: Diagram({'a': [x]})": (),
    'trace: Seen(x, A, B, segment)': numbers,
    'trace: Seen(0, x, B, segment)': (),
    'trace: Seen(0, A, x, segment)': (),
    'trace: Seen(0, (x, 1), B, segment)': ('text', 'é'),
    "trace: Seen(0, A, ('b', x), segment)": (5, True),
    'trace: Seen(0, A, B, x)': (),
    'trace: Seen(0, A, B, segment, x)': (None, *numbers),
    'trace: Seen(0, A, B, segment, 1, x)': (),
    "trace: Seen(0, A, B, segment, 1, '', x)": (None,),
    "trace: Seen(0, A, B, segment, 1, '', (x, None))": (None, 'text', 'é'),
    'trace: Seen(0, A, B, segment, frame=x)': (None, 5, True, 2**40),
    'trace: Seen(0, A, B, segment, ident=x)': (None, 0, 5, True, False),
    'trace: Seen(0, A, B, segment, missing=x)': (0, 5, True, False),
    'trace: Trace(x)': ([], (), {}),
    'trace: Trace([x])': (),
    'trace: Trace([], x)': (None, {}),
    'trace: Trace().append(x)': (),
    'trace: Trace().extend(x)': ([], (), {}),
    'trace: Trace([seen]).insert(0, x)': (),
    'trace: Trace([seen]).__setitem__(0, x)': (),
    'trace: Trace() + x': ([], (), {}),
    'trace: Trace().ladder(more=x)': (5, -1, True, 2**40),
    'trace: Seen.from_ip(0, x)': (b'x',),
    'ip: from_ip(x)': (b'x',),
    "ip: to_ip(x, '10.0.0.1', '10.0.0.2')": (),
    "ip: to_ip(segment, '10.0.0.1', '10.0.0.2', x)": (None, 5, True),
    "ip: to_ip(segment, '10.0.0.1', '10.0.0.2', missing=x)": (5, True),
    'ip: from_ip(bytes(), size=x)': (None, 5, True, 2**40),
    'ip: unread(x)': (b'x',),
    'pcap: Frame(0., x, bytes(), 0).packet': (True,),
    "pcap: write('/dev/null', [(0, x)])": (b'x',),
    "pcap: write('/dev/null', [(0, bytes(), x)])": (None, 5, True),
    'trace: clock(x)': (*numbers, inf),
    "trace: stroke((0, 0), (1, 1), x, '')": (),
    "trace: stroke((0, 0), (1, 1), 'whole', x)": (),
    "trace: stroke(x, (1, 1), 'whole', '')": ((1, 2),),
    'graph: course(x)': (),
    'graph: course(Trace([large]), x)': (None,),
    'graph: time_sequence(x)': (),
    'graph: time_sequence(Trace([large]), x)': (None,),
    'wire: picture(x, [])': (),
    "wire: picture([('a', '', ''), ('b', '', '')], x)": ([], ()),
    'wire: Wire(x)': ({},),
    'wire: Wire(addresses).hold(x)': (),
    'wire: Wire(addresses).since(x)': (),
    'wire: Wire(addresses).listed(x)': (None, 5, True, 2**40),
    'net: Link(delay=x)': (5, 1.5, True),
    'net: Link(jitter=x)': (5, 1.5, True),
    'net: Link(loss=x)': (True,),
    'net: Link(dup=x)': (True,),
    'net: Link(corrupt=x)': (True,),
    'net: Link(rate=x)': (None, 5, 1.5, True),
    'net: Link(rate=1e5, queue=x)': (None,),
    'net: Link(lose=x)': ([], [1], (), (1, 2)),
    'net: Link(lose=(x,))': (5, True, 2**40),
    'net: Net(x, Idle())': (),
    'net: Net(Idle(), Idle(), x, Idle())': (),
    'net: Net(Idle(), Idle(), link=x)': (),
    'net: Net(Idle(), Idle(), back=x)': (None,),
    'net: Net(Idle(), Idle(), keep=x)': (),
    'net: Net(Idle(), Idle(), watch=x)': (None,),
    'net: Net(Idle(), Idle(), seed=x)': (5, True, 2**40),
    'net: Net(Idle(), Idle()).call(x, None)': (),
    'net: Net(Idle(), Idle()).run(x)': (None, 5, 1.5, True, 2**40),
    'net: Net(Idle(), Idle()).run(most=x)': (5, True, 2**40),
    'congestion: Reno(x)': positive,
    'congestion: Reno(cwnd=x)': positive,
    'congestion: Reno(ssthresh=x)': positive,
    'congestion: NewReno(earned=x)': positive,
    'congestion: Cubic(w_max=x)': positive,
    'congestion: Cubic(start=x)': (None, *positive),
    'congestion: Cubic(k=x)': positive,
    'congestion: Reno().on_open(x)': positive,
    'congestion: Reno().on_ack(x, 5)': positive,
    'congestion: Reno().on_ack(0, x)': positive,
    'congestion: Cubic().on_ack(0, 5, x)': (None, *positive),
    'congestion: Reno().on_loss(0, x)': positive,
    'congestion: Cubic().on_timeout(0, x)': positive,
    'story: stories(x)': ([], (), {}),
    'story: stories([x])': (),
    'story: stories([seen], x)': (None, {}),
    'story: says(x)': (),
    'story: says(seen, x)': ({},),
    'story: Story(x, {})': (),
    'story: Story(seen, x)': ({},),
    "story: Finding('a', 'b', x, 1)": (),
    "story: Finding('a', 'b', seen, x)": (5, True, 2**40),
    "story: Finding(x, 'b', seen, 1)": ('text', 'é'),
    'account: accounts(x)': ([], (), {}),
    'account: accounts([x])': (),
    'account: Accounting().note(x)': (),
    'draw: line(x, (1, 1))': ((1, 2),),
    'draw: line((x, 0), (1, 1))': numbers,
    "draw: text(x, 0, 'a')": numbers,
    "draw: text(0, 0, 'a', x)": (),
    'draw: box(x, 0, 1, 1)': numbers,
    'draw: box(0, 0, x, 1)': positive,
    'draw: group(x)': (),
    'draw: group(title=x)': ('text', 'é'),
    'draw: arrow(x, (1, 1))': ((1, 2),),
    'draw: cross(0, x)': numbers,
    "draw: svg(x, 1, [], 'a')": positive,
    "draw: svg(1, 1, x, 'a')": ([], (), {}),
    "draw: svg(1, 1, [x], 'a')": (),
    'draw: svg(1, 1, [], x)': ('text', 'é'),
    "draw: Rows(x, ('a',))": ([], (), {}),
    "draw: Rows([x], ('a',))": ([1],),
    'draw: Rows([], x)': ()}

def own_words(e):
    "Was `e` raised by a line of ours that says `raise`, and not by what that line tripped over?"
    last = traceback.extract_tb(e.__traceback__)[-1]
    return Path(last.filename).parent == Path(python_tcp.__file__).parent and 'raise ' in last.line

def shown(x, said):
    "Does a message show `x`, what is wrong within it, of which type it is, or of how many octets?"
    within = x if isinstance(x, (str, bytes, list, tuple, dict)) else ()
    words = repr(x),type(x).__name__,*map(repr, within),*([str(len(x))] if isinstance(x, bytes) else [])
    return any(word in said for word in words)

@pytest.mark.parametrize('where', ARGUMENTS)
def test_whatever_is_given_for_an_argument_is_taken_or_refused_in_words(where):
    module,text = where.split(': ', 1)
    names = {**globals(), **vars(importlib.import_module(f'python_tcp.{module}'))}
    taken,mute = [],[]
    for x in WRONG:
        try: eval(text, names | {'x': x})
        except (ValueError, TypeError) as e: mute += [] if own_words(e) and shown(x, str(e)) else [(x, e)]
        else: taken.append(x)
    def may_be(x): return any(x is y or type(x) is type(y) and x == y for y in ARGUMENTS[where])
    assert mute == [] and taken == [x for x in WRONG if may_be(x)]
