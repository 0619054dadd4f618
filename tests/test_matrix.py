"""Some runs of tools/matrix.py: our TCP and the kernel's, in any weather"""
import runpy
from pathlib import Path

import pytest

TOOL = str(Path(__file__).parent.parent/'tools'/'matrix.py')

@pytest.fixture(scope='module')
def matrix(): return runpy.run_path(TOOL)

def test_all_pairs_are_covered(matrix):
    "And long transfers have fair weather"
    factors,possible = matrix['FACTORS'],matrix['possible']
    rows = matrix['plan'](320, 1, factors)
    for i,first in enumerate(factors):
        for second in [*factors][i+1:]:
            met = {(row[first], row[second]) for row in rows}
            every = {(a, b) for a in factors[first] for b in factors[second]}
            for a,b in every - met: # may not be met
                row = {'weather': 'clean', first: a, second: b}
                assert not possible([row.get(name, 0) for name in factors]), (first, a, second, b)
    assert all(row['size'] <= matrix['MEGABYTE'] or row['weather'] == 'clean' for row in rows)

def test_a_plan_is_the_same_each_time(matrix):
    assert matrix['plan'](20, 7, matrix['FACTORS']) == matrix['plan'](20, 7, matrix['FACTORS'])

def test_what_is_wrong_is_said(matrix):
    row = {'ends': 'ours first'}
    right = (b'back', None),(b'out', None)
    assert matrix['wrong'](row, right, [], b'out', b'back') == []
    faults = matrix['wrong'](row, ((b'bacK', None), (b'out', OSError('it broke'))), [], b'out', b'back')
    assert len(faults) == 2 and 'it broke' in faults[1]
    assert matrix['wrong'](row | {'ends': 'ours resets'}, right, [], b'out', b'back') != [] # nobody heard of it

@pytest.mark.long
@pytest.mark.needs('lab')
def test_some_runs(matrix):
    rows = matrix['plan'](16, 3, matrix['FACTORS'] | matrix['SHORT'] | {'control': ['reno', 'cubic']})
    assert [row['faults'] for row in map(matrix['run'], rows)] == [[]]*16
