"""What importing parts of the package costs beside what they all need, and beside asyncio.

"bare" is the least for the engine: `typing`, and frozen dataclasses like its own, without methods.

Processor time, medians of fresh processes that take turns, and of their ratios turn by turn.

python benchmarks/imports.py [runs]"""
import os, platform, shutil, statistics, subprocess, sys, tempfile
from dataclasses import is_dataclass
from pathlib import Path

PACKAGE = Path(__file__).parents[1]/'python_tcp'
sys.path.insert(0, str(PACKAGE.parent))
from python_tcp import engine, segment, states

NEEDED = 'socket, enum, dataclasses'
AIMS = {NEEDED: '', 'bare': '', 'python_tcp.core': 1.2, 'python_tcp.engine': 1.3,
        'python_tcp.lab': 1.6, 'asyncio': ''}
RUN = 'from time import process_time as t; start = t(); import {}; print(t() - start)'

def bare():
    "The source of frozen dataclasses with as many fields as those the engine needs, and no methods"
    yield f'import {NEEDED}, typing'
    for module in segment, states, engine:
        own = [c for c in vars(module).values() if getattr(c, '__module__', '') == module.__name__]
        for c in filter(is_dataclass, own):
            made = c.__dataclass_params__
            yield (f'@dataclasses.dataclass(frozen=True, kw_only=True, '
                   f'init={made.init}, repr={made.repr}, eq={made.eq})')
            yield f"class {c.__name__}({', '.join(base.__name__ for base in c.__bases__)}):"
            yield '    "A docstring"'
            yield from (f'    {name}:object = None' for name in vars(c).get('__annotations__', ()))

def once(modules, env):
    "The processor's seconds of `import modules` in a process of its own, without installed packages"
    ran = subprocess.run([sys.executable, '-S', '-c', RUN.format(modules)], env=env,
        cwd=env['PYTHONPATH'], capture_output=True, text=True, check=True)
    return float(ran.stdout)

def compare(env, runs):
    "Modules -> median and ratio; the first turn may write bytecode, and does not count"
    turns = [{modules: once(modules, env) for modules in AIMS} for _ in range(runs+1)][1:]
    found = {}
    for modules in AIMS:
        seconds = statistics.median(turn[modules] for turn in turns)
        ratio = statistics.median(turn[modules]/turn[NEEDED] for turn in turns)
        found[modules] = seconds, ratio
    return found

def tables(runs):
    "The package with bytecode of its own and without; the standard library has what this Python came with"
    for name,more in ('with bytecode', {}), ('without', dict(PYTHONDONTWRITEBYTECODE='1')):
        with tempfile.TemporaryDirectory() as home:
            unwanted = shutil.ignore_patterns('__pycache__')
            shutil.copytree(PACKAGE, Path(home)/PACKAGE.name, ignore=unwanted)
            (Path(home)/'bare.py').write_text('\n'.join(bare()))
            env = {k:v for k,v in os.environ.items() if not k.startswith('PYTHON')}
            yield name, compare(env | more | dict(PYTHONPATH=home), runs)

if __name__ == '__main__':
    system = f'{platform.system()} {platform.machine()}'
    print(f'{platform.python_implementation()} {platform.python_version()}, {system}; processor time')
    for name,found in tables(int(*sys.argv[1:] or [41])):
        print(f"\n{name:28}{'ms':>8}{'ratio':>8}{'aim':>6}")
        for modules,(seconds,ratio) in found.items():
            print(f'{modules:28}{seconds*1e3:8.2f}{ratio:8.2f}{AIMS[modules]:>6}')
