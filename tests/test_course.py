"What the course promises its readers: the way through it, and what stands open on its pages"
import json, re
from pathlib import Path

import pytest, yaml

root = Path(__file__).parent.parent

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
