from dataclasses import replace

import numpy as np
import pytest

from bedside.simulator.profiles import PROFILES
from bedside.simulator.recording import FAINT, record
from bedside.simulator.sensors import SENSORS

HOUR_S = 3600.0


def test_the_same_arguments_give_the_same_bits() -> None:
    one, other = (record("ordinary", "lsm6dso", 5, HOUR_S) for _ in range(2))
    assert np.array_equal(one.xyz, other.xyz)
    assert one.truth.happenings == other.truth.happenings
    assert np.array_equal(one.truth.breaths, other.truth.breaths)


def test_another_seed_is_another_night_and_another_chip_the_same_one() -> None:
    night, other = (
        record("ordinary", "adxl355", 5, HOUR_S),
        record("ordinary", "adxl355", 6, HOUR_S),
    )
    coarse = record("ordinary", "mpu6050", 5, HOUR_S)
    assert not np.array_equal(night.xyz, other.xyz)
    assert night.truth.presence == coarse.truth.presence
    ours, theirs = (
        [(h.start_s, h.peak_mg) for h in recording.truth.happenings if h.cause != "glitch"]
        for recording in (night, coarse)
    )
    assert ours == theirs


@pytest.mark.parametrize("odr_hz", [50.0, 100.0, 200.0])
def test_shapes_and_times_at_each_rate(odr_hz: float) -> None:
    recording = record("slat", "mpu6050", 1, 600.0, odr_hz)
    assert recording.t.shape == (600 * odr_hz,)
    assert recording.xyz.shape == (600 * odr_hz, 3)
    assert recording.xyz.dtype == np.float32
    assert np.diff(recording.t) == pytest.approx(1.0 / odr_hz)
    assert recording.odr_hz == odr_hz


@pytest.mark.parametrize(
    ("mounting", "axis", "sign"), [("flat", 2, 1), ("upside_down", 2, -1), ("on_its_side", 0, 1)]
)
def test_gravity_falls_on_the_axis_of_the_mounting(mounting: str, axis: int, sign: int) -> None:
    mean = record("quiet", "adxl355", 2, 300.0, mounting=mounting).xyz.mean(axis=0)
    assert np.argmax(np.abs(mean)) == axis
    assert mean[axis] == pytest.approx(sign, abs=0.06)


def test_what_is_faint_is_what_the_chip_cannot_show() -> None:
    truths = {sensor: record("twitchy", sensor, 4, 2 * HOUR_S).truth for sensor in SENSORS}
    share = {}
    for sensor, truth in truths.items():
        own = [h for h in truth.happenings if h.kind != "disturbance"]
        assert all(h.faint == (h.peak_mg < FAINT * h.quiet_mg) for h in own)
        assert not any(h.faint for h in truth.happenings if h.kind == "disturbance")
        assert min(h.quiet_mg for h in own) >= SENSORS[sensor].rms_mg()
        share[sensor] = np.mean([h.faint for h in own])
    assert share["adxl355"] <= share["lsm6dso"] < share["mpu6050"]
    assert share["adxl355"] < 0.35


def test_an_own_profile_will_do_too() -> None:
    empty = record(replace(PROFILES["quiet"], opening="never"), "adxl355", 1, 600.0)
    assert not empty.truth.presence
    assert 1000 * (empty.xyz - empty.xyz.mean(axis=0)).std(axis=0).max() < 0.3
