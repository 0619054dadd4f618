"""What importing parts of the package costs beside what they all need, and beside asyncio: processor time, medians of fresh processes that take turns, and their ratio.

python benchmarks/imports.py [runs]"""
import os, platform, shutil, statistics, subprocess, sys, tempfile
from pathlib import Path

PACKAGE = Path(__file__).parents[1]/'python_tcp'
NEEDED = 'socket, enum, dataclasses'
AIMS = {NEEDED: '', 'python_tcp.core': 1.2, 'python_tcp.engine': 1.3, 'python_tcp.lab': 1.6, 'asyncio': ''}
RUN = 'from time import process_time as t; start = t(); import {}; print(t() - start)'

def once(modules, env):
    "The processor's seconds that `import modules` takes in a process of its own, which has no installed package"
    return float(subprocess.run([sys.executable, '-S', '-c', RUN.format(modules)], env=env, cwd=env['PYTHONPATH'], capture_output=True, text=True, check=True).stdout)

def compare(env, runs):
    "Modules -> median, and the median of the ratios turn by turn; the first turn may write bytecode, and does not count"
    turns = [{modules: once(modules, env) for modules in AIMS} for _ in range(runs+1)][1:]
    return {modules: [statistics.median(turn[modules]/per for turn, per in zip(turns, pers)) for pers in ([1]*runs, [turn[NEEDED] for turn in turns])] for modules in AIMS}

def tables(runs):
    "The package with bytecode of its own and without; the standard library has what this Python came with"
    for name,more in ('with bytecode', {}), ('without', dict(PYTHONDONTWRITEBYTECODE='1')):
        with tempfile.TemporaryDirectory() as home:
            shutil.copytree(PACKAGE, Path(home)/PACKAGE.name, ignore=shutil.ignore_patterns('__pycache__'))
            env = {k:v for k,v in os.environ.items() if not k.startswith('PYTHON')} | more | dict(PYTHONPATH=home)
            yield name, compare(env, runs)

if __name__ == '__main__':
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}; milliseconds of the processor")
    for name,found in tables(int(*sys.argv[1:] or [41])):
        print(f"\n{name:28}{'ms':>8}{'ratio':>8}{'aim':>6}")
        for modules,(seconds,ratio) in found.items(): print(f'{modules:28}{seconds*1e3:8.2f}{ratio:8.2f}{AIMS[modules]:>6}')
