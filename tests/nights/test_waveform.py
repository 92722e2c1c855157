"""A movement's waveform: filtered as SciPy does, honest about what is missing."""

from datetime import date

import numpy as np
import pytest
from scipy import signal

from bedside.nights.waveform import waveform
from bedside.pipeline.listener import Listener
from bedside.pipeline.movements import Movement
from bedside.pipeline.samples import Block, Span

ODR_HZ, LSB_PER_G = 100.0, 16384.0
EVENING = date(2026, 11, 20)


@pytest.fixture
def quiet():
    """Samples (n, 3), g, of a still bed: noise of a milligravity, and gravity."""

    def make(seconds, seed=3):
        dice = np.random.default_rng(seed)
        n = round(seconds * ODR_HZ)
        samples = dice.normal(0.0, 0.001, (n, 3)) + np.array([0.02, -0.01, 1.0])
        return np.rint(samples * LSB_PER_G) / LSB_PER_G

    return make


@pytest.fixture
def push(quiet):
    """A push of 40 mg for 0.3 s, 140 s into a still bed."""
    samples = quiet(200.0)
    t = np.arange(30) / ODR_HZ
    samples[14_000:14_030, 2] += 0.04 * np.sin(2 * np.pi * 7.0 * t)
    return np.rint(samples * LSB_PER_G) / LSB_PER_G


@pytest.fixture
def keep(store, clock):
    """Record samples from now on; gives the wall time of the first."""

    def write(samples, lost=()):
        start_s, wall_s = clock.monotonic(), clock.wall()
        store.add_sensor(start_s, "mpu6050", ODR_HZ, LSB_PER_G)
        t = start_s + np.arange(len(samples)) / ODR_HZ
        kept = np.ones(len(t), bool)
        for first_s, last_s in lost:
            kept[round(first_s * ODR_HZ) : round(last_s * ODR_HZ)] = False
        for at in range(0, len(t), 100):
            part = slice(at, at + 100)
            inside = kept[part]
            if inside.any():
                gap = bool(at) and not kept[at - 1]
                accel = samples[part][inside].astype(np.float32)
                store.add_block(Block(t[part][inside], accel, gap))
        clock.advance(len(samples) / ODR_HZ)
        store.flush(full=True)
        return wall_s

    return write


def jerk(start_s, length_s=0.3):
    return Movement(start_s, start_s + length_s, "jerk", 40.0, 1.0, 0.0)


def see(store, start_s, odr_hz=ODR_HZ, **length):
    return waveform(store, jerk(start_s, **length), odr_hz, Listener)


def test_the_band_shown_is_what_scipy_makes_of_it(store, keep, push):
    zero_s = keep(push)
    seen = see(store, zero_s + 140.0)
    whole = push[2_000:]  # 120 s before the push, from where it is heard
    sections = signal.butter(2, (1.0, 20.0), "bandpass", fs=ODR_HZ, output="sos")
    steady = signal.sosfilt_zi(sections)[:, :, None] * whole[0]
    expected, _ = signal.sosfilt(sections, whole.astype(np.float32) * 1000.0, 0, zi=steady * 1000.0)

    (stretch,) = seen.stretches
    first = round((stretch.t[0] - zero_s - 20.0) * ODR_HZ)
    assert seen.band_hz == (1.0, 20.0)
    assert np.abs(stretch.body_mg - expected[first : first + len(stretch.t)]).max() < 2e-3


def test_the_envelope_is_the_root_mean_square_of_a_fifth_of_a_second(store, keep, push):
    (stretch,) = see(store, keep(push) + 140.0).stretches
    power = (stretch.body_mg**2).sum(axis=1)

    for at in (20, 300, 513, 530, len(power) - 1):
        assert stretch.envelope_mg[at] == pytest.approx(power[at - 19 : at + 1].mean() ** 0.5)
    assert stretch.envelope_mg.max() == pytest.approx(25.0, abs=8.0)
    assert stretch.t[stretch.envelope_mg.argmax()] - stretch.t[0] == pytest.approx(5.25, abs=0.15)


def test_raw_is_what_was_felt_less_its_mean(store, keep, push):
    zero_s = keep(push)
    (stretch,) = see(store, zero_s + 140.0).stretches
    first = round((stretch.t[0] - zero_s) * ODR_HZ)
    felt = push[first : first + len(stretch.t)] * 1000.0

    assert np.abs(stretch.raw_mg - (felt - felt.mean(axis=0))).max() < 1e-3
    assert (stretch.t[0], stretch.t[-1]) == pytest.approx(
        (zero_s + 135.0, zero_s + 145.3), abs=0.02
    )


def test_the_trigger_line_is_the_detectors_own(store, keep, push):
    zero_s = keep(push)
    listener = Listener(ODR_HZ)
    t = np.arange(len(push)) / ODR_HZ
    listener.update(Block(t[:16_000], push[:16_000].astype(np.float32)))

    seen = see(store, zero_s + 140.0)

    assert seen.trigger_mg == pytest.approx(listener.now.threshold_mg, rel=0.1)
    assert seen.strongest_mg(Span(zero_s + 140.0, zero_s + 140.5)) > 2 * seen.trigger_mg
    assert seen.strongest_mg(Span(zero_s + 136.0, zero_s + 139.9)) < seen.trigger_mg


def test_too_little_before_it_tells_no_trigger_line(store, keep, push):
    zero_s = keep(push[13_000:])

    assert see(store, zero_s + 10.0).trigger_mg is None
    assert see(store, zero_s + 40.0).trigger_mg is not None


def test_samples_that_are_missing_make_a_gap(store, keep, push):
    zero_s = keep(push, lost=[(137.0, 138.5)])
    seen = see(store, zero_s + 140.0)

    (gap,) = seen.gaps
    assert (gap.start_s, gap.end_s) == pytest.approx((zero_s + 137.0, zero_s + 138.5), abs=0.03)
    assert len(seen.stretches) == 2
    assert abs(seen.stretches[1].body_mg[0]).max() < 0.01, "the filter begins in a steady state"


def test_the_edge_of_the_record_is_a_gap_too(store, keep, push):
    zero_s = keep(push[13_800:14_200])
    seen = see(store, zero_s + 2.0)

    before, after = seen.gaps
    assert (before.length_s, after.length_s) == pytest.approx((3.0, 3.3), abs=0.05)


def test_a_movement_without_samples_has_no_waveform(store, keep, push):
    zero_s = keep(push, lost=[(139.5, 141.0)])

    assert see(store, zero_s + 140.0) is None
    assert see(store, zero_s - 86_400.0) is None


def test_a_damaged_piece_is_left_out(store, keep, push):
    zero_s = keep(push)
    with store._writing:
        store._db.execute("UPDATE raw SET samples = zeroblob(100)")

    assert see(store, zero_s + 140.0) is None
    assert store.keeps_raw(zero_s + 140.0, zero_s + 140.3)
    assert not store.keeps_raw(zero_s - 500.0, zero_s - 400.0)


def test_a_long_one_is_shown_as_far_as_is_of_use(store, keep, quiet):
    zero_s = keep(quiet(400.0))
    seen = see(store, zero_s + 150.0, length_s=200.0)

    assert seen.shown.length_s == pytest.approx(100.0)


@pytest.mark.parametrize("told_hz", [None, 25.0, 101.0])
def test_a_rate_that_is_not_known_is_measured(store, keep, push, told_hz):
    zero_s = keep(push)

    assert see(store, zero_s + 140.0, told_hz).band_hz == (1.0, 20.0)


def test_a_slow_chip_has_a_narrower_band(store, clock, quiet):
    samples = quiet(200.0)[::4].astype(np.float32)
    store.add_sensor(clock.monotonic(), "mpu6050", 25.0, LSB_PER_G)
    zero_s = clock.wall()
    for at in range(0, len(samples), 50):
        t = clock.monotonic() + (at + np.arange(50)) / 25.0
        store.add_block(Block(t, samples[at : at + 50]))
    store.flush(full=True)

    assert see(store, zero_s + 100.0, 25.0).band_hz == (1.0, 11.25)
