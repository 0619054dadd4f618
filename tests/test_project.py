"What the project promises of itself: its size, its layout, its imports and the README's script"
import ast, io, os, re, subprocess, sys, tokenize
from functools import cache
from pathlib import Path

import pytest
import python_tcp

root = Path(__file__).parent.parent
modules = sorted(path for path in (root/'python_tcp').glob('*.py') if path.stem != '_modidx')
MAY_IMPORT = dict( # a star: only within a function, when it is called
    core='sockdiag', states='core draw*', segment='', ip='segment',
    trace='segment draw ip pcap*', wire='trace draw', graph='draw segment trace',
    kernel='core sockdiag', capture='ip trace', engine='core states segment', congestion='',
    net='segment trace wire', host='core engine ip segment',
    lab='capture core ends host ip kernel live net netns trace wire', live='net sockdiag',
    ends='capture core engine host ip kernel netns trace', story='states segment trace',
    account='segment trace', report='account draw graph story trace',
    draw='', pcap='', netns='sockdiag', sockdiag='',
    # for editors only
    __init__='core states segment ip trace kernel capture lab engine net host congestion story account graph report')
MAY_TRY = dict(pcap={'scapy'}) # an extra's, within the function that needs it

def fresh(code):
    "What `code` prints in a new interpreter with the checkout and the standard library, and no installed package (-S)"
    ran = subprocess.run([sys.executable, '-S', '-c', code], cwd=root, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout

def lines(text): return sum(1 for line in text.splitlines() if line.strip() and not line.strip().startswith('#'))

def test_top_level_is_small():
    if not (root/'.git').exists(): pytest.skip('needs a git checkout')
    tracked = subprocess.run(['git', 'ls-files'], cwd=root, capture_output=True, text=True, check=True).stdout
    assert len({name.split('/')[0] for name in tracked.splitlines()}) <= 16

def test_source_distribution_has_what_its_tests_need():
    "Each folder of the project, but those for the repository itself"
    grafted = re.findall(r'^graft (\w+)$', (root/'MANIFEST.in').read_text(encoding='utf-8'), re.M)
    texts = [path.read_text(encoding='utf-8') for path in (root/'tests').rglob('*.py')]
    named = re.findall(r"root/'(\w+)'", '\n'.join(texts))
    read = {name for name in named if (root/name).is_dir()}
    assert {'tests', *read} - {'python_tcp'} <= set(grafted), 'MANIFEST.in lacks a folder'

def test_workflows_pin_their_actions():
    "To a commit, and beside it say which version that is"
    folder = root/'.github'/'workflows'
    if not folder.exists(): pytest.skip('needs a git checkout')
    texts = '\n'.join(path.read_text(encoding='utf-8') for path in folder.iterdir())
    used = [line.split('uses:')[1].strip() for line in texts.splitlines() if 'uses:' in line]
    assert used and [use for use in used if not re.fullmatch(r'[\w./-]+@[0-9a-f]{40} # \S.*', use)] == []

SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
BRANCHES = ast.If, ast.For, ast.While, ast.IfExp, ast.ExceptHandler, ast.comprehension, ast.match_case
F_START,F_END = (getattr(tokenize, f'FSTRING_{end}', None) for end in ('START', 'END')) # one token before Python 3.12
FUNCTIONS = ast.FunctionDef, ast.AsyncFunctionDef

def docstrings(tree):
    "The lines that docstrings stand on"
    may_have_one = ast.Module, ast.ClassDef, *FUNCTIONS
    told = [node for node in ast.walk(tree)
            if isinstance(node, may_have_one) and ast.get_docstring(node, clean=False) is not None]
    return {n for node in told for n in range(node.body[0].lineno, node.body[0].end_lineno + 1)}

def tables(tree):
    "The lines of tables of coordinates: assignments at the top of nothing but literals, of four lines and more"
    plain = ast.Tuple, ast.Dict, ast.Constant, ast.Load, ast.UnaryOp, ast.USub
    def literal(value): return all(isinstance(n, plain) for n in ast.walk(value))
    long = [node for node in tree.body if isinstance(node, ast.Assign) and node.end_lineno - node.lineno > 3]
    return {n for node in long if literal(node.value) for n in range(node.lineno, node.end_lineno + 1)}

def decisions(node):
    "Branches in `node`: each `if`, loop, handler, clause of a comprehension, `and`, `or`"
    nodes = [*ast.walk(node)]
    more = sum(len(n.values) - 1 for n in nodes if isinstance(n, ast.BoolOp))
    return more + sum(isinstance(n, BRANCHES) for n in nodes)

def computes_many(node):
    "Does it assign three targets or more at once, of values that are computed?"
    if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple)): return False
    if not isinstance(node.value, ast.Tuple): return False
    plain = ast.Constant, ast.Name, ast.Attribute
    return len(node.value.elts) > 2 and not all(isinstance(v, plain) for v in node.value.elts)

def size_of(function, code):
    "How many of the lines of code it has, and its complexity"
    return len({*range(function.lineno, function.end_lineno + 1)} & code), 1 + decisions(function)

@cache
def measured(path):
    """Of a module: lines of code, tokens, decisions,
    assignments that compute three targets or more, (lines, complexity) of each function"""
    source = path.read_text(encoding='utf-8')
    tree = ast.parse(source)
    skip,code,tokens,within = docstrings(tree) | tables(tree),set(),0,0
    for t in tokenize.generate_tokens(io.StringIO(source).readline):
        if t.type in SILENT or t.start[0] in skip: continue
        within -= t.type == F_END
        tokens += not within and t.type != F_END
        within += t.type == F_START
        code.update(range(t.start[0], t.end[0] + 1))
    functions = {f.name: size_of(f, code) for f in ast.walk(tree) if isinstance(f, FUNCTIONS)}
    return len(code), tokens, decisions(tree), sum(map(computes_many, ast.walk(tree))), functions

@pytest.mark.parametrize('path', modules, ids=lambda path: path.stem)
def test_a_line_is_read_once(path):
    "What a page holds is broken where a reader takes a breath; a short module may be denser"
    lines,tokens,decided,many,functions = measured(path)
    assert {name: sizes for name,sizes in functions.items() if sizes[0] > 25 or sizes[1] > 12} == {} and many == 0
    assert tokens <= (12 if path.stem == 'engine' else 13)*lines and 100*decided <= 55*lines

def test_the_package_is_read_at_ease():
    sizes = [measured(path) for path in modules]
    lines,tokens,decided = (sum(size[i] for size in sizes) for i in range(3))
    assert tokens <= 11*lines and 100*decided <= 38*lines

@pytest.mark.parametrize('path', modules, ids=lambda path: path.stem)
def test_lines_fit_a_page(path):
    "In 100 columns, but for the list of names that nbdev makes"
    text = re.sub(r'^__all__ = \[.*?\]$', '', path.read_text(encoding='utf-8'), flags=re.M|re.S)
    assert [line for line in text.splitlines() if len(line) > 100] == []

folders = [root/name for name in ('tests', 'tools', 'benchmarks')]
programs = [root/'setup.py', *sorted(path for folder in folders for path in folder.rglob('*.py'))]

@pytest.mark.parametrize('path', programs, ids=lambda path: path.stem)
def test_lines_of_tests_and_tools_fit_a_screen(path):
    "In 120 columns"
    assert [line for line in path.read_text(encoding='utf-8').splitlines() if len(line) > 120] == []

def within(tree, kind):
    "The nodes that stand within a node of such a kind, by their identity"
    return {id(node) for outer in ast.walk(tree) if isinstance(outer, kind) for node in ast.walk(outer)}

def names_of(node):
    "The modules that an import names, `python_tcp` in front of ours"
    if isinstance(node, ast.Import): return [alias.name for alias in node.names]
    base = '.'.join(filter(None, ['python_tcp'*bool(node.level), node.module]))
    return [f'{base}.{alias.name}' for alias in node.names] if base == 'python_tcp' else [base]

@pytest.mark.parametrize('path', modules, ids=lambda path: path.stem)
def test_imports_keep_to_the_design(path):
    """Only the standard library and the modules that DESIGN allows, late ones within functions;
    at most an extra's there, where it may be missing"""
    tree, ours, others = ast.parse(path.read_text(encoding='utf-8')), set(), set()
    late, tried = within(tree, (ast.FunctionDef, ast.AsyncFunctionDef)), within(tree, ast.Try)
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Import, ast.ImportFrom)): continue
        for name in names_of(node):
            first, _, rest = name.partition('.')
            if first == 'python_tcp': ours.add(rest.split('.')[0] + '*'*(id(node) in late))
            elif id(node) not in tried & late or first not in MAY_TRY.get(path.stem, ()): others.add(first)
    assert others <= sys.stdlib_module_names | {'__future__'}
    ours = {name for name in ours if (root/'python_tcp'/f'{name.rstrip("*")}.py').exists()}
    allowed = {*MAY_IMPORT.get(path.stem, '').split()}
    if path.stem in MAY_IMPORT: assert ours <= allowed | {name + '*' for name in allowed}

def test_every_room_has_its_arrows(): assert {path.stem for path in modules} - {'__main__'} == {*MAY_IMPORT}

def test_the_readme_says_how_much_there_is_to_read():
    "To a twentieth: the TCP, and the rest"
    readme = (root/'README.md').read_text(encoding='utf-8')
    said = re.search(r'has some ([\d,]+) lines of code; the plumbing .* has some ([\d,]+)\.', readme)
    sizes = {path.stem: measured(path)[0] for path in modules}
    tcp = sum(sizes[name] for name in 'segment states engine congestion net'.split())
    for number,size in zip(said.groups(), (tcp, sum(sizes.values()) - tcp)):
        assert abs(int(number.replace(',', '')) - size) < size/20, (number, size)

def test_package_loads_nothing_until_asked():
    late = "[m for m in sys.modules if m.startswith('python_tcp.')]"
    assert fresh(f'import sys, python_tcp; print({late})').strip() == '[]'

def test_an_editor_sees_the_names_of_the_package():
    "What `__init__` imports for editors only is what it gives when asked"
    tree = ast.parse((root/'python_tcp'/'__init__.py').read_text(encoding='utf-8'))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = [(alias.name, alias.asname, node.module) for node in block.body for alias in node.names]
    assert block.test.id == 'TYPE_CHECKING'
    assert seen == [(name, name, module) for name,module in python_tcp._home.items()]

def test_core_is_cheap_to_import():
    heavy = ['ctypes', 'json', 'ipaddress', 'subprocess']
    assert fresh(f'import sys, python_tcp.core; print([m for m in {heavy} if m in sys.modules])').strip() == '[]'

def test_the_engine_is_imported_without_its_pictures():
    heavy = ['python_tcp.draw', 'textwrap', 'ipaddress', 'xml', 'html']
    assert fresh(f'import sys, python_tcp.engine; print([m for m in {heavy} if m in sys.modules])').strip() == '[]'

def test_a_lab_loads_nothing_for_its_pictures_and_programs_yet():
    heavy = ['html', 'pathlib', 'shutil']
    assert fresh(f'import sys, python_tcp.lab; print([m for m in {heavy} if m in sys.modules])').strip() == '[]'

def test_a_trace_touches_no_file_format_until_there_is_a_file():
    late = "[m for m in ('gzip', 'zlib', 'python_tcp.pcap') if m in sys.modules]"
    assert fresh(f'import sys, python_tcp.trace, python_tcp.wire; print({late})').strip() == '[]'

def test_first_import():
    names = 'get_free_port, SocketState, TCPConnection'
    assert fresh(f'from python_tcp import {names}; print(SocketState.LISTEN)').strip() == 'LISTEN'

def test_script_of_the_readme():
    readme = (root/'README.md').read_text(encoding='utf-8')
    shown = re.findall(r'^``` ?python\n(.*?)^```', readme, re.M|re.S)
    code = next(code for code in shown if 'TCPConnection' in code)
    assert len(code.splitlines()) <= 22 and lines(code) <= 20
    assert fresh(code).startswith('HOLD THE WIRE')

def test_main_job(tmp_path):
    "Uninstalled, piped, in another encoding, with a home that cannot be written"
    for args in [], ['--help']:
        env = {**os.environ, 'PYTHONIOENCODING': 'cp1252', 'HOME': str(tmp_path/'none')}
        ran = subprocess.run([sys.executable, '-S', '-m', 'python_tcp', *args],
            cwd=root, capture_output=True, timeout=60, env=env)
        assert ran.returncode == 0 and ran.stdout.decode('cp1252').strip(), ran.stderr.decode()
