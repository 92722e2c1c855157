"""Nights written by the dozen, and what is measured on them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bedside.bench import many
from bedside.clock import SteppedClock
from bedside.nights import ClockSettings, Nights
from bedside.nights.summaries import Summaries
from bedside.store import Store, StoreSettings


def test_nights_are_slept_one_after_the_other(tmp_path):
    clock = SteppedClock(wall=datetime(2026, 3, 20, 20, tzinfo=UTC).timestamp())
    place = ClockSettings(time_zone="Europe/Berlin")
    with Store(StoreSettings(folder=str(tmp_path), min_free_mb=0), clock) as store:
        many.fill(store, clock, ZoneInfo("Europe/Berlin"), 12, moves=20)
        nights = Nights(store, clock, place)
        summaries = Summaries(nights, store, clock)
        many.sum_up(summaries, store, clock)
        told = summaries.all()

    assert [each.evening.day for each in told] == list(range(20, 32))
    assert all(each.fit and each.coverage == 1.0 for each in told)
    assert len({each.tib_s for each in told}) == 12


def test_every_figure_has_its_goal():
    goals = many.many_nights(few=2, many=3)

    assert len(goals) == 5
    assert all(goal.met is not None for goal in goals)
    assert "3 nights to 2" in goals[0].what
