"The life of one connection, told in the terminal: python -m python_tcp"
import argparse

from python_tcp.core import TCPConnection
from python_tcp.kernel import tcp_info
from python_tcp.lab import Lab
from python_tcp.segment import Flags

LINES = ( # a's, b's, and b's last
    b'hello, is this thing on?\n', b'yes: I can read you.\n', b'you are leaving? farewell, then.\n')

def live(lab):
    "What a and b say, each segment held and then delivered; what a's kernel measured meanwhile"
    server = lab.b.listen(80)
    a = lab.a.connect((lab.b.address, 80))
    lab.run()
    b = server.accept()
    for sender,receiver,line in (a, b, LINES[0]), (b, a, LINES[1]):
        sender.send(line)
        lab.run()
        receiver.receive_exactly(len(line))
    measured = tcp_info(a)
    a.shutdown()
    lab.run()
    assert b.receive() == b''
    b.send(LINES[2])
    lab.run()
    a.receive_exactly(len(LINES[2]))
    b.close()
    lab.run()
    return measured

def why(seen, names, before):
    "One sentence on what a segment says, from its flags, its numbers and the states that followed"
    a,b,s = names[seen.src[0]],names[seen.dst[0]],seen.seg
    if s.flags & Flags.RST: return f'{a} knows of no such connection, and resets it.'
    if s.flags & Flags.SYN:
        if s.flags & Flags.ACK: told = 'agrees and acknowledges that number; its own begin at'
        else: told = 'asks to open, and says where its numbers begin: at'
        return f'{a} {told} {int(s.seq)}.'
    if s.data: return f'{a} sends {len(s.data)} octets: {s.data.decode().strip()}'
    if s.flags & Flags.FIN: return f'{a} has no more to send: its FIN.'
    now = seen.states[1]
    turns = 'stays' if now == before.get(seen.dst) else 'is now'
    return f'{a} acknowledges what it got; {b} {turns} {now.replace("_", "-")}.'

def tell(lab):
    "The ladder in text, a sentence to each segment, and what was measured"
    m,trace,before = live(lab),lab.trace,{}
    print('Two hosts, a and b, each with the TCP of this Linux kernel, and a wire between them.')
    print('The states beside each segment are what the two kernels said right after it arrived.\n')
    print(f'{"a":<13}{"":^44}b')
    for line,row in zip(trace.text().splitlines(), trace.rows()):
        seen = row[-1]
        print(f'{line}\n{"":13}{why(seen, trace.names, before)}')
        before.update(zip((seen.src, seen.dst), seen.states))
    print('\nAfter the first exchange the kernel of a had measured a round trip of '
          f'{m.srtt*1e3:.2f} ms (this program held every')
    print(f'segment for a part of that), and would send again after {m.rto:.0f} s. '
          f'It might have {m.cwnd} octets in flight')
    print(f'(cwnd), in segments of {m.mss}; b had room for {m.snd_wnd} (its window).')

def steps():
    "The same life on loopback: (what was called, one end, the other)"
    with TCPConnection.listen() as server:
        yield 'b.listen()', None, server
        a = TCPConnection.connect(server.local_address)
        b = server.accept()
        yield 'a.connect(b), b.accept()', a, b
        for one,two,line,call in (a, b, LINES[0], 'a.send, b'), (b, a, LINES[1], 'b.send, a'):
            one.send(line)
            two.receive_exactly(len(line))
            yield f'{call}.receive: {line.decode().strip()}', a, b
        a.shutdown()
        yield f'a.shutdown(), b.receive() -> {b.receive()}', a, b
        b.send(LINES[2])
        a.receive_exactly(len(LINES[2]))
        yield f'b.send, a.receive: {LINES[2].decode().strip()}', a, b
        b.close()
        yield f'b.close(), a.receive() -> {a.receive()}', a, b
        a.close()

def state(conn):
    "What the system says of `conn`, or ? where it does not say"
    try: return conn.observe().replace('_', '-')
    except NotImplementedError: return '?'

def tell_loopback(reason):
    "The same without a lab: what was called, and the states that the system gives"
    print(f'{reason.capitalize()}.')
    print('So this is a connection over loopback: '
          'its segments pass by themselves, and nobody sees them.')
    print('The states are what this system said after each call, ? where it says nothing.\n')
    print(f'{"a":<13}{"b":<13}what was called')
    for called,a,b in steps(): print(f'{state(a) if a else "":<13}{state(b):<13}{called}')

def main():
    "The life of a connection in a lab, or over loopback where there can be no lab"
    argparse.ArgumentParser(prog='python -m python_tcp', description=
        'Tells the life of one TCP connection between two Linux kernels, segment by segment; '
        'where there can be no lab (it needs Linux, and no privilege), over loopback.').parse_args()
    try: lab = Lab()
    except RuntimeError as e: return tell_loopback(str(e).splitlines()[0])
    with lab: tell(lab)

if __name__ == '__main__':
    try: main()
    except BrokenPipeError: # whoever read this has seen enough
        import os, sys
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
