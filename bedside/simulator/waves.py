"""Short waveforms with a time of their own, added up wherever somebody looks at them."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

WAVE_HZ = 250.0
"""Rate at which waveforms are kept: six times the highest frequency in any of them."""


class Wave(NamedTuple):
    """`samples` (n, 3) float32, g, at WAVE_HZ from `start_s` on; silent before and after."""

    start_s: float
    samples: NDArray[np.float32]


class Chorus:
    """Any number of waves; asking costs as much as there is to hear."""

    def __init__(self) -> None:
        self._waves: list[Wave] = []
        self._starts = np.empty(0)
        self._ends = np.empty(0)

    def extend(self, waves: list[Wave]) -> None:
        """Take in more waves."""
        self._waves += waves
        self._starts = np.array([wave.start_s for wave in self._waves])
        lengths = np.array([len(wave.samples) for wave in self._waves])
        self._ends = self._starts + (lengths - 1) / WAVE_HZ

    def add_to(self, out: Array, t: Array) -> None:
        """Add to `out` (n, 3) what is heard at the increasing times `t` (n,)."""
        for index in np.flatnonzero((self._starts <= t[-1]) & (self._ends >= t[0])):
            first, last = np.searchsorted(t, (self._starts[index], self._ends[index]))
            wave = self._waves[index]
            out[first:last] += _between(wave.samples, (t[first:last] - wave.start_s) * WAVE_HZ)


def _between(samples: NDArray[np.float32], at: Array) -> Array:
    """Return `samples` (n, 3) at fractional indices (m,) in [0, n - 1], by Catmull-Rom splines."""
    whole = np.minimum(at.astype(np.intp), len(samples) - 2)
    u = (at - whole)[:, None]
    before, after = np.maximum(whole - 1, 0), np.minimum(whole + 2, len(samples) - 1)
    a, b, c, d = samples[before], samples[whole], samples[whole + 1], samples[after]
    curve: Array = b + 0.5 * u * (
        c - a + u * (2.0 * a - 5.0 * b + 4.0 * c - d + u * (3.0 * (b - c) + d - a))
    )
    return curve


def band_gain(
    frequency_hz: NDArray[np.floating[Any]], low_hz: float = 1.0, high_hz: float = 20.0
) -> NDArray[np.complex128]:
    """Return the response of a Butterworth band-pass of second order at `frequency_hz` (n,)."""
    f = np.maximum(frequency_hz, 1e-9)
    p = 1j * (f * f - low_hz * high_hz) / (f * (high_hz - low_hz))
    gain: NDArray[np.complex128] = 1.0 / (p * p + np.sqrt(2.0) * p + 1.0)
    return gain


def band_peak(samples: Array) -> float:
    """Return the largest vector norm of `samples` (n, 3), at WAVE_HZ, within 1-20 Hz."""
    n = len(samples) + round(WAVE_HZ)
    spectrum = np.fft.rfft(samples, n, axis=0)
    gain = band_gain(np.fft.rfftfreq(n, 1.0 / WAVE_HZ))
    band = np.fft.irfft(spectrum * gain[:, None], n, axis=0)
    return float(np.sqrt((band * band).sum(axis=1).max()))
