"""Movements as the sensor feels them: pushes of the body, through the mattress's resonance."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from bedside.simulator.draws import direction, log_uniform, uniform
from bedside.simulator.truth import Happening
from bedside.simulator.waves import WAVE_HZ, Array, Wave, band_peak

_OVERTONE = 3.2  # a second, blunt hump: measured at 26.7 Hz over a resonance of 8.4 Hz
_RING_S = 2.0  # rendered after the push: five time constants of the longest ringing and more


@dataclass(frozen=True, slots=True)
class Mattress:
    """One resonance between the body and the sensor.

    resonance_hz, q  measured 8-9.6 Hz and 6 on a slat, 8-12 Hz and 2 on a mattress
    far_hz           what comes from the other side of the bed loses all above this; 0: nothing
    upright          share of a push that is felt on the z axis
    """

    resonance_hz: float
    q: float
    far_hz: float = 0.0
    upright: float = 0.8

    def felt(self, force: Array) -> Array:
        """Return the acceleration (n, 3) that a force (n, 3) on the bed makes at the sensor."""
        n = len(force)
        f = np.fft.rfftfreq(n, 1.0 / WAVE_HZ)
        s = 1j * f / self.resonance_hz
        gain = (1.0 + s / self.q) / (1.0 + s / self.q + s * s)
        over = s / _OVERTONE
        gain += 0.6 * over / (1.0 + over / 2.0 + over * over)
        gain /= 1.0 + 1j * f / 40.0
        if self.far_hz:
            gain = gain / (1.0 + 1j * f / self.far_hz) ** 2
        moved: Array = np.fft.irfft(np.fft.rfft(force, axis=0) * gain[:, None], n, axis=0)
        return moved


def wave_of(happening: Happening, mattress: Mattress, rng: Generator) -> Wave:
    """Return what a movement does to the sensor; its band-limited peak is `peak_mg`."""
    n = max(4, round(happening.length_s * WAVE_HZ))
    force = np.zeros((n + round(_RING_S * WAVE_HZ), 3))
    for upright, share in ((mattress.upright, 1.0), (0.4, 0.35)):
        effort = _effort(happening, n, rng)
        force[: len(effort)] += share * np.outer(effort, direction(rng, upright))
    moved = mattress.felt(force)
    moved *= happening.peak_mg / 1000.0 / band_peak(moved)
    fade = round(0.3 * WAVE_HZ)
    moved[-fade:] *= np.linspace(1.0, 0.0, fade)[:, None]
    return Wave(happening.start_s, moved.astype(np.float32))


def _effort(happening: Happening, n: int, rng: Generator) -> Array:
    """Return the force of the muscles, (n,), of no particular scale."""
    if happening.kind == "jerk" or happening.length_s < 0.5:
        return _push(n, rng)
    if happening.kind == "limb_movement":
        shape = _ramp_and_hold(n, rng)
        return shape * (0.15 + _train(n, (0.06, 0.35), rng))
    shape = _surges(n, rng)
    return shape * _train(n, (0.05, 0.8), rng)


def _push(n: int, rng: Generator) -> Array:
    """Return one push: a half-sine that rises faster than it falls, and part of its recoil."""
    rise, recoil = uniform(rng, (0.3, 0.45)), uniform(rng, (0.2, 0.7))
    phase = np.interp(np.linspace(0.0, 1.0, n), (0.0, rise, 1.0), (0.0, 0.5, 1.0))
    push: Array = (1.0 - recoil) * np.sin(np.pi * phase) + recoil * np.sin(2.0 * np.pi * phase)
    return push


def _train(n: int, widths_s: tuple[float, float], rng: Generator) -> Array:
    """Return pushes one after the other, (n,), of either sign, so that none is felt as a pause."""
    train = np.zeros(n)
    at, sign = 0, 1.0
    while at < n:
        width = min(max(6, round(log_uniform(rng, widths_s) * WAVE_HZ)), n)
        push = sign * uniform(rng, (0.6, 1.0)) * _push(width, rng)
        end = min(at + width, n)
        train[at:end] += push[: end - at]
        at += max(3, round(width * uniform(rng, (0.5, 0.8))))
        sign = -sign
    return train


def _ramp_and_hold(n: int, rng: Generator) -> Array:
    """Return the envelope (n,) of a leg that is drawn up, held and let go."""
    ramp = min(uniform(rng, (0.1, 0.25)) * WAVE_HZ, 0.3 * n)
    hold = uniform(rng, (0.5, 0.9))
    return np.interp(np.arange(n), (0.0, ramp, 0.4 * n, n - ramp, n), (0.3, 1.0, hold, hold, 0.0))


def _surges(n: int, rng: Generator) -> Array:
    """Return the envelope (n,) of a whole body that heaves itself round, never quite at rest."""
    knots = max(3, round(n / WAVE_HZ / 0.8))
    heights = rng.uniform(0.3, 1.0, knots)
    heights[rng.integers(knots)] = 1.0
    at = np.linspace(0.0, n, knots + 2)
    return np.interp(np.arange(n), at, np.concatenate(([0.3], heights, [0.15])))
