"""Settings: what is in force, and where it comes from."""

import re
from html import unescape

import pytest

from bedside.config import Config, load
from bedside.config.told import told
from bedside.settings import Reload, SettingTold
from bedside.web.settings_page import shown


def text_of(answer):
    plain = unescape(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2]))
    return " ".join(plain.replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "bedside.toml"
    path.write_text('[light]\npins = "18"\n\n[comfort]\nlow_c = 16.5\n')
    return load(path)


def test_without_a_file_everything_is_at_its_default(bedroom):
    said = text_of(bedroom.get("/settings"))

    assert "sudo nano /etc/bedside/bedside.toml" in said
    assert "There is no such file yet" in said
    assert "Not at its default Everything is at its default." in said


def test_what_the_file_changes_stands_first_with_its_line(bedroom, config):
    bedroom.settings_told = told(config)

    said = text_of(bedroom.get("/settings"))
    first, _, all_of_them = said.partition("All settings")

    assert f"sudo nano {config.origin.file}" in said
    assert "[light] pins 18" in first
    assert "[comfort] low_c 16.5 °C" in first
    assert "Default: 18.0 °C; line 5." in first
    assert "[web]" not in first
    assert "raw_nights 14" in all_of_them
    assert len(re.findall(r" default\.", all_of_them)) > 50


def test_before_the_file_was_read_again_nothing_is_said_of_it(bedroom):
    assert "Read again" not in text_of(bedroom.get("/settings"))


def test_a_reload_is_told(bedroom):
    reload = Reload(
        bedroom.clock.wall(),
        changed=("[light] fade_s is now 2 s",),
        needs_restart=("[web] port will be 8090",),
    )
    bedroom.settings_told = told(Config(), reload)

    said = text_of(bedroom.get("/settings"))

    assert "Read again at 2026-11-14 20:00:00" in said
    assert "Now in force [light] fade_s is now 2 s" in said
    assert "In force after a restart [web] port will be 8090 sudo systemctl restart bedside" in said


def test_a_file_that_cannot_be_used_is_told_with_its_lines(bedroom):
    errors = ("bedside.toml:3: [light] fede_s: there is no such setting; did you mean 'fade_s'?",)
    bedroom.settings_told = told(Config(), Reload(bedroom.clock.wall(), errors=errors))

    said = text_of(bedroom.get("/settings"))

    assert "The file cannot be used; what was in force before still is" in said
    assert errors[0] in said


def test_what_stands_in_the_file_is_never_markup(bedroom, tmp_path):
    path = tmp_path / "bedside.toml"
    path.write_text("[store]\nfolder = \"/x/<script>alert('a')</script>\"\n")
    bedroom.settings_told = told(load(path))

    assert "<script>alert" not in bedroom.get("/settings").text


@pytest.mark.parametrize(
    ("name", "value", "unit", "said"),
    [
        ("fade_s", "1.5", "s", "1.5 s"),
        ("path", "true", "", "yes"),
        ("raw", "false", "", "no"),
        ("pins", '""', "", "empty"),
        ("pins", '"18"', "", "18"),
        ("password_file", '"/x"', "", "set, not shown"),
    ],
)
def test_a_value_is_written_for_people(name, value, unit, said):
    assert shown(SettingTold("light", name, value, '""', unit, "A setting.")) == said


def test_it_can_only_be_read(bedroom):
    assert bedroom.post("/settings").status_code == 405
