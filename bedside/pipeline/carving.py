"""One stretch of motion, cut into its pushes: the ringing off, a series into single bursts."""

import math
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from bedside.pipeline.features import BODY
from bedside.pipeline.ranks import median
from bedside.pipeline.trace import Trace

Array = NDArray[np.float64]

BEFORE_S = 10.0
"""Looked at before a stretch for how loud it is when nothing happens."""

PEAK_OVER_USUAL = 1.5
"""Of noise, the largest energy in two seconds over the median power; a heart has more."""

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

DEPTH = 6.3
"""Power over the valley before it, 8 dB, that makes a burst of its own."""

STEEP = 15.0
"""As DEPTH, 12 dB: so deep the valleys between the pushes of one movement seldom are."""

BUSY, STEEPS, UNLIKE, UNEVEN, FADING = -12.3, 1.0, -2.6, -3.4, 3.1
SERIES = -6.8
"""What tells single bursts from the pushes of one movement, and how much it weighs: the share of
hops that are no lull, squared, as muscles that go on moving do not pause; steep valleys in a
second; how different the pieces are in height and in distance (standard deviations of logarithms);
hops that fall over hops that rise (logarithm), as the mattress rings after each burst. A
discriminant fitted to simulated nights: nine in ten series and movements are told apart."""

LONELY = 0.8
"""Taken for the unevenness where there are too few pieces to tell it."""

CLOSER, SLOW_PUSH_S = 0.42, 0.6
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


def carve(
    trace: Trace, first: int, last: int, ringing: Ringing, quiet_peak: float
) -> list[tuple[int, int]]:
    """Return (first, last) of each push between two hops, at least one.

    Parameters
    ----------
    quiet_peak : usual largest energy of two quiet seconds, mg²; as loud as that, it was not quiet.
    """
    start = max(trace.start, first - 4)
    quiet = min(_usual(trace, first), quiet_peak / PEAK_OVER_USUAL)
    power = sharp = np.maximum(trace.power(start, last)[BODY] - quiet, 0.0)
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
    inner = slice(int(core[0]), int(core[-1]) + 1)
    if _is_series(power[inner] + quiet, float(active[inner].mean()), trace.hop_s):
        cuts = [a, *(a + at for at in _valleys(sharp[a:b] + quiet, DEPTH)), b]
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


def _is_series(power: Array, duty: float, hop_s: float) -> bool:
    """Whether it is single bursts, not one movement, that make this power."""
    valleys = _valleys(power, DEPTH)
    if not valleys:
        return False
    edges = [0, *valleys, len(power)]
    tops = [a + int(power[a:b].argmax()) for a, b in pairwise(edges)]
    apart = np.diff(tops)
    rising = int(np.count_nonzero(power[1:] > power[:-1]))
    falling = len(power) - 1 - rising
    found = (
        BUSY * duty**2,
        STEEPS * len(_valleys(power, STEEP)) / (len(power) * hop_s),
        UNLIKE * min(2.0, float(np.log(power[tops]).std())),
        UNEVEN * (min(1.2, float(np.log(apart).std())) if len(apart) > 1 else LONELY),
        FADING * math.log((falling + 1) / (rising + 1)),
    )
    return sum(found) > SERIES


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
