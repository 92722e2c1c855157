import errno
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.config.manual import manual_of, shown
from bedside.config.reading import Origin, read_sections
from bedside.errors import ConfigError
from bedside.settings import setting


@attrs.frozen
class LampSettings:
    """The lamp: how it fades.

    Only the first sentence heads its section.
    """

    level: float = setting(5.0, "How bright it is.", unit="%", low=0.0, high=100.0)
    fades: int = setting(3, "Fades a night.", low=1)
    colour: str = setting("warm", "Which colour.", choices=("warm", "red"))
    odr_hz: int = setting(100, "Steps a second.", unit="Hz", choices=(50, 100))
    on: bool = setting(True, "Whether it shines at all.")
    lowest: float = setting(
        1.0, "Never darker than this.", unit="%", high=50.0, was=("least", "floor")
    )

    def __attrs_post_init__(self) -> None:
        if self.lowest > self.level:
            raise ValueError(f"lowest ({self.lowest:g} %) is above level ({self.level:g} %)")


@attrs.frozen
class PageSettings:
    """The page."""

    port: int = setting(8080, "Where it is served.", low=0, high=65535)
    title: str = setting("Night", "What stands above it.")

    @title.validator
    def _short(self, _field, title):
        if len(title) > 99:
            raise ValueError("the title is too long; leave some of it out")


SECTIONS = {"lamp": LampSettings, "page": PageSettings}


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "bedside.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def problems(path, sections=SECTIONS):
    with pytest.raises(ConfigError) as caught:
        read_sections(path, sections)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return [problem.removeprefix(f"{path}:") for problem in caught.value.problems]


def test_what_the_file_says_counts_and_the_rest_is_default(file):
    path = file("# mine\n\n[lamp]\nlevel = 7\n\n[page]\ntitle = 'My \"night\"'\n")

    made, origin = read_sections(path, SECTIONS)

    assert made == {"lamp": LampSettings(level=7.0), "page": PageSettings(title='My "night"')}
    assert isinstance(made["lamp"].level, float)
    assert origin == Origin(path, {("lamp", "level"): 4, ("page", "title"): 7})


@pytest.mark.parametrize("content", ["", "# nothing\n", "[lamp]\n", "\ufeff[lamp]\r\n"])
def test_an_empty_file_is_all_defaults(file, content):
    made, origin = read_sections(file(content), SECTIONS)

    assert made == {"lamp": LampSettings(), "page": PageSettings()}
    assert origin.lines == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[lamp]\nlevels = 1", "2: [lamp] levels: unknown setting; did you mean 'level'?"),
        ("[lamp]\nODR = 50", "2: [lamp] ODR: unknown setting; did you mean 'odr_hz'?"),
        ("[lamp]\nport = 50", "2: [lamp] port: unknown setting; it belongs below [page]"),
        (
            "[page]\nzzz = 50",
            "2: [page] zzz: unknown setting; the settings of [page] are port, title",
        ),
        ("[lamp.level]\nx = 1", "1: [lamp] level: {'x': 1} is a table, a number is wanted; "
         "allowed is 0 to 100 %, as in level = 5.0"),
        ("\n[lmap]\n", "2: [lmap]: unknown section; did you mean 'lamp'?"),
        ("[zzz]\n", "1: [zzz]: unknown section; the sections are lamp, page"),
        ("port = 1", "1: port: stands outside any section; move it below [page]"),
        ("zzz = 1", "1: zzz: unknown, and stands outside any section; settings belong below a"),
        ("lamp = 5", "1: lamp: is a section, not a setting; write [lamp] and its settings below"),
        ("[[lamp]]\nlevel = 1", "1: [[lamp]]: a section stands in single brackets; write [lamp]"),
        ("[lamp]\nlevel = 'x'", '2: [lamp] level: "x" is text, a number is wanted; allowed is 0 '),
        ("[lamp]\nlevel = true", "2: [lamp] level: true is a switch, a number is wanted"),
        ("[lamp]\nlevel = nan", "2: [lamp] level: it is no finite number"),
        ("[lamp]\nlevel = 1" + "0" * 400, "2: [lamp] level: it is no finite number"),
        ("[lamp]\nlevel = [1]", "2: [lamp] level: [1] is a list, a number is wanted"),
        ("[lamp]\nlevel = 2026-01-01", "2: [lamp] level: 2026-01-01 is a date or a time, a"),
        ("[lamp]\nfades = true", "2: [lamp] fades: true is a switch, a whole number is wanted"),
        (
            "[lamp]\nfades = 2.0",
            "2: [lamp] fades: 2.0 is a number with a decimal point, a whole number is wanted; "
            "allowed is 1 or more, as in fades = 3",
        ),
        ("[lamp]\nfades = '2'", '2: [lamp] fades: "2" is text, a whole number is wanted'),
        ("[lamp]\non = 1", "2: [lamp] on: 1 is a whole number, true or false is wanted; write it "
         "as in on = true"),
        ("[lamp]\ncolour = 3", "2: [lamp] colour: 3 is a whole number, text in quotes is wanted"),
        (
            "[lamp]\ncolour = 'blue'",
            '2: [lamp] colour: "blue" is no choice; allowed is "warm" or "red", as in colour = '
            '"warm"',
        ),
        ("[lamp]\nodr_hz = 75", "2: [lamp] odr_hz: 75 is no choice; allowed is 50 or 100 Hz, as"),
        (
            "[lamp]\nlevel = 100.5",
            "2: [lamp] level: 100.5 is above the highest value, 100; allowed is 0 to 100 %, as in",
        ),
        ("[lamp]\nlowest = 51", "2: [lamp] lowest: 51.0 is above the highest value, 50; allowed is "
         "50 % or less"),
        ("[page]\nport = -1", "2: [page] port: -1 is below the lowest value, 0; allowed is 0 to "),
        ("[page]\ntitle = '" + "x" * 100 + "'", "2: [page] title: the title is too long; leave "
         "some of it out"),
        ("\n[lamp]\nlevel = 0.5", "2: [lamp]: lowest (1 %) is above level (0.5 %)"),
    ],
)  # fmt: skip
def test_a_fault_is_said_with_file_line_section_setting_and_cure(file, text, says):
    (problem,) = problems(file(text))

    assert problem.startswith(says)


def test_every_fault_is_told_at_once_in_the_order_of_the_file(file):
    found = problems(
        file(
            """
port = 1
[lamp]
levels = 1
fades = 0
lowest = 60
colour = "blue"
on = "yes"
[pgae]
port = 1
[page]
port = 70000
title = 1
"""
        )
    )

    assert [problem.split(": ")[0] for problem in found] == [*"2456789", "12", "13"]


def test_the_parts_of_a_section_are_compared_only_when_each_is_right(file):
    (problem,) = problems(file("[lamp]\nlevel = 0.1\nfades = 0\n"))

    assert "fades" in problem


def test_lines_are_right_beside_comments_quotes_and_other_sections(file):
    text = (
        '# [lamp]\n# level = 900\n[page]\ntitle = """\nlevel = 1\n[lamp]\nport = 2"""\n\n[lamp]\n'
        '# level = 1\n"level" = 900 # level\n'
    )
    (problem,) = problems(file(text))

    assert problem.startswith("11: [lamp] level")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[page]\nport = eighty", "2: is not TOML: the value is no number, no true or false"),
        ("[page]\nport\n", "2: is not TOML: a line must read: setting = value"),
        ("= 1", "1: is not TOML: a line must read: setting = value, or [section]"),
        ("[page\nport = 1", "1: is not TOML: the name of a section must read: [section]"),
        ("[page]\ntitle = 'x\n", "2: is not TOML: a text in quotes is not closed"),
        ('[page]\ntitle = "x\n', "2: is not TOML: a text in quotes is not closed"),
        ('[page]\ntitle = """x\n\n', "3: is not TOML: a text in quotes is not closed"),
        ("[page]\nport = 1 2", "2: is not TOML: something follows the value"),
        ("[page]\nport = [1\n2]", "3: is not TOML: a list is not closed by ]"),
        ("[page]\nport = 1\n[page]\n", "3: is not TOML: the section is there twice"),
        ("[page]\nport = 1\nport = 2\n", "3: is not TOML: the setting is there twice"),
        ("[page]\nport = 1\x00\n", "2: is not TOML: something follows"),
        ("x = 1" + "0" * 5000, " is not TOML: "),
        ("x = " + "[" * 9000, " is nested too deeply"),
    ],
)
def test_what_is_not_toml_is_said_in_words(file, text, says):
    (problem,) = problems(file(text))

    assert problem.startswith(says)


def test_other_encodings_are_refused_with_their_line(file):
    (problem,) = problems(file("[page]\ntitle = 'Näh'\n".encode("latin-1")))

    assert problem == "2: is not UTF-8; save the file as UTF-8"


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path):
    missing = tmp_path / "nowhere.toml"

    assert problems(missing) == [
        f" there is no such file; `bedside config manual > {missing}` writes one"
    ]
    assert problems(tmp_path) == [" is a folder; name the settings file in it"]


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (PermissionError(errno.EACCES, "denied"), "may not be read by this user; try `sudo chmod"),
        (OSError(errno.EIO, "Input/output error"), "cannot be read: Input/output error"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path, monkeypatch, error, says):
    def refuse(_path):
        raise error

    monkeypatch.setattr(Path, "read_bytes", refuse)

    assert says in problems(tmp_path / "bedside.toml")[0]


def test_the_manual_explains_each_setting_in_lines_that_fit():
    manual = manual_of(SECTIONS)

    assert max(map(len, manual.splitlines())) <= 100
    assert "[lamp]\n# The lamp: how it fades.\n\n# How bright it is. (0 to 100 %)\n" in manual
    assert '# Which colour. ("warm" or "red")\ncolour = "warm"\n' in manual
    assert "# Whether it shines at all.\non = true\n" in manual


def test_the_manual_read_back_is_every_default(file):
    made, origin = read_sections(file(manual_of(SECTIONS)), SECTIONS)

    assert made == {"lamp": LampSettings(), "page": PageSettings()}
    assert len(origin.lines) == 8


lamps = st.builds(
    LampSettings,
    level=st.floats(50.0, 100.0),
    fades=st.integers(1, 10**18),
    colour=st.sampled_from(["warm", "red"]),
    odr_hz=st.sampled_from([50, 100]),
    on=st.booleans(),
    lowest=st.floats(-1e308, 50.0),
)
pages = st.builds(
    PageSettings,
    port=st.integers(0, 65535),
    title=st.text(st.characters(codec="utf-8"), max_size=99),
)


@given(lamp=lamps, page=pages)
def test_any_settings_shown_and_read_back_are_the_same(tmp_path_factory, lamp, page):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(shown({"lamp": lamp, "page": page}, Origin()), "utf-8", newline="\n")

    made, _ = read_sections(path, SECTIONS)

    assert made == {"lamp": lamp, "page": page}


def test_what_is_shown_says_where_it_comes_from(file):
    path = file("[lamp]\n\nlevel = 7\n")
    made, origin = read_sections(path, SECTIONS)

    text = shown(made, origin)

    assert f"those of {path} are marked" in text.replace("\n# ", " ")
    assert "level = 7.0      # line 3\n" in text
    assert "fades = 3        # default\n" in text
    assert "all of them defaults" in shown(made, Origin())


def test_a_setting_of_a_type_toml_cannot_hold_is_a_fault_of_the_program(file):
    @attrs.frozen
    class Odd:
        """Odd."""

        many: frozenset[str] = setting(frozenset(), "Many.")

    with pytest.raises(TypeError):
        manual_of({"odd": Odd})
    with pytest.raises(KeyError):
        read_sections(file("[odd]\nmany = 1"), {"odd": Odd})


@pytest.mark.parametrize("old", ["least", "floor"])
def test_a_setting_by_a_name_of_before_is_understood_with_a_hint(file, old):
    path = file(f"[lamp]\n\n{old} = 2.0\n")

    made, origin = read_sections(path, SECTIONS)

    assert made["lamp"].lowest == 2.0
    assert origin.lines == {("lamp", "lowest"): 3}
    assert origin.hints == (
        f"{path}:3: [lamp] {old} is called lowest now; `bedside config upgrade` renames it",
    )


def test_a_wrong_value_under_a_name_of_before_is_told_on_its_line(file):
    [problem] = problems(file("[lamp]\nleast = 70.0\n"))

    assert problem.startswith("2: [lamp] lowest: 70.0 is above the highest value, 50")


def test_both_names_at_once_are_a_mistake(file):
    [problem] = problems(file("[lamp]\nleast = 2.0\nlowest = 3.0\n"))

    assert problem == (
        "2: [lamp] least: unknown setting; it is called lowest now, which is there as well;"
        " delete one of the two"
    )
