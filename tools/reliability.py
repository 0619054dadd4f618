"""The scenarios of all lessons, again and again, half of them under CPU load; then whether anything is left
of them. Exit status 1 if a run failed or something is.

A scenario is a section of a lesson that makes a socket. The cells run as they stand, after those of the
sections before, each lesson in a process of its own. All of it is in a network namespace of its own, whose
sockets `ss` lists, and in a user namespace where the kernel counts network namespaces.
It needs Linux, with ss, ip, lsns and unshare, and takes a quarter of an hour: python tools/reliability.py"""
import argparse, ast, asyncio, faulthandler, gc, json, linecache, os, random, re, subprocess, sys, time, traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, repeat
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock

ROOT = Path(__file__).resolve().parents[1]
MARK = 'PYTHON_TCP_RELIABILITY' # in the environment of every process that a run starts
CORES = len(os.sched_getaffinity(0))

# One lesson, in a process of its own

def sections(path):
    "The sections of a notebook: (title, code of each cell)"
    title,found = 'the beginning',{}
    for cell in json.loads(path.read_text(encoding='utf-8'))['cells']:
        source = ''.join(cell['source'])
        if cell['cell_type'] == 'markdown' and (heading := re.match('## (.+)', source)): title = heading[1]
        if cell['cell_type'] == 'code' and not re.search(r'^#\| *eval: *false', source, re.M):
            found.setdefault(title, []).append(source)
    return found.items()

def show(value):
    "Draw it, as a notebook does with the last value of a cell"
    for draw in '_repr_svg_', '_repr_markdown_', '__str__': getattr(value, draw, lambda: None)()

async def run_cell(source, name, space):
    "Run a cell as IPython does: `await` is allowed, and a last expression is shown"
    linecache.cache[name] = len(source), None, source.splitlines(True), name
    tree = ast.parse(source)
    last = [tree.body.pop()] if tree.body and isinstance(tree.body[-1], ast.Expr) else []
    for part,mode in (tree, 'exec'), (ast.Interactive(last), 'single'):
        waits = eval(compile(part, name, mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), space)
        if waits: await waits

async def run_sections(path, pause, patience, tell):
    """Run the sections, and `tell` of each that made a socket how it went; whether all were run, since the
    first that fails is the last"""
    made,space = [],{'__name__': '__main__'}
    sys.addaudithook(lambda event, _: made.append(event) if event == 'socket.__new__' else None)
    for title,cells in sections(path):
        made.clear()
        faulthandler.dump_traceback_later(patience + pause*len(cells), exit=True)
        try:
            for i,source in enumerate(cells):
                await run_cell(source, f'{path.stem}, {title}, cell {i}', space)
                if pause: time.sleep(pause)
        except BaseException:
            tell(title, traceback.format_exc())
            return False
        finally: faulthandler.cancel_dump_traceback_later()
        if made: tell(title)
    return True

def holds():
    "What this process holds that a lesson could leave: descriptors, threads, children"
    paths = {fd: f'/proc/self/fd/{fd}' for fd in os.listdir('/proc/self/fd')}
    descriptors = {f'descriptor {fd}: {os.readlink(path)}' for fd,path in paths.items() if os.path.lexists(path)}
    threads = os.listdir('/proc/self/task')
    lists = [Path(f'/proc/self/task/{thread}/children').read_text() for thread in threads]
    children = {f'process {pid}' for pid in ' '.join(lists).split()}
    return descriptors | children | {f'thread {thread}' for thread in threads}

def run_lesson(path, pause, patience):
    "Run a lesson once, and say of each section how it went, in lines of JSON"
    import fastcore.test, IPython.display, python_tcp.lab # what most lessons import, so that it is there before
    said = os.fdopen(os.dup(1), 'w')
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    def tell(title, error=None): print(json.dumps([title, error]), file=said, flush=True)
    sys.displayhook = show
    os.chdir(path.parent)
    before = holds()
    if not asyncio.run(run_sections(path, pause, patience, tell)): return # a traceback holds much
    gc.collect()
    if left := until_none(lambda: holds() - before, 2): sys.exit(f'left: {", ".join(sorted(left))}')

# All lessons, many times

def until_none(left, seconds):
    "What `left` gives, once that is nothing, or after so many seconds"
    deadline = time.monotonic() + seconds
    while (found := left()) and time.monotonic() < deadline: time.sleep(.01)
    return found

@contextmanager
def busy(n):
    "Meanwhile, `n` processes that want to compute"
    programs = [subprocess.Popen([sys.executable, '-c', 'while True: pass']) for _ in range(n)]
    try: yield
    finally:
        for program in programs:
            program.kill()
            program.wait()

class Account:
    "How often each scenario was run, idle and under load, and how often it failed"
    def __init__(self, pause, patience):
        self.pause,self.patience,self.lock = pause,patience,Lock()
        self.runs,self.failed = {False: Counter(), True: Counter()},Counter()

    def lesson(self, path, loaded):
        "Run a lesson once"
        argv = [sys.executable, __file__, '--lesson', path, f'--pause={self.pause}', f'--patience={self.patience}']
        # no pipes: whoever is left behind would hold their other end
        with TemporaryFile('w+') as out, TemporaryFile('w+') as err:
            status = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=err).returncode
            for file in out, err: file.seek(0)
            told,errors = [json.loads(line) for line in out],err.read()
        with self.lock:
            for title,error in told:
                self.runs[loaded][path.stem, title] += 1
                if error: self.fail(path.stem, title, loaded, error)
            if status or errors: self.fail(path.stem, 'its end', loaded, f'{errors}\nexit status {status}')

    def fail(self, lesson, title, loaded, error):
        self.failed[lesson, title] += 1
        run = f'run {self.runs[loaded][lesson, title]} {"under load" if loaded else "idle"}'
        print(f'FAILED: {lesson}, {title}, {run}\n{error}', flush=True)

    def rounds(self, paths, loaded, runs, rng, at_once):
        "All lessons in one order after another, until `runs` scenarios have been run"
        turns = chain.from_iterable(rng.sample(paths, len(paths)) for _ in repeat(None))
        def work():
            while self.runs[loaded].total() < runs:
                with self.lock: path = next(turns)
                self.lesson(path, loaded)
        with ThreadPoolExecutor(at_once) as threads:
            for worker in [threads.submit(work) for _ in range(at_once)]: worker.result()

    def __str__(self):
        rows = sorted({*self.runs[False], *self.runs[True], *self.failed})
        counters = *self.runs.values(), self.failed
        head = 'lesson', 'scenario', 'idle', 'under load', 'failed'
        counts = [(*row, *(counter[row] for counter in counters)) for row in rows]
        totals = f'{len(rows)} scenarios', '', *(counter.total() for counter in counters)
        line = '{:<18}{:<62.60}{:>6}{:>12}{:>8}'
        return '\n'.join(line.format(*row) for row in [head, *counts, totals])

# What is left, by other means than our own

def processes():
    "Those that carry the mark of this program, but for itself"
    for path in Path('/proc').glob('[1-9]*/environ'):
        try:
            marked = f'{MARK}={os.environ[MARK]}'.encode() in path.read_bytes().split(b'\0')
            name = (path.parent/'comm').read_text().strip()
        except OSError: continue # it has ended, or is another user's
        if marked and int(path.parts[2]) != os.getpid(): yield f'process {path.parts[2]}: {name}'

def sockets():
    "All but those in TIME-WAIT, which nobody has any more"
    told = subprocess.run(['ss', '-Hatuwx0'], capture_output=True, text=True, check=True).stdout
    return [f'socket: {line}' for line in told.splitlines() if line.split()[1] != 'TIME-WAIT']

def namespaces():
    "Nothing if the kernel, which may have no more than this program's own one and another, makes another"
    Path('/proc/sys/user/max_net_namespaces').write_text('2')
    if not subprocess.run(['unshare', '--net', 'true'], capture_output=True).returncode: return []
    listed = subprocess.run(['lsns', '-t', 'net'], capture_output=True, text=True).stdout
    return ['a network namespace; those that a process is in:\n' + listed]

def with_lab():
    "The notebooks that have cells for the lab"
    pages = sorted((ROOT/'nbs').glob('*.ipynb'))
    return [page for page in pages if '"#| lab\\n"' in page.read_text(encoding='utf-8')]

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('lessons', nargs='*', type=Path,
        help='notebooks (default: all that have cells for the lab)')
    parser.add_argument('--runs', type=int, default=3000,
        help='of scenarios, in all (default: %(default)s)')
    parser.add_argument('--seed', type=int, default=0,
        help='of the order of lessons (default: %(default)s)')
    parser.add_argument('--load', action=argparse.BooleanOptionalAction, default=True,
        help='half of the runs while two processes on each core compute')
    parser.add_argument('--at-once', type=int, default=2*CORES,
        help='lessons that run at the same time, since they mostly wait '
             '(default: two for each core, %(default)s)')
    parser.add_argument('--pause', type=float, default=0,
        help='seconds between two cells, as of a reader (default: %(default)s)')
    parser.add_argument('--patience', type=float, default=120,
        help='seconds that a section may take (default: %(default)s)')
    parser.add_argument('--lesson', type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.lesson: return run_lesson(args.lesson, args.pause, args.patience)
    if not os.environ.get(MARK):
        os.environ[MARK] = str(os.getpid())
        apart = ['unshare', '--user', '--map-root-user', '--net']
        with_loopback = ['sh', '-c', 'ip link set lo up && exec "$@"', 'sh']
        os.execvp('unshare', [*apart, *with_loopback, sys.executable, *sys.argv])
    paths = [path.resolve() for path in args.lessons] or with_lab()
    account,rng,start = Account(args.pause, args.patience),random.Random(args.seed),time.monotonic()
    print(f'{len(paths)} lessons, {args.at_once} at once, seed {args.seed}', flush=True)
    for loaded in [False, True] if args.load else [False]:
        with busy(2*CORES*loaded): account.rounds(paths, loaded, args.runs/(1 + args.load), rng, args.at_once)
        runs = f'{account.runs[loaded].total()} runs {"under load" if loaded else "idle"}'
        print(f'{runs}, {account.failed.total()} failed so far, {time.monotonic()-start:.0f} s', flush=True)
    print(account)
    found = until_none(lambda: [*processes(), *sockets(), *namespaces()], 10)
    print('\n'.join(['left:', *found]) if found else 'left: no process, no network namespace, no socket')
    return bool(found or account.failed)

if __name__ == '__main__': sys.exit(main())
