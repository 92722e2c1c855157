"""The settings in force, as the page is told of them."""

import pytest

from bedside.config import Config, load, sections
from bedside.config.told import told
from bedside.settings import Reload


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "bedside.toml"
    path.write_text('[light]\npins = "18"\nfade_s = 1.5\n')
    return path


def named(found, section, name):
    return next(each for each in found.settings if (each.section, each.name) == (section, name))


def test_without_a_file_everything_is_default():
    found = told(Config())

    assert found.file is None
    assert [name for name, _ in found.sections] == list(sections())
    assert not any(each.changed or each.line for each in found.settings)


def test_a_setting_knows_its_line_its_default_and_its_manual(file):
    found = told(load(file))
    pins, fade = named(found, "light", "pins"), named(found, "light", "fade_s")

    assert found.file == str(file)
    assert (pins.value, pins.default, pins.line, pins.changed) == ('"18"', '""', 2, True)
    assert (fade.unit, fade.line, fade.changed) == ("s", 3, False)
    assert "(" in fade.sentence  # with what is allowed


def test_a_reload_is_passed_on():
    reload = Reload(5.0, errors=("bedside.toml:3: what is that?",))

    assert told(Config(), reload).reload is reload
    assert not reload.ok
    assert Reload(5.0).ok
