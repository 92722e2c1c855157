"""A night heard anew: what its raw samples bear out is replaced, and nothing else."""

from contextlib import suppress
from datetime import date
from itertools import count

import attrs
import numpy as np
import pytest

from bedside.clock import SteppedClock
from bedside.errors import BedsideError, StoreError
from bedside.nights import ClockSettings, Nights
from bedside.nights.events import events_of, mark
from bedside.nights.rescoring import DOUBT_S, SETTLE_S, rescoring
from bedside.pipeline.listener import DetectorSettings, Heard, Listener, Minute
from bedside.pipeline.movements import Movement
from bedside.pipeline.samples import Block
from bedside.simulator.recording import record as simulated
from bedside.store import Store

EVENING = date(2026, 11, 19)
ODR_HZ, LSB_PER_G, LENGTH_S = 100.0, 16384.0, 1800.0


@pytest.fixture(scope="session")
def half_hour():
    """Half an hour of a simulated sleeper."""
    return simulated("twitchy", "mpu6050", 4, duration_s=LENGTH_S, odr_hz=ODR_HZ)


@pytest.fixture
def nights(store, clock):
    return Nights(store, clock, ClockSettings(time_zone="UTC"))


@pytest.fixture
def play(store, clock):
    """Record samples as the daemon does."""
    return lambda xyz, listener=None: played(store, clock, xyz, listener or Listener(ODR_HZ))


def played(store, clock, xyz, listener):
    zero_s = clock.monotonic()
    store.add_sensor(zero_s, "mpu6050", ODR_HZ, LSB_PER_G)
    xyz = (np.rint(xyz * LSB_PER_G) / LSB_PER_G).astype(np.float32)
    for at in range(0, len(xyz), 1000):
        part = xyz[at : at + 1000]
        block = Block(zero_s + (at + np.arange(len(part))) / ODR_HZ, part, gap=not at)
        store.add_block(block)
        store.add_heard(listener.update(block))
        clock.advance(len(part) / ODR_HZ)
        if at % 6000 == 0:
            store.flush()
    store.add_heard(listener.flush())
    store.flush(full=True)
    return zero_s


@pytest.fixture
def on_record(store, nights):
    """What is on record, as a plain table."""

    def look():
        with store._reader() as db:
            return [
                db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
                for table in ("movements", "minutes", "presence")
            ]

    return look


def rounded(row):
    return [round(value, 4) if isinstance(value, float) else value for value in row]


def anew(nights, store, new_listener=Listener):
    steps, work = [], rescoring(nights, store, EVENING, new_listener)
    while True:
        try:
            steps.append(next(work))
        except StopIteration as over:
            return steps, over.value


def test_the_same_detector_hears_the_same(play, nights, store, half_hour, on_record):
    play(half_hour.xyz)
    before = on_record()

    steps, said = anew(nights, store)

    movements, minutes, presence = on_record()
    assert len(before[0]) > 10
    assert [rounded(row) for row in movements] == [rounded(row) for row in before[0]]
    assert [rounded(row) for row in minutes] == [rounded(row) for row in before[1]]
    assert presence[: len(before[2])] == before[2]
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (0.0, 1.0)
    assert len(steps) > 100
    assert f"{len(movements)} movements are on record now, {len(movements)} were before" in said


def test_another_detector_hears_something_else(play, nights, store, half_hour):
    play(half_hour.xyz)
    before = len(nights.night(EVENING).movements)
    deaf = attrs.evolve(DetectorSettings(), on_ratio=4.0)

    anew(nights, store, lambda odr_hz: Listener(odr_hz, deaf))

    assert len(nights.night(EVENING).movements) < before


def test_nothing_changes_until_all_is_heard(play, nights, store, half_hour, on_record):
    play(half_hour.xyz)
    before, version = on_record(), store.version()
    deaf = attrs.evolve(DetectorSettings(), on_ratio=4.0)
    work = rescoring(nights, store, EVENING, lambda odr_hz: Listener(odr_hz, deaf))

    for done in work:
        assert on_record()[0] == before[0]
        if done > 0.5:
            break
    work.close()

    assert on_record() == before
    assert store.version() == version


def test_a_disk_that_is_full_leaves_the_record_as_it_was(
    play, nights, store, half_hour, on_record, monkeypatch
):
    play(half_hour.xyz)
    before = on_record()
    original, calls = store._db, count()

    def full(*_args, **_kwargs):
        next(calls)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bedside.store.rows.write", full)
    with pytest.raises(StoreError, match="No space left"):
        anew(nights, store)
    monkeypatch.undo()

    assert next(calls) == 1
    assert store._db is original
    assert on_record() == before


def test_a_mark_stays_with_its_movement(play, nights, store, half_hour):
    play(half_hour.xyz)
    inside = [
        event
        for event in events_of(nights, store, EVENING)
        if SETTLE_S + 60 < event.kept.start_s - 1000.0 < LENGTH_S - DOUBT_S - 60
    ]
    mark(nights, store, inside[1], "wrong")
    mark(nights, store, inside[2], "partner")
    slightly_other = attrs.evolve(DetectorSettings(), off_ratio=0.9)

    anew(nights, store, lambda odr_hz: Listener(odr_hz, slightly_other))

    marked = [e for e in events_of(nights, store, EVENING) if e.verdict]
    assert [event.verdict for event in marked] == ["wrong", "partner"]
    for event, before in zip(marked, inside[1:3], strict=True):
        assert abs(event.heard.start_s - before.heard.start_s) < 0.5


def test_what_the_samples_do_not_bear_out_stays(play, nights, store, half_hour, on_record):
    zero_s = play(half_hour.xyz)
    with store._writing:
        store._db.execute(
            "UPDATE raw SET samples = zeroblob(9) WHERE start_s BETWEEN ? AND ?",
            (zero_s + 880.0, zero_s + 960.0),
        )
    before = on_record()
    silent = attrs.evolve(DetectorSettings(), on_ratio=4.0)

    anew(nights, store, lambda odr_hz: Listener(odr_hz, silent))

    def within(rows, first_s, last_s):
        return [row for row in rows if first_s <= row[1] - zero_s < last_s]

    after = on_record()
    kept = (820.0 - DOUBT_S + 60.0, 960.0)  # from where doubt begins to the end of the damage
    assert within(after[0], *kept) == within(before[0], *kept)
    assert len(within(before[0], *kept)) >= 1
    assert within(after[0], 0.0, SETTLE_S) == within(before[0], 0.0, SETTLE_S)
    assert within(after[0], LENGTH_S - DOUBT_S + 1, 9e9) == within(
        before[0], LENGTH_S - DOUBT_S + 1, 9e9
    )
    assert len(after[0]) < len(before[0])


def test_samples_that_nobody_heard_become_a_night(play, nights, store, half_hour):
    class Deaf(Listener):
        def update(self, block):
            super().update(block)
            return Heard()

        def flush(self):
            return Heard(minutes=[Minute(1020.0, 60.0, 0.0, 1.0, 4.0)])

    play(half_hour.xyz, Deaf(ODR_HZ))
    assert nights.night(EVENING).movements == ()

    anew(nights, store)

    night = nights.night(EVENING)
    assert len(night.movements) > 5
    assert night.tib_s > 600.0


def test_a_night_without_raw_samples_is_told(nights, store, record, at, on_record):
    record(at("2026-11-21 13:00"), at("2026-11-20 23:00"), at("2026-11-21 07:00"))
    before = on_record()

    with pytest.raises(BedsideError, match="cannot be heard anew: too few of its raw samples"):
        anew(nights, store)
    assert on_record() == before


def test_a_minute_of_samples_is_too_little(play, nights, store, half_hour):
    play(half_hour.xyz[:6000])

    with pytest.raises(BedsideError, match="too few"):
        anew(nights, store)


def test_what_comes_in_meanwhile_is_kept(play, nights, store, half_hour, clock):
    play(half_hour.xyz)
    newest_s = clock.monotonic()
    work = rescoring(nights, store, EVENING, Listener)

    for _ in range(20):
        next(work)
    store.add_heard(Heard([Movement(newest_s + 1.0, newest_s + 1.4, "jerk", 30.0, 1.0, 0.5)]))
    with suppress(StopIteration):
        while True:
            next(work)

    assert events_of(nights, store, EVENING)[-1].kept.start_s == newest_s + 1.0


def test_two_boots_are_heard_each_for_itself(play, store, half_hour, clock, settings):
    play(half_hour.xyz[:90_000])
    store.close()
    later = SteppedClock(wall=clock.wall() + 60.0, monotonic=20.0)
    with Store(settings, later) as again:
        played(again, later, half_hour.xyz[90_000:], Listener(ODR_HZ))
        nights = Nights(again, later, ClockSettings(time_zone="UTC"))
        before = [event.key for event in events_of(nights, again, EVENING)]

        anew(nights, again)

        assert [event.key for event in events_of(nights, again, EVENING)] == before
        assert {key.partition("-")[0] for key in before} == {"1", "2"}
