"""Features of signals whose features are known."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.pipeline.features import BODY, HIGH, FeatureMeter
from bedside.pipeline.samples import Block

FIELDS = ("t", "power", "peak_mg", "jerk_g_s", "level_mg", "spike_mg", "repeats", "samples")


def lying(odr_hz, length_s, seed=1, noise_mg=0.3):
    """A board at rest: gravity on z, and noise."""
    n = round(odr_hz * length_s)
    noise = np.random.default_rng(seed).normal(0.0, noise_mg / 1000.0, (n, 3))
    return np.arange(n) / odr_hz, (noise + np.array([0.0, 0.0, 1.0])).astype(np.float32)


def shaken(odr_hz, hz, mg, length_s=20.0):
    t, _ = lying(odr_hz, length_s)
    xyz = np.tile([0.0, 0.0, 1.0], (len(t), 1))
    xyz[:, 0] += mg / 1000.0 * np.sin(2.0 * np.pi * hz * t)
    return t, xyz.astype(np.float32)


def measure(t, xyz, odr_hz=100.0, cuts=()):
    meter = FeatureMeter(odr_hz)
    bounds = [0, *sorted(cuts), len(t)]
    told = [meter.update(Block(t[a:b], xyz[a:b])) for a, b in pairwise(bounds)]
    told = [features for features in (*told, meter.flush()) if features is not None]
    axis = {"power": 1}
    return {
        name: np.concatenate([getattr(f, name) for f in told], axis=axis.get(name, 0))
        for name in FIELDS
    }


@pytest.mark.parametrize("odr_hz", [50.0, 100.0, 200.0])
def test_a_sine_has_its_power_peak_and_jerk(odr_hz):
    got = measure(*shaken(odr_hz, 5.0, 40.0), odr_hz)
    late = got["t"] > 5.0
    assert got["power"][BODY, late].mean() == pytest.approx(40.0**2 / 2, rel=0.03)
    assert got["power"][HIGH, late].mean() < 0.1 * 40.0**2 / 2
    assert got["peak_mg"][late].max() == pytest.approx(40.0, rel=0.03)
    steepest = 0.040 * 2.0 * np.pi * 5.0
    assert got["jerk_g_s"][late].max() == pytest.approx(steepest, rel=0.05)


def test_a_fast_sine_is_in_the_high_band():
    got = measure(*shaken(100.0, 15.0, 40.0))
    late = got["t"] > 5.0
    assert got["power"][HIGH, late].mean() == pytest.approx(40.0**2 / 2, rel=0.05)


def test_breathing_is_a_level_and_no_power():
    t, xyz = shaken(100.0, 0.25, 10.0)
    got = measure(t, xyz)
    late = got["t"] > 5.0
    assert got["power"][BODY, late].mean() < 0.01 * 10.0**2 / 2
    assert np.ptp(got["level_mg"][:, 0]) == pytest.approx(20.0, rel=0.02)
    assert np.allclose(got["level_mg"][:, 2], 1000.0, atol=0.01)


@pytest.mark.parametrize("g", [(0, 0, 1), (0, 0, -1), (1, 0, 0), (0.6, -0.8, 0.0)])
def test_gravity_alone_is_no_power_from_the_first_sample_on(g):
    t = np.arange(1000) / 100.0
    got = measure(t, np.tile(np.array(g, np.float32), (1000, 1)))
    assert got["power"].max() < 1e-12
    assert got["peak_mg"].max() < 1e-6
    assert np.allclose(got["level_mg"], 1000.0 * np.array(g), atol=1e-3)


def test_turning_the_board_changes_no_power():
    t, xyz = lying(100.0, 30.0, noise_mg=5.0)
    turned = xyz[:, [2, 0, 1]] * np.array([-1, 1, -1], np.float32)
    one, other = measure(t, xyz), measure(t, turned)
    for name in ("power", "peak_mg", "jerk_g_s"):
        assert np.allclose(one[name], other[name], rtol=1e-6)


@pytest.mark.parametrize("odr_hz", [1.6, 12.5, 25.0, 50.0, 104.0, 200.0, 800.0])
def test_every_rate_gives_whole_hops_of_samples(odr_hz):
    t, xyz = lying(odr_hz, 60.0)
    meter = FeatureMeter(odr_hz)
    got = measure(t, xyz, odr_hz)
    assert len(got["t"]) == len(t) // meter.hop
    assert np.array_equal(got["t"], t[meter.hop - 1 :: meter.hop])
    assert len(got["samples"]) == len(got["t"]) * meter.hop
    assert meter.hop_s == pytest.approx(meter.hop / odr_hz)
    assert all(np.isfinite(got[name]).all() for name in FIELDS)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 2345), max_size=30))
def test_any_cutting_gives_the_same_features(cuts):
    t, xyz = lying(100.0, 23.45, noise_mg=5.0)
    xyz[777] += 0.3
    whole, cut = measure(t, xyz), measure(t, xyz, cuts=cuts)
    for name in FIELDS:
        assert np.allclose(whole[name], cut[name], rtol=1e-9, atol=1e-9), name


def test_one_sample_at_a_time_gives_the_same_features():
    t, xyz = lying(100.0, 9.0, noise_mg=5.0)
    whole, cut = measure(t, xyz), measure(t, xyz, cuts=range(1, len(t)))
    for name in FIELDS:
        assert np.allclose(whole[name], cut[name], rtol=1e-9, atol=1e-9), name


def test_a_flushed_meter_starts_anew():
    t, xyz = lying(100.0, 10.0)
    meter = FeatureMeter(100.0)
    meter.update(Block(t, xyz))
    meter.flush()
    meter.update(Block(t, xyz + np.float32(0.5)))
    again = meter.flush()
    assert again.power[BODY].max() < 5.0, "half a g more rang through the filters"


def test_nothing_in_nothing_out():
    meter = FeatureMeter(100.0)
    assert meter.update(Block(np.empty(0), np.empty((0, 3), np.float32))) is None
    assert meter.flush() is None
