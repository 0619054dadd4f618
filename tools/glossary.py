"""The words of nbs/50_cheat_sheet.ipynb, linked from where a page uses one for the first time;
a page that teaches the word needs no link. usage: tools/glossary.py PAGE …"""
import json, re, sys
from pathlib import Path

SHEET = Path(__file__).parent.parent/'nbs'/'50_cheat_sheet.ipynb'
ENTRY = r'^- <a id="([\w-]+)"></a>\*\*(.+?)\*\*: .+ \[.+?\]\((\w+\.ipynb)\)$'
CODE = r'```.*?```|`[^`]*`'
APART = r'<details.*?</details>|<[^>]*>|^#.*?$|^\|.*?$' # folded up, tags, heads, tables
QUOTED = r'(?<![*\w])\*(?![*\s])[^*\n]+ [^*\n]+\*(?!\*)' # an error's message, say
LINK = r'\[[^\]]*\]\([^)]*\)'

def source(cell): return ''.join(cell['source'])
def read(page): return json.loads(page.read_text(encoding='utf-8'))

def words()->dict[str, tuple[str, str]]: # a word -> its anchor, and the page that teaches it
    "The glossary"
    text = '\n'.join(source(c) for c in read(SHEET)['cells'] if c['cell_type'] == 'markdown')
    return {word: (anchor, page) for anchor,word,page in re.findall(ENTRY, text, re.M)}

def target(
    page:Path,  # a notebook
    anchor:str, # of a word
)->str:         # where its link leads
    "The door is README.md too, and says the whole address"
    if page.stem != 'index': return f'{SHEET.name}#{anchor}'
    from nbdev.config import get_config
    return f'{get_config().doc_url}cheat_sheet.html#{anchor}'

def linked(
    page:Path,               # a notebook
)->tuple[dict, list[str]]:   # the notebook with all its links, and the words that had none
    "Each word of the glossary is a link where the page uses it first"
    nb,missing = read(page),[]
    wanted = {word: anchor for word,(anchor,taught) in words().items() if taught != page.name}
    longest = sorted(words(), key=len, reverse=True)
    either = '|'.join(map(re.escape, longest))
    word = rf'(?<![\w/.-])(({either})s?)(?![\w-])'
    pattern = re.compile(rf'({CODE}|{APART}|{QUOTED})|({LINK})|{word}', re.M|re.S)

    def replace(m):
        unread,link,written,word = m.groups()
        if link: # one that leads there already is the first use
            known = [w for w,anchor in wanted.items() if f'{target(page, anchor)})' in link]
            for w in known: del wanted[w]
        if unread or link or word not in wanted: return m[0]
        missing.append(word)
        return f'[{written}]({target(page, wanted.pop(word))})'

    for cell in nb['cells'][1:]:
        if cell['cell_type'] == 'markdown':
            cell['source'] = pattern.sub(replace, source(cell)).splitlines(True)
    return nb, missing

if __name__ == '__main__':
    for page in map(Path, sys.argv[1:]):
        nb,missing = linked(page)
        page.write_text(json.dumps(nb, indent=1, ensure_ascii=False) + '\n', encoding='utf-8')
        print(f'{page.stem}: {", ".join(missing) or "all words have their links"}')
