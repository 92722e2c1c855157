"""A settings file of an older bedside, brought up to date."""

import stat

import attrs
import pytest

from bedside.config import load, manual, sections
from bedside.config.reading import read_sections
from bedside.config.upgrade import upgrade
from bedside.errors import ConfigError
from bedside.settings import setting

MINE = """\
# my own words
[lamp]
# dim, because of the cat
least = 2.0  # percent!
level = 7.5

[page]
port = 81
"""


@attrs.frozen
class LampSettings:
    """The lamp: how it fades."""

    level: float = setting(5.0, "How bright it is.", unit="%", low=0.0, high=100.0)
    lowest: float = setting(1.0, "Never darker.", unit="%", high=50.0, was=("least",))
    colour: str = setting("warm", "Which colour.", choices=("warm", "red"))


@attrs.frozen
class PageSettings:
    """The page."""

    port: int = setting(8080, "Where it is served.", low=0, high=65535)


@attrs.frozen
class DoorSettings:
    """The door: who may come in."""

    open: bool = setting(False, "Whether it is open.")


SECTIONS = {"lamp": LampSettings, "page": PageSettings, "door": DoorSettings}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "bedside.toml"
    path.write_text(MINE)
    return path


def test_names_and_settings_are_brought_up_to_date_and_no_comment_is_lost(file):
    done = upgrade(file, SECTIONS)

    text = file.read_text()
    assert done == [
        "[lamp] least is called lowest now",
        "[lamp] colour is new",
        "[door] open is new",
    ]
    assert text.startswith("# my own words\n[lamp]\n# dim, because of the cat\nlowest = 2.0  # per")
    assert 'colour = "warm"' in text
    assert '# Which colour. ("warm" or "red")' in text
    assert "# The door: who may come in." in text
    assert text.index("colour") < text.index("[page]") < text.index("[door]")


def test_what_is_in_force_stays_the_same(file):
    before, _ = read_sections(file, SECTIONS)
    upgrade(file, SECTIONS)
    after, origin = read_sections(file, SECTIONS)

    assert after == before
    assert origin.hints == ()


def test_a_file_that_is_up_to_date_is_left_alone(file):
    upgrade(file, SECTIONS)
    before = file.stat(), file.read_text()

    assert upgrade(file, SECTIONS) == []
    assert (file.stat(), file.read_text()) == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lamp.least = 2.0\n",
        "lamp = { least = 2.0 }\n",
        '[lamp]\n"least" = 2.0\n',
        "[page]\nport = 1\n[lamp]\nleast=2.0",
        "\ufeff[lamp]\r\nleast = 2.0\r\n",
        "[lamp]\ncolour = 'red' # least = 3\nleast = 2.0 # least = 4\n",
    ],
)
def test_any_way_of_writing_keeps_its_values(file, text):
    file.write_text(text, newline="")
    before, _ = read_sections(file, SECTIONS)
    upgrade(file, SECTIONS)
    after, origin = read_sections(file, SECTIONS)

    assert after == before
    assert origin.hints == ()
    assert len(origin.lines) == 5


def test_a_file_with_mistakes_is_not_touched(file):
    file.write_text("[lamp]\nlevel = 700\n")

    with pytest.raises(ConfigError, match="level"):
        upgrade(file, SECTIONS)

    assert file.read_text() == "[lamp]\nlevel = 700\n"


def test_who_may_read_it_stays_the_same(file):
    file.chmod(0o640)
    upgrade(file, SECTIONS)

    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [path.name for path in file.parent.iterdir()] == ["bedside.toml"]


def test_a_folder_that_takes_no_file_is_told(file, monkeypatch):
    def refuse(*_words, **_more):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(ConfigError, match="Read-only file system; try it with sudo"):
        upgrade(file, SECTIONS)
    assert file.read_text() == MINE


def test_an_empty_file_becomes_the_manual(tmp_path):
    path = tmp_path / "bedside.toml"
    path.write_text("")
    upgrade(path, sections())

    kept = [line for line in path.read_text().splitlines() if line]
    assert kept == [line for line in manual().splitlines() if line][kept_head(manual()) :]
    assert load(path) == load(path)


def kept_head(text):
    return len(text.split("\n\n")[0].splitlines())
