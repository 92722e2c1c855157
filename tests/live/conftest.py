"""Blocks as a chip would give them, and what becomes of them."""

from dataclasses import replace

import numpy as np
import pytest

from bedside.clock import SteppedClock
from bedside.health import Health
from bedside.live import Live
from bedside.pipeline.samples import Block
from bedside.simulator.profiles import PROFILES
from bedside.simulator.recording import record

ODR_HZ = 100.0


@pytest.fixture
def health():
    return Health(SteppedClock())


@pytest.fixture
def live(health):
    return Live(health)


@pytest.fixture
def pour():
    """Let a recording run in, cut into blocks of `size` samples."""

    def run(live, xyz, start_s=100.0, size=43, odr_hz=ODR_HZ, gap=False):
        t = start_s + np.arange(1, len(xyz) + 1) / odr_hz
        for first in range(0, len(xyz), size):
            part = slice(first, first + size)
            live.hear(Block(t[part], np.float32(xyz[part]), gap and first == 0), odr_hz)
        return float(t[-1])

    return run


@pytest.fixture
def still():
    """Give a chip that lies still: gravity along an axis, and noise, mg a sample and axis."""

    def make(seconds, noise_mg=1.0, down=(0.0, 0.0, 1.0), seed=1):
        noise = np.random.default_rng(seed).standard_normal((round(seconds * ODR_HZ), 3))
        return np.array(down) + noise * noise_mg / 1000.0

    return make


@pytest.fixture
def tapped(still):
    """Give the same with taps of so many mg at these times, each ringing at 7 Hz."""

    def make(seconds, at, peak_mg=40.0, tau_s=0.15, **how):
        xyz = still(seconds, **how)
        t = np.arange(len(xyz)) / ODR_HZ
        for start_s in at:
            since = np.maximum(t - start_s, 0.0)
            ring = np.exp(-since / tau_s) * np.sin(2.0 * np.pi * 7.0 * since) * (t >= start_s)
            xyz[:, 2] += peak_mg / 1000.0 * ring
        return xyz

    return make


@pytest.fixture(scope="session")
def bed():
    """Give the last minutes of a simulated bed, in which somebody lies or nobody does."""
    made = {}

    def slots(profile, sensor, seed=1, opening="lying", from_s=360.0, to_s=480.0):
        key = profile, sensor, seed, opening
        if key not in made:
            who = replace(PROFILES[profile], opening=opening)
            made[key] = record(who, sensor, seed, duration_s=900.0)
        night = made[key]
        live = Live(Health(SteppedClock()))
        for first in range(round(from_s * ODR_HZ), round(to_s * ODR_HZ), 43):
            part = slice(first, first + 43)
            live.hear(Block(night.t[part], night.xyz[part]), ODR_HZ)
        return live.slots(), night.truth

    return slots
