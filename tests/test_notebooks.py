"""Every notebook, top to bottom on a clean kernel by nbdev's own runner:
as it is, with the solution of each exercise tried in passing"""
import json, os, re, shutil, subprocess, sys
from pathlib import Path

import pytest

root = Path(__file__).parent.parent
RUN = '''import sys
from nbdev.test import test_nb
skip = ['lab', 'linux', 'slow']
ok,_ = test_nb(sys.argv[1], basepath=sys.argv[2], save=True, skip_flags=skip, force_flags=sys.argv[3:])
if sys.platform == 'linux': print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM:')))
sys.exit(not ok)'''
MEMORY = 300_000 # kB that a notebook may need at its peak, its runner and the solutions of its exercises included

def cells(path): return [c for c in json.loads(path.read_text(encoding='utf-8'))['cells'] if c['cell_type'] == 'code']
def source(cell): return ''.join(cell['source'])
def in_lab(cell): return re.search(r'^#\| *lab\b', source(cell), re.M) is not None
def kinds(cell): return {o.get('name') or kind for o in cell['outputs'] for kind in o.get('data', [o['output_type']])}
def number(text): return (m := re.search(r'^# exercise (\d+)', text, re.M)) and int(m[1])

def said(cell):
    "What the cell printed"
    return ''.join(line for o in cell['outputs'] for line in o.get('text', ''))

def exercises(path):
    "(number, starter cell, check cell) of each exercise"
    code = cells(path)
    for i,starter in enumerate(code):
        if n := number(source(starter)): yield n, starter, next(c for c in code[i:] if 'code-fold: true' in source(c))

KEEP = '''def forget(names={**globals()}):
    for name in {*globals()} - {*names}: del globals()[name]
    globals().update(names)'''

def solve(path):
    "Before each starter, in the file at `path`: its solution and the check of that, whose names are forgotten again"
    nb,cells = json.loads(path.read_text(encoding='utf-8')),[]
    texts = [source(c) for c in nb['cells'] if c['cell_type'] == 'markdown']
    solution = r'<details><summary>Solution \d+</summary>\n\n```python\n(.*?)\n```\n'
    solved = [code for text in texts for code in re.findall(solution, text, re.S)]
    solved = {number(code):code for code in solved}
    checks = {n:check for n,_,check in exercises(path)}
    for c in nb['cells']:
        if c['cell_type'] == 'code' and (n := number(source(c))):
            flags = re.findall(r'^#\|.*', source(c), re.M)
            cells += [{**c, 'source': text, 'metadata': {'solves': n}, 'id': f'solves-{n}-{i}'}
                for i,text in enumerate([KEEP, '\n'.join(flags + [solved[n]]), source(checks[n]), 'forget()'])]
        cells.append(c)
    path.write_text(json.dumps({**nb, 'cells': cells}), encoding='utf-8')

def runs(paths):
    "Each notebook; where it has lab cells with them and, where none can be had and with --long, without them"
    needs,instead = pytest.mark.needs('lab'),pytest.mark.instead_of('lab')
    lab = [path for path in paths if any(map(in_lab, cells(path)))]
    return ([pytest.param(path, False, id=path.stem) for path in paths if path not in lab] +
            [pytest.param(path, False, id=f'{path.stem}-without-its-lab-cells', marks=instead) for path in lab] +
            [pytest.param(path, True, id=f'{path.stem}-in-the-lab', marks=needs) for path in lab])

def run(path, lab, to):
    "A copy of the notebook with its solutions, after a run"
    shutil.copy(root/'pyproject.toml', to)
    copy = to/'nbs'/path.name
    copy.parent.mkdir()
    shutil.copy(path, copy)
    solve(copy)
    flags = [*['linux']*sys.platform.startswith('linux'), *['lab']*lab]
    env = {**os.environ, 'PYTHONPATH': str(root), 'PYTHONIOENCODING': 'utf-8'}
    ran = subprocess.run([sys.executable, '-c', RUN, copy, root, *flags], cwd=to, env=env,
                         capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    peak = re.search(r'^VmHWM:\s+(\d+) kB$', ran.stdout, re.M)
    assert peak is None or int(peak[1]) < MEMORY, f'{peak[1]} kB of memory'
    return copy

notebooks = sorted((root/'nbs').glob('*.ipynb'))

@pytest.mark.parametrize('path,lab', runs(notebooks))
def test_runs_and_shows_what_is_saved(path, lab, tmp_path):
    "And its checks take each solution, and no starter"
    ran = run(path, lab, tmp_path)
    for before,after in zip(cells(path), (c for c in cells(ran) if 'solves' not in c['metadata']), strict=True):
        if lab or not in_lab(after):
            assert kinds(before) == kinds(after), f'saved outputs are not those of a run:\n{source(after)}'
    for n,tried,check in exercises(ran):
        answer = 'right: ' if 'solves' in tried['metadata'] else 'not yet: '
        if lab or not in_lab(check):
            assert said(check).startswith(answer), f'exercise {n}, {source(tried)}: {said(check)}'

@pytest.mark.needs('lab')
def test_lesson_runs_in_jupyter(tmp_path, monkeypatch):
    "Its kernel has threads, which nbdev's runner has not"
    nbformat,nbclient = (pytest.importorskip(name, reason=f'needs {name}') for name in ('nbformat', 'nbclient'))
    monkeypatch.setenv('PYTHONPATH', str(root))
    monkeypatch.setenv('HOME', str(tmp_path))
    lesson = nbformat.read(root/'nbs'/'10_handshake.ipynb', as_version=4)
    nbclient.NotebookClient(lesson, timeout=300, kernel_name='python3').execute()

@pytest.mark.parametrize('path', notebooks, ids=lambda path: path.stem)
def test_saved_outputs(path):
    for cell in cells(path):
        assert not kinds(cell) & {'error', 'text/html', 'stderr'}, source(cell)
        timed = 'execution' in cell['metadata']
        assert not timed, f'the times of a run are saved, and nbdev-clean takes them away:\n{source(cell)}'
    for n,starter,check in exercises(path):
        assert said(check).startswith('not yet: '), f'exercise {n}: {said(check)}'
        assert in_lab(check) >= in_lab(starter), f'exercise {n}: its check needs the lab as its starter does'

@pytest.mark.parametrize('path', notebooks, ids=lambda path: path.stem)
def test_weighs_less_than_500_kB(path):
    "So does its page, which is little else; a picture holds no points that nobody can see"
    assert path.stat().st_size < 500_000

@pytest.mark.parametrize('path', notebooks, ids=lambda path: path.stem)
def test_is_listed_once_with_a_title_and_a_sentence(path):
    sidebar = (root/'nbs'/'sidebar.yml').read_text(encoding='utf-8')
    assert len(re.findall(rf'(?:- |href: ){re.escape(path.name)}$', sidebar, re.M)) == 1
    first = json.loads(path.read_text(encoding='utf-8'))['cells'][0]
    assert re.fullmatch(r'# .+\n\n> .+', source(first)), source(first)

def shown(cell): return not re.search(r'^#\| *(hide|exports?)\s*$', source(cell), re.M)

@pytest.mark.parametrize('path', notebooks, ids=lambda path: path.stem)
def test_no_line_of_a_lesson_is_cut_off(path):
    "The site has room for 88 columns"
    lines = [line for cell in cells(path) if shown(cell) for line in source(cell).splitlines()]
    assert [line for line in lines if len(line) > 88] == []

@pytest.mark.parametrize('path', notebooks, ids=lambda path: path.stem)
def test_no_cell_builds_a_table_by_hand(path):
    "What is shown draws itself, as draw.Rows does"
    lessons = [source(cell) for cell in cells(path) if shown(cell)]
    assert [text for text in lessons if re.search(r'\|:?---|\| \{', text)] == []
