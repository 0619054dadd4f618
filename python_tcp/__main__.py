"The life of one connection, or what a capture tells, in the terminal: python -m python_tcp"
import argparse, gc, io, json, os, shutil, sys, textwrap, time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from python_tcp.core import TCPConnection
from python_tcp.graph import time_sequence
from python_tcp.kernel import TcpInfo, tcp_info
from python_tcp.lab import Lab
from python_tcp.report import HEADS, Connection, Report, page, plain, table
from python_tcp.segment import Flags
from python_tcp.story import says, stories
from python_tcp.trace import Connections, Seen, Trace, clock, read_pcap

class Unsaid(Exception):
    "That the standard output took no more; its argument is the `OSError`"

def say(*words:object, sep:str=' ', flush:bool=False)->None:
    "`print`, whose troubles are told from those of what is told"
    try: print(*words, sep=sep, flush=flush)
    except OSError as e: raise Unsaid(e) from None

def talk(one:TCPConnection, two:TCPConnection, run:Callable[[], object], line:str)->str:
    "What the other end gets of a line"
    one.send(line.encode())
    run()
    return two.receive_exactly(len(line)).decode()

Moment = tuple[str, TCPConnection|None, TCPConnection] # what was called, then a, and b

def life(
    listen:Callable[[], TCPConnection],       # b's call
    connect:Callable[..., TCPConnection],     # a's call, with the address of b
    run:Callable[[], object]=lambda: None,    # what lets them hear
)->Iterator[Moment]:
    "The calls of one connection, and its ends after each of them"
    with listen() as server:
        yield 'b.listen()', None, server
        a = connect(server.local_address)
        run()
        b = server.accept()
        yield 'a.connect(b), b.accept()', a, b
        yield f'a.send, b.receive: {talk(a, b, run, "hello, is this thing on?")}', a, b
        yield f'b.send, a.receive: {talk(b, a, run, "yes: I can read you.")}', a, b
        a.shutdown()
        run()
        yield f'a.shutdown(), b.receive() -> {b.receive()!r}', a, b
        yield f'b.send, a.receive: {talk(b, a, run, "you are leaving? farewell, then.")}', a, b
        b.close()
        run()
        yield f'b.close(), a.receive() -> {a.receive()!r}', a, b
        a.close()

def tell(lab:Lab)->None:
    "The ladder in text, a sentence to each segment, what they tell, and what was measured"
    steps = life(lambda: lab.b.listen(80), lab.a.connect, lab.run)
    infos = [tcp_info(a) for _,a,_ in steps if a]
    trace = lab.trace
    say('Two hosts, a and b, each with the TCP of this Linux kernel, and a wire between them.')
    say('The states beside each segment are what the two kernels said right after it arrived.\n')
    say(f'{"a":<13}{"":^44}b')
    for line,row in zip(trace.text().splitlines(), trace.rows()):
        say(f'{line}\n{"":13}{says(row[-1], trace.names)}')
    say('\nWhat they tell, and which of them:\n', *stories(trace), sep='\n')
    tell_measured(infos[2]) # after the first exchange

def tell_measured(info:TcpInfo)->None:
    "What the kernel of a measured, and what follows from that"
    round_trip = 1e3*(info.srtt or 0.)
    say('\nAfter the first exchange the kernel of a had measured a round trip of '
        f'{round_trip:.2f} ms (this program held every')
    say(f'segment for a part of that), and would send again after {info.rto:.0f} s. '
        f'It might have {info.cwnd} octets in flight')
    say(f'(cwnd), in segments of {info.mss}; b had room for {info.snd_wnd} (its window).')

ROWS = 20 # of the table, where nobody asked for all

class Progress:
    "How far the reading of a file is, on a terminal's stderr, once it takes longer than a second"
    def __init__(self, file:BinaryIO, size:int):
        self.file,self.size = file,size
        self.due = time.monotonic() + 1
        self.told = False

    def note(self, segments:int)->None:
        "Say it, twice a second at most"
        if time.monotonic() < self.due or not sys.stderr.isatty(): return
        share = f', {self.file.tell()/self.size:.0%}' if self.size else ''
        print(f'\r{segments:,} segments{share} ', end='', file=sys.stderr, flush=True)
        self.due = time.monotonic() + .5
        self.told = True

    def end(self)->None:
        "Take it away"
        if self.told: print('\r' + ' '*40 + '\r', end='', file=sys.stderr, flush=True)

def read(
    path:str,            # a file's name, or `-`: the standard input
    problems:list[str],  # takes what could not be read
    notes:list[str],     # takes what to know of what was read
)->Iterator[Seen]:
    "The segments of a capture, as far as it can be read"
    try: file = sys.stdin.buffer if path == '-' else open(path, 'rb')
    except OSError as e: return problems.append(f'{path}: {e.strerror}')
    with file:
        try: yield from followed(path, file, problems, notes)
        except OSError as e: problems.append(f'{path}: {e.strerror}')
        except ValueError as e: problems.append(f'{path}: {e}')

def followed(path:str, file:BinaryIO, problems:list[str], notes:list[str])->Iterator[Seen]:
    "The same of an open file, with the progress of it"
    reading = read_pcap(file)
    progress = Progress(file, 0 if path == '-' else os.fstat(file.fileno()).st_size)
    try:
        for seen in reading:
            yield seen
            progress.note(reading.segments)
    finally:
        progress.end()
        notes += reading.notes
        problems += [f'{path}: {problem}' for problem in reading.problems]

def passing(interface:str, problems:list[str])->Iterator[Seen]:
    "The segments that pass an interface, until Ctrl-C"
    from python_tcp.capture import Capture
    try:
        with Capture(interface) as capture: yield from capture
    except OSError as e: problems.append(e.strerror or f'{interface}: {e}')

def watched(report:Report, records:Iterable[Seen])->None:
    "Take in the records as they come, and say a line as each connection ends"
    said:set[int] = set()
    for seen,number in report.noted(records):
        if number in said or not seen.seg.flags & (Flags.FIN|Flags.RST): continue
        account = report.connection(number).account
        if account.ended not in ('closed', 'reset', 'refused'): continue
        said.add(number)
        say(str(account).splitlines()[0], flush=True)

def wanted(c:Connection, args:argparse.Namespace)->bool:
    "Was it asked for?"
    hosts,ports = zip(*c.ends)
    return ((args.host is None or args.host in hosts) and (args.port is None or args.port in ports)
            and (c.in_trouble or not args.trouble))

def chosen(report:Report, args:argparse.Namespace)->list[int]:
    "The numbers of those that were asked for, the worst first"
    if args.connection is None or not len(report): return report.order(lambda c: wanted(c, args))
    return [report.connection(args.connection).number]

def tells_many(args:argparse.Namespace)->bool:
    "Is more than one connection to be told?"
    return bool(args.json or args.all or args.host or args.port or args.trouble)

def told(numbers:list[int], args:argparse.Namespace)->list[int]:
    "Those of which more is told than a row: all that were asked for, or else the worst"
    return numbers if tells_many(args) or args.connection else numbers[:1]

def tell_table(report:Report, numbers:list[int], args:argparse.Namespace)->None:
    "A row for each, the worst first; a screenful where nobody asked for all"
    rows = numbers if args.all else numbers[:ROWS]
    shown = table(map(report.connection, rows), room())
    say(shown)
    spared = [head for head in HEADS if head not in shown.heads]
    if spared: say(folded(f'(This terminal is too narrow for: {"; ".join(spared)}.)'))
    more = len(numbers) - len(rows)
    if more: say(f'... and {more} more (--all has them all)')
    say()

def room()->int|None:
    "How many characters a line of the terminal has; None where the output goes elsewhere"
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None

def folded(line:str)->str:
    "A line, as several where the terminal is too narrow for it"
    width = room()
    if width is None or len(line) <= width: return line
    below = 20 if line.startswith(' ') else 4 # behind the number and the time of a row
    return textwrap.fill(line, max(width, 40), subsequent_indent=' '*below,
                         break_long_words=False, break_on_hyphens=False)

def whole(c:Connection, args:argparse.Namespace)->Connection:
    "The same from the file, read once more, where there were too many to keep what is told of each"
    if passes_once(args) or c.story.numbers: return c
    return replace(Report(segments(args.file, [c])[c.number]).connection(1), number=c.number)

def tell_connection(c:Connection)->None:
    "One connection: where its time went, what happened, and its first segments"
    for line in str(c).splitlines(): say(folded(line))
    say()
    trace = c.story.trace # the first of them
    number = {id(r): n for r,n in zip(trace, c.story.numbers)}
    for line,row in zip(trace.text().splitlines(), trace.rows()):
        say(numbered(line, row[-1], number, c.account.start))
    if c.story.count > len(trace): say(f'{"":20}... and {c.story.count - len(trace)} more')
    say()

def numbered(line:str, seen:Seen, number:dict[int, int], start:float)->str:
    "A line of a ladder, with the number of its segment and its time"
    n = seen.frame or number[id(seen)]
    return f'{n:>9} {clock(seen.t - start):>8}  {line[13:].rstrip(" ?")}'

def asked(c:Connection, args:argparse.Namespace)->bool:
    "Is it the one that was asked for, or one of those?"
    return wanted(c, args) if args.connection is None else c.number == args.connection

def say_objects(
    connections:Iterable[Connection], args:argparse.Namespace, said:list[int]
)->None:
    "A line of JSON for each that was asked for; its number goes into `said`"
    for c in connections:
        if not asked(c, args): continue
        say(json.dumps(plain(c)))
        said.append(c.number)

def found(
    report:Report, args:argparse.Namespace, said:list[int], notes:list[str]
)->list[int]:
    "The numbers of those that were asked for; of JSON, what is left of it is said first"
    if not args.json: return chosen(report, args)
    say_objects(report, args, said)
    if args.connection is not None and len(report) and not said:
        report.connection(args.connection) # says what there is
    if report.late: notes.append(f'{report.late} segments came long after the end of their '
                                 'connection, and are in no line')
    return said

def take(
    report:Report, records:Iterable[Seen], args:argparse.Namespace, said:list[int]
)->None:
    "Take in the records until they end, or until Ctrl-C"
    several = 1 if passes_once(args) else 64
    gc.disable() # it would look at 50,000 connections again and again, a fifth of the time
    try:
        if args.json: say_objects(report.ending(records, several), args, said)
        elif passes_once(args): watched(report, records)
        else: report.take(records)
    except KeyboardInterrupt: # what has come is told
        if not args.json: say()

def tell_capture(
    records:Iterable[Seen],  # as they come
    args:argparse.Namespace, # what was asked for
    problems:list[str],      # what could not be read, once all records have come
    notes:list[str],         # what to know of those that were
)->None:
    "What a capture tells; where it, or a part of it, cannot be told, that is said at last"
    room = 10**9 if tells_many(args) else None # else some is read again
    report = Report(room=room, ladders=not args.json)
    said:list[int] = [] # numbers of those that are told already
    take(report, records, args, said)
    try: numbers = found(report, args, said, notes)
    except ValueError as e: sys.exit('\n'.join([*problems, f'{args.live or args.file}: {e}']))
    if not numbers and not problems: problems.append(nothing(report, args))
    if numbers: tell_found(report, numbers, args, notes)
    if numbers: draw(report, numbers, args, problems)
    if problems: sys.exit('\n'.join(problems))

def tell_found(
    report:Report, numbers:list[int], args:argparse.Namespace, notes:list[str]
)->None:
    "The table, what to know of the capture, and the stories that were asked for"
    if args.json:
        for note in notes: print(f'Note: {note}.', file=sys.stderr)
        return
    tell_table(report, numbers, args)
    for note in notes: say(f'Note: {note}.')
    for number in told(numbers, args): tell_connection(whole(report.connection(number), args))

def nothing(report:Report, args:argparse.Namespace)->str:
    "Why there is no connection to tell"
    where = args.live or args.file
    if len(report): return f'{where}: no connection in it is such; it has {len(report)}'
    return f'{where}: there is no TCP in it'

def segments(path:str, found:Iterable[Connection])->dict[int, Trace]:
    "All segments of some connections, by their numbers, from the file that they were read from"
    left = {c.number: c.story.count for c in found}
    traces = {number: Trace() for number in left}
    connections = Connections()
    for seen in read_pcap(path):
        number = connections.note(seen)[0] + 1
        if number not in traces: continue
        traces[number].append(seen)
        left[number] -= 1
        if not any(left.values()): break
    return traces

def draw(
    report:Report, numbers:list[int], args:argparse.Namespace, problems:list[str]
)->None:
    "The pictures that were asked for, each into its file"
    if not (args.svg or args.graph or args.html): return
    if args.json: report = Report(read_pcap(args.file)) # the first has told what it knew
    if args.svg or args.graph:
        first = segments(args.file, [report.connection(numbers[0])])[numbers[0]]
        if args.svg: write(args.svg, first.ladder, problems)
        if args.graph: write(args.graph, lambda: time_sequence(first), problems)
    if args.html: write(args.html, lambda: whole_page(report, numbers, args), problems)

def write(name:str, made:Callable[[], str], problems:list[str])->None:
    "What is made, into a file; where that cannot be, why, into `problems`"
    try: Path(name).write_text(made(), 'utf-8')
    except OSError as e: problems.append(f'{name}: {e.strerror}')
    except ValueError as e: problems.append(f'{name}: {e}')

def whole_page(report:Report, numbers:list[int], args:argparse.Namespace)->str:
    "Table, stories and pictures of what a file holds"
    found = [whole(report.connection(number), args) for number in numbers[:ROWS]]
    found += map(report.connection, numbers[ROWS:] if args.all else ())
    shown = {*told(numbers, args)[:ROWS]}
    records = segments(args.file, [c for c in found if c.number in shown])
    return page(found, records, Path(args.file).name)

def tell_around(args:argparse.Namespace)->None:
    "The ladder around one frame of a file"
    problems:list[str] = []
    trace = Trace(read(args.file, problems, []))
    try: near = trace.around(args.around)
    except ValueError as e: sys.exit('\n'.join([*problems, f'{args.file}: {e}']))
    for line,row in zip(near.text().splitlines(), near.rows()):
        say(numbered(line, row[-1], {}, near[0].t))
    if args.svg: write(args.svg, near.ladder, problems)
    if problems: sys.exit('\n'.join(problems))

def state(conn:TCPConnection)->str:
    "What the system says of `conn`, or ? where it does not say"
    try: return conn.observe().replace('_', '-')
    except NotImplementedError: return '?'

def tell_loopback(
    reason:str, # why there is no lab
)->None:
    "The same without a lab: what was called, and the states that the system gives"
    say(f'{reason[0].upper()}{reason[1:]}\n')
    say('So this is a connection over loopback: '
        'its segments pass by themselves, and nobody sees them.')
    say('The states are what this system said after each call, ? where it says nothing.\n')
    say(f'{"a":<13}{"b":<13}what was called')
    for called,a,b in life(TCPConnection.listen, TCPConnection.connect):
        say(f'{state(a) if a else "":<13}{state(b):<13}{called}')

def choices(parser:argparse.ArgumentParser)->None:
    "Which of a capture's connections"
    chosen = parser.add_argument_group('which connections')
    chosen.add_argument('--connection', type=int, metavar='N', help='only the Nth of them')
    chosen.add_argument('--all', action='store_true', help='all, each with its story')
    chosen.add_argument('--host', type=host, metavar='HOST',
                        help='those with this address at one end')
    chosen.add_argument('--port', type=int, metavar='PORT', help='those with this port at one end')
    chosen.add_argument('--trouble', action='store_true',
                        help='those that failed, or waited for what can be mended')

def products(parser:argparse.ArgumentParser)->None:
    "What is made of them"
    made = parser.add_argument_group('what is made of them')
    made.add_argument('--json', action='store_true', help='an object a line, for other programs, '
                      'in the order in which they end; what to know of the file goes to stderr')
    made.add_argument('--around', type=int, metavar='FRAME', help='the ladder around this frame')
    made.add_argument('--svg', metavar='PICTURE', help='draw the ladder of the first that is told')
    made.add_argument('--graph', metavar='PICTURE',
                      help='draw its octets over time, with the window and what was sent again')
    made.add_argument('--html', metavar='PAGE', help='write all that as one page, with pictures')

def arguments()->argparse.Namespace:
    "What was asked for"
    parser = argparse.ArgumentParser(prog='python -m python_tcp', description=
        'Tells the life of one TCP connection between two Linux kernels, segment by segment; '
        'where there can be no lab (it needs Linux, and no privilege), over loopback. '
        'With FILE, what a capture tells: a table of its connections, the worst first, '
        'what held each back most, and the story of the worst.')
    parser.add_argument('file', nargs='?', metavar='FILE',
                        help='a capture, pcap or pcapng; - is the standard input')
    parser.add_argument('--live', metavar='IFACE', help='instead of FILE, what passes this '
                        'interface until Ctrl-C; needs root, or the right CAP_NET_RAW')
    choices(parser)
    products(parser)
    try: args = parser.parse_args()
    except OSError as e: raise Unsaid(e) from None # it printed its help
    check(parser, args)
    return args

def passes_once(args:argparse.Namespace)->bool:
    "Is it gone once it was read, as what comes from a pipe?"
    return bool(args.live or args.file == '-' or args.file and Path(args.file).is_fifo())

def host(words:str)->str:
    "An address as a capture has it, whichever way it is written"
    from ipaddress import ip_address
    try: return str(ip_address(words.strip('[]')))
    except ValueError: return words

def given(args:argparse.Namespace)->list[str]:
    "The names of what was asked for"
    return [name for name,value in vars(args).items() if value is not None and value is not False]

def check(parser:argparse.ArgumentParser, args:argparse.Namespace)->None:
    "Refuse what does not go together"
    if args.file is not None and args.live: parser.error('FILE or --live IFACE, not both')
    if args.file is None and not args.live and given(args):
        parser.error(f'--{given(args)[0]} needs FILE')
    if args.around is not None: return check_around(parser, args)
    twice = [name for name in given(args) if name in ('svg', 'graph', 'html')]
    if twice and passes_once(args):
        parser.error(f'--{twice[0]} reads FILE twice, so it takes a file: save the capture first')

def check_around(parser:argparse.ArgumentParser, args:argparse.Namespace)->None:
    "The same where a ladder around a frame is asked for"
    if {*given(args)} - {'around', 'file', 'svg'}:
        parser.error('--around goes with FILE and --svg, and with nothing else')

def main()->None:
    "What a capture tells; or a connection in a lab, or over loopback where there can be no lab"
    args = arguments()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors='replace') # µ, where the encoding has none
    problems:list[str] = []
    notes:list[str] = []
    if args.around is not None: return tell_around(args)
    if args.live: return tell_capture(passing(args.live, problems), args, problems, notes)
    if args.file is not None:
        return tell_capture(read(args.file, problems, notes), args, problems, notes)
    try: lab = Lab()
    except RuntimeError as e: return tell_loopback(str(e))
    with lab: tell(lab)

def end(error:OSError)->None:
    "End, since the standard output takes no more; a reader who has seen enough needs no word"
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()) # Python flushes once more
    if not isinstance(error, BrokenPipeError): sys.exit(f'standard output: {error.strerror}')

if __name__ == '__main__':
    if sys.stdout is None: sys.exit('standard output: it is closed')
    try: main()
    except Unsaid as e: end(e.args[0])
    except KeyboardInterrupt: sys.exit(130) # as the shell has it
    finally:
        try: sys.stdout.flush()
        except OSError as e: end(e)
