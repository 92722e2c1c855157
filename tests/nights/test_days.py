"""Local days, and the clocks that change in them."""

import os
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bedside.nights.days import ClockSettings, machine_zone, night_of, offsets, window

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3600.0


@pytest.mark.parametrize(
    ("evening", "hours"), [("2026-03-28", 23), ("2026-10-24", 25), ("2026-11-21", 24)]
)
def test_a_night_is_from_noon_to_noon(evening, hours):
    span = window(date.fromisoformat(evening), BERLIN)

    assert span.length_s == hours * HOUR
    assert night_of(span.start_s, BERLIN) == date.fromisoformat(evening)
    assert night_of(span.start_s - 0.001, BERLIN) < date.fromisoformat(evening)
    assert night_of(span.end_s - 0.001, BERLIN) == date.fromisoformat(evening)
    assert night_of(span.end_s, BERLIN) > date.fromisoformat(evening)


def test_nights_follow_each_other_without_a_seam():
    days = [date(2026, 3, day) for day in range(25, 32)]
    windows = [window(day, BERLIN) for day in days]

    assert all(before.end_s == after.start_s for before, after in pairwise(windows))


def test_the_clock_goes_forward_in_spring(at):
    found = offsets(window(date(2026, 3, 28), BERLIN), BERLIN)

    assert found == ((at("2026-03-28 11:00"), HOUR), (at("2026-03-29 01:00"), 2 * HOUR))


def test_the_clock_goes_back_in_autumn(at):
    found = offsets(window(date(2026, 10, 24), BERLIN), BERLIN)

    assert found == ((at("2026-10-24 10:00"), 2 * HOUR), (at("2026-10-25 01:00"), HOUR))


def test_half_an_hour_of_summer_time():
    zone = ZoneInfo("Australia/Lord_Howe")
    found = offsets(window(date(2026, 4, 4), zone), zone)

    assert [offset_s / HOUR for _t_s, offset_s in found] == [11.0, 10.5]


def test_most_nights_have_one_offset():
    assert len(offsets(window(date(2026, 11, 21), BERLIN), BERLIN)) == 1


def test_a_zone_by_its_name():
    assert ClockSettings(time_zone="Europe/Berlin").zone == BERLIN


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Europe/Berln", "did you mean 'Europe/Berlin'"),
        ("Qqq", "one is `Europe/Berlin`"),
        ("Europe", "is no time zone"),
        ("../etc/passwd", "is no time zone"),
    ],
)
def test_no_zone_by_that_name(name, hint):
    with pytest.raises(ValueError, match=hint):
        ClockSettings(time_zone=name)


@pytest.fixture
def localtime(tmp_path, monkeypatch):
    """Stand in for the machine's own setting."""
    monkeypatch.delenv("TZ", raising=False)
    path = tmp_path / "localtime"
    monkeypatch.setattr("bedside.nights.days._LOCALTIME", path)
    return path


def test_the_zone_of_the_machine_is_that_of_its_environment(localtime, monkeypatch):
    monkeypatch.setitem(os.environ, "TZ", ":Asia/Tokyo")

    assert ClockSettings().zone.key == "Asia/Tokyo"


def test_the_zone_of_the_machine_is_the_one_linked(localtime, tmp_path):
    (tmp_path / "zoneinfo" / "Europe").mkdir(parents=True)
    (tmp_path / "zoneinfo" / "Europe" / "Berlin").write_bytes(b"")
    localtime.symlink_to(tmp_path / "zoneinfo" / "Europe" / "Berlin")

    assert machine_zone() == BERLIN


def test_the_zone_of_the_machine_may_be_a_file_without_a_name(localtime, at):
    rules = b"TZif2" + b"\0" * 15 + b"\0" * 16 + b"\0\0\0\1\0\0\0\4"  # one type, four letters
    body = b"\0\0\x0e\x10\0\0CET\0"  # an hour east, no summer time
    localtime.write_bytes(rules + body + rules + body + b"\nCET-1\n")

    assert night_of(at("2026-11-21 11:00"), machine_zone()) == date(2026, 11, 21)


def test_a_machine_without_a_zone_is_on_utc(localtime):
    assert machine_zone() == ZoneInfo("UTC")
