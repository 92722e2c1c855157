"""Which nights are on record, found without asking for the old ones again."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bedside.nights.dates import Dates

UTC = ZoneInfo("UTC")


@pytest.fixture
def asked(store, monkeypatch):
    """Windows the store was asked about."""
    windows = []

    def holds(start_s, end_s):
        windows.append(start_s)
        return original(start_s, end_s)

    original = store.holds
    monkeypatch.setattr(store, "holds", holds)
    return windows


def test_a_night_that_grows_asks_for_itself_alone(store, record, asked, at):
    dates = Dates(store, UTC)
    record(at("2026-11-25 13:00"))
    assert len(dates.listed()) == 7
    asked.clear()

    record(at("2026-11-25 13:30"))
    assert len(dates.listed()) == 7
    assert len(dates.listed()) == 7
    assert asked == []

    record(at("2026-11-26 13:30"))
    assert dates.listed()[-1] == date(2026, 11, 26)
    assert asked == [dates.window(date(2026, 11, 26)).start_s]


def test_days_without_data_are_asked_for_once(store, record, clock, asked, at):
    dates = Dates(store, UTC)
    record(at("2026-11-20 11:00"))
    clock.advance(20 * 86400.0)
    record(at("2026-12-11 14:00"))
    dates.listed()
    asked.clear()

    for minute in range(5):
        record(at(f"2026-12-11 14:{minute + 10}"))
        dates.listed()

    assert len(asked) <= 5, "the night before the newest may still be given a late minute"


def test_a_clock_that_is_set_moves_all(store, record, clock, at):
    dates = Dates(store, UTC)
    record(at("2026-11-21 10:00"))
    clock.step_wall(10 * 86400.0)
    store.flush()

    assert dates.listed() == [date(2026, 11, 29), date(2026, 11, 30)]
    assert date(2026, 11, 20) not in dates


def test_nobody_else_can_change_the_list(store, record, at):
    dates = Dates(store, UTC)
    record(at("2026-11-21 10:00"))
    dates.listed().clear()

    assert len(dates.listed()) == 2


def test_windows_of_many_made_up_dates_are_not_hoarded(store):
    dates = Dates(store, UTC)
    for number in range(5000):
        dates.window(date(2000, 1, 1) + timedelta(number))

    assert len(dates._windows) <= 4096
