"""Features to bursts: where the mattress was pushed, from the first push to the last."""

import math
from collections import deque
from dataclasses import dataclass
from itertools import islice

import attrs
import numpy as np
from numpy.typing import NDArray

from bedside.pipeline.carving import Ringing, carve
from bedside.pipeline.features import BANDS_HZ, BODY, HIGH
from bedside.pipeline.floor import USUAL_SPREAD, Floor
from bedside.pipeline.trace import SMOOTH, Trace
from bedside.settings import setting

Array = NDArray[np.float64]

AHEAD_UNITS = 8
"""Units heard before one is judged: after a turn or an entry they say what the new floor is."""

JOIN_S = 0.5
"""Quiet for less than this does not end a burst (the AASM's rule for the end of a movement)."""

GROSS_S = 2.5
"""A burst this long may leave another floor behind: another posture, another person."""

EVEN, FALLEN = 0.9, 2.0
"""Background is this even from unit to unit, and this far below the burst before it, as logs."""

LOUDEST, LOUDER = 100.0, 1.0
"""mg²: no heart is louder; a slat makes 12 mg of it at its peak. What is, and is louder than the
floor was (as a log), is somebody who goes on moving."""

TINY = 1e-12
"""mg²: a log of nothing is no number."""


@attrs.frozen
class DetectorSettings:
    """What counts as a movement: ratios to the quiet around it, so any bed and chip will do."""

    on_ratio: float = setting(
        1.6,
        "How many times the usual peak of two quiet seconds a movement has to reach.",
        low=1.2,
        high=4.0,
    )
    off_ratio: float = setting(
        1.05,
        "How many times that peak it has to fall below to be over.",
        low=0.8,
        high=2.0,
    )
    longest_s: float = setting(
        60.0,
        "What lasts longer is the new quiet: a machine, not a movement.",
        unit="s",
        low=20.0,
        high=80.0,
    )


@dataclass(frozen=True, slots=True)
class Burst:
    """One burst, by the hops of its push: `first` to before `last`.

    complex_first, complex_last  of the stretch of motion it is part of, ringing included
    known    end of what had been heard when it was found
    endless  it lasted so long that it became the floor
    """

    first: int
    last: int
    complex_first: int
    complex_last: int
    known: int
    endless: bool = False


class BurstFinder:
    """Bursts of a trace, some seconds after they happened.

    Parameters
    ----------
    trace : filled by the caller; what a burst needs must still be in it.
    unit_hops : hops in a unit, the step in which the floor is learnt.
    settings : thresholds.
    before : of the stream before a gap; the floor is still the same.
    """

    def __init__(
        self,
        trace: Trace,
        unit_hops: int,
        settings: DetectorSettings,
        before: "BurstFinder | None" = None,
    ) -> None:
        self._trace, self._unit, self._settings = trace, unit_hops, settings
        on_log = 2.0 * math.log(settings.on_ratio)
        self.floors: list[Floor] = (
            [Floor(on_log) for _ in BANDS_HZ] if before is None else before.floors
        )
        self.ringing: Ringing = Ringing(trace.hop_s) if before is None else before.ringing
        self._join, self._gross = (round(s / trace.hop_s) for s in (JOIN_S, GROSS_S))
        self._off_log = 2.0 * math.log(settings.off_ratio)
        self._peaks: deque[list[float]] = deque()
        self._next = self._known = trace.end
        self._open: tuple[int, int] | None = None
        self._sure: list[int] = []
        self._found: list[Burst] = []

    @property
    def heard(self) -> int:
        """Hop before which all had been heard when the newest unit was judged."""
        return min(self._next + AHEAD_UNITS * self._unit, self._trace.end)

    @property
    def newest_log(self) -> float:
        """Log of the largest energy, BODY, of the newest unit heard when that one was judged."""
        return self._peaks[AHEAD_UNITS - 1][BODY]

    @property
    def open_since(self) -> int | None:
        """First hop of the burst that is not over yet."""
        return None if self._open is None else self._open[0]

    def take(self) -> list[Burst]:
        """Give the bursts that were over with the newest unit, in order."""
        found, self._found = self._found, []
        return found

    def step(self) -> bool:
        """Judge one more unit; False where not enough is heard of what comes after it."""
        if len(self._peaks) <= AHEAD_UNITS:
            self._learn_peaks()
            if len(self._peaks) <= AHEAD_UNITS:
                return False
        self._judge(self._unit)
        return True

    def flush(self) -> None:
        """Judge what is left; nothing more will come."""
        self._learn_peaks()
        while self._peaks:
            self._judge(self._unit)
        if self._next < self._trace.end:
            self._scan(self._next, self._trace.end)
            self._next = self._known = self._trace.end
        self._close()

    def levels_mg(self) -> tuple[float, float]:
        """Return the usual peak and the threshold of the BODY band, mg."""
        floor = self.floors[BODY]
        usual = math.exp(floor.level / 2.0)
        return usual, math.exp(floor.limit / 2.0)

    def _learn_peaks(self) -> None:
        """Note the log of the largest energy of each new unit, band by band."""
        units = (self._trace.end - self._known) // self._unit
        if units == 0:
            return
        last = self._known + units * self._unit
        energy = self._trace.energy(self._known, last)
        largest = energy.reshape(len(energy), units, -1).max(axis=2)
        self._peaks.extend(np.log(np.maximum(largest, TINY)).T.tolist())
        self._known = last

    def _judge(self, hops: int) -> None:
        """Take the next unit: either it is quiet and tells the floor, or it is searched."""
        peaks = self._peaks.popleft()
        if self.floors[0].level == -np.inf:
            self._settle([peaks, *self._ahead()])
        first = self._next
        self._next = first + hops
        body, high = self.floors
        hot = peaks[BODY] > body.limit or peaks[HIGH] > high.limit
        if hot or self._open is not None:
            self._scan(first, self._next)
            if self._open is not None and first - self._open[0] >= self._gross:
                self._hear_through(peaks[BODY])
        if self._open is None or first - self._open[0] < self._gross:
            # A hot unit counts as one just at the threshold: a few do not move the floor, but
            # a heart that beats stronger than before is learnt.
            for floor, peak in zip(self.floors, peaks, strict=True):
                floor.push(min(peak, floor.limit))

    def _settle(self, units: list[list[float]]) -> None:
        """Begin the floors with what is quiet among these units: two at least, the lowest."""
        for floor, values in zip(self.floors, zip(*units, strict=True), strict=True):
            ranked = sorted(values)
            usual = ranked[len(ranked) // 8]
            floor.seed([value for value in values if value < usual + 1.0])

    def _scan(self, first: int, last: int) -> None:
        """Search these hops for the beginning, the going on and the end of bursts."""
        at: int | None = first
        while at is not None:
            at = self._scan_from(at, last)
        if self._open is not None and last - self._open[1] > self._join:
            self._close()

    def _scan_from(self, first: int, last: int) -> int | None:
        """Search until a burst is over; return where to go on, as the floor may be another."""
        energy = self._trace.energy(first, last)
        on = np.zeros(last - first, dtype=bool)
        live = np.zeros(last - first, dtype=bool)
        for floor, row in zip(self.floors, energy, strict=True):
            on |= row > math.exp(floor.limit)
            live |= row > math.exp(floor.level + self._off_log)
        for at in np.flatnonzero(live | on).tolist():
            hop = first + at
            if self._open is None:
                self._open, self._sure = (hop, hop), []
            start, newest = self._open
            if hop - newest > self._join:
                self._close()
                return hop
            if on[at]:
                self._sure.append(hop)
            self._open = (start, hop)
            if (hop - start) * self._trace.hop_s > self._settings.longest_s:
                self._close(endless=True)
                return hop + 1
        return None

    def _close(self, *, endless: bool = False) -> None:
        if self._open is None:
            return
        (first, last), self._open = self._open, None
        if not self._sure:
            return
        last += 1
        if endless:
            spans = [(first, last)]
        else:
            spans = carve(self._trace, first, last, self.ringing, math.exp(self.floors[BODY].level))
            if len(spans) > 1:
                spans = [span for span in spans if self._is_sure(*span)]
        self._found += [Burst(a, b, first, last, self.heard, endless) for a, b in spans]
        if last - first >= self._gross:
            loudest = float(self._trace.energy(first, last)[BODY].max())
            self._relearn(math.log(max(loudest, TINY)))

    def _is_sure(self, first: int, last: int) -> bool:
        """Whether a piece is above the threshold itself; `energy` looks back SMOOTH hops."""
        return any(first <= hop < last + SMOOTH - 1 for hop in self._sure)

    def _ahead(self) -> list[list[float]]:
        return list(islice(self._peaks, AHEAD_UNITS))

    def _hear_through(self, peak: float) -> None:
        """End a burst that only a new background keeps open: much lower than it, and even."""
        ahead = sorted(unit[BODY] for unit in self._ahead())
        if len(ahead) == AHEAD_UNITS and ahead[-2] - ahead[1] < EVEN:
            self._relearn(peak)

    def _relearn(self, peak: float) -> None:
        """Where the quiet after a gross burst is another than before, begin the floors anew."""
        units = self._ahead()
        if len(units) < AHEAD_UNITS // 2:
            return
        ahead = sorted(unit[BODY] for unit in units)
        usual, before = ahead[len(ahead) * 3 // 5], self.floors[BODY].level
        if usual > min(peak - FALLEN, max(math.log(LOUDEST), before + LOUDER)):
            return
        for floor, values in zip(self.floors, zip(*units, strict=True), strict=True):
            usual = sorted(values)[len(values) * 3 // 5]
            if abs(usual - floor.level) > 0.25:
                near = [value for value in values if abs(value - usual) < 1.0]
                floor.seed(near, max(floor.spread, USUAL_SPREAD))
