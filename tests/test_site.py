"""The site as a browser gets it, rendered by smalldocs and by Quarto, which are held to one list:
what is quick always, all of it with --long"""
import json, os, re, shutil, subprocess, sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest, yaml
from conftest import launch

root = Path(__file__).parent.parent
QUARTO = pytest.param('quarto', marks=[pytest.mark.long, pytest.mark.needs('quarto')])
RENDER = {'smalldocs': [sys.executable, 'tools/site.py'], 'quarto': [Path(sys.executable).with_name('nbdev-docs')]}
# where to type, and a result
SEARCH = {'smalldocs': ('input[type=search]', '.search-result'), 'quarto': ('.aa-Input', '.aa-Item a')}
WIDE = 'light', 1280
OTHERS = ('dark', 1280), ('light', 320) # with the two above each width and each scheme
VIEWS = [WIDE, ('dark', 380), *(pytest.param(view, marks=pytest.mark.long) for view in OTHERS)]
LOOK = '''() => {
    const light = color => {
        const n = color.match(/[\\d.]+/g).map(Number)
        return n[3] !== 0 && Math.min(...n.slice(0, 3)) > 180
    }
    const ground = svg => { // beside the picture's edge, at three heights, for a label may stand at one of them
        svg.scrollIntoView({block: 'center', behavior: 'instant'})
        const box = svg.getBoundingClientRect(), shown = Math.min(box.height, innerHeight)
        const colors = [.3, .5, .7].map(part => {
            const e = document.elementFromPoint(box.x + 2, Math.max(box.y, 0) + part*shown)
            return getComputedStyle(e)[e.matches('svg *') ? 'fill' : 'backgroundColor']
        })
        return colors.find(light) ?? colors[0]
    }
    const all = selector => [...document.querySelectorAll(selector)]
    const main = document.querySelector('main'), prose = main.cloneNode(true)
    const untold = svg => !svg.querySelector('title')?.textContent
    prose.querySelectorAll('pre, code, svg').forEach(e => e.remove())
    const told = all('details.guess ~ :not(section)').filter(e => e.checkVisibility()).length
    all('details.guess').forEach(e => { e.open = true })
    return {
        told,
        ids: all('[id]').map(e => e.id),
        twice: all('main [id]').map(e => e.id).filter((id, i, ids) => ids.indexOf(id) < i),
        links: all('a[href]').map(e => e.getAttribute('href')).filter(h => h),
        wide: Math.max(main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - innerWidth, 0),
        scroll: all('main table').filter(e => e.scrollWidth > e.clientWidth + 1).length,
        pictures: all('main :is(.cell-output, .quarto-layout-cell) svg').length,
        mute: all('img').filter(e => !e.alt).length + all('main svg').filter(untold).length,
        unlit: all('main :is(.cell-output, .quarto-layout-cell) svg').map(ground).filter(color => !light(color)),
        stars: prose.textContent.match(/(?<!\\S)\\*+\\w.*|.*\\w[.)]?\\*+(?!\\S)/g) ?? [],
        contents: all('#TOC a').filter(e => e.checkVisibility()).map(e => e.textContent),
        ground: getComputedStyle(document.body).backgroundColor}}'''

# a heading of the answers -> what people type: the last line of a traceback where there is one
SOUGHT = {
    'OSError: [Errno 98] Address already in use, after a restart':
        ['OSError: [Errno 98] Address already in use', 'EADDRINUSE',
         'OSError: [Errno 48] Address already in use', 'WinError 10048',
         'Only one usage of each socket address'],
    'ConnectionRefusedError: [Errno 111] Connection refused, or TimeoutError: timed out?':
        ['ConnectionRefusedError: [Errno 111] Connection refused', 'TimeoutError: timed out',
         'TimeoutError: [Errno 110] Connection timed out', 'ECONNREFUSED', 'ETIMEDOUT',
         'WinError 10061', 'WinError 10060',
         'ConnectionRefusedError: [Errno 61] Connection refused',
         'target machine actively refused it'],
    'The third ACK of the handshake is lost: what happens?':
        ['third ACK', 'ACK of the handshake is lost'],
    'It works on localhost, but not from a Docker container or another host':
        ['localhost', 'Docker'],
    'localhost is ::1 for one side and 127.0.0.1 for the other': ['localhost is ::1', '::1 for one side'],
    'BlockingIOError: [Errno 115] Operation now in progress, on connect':
        ['BlockingIOError: [Errno 115] Operation now in progress', 'EINPROGRESS', 'WinError 10036'],
    'My free port is sometimes taken': ['free port'],
    'recv() returns only part of my message': ['recv returns only part'],
    'Two sends arrive as one: JSONDecodeError: Extra data':
        ['json.decoder.JSONDecodeError: Extra data: line 2 column 1 (char 25)'],
    'TCP or UDP: what is the difference?': ['TCP or UDP', 'UDP: what is the difference'],
    'send() returned: has the peer got it?': ['send returned', 'has the peer got it'],
    'BlockingIOError: [Errno 11] Resource temporarily '
    'unavailable: send or sendall, and why do both sides hang?':
        ['BlockingIOError: [Errno 11] Resource temporarily unavailable', 'send or sendall',
         'EWOULDBLOCK', 'WinError 10035',
         'BlockingIOError: [Errno 35] Resource temporarily unavailable'],
    'How often is it sent again, and how long until TimeoutError: [Errno 110]?':
        ['how often is it sent again', 'tcp_retries2'],
    'Why does TCP send it again (retransmission), and what is a Dup ACK?':
        ['TCP Dup ACK', 'Dup ACK', 'Why does TCP send it again'],
    'ConnectionResetError: [Errno 104] Connection reset by peer':
        ['ConnectionResetError: [Errno 104] Connection reset by peer', 'ECONNRESET',
         'WinError 10054', 'WinError 10053',
         'ConnectionResetError: [Errno 54] Connection reset by peer',
         'existing connection was forcibly closed by the remote host'],
    'BrokenPipeError: [Errno 32] Broken pipe, but the first send worked':
        ['BrokenPipeError: [Errno 32] Broken pipe', 'EPIPE'],
    'How can I tell that the other side has disconnected?': ['disconnected', 'recv blocks forever'],
    'It hangs for ever behind a NAT: half-open connections and keep-alive':
        ['keep-alive', 'half-open', 'behind a NAT'],
    'close() or shutdown()? Half-close': ['close() or shutdown()', 'half-close'],
    'TIME_WAIT: who gets it, why, and can I get rid of it?': ['TIME_WAIT'],
    'FIN_WAIT_2 does not go away: how long, and whose task is it?':
        ['FIN_WAIT_2', 'tcp_fin_timeout'],
    'I closed the socket in one thread, and the other is still in recv()': ['blocked in recv'],
    'OSError: [Errno 9] Bad file descriptor':
        ['OSError: [Errno 9] Bad file descriptor', 'EBADF', 'WinError 10038'],
    'What is the backlog of listen()?': ['backlog'],
    'Am I connected before accept()?': ['before accept()'],
    'My server is full of CLOSE_WAIT': ['CLOSE_WAIT'],
    'OSError: [Errno 24] Too many open files':
        ['OSError: [Errno 24] Too many open files', 'EMFILE'],
    'OSError: [Errno 99] Cannot assign requested address, under load':
        ['OSError: [Errno 99] Cannot assign requested address', 'EADDRNOTAVAIL', 'WinError 10049'],
    'More than 65,535 connections? One port twice?': ['65,535 connections', 'one port twice'],
    'SO_REUSEADDR or SO_REUSEPORT?': ['SO_REUSEADDR', 'SO_REUSEPORT'],
    'SYN flood, SYN cookies: what are they?': ['SYN flood', 'SYN cookie'],
    'Why does each request take 40 ms?': ['40 ms', 'delayed ACK'],
    'Slow on a long fat link': ['long fat', 'bandwidth-delay product'],
    'Small messages pass, large ones hang: path MTU, black holes':
        ['path MTU', 'black hole', 'fragmentation needed'],
    'Head-of-line blocking: one loss holds up all the rest':
        ['head of line blocking', 'head-of-line'],
    'How do I see the three-way handshake from Python?': ['three-way handshake from Python'],
    'In which state is my socket, from Python?': ['state is my socket'],
    'Recv-Q and Send-Q in ss and netstat: what do they count?': ['Recv-Q', 'Send-Q in ss'],
    'WinError 10054, 10048, 10061, 10060: which errors are these?': ['WinError', 'WinError 10065'],
    'Wireshark says that the checksum is wrong: checksum offload':
        ['checksum offload', 'Wireshark says that the checksum is wrong'],
    'I build a handshake by hand (Scapy, raw sockets), and my own kernel sends RST':
        ['kernel sends RST', 'raw sockets']}

class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args): pass

def run(argv, here):
    "A program in a copy of the project; pandoc takes the `python` of its filters from PATH"
    path = f'{Path(sys.executable).parent}{os.pathsep}{os.environ["PATH"]}'
    env = {**os.environ, 'PYTHONPATH': str(here), 'PATH': path}
    ran = subprocess.run(argv, cwd=here, capture_output=True, text=True, env=env)
    assert ran.returncode == 0, ran.stdout + ran.stderr

def entries():
    "(page, anchor, name) of each entry of the API"
    from python_tcp._modidx import d
    for names in d['syms'].values():
        for name,(entry,_) in names.items():
            if name.count('.') == 2 and '._' not in name: yield *entry.split('.html#'), name.split('.')[-1]

@pytest.fixture(scope='session', params=['smalldocs', QUARTO]) # wider than `seen`: rendered once, seen in every view
def site(request, tmp_path_factory):
    "A freshly rendered site: who rendered it, and its folder in a copy of the project"
    here = tmp_path_factory.mktemp(request.param)
    for name in 'nbs', 'python_tcp', 'tools':
        shutil.copytree(root/name, here/name, ignore=shutil.ignore_patterns('__pycache__'))
    for name in 'pyproject.toml', 'settings.ini', 'README.md': shutil.copy(root/name, here)
    run(RENDER[request.param], here)
    return SimpleNamespace(by=request.param, to=here/'_docs')

@pytest.fixture(scope='module')
def pages(site):
    "The text of each page, by name"
    return {page.stem:page.read_text(encoding='utf-8') for page in site.to.glob('*.html')}

@pytest.fixture(scope='module')
def address(site):
    "Where the site is served"
    with ThreadingHTTPServer(('127.0.0.1', 0), partial(Quiet, directory=site.to)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f'http://127.0.0.1:{server.server_port}/'
        server.shutdown()

@pytest.fixture(scope='module')
def browser():
    from playwright.sync_api import sync_playwright
    with sync_playwright() as p:
        browser = launch(p)
        yield browser
        browser.close()

@pytest.fixture(scope='module', params=VIEWS, ids=lambda view: '-'.join(map(str, view)))
def seen(request, pages, address, browser):
    """What the browser saw of each page in one scheme and width, all that it asked for,
    and what it did not get as (address, status)"""
    scheme,width = request.param
    page = browser.new_page(color_scheme=scheme, viewport={'width': width, 'height': 800})
    looks,asked,refused = {},[],[]
    page.on('request', lambda r: asked.append(r.url))
    page.on('response', lambda r: r.status in (200, 304) or refused.append((r.url, r.status)))
    for name in sorted(pages):
        page.goto(f'{address}{name}.html') # all of it has come; for what it asks for by itself, wait, too
        if request.param == WIDE: page.wait_for_load_state('networkidle')
        looks[f'{name}.html'] = page.evaluate(LOOK)
    page.close()
    return SimpleNamespace(looks=looks, asked=asked, refused=refused, scheme=scheme)

def found(seen, what): return {page:look[what] for page,look in seen.looks.items() if look[what]}

def test_every_notebook_is_a_page_with_its_api_and_sources(pages):
    assert set(pages) == {nb.stem.split('_', 1)[-1] for nb in (root/'nbs').glob('*.ipynb')}
    from python_tcp._modidx import d
    for page,anchor,_ in entries():
        assert f'id="{anchor}"' in pages[page], (page, anchor)
        assert d['settings']['git_url'] in pages[page], f'no source link on {page}'

def test_source_that_need_not_be_read_is_folded_up(pages):
    "On the pages that say which of it need not"
    for path in (root/'nbs').glob('*.ipynb'):
        notebook = json.loads(path.read_text(encoding='utf-8'))
        cells = [''.join(c['source']) for c in notebook['cells']]
        if not any('#| folded: true' in text for text in cells): continue
        page = pages[path.stem.split('_', 1)[-1]]
        lessons = sum('#| lesson: true' in text for text in cells)
        assert len(re.findall('<details open[^>]* class="code-fold"', page)) == lessons, path.stem

def test_no_page_says_when_it_was_made(pages):
    assert {name for name,text in pages.items() if 'iopub' in text} == set()

def test_pages_have_an_icon(site, pages):
    icons = {name:re.search(r'<link(?=[^>]* rel="icon")[^>]* href="([^"]*)"', text) for name,text in pages.items()}
    assert {name for name,icon in icons.items() if not (icon and (site.to/icon[1]).is_file())} == set()

def test_every_quarto_renders_it():
    "Those before 1.10.15 stop at a page in two formats whose HTML does not keep its Markdown"
    formats = yaml.safe_load((root/'nbs'/'_quarto.yml').read_text(encoding='utf-8'))['format']
    assert len(formats) == 1 or formats['html']['keep-md']

def test_every_page_weighs_less_than_500_kB(pages):
    sizes = {name:len(text.encode()) for name,text in pages.items()}
    assert {name:size for name,size in sizes.items() if size >= 500_000} == {}

@pytest.mark.needs('chromium')
def test_no_page_asks_another_host(seen, address):
    assert {url for url in seen.asked if not url.startswith((address, 'data:'))} == set()
    assert seen.refused == []

@pytest.mark.needs('chromium')
def test_links_and_anchors_lead_somewhere(seen, site, address):
    from nbdev.config import get_config
    home = get_config(root).doc_url
    ids = found(seen, 'ids')
    broken = set()
    for page,links in found(seen, 'links').items():
        for href in links:
            url,anchor = urldefrag(urljoin(address + page, href.replace(home, address)))
            if not url.startswith(address): continue
            name = url.removeprefix(address) or 'index.html'
            if not (site.to/name).is_file() or anchor and anchor not in ids.get(name, ()): broken.add((page, href))
    assert broken == set()

@pytest.mark.needs('chromium')
def test_no_two_things_have_one_id(seen):
    assert found(seen, 'twice') == {}

@pytest.mark.needs('chromium')
def test_nothing_is_wider_than_the_page(seen):
    "But in a box that scrolls by itself"
    assert found(seen, 'wide') == {}

@pytest.mark.needs('chromium')
@pytest.mark.parametrize('seen', [('dark', 380)], indirect=True, ids=['narrow'])
def test_the_tables_of_the_cheat_sheet_fit_a_phone(seen):
    assert {*found(seen, 'scroll')} & {'cheat_sheet.html', 'index.html'} == set()

def saved_pictures(path):
    "How many pictures a reader of the notebook sees"
    cells = json.loads(path.read_text(encoding='utf-8'))['cells']
    code = [cell for cell in cells if cell['cell_type'] == 'code']
    shown = [cell for cell in code if not re.search(r'^#\| *hide\b', ''.join(cell['source']), re.M)]
    return sum('image/svg+xml' in o.get('data', {}) for cell in shown for o in cell['outputs'])

@pytest.mark.needs('chromium')
def test_pictures_are_those_of_the_notebooks_and_have_words(seen):
    saved = {f'{path.stem.split("_", 1)[-1]}.html': saved_pictures(path) for path in (root/'nbs').glob('*.ipynb')}
    saved = {page:n for page,n in saved.items() if n}
    assert found(seen, 'pictures') == saved
    assert found(seen, 'mute') == {}

@pytest.mark.needs('chromium')
def test_what_answers_a_guess_is_hidden_until_it_is_made(seen):
    "All that follows, up to the next heading"
    assert found(seen, 'told') == {}

@pytest.mark.needs('chromium')
def test_pictures_have_a_light_ground(seen):
    assert found(seen, 'unlit') == {}

@pytest.mark.needs('chromium')
def test_dark_is_dark(seen):
    grounds = {look['ground'] for look in seen.looks.values()}
    if seen.scheme == 'light': assert grounds == {'rgb(255, 255, 255)'}
    else: assert max(int(n) for ground in grounds for n in re.findall(r'\d+', ground)) < 64, grounds

@pytest.mark.needs('chromium')
def test_prose_has_no_stars(seen):
    "What was to be emphasized is, and what is code has the type of code"
    assert found(seen, 'stars') == {}

@pytest.mark.needs('chromium')
@pytest.mark.parametrize('seen', [WIDE], indirect=True, ids=['wide'])
def test_contents_name_the_api(seen):
    missing = {(page, name) for page,_,name in entries() if name not in seen.looks[f'{page}.html']['contents']}
    assert missing == set()

@pytest.mark.long
@pytest.mark.needs('chromium')
def test_search_finds_each_answer(site, address, browser):
    "In the site's own search box, on one of the first three pages that it names"
    field,result = SEARCH[site.by]
    page = browser.new_page()
    page.goto(f'{address}answers.html')
    read = "all => all.map(e => [e.firstChild.textContent, e.closest('[id]').id])"
    heads = dict(page.eval_on_selector_all('main h2', read))
    assert set(heads) == set(SOUGHT)
    page.goto(address)
    if site.by == 'quarto': page.click('.aa-DetachedSearchButton')
    missed = {}
    for head,query in ((head, query) for head,queries in SOUGHT.items() for query in queries):
        page.fill(field, '')
        page.wait_for_selector(result, state='hidden')
        page.fill(field, query)
        page.wait_for_selector(result)
        urls = page.eval_on_selector_all(result, 'all => all.map(e => e.href)')
        places = [urlsplit(url) for url in urls]
        first = list(dict.fromkeys(place.path for place in places))[:3]
        named = {f'{place.path}#{place.fragment}' for place in places if place.path in first}
        if f'/answers.html#{heads[head]}' not in named: missed[query] = urls
    page.close()
    assert missed == {}

@pytest.mark.parametrize('site', [QUARTO], indirect=True)
def test_readme_is_what_nbdev_makes(site):
    "Octet for octet, with its pictures"
    here = site.to.parent
    (here/'README.md').unlink()
    run([Path(sys.executable).with_name('nbdev-readme')], here)
    made = [here/'README.md', *sorted((here/'index_files').rglob('*.svg'))]
    kept = [root/'README.md', *sorted((root/'index_files').rglob('*.svg'))]
    assert [path.read_bytes() for path in made] == [path.read_bytes() for path in kept]
    assert [path.relative_to(here) for path in made] == [path.relative_to(root) for path in kept]

def test_readme_shows_its_pictures_wherever_it_is():
    from nbdev.config import get_config
    cfg = get_config(root)
    home = f'{cfg.git_url.replace("//github.com/", "//raw.githubusercontent.com/")}/{cfg.branch}/'
    pictures = re.findall(r'!\[(.*?)\]\((.*?)\)', (root/'README.md').read_text(encoding='utf-8'))
    assert pictures
    for words,address in pictures:
        assert words and address.startswith(home) and (root/address.removeprefix(home)).is_file()
