"""A web server on our own TCP, the one that page lab shows, and a curl on Linux's that fetches from it:
`python tools/serve.py [options of curl]`, such as `-i`, or `-o FILE http://10.0.0.2/long`"""
import json, subprocess, sys
from pathlib import Path

from python_tcp.host import Host
from python_tcp.lab import Lab

NOTEBOOK = Path(__file__).parent.parent/'nbs'/'05_lab.ipynb'
PAGES = {'/': b'hello from a TCP that can be read whole\n', '/long': b'0123456789'*100_000}

def shown(*names):
    "The functions of these names, as the page has them"
    cells = json.loads(NOTEBOOK.read_text(encoding='utf-8'))['cells']
    texts = [''.join(cell['source']) for cell in cells]
    found = {}
    for name in names: exec(next(text for text in texts if text.startswith(f'def {name}(')), found)
    return [found[name] for name in names]

def main(words):
    answer,serve = shown('answer', 'serve')
    with Lab(b=Host(), mtu=1500) as lab, lab.live():
        listener = lab.b.listen(80)
        address = [] if any('://' in word for word in words) else [f'http://{lab.b.address}/']
        with lab.a.run(['curl', '-sS', *words, *address]) as curl: serve(listener, PAGES, 1)
        return curl.wait()

if __name__ == '__main__':
    try: sys.exit(main(sys.argv[1:]))
    except (RuntimeError, FileNotFoundError) as e: sys.exit(str(e))
