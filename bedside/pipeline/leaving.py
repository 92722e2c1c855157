"""A first guess, within seconds, that the sleeper has just left the bed."""

import math

import numpy as np
from numpy.typing import NDArray

from bedside.pipeline.presence import Presence
from bedside.pipeline.trace import Trace

Array = NDArray[np.float64]

GROSS_MG = 40.0
"""Nobody gets up with less than this."""

CALM, CALM_S = 0.12, 0.8
"""It is over when all is below this share of its peak for so long: what comes then, heartbeat or
the first steps on the floor, is much weaker."""

WITHIN_S = 8.0
"""Looked for so long after the last of the motion; later the proof is nearly there anyway."""

BEFORE_S = 6.0
"""The level before is averaged over a breath and more."""

NEAR, NEAR_MG = 0.3, 5.0
"""How near to the level of the empty bed it must be: share of the way there from where the
sleeper lay, and at most."""

LEAST_WAY_MG = 10.0
"""Where the body tilts the sensor by less, the tilt says nothing."""


class Leaving:
    """Sees the bed left by the tilt: a large motion, after which the sensor stands as on an
    empty bed.

    Only a guess: breathing cannot be missed before a breath is over. It takes the level of the
    empty bed from the last time nobody lay in it, so it is silent until that was once seen.

    Parameters
    ----------
    trace : what was heard.
    presence : who is in bed, and how an empty bed is tilted.
    """

    def __init__(self, trace: Trace, presence: Presence) -> None:
        self._trace, self._presence = trace, presence
        self._calm, self._within, self._before = (
            round(s / trace.hop_s) for s in (CALM_S, WITHIN_S, BEFORE_S)
        )
        self._gross_log = 2.0 * math.log(GROSS_MG / 2.0)
        self._first: int | None = None
        self._peak_mg = 0.0
        self._loud = 0
        self._from_mg: Array | None = None
        self.guesses: list[float] = []

    def update(self, loudest_log: float, first: int, last: int) -> None:
        """Take in the unit between two hops, `loudest_log` its largest energy, BODY."""
        if loudest_log > self._gross_log and self._presence.present:
            self._note(first, last)
        if self._first is not None:
            self._look(last)

    def _note(self, first: int, last: int) -> None:
        """Note the large motion in a unit."""
        peaks = self._trace.peak_mg(first, last)
        if self._first is None:
            self._first, self._peak_mg = first, 0.0
            before = self._trace.level_mg(max(self._trace.start, first - self._before), first)
            self._from_mg = before.mean(axis=0) if len(before) else None
        self._peak_mg = max(self._peak_mg, float(peaks.max()))
        loud = np.flatnonzero(peaks > CALM * self._peak_mg)
        if len(loud):
            self._loud = first + int(loud[-1])

    def _look(self, last: int) -> None:
        """Compare where the sensor stands now, if it is calm again, with the empty bed."""
        trace, empty_mg = self._trace, self._presence.learnt.empty_level_mg
        since = last - self._loud - 1
        if since < self._calm:
            return
        if since > self._within or empty_mg is None or self._from_mg is None:
            self._first = None
            return
        now_mg = trace.level_mg(last - min(since, self._calm), last).mean(axis=0)
        way_mg = math.dist(self._from_mg, empty_mg)
        if way_mg >= LEAST_WAY_MG and math.dist(now_mg, empty_mg) < min(NEAR * way_mg, NEAR_MG):
            self.guesses.append(trace.t(last - 1))
            self._first = None
