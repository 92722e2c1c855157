"""Who is in bed, over simulated nights."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from bedside.pipeline.listener import Listener
from bedside.pipeline.samples import Block
from bedside.simulator.profiles import PROFILES
from bedside.simulator.recording import record

SENSORS = ["adxl355", "lsm6dso", "mpu6050"]


@pytest.mark.parametrize("sensor", SENSORS)
@pytest.mark.parametrize("profile", ["ordinary", "noisy_house"])
def test_an_empty_bed_has_no_sleeper(hear, profile, sensor):
    night = record(replace(PROFILES[profile], opening="never"), sensor, 31, duration_s=1800.0)
    heard = hear(night)
    assert [c.present for c in heard.presence] == [False]
    assert [m for m in heard.movements if m.kind != "disturbance"] == []
    assert all(m.present == 0.0 for m in heard.minutes)


@pytest.mark.parametrize("sensor", SENSORS)
@pytest.mark.parametrize("seed", [41, 42])
def test_who_lies_there_from_the_first_sample_on_is_present(hear, sensor, seed):
    night = record(replace(PROFILES["quiet"], opening="lying"), sensor, seed, duration_s=700.0)
    heard = hear(night)
    assert heard.presence[0].present
    assert heard.presence[0].t_s < 60.0
    ((_, until_s),) = night.truth.presence
    lain = [m for m in heard.minutes if m.heard_s and m.start_s + 60.0 <= until_s]
    assert len(lain) >= 5
    assert all(m.present > 0.99 for m in lain)
    assert "bed_entry" not in {m.kind for m in heard.movements}


@pytest.mark.parametrize("sensor", SENSORS)
@pytest.mark.parametrize("seed", [5, 6])
def test_coming_and_going_is_told_when_it_happens(hear, sensor, seed):
    night = record(replace(PROFILES["ordinary"], opening="empty"), sensor, seed, duration_s=2700.0)
    heard = hear(night)
    true = [(s, True) for s, _ in night.truth.presence]
    true += [(e, False) for _, e in night.truth.presence if e < 2699.0]
    told = heard.presence
    assert not told[0].present
    assert [c.present for c in told[1:]] == [present for _, present in sorted(true)]
    for change, (t_s, _) in zip(told[1:], sorted(true), strict=True):
        assert abs(change.t_s - t_s) < 5.0
    kinds = [m.kind for m in heard.movements if m.kind.startswith("bed_")]
    assert kinds == ["bed_entry" if present else "bed_exit" for _, present in sorted(true)]


def test_changes_alternate_and_minutes_agree_with_them(hear):
    night = record(replace(PROFILES["ordinary"], opening="empty"), "adxl355", 5, duration_s=2700.0)
    heard = hear(night)
    states = [c.present for c in heard.presence]
    assert all(a != b for a, b in pairwise(states))
    times = [c.t_s for c in heard.presence]
    assert times == sorted(times)
    axis = np.arange(0.0, 2700.0, 0.1)
    lain = np.array(states)[np.searchsorted(times, axis, side="right") - 1]
    minutes = [m for m in heard.minutes if m.heard_s]
    for minute, share in zip(minutes, lain.reshape(-1, 600).mean(axis=1), strict=True):
        assert minute.present == pytest.approx(share, abs=0.01)


def test_nobody_knows_before_there_is_something_to_know():
    listener = Listener(100.0)
    assert listener.now.present is None
    night = record(replace(PROFILES["quiet"], opening="lying"), "adxl355", 41, duration_s=120.0)
    assert listener.update(Block(night.t[:200], night.xyz[:200])).presence == []
    listener.update(Block(night.t[200:], night.xyz[200:]))
    assert listener.now.present is True
