"The dialogues as a whole, and that one of them can fail"
import re
from pathlib import Path

import pytest

from dialogue.script import Dialogue, all_scripts, scripts

root = Path(__file__).parent.parent.parent

def test_each_has_its_name_and_known_rows():
    "A row of appendix B that a dialogue names is one of the conformance page"
    names = [script.name for script in all_scripts()]
    assert len(set(names)) == len(names)
    page = (root/'nbs'/'40_conformance.ipynb').read_text(encoding='utf-8')
    known = set(re.findall(r'(?:MUST|SHLD|MAY|REC)-\d+', page))
    assert {row for script in all_scripts() for row in script.rows} <= known

def test_a_dialogue_can_fail():
    "Line by line: what is missing, too much, other, too late, in another state or without its error"
    for line in [
        '> ACK 101 ack 302',
        '> FIN,ACK 101 ack 301',
        '1.5 = ESTABLISHED',
        '= ESTABLISHED, snd_una 102',
        '= CLOSED',
        'SEND 1 ! connection closing',
    ]:
        bad, = scripts(f'## bad: a wrong line\nin ESTABLISHED\n0 SEND 10\n > PSH,ACK 101:111 ack 301\n  {line}')
        with pytest.raises(AssertionError, match='expected'): Dialogue(bad)
    for line in ['> PSH,ACK 101:111 ack 301', '> PSH,ACK 102:112 ack 301', '> ACK 101:111 ack 301', '=']:
        bad, = scripts(f'## bad: a wrong line\nin ESTABLISHED\n0 SEND 10\n0.5  {line}')
        with pytest.raises(AssertionError, match='expected'): Dialogue(bad)
