"""Breathing: how much of it the sensor feels, and how fast it goes."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bedside.pipeline.trace import Trace

Array = NDArray[np.float64]

SLOW_HZ = 5.0
"""Rate of the levels breathing is looked for in: ten times the fastest breathing."""

BREATHS_HZ = (0.12, 0.6)
"""From a slow sleeper's 7 breaths a minute to an infant's 36."""

PADDED = 1024
"""Points of the transform: 0.005 Hz, a third of a breath per minute."""

PEAK_HZ = 0.045
"""Half the width of a minute's peak: its Hann window, and a breath that is not a clock."""

LEAST_S = 30.0
"""Less of a minute than this does not tell the rate."""

LEAST_QUALITY = 0.4
"""Share of the power in one peak from which it is the rate; of noise about a fifth falls there."""


class Breaths(NamedTuple):
    """Rate per minute, None when it cannot be told, and how sure that is, 0-1."""

    per_min: float | None
    quality: float


def slow_step(trace: Trace) -> int:
    """Return the hops in one slow level."""
    return max(1, round(1.0 / (SLOW_HZ * trace.hop_s)))


def slow_levels(trace: Trace, first: int, last: int) -> Array:
    """Return the levels (n, 3), mg, of these hops at about SLOW_HZ."""
    levels = trace.level_mg(first, last)
    step = slow_step(trace)
    n = len(levels) // step
    means: Array = levels[: n * step].reshape(n, step, 3).mean(axis=1)
    return means


def breathing_mg2(levels: Array, rate_hz: float) -> float:
    """Return the power, mg², of `levels` (n, 3) where breathing is, all axes together."""
    hz, density = spectrum(levels, rate_hz)
    low_hz, high_hz = BREATHS_HZ
    inside = (hz >= low_hz) & (hz <= high_hz)
    return float(density[inside].sum() * hz[1])


def breaths(levels: Array, rate_hz: float, noise_mg2_hz: float) -> Breaths:
    """Tell the rate from `levels` (n, 3) of somebody who lies still.

    Parameters
    ----------
    noise_mg2_hz : density of what is there without a body, taken off first.
    """
    if len(levels) < LEAST_S * rate_hz:
        return Breaths(None, 0.0)
    hz, density = spectrum(levels, rate_hz)
    density = np.maximum(density - noise_mg2_hz, 0.0)
    low_hz, high_hz = BREATHS_HZ
    inside = (hz >= low_hz) & (hz <= high_hz)
    total = density[(hz >= 0.5 * low_hz) & (hz <= 2.0 * high_hz)].sum()
    if total <= 0.0:
        return Breaths(None, 0.0)
    top_hz = float(hz[inside][density[inside].argmax()])
    near = np.abs(hz - top_hz) <= PEAK_HZ
    quality = float(density[near].sum() / total)
    if quality < LEAST_QUALITY:
        return Breaths(None, quality)
    middle_hz = float((hz[near] * density[near]).sum() / density[near].sum())
    return Breaths(60.0 * middle_hz, quality)


def spectrum(levels: Array, rate_hz: float) -> tuple[Array, Array]:
    """Return frequencies, Hz, and power density (all axes), mg²/Hz, of `levels` (n, 3).

    The straight line that fits best is taken off, as a sensor drifts and foam gives way.
    """
    n = len(levels)
    ramp, window = _shapes(n)
    flat = levels - levels.mean(axis=0)
    flat -= np.outer(ramp, ramp @ flat / (ramp @ ramp))
    points = max(PADDED, 1 << (n - 1).bit_length())
    bins = np.fft.rfft(flat * window[:, None], points, axis=0)
    squares = (bins.real**2 + bins.imag**2).sum(axis=1, dtype=np.float64)
    hz: Array = np.arange(len(bins), dtype=np.float64) * (rate_hz / points)
    return hz, squares * (2.0 / (rate_hz * (window @ window)))


@lru_cache(maxsize=8)
def _shapes(n: int) -> tuple[Array, Array]:
    """Return a straight line from -1 to 1 and a Hann window, (n,) each; stretches repeat."""
    return np.linspace(-1.0, 1.0, n), np.hanning(n + 2)[1:-1]
