"""Series: movements that belong together by their timing."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

import attrs

from bedside.pipeline.events import movements_from_events
from bedside.pipeline.movements import Movement
from bedside.pipeline.periodic import Asleep, periodic_runs
from bedside.pipeline.rhythm import cluster_runs, rhythmic_runs
from bedside.pipeline.timing import intervals_s
from bedside.settings import setting

SeriesKind = Literal["periodic", "rhythmic", "cluster"]


@attrs.frozen
class SeriesSettings:
    """Which movements make a series, and from which rate on the report mentions it."""

    rule: str = setting(
        "wasm",
        "Rule for periodic movements: wasm counts intervals of 10-90 s, aasm of 5-90 s.",
        choices=("wasm", "aasm"),
    )
    child: bool = setting(False, "The sleeper is a child, so child_per_hour applies.")
    adult_per_hour: float = setting(
        15.0, "Periodic index above which the report mentions it.", unit="1/h", low=0.0, high=500.0
    )
    child_per_hour: float = setting(
        5.0, "The same when the sleeper is a child.", unit="1/h", low=0.0, high=500.0
    )

    @property
    def threshold_per_hour(self) -> float:
        """The periodic index above which the report mentions it."""
        return self.child_per_hour if self.child else self.adult_per_hour


@dataclass(frozen=True, slots=True)
class Series:
    """A run of movements with one rhythm.

    start_s, end_s  onset of its first movement, offset of its last, s
    count           movements in it
    median_imi_s    median inter-movement interval, onset to onset, s
    """

    kind: SeriesKind
    start_s: float
    end_s: float
    count: int
    median_imi_s: float


def find_series(
    movements: Sequence[Movement],
    settings: SeriesSettings | None = None,
    asleep: Asleep | None = None,
) -> list[Series]:
    """Find every series, in order of onset.

    Parameters
    ----------
    movements : in any order; disturbances and far-off movements never take part.
    asleep : needed by the AASM rule alone; without it every movement counts as in sleep.
    """
    settings = settings or SeriesSettings()
    rhythms = rhythmic_runs(movements)
    found = [
        *(_series("periodic", run) for run in periodic_runs(movements, settings.rule, asleep)),
        *(_series("rhythmic", run) for run in rhythms),
        *(_series("cluster", run) for run in cluster_runs(movements, rhythms)),
    ]
    return sorted(found, key=lambda s: (s.start_s, s.kind))


def series_from_events(events: Any, settings: SeriesSettings | None = None) -> list[Series]:
    """Find the series of a plain list of `{"start_s", "end_s", "kind"}`, sorted or not.

    Raises
    ------
    RecordingError : naming the first event that cannot be used.
    """
    return find_series(movements_from_events(events), settings)


def _series(kind: SeriesKind, run: Sequence[Movement]) -> Series:
    end_s = max(m.end_s for m in run)
    return Series(kind, run[0].start_s, end_s, len(run), median(intervals_s(run)))
