"""A settings file that is saved while a bedside is at work."""

import logging
import os
import threading
from datetime import UTC
from itertools import count

import pytest

from bedside import hardware
from bedside.config import load
from bedside.config.lastgood import NAME, load_or_last_good
from bedside.daemon import TICK_S, Bedside
from bedside.web import create_app

SAVED_S = count(1_000_000)


class Home:
    """A bedside at work, and the file it reads."""

    def __init__(self, folder):
        (folder / "nights").mkdir()
        self.path = folder / "bedside.toml"
        self.fixed = f'[store]\nfolder = "{folder}/nights"\nmin_free_mb = 0\n[web]\nport = 0\n'
        self.fixed += '[clock]\ntime_zone = "UTC"\n'
        self.bed = hardware.simulated("twitchy", 3, UTC)

    def save(self, text):
        self.path.write_text(self.fixed + text)
        saved_s = next(SAVED_S)
        os.utime(self.path, (saved_s, saved_s))

    def line(self, text):
        return self.path.read_text().splitlines().index(text) + 1

    def begin(self, problems=()):
        return Bedside(load(self.path), self.bed, threading.Event(), problems)


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path)
    made.save('[light]\npins = "18"\n')
    return made


def ticks(bedside, seconds=2.0):
    """Let the thread that keeps things in order work for as long."""
    end_s = bedside.clock.monotonic() + seconds
    while bedside.clock.monotonic() < end_s:
        bedside.clock.advance(TICK_S)
        bedside.tick()


def live(bedside, seconds):
    end_s = bedside.clock.monotonic() + seconds
    for block in bedside.blocks:
        bedside.hear(block)
        bedside.tick()
        if bedside.clock.monotonic() >= end_s:
            break


def faults(bedside):
    return {fault.part: fault.sentence for fault in bedside.health.faults()}


def test_a_saved_setting_is_in_force_within_two_seconds_and_told(home, caplog):
    with home.begin() as bedside:
        caplog.set_level(logging.INFO)
        bedside.light.step()
        home.save('[light]\npins = "18"\nbutton_level = 3.0\n')
        ticks(bedside, 2.0)
        bedside.light.press()
        now = bedside.light.now
        told = bedside.reloading.last

    assert now.target == pytest.approx(0.03)
    assert told.ok
    assert told.changed == ("[light] button_level: 15.0 → 3.0",)
    assert "changed: [light] button_level: 15.0 → 3.0" in caplog.messages


def test_a_broken_file_leaves_the_settings_of_before_in_force(home, caplog):
    with home.begin() as bedside:
        home.save('[light]\npins = "18"\nbutton_level = 3.0\n')
        ticks(bedside)
        home.save('[light]\npins = "18"\nbutton_level = 300.0\nbutton = 4\n')
        ticks(bedside)
        broken, fault = bedside.reloading.last, faults(bedside)["settings"]
        in_force = bedside.config.light.button_level
        home.save('[light]\npins = "18"\nbutton_level = 4.0\n')
        ticks(bedside)

        assert in_force == 3.0
        assert len(broken.errors) == 2
        at = 10
        assert broken.errors[0].startswith(f"{home.path}:{at}: [light] button_level: 300.0")
        assert broken.errors[1].startswith(f"{home.path}:{at + 1}: [light] button: unknown")
        assert all(error in caplog.messages for error in broken.errors)
        assert "and 1 more" in fault
        assert "settings of before stay in force" in fault
        assert "settings" not in faults(bedside)
        assert bedside.config.light.button_level == 4.0


def test_a_file_that_has_gone_is_told_and_changes_nothing(home):
    with home.begin() as bedside:
        before = bedside.config
        home.path.unlink()
        ticks(bedside)

        assert bedside.config == before
        assert "there is no such file" in faults(bedside)["settings"]


def test_what_needs_a_restart_says_so(home, caplog):
    with home.begin() as bedside:
        home.save('[light]\npins = "13"\npath_level = 5.0\n')
        ticks(bedside)
        told = bedside.reloading.last

        assert told.changed == ("[light] path_level: 8.0 → 5.0",)
        assert told.needs_restart == ('[light] pins: "18" → "13"',)
        assert bedside.config.light.pins == "18"
        assert any("needs a restart" in message for message in caplog.messages)


def test_asked_for_it_reads_the_file_though_nobody_saved_it(home):
    with home.begin() as bedside:
        bedside.reloading.ask()
        ticks(bedside, 1.0)

        assert bedside.reloading.last.ok
        assert bedside.reloading.last.changed == ()


@pytest.mark.parametrize(
    ("section", "text"),
    [
        ("detector", "[detector]\non_ratio = 2.5\n"),
        ("presence", "[presence]\ndoubt_s = 60.0\n"),
        ("sleep", "[sleep]\nstillness_min = 12.0\n"),
        ("comfort", "[comfort]\nlow_c = 17.0\n"),
        ("climate", '[climate]\nchip = "none"\n'),
        ("display", "[display]\nbrightness = 20.0\n"),
        ("light", '[light]\npins = "18"\nbedtime = "21:30"\nlights_out = "22:30"\n'),
    ],
)
def test_a_night_goes_on_through_any_change(home, section, text):
    with home.begin() as bedside:
        live(bedside, 60.0)
        home.save(text if section == "light" else f'[light]\npins = "18"\n{text}')
        live(bedside, 1200.0)
        bedside.write()
        recorded = bedside.store.recorded(0.0, 4e9)

        assert len(bedside.reloading.last.changed) >= 1
        assert faults(bedside).keys() <= {"schedule"}  # which keeps the machine's own time
        assert sum(minute.heard_s for minute in recorded.minutes) > 1100.0
        if section == "light":
            assert bedside.schedule is not None


def test_other_rules_score_the_nights_on_record_anew(home):
    with home.begin() as bedside:
        live(bedside, 3600.0)
        bedside.write()
        before = bedside.nights.night().room
        home.save("[comfort]\nlow_c = 15.0\nhigh_c = 16.0\n")
        ticks(bedside)
        after = bedside.nights.night().room

        assert (before.low_c, after.low_c, after.high_c) == (18.0, 15.0, 16.0)


def test_a_bedside_that_starts_on_a_broken_file_says_so_until_it_is_mended(home, tmp_path):
    load_or_last_good(home.path, tmp_path)
    home.save("[light\n")
    config, problems = load_or_last_good(home.path, tmp_path)
    with Bedside(config, home.bed, threading.Event(), problems) as bedside:
        live(bedside, 60.0)
        assert f"{home.path}:" in faults(bedside)["settings"]
        assert not bedside.config.light.path
        home.save('[light]\npins = "18"\npath_level = 9.0\n')
        ticks(bedside)

        assert "settings" not in faults(bedside)
        assert bedside.config.light.path
        assert bedside.store.recorded(0.0, 4e9).faults[0].part == "settings"


def test_each_file_that_could_be_read_is_kept_for_worse_times(home, tmp_path, monkeypatch):
    folder = tmp_path / "state"
    folder.mkdir()
    monkeypatch.setenv("STATE_DIRECTORY", str(folder))
    with home.begin() as bedside:
        home.save('[light]\npins = "18"\npath_level = 9.0\n')
        ticks(bedside)
        good = home.path.read_text()
        home.save("[light\n")
        ticks(bedside)

    assert (folder / NAME).read_text() == good


def test_the_pages_know_of_other_settings_too(home):
    with home.begin() as bedside:
        browser = create_app(bedside.house()).test_client()
        home.save('[comfort]\nlow_c = 15.0\nhigh_c = 16.0\n[light]\npins = "18"\n')
        live(bedside, 90.0)
        bedside.climate.tick()
        page = browser.get("/live", base_url="http://localhost")

    assert "15 to 16" in page.text.replace("\N{NO-BREAK SPACE}", " ")
