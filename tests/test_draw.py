"Rows as a table: whatever its cells hold, it keeps its shape"
from hypothesis import example, given, strategies as st
from markdown_it import MarkdownIt

from python_tcp.draw import Rows

words = st.text() | st.text('|`\\<> -*\n&#', max_size=8)
values = st.none() | st.integers() | st.floats() | words | st.binary() | st.tuples(words)

@given(st.lists(st.tuples(values, values), max_size=4))
@example([('|', '`'), ('`|', 'a`b|c`')])
@example([(b'|`', ('|',)), ('\\', '---')])
def test_a_table_keeps_its_shape(rows):
    "In Markdown as many cells as values, and in a terminal as many lines as rows"
    table = Rows(rows, ('one', 'other'))
    html = MarkdownIt('commonmark', {'html': True}).enable('table').render(table._repr_markdown_())
    assert html.count('<table>') == html.count('</table>') == 1
    assert html.strip().startswith('<table>') and html.strip().endswith('</table>')
    assert html.count('<tr>') == len(rows) + 1
    assert html.count('<td') == 2*len(rows)
    assert len(str(table).split('\n')) == len(rows) + 1

@given(words)
def test_octets_and_tuples_are_shown_as_python_writes_them(text):
    "And can be read back"
    octets = text.encode()
    for value in octets, (text, 1):
        (line,) = str(Rows([[value]], ['a'])).split('\n')[1:]
        assert eval(line.strip('`')) == value
