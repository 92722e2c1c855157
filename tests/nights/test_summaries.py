"""Nights in a few figures: kept when they are over, made anew when they change."""

import time
from datetime import date, timedelta

import pytest

from bedside.clock import SteppedClock
from bedside.errors import StoreError
from bedside.nights import ClockSettings, Nights
from bedside.nights import nights as module
from bedside.nights.summaries import Summaries
from bedside.nights.summary import Summary, summarise
from bedside.pipeline.sleep import SleepSettings
from bedside.store import Archive, Store

UTC = ClockSettings(time_zone="UTC")
BERLIN = ClockSettings(time_zone="Europe/Berlin")
FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
HOUR = 3600.0


@pytest.fixture
def nights(store, clock):
    return Nights(store, clock, UTC)


@pytest.fixture
def summaries(nights, store, clock):
    return Summaries(nights, store, clock)


@pytest.fixture
def two(record, at):
    record(at("2026-11-21 13:00"), at("2026-11-20 23:00"), at("2026-11-21 07:00"))
    record(at("2026-11-22 13:00"), at("2026-11-21 22:30"), at("2026-11-22 06:00"))


@pytest.fixture
def scored(monkeypatch):
    """Count the nights that are scored."""
    seen = []

    def score(recorded, *rules):
        seen.append(recorded.start_s)
        return original(recorded, *rules)

    original = module.score
    monkeypatch.setattr(module, "score", score)
    return seen


def work(summaries, clock, ticks=12):
    """Tick as the daemon does, and write."""
    for _ in range(ticks):
        summaries.tick()
        clock.advance(1.0)
    summaries._store.flush()


def test_it_holds_what_the_night_holds(nights, two):
    night = nights.night(FRIDAY)
    summary = summarise(night, FRIDAY, ((nights.window(FRIDAY).start_s, 0.0),))

    assert (summary.start_s, summary.end_s) == night.bounds
    assert (summary.tib_s, summary.tst_s, summary.sol_s) == (night.tib_s, night.tst_s, night.sol_s)
    assert (summary.se, summary.waso_s) == (night.se, night.waso_s)
    assert summary.awakenings == night.awakenings
    assert summary.asleep["jerk"] == night.counts["jerk"].asleep
    assert summary.hypnic == night.counts["jerk"].hypnic
    assert summary.per_hour("jerk") == pytest.approx(night.counts["jerk"].asleep_per_hour)
    assert summary.per_hour() == summary.per_hour("jerk"), "there was nothing else"
    assert summary.breaths_per_min == 14.0
    assert summary.coverage == 1.0
    assert [hour.hour for hour in summary.hours] == [23, 0, 1, 2, 3, 4, 5, 6]
    assert sum(hour.jerk for hour in summary.hours) == summary.asleep["jerk"] > 20
    assert sum(hour.asleep_s for hour in summary.hours) == pytest.approx(summary.tst_s, abs=1)
    assert summary.fit


def test_it_comes_back_from_its_text_as_it_was(nights, two):
    import json

    summary = summarise(nights.night(FRIDAY), FRIDAY, ((nights.window(FRIDAY).start_s, 0.0),))

    assert Summary.unpacked(json.loads(summary.packed())) == summary
    assert len(summary.packed()) < 1000


def test_an_empty_bed_has_no_figures(record, nights, at):
    record(at("2026-11-21 13:00"))
    summary = summarise(nights.night(FRIDAY), FRIDAY)

    assert summary.start_s is summary.tst_s is summary.per_hour() is None
    assert not summary.fit


def test_a_clock_that_is_not_known_has_no_hours(settings, at):
    clock = SteppedClock(wall=at("2020-01-01 10:00"), known=False)
    with Store(settings, clock) as store:
        record_minutes(store, clock, 20)
        nights = Nights(store, clock, UTC)
        evening = nights.dates()[0]
        summary = summarise(nights.night(evening), evening, ((0.0, 0.0),))

    assert summary.hours == ()
    assert not summary.clock_known


def record_minutes(store, clock, hours):
    from bedside.pipeline.listener import Heard, Minute, PresenceChange

    start_s = clock.monotonic()
    minutes = [
        Minute(start_s + 60.0 * n, 60.0, 1.0, 1.0, 4.0, 14.0, 0.9) for n in range(hours * 60)
    ]
    store.add_heard(Heard(presence=[PresenceChange(start_s, True)], minutes=minutes))
    clock.advance(hours * HOUR)
    store.flush()


def test_the_hour_that_comes_twice_is_counted_twice(store, record, clock, at):
    clock.step_wall(at("2026-10-24 10:00") - clock.wall())
    record(at("2026-10-25 11:00"), at("2026-10-24 21:00"), at("2026-10-25 06:00"))
    nights = Nights(store, clock, BERLIN)
    summaries = Summaries(nights, store, clock)
    (summary,) = summaries.all()

    assert [hour.hour for hour in summary.hours].count(2) == 2
    assert summary.tib_s == 9 * HOUR


class TestKeeping:
    def test_what_is_over_is_kept_and_what_is_open_is_told(self, summaries, two, store, clock):
        work(summaries, clock)

        assert [row[0] for row in store.summaries()] == ["2026-11-19", "2026-11-20", "2026-11-21"]
        assert [each.evening.day for each in summaries.all()] == [19, 20, 21, 22]
        assert summaries.missing() == 0

    def test_reading_scores_no_night_that_is_over(self, store, clock, two, nights, scored):
        work(Summaries(nights, store, clock), clock)
        scored.clear()

        fresh = Nights(store, clock, UTC)
        told = Summaries(fresh, store, clock).all()

        assert len(told) == 4
        assert scored == [fresh.window(date(2026, 11, 22)).start_s]

    def test_a_night_that_was_not_summed_up_is_left_out_and_not_scored(
        self, summaries, two, scored, nights
    ):
        assert [each.evening.day for each in summaries.all()] == [22]
        assert summaries.missing() == 3
        assert len(scored) == 1

    def test_one_night_a_tick_the_newest_first(self, summaries, two, store, clock):
        days = []
        for _ in range(3):
            summaries.tick()
            store.flush()
            days.append({row[0][-2:] for row in store.summaries()})
            clock.advance(1.0)

        assert days == [{"21"}, {"20", "21"}, {"19", "20", "21"}]

    def test_it_rests_between_nights_that_take_long(self, summaries, two, clock, scored, nights):
        slow(nights, clock, 0.5)
        for _ in range(11):
            summaries.tick()
            clock.advance(0.5)

        assert len(scored) == 2

    def test_a_night_that_ends_is_summed_up(self, summaries, two, record, store, clock, at):
        work(summaries, clock)
        record(at("2026-11-23 12:20"), at("2026-11-22 23:00"), at("2026-11-23 06:30"))
        work(summaries, clock, 2)

        assert store.summaries()[-1][0] == "2026-11-22"

    def test_nothing_changes_when_nothing_changed(self, summaries, two, store, clock, scored):
        work(summaries, clock)
        version = store.version()
        scored.clear()
        work(summaries, clock, 50)
        work(Summaries(Nights(store, clock, UTC), store, clock), clock)

        assert store.version() == version
        assert scored == []

    def test_other_settings_make_it_anew(self, summaries, two, store, clock):
        work(summaries, clock)
        before = store.summaries()
        other = Nights(store, clock, UTC, sleep=SleepSettings(stillness_min=20.0))
        work(Summaries(other, store, clock), clock)

        assert [row[1] for row in before] != [row[1] for row in store.summaries()]

    def test_settings_that_change_while_it_runs_make_it_anew(self, summaries, two, store, clock):
        work(summaries, clock)
        before = [row[1] for row in store.summaries()]
        summaries._nights._rules = ("others", *summaries._nights._rules[1:])
        summaries.doubt()
        work(summaries, clock)

        assert not set(before) & {row[1] for row in store.summaries()}

    def test_a_clock_that_is_set_late_moves_the_night(self, summaries, two, store, clock):
        work(summaries, clock)
        clock.step_wall(2 * 86400.0)
        store.flush()
        assert summaries.missing() >= 1
        work(summaries, clock)

        dates = [row[0] for row in store.summaries()]
        assert dates == ["2026-11-21", "2026-11-22", "2026-11-23"]
        assert [each.evening.day for each in summaries.all()] == [21, 22, 23, 24]

    def test_one_that_was_corrected_is_made_anew_at_once(
        self, summaries, two, store, clock, nights, monkeypatch
    ):
        work(summaries, clock)
        before = store.summarised("2026-11-20")
        monkeypatch.setattr(nights, "fingerprint", lambda evening: "marked")
        summaries.renew(FRIDAY)

        assert store.summarised("2026-11-20") != before

    def test_one_of_another_version_is_left_out_and_made_anew(self, summaries, two, store, clock):
        work(summaries, clock)
        store.keep_summary("2026-11-20", "other", '{"evening":"2026-11-20","mood":"blue"}')
        store.flush()
        assert [each.evening.day for each in summaries.all()] == [19, 21, 22]

        fresh = Summaries(Nights(store, clock, UTC), store, clock)
        work(fresh, clock)
        assert [each.evening.day for each in fresh.all()] == [19, 20, 21, 22]

    def test_an_archive_is_read_and_not_written(self, two, settings, clock):
        with Archive(settings) as archive:
            summaries = Summaries(Nights(archive, clock, UTC), archive, clock)
            summaries.tick()
            summaries.renew(FRIDAY)

            assert [each.evening.day for each in summaries.all()] == [22]

    def test_a_record_that_cannot_be_read_is_told_and_asked_again_later(
        self, summaries, two, clock, nights, monkeypatch
    ):
        def broken(evening):
            raise StoreError("no")

        with monkeypatch.context() as patched:
            patched.setattr(nights, "fingerprint", broken)
            with pytest.raises(StoreError):
                summaries.tick()
            clock.advance(30.0)
            summaries.tick()
        clock.advance(40.0)
        work(summaries, clock)
        assert summaries.missing() == 0


def slow(nights, clock, seconds):
    """Let each night that is scored take some time."""

    def night(which=None):
        clock.advance(seconds)
        return original(which)

    original, nights.night = nights.night, night


def test_a_thousand_are_read_at_once(summaries, two, store, clock, nights):
    work(summaries, clock)
    summary = summaries.all()[1].packed()
    for number in range(1000):
        day = (date(2024, 1, 1) + timedelta(number)).isoformat()
        store.keep_summary(day, "1", summary.replace("2026-11-20", day))
    store.flush()
    nights.dates = lambda: [date(2024, 1, 1) + timedelta(n) for n in range(1000)]
    times_s = []
    for _ in range(5):
        began_s = time.perf_counter()
        assert len(summaries.all()) == 1000
        times_s.append(time.perf_counter() - began_s)

    assert min(times_s) < 0.1
