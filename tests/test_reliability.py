"The program that runs all lessons again and again: some tens of runs, and that it sees what fails and what is left"
import json, os, re, signal, subprocess, sys
from contextlib import suppress
from pathlib import Path

import pytest

root = Path(__file__).parent.parent
pytestmark = [pytest.mark.needs('lab', 'ss', 'unshare', 'ip', 'lsns'), pytest.mark.long]

def run(*args):
    env = {**os.environ, 'PYTHONPATH': str(root)}
    command = [sys.executable, root/'tools'/'reliability.py', *args]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=280, env=env)

def test_some_runs():
    "Half of them under load; nothing fails, and nothing is left"
    lessons = [root/'nbs'/f'{lesson}.ipynb' for lesson in ('00_core', '13_messages', '30_answers')]
    ran = run(*lessons, '--runs', '40', '--at-once', '3')
    assert (ran.returncode, ran.stderr) == (0, ''), ran.stdout + ran.stderr
    idle,loaded,failed = map(int, re.search(r'scenarios +(\d+) +(\d+) +(\d+)$', ran.stdout, re.M).groups())
    assert idle >= 20 and loaded >= 20 and failed == 0
    assert ran.stdout.endswith('left: no process, no network namespace, no socket\n')

FAULTS = { # a section that makes a socket, and then has a fault: what is said of it
    'wrong': ('from fastcore.test import test_eq\ntest_eq(1, 2)',
        r'FAILED: wrong, A section, run 1 idle\n(.*\n)*  File "wrong, A section, cell 1", line 2.*\n'
        r'    test_eq\(1, 2\)\n(.*\n)*AssertionError'),
    'shown': ('class Odd:\n    def _repr_svg_(self): raise ValueError("no picture")\nOdd()',
        r'FAILED: shown, A section, .*\n(.*\n)*ValueError: no picture'),
    'awaits': ('import asyncio\nawait asyncio.sleep(0)\nraise OSError("after an await")',
        r'FAILED: awaits, A section, .*\n(.*\n)*OSError: after an await'),
    'hangs': ('while True: pass',
        r'FAILED: hangs, its end, .*\nTimeout(.*\n)*  File "hangs, A section, cell 1", line 1'),
    'speaks': ('import sys\nprint("a warning", file=sys.stderr)', r'FAILED: speaks, its end, .*\na warning\n'),
    'keeps': ('import builtins\nbuiltins.kept = socket.socket()',
        r'FAILED: keeps, its end, .*\nleft: descriptor \d+: socket:'),
    'threads': ('import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()',
        r'FAILED: threads, its end, .*\nleft: thread \d+\n'),
    'starts': ('import subprocess, sys\nprogram = subprocess.Popen(["unshare", "--net", sys.executable, "-c", '
        '"import time; time.sleep(1000)"], start_new_session=True)',
        r'FAILED: starts, its end, .*\nleft: process \d+\n'),
    'listens': ('import subprocess, sys\nlistening = socket.create_server(("127.0.0.1", 0))\n'
        'subprocess.Popen(["sh", "-c", "sleep 1000 &"], start_new_session=True, '
        'pass_fds=[listening.fileno()]).wait()', None)}

def test_it_sees_what_fails_and_what_is_left(tmp_path):
    for name,(code,_) in FAULTS.items():
        cells = [('markdown', '## A section'), ('code', 'import socket\nsocket.socket().close()'), ('code', code)]
        cells = [dict(cell_type=kind, source=[source]) for kind,source in cells]
        (tmp_path/f'{name}.ipynb').write_text(json.dumps(dict(cells=cells)))
    ran = run(*sorted(tmp_path.glob('*.ipynb')), '--runs', '8', '--no-load', '--patience', '2', '--at-once', '9')
    found = re.findall(r'^process (\d+): (?:python|sleep)', ran.stdout, re.M)
    for pid in found:
        with suppress(ProcessLookupError): os.kill(int(pid), signal.SIGKILL)
    assert ran.returncode == 1 and not ran.stderr, ran.stderr
    for name,(_,said) in FAULTS.items(): assert not said or re.search(said, ran.stdout), ran.stdout
    left = ran.stdout.partition('\nleft:\n')[2]
    assert len(found) >= 2 and re.search(r'^socket: tcp +LISTEN', left, re.M)
    assert 'a network namespace; those that a process is in:' in left
