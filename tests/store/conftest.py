"""A store on a stepped clock, and records to put into it."""

import numpy as np
import pytest

from bedside.clock import SteppedClock
from bedside.pipeline.listener import Heard, Minute, PresenceChange
from bedside.pipeline.movements import Movement
from bedside.pipeline.samples import Block
from bedside.store import Store, StoreSettings

LSB_PER_G = 16384.0


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def settings(tmp_path):
    return StoreSettings(folder=str(tmp_path), min_free_mb=0)


@pytest.fixture
def store(settings, clock):
    with Store(settings, clock) as opened:
        yield opened


@pytest.fixture
def jerk():
    """Make a jerk that starts at a time."""

    def make(start_s, **changes):
        figures = {"end_s": start_s + 0.5, "kind": "jerk", "peak_mg": 12.5} | changes
        return Movement(start_s=start_s, peak_jerk_g_s=0.8, tilt_mg=1.0, **figures)

    return make


@pytest.fixture
def heard():
    """Make what a listener gives: movements, `presence` (t_s, present), whole minutes."""

    def make(*movements, presence=(), minutes=(), present=1.0):
        return Heard(
            list(movements),
            [PresenceChange(t_s, state) for t_s, state in presence],
            [Minute(start_s, 60.0, present, 1.0, 4.0, 14.0, 0.9) for start_s in minutes],
        )

    return make


@pytest.fixture
def counts():
    """Make counts (n, 3) of a chip that lies flat and is noisy."""

    def make(n, seed=0, rms=50.0):
        noise = np.random.default_rng(seed).normal(0.0, rms, (n, 3))
        return np.rint(noise + np.array([300, -200, 16384])).astype(np.int32)

    return make


@pytest.fixture
def block(counts):
    """Make a block of `seconds` from a time on."""

    def make(start_s, seconds=1.0, odr_hz=100.0, gap=False):
        n = round(seconds * odr_hz)
        accel = (counts(n, seed=int(start_s)) / LSB_PER_G).astype(np.float32)
        return Block(start_s + np.arange(n) / odr_hz, accel, gap)

    return make


@pytest.fixture
def add_raw(block):
    """Let a store record raw samples second by second."""

    def add(store, start_s, seconds, gap=False):
        for i in range(int(seconds)):
            store.add_block(block(start_s + i, gap=gap and i == 0))

    return add
