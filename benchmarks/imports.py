"""What importing `python_tcp.core` costs beside what it needs: medians of fresh processes that take turns, and their ratio.

python benchmarks/imports.py [runs]"""
import os, platform, shutil, statistics, subprocess, sys, tempfile
from pathlib import Path

PACKAGE = Path(__file__).parents[1]/'python_tcp'
OURS,NEEDED = 'python_tcp.core','socket, enum, dataclasses'
LIMIT = 1.2
RUN = 'from time import perf_counter as t; start = t(); import {}; print(t() - start)'

def once(modules, env):
    "Seconds that `import modules` takes in a process of its own, which has no installed package"
    return float(subprocess.run([sys.executable, '-S', '-c', RUN.format(modules)], env=env, cwd=env['PYTHONPATH'], capture_output=True, text=True, check=True).stdout)

def compare(env, runs):
    "Medians of both, and of the ratios turn by turn; the first turn may write bytecode, and does not count"
    times = [(once(OURS, env), once(NEEDED, env)) for _ in range(runs+1)][1:]
    return *(statistics.median(column) for column in zip(*times)), statistics.median(ours/needed for ours,needed in times)

def rows(runs):
    "The package with bytecode of its own and without; the standard library has what this Python came with"
    for name,more in ('with bytecode', {}), ('without', dict(PYTHONDONTWRITEBYTECODE='1')):
        with tempfile.TemporaryDirectory() as home:
            shutil.copytree(PACKAGE, Path(home)/PACKAGE.name, ignore=shutil.ignore_patterns('__pycache__'))
            env = {k:v for k,v in os.environ.items() if not k.startswith('PYTHON')} | more | dict(PYTHONPATH=home)
            yield name, *compare(env, runs)

if __name__ == '__main__':
    print(f'{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}; milliseconds')
    print(f'{"":16}{OURS:>18}{NEEDED:>28}{"ratio":>8}{"aim":>6}')
    for name,ours,needed,ratio in rows(int(*sys.argv[1:] or [41])): print(f'{name:16}{ours*1e3:18.2f}{needed*1e3:28.2f}{ratio:8.2f}{LIMIT:>6}')
