"""Nights on record, scored, told, and kept."""

import threading
from datetime import date

import pytest

from bedside.clock import SteppedClock
from bedside.errors import BedsideError, StoreError
from bedside.nights import ClockSettings, Nights
from bedside.nights import nights as module
from bedside.pipeline.listener import Heard, PresenceChange
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
def scored(monkeypatch):
    """Count the nights that are scored."""
    seen = []

    def score(recorded, *rules):
        seen.append(recorded.start_s)
        return original(recorded, *rules)

    original = module.score
    monkeypatch.setattr(module, "score", score)
    return seen


@pytest.fixture
def two(record, at):
    """Two nights, and the noon after."""
    record(at("2026-11-21 13:00"), at("2026-11-20 23:00"), at("2026-11-21 07:00"))
    record(at("2026-11-22 13:00"), at("2026-11-21 22:30"), at("2026-11-22 06:00"))


def test_nothing_on_record(nights):
    assert nights.dates() == []
    with pytest.raises(BedsideError, match="no night is on record yet"):
        nights.report()


def test_the_nights_on_record(nights, two):
    assert nights.dates() == [date(2026, 11, 19), FRIDAY, SATURDAY, date(2026, 11, 22)]


def test_a_day_without_data_is_no_night(nights, record, clock, at):
    record(at("2026-11-20 11:00"))
    clock.advance(3 * 24 * HOUR)
    record(at("2026-11-23 14:00"))

    assert nights.dates() == [date(2026, 11, 19), date(2026, 11, 22), date(2026, 11, 23)]


def test_a_night_is_what_happened_between_two_noons(nights, two, at):
    night = nights.night(FRIDAY)

    assert night.bounds == (at("2026-11-20 23:00"), at("2026-11-21 07:00"))
    assert night.window == nights.window(FRIDAY)
    assert night.coverage == 1.0
    assert not night.ongoing
    assert len(night.movements) == 30
    assert nights.night("2026-11-21").tib_s == 7.5 * HOUR


def test_a_report_is_told_with_the_nights_before_it(nights, two):
    told = nights.report("2026-11-21")

    assert told.date == "2026-11-21"
    assert told.offsets == ((nights.window(SATURDAY).start_s, 0.0),)
    assert {line.nights for line in told.kinds} == {1}


def test_the_latest_night_is_the_last_one_spent_in_bed(nights, two, record, at):
    assert nights.latest() == SATURDAY
    assert nights.report().date == "2026-11-21"

    record(at("2026-11-22 15:00"), at("2026-11-22 13:30"), at("2026-11-22 14:00"))
    assert nights.latest() == SATURDAY, "a nap is no night"

    record(at("2026-11-23 02:00"), at("2026-11-22 22:30"))
    assert nights.latest() == date(2026, 11, 22)


def test_a_nap_is_the_latest_where_there_is_nothing_else(nights, record, at):
    record(at("2026-11-20 15:00"), at("2026-11-20 13:30"), at("2026-11-20 14:00"))
    record(at("2026-11-21 15:00"))

    assert nights.latest() == FRIDAY


def test_an_empty_bed_has_its_night_too(nights, record, at):
    record(at("2026-11-21 09:00"))

    assert nights.latest() == FRIDAY
    assert nights.night().bounds is None


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "21.11.2026", ""])
def test_what_is_no_date_is_told(nights, two, text):
    with pytest.raises(BedsideError, match=r"is no date; .* as in 2026-11-22 .*2026-11-20"):
        nights.report(text)


def test_a_night_that_is_not_on_record_is_told(nights, two):
    with pytest.raises(BedsideError, match=r"no night of 2026-01-01 is on record; .*2026-11-20"):
        nights.report("2026-01-01")
    with pytest.raises(BedsideError, match="no night of 2026-12-24"):
        nights.night(date(2026, 12, 24))


def test_a_night_that_goes_on(nights, record, at):
    record(at("2026-11-21 03:00"), at("2026-11-20 23:00"))

    night = nights.night()

    assert night.ongoing
    assert night.tib_s == 4 * HOUR
    assert nights.current() == FRIDAY


def test_minutes_that_are_yet_to_come_are_no_gap(nights, record, clock, at):
    record(at("2026-11-21 03:00"), at("2026-11-20 23:00"))
    clock.advance(150.0)

    assert nights.night().coverage == 1.0
    assert nights.night().ongoing


def test_a_sensor_that_fell_silent_is_a_gap(nights, record, clock, at):
    record(at("2026-11-21 03:00"), at("2026-11-20 23:00"))
    clock.advance(HOUR)

    night = nights.night()

    assert night.window.end_s == at("2026-11-21 04:00")
    assert night.gaps[-1] == (at("2026-11-21 03:00"), at("2026-11-21 04:00"))


def test_the_spring_night_is_an_hour_shorter(store, record, clock, at):
    clock.step_wall(at("2026-03-28 11:00") - clock.wall())
    record(at("2026-03-29 10:00"), at("2026-03-28 22:00"), at("2026-03-29 05:00"))
    nights = Nights(store, clock, BERLIN)

    told = nights.report("2026-03-28")

    assert nights.dates() == [date(2026, 3, 28)]
    assert nights.night().tib_s == 7 * HOUR, "23:00 to 07:00, one hour of which there was not"
    assert [offset_s for _t_s, offset_s in told.offsets] == [HOUR, 2 * HOUR]


def test_the_autumn_night_is_an_hour_longer(store, record, clock, at):
    clock.step_wall(at("2026-10-24 10:00") - clock.wall())
    record(at("2026-10-25 11:00"), at("2026-10-24 21:00"), at("2026-10-25 06:00"))
    nights = Nights(store, clock, BERLIN)

    told = nights.report("2026-10-24")

    assert nights.dates() == [date(2026, 10, 24)]
    assert nights.night().tib_s == 9 * HOUR, "23:00 to 07:00, with two o'clock twice"
    assert [offset_s for _t_s, offset_s in told.offsets] == [2 * HOUR, HOUR]


def test_a_night_moves_when_the_clock_becomes_known(settings, at):
    clock = SteppedClock(wall=at("2020-01-01 20:00"), known=False)
    with Store(settings, clock) as store:
        nights = Nights(store, clock, UTC)
        start_s = clock.monotonic()
        _lie(store, clock, 3 * HOUR)
        assert nights.dates() == [date(2020, 1, 1)]
        assert not nights.report().clock_known

        clock.step_wall(at("2026-11-21 02:00") - clock.wall(), known=True)
        _lie(store, clock, HOUR)

        assert nights.dates() == [FRIDAY]
        night = nights.night()
        assert night.bounds.start_s == clock.wall() - (clock.monotonic() - start_s)
        assert night.tib_s == 4 * HOUR
        assert nights.report().clock_known


@pytest.mark.parametrize("step_s", [3 * HOUR, -20 * 60.0])
def test_a_step_in_mid_night_does_not_tear_it(nights, store, clock, at, step_s):
    clock.advance(at("2026-11-20 22:00") - clock.wall())
    _lie(store, clock, 3 * HOUR)
    nights.report()
    clock.step_wall(step_s)
    _lie(store, clock, HOUR)

    night = nights.night()

    assert nights.dates() == [FRIDAY]
    assert (night.tib_s, night.coverage) == (4 * HOUR, 1.0)
    assert night.bounds.start_s == at("2026-11-20 22:00") + step_s


def _lie(store, clock, seconds):
    """Lie in bed for a while."""
    from bedside.pipeline.listener import Minute

    start_s = clock.monotonic()
    minutes = [
        Minute(start_s + 60.0 * i, 60.0, 1.0, 1.0, 4.0, 14.0, 0.9) for i in range(int(seconds / 60))
    ]
    store.add_heard(Heard(presence=[PresenceChange(start_s, True)], minutes=minutes))
    clock.advance(seconds)
    store.flush()


def test_nothing_is_computed_twice(nights, two, scored):
    first = nights.report()
    count = len(scored)

    assert all(nights.report() is first for _ in range(20))
    assert nights.night() is nights.night()
    assert len(scored) == count


def test_a_new_row_makes_only_the_open_night_anew(nights, two, record, scored, at):
    nights.report()
    scored.clear()
    record(at("2026-11-22 13:30"))
    first = nights.report("2026-11-22")
    nights.report("2026-11-21")
    assert scored == [nights.window(date(2026, 11, 22)).start_s]

    record(at("2026-11-22 13:40"))
    assert nights.report("2026-11-22") is not first


def test_a_step_of_the_clock_makes_every_night_anew(nights, two, clock, store, scored):
    before = nights.report(SATURDAY)
    scored.clear()
    clock.step_wall(-600.0)
    store.flush()

    after = nights.report(SATURDAY)

    assert after.start_s == before.start_s - 600.0
    assert len(scored) == len(nights.dates()) - 1


def test_many_threads_get_one_report(nights, two, scored):
    told = []
    threads = [threading.Thread(target=lambda: told.append(nights.report())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({id(report) for report in told}) == 1
    assert len(scored) == len(set(scored))


def test_only_so_many_are_kept_in_memory(nights, record, clock, at, monkeypatch):
    monkeypatch.setattr(module, "_KEPT", 2)
    record(at("2026-11-26 13:00"))
    for evening in nights.dates():
        nights.report(evening)

    assert len(nights._nights) == len(nights._reports) == 2


class TestClosing:
    """A night that is over is kept as it was scored."""

    def test_it_is_not_scored_again(self, nights, two, settings, clock, scored):
        nights.close_finished()
        want = nights.night(FRIDAY)
        scored.clear()

        with Archive(settings) as archive:
            again = Nights(archive, clock, UTC).night(FRIDAY)

        assert again == want
        assert scored == []

    def test_it_is_kept_once(self, nights, two, store):
        nights.close_finished()
        version = store.version()
        nights.close_finished()
        Nights(store, store._clock, UTC).close_finished()

        assert store.version() == version

    def test_one_that_goes_on_is_not_kept(self, nights, two, store):
        nights.close_finished()

        assert store.scored("2026-11-21") is not None
        assert store.scored("2026-11-22") is None

    def test_what_was_kept_is_not_used_when_the_settings_change(
        self, nights, two, settings, clock, scored
    ):
        nights.close_finished()
        scored.clear()

        with Archive(settings) as archive:
            other = Nights(archive, clock, UTC, sleep=SleepSettings(stillness_min=20.0))
            other.night(FRIDAY)

        assert len(scored) == 1

    def test_what_was_kept_is_not_used_when_the_clock_moved(self, nights, two, store, clock, at):
        nights.close_finished()
        clock.step_wall(600.0)
        store.flush()

        assert nights.night(FRIDAY).bounds.start_s == at("2026-11-20 23:10")

    def test_what_was_kept_and_cannot_be_unpacked_is_scored_again(
        self, nights, two, store, clock, scored
    ):
        nights.close_finished()
        fingerprint, _frozen = store.scored("2026-11-20")
        store.keep_night("2026-11-20", fingerprint, b"not what it was")
        store.flush()
        scored.clear()

        assert Nights(store, clock, UTC).night(FRIDAY).tib_s == 8 * HOUR
        assert len(scored) == 1

    def test_a_full_disk_is_told_and_it_is_tried_again(self, nights, two, store):
        store._db.execute("PRAGMA query_only = 1")
        with pytest.raises(StoreError):
            nights.close_finished()
        store._db.execute("PRAGMA query_only = 0")

        nights.close_finished()

        assert store.scored("2026-11-21") is not None

    def test_an_archive_keeps_nothing(self, two, settings, clock):
        with Archive(settings) as archive:
            Nights(archive, clock, UTC).close_finished()

            assert archive.scored("2026-11-20") is None
