"""Faults of the chip are not the sleeper's."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import signal

from bedside.pipeline.features import BODY, FeatureMeter
from bedside.pipeline.glitches import REACH, mend
from bedside.pipeline.samples import Block
from bedside.simulator.profiles import PROFILES
from bedside.simulator.recording import record

STRETCH = 200


def noise(n, mg=1.0, seed=3):
    return np.random.default_rng(seed).normal([0.0, 0.0, 1000.0], mg, (n, 3))


def mended(samples):
    """Mend all of `samples` but the margins."""
    return mend(samples, STRETCH)


@pytest.fixture(scope="module")
def still():
    """Ten minutes of a sleeper who does nothing."""
    who = replace(
        PROFILES["quiet"],
        opening="lying",
        gain=(1.0, 1.0),
        jerks_per_h=(0.0, 0.0),
        limbs_per_h=(0.0, 0.0),
        turns_per_h=(0.0, 0.0),
        hypnic=0.0,
        sol_min=(5.0, 5.1),
        doors=(0.0, 0.0),
        walks=(0.0, 0.0),
        lorries=(0.0, 0.0),
    )
    return record(who, "lsm6dso", 12, duration_s=600.0)


@pytest.mark.parametrize("at", [REACH, 50, 199, 200, 201, 399 + REACH])
@pytest.mark.parametrize("height_mg", [-300.0, 40.0, 1500.0])
def test_a_lone_spike_is_replaced_by_its_neighbours(at, height_mg):
    samples = noise(400 + 2 * REACH)
    samples[at, 1] += height_mg
    got = mended(samples)
    i = at - REACH
    assert got.samples[i, 1] == pytest.approx((samples[at - 1, 1] + samples[at + 1, 1]) / 2)
    assert got.spikes[i] == pytest.approx(abs(height_mg), abs=5.0)
    assert np.count_nonzero(got.spikes) == 1
    others = np.delete(np.arange(400), i)
    assert np.array_equal(got.samples[others], samples[REACH:-REACH][others])


def test_a_spike_in_all_axes_is_mended_in_all():
    samples = noise(400 + 2 * REACH)
    samples[100] += [200.0, -300.0, 400.0]
    got = mended(samples)
    assert np.abs(got.samples - [0.0, 0.0, 1000.0]).max() < 6.0
    assert got.spikes[100 - REACH] == pytest.approx(400.0, abs=5.0)


def test_noise_alone_is_left_as_it_is():
    samples = noise(100_000 + 2 * REACH)
    got = mended(samples)
    assert np.array_equal(got.samples, samples[REACH:-REACH])
    assert not got.spikes.any()


@pytest.mark.parametrize("hz", [5.0, 12.0, 25.0, 33.0, 45.0])
def test_no_oscillation_is_a_spike(hz):
    t = np.arange(400 + 2 * REACH) / 100.0
    burst = signal.windows.gaussian(len(t), 20) * 300.0
    samples = noise(len(t))
    samples[:, 0] += burst * np.sin(2.0 * np.pi * hz * t)
    assert not mended(samples).spikes.any()


def test_a_push_of_a_few_samples_is_left_as_it_is():
    samples = noise(400 + 2 * REACH)
    samples[100:106, 0] += [60.0, 120.0, 180.0, 180.0, 120.0, 60.0]
    assert not mended(samples).spikes.any()


def test_repeated_samples_are_counted_and_only_those():
    samples = noise(400 + 2 * REACH)
    samples[103:110] = samples[102]
    samples[200, 0] = samples[199, 0]
    got = mended(samples)
    assert np.flatnonzero(got.repeats).tolist() == list(range(100, 107))


@pytest.mark.parametrize("at", [1, 2, 3, 196, 197, 198, 199, 200, 201, 202, 203, 577, 598])
def test_a_spike_anywhere_in_the_stream_does_not_ring(at):
    xyz = (noise(600) / 1000.0).astype(np.float32)
    xyz[at, 2] += 1.0
    meter = FeatureMeter(100.0)
    told = [meter.update(Block(np.arange(600) / 100.0, xyz)), meter.flush()]
    power = np.concatenate([f.power[BODY] for f in told if f is not None])
    assert power[20:].max() < 30.0


def spiked(still, height_g, axis=2):
    xyz = still.xyz.copy()
    xyz[np.arange(13_000, 55_000, 6011), axis] += height_g
    return replace(still, xyz=xyz)


@pytest.mark.parametrize("height_g", [0.01, 0.05, 0.3, -0.9])
@pytest.mark.parametrize("axis", [0, 2])
def test_spikes_in_the_quiet_are_not_the_sleepers(still, hear, height_g, axis):
    own = [m for m in hear(spiked(still, height_g, axis)).movements if m.kind != "disturbance"]
    before = [m for m in hear(still).movements if m.kind != "disturbance"]
    assert own == before == []


def test_a_stuck_chip_is_not_the_sleepers(still, hear):
    xyz = still.xyz.copy()
    for first in range(13_000, 55_000, 9001):
        xyz[first : first + 40] = xyz[first]
    heard = hear(replace(still, xyz=xyz))
    assert [m for m in heard.movements if m.kind != "disturbance"] == []
