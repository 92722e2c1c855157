import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.config.lines import key_lines

TEXT = '''# [sensor] in a comment
top = 1  # a = 2

[sensor]  # [web]
bus = 1
  "odr_hz" = 100
'chip' = "a # no = comment [x]"
"a \\"b\\" \\u0041" = 1

[ web . "page" ]
port = 80
long = """
port = 3
[other] \\"""
still"""   # done
raw = \'\'\'
bus = 1
it''s\'\'\'\'
more = "x"
list = [
  1, 2,  # ] not the end
  "]", { deep = 3, er = [4] },
]
inline = { port = 1, "q" = { r = 2 }, dot.ted = 3 }
dot.ted . key = 2020-01-01T00:00:00Z

[[many]]
x = 1
[[many]]
x = 2
y = 3
[sensor.below]
bus = 2
'''


def test_every_key_stands_where_it_stands():
    assert key_lines(TEXT) == {
        ("top",): 2,
        ("sensor",): 4,
        ("sensor", "bus"): 5,
        ("sensor", "odr_hz"): 6,
        ("sensor", "chip"): 7,
        ("sensor", 'a "b" A'): 8,
        ("web",): 10,
        ("web", "page"): 10,
        ("web", "page", "port"): 11,
        ("web", "page", "long"): 12,
        ("web", "page", "raw"): 16,
        ("web", "page", "more"): 19,
        ("web", "page", "list"): 20,
        ("web", "page", "list", "deep"): 22,
        ("web", "page", "list", "er"): 22,
        ("web", "page", "inline"): 24,
        ("web", "page", "inline", "port"): 24,
        ("web", "page", "inline", "q"): 24,
        ("web", "page", "inline", "q", "r"): 24,
        ("web", "page", "inline", "dot"): 24,
        ("web", "page", "inline", "dot", "ted"): 24,
        ("web", "page", "dot"): 25,
        ("web", "page", "dot", "ted"): 25,
        ("web", "page", "dot", "ted", "key"): 25,
        ("many",): 27,
        ("many", "x"): 28,
        ("many", "y"): 31,
        ("sensor", "below"): 32,
        ("sensor", "below", "bus"): 33,
    }


@pytest.mark.parametrize(
    "text", ["", "# only a comment", "\n\n", "a=1", "[a]", "a=[[],[ ]]", "a={}"]
)
def test_little_files(text):
    assert set(key_lines(text)) == set(_paths(tomllib.loads(text)))


def _paths(table, above=()):
    for key, value in table.items():
        yield (*above, key)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield from _paths(item, (*above, key))


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=8)
values = st.one_of(
    st.integers(-99, 99).map(str),
    st.sampled_from(["true", "1.5", "-inf", "1979-05-27", '""', "''", '""""""', "[]", "{}"]),
    words.map(lambda text: '"' + text.replace("\\", "").replace('"', "") + '" # "c"'),
    words.map(lambda text: "'''\nx = 1\n" + text.replace("'", "") + "'''"),
    words.map(lambda text: '"""\n[y]\n' + text.replace("\\", "").replace('"', "") + '"""'),
    st.just("[1, # ]\n 'x',\n]"),
    st.just("{ k = [ { v = 1 } ], 'w' = 2 }"),
)


@given(
    st.lists(st.tuples(st.lists(values, max_size=3), st.integers(0, 3), st.booleans()), max_size=5)
)
def test_whatever_stands_between_no_key_is_lost_or_misplaced(tables):
    text, wanted = "", {}
    for i, (settings, blank, quoted) in enumerate(tables):
        text += "\n" * blank + f"[t{i}]\n"
        wanted[f"t{i}",] = text.count("\n")
        for j, value in enumerate(settings):
            key = f'"k{j}"' if quoted else f"k{j}"
            text += f"  {key} = {value}\n"
            wanted[f"t{i}", f"k{j}"] = text.count("\n") - value.count("\n")

    lines = key_lines(text)

    assert set(lines) == set(_paths(tomllib.loads(text)))
    assert {path: line for path, line in lines.items() if path in wanted} == wanted
