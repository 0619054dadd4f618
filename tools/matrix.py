"""Our TCP against Linux's, over a wire with weather: some 320 runs, every octet compared, each a line in FILE:
usage: tools/matrix.py FILE [--runs N] [--seed N] [--short], which goes on where FILE ends; --table only reads it.
Needs what a lab needs, and the extra `dev`. Not the product of all that may differ, but covers of all pairs, in
one order after another. Exit status 1 if a run went wrong, or if the kernel counted what nothing explains."""
import argparse, json, socket, sys, time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path
from random import Random
from subprocess import PIPE

from allpairspy import AllPairs
from tqdm import tqdm

from python_tcp.congestion import Cubic, Reno
from python_tcp.host import Host
from python_tcp.lab import Lab
from python_tcp.net import Link

WEATHER = { # each way; reordering: a segment takes up to four times as long as another
    'clean': {}, 'loss 1 %': dict(loss=.01), 'loss 5 %': dict(loss=.05), 'loss 10 %': dict(loss=.1),
    'reordering': dict(jitter=.003), 'duplication': dict(dup=.2), 'corruption': dict(corrupt=.03),
    'all': dict(loss=.03, dup=.05, corrupt=.02, jitter=.002)}
OPTIONS = {'on': dict(rack=True), 'off': dict(timestamps=False, sack=False, scaling=False),
           'no SACK': dict(sack=False), 'no timestamps': dict(timestamps=False)}
OURS = {'reno': Reno, 'cubic': Cubic, 'bbr': Cubic} # we have no BBR
NEAR_THE_WRAP = 2**32 - 1000
MEGABYTE = 10**6
FACTORS = {
    'opens': ['ours', 'kernel'], 'sends': ['ours', 'kernel', 'both'], 'weather': [*WEATHER],
    'control': [*OURS], 'options': [*OPTIONS], 'ends': ['ours first', 'kernel first', 'ours resets', 'kernel resets'],
    'isn': ['any', 'near the wrap'], 'size': [0, 1, 1460, 20_000, 300_000, MEGABYTE, 50*MEGABYTE]}
SHORT = dict(weather=['clean', 'loss 5 %', 'all'], size=[0, 1, 1460, 20_000, 100_000])

# The runs

def possible(values):
    "Long transfers have fair weather"
    row = dict(zip(FACTORS, values))
    return row.get('size', 0) <= MEGABYTE or row['weather'] == 'clean'

def covers(random, factors):
    "Rows without end: in some 60 of them each value meets each of every other factor"
    while True:
        shuffled = [random.sample(values, len(values)) for values in factors.values()]
        for values in AllPairs(shuffled, filter_func=possible): yield dict(zip(FACTORS, values))

def plan(runs, seed, factors):
    rows = islice(covers(Random(seed), factors), runs)
    return [dict(run=i, seed=seed*10_000 + i, **row) for i,row in enumerate(rows)]

def kernel_has(control):
    "Can a socket of a lab's host take it?"
    with Lab(b=Host()) as lab, lab.a.socket() as sock:
        try: sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, control.encode())
        except OSError: return False
    return True

# One run

COUNTED = {'TCPChallengeACK', 'TCPSYNChallenge', 'PAWSEstab', 'PAWSActive', 'PAWSOldAck', 'TCPSACKReneging',
           'TSEcrRejected', 'InCsumErrors', 'BeyondWindow', 'TCPAbortOnData', 'TCPAbortFailed', 'TCPRcvQDrop',
           'TCPZeroWindowDrop', 'ListenDrops', 'ListenOverflows', 'TCPAbortOnTimeout'}

def counted(host):
    "What its kernel has counted about TCP: `TcpExt`, and the checksums that were wrong"
    snmp = host.run(['cat', '/proc/net/snmp'], stdout=PIPE, text=True).communicate()[0]
    names,numbers = [line.split() for line in snmp.splitlines() if line.startswith('Tcp:')]
    return host.counters() + Counter(InCsumErrors=int(numbers[names.index('InCsumErrors')]))

def explained(row, counter):
    "Whether something that was done to a segment in this run makes the kernel count so"
    weather = WEATHER[row['weather']]
    late = {'loss', 'dup', 'jitter'} & weather.keys()
    if counter == 'InCsumErrors': return 'corrupt' in weather
    if counter == 'TCPAbortOnData': return row['ends'] == 'kernel resets'
    # what came twice or late: a SYN,ACK (a challenge ACK), data before the last ACK (PAWS), a window probe
    return bool(late or 'corrupt' in weather) and counter in (
        'TCPChallengeACK', 'TCPSYNChallenge', 'PAWSEstab', 'PAWSOldAck', 'BeyondWindow')

def send_all(end, data, first):
    "Send, and say FIN if this end is to do so first"
    try:
        if data: end.send(data)
        if first: end.shutdown()
    except OSError as e: return e

def receive_all(end, enough):
    "What came until the peer's FIN, an error, or as much as was to come: (octets, how it ended)"
    came = bytearray()
    try:
        while enough is None or len(came) < enough:
            octets = end.receive(1 << 18)
            if not octets: return bytes(came), None
            came += octets
    except OSError as e: return bytes(came), e
    return bytes(came), None

def opened(lab, row, port):
    "Both ends of a connection: ours, the kernel's"
    ours,kernels = lab.b,lab.a
    caller,called = (ours, kernels) if row['opens'] == 'ours' else (kernels, ours)
    listener = called.listen(port)
    listener.timeout = 60.
    if called is kernels: control(listener.sock, row)
    connection = caller.connect((called.address, port))
    if caller is kernels: control(connection.sock, row)
    accepted = listener.accept()
    listener.close()
    return (connection, accepted) if caller is ours else (accepted, connection)

def control(sock, row): sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, row['control'].encode())

def knock(end, hears):
    "Send until a RST has come: one that gets lost is not repeated. An error, which is told to one call only"
    try:
        while not hears.done():
            end.send(b'?')
            wait([hears], .2)
    except OSError as e: return e

def exchange(ours, kernels, row, out, back):
    "Send `out` from our end and `back` from the kernel's, both at once, and close as `row` says"
    who,how = row['ends'].split()
    resets = how == 'resets'
    for end in ours,kernels: end.timeout = 600.
    with ThreadPoolExecutor(4) as pool:
        tasks = [pool.submit(send_all, ours, out, row['ends'] == 'ours first'),
                 pool.submit(send_all, kernels, back, row['ends'] == 'kernel first')]
        here = pool.submit(receive_all, ours, len(back) if resets and who == 'ours' else None)
        there = pool.submit(receive_all, kernels, len(out) if resets and who == 'kernel' else None)
        first,last = (here, there) if who == 'ours' else (there, here)
        resetting,other = (ours, kernels) if who == 'ours' else (kernels, ours)
        if resets:
            first.result()
            for task in tasks: task.result()
            resetting.abort()
            told = knock(other, last)
        else: # the other end answers the FIN with its own, once it has read and sent all
            last.result()
            for task in tasks: task.result()
            other.shutdown()
        heard = {end: came.result() for end,came in ((ours, here), (kernels, there))}
        if resets: heard[other] = heard[other][0], heard[other][1] or told
        found = heard[ours], heard[kernels]
        errors = [task.result() for task in tasks]
    ours.close()
    kernels.close()
    return found, errors

def wrong(row, found, errors, out, back):
    "What is not as it should be, in words"
    (here,how),(there,how_there) = found
    who,resets = row['ends'].split()[0],row['ends'].endswith('resets')
    faults = [f'sending: {e!r}' for e in errors if e]
    for name,came,sent,end,resetter in ('ours', here, back, how, 'ours'), ('kernel', there, out, how_there, 'kernel'):
        told_of_reset = resets and who != resetter
        if told_of_reset:
            if not isinstance(end, ConnectionResetError): faults.append(f'{name} heard of no reset but {end!r}')
            if not sent.startswith(came): faults.append(f'{name} received other octets')
        elif end: faults.append(f'{name}: {end!r}')
        elif came != sent: faults.append(f'{name} received {len(came)} octets of {len(sent)}, or others')
    return faults

def until(condition, seconds):
    "Whether it becomes true in so many seconds"
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline: return False
        time.sleep(.005)
    return True

def run(row):
    "The row, with what came of it"
    random = Random(row['seed'])
    near = row['isn'] == 'near the wrap'
    iss = NEAR_THE_WRAP if near else None
    host = Host(OURS[row['control']](), iss=iss, msl=.05, **OPTIONS[row['options']])
    out = random.randbytes(row['size'] if row['sends'] in ('ours', 'both') else 0)
    back = random.randbytes(row['size'] if row['sends'] in ('kernel', 'both') else 0)
    link = Link(delay=.001 if row['weather'] != 'clean' else 0, **WEATHER[row['weather']])
    started = time.monotonic()
    with Lab(b=host, mtu=1500, rto_min=.2, iss=iss) as lab, lab.live(link, seed=row['seed']):
        before = counted(lab.a)
        ours,kernels = opened(lab, row, 1000 + row['run'] % 30_000)
        found,errors = exchange(ours, kernels, row, out, back)
        faults = wrong(row, found, errors, out, back)
        if not until(lambda: not host.connections, 30): faults.append(f'left: {host.connections}')
        took = time.monotonic() - started
        after = counted(lab.a)
        said = {name: after[name] - before[name] for name in COUNTED & after.keys()}
        said = {name: n for name,n in said.items() if n}
        faults += [f'the kernel counted {n} {name}' for name,n in said.items() if not explained(row, name)]
        path = [str(state) for _,state,_ in ours.history]
    return dict(row, took=round(took, 2), counted=said, path=path, faults=faults)

# The file, and the table

def read(path): return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

def told(rows):
    "For each value of each factor: runs, those that went wrong, and what the kernel counted"
    for factor,values in FACTORS.items():
        for value in values:
            those = [row for row in rows if row[factor] == value]
            counted = sum((Counter(row['counted']) for row in those), Counter())
            what = ', '.join(f'{name} {n}' for name,n in sorted(counted.items()))
            bad = sum(bool(row['faults']) for row in those)
            if those: yield f'{factor:8} {value!s:14} {len(those):4} runs {bad:3} wrong   {what}'

def main(args):
    done = read(args.file)
    if not args.table:
        factors = FACTORS | SHORT if args.short else FACTORS
        has = [name for name in OURS if kernel_has(name)]
        rows = plan(args.runs, args.seed, factors | dict(control=has))
        begun = {row['run'] for row in done}
        with args.file.open('a') as file:
            for row in tqdm([row for row in rows if row['run'] not in begun], unit='run', disable=None):
                try: result = run(row)
                except Exception as e: result = dict(row, took=0, counted={}, path=[], faults=[repr(e)])
                done.append(result)
                print(json.dumps(result), file=file, flush=True)
    for line in told(done): print(line)
    bad = [row for row in done if row['faults']]
    print(f'{len(done)} runs in {sum(row["took"] for row in done):.0f} s, {len(bad)} went wrong')
    for row in bad: print(f'run {row["run"]}: {"; ".join(row["faults"])}')
    return 1 if bad else 0

if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('file', type=Path, metavar='FILE')
    parser.add_argument('--runs', type=int, default=320, metavar='N')
    parser.add_argument('--seed', type=int, default=1, metavar='N')
    parser.add_argument('--short', action='store_true', help='small transfers in three kinds of weather')
    parser.add_argument('--table', action='store_true', help='run nothing')
    sys.exit(main(parser.parse_args()))
