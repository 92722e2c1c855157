"""A few figures of one night: what a thousand of them can be looked through by."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, NamedTuple

from bedside.pipeline.movements import Kind
from bedside.pipeline.night import Night
from bedside.pipeline.tally import per_hour
from bedside.pipeline.words.opening import LEAST_COVERAGE
from bedside.pipeline.words.times import Times

KINDS: tuple[Kind, ...] = ("jerk", "limb_movement", "turn")


class HourCount(NamedTuple):
    """One hour of the wall clock, as far as it was slept; a repeated hour comes twice.

    Counts are of sleep, hypnic jerks left out.
    """

    hour: int
    asleep_s: float
    jerk: int
    limb_movement: int
    turn: int


@dataclass(frozen=True, slots=True)
class Summary:
    """One night in a few figures; None, and never 0, is what could not be told.

    evening            names it
    start_s, end_s     lights out and the final rise, wall s; both None when the bed was empty
    asleep             counts by kind, hypnic jerks left out
    series             how many, by kind
    temperature_c      mean of the room while somebody lay in bed
    breaths_per_min    median while asleep
    hours              none where the time of day was not known
    clock_known        whether it was
    """

    evening: date
    start_s: float | None
    end_s: float | None
    tib_s: float
    tst_s: float | None
    sol_s: float | None
    se: float | None
    waso_s: float | None
    awakenings: int | None
    asleep: dict[str, int]
    awake: dict[str, int]
    hypnic: int
    periodic_index: float | None
    series: dict[str, int]
    hours: tuple[HourCount, ...]
    temperature_c: float | None
    coverage: float
    breaths_per_min: float | None
    clock_known: bool
    ongoing: bool = False

    @property
    def fit(self) -> bool:
        """Whether it may be held against other nights: over, slept, and recorded well enough."""
        return self.tst_s is not None and self.coverage >= LEAST_COVERAGE and not self.ongoing

    def per_hour(self, kind: str = "") -> float | None:
        """Movements of a kind, else of all three, per hour of sleep."""
        if self.tst_s is None:
            return None
        counts = (self.asleep[each] for each in ((kind,) if kind else KINDS))
        return per_hour(sum(counts), self.tst_s)

    def packed(self) -> str:
        """Write it as JSON."""
        figures = asdict(self) | {"evening": self.evening.isoformat()}
        return json.dumps(figures, separators=(",", ":"), allow_nan=False)

    @classmethod
    def unpacked(cls, figures: dict[str, Any]) -> "Summary":
        """Make it from what `packed` wrote; KeyError or TypeError where that was another's."""
        hours = tuple(HourCount(*each) for each in figures.pop("hours"))
        evening = date.fromisoformat(figures.pop("evening"))
        return cls(evening=evening, hours=hours, **figures)


def summarise(night: Night, evening: date, offsets: Sequence[tuple[float, float]] = ()) -> Summary:
    """Sum a night up.

    Parameters
    ----------
    offsets : (t_s, UTC offset s) in order, of its window.
    """
    bounds, room = night.bounds, night.comfort
    return Summary(
        evening=evening,
        start_s=bounds.start_s if bounds else None,
        end_s=bounds.end_s if bounds else None,
        tib_s=night.tib_s,
        tst_s=night.tst_s,
        sol_s=night.sol_s,
        se=night.se,
        waso_s=night.waso_s,
        awakenings=night.awakenings,
        asleep={kind: night.counts[kind].asleep for kind in KINDS},
        awake={kind: night.counts[kind].awake for kind in KINDS},
        hypnic=night.counts["jerk"].hypnic,
        periodic_index=night.indices.periodic_index,
        series=dict(Counter(series.kind for series in night.series)),
        hours=_hours(night, offsets),
        temperature_c=room.mean_c if room else None,
        coverage=night.coverage,
        breaths_per_min=night.breathing.per_min,
        clock_known=night.recorded.clock_known,
        ongoing=night.ongoing,
    )


def _hours(night: Night, offsets: Sequence[tuple[float, float]]) -> tuple[HourCount, ...]:
    sleep, bounds = night.slept, night.bounds
    if not night.recorded.clock_known or not offsets or sleep is None or bounds is None:
        return ()
    clock = Times(tuple(offsets), night.window.start_s)
    own = [m.movement for m in night.movements if m.asleep and not m.hypnic and not m.movement.far]
    found = []
    for label, span in clock.hours(bounds):
        kinds = [move.kind for move in own if span.start_s <= move.start_s < span.end_s]
        counts = (kinds.count(kind) for kind in KINDS)
        asleep_s = round(sleep.seconds("asleep", span), 1)
        found.append(HourCount(int(label.split()[0]), asleep_s, *counts))
    return tuple(found)
