"The life of one connection, or of those in a file, told in the terminal: python -m python_tcp"
import argparse, io, os, sys
from collections.abc import Callable, Iterator
from pathlib import Path

from python_tcp.core import TCPConnection
from python_tcp.kernel import TcpInfo, tcp_info
from python_tcp.lab import Lab
from python_tcp.story import Story, says, stories
from python_tcp.trace import SHOWN, Seen, clock, read_pcap

class Unsaid(Exception):
    "That the standard output took no more; its argument is the `OSError`"

def say(*words:object, sep:str=' ')->None:
    "`print`, whose troubles are told from those of what is told"
    try: print(*words, sep=sep)
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

def heard(path:str, problems:list[str])->Iterator[Seen]:
    "The segments in a file, as far as it can be read; then what is wrong with it, into `problems`"
    reading = read_pcap(path)
    try: yield from reading
    except OSError as e: problems.append(f'{path}: {e.strerror}')
    except ValueError as e: problems.append(f'{path}: {e}')
    problems += [f'{path}: {line}' for line in reading.problems]

def show(
    i:int,       # its number in the file
    story:Story, # what it tells
)->None:
    "One connection: its ladder, each segment with its number and its time, and what they tell"
    trace = story.trace
    ends = ' (left) and '.join(map(str, story.ends.values()))
    say(f'Connection {i}: {ends}, {story.count} segments\n')
    number = {id(r): n for r,n in zip(trace, story.numbers)}
    for line,row in zip(trace.text().splitlines(), trace.rows()):
        r = row[-1]
        say(f'{number[id(r)]:>9} {clock(r.t - trace[0].t):>8}  {line[13:].rstrip(" ?")}')
    if story.count > SHOWN: say(f'{"":20}... and {story.count - SHOWN} more')
    say(f'\n{story}\n')

def tell_file(
    path:str,         # the capture
    which:int|None,   # the number of the only connection to tell, or `None` for all
    picture:str|None, # where to draw the first that is told, or `None`
)->None:
    "What a capture file tells; where it, or a part of it, cannot be told, that is said at last"
    problems:list[str] = []
    found = stories(heard(path, problems))
    chosen = [(i, story) for i,story in enumerate(found, 1) if which in (None, i)]
    for i,story in chosen: show(i, story)
    if not chosen and not problems:
        there = f'there are connections 1 to {len(found)}' if found else 'there is no TCP'
        problems.append(f'{path}: {there} in it')
    if picture and chosen: draw(chosen[0][1], picture, problems)
    if problems: sys.exit('\n'.join(problems))

def draw(story:Story, picture:str, problems:list[str])->None:
    "The ladder of a connection into a file; where that takes none, why, into `problems`"
    try: Path(picture).write_text(story.trace.ladder(more=story.count - SHOWN), 'utf-8')
    except OSError as e: problems.append(f'{picture}: {e.strerror}')

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

def main()->None:
    "What a file tells; or a connection in a lab, or over loopback where there can be no lab"
    parser = argparse.ArgumentParser(prog='python -m python_tcp', description=
        'Tells the life of one TCP connection between two Linux kernels, segment by segment; '
        'where there can be no lab (it needs Linux, and no privilege), over loopback. '
        'With FILE, that of each connection in a capture.')
    parser.add_argument('file', nargs='?', metavar='FILE', help='a capture: pcap or pcapng')
    parser.add_argument('--connection', type=int, metavar='N', help='only the Nth in FILE')
    parser.add_argument('--svg', metavar='PICTURE', help='draw the ladder of the Nth, or first')
    try: args = parser.parse_args()
    except OSError as e: raise Unsaid(e) from None # it printed its help
    if args.file is None and (args.connection or args.svg):
        parser.error('--connection and --svg need FILE')
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors='replace') # µ, where the encoding has none
    if args.file is not None: return tell_file(args.file, args.connection, args.svg)
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
    finally:
        try: sys.stdout.flush()
        except OSError as e: end(e)
