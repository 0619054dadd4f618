"""A transfer over a wire that loses segments: Linux sends, and ours sends, to the same kernel over the same wire:
usage: benchmarks/goodput.py [--octets N] [--seeds N] [--loss 1,5,10]. Needs what a lab needs, and root for Linux's
tail loss probe, which a lab switches off. Round-trip time 20 ms, RTO 0.2 s at least at all ends, the same seeds.
What is told is the middle of the times from the first octet handed over to the last acknowledged."""
import argparse, platform, socket, time
from statistics import median
from subprocess import DEVNULL
from threading import Thread

from python_tcp.congestion import Cubic, NewReno
from python_tcp.host import Host
from python_tcp.kernel import tcp_info
from python_tcp.lab import Lab
from python_tcp.net import Link

def linux(control):
    "A kernel's end, with this congestion control: what gives it to a lab, and what to do with its socket"
    def choose(connection): connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, control)
    return lambda: None, choose, lambda connection: tcp_info(connection.sock).unacked

def ours(cc, **options):
    "The same of ours"
    def left(connection): return connection.tcb.snd_end - connection.tcb.snd_una
    return lambda: Host(cc(), rto_min=.2, **options), lambda connection: None, left

SENDERS = {'Linux, cubic': linux(b'cubic'), 'ours, Cubic, rack': ours(Cubic, rack=True), 'ours, Cubic': ours(Cubic),
           'Linux, reno': linux(b'reno'), 'ours, NewReno, rack': ours(NewReno, rack=True), 'ours, NewReno': ours(NewReno)}

def stock(host):
    "Give a kernel's host back the tail loss probe"
    command = 'echo 3 >/proc/sys/net/ipv4/tcp_early_retrans'
    if host.run(['sh', '-c', command], stderr=DEVNULL).wait(): print('(Linux without its tail loss probe)')

def seconds(sender, octets, loss, seed):
    "How long one transfer takes"
    end,choose,left = sender
    own = end()
    with Lab(a=own, mtu=1500, rto_min=.2) as lab:
        if own is None: stock(lab.a)
        with lab.live(Link(delay=.01, loss=loss), Link(delay=.01, loss=loss), seed=seed):
            listener = lab.b.listen(80)
            connection = lab.a.connect((lab.b.address, 80))
            choose(connection)
            peer = listener.accept()
            with peer, connection: return transfer(connection, peer, left, octets)

def transfer(connection, peer, left, octets):
    def read():
        while peer.receive(1 << 18): pass
    reader = Thread(target=read)
    reader.start()
    started = time.monotonic()
    connection.send(bytes(octets))
    while left(connection): time.sleep(.001)
    took = time.monotonic() - started
    connection.shutdown()
    reader.join()
    return took

def main(args):
    print(f'{args.octets:,} octets, {args.seeds} seeds; Python {platform.python_version()}, Linux {platform.release()}')
    for loss in args.loss.split(','):
        rival = None
        for name,sender in SENDERS.items():
            took = median(seconds(sender, args.octets, float(loss)/100, seed) for seed in range(args.seeds))
            if name.startswith('Linux'): rival = took
            print(f'loss {loss:>2} %  {name:20} {took:6.2f} s  {rival/took:5.2f} × Linux', flush=True)

if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--octets', type=int, default=10**6, metavar='N')
    parser.add_argument('--seeds', type=int, default=15, metavar='N')
    parser.add_argument('--loss', default='1,5,10', metavar='N,N', help='per cent')
    main(parser.parse_args())
