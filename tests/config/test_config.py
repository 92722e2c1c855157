from pathlib import Path

import attrs
import pytest

from bedside import config
from bedside.config import Config

SHIPPED = Path(__file__).parents[2] / "config" / "bedside.toml"


def test_the_file_that_is_shipped_is_the_manual():
    assert SHIPPED.read_text("utf-8") == config.manual(), (
        "renew it with `bedside config manual > config/bedside.toml`"
    )


def test_the_manual_is_every_default():
    loaded = config.load(SHIPPED)

    assert loaded == Config()
    assert loaded.origin.file == SHIPPED


def test_every_attribute_of_the_config_is_a_section():
    others = {"origin"}

    assert set(config.sections()) == {field.name for field in attrs.fields(Config)} - others


@pytest.mark.parametrize("name", config.sections())
def test_every_section_has_a_sentence_and_every_setting_a_manual(name):
    made = config.sections()[name]

    assert made.__doc__.strip().endswith(".")
    for field in attrs.fields(made):
        assert field.metadata["doc"].strip().endswith("."), field.name


def test_the_manual_is_readable_at_100_columns():
    assert max(map(len, config.manual().splitlines())) <= 100


def test_show_marks_what_the_file_gives(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("[sensor]\nbus = 3\n")

    text = config.show(config.load(path))

    assert "bus = 3           # line 2" in text
    assert text.count("  # line ") == 1
    path.write_text(text)
    assert config.load(path) == config.load(path)


def test_origin_does_not_make_settings_differ(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("[sensor]\nbus = 1\n")

    assert config.load(path) == Config()
