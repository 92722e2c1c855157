"""Minute by minute: how loud, how much of it was heard, how somebody breathed."""

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from bedside.pipeline.breathing import Breaths, breaths, slow_levels, slow_step
from bedside.pipeline.features import BODY
from bedside.pipeline.ranks import median, quantiles
from bedside.pipeline.trace import Trace

MINUTE_S = 60.0

WAIT_S = 30.0
"""From the end of a minute to its telling: by then it is known who was in bed."""

SLOWEST_CLOCK = 0.9
"""Of the nominal rate; a chip's clock may be some percent out."""

STIRRED = 6.0
"""Power over that of the loudest tenth of a minute: not a heart any more."""

STILL_S = 1.0
"""Nobody breathes evenly just before and after moving."""


@dataclass(frozen=True, slots=True)
class Minute:
    """What one minute sounded like.

    start_s            s, on the stream's time axis
    heard_s            seconds of it with data, 0-60
    present            share of the heard time in which somebody lay in the bed, 0-1
    floor_mg           quiet level, 1-20 Hz, mg
    peak_mg            largest |acceleration|, 1-20 Hz, mg
    breaths_per_min    None when it cannot be told
    breathing_quality  0 (none) to 1 (sure)
    """

    start_s: float
    heard_s: float
    present: float
    floor_mg: float
    peak_mg: float
    breaths_per_min: float | None = None
    breathing_quality: float = 0.0


class Minutes:
    """Cuts a trace into the minutes of the stream's time axis.

    Parameters
    ----------
    trace : what was heard; a new one after each gap.
    present : whether somebody lies in the bed when it begins.
    """

    def __init__(self, trace: Trace, *, present: bool = False) -> None:
        self._trace = trace
        self._first = trace.end
        self._end_s, self._due = -math.inf, trace.end
        self._changes: deque[tuple[float, bool]] = deque([(-math.inf, present)])

    def follow(self, changes: list[tuple[float, bool]]) -> None:
        """Take note of who comes and goes: (s, present)."""
        self._changes.extend(changes)

    def update(self, heard: int, noise_mg2_hz: float) -> list[Minute]:
        """Give the minutes that ended at least WAIT_S before hop `heard`."""
        trace, told = self._trace, list[Minute]()
        if heard < self._due or heard == self._first:
            return told
        while trace.t(heard - 1) >= self._end() + WAIT_S:
            told.append(self._minute(trace.hop_at(self._end_s + 0.5 * trace.hop_s), noise_mg2_hz))
        # No clock is so fast that this would be late.
        left_s = self._end_s + WAIT_S - trace.t(heard - 1)
        self._due = heard + int(SLOWEST_CLOCK * left_s / trace.hop_s)
        return told

    def flush(self, noise_mg2_hz: float) -> list[Minute]:
        """Give all that is left, the last minute not whole."""
        self._due = 0
        told = self.update(self._trace.end, noise_mg2_hz)
        while self._trace.end > self._first:
            self._end()
            last = self._trace.hop_at(self._end_s + 0.5 * self._trace.hop_s)
            told.append(self._minute(last, noise_mg2_hz))
        return told

    def _end(self) -> float:
        """Return the end of the current minute, s; a hop belongs to that of its middle."""
        if self._end_s == -math.inf:
            middle_s = self._trace.t(self._first) - 0.5 * self._trace.hop_s
            self._end_s = (math.floor(middle_s / MINUTE_S) + 1) * MINUTE_S
        return self._end_s

    def _minute(self, last: int, noise_mg2_hz: float) -> Minute:
        trace, first, end_s = self._trace, self._first, self._end_s
        self._first, self._end_s = last, end_s + MINUTE_S
        start_s = end_s - MINUTE_S
        if last == first:
            return Minute(start_s, 0.0, 0.0, 0.0, 0.0)
        present = self._present(trace.t(first) - trace.hop_s, trace.t(last - 1))
        power = trace.power(first, last)[BODY]
        told = Breaths(None, 0.0)
        if present > 0.99:
            a, b = _stillest(power, trace.hop_s)
            step = slow_step(trace)
            levels = slow_levels(trace, first + a, first + b)
            told = breaths(levels, 1.0 / (step * trace.hop_s), noise_mg2_hz)
        return Minute(
            start_s,
            min(MINUTE_S, (last - first) * trace.hop_s),
            present,
            median(power) ** 0.5,
            float(trace.peak_mg(first, last).max()),
            told.per_min,
            told.quality,
        )

    def _present(self, start_s: float, end_s: float) -> float:
        """Return the share of a stretch in which somebody lay in the bed."""
        while len(self._changes) > 1 and self._changes[1][0] <= start_s:
            self._changes.popleft()
        times = [min(max(t_s, start_s), end_s) for t_s, _ in self._changes] + [end_s]
        lain_s = sum(
            max(0.0, until_s - since_s)
            for since_s, until_s, (_, present) in zip(times, times[1:], self._changes, strict=False)
            if present
        )
        return lain_s / (end_s - start_s) if end_s > start_s else 0.0


def _stillest(power: np.ndarray[tuple[int], np.dtype[np.float64]], hop_s: float) -> tuple[int, int]:
    """Return the longest stretch (first, last) of hops without a movement."""
    loud = np.flatnonzero(power > STIRRED * quantiles(power, 0.9)[0])
    around = round(STILL_S / hop_s)
    starts = np.concatenate([[0], loud + 1 + around])
    ends = np.concatenate([loud - around, [len(power)]])
    longest = int((ends - starts).argmax())
    return int(starts[longest]), max(int(starts[longest]), int(ends[longest]))
