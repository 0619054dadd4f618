"""The site, rendered by smalldocs where there is no Quarto: nbdev's own processing of the notebooks, then
plain files. usage: tools/site.py [OUT=_docs]"""
import json, re, shutil, sys, tempfile
from pathlib import Path

from nbdev.config import get_config
from nbdev.quarto import refresh_quarto_yml
from nbdev.serve import proc_nbs
from smalldocs.site import build

def folded(
    page:dict, # a notebook as nbdev made it, changed here
)->dict:       # the same
    "Exported source, which nbdev has stand open, is folded up where it says `#| folded: true`"
    for cell in page['cells']:
        source = ''.join(cell['source'])
        if '#| folded: true\n' in source:
            cell['source'] = source.replace('#| code-fold: show\n', '#| code-fold: true\n')
    return page

def stage(
    processed:Path, # where nbdev put its notebooks
    to:Path,        # a new folder
):
    """What nbdev made, with each page under the name it has on the site (smalldocs knows no `output-file`)
    and its links within the site"""
    shutil.copytree(processed, to, ignore=shutil.ignore_patterns('_docs', '.quarto', '*_files'))
    start = r'(?<=\]\()' # a link in Markdown
    listed = r'(?<=- )|(?<=href: )' # in the sidebar
    names = {'output-dir: .*': 'output-dir: _docs', start+re.escape(get_config().doc_url): ''}
    for page in to.glob('*.ipynb'):
        name = re.search(r'output-file: *([\w.-]+)\.html', page.read_text(encoding='utf-8'))
        if name and name[1] != page.stem:
            page.rename(to/f'{name[1]}.ipynb')
            names[rf'(?:{start}|{listed}){re.escape(page.name)}'] = f'{name[1]}.ipynb'
    for page in to.glob('*.ipynb'):
        cells = folded(json.loads(page.read_text(encoding='utf-8')))
        page.write_text(json.dumps(cells, ensure_ascii=False), encoding='utf-8')
    for file in [*to.glob('*.ipynb'), *to.glob('*.yml')]:
        text = file.read_text(encoding='utf-8')
        for old,new in names.items(): text = re.sub(old, new, text)
        file.write_text(text, encoding='utf-8')

def main(out='_docs'):
    "Write the site to `out`; a broken link is an error"
    out = Path(out).resolve()
    refresh_quarto_yml()
    processed = proc_nbs(n_workers=0, force=True)
    with tempfile.TemporaryDirectory() as d:
        stage(processed, Path(d)/'site')
        site = build(Path(d)/'site', quiet=True)
        if site.broken: sys.exit('\n'.join(f'{page}: broken link {href}' for page,href in site.broken))
        for css in site.out.rglob('*.css'):
            text = css.read_text(encoding='utf-8')
            css.write_text(re.sub(r'@import url\(https?:.*?\);', '', text), encoding='utf-8') # the themes' fonts
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(site.out, out)
    print(f'{len(site.pages)} pages in {out}')

if __name__ == '__main__': main(*sys.argv[1:])
