"""What moves the bed and is nobody in it: doors, steps, lorries, machines."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from bedside.simulator.draws import Dice, direction, log_uniform, uniform
from bedside.simulator.outline import Outline
from bedside.simulator.profiles import Profile
from bedside.simulator.truth import Happening
from bedside.simulator.waves import WAVE_HZ, Array, Wave, band_gain, band_peak

_NIGHT_S = 8 * 3600.0
Noise = list[tuple[Happening, Wave]]


@dataclass(frozen=True, slots=True)
class Machine:
    """A tone that wanders: knots of time (n,), s, phase (n,), cycles, and height (n,), g."""

    times: Array
    phases: Array
    heights: Array
    axis: Array

    def add_to(self, out: Array, t: Array) -> None:
        """Add the tone to `out` (n, 3) at increasing times `t` (n,)."""
        if t[-1] < self.times[0] or t[0] > self.times[-1]:
            return
        phase = 2.0 * np.pi * np.interp(t, self.times, self.phases)
        tone = np.interp(t, self.times, self.heights, left=0.0, right=0.0) * np.sin(phase)
        out += tone[:, None] * self.axis


def noises(profile: Profile, dice: Dice, outline: Outline) -> Noise:
    """Return the doors, steps and lorries of a stretch."""
    span = (outline.start_s, outline.end_s)
    share = (span[1] - span[0]) / _NIGHT_S
    found: Noise = []
    rng = dice("doors")
    for _ in range(rng.poisson(uniform(rng, profile.doors) * share)):
        found.append(door(uniform(rng, span), rng))
    rng = dice("lorries")
    for _ in range(rng.poisson(uniform(rng, profile.lorries) * share)):
        found.append(lorry(uniform(rng, span), rng, profile))
    rng = dice("walks")
    floor_hz = uniform(rng, (12.0, 30.0))
    for _ in range(rng.poisson(uniform(rng, profile.walks) * share)):
        swell = np.sin(np.pi * (np.arange(rng.integers(6, 21)) + 0.7) / 21.0)
        found.append(walk(uniform(rng, span), swell, floor_hz, rng))
    rng = dice("own walks")
    for at_s, leaving in outline.walks:
        found += _own_walk(at_s, floor_hz, rng, leaving=leaving)
    return [(h, w) for h, w in found if span[0] <= h.start_s and h.end_s <= span[1]]


def machines(profile: Profile, dice: Dice, outline: Outline) -> list[tuple[Happening, Machine]]:
    """Return the machines that run in a stretch, one after the other."""
    rng = dice("machines")
    share = (outline.end_s - outline.start_s) / _NIGHT_S
    wanted = uniform(rng, profile.machines) * share
    count = int(wanted) + (rng.random() < wanted % 1.0)
    slots = np.linspace(outline.start_s, outline.end_s, count + 1)
    return [
        machine(rng, float(start_s), float(end_s)) for start_s, end_s in itertools.pairwise(slots)
    ]


def machine(rng: Generator, first_s: float, last_s: float) -> tuple[Happening, Machine]:
    """Draw one run of 5-60 min at 10-25 Hz and 0.5-6 mg between both times."""
    length_s = min(log_uniform(rng, (300.0, 3600.0)), 0.9 * (last_s - first_s))
    start_s = uniform(rng, (first_s, last_s - length_s))
    ramp_s = min(uniform(rng, (30.0, 120.0)), length_s / 4.0)
    times = np.arange(0.0, length_s, 1.0)
    wander = np.cumsum(rng.normal(0.0, 0.01, len(times)))
    tone_hz = np.clip(uniform(rng, (10.5, 24.0)) + wander, 10.0, 25.0)
    peak_g = log_uniform(rng, (0.5, 6.0)) / 1000.0
    swing = 1.0 + 0.15 * np.sin(2.0 * np.pi * times / uniform(rng, (15.0, 90.0)))
    ramps = np.interp(times, (0.0, ramp_s, length_s - ramp_s, length_s - 1.0), (0.0, 1.0, 1.0, 0.0))
    heights = peak_g * swing / 1.15 * ramps
    peak_mg = 1000.0 * float((heights * np.abs(band_gain(tone_hz))).max())
    happening = Happening(start_s, start_s + length_s, "disturbance", "machine", peak_mg)
    return happening, Machine(start_s + times, np.cumsum(tone_hz), heights, direction(rng, 0.7))


def door(at_s: float, rng: Generator) -> tuple[Happening, Wave]:
    """Draw a slam: 10-40 Hz through floor and frame, which the mattress has no part in."""
    length_s = uniform(rng, (0.2, 0.5))
    n = round((length_s + 0.3) * WAVE_HZ)
    t = np.arange(n) / WAVE_HZ
    envelope = np.minimum(t / 0.02, 1.0) * np.exp(-3.0 * t / length_s)
    hiss = _band_noise(n, (10.0, 40.0), rng) * envelope[:, None]
    return _scaled(at_s, length_s, "door", hiss, log_uniform(rng, (3.0, 40.0)))


def lorry(at_s: float, rng: Generator, profile: Profile) -> tuple[Happening, Wave]:
    """Draw something heavy that passes: 5-20 s of 5-25 Hz, swelling and dying away."""
    length_s = uniform(rng, (5.0, 20.0))
    n = round(length_s * WAVE_HZ)
    centre_hz = uniform(rng, (8.0, 17.0))
    swell = np.sin(np.pi * np.linspace(0.0, 1.0, n)) ** 2
    rumble = _band_noise(n, (centre_hz - 3.0, centre_hz + 5.0), rng) * swell[:, None]
    return _scaled(at_s, length_s, "lorry", rumble, log_uniform(rng, profile.lorry_mg))


def walk(
    at_s: float, swell: Array, floor_hz: float, rng: Generator, peak_mg: float = 0.0
) -> tuple[Happening, Wave]:
    """Draw steps, one for each height in `swell`, each making the floor ring 0.2-0.3 s."""
    pace_s = uniform(rng, (0.46, 0.65))
    gaps = pace_s * rng.normal(1.0, 0.025, len(swell))
    starts = np.cumsum(gaps) - gaps[0]
    length_s = float(starts[-1]) + 0.3
    samples = np.zeros((round((length_s + 0.1) * WAVE_HZ), 3))
    for start_s, height in zip(starts, swell, strict=True):
        t = np.arange(round(0.3 * WAVE_HZ)) / WAVE_HZ
        tone = floor_hz * rng.normal(1.0, 0.04)
        ring = np.minimum(t / 0.015, 1.0) * np.exp(-t / uniform(rng, (0.06, 0.09)))
        ring = ring * (np.sin(2.0 * np.pi * tone * t) + 0.5 * np.sin(3.4 * np.pi * tone * t))
        first = int(start_s * WAVE_HZ)
        step = height * rng.uniform(0.7, 1.0) * np.outer(ring, direction(rng, 0.8))
        samples[first : first + len(t)] += step
    return _scaled(at_s, length_s, "steps", samples, peak_mg or log_uniform(rng, (0.5, 8.0)))


def _own_walk(at_s: float, floor_hz: float, rng: Generator, *, leaving: bool) -> Noise:
    """Draw the sleeper's own steps away from the bed, or to it."""
    swell = np.linspace(1.0, 0.15, rng.integers(5, 12))
    wait_s, peak_mg = uniform(rng, (0.6, 1.8)), log_uniform(rng, (1.5, 8.0))
    if leaving:
        return [walk(at_s + wait_s, swell, floor_hz, rng, peak_mg)]
    happening, wave = walk(0.0, swell[::-1], floor_hz, rng, peak_mg)
    start_s = at_s - wait_s - happening.end_s
    moved = Happening(start_s, at_s - wait_s, "disturbance", "steps", happening.peak_mg)
    return [(moved, Wave(start_s, wave.samples))]


def _band_noise(n: int, band_hz: tuple[float, float], rng: Generator) -> Array:
    """Return noise (n, 3) of one band, most of it upright, with soft edges."""
    f = np.fft.rfftfreq(n, 1.0 / WAVE_HZ)
    gain = 1.0 / (1.0 + (band_hz[0] / np.maximum(f, 0.1)) ** 8 + (f / band_hz[1]) ** 8)
    white = rng.normal(0.0, 1.0, (n, 3)) * (0.5, 0.5, 1.0)
    noise: Array = np.fft.irfft(np.fft.rfft(white, axis=0) * gain[:, None], n, axis=0)
    return noise


def _scaled(
    at_s: float, length_s: float, cause: str, samples: Array, peak_mg: float
) -> tuple[Happening, Wave]:
    """Return samples (n, 3) with a largest norm of `peak_mg`, and what they are."""
    samples = samples * (peak_mg / 1000.0 / np.sqrt((samples * samples).sum(axis=1).max()))
    heard_mg = 1000.0 * band_peak(samples)
    happening = Happening(at_s, at_s + length_s, "disturbance", cause, heard_mg)
    return happening, Wave(at_s, samples.astype(np.float32))
