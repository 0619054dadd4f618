"""How long a page takes, counted: what is to be read at 180 words a minute, half a minute for each
cell that stands open, a quarter more where it gives a picture, three minutes for each exercise.
usage: tools/minutes.py [PAGE …]"""
import json, re, sys
from pathlib import Path

WORDS = 180 # a minute: slow, for these are sentences to think about
CELL,PICTURE,EXERCISE = .5, .25, 3 # minutes
UNSEEN = r'^#\| *(hide|exporti?|exports|default_exp|code-fold: true)\b' # or the package's own
FOLDED = r'<details>.*?</details>'

def minutes(
    page:Path, # a notebook
)->float:      # minutes for who reads it, thinks and does its exercises
    "How long a page takes"
    cells = json.loads(page.read_text(encoding='utf-8'))['cells']
    text = '\n'.join(''.join(c['source']) for c in cells if c['cell_type'] == 'markdown')
    words = len(re.sub(FOLDED, '', text, flags=re.S).split())
    code = [c for c in cells if c['cell_type'] == 'code']
    shown = [c for c in code if not re.search(UNSEEN, ''.join(c['source']), re.M)]
    pictures = sum('image/svg+xml' in out.get('data', ()) for c in shown for out in c['outputs'])
    exercises = len(re.findall(r'^### Exercise', text, re.M))
    return words/WORDS + CELL*len(shown) + PICTURE*pictures + EXERCISE*exercises

if __name__ == '__main__':
    pages = sys.argv[1:] or sorted((Path(__file__).parent.parent/'nbs').glob('*.ipynb'))
    for page in map(Path, pages): print(f'{page.stem:<16}{minutes(page):5.0f} minutes')
