"What a test may need beyond Python: `@pytest.mark.needs('lab')` tries for it, and skips with the reason where it cannot be had"
import importlib, shutil, subprocess, sys
from functools import cache

import pytest

BROWSER_ARGS = '--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run'.split()

def _linux():
    if not sys.platform.startswith('linux'): raise OSError(f'this is {sys.platform}')

def _lab():
    from python_tcp.lab import Lab
    Lab().close()

def _capture():
    from python_tcp.kernel import Capture
    Capture('lo').close()

def launch(playwright):
    "The system's Chromium, or the one that playwright installed"
    found = next(filter(None, map(shutil.which, ['chromium', 'chromium-browser', 'google-chrome', 'chrome'])), None)
    return playwright.chromium.launch(executable_path=found, args=BROWSER_ARGS)

def _chromium():
    from playwright.sync_api import sync_playwright
    with sync_playwright() as p: launch(p).close()

def _module(name): return lambda: importlib.import_module(name)
def _program(name):
    return lambda: subprocess.run([name, '--version'], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)

FACILITIES = dict(linux=_linux, lab=_lab, capture=_capture, chromium=_chromium, scapy=_module('scapy.layers.inet'), dpkt=_module('dpkt'),
                  **{name:_program(name) for name in ('tshark', 'tcpdump', 'nc', 'ss', 'ip', 'lsns', 'unshare', 'quarto')})

@cache
def missing(
    name:str, # one of FACILITIES
)->str|None:  # why it cannot be had here, None if it can
    "The reason, found by trying, once"
    try: FACILITIES[name]()
    except Exception as e: return (str(e).strip().splitlines() or [type(e).__name__])[0]

def pytest_addoption(parser):
    parser.addoption('--live', default='', metavar='NAME,NAME', help=f'fail, not skip, where one of these is missing: {",".join(FACILITIES)}')
    parser.addoption('--seeds', default=100, type=int, metavar='N', help='how many seeds the sweeps of the engine try')
    parser.addoption('--long', action='store_true', help='run what is marked long, too')

def pytest_configure(config):
    config.addinivalue_line('markers', f'needs(*names): skip, with the reason, where one of these cannot be had: {", ".join(FACILITIES)}')
    config.addinivalue_line('markers', 'long: takes minutes, and is left out without --long')
    config.live = set(filter(None, config.getoption('live').split(',')))
    if unknown := config.live - set(FACILITIES): raise pytest.UsageError(f'--live knows {", ".join(FACILITIES)}, not {", ".join(unknown)}')

def pytest_collection_modifyitems(config, items):
    if config.getoption('long'): return
    long = [item for item in items if item.get_closest_marker('long')]
    items[:] = [item for item in items if item not in long]
    config.hook.pytest_deselected(items=long)

def pytest_runtest_setup(item):
    for name in (name for mark in item.iter_markers('needs') for name in mark.args):
        if why := missing(name): (pytest.fail if name in item.config.live else pytest.skip)(f'needs {name}: {why}')

def pytest_report_header(config):
    return [f'live: {", ".join(sorted(config.live))}'] if config.live else []
