"""A first guess, within seconds, that the sleeper has just left the bed."""

import math

import numpy as np
from numpy.typing import NDArray

from bedside.pipeline.features import BODY
from bedside.pipeline.origin import Quiet
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

NEAR, NEAR_MG = 0.4, 6.0
"""How near to the level of the empty bed it must be: share of the way there from where the
sleeper lay, and at most. Of 100 who stay in bed one comes as near as 8 mg."""

LEAST_WAY_MG = 10.0
"""Where the body tilts the sensor by less, the tilt says nothing."""

SILENT, STILL, BEAT_S = 0.3, 0.8, 1.2
"""Share of the usual power, over a beat and more: below the first no heart beats, below the second
perhaps none. It is the least of all after the motion, as steps are louder than a heart."""

AUDIBLE = 1.6
"""Usual power over the chip's own noise from which a heart is heard at all."""


class Leaving:
    """Sees the bed left: a large motion, and then an empty bed's tilt, or a heart that is gone.

    Only a guess: breathing cannot be missed before a breath is over. The level of the empty bed
    is that of the last time nobody lay in it.

    Parameters
    ----------
    trace : what was heard.
    presence : who is in bed, and how an empty bed is tilted.
    """

    def __init__(self, trace: Trace, presence: Presence) -> None:
        self._trace, self._presence = trace, presence
        self._calm, self._within, self._before, self._beat = (
            round(s / trace.hop_s) for s in (CALM_S, WITHIN_S, BEFORE_S, BEAT_S)
        )
        self._gross_log = 2.0 * math.log(GROSS_MG / 2.0)
        self._first: int | None = None
        self._peak_mg = 0.0
        self._loud = 0
        self._from_mg: Array | None = None
        self.guesses: list[float] = []

    def update(self, loudest_log: float, first: int, last: int, quiet: Quiet | None) -> None:
        """Take in the unit between two hops.

        Parameters
        ----------
        loudest_log : its largest energy, BODY.
        quiet : what it is like when the sleeper lies still; None where not yet known.
        """
        if loudest_log > self._gross_log and self._presence.present:
            self._note(first, last)
        if self._first is None:
            return
        since = last - self._loud - 1
        if since > self._within:
            self._first = None
        elif since >= self._calm and self._left(last, quiet.usual if quiet else 0.0):
            self.guesses.append(self._trace.t(last - 1))
            self._first = None

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

    def _tilted(self, last: int) -> bool:
        """Whether the sensor stands as on an empty bed, and did not before."""
        empty_mg = self._presence.learnt.empty_level_mg
        if empty_mg is None or self._from_mg is None:
            return False
        now_mg = self._trace.level_mg(last - self._calm, last).mean(axis=0)
        way_mg = math.dist(self._from_mg, empty_mg)
        return way_mg >= LEAST_WAY_MG and math.dist(now_mg, empty_mg) < min(NEAR * way_mg, NEAR_MG)

    def _left(self, last: int, usual_mg2: float) -> bool:
        """Whether the tilt, the silence, or both together tell of an empty bed."""
        heard_mg2 = self._least_mg2(last)
        if heard_mg2 < SILENT * usual_mg2:
            return True
        audible = usual_mg2 > AUDIBLE * self._presence.noise_mg2
        return not (audible and heard_mg2 > STILL * usual_mg2) and self._tilted(last)

    def _least_mg2(self, last: int) -> float:
        """Return the least power over the time of a beat since it is calm."""
        beat, first = self._beat, self._loud + 1 + self._calm // 2
        if last - first < beat:
            return math.inf
        total = np.cumsum(np.append(0.0, self._trace.power(first, last)[BODY]))
        return float((total[beat:] - total[:-beat]).min()) / beat
