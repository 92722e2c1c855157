"""Brings time stamps onto the even grid that the pipeline's filters take for granted.

Three kinds of stamps are met with, and each wants something else:

even       The stamps are a chip's or a driver's, right to a quarter of a period. The samples are
           left as they are; a hole too short to be a gap is bridged by a straight line, since a
           reset would cost the detector far more than a few guessed samples.
late       A chip sampled evenly and a busy host stamped what it fetched: seven samples 2 ms apart,
           then 60 ms of nothing. Such stamps say when samples arrived, not when they happened;
           their lag behind an even count stays bounded. So the count is believed: the samples
           are left as they are, and time runs along the smoothed stamps. To place them where
           they arrived would bunch the noise into bursts that nobody's bed made.
polled     A host asked whenever it got round to it. The lag wanders off as a random walk does, so
           the stamps are the truth, and the samples are interpolated onto the grid.

A gap is time for which samples were truly lost: the lag does not come back after it.
"""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.float64]
Accel = NDArray[np.float32]

_GAP_S = 0.25
_GAP_PERIODS = 5.0
_NEAR = 0.25  # of a period: closer than this a stamp counts as right
_NEAR_SHARE = 0.9
_MEMORY_S = 10.0  # over which a lag may come back, and time is smoothed
_CHUNK = 1024
_WANDERING = 0.5  # of a random walk's spread; what stays below is bounded


class Evened(NamedTuple):
    """Samples an even period apart within each stretch.

    odr_hz  mean rate within the stretches, Hz, unmoved by gaps, losses and ragged stamps
    t       (n,)   s, strictly increasing
    xyz     (n, 3) g
    starts  (k,)   index of the first sample of each stretch but the first
    note    what had to be done, in words; empty for nothing
    """

    odr_hz: float
    t: Times
    xyz: Accel
    starts: NDArray[np.intp]
    note: str = ""


def even_out(t: Times, xyz: Accel) -> Evened:
    """Split at gaps and make each stretch even.

    Parameters
    ----------
    t, xyz : (n,) s, strictly increasing, and (n, 3) g; n at least 2. Untouched, maybe returned.
    """
    steps = np.diff(t)
    coarse = _coarse_period_s(t)
    if _trusted(steps, coarse):
        return _bridged(t, xyz, steps)
    period = _slope(t, _stretches(_after_losses(t, steps, coarse), len(t)))
    starts = _after_losses(t, steps, period)
    stretches = _stretches(starts, len(t))
    if _comes_back(t, starts, period):
        parts = [(_smoothed(t[s], period), xyz[s]) for s in stretches]
        note = "the time stamps are ragged: the samples came late, so their count was believed"
    else:
        parts = [_interpolated(t[s], xyz[s], period) for s in stretches]
        note = "the time stamps are uneven: the samples were interpolated onto an even grid"
    return _joined(parts, period, note)


def longest_hole_s(period: float) -> float:
    """Longest step between two stamps, s, that is not a gap."""
    return max(_GAP_S, _GAP_PERIODS * period)


def _stretches(starts: NDArray[np.intp], n: int) -> list[slice]:
    bounds = [0, *starts.tolist(), n]
    return [slice(a, b) for a, b in pairwise(bounds)]


def _coarse_period_s(t: Times) -> float:
    """Median slope of long runs of samples: most of them hold no gap."""
    stride = max(1, min(_CHUNK, (len(t) - 1) // 8))
    return float(np.median(np.diff(t[::stride]))) / stride


def _slope(t: Times, stretches: list[slice]) -> float:
    """Slope, s a sample, common to the straight lines through all stretches."""
    rise = spread = 0.0
    for stretch in stretches:
        stamps = t[stretch]
        count = np.arange(len(stamps)) - (len(stamps) - 1) / 2.0
        rise += float(count @ (stamps - stamps[0]))
        spread += float(count @ count)
    return rise / spread


def _counts(steps: Times, period: float) -> Times:
    """Whole periods that each step spans, at least one."""
    return np.maximum(1.0, np.rint(steps / period))


def _trusted(steps: Times, coarse: float) -> bool:
    """Whether the stamps are even: nearly all steps whole multiples of one period."""
    typical = float(np.median(steps))
    if coarse > 2.0 * typical:  # bunches: the usual step says nothing about the period
        return False
    off = np.abs(steps - typical * _counts(steps, typical))
    return float(np.mean(off <= _NEAR * typical)) >= _NEAR_SHARE


def _bridged(t: Times, xyz: Accel, steps: Times) -> Evened:
    """Fill the short holes of even stamps by straight lines."""
    typical = float(np.median(steps))
    heard = steps <= longest_hole_s(typical)
    counts = _counts(steps, typical)
    odr_hz = float(counts[heard].sum() / steps[heard].sum())
    gaps = np.flatnonzero(~heard)
    counts[gaps] = 1.0
    missing = int(counts.sum()) - len(steps)
    if not missing:
        return Evened(odr_hz, t, xyz, gaps + 1)
    place = np.concatenate(([0.0], np.cumsum(counts)))
    grid = np.arange(len(t) + missing, dtype=np.float64)
    filled = np.empty((len(grid), 3), np.float32)
    for axis in range(3):
        filled[:, axis] = np.interp(grid, place, xyz[:, axis])
    starts = place[gaps + 1].astype(np.intp)
    samples = "1 missing sample was" if missing == 1 else f"{missing} missing samples were"
    note = f"{samples} bridged by straight lines"
    return Evened(odr_hz, np.interp(grid, place, t), filled, starts, note)


def _after_losses(t: Times, steps: Times, period: float) -> NDArray[np.intp]:
    """Index of the first sample after each gap that later samples do not make up for."""
    memory = max(16, int(min(len(t), _MEMORY_S / period)))
    lag = t - period * np.arange(len(t))
    found = [0]
    for i in np.flatnonzero(steps > longest_hole_s(period)).tolist():
        before = lag[max(found[-1], i + 1 - memory) : i + 1].min()
        after = lag[i + 1 : i + 1 + memory].min()
        if after - before > steps[i] / 2.0:
            found.append(i + 1)
    return np.array(found[1:], np.intp)


def _comes_back(t: Times, starts: NDArray[np.intp], period: float) -> bool:
    """Whether the stamps' lag behind an even count stays bounded, as it does when they are late."""
    stretch = np.zeros(len(t), np.intp)
    stretch[starts] = 1
    stretch = np.cumsum(stretch)
    run = int(min(max(64.0, _MEMORY_S / period), len(t) / 4))
    if run < 16:
        return False
    single = np.diff(t)[stretch[1:] == stretch[:-1]]
    summed = (t[run:] - t[:-run])[stretch[run:] == stretch[:-run]]
    if len(summed) < run:
        return False
    return float(summed.std()) < _WANDERING * float(single.std()) * math.sqrt(run)


def _smoothed(t: Times, period: float) -> Times:
    """Even times along the stamps, which may drift: a line through their means each 10 s."""
    n = len(t)
    pieces = max(1, int(n * period / _MEMORY_S))
    edges = np.linspace(0, n, pieces + 1).astype(np.intp)
    middle = (edges[:-1] + edges[1:] - 1) / 2.0
    mean = np.add.reduceat(t, edges[:-1]) / np.diff(edges)
    count = np.arange(n, dtype=np.float64)
    even = np.interp(count, middle, mean)
    early, late = count < middle[0], count > middle[-1]
    even[early] = mean[0] + (count[early] - middle[0]) * period
    even[late] = mean[-1] + (count[late] - middle[-1]) * period
    return np.asarray(even)


def _interpolated(t: Times, xyz: Accel, period: float) -> tuple[Times, Accel]:
    """Draw straight lines between samples, and read them off each period from the first on."""
    count = int((t[-1] - t[0]) / period + 1e-6) + 1
    grid = t[0] + period * np.arange(count)
    even = np.empty((count, 3), np.float32)
    for axis in range(3):
        even[:, axis] = np.interp(grid, t, xyz[:, axis])
    return grid, even


def _joined(parts: list[tuple[Times, Accel]], period: float, note: str) -> Evened:
    """Put the stretches one after the other; smoothing must not let them overlap."""
    for (before, _), (after, _) in pairwise(parts):
        after += max(0.0, float(before[-1]) + period - float(after[0]))
    starts = np.cumsum([len(t) for t, _ in parts], dtype=np.intp)[:-1]
    t = np.concatenate([t for t, _ in parts])
    return Evened(1.0 / period, t, np.concatenate([xyz for _, xyz in parts]), starts, note)
