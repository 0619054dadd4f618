"""README.md and its pictures from nbs/index.ipynb, as `nbdev-readme` makes them, with pandoc from the
registry and no Quarto. usage: tools/readme.py"""
import json, os, re, shutil, sys
from pathlib import Path

import pypandoc
from nbdev import readme_filter
from nbdev.config import get_config
from nbdev.serve import proc_nbs

GFM = ('commonmark+autolink_bare_uris+emoji+footnotes+gfm_auto_identifiers'
       '+pipe_tables+strikeout+task_lists+tex_math_dollars')

def raw()->str: # an address
    "Where the repository's files are, for who reads README.md without them"
    cfg = get_config()
    return f'{cfg.git_url.replace("//github.com/", "//raw.githubusercontent.com/")}/{cfg.branch}'

def output(
    out:dict,   # one output of a notebook cell
    name:str,   # where its picture goes, without suffix
    files:dict, # pictures by path, added to
)->str:         # Markdown
    "One output: a picture, Markdown or indented text"
    data = {kind:''.join(text) for kind,text in (out.get('data') or {'text/plain': out['text']}).items()}
    if svg := data.get('image/svg+xml'):
        files[f'{name}.svg'] = svg
        return f'![{re.search("<title>(.*?)</title>", svg)[1]}]({raw()}/{name}.svg)'
    return data.get('text/markdown') or '\n'.join(f'    {line}' for line in data['text/plain'].splitlines())

def cell(
    c:dict,     # a notebook cell
    n:int,      # which of the page's code cells, from 2: nbdev puts one before them
    files:dict, # pictures by path, added to
)->list[str]:   # pieces of Markdown
    "One cell: its text, or its code and outputs"
    source = ''.join(c['source'])
    if c['cell_type'] != 'code': return [source]
    code = '\n'.join(line for line in source.splitlines() if not line.startswith('#|'))
    shown = [] if re.search(r'^#\| *echo: *false', source, re.M) else [f'``` python\n{code}\n```']
    name = f'index_files/figure-commonmark/cell-{n}-output'
    return shown + [output(o, f'{name}-{i}', files) for i,o in enumerate(c['outputs'], 1)]

def readme()->tuple[str, dict]: # README.md, its pictures by path
    "What the README says and shows"
    processed = proc_nbs(file_glob='index.ipynb', n_workers=0, force=True)
    staged = json.loads((processed/'index.ipynb').read_text(encoding='utf-8'))
    (front,*cells),files,pieces,n = staged['cells'],{},[],1
    for c in cells:
        n += c['cell_type']=='code'
        pieces += cell(c, n, files)
    # pandoc takes the filter's `python` from there
    os.environ['PATH'] = f'{Path(sys.executable).parent}{os.pathsep}{os.environ["PATH"]}'
    body = pypandoc.convert_text('\n\n'.join(pieces), GFM,
        format='markdown+autolink_bare_uris+emoji-implicit_figures',
        extra_args=['--wrap=preserve', '--filter', readme_filter.__file__])
    title = re.search(r'^title: *(.*)$', ''.join(front['source']), re.M)[1].strip('"\'')
    return f'# {title}\n\n\n{body}', files

if __name__ == '__main__':
    root = get_config().config_path
    text,files = readme()
    shutil.rmtree(root/'index_files', ignore_errors=True)
    for path,svg in files.items():
        (root/path).parent.mkdir(parents=True, exist_ok=True)
        (root/path).write_text(svg, encoding='utf-8')
    (root/'README.md').write_text(text, encoding='utf-8')
