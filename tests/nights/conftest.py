"""A store with nights in it, told by what was heard."""

import random
from datetime import UTC, datetime

import pytest

from bedside.clock import SteppedClock
from bedside.nights.summary import HourCount, Summary
from bedside.pipeline.listener import Heard, Minute, PresenceChange
from bedside.pipeline.movements import Movement
from bedside.store import Store, StoreSettings

MINUTE_S = 60.0


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.fixture
def at():
    """Give the Unix seconds of `2026-11-21 23:00`, UTC."""
    return utc


@pytest.fixture
def clock():
    return SteppedClock(wall=utc("2026-11-20 10:00"), monotonic=1000.0)


@pytest.fixture
def settings(tmp_path):
    return StoreSettings(folder=str(tmp_path), min_free_mb=0)


@pytest.fixture
def store(settings, clock):
    with Store(settings, clock) as opened:
        yield opened


@pytest.fixture
def record(store, clock):
    """Let time pass to `until` while all is heard; somebody lies in bed from `bed` to `rise`."""

    def write(until, bed=None, rise=None, movements=30):
        offset_s = clock.wall() - clock.monotonic()
        start_s, end_s = clock.monotonic(), until - offset_s
        bed_s = None if bed is None else bed - offset_s
        rise_s = end_s + 1.0 if rise is None else rise - offset_s
        heard = Heard()
        for i in range(int((end_s - start_s) // MINUTE_S)):
            t_s = start_s + i * MINUTE_S
            present = bed_s is not None and bed_s <= t_s < rise_s
            heard.minutes.append(Minute(t_s, MINUTE_S, float(present), 1.0, 4.0, 14.0, 0.9))
        if bed_s is not None:
            heard.presence.append(PresenceChange(bed_s, True))
            last_s = min(rise_s, end_s)
            chance = random.Random(int(bed_s))
            onsets = sorted(chance.uniform(bed_s, last_s - 5.0) for _ in range(movements))
            heard.movements += [Movement(t, t + 0.5, "jerk", 20.0, 1.0, 2.0) for t in onsets]
        if bed_s is not None and rise_s <= end_s:
            heard.presence.append(PresenceChange(rise_s, False))
        store.add_heard(heard)
        clock.advance(end_s - start_s)
        store.flush()

    return write


@pytest.fixture
def summary():
    """Make the summary of a night of eight hours' sleep, by its movements an hour."""

    def make(evening, rate, **changes):
        count = round(rate * 8 * 100)
        start_s = datetime(evening.year, evening.month, evening.day, 22, tzinfo=UTC).timestamp()
        hours = changes.pop("hours", [])
        figures = {
            "tib_s": 30_000.0, "tst_s": 28_800.0, "sol_s": 900.0, "se": 0.96, "waso_s": 300.0,
            "awakenings": 1, "awake": dict.fromkeys(("jerk", "limb_movement", "turn"), 0),
            "asleep": {"jerk": count / 100, "limb_movement": 0, "turn": 0}, "hypnic": 1,
            "periodic_index": 0.0, "series": {}, "temperature_c": 19.0, "coverage": 1.0,
            "breaths_per_min": 14.0, "clock_known": True, "start_s": start_s,
            "end_s": start_s + 30_000.0, "hours": tuple(HourCount(*hour) for hour in hours),
        }  # fmt: skip
        return Summary(evening=evening, **(figures | changes))

    return make
