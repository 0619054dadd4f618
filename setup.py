"Packaging details kept in settings.ini; pyproject.toml holds the fields that nbdev reads"
import shlex
from configparser import ConfigParser
from pathlib import Path
from setuptools import setup

root = Path(__file__).parent
settings = ConfigParser(delimiters=['='])
settings.read(root/'settings.ini', encoding='utf-8')
cfg = settings['DEFAULT']
lib = cfg['lib_path']
statuses = ['Planning', 'Pre-Alpha', 'Alpha', 'Beta', 'Production/Stable', 'Mature', 'Inactive']
learn,pcap,dev = (shlex.split(cfg[f'{extra}_requirements']) for extra in ('learn', 'pcap', 'dev'))

setup(
    packages                      = [lib],
    package_data                  = {lib: ['py.typed']},
    long_description              = (root/'README.md').read_text(encoding='utf-8'),
    long_description_content_type = 'text/markdown',
    classifiers                   = [
        f'Development Status :: {cfg["status"]} - {statuses[int(cfg["status"])-1]}',
        f'Intended Audience :: {cfg["audience"]}',
        f'Natural Language :: {cfg["language"]}',
        'Programming Language :: Python :: 3 :: Only'],
    install_requires              = shlex.split(cfg['requirements']),
    extras_require                = {'learn': learn, 'pcap': pcap, 'dev': learn+pcap+dev},
    entry_points                  = {'nbdev': [f'{lib}={lib}._modidx:d']})
