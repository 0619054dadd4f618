"The site as a browser gets it: nothing asked of another host, every link and anchor there, no sideways scrolling, light and dark"
import json, subprocess, sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from threading import Thread
from urllib.parse import urldefrag, urljoin

import pytest
from conftest import launch

root = Path(__file__).parent.parent
LOOK = '''() => {
    const light = color => { const n = color.match(/[\\d.]+/g).map(Number); return n[3] !== 0 && Math.min(...n.slice(0, 3)) > 180 }
    const ground = svg => { // beside the picture's edge, at three heights, for a label may stand at one of them
        svg.scrollIntoView({block: 'center', behavior: 'instant'})
        const box = svg.getBoundingClientRect(), shown = Math.min(box.height, innerHeight)
        const colors = [.3, .5, .7].map(part => {
            const e = document.elementFromPoint(box.x + 2, Math.max(box.y, 0) + part*shown)
            return getComputedStyle(e)[e.matches('svg *') ? 'fill' : 'backgroundColor']
        })
        return colors.find(light) ?? colors[0]
    }
    const main = document.querySelector('main')
    return {
        ids: [...document.querySelectorAll('[id]')].map(e => e.id),
        links: [...document.querySelectorAll('a[href]')].map(e => e.getAttribute('href')).filter(h => h),
        wide: Math.max(main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - innerWidth, 0),
        unlit: [...main.querySelectorAll('.cell-output svg')].map(ground).filter(color => !light(color)),
        ground: getComputedStyle(document.body).backgroundColor}}'''

SOUGHT = { # a heading of the answers -> what people type: the last line of a traceback where there is one
    'OSError: [Errno 98] Address already in use, after a restart': ['OSError: [Errno 98] Address already in use'],
    'recv() returns only part of my message': ['recv returns only part'],
    'Two sends arrive as one: JSONDecodeError: Extra data': ['json.decoder.JSONDecodeError: Extra data: line 2 column 1 (char 25)'],
    'ConnectionResetError: [Errno 104] Connection reset by peer': ['ConnectionResetError: [Errno 104] Connection reset by peer'],
    'BrokenPipeError: [Errno 32] Broken pipe, but the first send worked': ['BrokenPipeError: [Errno 32] Broken pipe'],
    'How do I see the three-way handshake from Python?': ['three-way handshake from Python'],
    'How can I tell that the other side has disconnected?': ['disconnected'],
    'It hangs for ever behind a NAT: half-open connections and keep-alive': ['keep-alive', 'half-open', 'behind a NAT'],
    'ConnectionRefusedError: [Errno 111] Connection refused, or TimeoutError: timed out?':
        ['ConnectionRefusedError: [Errno 111] Connection refused', 'TimeoutError: timed out', 'TimeoutError: [Errno 110] Connection timed out'],
    'It works on localhost, but not from a Docker container or another host': ['localhost', 'Docker'],
    'What is the backlog of listen()?': ['backlog'],
    'Am I connected before accept()?': ['before accept()'],
    'Why does each request take 40 ms?': ['40 ms', 'delayed ACK'],
    'My server is full of CLOSE_WAIT': ['CLOSE_WAIT', 'OSError: [Errno 24] Too many open files'],
    'TIME_WAIT: who gets it, why, and can I get rid of it?': ['TIME_WAIT'],
    'OSError: [Errno 99] Cannot assign requested address, under load': ['OSError: [Errno 99] Cannot assign requested address'],
    'close() or shutdown()? Half-close': ['close() or shutdown()', 'half-close'],
    'I closed the socket in one thread, and the other is still in recv()': ['blocked in recv'],
    'BlockingIOError: [Errno 11] Resource temporarily unavailable: send or sendall, and why do both sides hang?':
        ['BlockingIOError: [Errno 11] Resource temporarily unavailable', 'send or sendall'],
    'BlockingIOError: [Errno 115] Operation now in progress, on connect': ['BlockingIOError: [Errno 115] Operation now in progress'],
    'SO_REUSEADDR or SO_REUSEPORT?': ['SO_REUSEADDR', 'SO_REUSEPORT'],
    'In which state is my socket, from Python?': ['state is my socket'],
    'I build a handshake by hand (Scapy, raw sockets), and my own kernel sends RST': ['kernel sends RST', 'raw sockets'],
    'Slow on a long fat link': ['long fat', 'bandwidth-delay product'],
    'My free port is sometimes taken': ['free port']}

class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args): pass

@pytest.fixture(scope='module')
def site(tmp_path_factory):
    "A freshly rendered site's folder"
    out = tmp_path_factory.mktemp('site')/'docs'
    ran = subprocess.run([sys.executable, 'tools/site.py', out], cwd=root, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return out

@pytest.fixture(scope='module')
def address(site):
    "Where the site is served"
    with ThreadingHTTPServer(('127.0.0.1', 0), partial(Quiet, directory=site)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f'http://127.0.0.1:{server.server_port}/'
        server.shutdown()

@pytest.fixture(scope='module')
def seen(site, address):
    "What the browser saw of each page, by (page, scheme, width), and all that it asked for as (address, status)"
    from playwright.sync_api import sync_playwright
    looks,asked = {},[]
    with sync_playwright() as p:
        browser = launch(p)
        for scheme,width in product(['light', 'dark'], [1280, 380]):
            page = browser.new_page(color_scheme=scheme, viewport={'width': width, 'height': 800})
            page.on('response', lambda r: asked.append((r.url, r.status)))
            page.on('requestfailed', lambda r: asked.append((r.url, r.failure)))
            for file in sorted(site.glob('*.html')):
                page.goto(address + file.name, wait_until='networkidle' if (scheme, width) == ('light', 1280) else 'load')
                looks[file.name, scheme, width] = page.evaluate(LOOK)
        browser.close()
    return looks,asked

def test_every_notebook_is_a_page_with_its_api_and_sources(site):
    pages = {page.stem:page.read_text(encoding='utf-8') for page in site.glob('*.html')}
    assert set(pages) == {nb.stem.split('_', 1)[-1] for nb in (root/'nbs').glob('*.ipynb')}
    from python_tcp._modidx import d
    entries = [entry for names in d['syms'].values() for name,(entry,_) in names.items() if name.count('.') == 2 and '._' not in name]
    for entry in entries:
        page,anchor = entry.split('.html#')
        assert f'id="{anchor}"' in pages[page], entry
        assert d['settings']['git_url'] in pages[page], f'no source link on {page}'

def test_every_page_weighs_less_than_500_kB(site):
    assert {page.name:page.stat().st_size for page in site.glob('*.html') if page.stat().st_size >= 500_000} == {}

@pytest.mark.needs('chromium')
def test_no_page_asks_another_host(seen, address):
    assert {(url,status) for url,status in seen[1] if not url.startswith((address, 'data:')) or status not in (200, 304)} == set()

@pytest.mark.needs('chromium')
def test_links_and_anchors_lead_somewhere(seen, site, address):
    from nbdev.config import get_config
    home = get_config(root).doc_url
    ids = {page:set(look['ids']) for (page,*_),look in seen[0].items()}
    broken = set()
    for (page,*_),look in seen[0].items():
        for href in look['links']:
            url,anchor = urldefrag(urljoin(address + page, href.replace(home, address)))
            if not url.startswith(address): continue
            name = url.removeprefix(address) or 'index.html'
            if not (site/name).is_file() or anchor and anchor not in ids.get(name, ()): broken.add((page, href))
    assert broken == set()

@pytest.mark.needs('chromium')
def test_nothing_is_wider_than_the_page(seen):
    "But in a box that scrolls by itself"
    assert {view:look['wide'] for view,look in seen[0].items() if look['wide']} == {}

@pytest.mark.needs('chromium')
def test_pictures_have_a_light_ground(seen):
    assert {view:look['unlit'] for view,look in seen[0].items() if look['unlit']} == {}

@pytest.mark.needs('chromium')
def test_dark_is_dark(seen):
    grounds = {scheme:{look['ground'] for (_,s,_),look in seen[0].items() if s==scheme} for scheme in ('light', 'dark')}
    assert grounds['light'] == {'rgb(255, 255, 255)'} and not grounds['light'] & grounds['dark'], grounds

@pytest.mark.needs('chromium')
def test_search_finds_each_answer(address):
    "In the site's own search box, among the first three results"
    from playwright.sync_api import sync_playwright
    cells = json.loads((root/'nbs'/'30_answers.ipynb').read_text(encoding='utf-8'))['cells']
    heads = {''.join(cell['source'])[3:] for cell in cells if ''.join(cell['source']).startswith('## ')}
    assert heads == set(SOUGHT)
    missed = {}
    with sync_playwright() as p:
        browser = launch(p)
        page = browser.new_page()
        page.goto(address)
        for head,query in ((head, query) for head,queries in SOUGHT.items() for query in queries):
            page.evaluate("document.querySelector('.smalldocs-search-results').replaceChildren()")
            page.fill('input[type=search]', query)
            page.wait_for_selector('.search-result, .search-none')
            found = page.eval_on_selector_all('.search-result', "all => all.map(e => [...e.children].slice(0, 2).map(part => part.innerText).join(': '))")
            if f'Answers: {head}' not in found[:3]: missed[query] = found[:3]
        browser.close()
    assert missed == {}
