"""What a test may need beyond Python: `@pytest.mark.needs('lab')` tries for it, and skips with the reason
where it cannot be had"""
import gc, importlib, os, shutil, signal, subprocess, sys, threading, time
from functools import cache

import pytest

BROWSER_ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--no-first-run']

def _linux():
    if not sys.platform.startswith('linux'): raise OSError(f'this is {sys.platform}')

def _lab():
    from python_tcp.lab import Lab
    Lab().close()

def _capture():
    from python_tcp.capture import Capture
    Capture('lo').close()

def launch(playwright):
    "The system's Chromium, or the one that playwright installed"
    names = 'chromium', 'chromium-browser', 'google-chrome', 'chrome'
    found = next(filter(None, map(shutil.which, names)), None)
    return playwright.chromium.launch(executable_path=found, args=BROWSER_ARGS)

def _chromium():
    from playwright.sync_api import sync_playwright
    with sync_playwright() as p: launch(p).close()

def _module(name): return lambda: importlib.import_module(name)
def _program(name):
    command = [name, '--version']
    return lambda: subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)

FACILITIES = dict(
    linux=_linux, lab=_lab, capture=_capture, chromium=_chromium,
    scapy=_module('scapy.layers.inet'), dpkt=_module('dpkt'),
    **{name:_program(name) for name in 'tshark tcpdump nc curl ss ip lsns unshare quarto'.split()})

@cache
def missing(
    name:str, # one of FACILITIES
)->str|None:  # why it cannot be had here, None if it can
    "The reason, found by trying, once"
    try: FACILITIES[name]()
    except Exception as e: return (str(e).strip().splitlines() or [type(e).__name__])[0]

def until(condition, seconds=10):
    "What `condition` gives, as soon as that is true"
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, 'waited in vain'
        time.sleep(.001)
    return found

def written(path):
    "The trace in a file that a program still writes; empty while the end of the file is not whole"
    from python_tcp.trace import Trace
    try: return Trace.load(path)
    except ValueError: return Trace()

def same(r): return r.src, r.dst, r.seg

def flags(trace):
    "Those of each segment; how a kernel pushes is its own affair"
    from python_tcp.segment import Flags
    return [seen.seg.flags & ~Flags.PSH for seen in trace]

def descriptors():
    "What this process has open, by number"
    links = [f'/proc/self/fd/{fd}' for fd in os.listdir('/proc/self/fd')]
    return {link: os.readlink(link) for link in links if os.path.lexists(link)}

SS = {'ESTAB': 'ESTABLISHED', 'SYN-RECV': 'SYN_RECEIVED', 'UNCONN': 'CLOSED'} # where ss has a name of its own

def by_ss_name(name):
    "The state that ss calls so"
    return SS.get(name, name.replace('-', '_'))

@pytest.fixture
def silent(capfd):
    "Nothing is ever printed, not by a process that was started either"
    yield
    assert capfd.readouterr() == ('', '')

@pytest.fixture
def nothing_is_left():
    "No thread and no descriptor, where a live wire was"
    gc.collect()
    before,threads = descriptors(),threading.active_count()
    yield
    gc.collect()
    until(lambda: threading.active_count() == threads and descriptors() == before)

def pytest_addoption(parser):
    parser.addoption('--live', default='', metavar='NAME,NAME',
        help=f'fail, not skip, where one of these is missing: {",".join(FACILITIES)}')
    parser.addoption('--without', default='', metavar='NAME,NAME',
        help='leave out the tests that need one of these')
    parser.addoption('--long', action='store_true', help='run what is marked long, too, and longer sweeps')
    parser.addoption('--seeds', type=int, metavar='N',
        help='how many seeds the sweeps of the engine try: 30, or 100 with --long')

def pytest_configure(config):
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN: # as a shell has it for what it puts aside
        signal.signal(signal.SIGINT, signal.default_int_handler) # programs of tests inherit it
    config.addinivalue_line('markers',
        f'needs(*names): skip, with the reason, where one of these cannot be had: {", ".join(FACILITIES)}')
    config.addinivalue_line('markers', 'long: takes minutes, and is left out without --long')
    config.addinivalue_line('markers',
        'instead_of(name): stands in for a test that needs NAME; without --long it is left out where that can be had')
    config.live,config.without = named(config, 'live'),named(config, 'without')
    if config.option.seeds is None: config.option.seeds = 100 if config.option.long else 30

def named(config, option):
    "The facilities that an option names"
    names = set(filter(None, config.getoption(option).split(',')))
    if unknown := names - set(FACILITIES):
        raise pytest.UsageError(f'--{option} knows {", ".join(FACILITIES)}, not {", ".join(unknown)}')
    return names

def needs(item): return [name for mark in item.iter_markers('needs') for name in mark.args]

def is_superfluous(item):
    "Can the test run that this one stands in for?"
    names = [name for mark in item.iter_markers('instead_of') for name in mark.args]
    return any(name not in item.config.without and not missing(name) for name in names)

def pytest_collection_modifyitems(config, items):
    def left_out(item):
        if config.without.intersection(needs(item)): return True
        if config.option.long: return False
        return item.get_closest_marker('long') is not None or is_superfluous(item)
    config.hook.pytest_deselected(items=[item for item in items if left_out(item)])
    items[:] = [item for item in items if not left_out(item)]

def pytest_runtest_setup(item):
    for name in needs(item):
        end = pytest.fail if name in item.config.live else pytest.skip
        if why := missing(name): end(f'needs {name}: {why}')

def pytest_report_header(config):
    return [f'live: {", ".join(sorted(config.live))}'] if config.live else []
