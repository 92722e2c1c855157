"""One stretch of motion, cut into its pushes: the ringing off, a series into single bursts."""

from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from bedside.pipeline.bands import band_powers
from bedside.pipeline.features import BODY, HIGH
from bedside.pipeline.ranks import median
from bedside.pipeline.trace import Trace

Array = NDArray[np.float64]

BEFORE_S = 10.0
"""Looked at before a stretch for how loud it is when nothing happens."""

NOISE = 2.0
"""Power over the usual from which a hop is not quiet; 1 in 20 of noise is louder."""

CLEAR = 3.0
"""As NOISE, of the first and last hop of something weak; 1 in 500 of noise is louder."""

NEAR_S = 0.75
"""A lull is a lull beside the loudest this near."""

LULL = 0.06
"""Power of a lull over the loudest near it, -12 dB."""

FAINT = 0.01
"""Power over the loudest, -20 dB, of what is no part of a movement: a heartbeat beside it."""

DUTY = 0.69
"""Share of hops that are no lull. Muscles that go on moving do not pause: of 300 simulated limb
movements one has less, but single bursts, up to three in a second, ring out in between."""

BODY_DUTY = 0.56
SLOW = 0.2
"""A whole body that turns may pause longer; but then more than this share of its energy is below
SLOW_HZ, where a jerk has little."""

SLOW_HZ = 3.0

FAST_HZ, FAST_DEPTH, SHARP = 1.5, 15.0, 0.17
"""Bursts faster than three in a second leave no lulls; but there are at least so many valleys in a
second, each so deep, and they are so sharp that more than this share of their energy is in HIGH,
where of 50 legs one has as much."""

DEPTH = 6.3
"""Power over the valley before it, 8 dB, that makes a burst of its own."""

CLOSER, SLOW_PUSH_S = 0.5, 0.6
"""Of the distance to other bursts, which is at least twice as long as a slow push; single bursts
are seldom so uneven."""

WEAK = 30.0
"""Below this loudness over NOISE, hops are averaged by twos: what is weak fluctuates."""

PUSHING = 0.1
"""Power put in, over the most put in near it, at which muscles still push."""


class Ringing:
    """How fast the mattress rings out: the energy that is left after one hop.

    Ringing of resonance f0 and quality Q loses a share of 1 - exp(-2 pi f0 t / Q).
    """

    def __init__(self, hop_s: float) -> None:
        self.left = float(np.exp(-2.0 * np.pi * 9.0 / 3.0 * hop_s))


def carve(trace: Trace, first: int, last: int, ringing: Ringing) -> list[tuple[int, int]]:
    """Return (first, last) of each push between two hops, at least one."""
    start = max(trace.start, first - 4)
    quiet = _usual(trace, first)
    power = np.maximum(trace.power(start, last)[BODY] - quiet, 0.0)
    gate = NOISE * quiet
    if power.max() < WEAK * gate:
        power = np.convolve(power, [0.5, 0.5], "same")
    near = round(NEAR_S / trace.hop_s)
    loudest = sliding_window_view(np.pad(power, near), 2 * near + 1).max(axis=1)
    active = power > np.maximum(LULL * loudest, gate)
    hops = np.flatnonzero(active & (power > FAINT * power.max()))
    if not len(hops):
        return [(first, last)]
    a, b = int(hops[0]), int(hops[-1]) + 1
    cuts = [a, b]
    core = np.flatnonzero(active & (power > LULL * power.max()))
    duty = float(active[core[0] : core[-1] + 1].mean())
    deep = len(_valleys(power[a:b] + quiet, FAST_DEPTH)) if duty >= DUTY else 0
    if _is_series(trace, start + int(core[0]), start + int(core[-1]) + 1, duty, deep):
        cuts = [a, *(a + at for at in _valleys(power[a:b] + quiet, DEPTH)), b]
    elif power.max() < WEAK * gate:
        clear = hops[power[hops] > CLEAR * quiet]
        cuts = [int(clear[0]), int(clear[-1]) + 1] if len(clear) else cuts
    spans = []
    for i in range(len(cuts) - 1):
        lively = np.flatnonzero(active[cuts[i] : cuts[i + 1]])
        if len(lively):
            spans.append((cuts[i] + int(lively[0]), cuts[i] + int(lively[-1]) + 1))
    spans = _mended(spans, round(SLOW_PUSH_S / trace.hop_s))
    return [(start + a, start + a + _push_end(power[a:b], ringing.left, near)) for a, b in spans]


def _mended(spans: list[tuple[int, int]], least: int) -> list[tuple[int, int]]:
    """Join the beginning and the end of a slow push, both of which a mattress rings to.

    They lie much closer to each other than to the bursts before and after.
    """
    apart = [other[0] - one[0] for one, other in pairwise(spans)]
    joined = spans[:1]
    for i, span in enumerate(spans[1:]):
        around = apart[max(0, i - 1) : i] + apart[i + 1 : i + 2]
        if around and min(around) >= least and apart[i] < CLOSER * min(around):
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
    return joined


def _is_series(trace: Trace, first: int, last: int, duty: float, deep: int) -> bool:
    """Whether it is single bursts, not one movement, that lie between two hops."""
    if duty < BODY_DUTY:
        return True
    if duty >= DUTY:
        power = trace.power(first, last)
        fast = deep > FAST_HZ * (last - first) * trace.hop_s
        return fast and bool(power[HIGH].sum() > SHARP * power[BODY].sum())
    samples = trace.samples(first - 2, last + 3)
    powers = band_powers(samples, trace.hop / trace.hop_s, (1.0, SLOW_HZ, 20.0))
    return bool(powers[0] < SLOW * powers.sum())


def _usual(trace: Trace, first: int) -> float:
    """Return the median power before a stretch of motion, mg²."""
    before = trace.power(max(trace.start, first - round(BEFORE_S / trace.hop_s)), first)[BODY]
    return median(before) if len(before) else 0.0


def _valleys(power: Array, depth: float) -> list[int]:
    """Return where the lowest power lies between peaks that rise `depth` times above it."""
    valleys: list[int] = []
    falling, peak, low, low_at = False, power[0], power[0], 0
    for at, now in enumerate(power.tolist()):
        if falling:
            if now < low:
                low, low_at = now, at
            elif now > depth * low:
                valleys.append(low_at)
                falling, peak = False, now
        elif now > peak:
            peak = now
        elif now * depth < peak:
            falling, low, low_at = True, now, at
    return valleys


def _push_end(power: Array, left: float, near: int) -> int:
    """Return the hop before which the last power was put in; what follows rings out."""
    put_in = power - left * np.concatenate([[0.0], power[:-1]])
    most = sliding_window_view(np.pad(put_in, near), 2 * near + 1).max(axis=1)
    return int(np.flatnonzero(put_in >= PUSHING * most)[-1]) + 1
