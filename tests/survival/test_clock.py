"""A clock that is wrong, jumps, changes to summer time, or is read in another zone."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bedside.clock import SteppedClock
from bedside.daemon import Bedside
from bedside.hardware import SimulatedHardware
from bedside.simulator.bus import SimulatedI2C
from bedside.simulator.mpu6050 import Mpu6050Model
from bedside.simulator.profiles import PROFILES
from bedside.simulator.pwm import SimulatedPins
from bedside.simulator.sleeper import Sleeper
from bedside.store import Archive

EVENING_S = datetime(2026, 11, 21, 21, tzinfo=UTC).timestamp()
BERLIN = ZoneInfo("Europe/Berlin")
HOUR_S, RUN_S = 3600.0, 1500.0


@pytest.fixture(scope="module")
def sleeper():
    return Sleeper(PROFILES["twitchy"], 3, duration_s=4 * HOUR_S)


@pytest.fixture
def boot(sleeper):
    """Make a machine that is turned on so many seconds into the night, its clock so many late."""

    def make(at_s, late_s=0.0, known=True, evening_s=EVENING_S):
        clock = SteppedClock(wall=evening_s + at_s - late_s, monotonic=20.0, known=known)
        shift_s = at_s - 20.0
        chip = Mpu6050Model(clock, lambda t: sleeper.motion(t + shift_s))
        bus = SimulatedI2C(clock, {0x68: chip})
        return SimulatedHardware(clock, lambda: bus, SimulatedPins(clock))

    return make


@pytest.fixture
def runs(folder, config, live):
    """Let a machine run for some seconds; give what is on record then."""

    def run(bed, seconds, zone="UTC", happen=lambda _bedside: None):
        with Bedside(config(folder, zone), bed, threading.Event()) as bedside:
            live(bedside, seconds)
            happen(bedside)
            bedside.write()
            return bedside.nights.dates(), bedside.store.recorded(0.0, 4e9), bedside.nights

    return run


def samples_overlap(folder, config):
    """Seconds that are on record twice."""
    with Archive(config(folder).store) as archive:
        spans = sorted((block.t[0], block.t[-1]) for block in archive.raw(0.0, 4e9))
    return sum(max(0.0, a_end - b_start) for (_, a_end), (b_start, _) in pairwise(spans))


def test_an_hour_in_the_past_until_a_time_server_answers(boot, runs, folder, config, live):
    runs(boot(0.0), RUN_S)
    bed = boot(RUN_S + 60.0, late_s=HOUR_S, known=False)

    def set_right(bedside):
        bed.clock.step_wall(HOUR_S, known=True)
        live(bedside, 600.0)

    dates, recorded, _ = runs(bed, 600.0, happen=set_right)

    assert len(dates) == 1
    assert recorded.clock_known
    assert samples_overlap(folder, config) == 0.0
    assert recorded.heard[0].start_s == pytest.approx(EVENING_S, abs=2.0)
    assert recorded.heard[-1].end_s == pytest.approx(EVENING_S + RUN_S + 1260.0, abs=120.0)
    assert len(recorded.presence) == 1


def test_an_hour_in_the_past_and_cut_off_before_a_time_server_answered(boot, runs, folder, config):
    runs(boot(0.0), RUN_S)
    runs(boot(RUN_S + 60.0, late_s=HOUR_S, known=False), 300.0)
    again = boot(RUN_S + 360.0, late_s=HOUR_S + 300.0, known=False)
    again.clock.boot_id = "restarted"
    runs(again, 300.0)
    later = boot(RUN_S + 720.0, late_s=HOUR_S, known=False)
    later.clock.boot_id, later.clock._now = "restarted", 380.0
    runs(later, 300.0)
    dates, recorded, _ = runs(boot(RUN_S + 1200.0), 600.0)

    assert len(dates) == 1
    assert samples_overlap(folder, config) == 0.0
    starts = [minute.start_s for minute in recorded.minutes]
    assert starts == sorted(starts)
    assert recorded.heard[-1].end_s == pytest.approx(EVENING_S + RUN_S + 1800.0, abs=90.0)
    assert sum(minute.heard_s for minute in recorded.minutes) > RUN_S + 1300.0
    assert len(recorded.presence) == 1


@pytest.mark.parametrize("step_s", [HOUR_S, -HOUR_S, 26 * HOUR_S, -26 * HOUR_S])
def test_a_clock_that_jumps_in_the_night(boot, runs, folder, config, live, step_s):
    bed = boot(0.0)

    def jump(bedside):
        bed.clock.step_wall(step_s)
        live(bedside, 900.0)

    dates, recorded, _ = runs(bed, RUN_S, happen=jump)

    assert len(dates) == 1
    assert len(recorded.heard) == len(recorded.presence) == 1
    assert recorded.heard[0].start_s == pytest.approx(EVENING_S + step_s, abs=2.0)
    assert recorded.heard[0].length_s == pytest.approx(RUN_S + 900.0, abs=90.0)
    assert samples_overlap(folder, config) == 0.0


@pytest.mark.parametrize(
    ("evening", "hours"),
    [
        (datetime(2026, 3, 29, 1, 45, tzinfo=BERLIN), 23),
        (datetime(2026, 10, 25, 2, 45, tzinfo=BERLIN), 25),
    ],
)
def test_a_night_in_which_the_clocks_change(boot, runs, folder, config, evening, hours):
    start_s = evening.timestamp()

    dates, recorded, nights = runs(boot(0.0, evening_s=start_s), RUN_S, BERLIN.key)

    window = nights.window(dates[0])
    assert dates == [evening.date() - timedelta(days=1)]
    assert window.length_s == hours * HOUR_S
    assert len(recorded.heard) == len(recorded.presence) == 1
    assert recorded.heard[0].start_s == pytest.approx(start_s, abs=2.0)
    assert recorded.heard[0].length_s == pytest.approx(RUN_S, abs=90.0)
    assert samples_overlap(folder, config) == 0.0


def test_another_zone_moves_the_night_and_not_its_moments(boot, runs):
    bed = boot(0.0)
    dates, before, _ = runs(bed, RUN_S, "UTC")
    bed = replace(bed, pins=SimulatedPins(bed.clock))
    moved, after, nights = runs(bed, 300.0, "Pacific/Auckland")  # 21:00 UTC is 10:00 there

    assert dates == [date(2026, 11, 21)]
    assert moved == [date(2026, 11, 21)]
    assert after.heard[0].start_s == before.heard[0].start_s
    assert len(after.presence) == 1
    assert nights.window(moved[0]).start_s == datetime(2026, 11, 20, 23, tzinfo=UTC).timestamp()
    honolulu, again, _ = runs(replace(bed, pins=SimulatedPins(bed.clock)), 60.0, "Pacific/Honolulu")
    assert honolulu == [date(2026, 11, 20)]  # 11:00 there, before noon: still the night before
    assert again.heard[0].start_s == before.heard[0].start_s
