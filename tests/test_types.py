"The types that an editor shows: complete, and true by mypy"
import importlib, inspect, pkgutil, subprocess, sys
from pathlib import Path
from typing import get_type_hints

import pytest
import python_tcp

root = Path(__file__).parent.parent
MODULES = [m.name for m in pkgutil.iter_modules(python_tcp.__path__) if m.name not in ('_modidx', '__main__')]
SHOWN = ''' # what a reader's editor says of it
from typing import assert_type
from python_tcp.engine import TCB
from python_tcp.segment import Segment
tcb = TCB()
assert_type(tcb.srtt, float | None)
assert_type(tcb.step(0.), tuple[TCB, tuple[Segment, ...]])
'''

def mypy(*args):
    ran = subprocess.run([sys.executable, '-m', 'mypy', *args], cwd=root, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr

def public(module):
    "The functions and classes of a module, and the public methods of these"
    there = importlib.import_module(f'python_tcp.{module}')
    for name in there.__all__:
        value = getattr(there, name)
        if inspect.isfunction(value) or inspect.isclass(value): yield name, value
        if not inspect.isclass(value): continue
        for method,held in vars(value).items():
            held = held.fget if isinstance(held, property) else getattr(held, '__func__', held)
            if inspect.isfunction(held) and not method.startswith('_'): yield f'{name}.{method}', held

def test_mypy():
    mypy('python_tcp')

def test_an_editor_knows_what_a_step_gives(tmp_path):
    (tmp_path/'shown.py').write_text(SHOWN)
    mypy(tmp_path/'shown.py')

@pytest.mark.parametrize('module', MODULES)
def test_hints_can_be_read(module):
    for name,value in public(module): assert isinstance(get_type_hints(value), dict), name

def test_types_travel_with_the_package():
    "PEP 561: the file that says so is package data"
    assert (root/'python_tcp'/'py.typed').exists() and "'py.typed'" in (root/'setup.py').read_text(encoding='utf-8')
