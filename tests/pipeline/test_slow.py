"""A stream too slow for jerks."""

import numpy as np
import pytest

from bedside.pipeline.listener import Heard, Listener
from bedside.pipeline.samples import Block

ODR_HZ = 1.6


def levels(hours, *steps):
    """Noise of an MPU-6050 at a slow rate, with lasting steps of (s, g) on the x axis."""
    n = round(hours * 3600.0 * ODR_HZ)
    t = np.arange(n) / ODR_HZ
    xyz = np.random.default_rng(3).normal(0.0, 0.0025, (n, 3)) + np.array([0.0, 0.0, 1.0])
    for at_s, shift_g in steps:
        xyz[t >= at_s, 0] += shift_g
        near = np.abs(t - at_s) < 3.0
        xyz[near] += np.random.default_rng(4).normal(0.0, 0.05, (int(near.sum()), 3))
    return t, xyz.astype(np.float32)


def hear(t, xyz, size=100):
    listener, heard = Listener(ODR_HZ), Heard()
    parts = [Block(t[i : i + size], xyz[i : i + size]) for i in range(0, len(t), size)]
    for more in (*map(listener.update, parts), listener.flush()):
        heard.movements += more.movements
        heard.presence += more.presence
        heard.minutes += more.minutes
        heard.leavings += more.leavings
    return heard


def test_turns_are_told_by_what_they_leave():
    heard = hear(*levels(1.0, (1000.0, 0.03), (2000.0, -0.05)))
    assert [m.kind for m in heard.movements] == ["turn", "turn"]
    for turn, at_s, tilt_mg in zip(heard.movements, (1000.0, 2000.0), (30.0, 50.0), strict=True):
        assert turn.start_s == pytest.approx(at_s, abs=6.0)
        assert turn.tilt_mg == pytest.approx(tilt_mg, abs=10.0)
        assert turn.end_s > turn.start_s


def test_a_still_chip_moves_nobody():
    heard = hear(*levels(2.0))
    assert heard.movements == []
    assert heard.presence == []
    assert heard.leavings == []


def test_who_moved_lies_there_until_nothing_moves_for_hours():
    heard = hear(*levels(7.0, (1000.0, 0.03), (5000.0, -0.05)))
    assert [c.present for c in heard.presence] == [True, False]
    came, went = heard.presence
    assert came.t_s == pytest.approx(1000.0, abs=6.0)
    assert went.t_s == pytest.approx(5000.0, abs=30.0)


def test_minutes_follow_each_other():
    minutes = hear(*levels(0.5, (600.0, 0.03))).minutes
    assert [m.start_s for m in minutes] == [60.0 * i for i in range(30)]
    assert max(minutes, key=lambda m: m.peak_mg).start_s in (540.0, 600.0)
    assert all(m.breaths_per_min is None for m in minutes)


@pytest.mark.parametrize("size", [1, 17, 10_000])
def test_the_cut_does_not_matter(size):
    night = levels(1.0, (1000.0, 0.03), (2000.0, -0.05))
    assert hear(*night, size) == hear(*night)


def test_now_tells_how_it_is():
    listener = Listener(ODR_HZ)
    t, xyz = levels(0.5, (600.0, 0.03))
    listener.update(Block(t, xyz))
    assert listener.now.t_s == t[-1]
    assert 0.0 < listener.now.floor_mg < listener.now.threshold_mg
    assert listener.now.present is True
