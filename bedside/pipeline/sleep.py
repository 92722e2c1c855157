"""Sleep and wake of a time in bed, from movement alone: lying still is taken for sleep.

The rules are Oakley's with Actiware's automatic threshold, Webster's rescoring, and Page's sum for
the onset, with their constants in `actigraphy`. They count a wrist's movement; here activity is
seconds of movement, each weighed by how far it rises above the night's own quiet level.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

import attrs
import numpy as np
from numpy.typing import NDArray

from bedside.pipeline.actigraphy import EPOCH_S, bridged, sleep_period, wake_by_oakley, webster
from bedside.pipeline.movements import Movement
from bedside.pipeline.periodic import periodic_runs
from bedside.pipeline.rhythm import cluster_runs, rhythmic_runs
from bedside.pipeline.samples import Span
from bedside.pipeline.timing import in_order
from bedside.settings import setting

LEAST_STIR = 2.0
"""Activity of a movement that is no mere twitch: 0.7 s at 7 times the quiet level."""

State = Literal["asleep", "awake", "away", "unknown"]


@attrs.frozen
class SleepSettings:
    """How sleep is told from wake by movement alone."""

    stillness_min: float = setting(
        10.0, "Stillness after which it is called sleep.", unit="min", low=1.0, high=30.0
    )
    awakening_min: float = setting(
        2.0, "Shortest wake that counts as an awakening.", unit="min", low=0.5, high=30.0
    )


@dataclass(frozen=True, slots=True)
class Sleep:
    """States of a time in bed, one each `EPOCH_S` from `start_s`; the last may be cut short.

    period      from the onset of sleep to the end of the last epoch asleep; None without sleep
    awakenings  stretches of wake of some length within it
    """

    start_s: float
    end_s: float
    states: tuple[State, ...]
    period: Span | None
    awakenings: int

    def at(self, t_s: float) -> State:
        """Return the state at a time; `unknown` outside."""
        if not self.start_s <= t_s < self.end_s:
            return "unknown"
        return self.states[min(int((t_s - self.start_s) // EPOCH_S), len(self.states) - 1)]

    def asleep_at(self, onset_s: float) -> bool | None:
        """Whether a movement found the sleeper asleep; None away from bed or without data.

        The movement that wakes belongs to the sleep it ends, so the epoch before counts too.
        """
        states = self.at(onset_s), self.at(onset_s - EPOCH_S)
        if states[0] in ("away", "unknown"):
            return None
        return "asleep" in states

    def spans(self, state: State) -> list[Span]:
        """Return the stretches of one state."""
        found, at = [], 0
        for value, run in groupby(self.states):
            first, at = at, at + len(list(run))
            if value == state:
                found.append(self._span(first, at))
        return found

    def seconds(self, state: State, within: Span | None = None) -> float:
        """Seconds spent in one state, within a span or in all."""
        whole = within or Span(self.start_s, self.end_s)
        return sum(span.overlap_s(whole) for span in self.spans(state))

    def _span(self, first: int, after: int) -> Span:
        start_s = self.start_s + first * EPOCH_S
        return Span(start_s, min(self.start_s + after * EPOCH_S, self.end_s))


def score_sleep(
    movements: Sequence[Movement],
    in_bed: Sequence[Span],
    heard: Sequence[Span],
    quiet_mg: float,
    settings: SleepSettings | None = None,
) -> Sleep:
    """Score one time in bed, from the start of the first span to the end of the last.

    Out of bed is never sleep; where there are no data it is neither sleep nor wake. Movements of
    a series do not wake: they come by the hundred in sound sleep.

    Parameters
    ----------
    quiet_mg : the night's quiet level, 1-20 Hz, mg; movements are weighed against it.
    """
    settings = settings or SleepSettings()
    start_s, end_s = in_bed[0].start_s, in_bed[-1].end_s
    n = max(1, math.ceil((end_s - start_s) / EPOCH_S - 1e-9))
    edges = np.minimum(start_s + EPOCH_S * np.arange(n + 1), end_s)
    length_s = np.diff(edges)
    away = covered_s(in_bed, edges) < 0.5 * length_s
    unknown = ~away & (covered_s(heard, edges) < 0.5 * length_s)
    moved = _outside_series(movements)
    awake = wake_by_oakley(np.where(away, 0.0, activity(moved, edges, quiet_mg)))
    awake = webster(bridged((awake | away) & ~unknown, unknown), unknown)
    stirred = stirs(moved, edges, quiet_mg)
    onset, final = sleep_period(stirred, away, unknown, settings.stillness_min)
    awake[:onset] = True
    awake[final:] = True
    states = np.select([away, unknown, awake], ["away", "unknown", "awake"], "asleep")
    return _sleep(Span(start_s, end_s), tuple(states.tolist()), settings.awakening_min * 60.0)


def activity(
    movements: Sequence[Movement], edges: NDArray[np.float64], quiet_mg: float
) -> NDArray[np.float64]:
    """Activity of each epoch (n,): seconds of the sleeper's movement, weighed by size.

    A second weighs log2(1 + peak / quiet level): 3 for a twitch of 7 times the quiet level, 7
    for a turn of 127 times. Disturbances and far-off movements do not count.

    Parameters
    ----------
    edges : (n + 1,) of the epochs, s.
    """
    counts = np.zeros(len(edges) - 1)
    for movement in in_order(movements):
        _add(counts, Span(movement.start_s, movement.end_s), edges, _weight(movement, quiet_mg))
    return counts


def stirs(
    movements: Sequence[Movement], edges: NDArray[np.float64], quiet_mg: float
) -> NDArray[np.float64]:
    """Count the sleeper's movements (n,) that begin in each epoch and are no mere twitch."""
    onsets_s = [
        m.start_s
        for m in in_order(movements)
        if _weight(m, quiet_mg) * (m.end_s - m.start_s) >= LEAST_STIR
    ]
    return np.histogram(onsets_s, edges)[0].astype(np.float64)


def covered_s(spans: Sequence[Span], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Seconds (n,) of each epoch that lie within the spans, which do not overlap."""
    total = np.zeros(len(edges) - 1)
    for span in spans:
        _add(total, span, edges, 1.0)
    return total


def _weight(movement: Movement, quiet_mg: float) -> float:
    return math.log2(1.0 + movement.peak_mg / max(quiet_mg, 1e-6))


def _outside_series(movements: Sequence[Movement]) -> list[Movement]:
    rhythms = rhythmic_runs(movements)
    runs = [*periodic_runs(movements), *rhythms, *cluster_runs(movements, rhythms)]
    members = {id(m) for run in runs for m in run}
    return [m for m in movements if id(m) not in members]


def _add(total: NDArray[np.float64], span: Span, edges: NDArray[np.float64], weight: float) -> None:
    """Add to each epoch what of the span lies in it, s, times a weight."""
    first = max(0, int(np.searchsorted(edges, span.start_s, "right")) - 1)
    last = min(len(total), int(np.searchsorted(edges, span.end_s, "left")))
    low = np.maximum(edges[first:last], span.start_s)
    high = np.minimum(edges[first + 1 : last + 1], span.end_s)
    total[first:last] += weight * np.maximum(0.0, high - low)


def _sleep(bed: Span, states: tuple[State, ...], awakening_s: float) -> Sleep:
    sleep = Sleep(bed.start_s, bed.end_s, states, None, 0)
    asleep = sleep.spans("asleep")
    if not asleep:
        return sleep
    period = Span(asleep[0].start_s, asleep[-1].end_s)
    bouts = _joined(sorted(sleep.spans("awake") + sleep.spans("away")))
    within = [b for b in bouts if period.start_s < b.start_s < period.end_s]
    return replace(sleep, period=period, awakenings=sum(b.length_s >= awakening_s for b in within))


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Join spans that touch."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.start_s <= joined[-1].end_s:
            joined[-1] = Span(joined[-1].start_s, span.end_s)
        else:
            joined.append(span)
    return joined
