"""Counts and errors of nights, made to be added up."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

LEVELS = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 10.0)
"""Lower edges of the bins of peak over quiet level."""

LOUD = 4.0
"""A jerk of at least this peak over the quiet level should always be found."""

_F = TypeVar("_F")


@dataclass(slots=True)
class EventFigures:
    """One detector's movements against the truth.

    nights, hours      nights judged, and their hours
    hits, missed       of the sleeper's movements that should be found
    false              by cause: a disturbance's, `piece`, `nothing`
    at_level, found_at_level   of all, by bin of peak over quiet level (`LEVELS`), faint ones too
    loud_jerks, loud_jerks_found   of jerks of at least `LOUD` times the quiet level
    disturbances, disturbed    disturbances that could be heard, and those taken for the sleeper
    all_disturbances   those that nobody could hear too
    onset_error_s      detected less true onset of each jerk found
    """

    nights: int = 0
    hours: float = 0.0
    hits: int = 0
    missed: int = 0
    false: Counter[str] = field(default_factory=Counter)
    at_level: Counter[float] = field(default_factory=Counter)
    found_at_level: Counter[float] = field(default_factory=Counter)
    loud_jerks: int = 0
    loud_jerks_found: int = 0
    disturbances: Counter[str] = field(default_factory=Counter)
    disturbed: Counter[str] = field(default_factory=Counter)
    all_disturbances: Counter[str] = field(default_factory=Counter)
    onset_error_s: list[float] = field(default_factory=list)

    @property
    def recall(self) -> float | None:
        """Share of the true movements that was found."""
        return share(self.hits, self.hits + self.missed)

    @property
    def precision(self) -> float | None:
        """Share of the detections that was true."""
        return share(self.hits, self.hits + self.false.total())

    @property
    def f1(self) -> float | None:
        """Harmonic mean of recall and precision."""
        return share(2 * self.hits, 2 * self.hits + self.missed + self.false.total())

    @property
    def false_per_hour(self) -> float | None:
        """False alarms an hour, of all causes."""
        return share(self.false.total(), self.hours)


@dataclass(slots=True)
class NightFigures:
    """All that is measured of our own chain, beside its movements.

    kinds              (true, named) of each movement found
    muted              kind of each movement missed because it was called a disturbance
    series_*           series by kind: true, found, called another kind, and found where none was
    plain_nights, plain_nights_clean   nights without a periodic series, those that got none
    steps_as_rhythm    rhythmic series made of footsteps
    index              (true, said) periodic index per hour, one a night
    minutes, minutes_right     of presence
    changes, changes_right, changes_false   entries and exits; right is within 10 s
    sol_nights, sol_told, sol_error_s   latency of sleep onset: to be told, told, error
    tst_error_s        total sleep time
    breath_minutes, breath_told   minutes with somebody in bed, and those that got a rate
    breath_invented    minutes that got a rate with nobody in bed
    breath_error       told less true rate, per min
    cpu_s              processor seconds of our chain
    """

    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    muted: Counter[str] = field(default_factory=Counter)
    series_true: Counter[str] = field(default_factory=Counter)
    series_found: Counter[str] = field(default_factory=Counter)
    series_renamed: Counter[str] = field(default_factory=Counter)
    series_false: Counter[str] = field(default_factory=Counter)
    plain_nights: int = 0
    plain_nights_clean: int = 0
    steps_as_rhythm: int = 0
    index: list[tuple[float, float]] = field(default_factory=list)
    minutes: int = 0
    minutes_right: int = 0
    changes: int = 0
    changes_right: int = 0
    changes_false: int = 0
    sol_nights: int = 0
    sol_told: int = 0
    sol_error_s: list[float] = field(default_factory=list)
    tst_error_s: list[float] = field(default_factory=list)
    breath_minutes: int = 0
    breath_told: int = 0
    breath_invented: int = 0
    breath_error: list[float] = field(default_factory=list)
    cpu_s: float = 0.0

    @property
    def kind_right(self) -> float | None:
        """Share of the movements found that was named as what they are."""
        right = sum(count for (true, named), count in self.kinds.items() if true == named)
        return share(right, self.kinds.total())


def share(part: float, whole: float) -> float | None:
    """Return part / whole; None where there is no whole."""
    return part / whole if whole else None


def pool(kind: type[_F], figures: Iterable[_F]) -> _F:
    """Add figures up: numbers and counts by sum, lists end to end."""
    total = kind()
    for one in figures:
        for each in fields(kind):  # type: ignore[arg-type]
            value: Any = getattr(total, each.name)
            setattr(total, each.name, value + getattr(one, each.name))
    return total
