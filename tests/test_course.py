"What the course promises its readers: the way through it, and what stands open on its pages"
import json, re, runpy
from pathlib import Path

import pytest, yaml
from nbdev.config import get_config

root = Path(__file__).parent.parent
minutes = runpy.run_path(str(root/'tools'/'minutes.py'))['minutes']
glossary = runpy.run_path(str(root/'tools'/'glossary.py'))

def source(cell): return ''.join(cell['source'])
def cells(page): return json.loads((root/'nbs'/page).read_text(encoding='utf-8'))['cells']

def part(name):
    "The pages of a part of the site, in the order of its sidebar"
    sidebar = yaml.safe_load((root/'nbs'/'sidebar.yml').read_text(encoding='utf-8'))
    parts = sidebar['website']['sidebar']['contents']
    listed = next(part['contents'] for part in parts if part['section'] == name)
    return [page if isinstance(page, str) else page['href'] for page in listed]

LESSONS = [page for page in part('Learn') if page != 'index.ipynb']

@pytest.mark.parametrize('page', LESSONS)
def test_exported_source_is_folded_or_the_lesson(page):
    "What a reader need not read is folded up, and what stands open says that it is to be read"
    exported = [source(c) for c in cells(page) if re.search(r'^#\| *exports?\b', source(c), re.M)]
    marks = [re.findall(r'^#\| (folded|lesson): true$', text, re.M) for text in exported]
    assert [text for text,mark in zip(exported, marks) if len(mark) != 1] == []

README = (root/'README.md').read_text(encoding='utf-8')
CFG = get_config(root)

def title(page): return source(cells(page)[0]).splitlines()[0].removeprefix('# ')
def name(page): return page.removesuffix('.ipynb').split('_', 1)[-1]

def the_map():
    """What the door says of each lesson:
    (number, title, page, minutes, the number of the lesson before it)"""
    lesson = r'^\| +(\d+) \| \[(.+?)\]\(' + re.escape(CFG.doc_url) + r'(\w+)\.html\) \|'
    return re.findall(lesson + r'[^|]+\| +(\d+) \| +(\d*) +\|', README, re.M)

def test_the_map_names_every_lesson_in_its_order():
    rows = the_map()
    told = [(words, page) for _,words,page,*_ in rows]
    assert told == [(title(page), name(page)) for page in LESSONS]
    assert [int(number) for number,*_ in rows] == list(range(1, len(rows) + 1))
    assert all(int(before or 0) < int(number) for number,*_,before in rows)

def test_the_map_says_how_long_each_lesson_takes():
    "In fives, as tools/minutes.py counts them; and the sum is their sum"
    said = [int(row[3]) for row in the_map()]
    counted = [minutes(root/'nbs'/page) for page in LESSONS]
    both = dict(zip(LESSONS, zip(said, counted), strict=True))
    assert {page: both[page] for page,(s,c) in both.items() if s % 5 or abs(s - c) > 3} == {}
    assert int(re.search(r'all of them \| +(\d+) \|', README)[1]) == sum(said)

def head(page):
    "What a lesson says of itself before it begins"
    return next(text for text in map(source, cells(page)) if text.startswith('About '))

def test_the_map_says_what_each_lesson_says_of_itself():
    "Its minutes, and no lesson needs one that the map does not have the reader read before"
    before = {}
    for number,_,page,said,after in the_map():
        chain = [] if not after else [after, *before[after]]
        before[number] = chain
        lesson = LESSONS[int(number) - 1]
        assert re.match(r'About (\d+) minutes', head(lesson))[1] == said, page
        needs = re.search(r'Before this: (.*?)\. ', head(lesson))
        named = re.findall(r'\]\((\w+\.ipynb)\)', needs[1]) if needs else []
        read = [LESSONS[int(n) - 1] for n in chain]
        assert {*named} & {*LESSONS} <= {*read}, page

def test_every_link_of_the_readme_leads_to_what_is_there():
    "Pages of the site are made from notebooks; files are the repository's"
    targets = [target.split('#')[0] for target in re.findall(r'\]\((.*?)\)', README)]
    pages = {f'{CFG.doc_url}{name(path.name)}.html' for path in (root/'nbs').glob('*.ipynb')}
    home = f'{CFG.git_url}/blob/{CFG.branch}/'
    files = {target for target in targets if target.startswith(home)}
    raw = {target for target in targets if target.startswith('https://raw.githubusercontent.com/')}
    paths = [target.removeprefix(home) for target in files]
    if not (root/'.git').exists(): paths.clear() # a source distribution has no folder .github
    assert [path for path in paths if not (root/path).is_file()] == []
    assert {*targets} - files - raw - pages == set()

LINKED = [page.removesuffix('.ipynb') for page in [*part('Learn'), '30_answers.ipynb']]

@pytest.mark.parametrize('page', LINKED)
def test_a_word_of_the_glossary_is_linked_where_it_is_used_first(page):
    assert glossary['linked'](root/'nbs'/f'{page}.ipynb')[1] == []

def test_a_word_of_the_glossary_is_on_the_page_that_teaches_it():
    "With each of its letters, and no word stands there twice"
    words = glossary['words']()
    sheet = '\n'.join(map(source, cells('50_cheat_sheet.ipynb')))
    entries = len(re.findall('^- <a id=', sheet, re.M))
    texts = {page: '\n'.join(map(source, cells(page))).lower() for _,page in words.values()}
    assert len(words) == len({anchor for anchor,_ in words.values()}) == entries > 30
    assert [word for word,(_,page) in words.items() if word.lower() not in texts[page]] == []
