"""How somebody breathes, from levels made by hand and from simulated sleepers."""

from dataclasses import replace

import numpy as np
import pytest

from bedside.pipeline.breathing import breathing_mg2, breaths
from bedside.simulator.profiles import PROFILES
from bedside.simulator.recording import record

RATE_HZ = 5.0


def levels(hz, mg, length_s=60.0, noise_mg=0.0, drift_mg=0.0, seed=1):
    t = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    made = np.random.default_rng(seed).normal(0.0, noise_mg or 1e-9, (len(t), 3))
    made += np.outer(np.sin(2.0 * np.pi * hz * t), [0.6, 0.0, 0.8]) * mg
    return made + np.outer(t / t[-1], [0.0, drift_mg, drift_mg]) + [0.0, 20.0, 1000.0]


@pytest.mark.parametrize("per_min", [8.0, 12.0, 15.0, 21.0, 30.0])
def test_a_steady_breath_tells_its_rate(per_min):
    told = breaths(levels(per_min / 60.0, 3.0, noise_mg=0.2), RATE_HZ, 0.0)
    assert told.per_min == pytest.approx(per_min, abs=0.5)
    assert told.quality > 0.8


def test_power_is_that_of_the_breath():
    assert breathing_mg2(levels(0.25, 4.0), RATE_HZ) == pytest.approx(8.0, rel=0.1)


def test_a_slow_drift_is_no_breathing():
    assert breathing_mg2(levels(0.0, 0.0, drift_mg=10.0), RATE_HZ) < 1e-6
    told = breaths(levels(0.25, 3.0, drift_mg=20.0), RATE_HZ, 0.0)
    assert told.per_min == pytest.approx(15.0, abs=0.5)


def test_too_short_a_piece_tells_nothing():
    told = breaths(levels(0.25, 3.0, length_s=20.0), RATE_HZ, 0.0)
    assert told == (None, 0.0)


def test_noise_hardly_ever_breathes():
    told = [breaths(levels(0.0, 0.0, noise_mg=1.0, seed=s), RATE_HZ, 0.0) for s in range(100)]
    assert sum(t.per_min is not None for t in told) <= 10
    assert np.median([t.quality for t in told]) < 0.35


def true_rates(night, minute):
    starts, rates = night.truth.breaths.T
    return rates[(starts >= minute.start_s) & (starts < minute.start_s + 60.0)]


@pytest.mark.parametrize(
    ("profile", "sensor"),
    [("quiet", "adxl355"), ("ordinary", "mpu6050"), ("infant", "lsm6dso")],
)
def test_a_sleepers_rate_is_told(hear, profile, sensor):
    night = record(replace(PROFILES[profile], opening="lying"), sensor, 21, duration_s=1500.0)
    minutes = [m for m in hear(night).minutes if m.present > 0.99 and m.heard_s > 59.0]
    told = [m for m in minutes if m.breaths_per_min is not None]
    assert len(told) > 0.7 * len(minutes)
    steady = [(m, rates) for m in told if (rates := true_rates(night, m)).std() < 1.5]
    assert len(steady) > 0.6 * len(told)
    errors = [abs(m.breaths_per_min - rates.mean()) for m, rates in steady]
    assert max(errors) < 1.5
    assert np.median(errors) < 0.5
    assert all(0.0 <= m.breathing_quality <= 1.0 for m in minutes)


@pytest.mark.parametrize("sensor", ["adxl355", "mpu6050"])
def test_an_empty_bed_does_not_breathe(hear, sensor):
    night = record(replace(PROFILES["ordinary"], opening="never"), sensor, 22, duration_s=1200.0)
    minutes = [m for m in hear(night).minutes if m.heard_s]
    assert len(minutes) == 20
    assert [m.breaths_per_min for m in minutes] == [None] * 20
