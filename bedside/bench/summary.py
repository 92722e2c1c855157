"""Nights pooled by profile, by sensor and altogether."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TypeVar

from bedside.bench.figures import EventFigures, NightFigures, pool
from bedside.bench.plan import Played

_K = TypeVar("_K")


@dataclass(frozen=True, slots=True)
class Pooled:
    """Some nights together; `theirs` is None where the peer did not run."""

    ours: EventFigures
    night: NightFigures
    theirs: EventFigures | None


@dataclass(frozen=True, slots=True)
class Summary:
    """The same nights cut three ways, and altogether."""

    by_profile: dict[str, Pooled]
    by_sensor: dict[str, Pooled]
    by_cell: dict[tuple[str, str], Pooled]
    total: Pooled

    @property
    def mean_f1(self) -> float:
        """Mean of F1 over profiles and sensors."""
        return _mean([each.ours.f1 for each in self.by_cell.values()])

    @property
    def peer_mean_f1(self) -> float | None:
        """The peer's; None where it did not run."""
        theirs = [each.theirs.f1 for each in self.by_cell.values() if each.theirs]
        return _mean(theirs) if theirs else None

    @property
    def mean_kind_right(self) -> float:
        """Mean over profiles and sensors of the share named as what they are."""
        return _mean([each.night.kind_right for each in self.by_cell.values()])


def _mean(shares: Sequence[float | None]) -> float:
    """Mean of those that exist."""
    known = [each for each in shares if each is not None]
    return fmean(known) if known else float("nan")


def summarise(nights: Sequence[Played]) -> Summary:
    """Pool the nights."""
    return Summary(
        by_profile=_cut(nights, lambda one: one.assignment.profile),
        by_sensor=_cut(nights, lambda one: one.assignment.sensor),
        by_cell=_cut(nights, lambda one: (one.assignment.profile, one.assignment.sensor)),
        total=_pooled(nights),
    )


def _cut(nights: Sequence[Played], key: Callable[[Played], _K]) -> dict[_K, Pooled]:
    groups: dict[_K, list[Played]] = {}
    for one in nights:
        groups.setdefault(key(one), []).append(one)
    return {name: _pooled(group) for name, group in groups.items()}


def _pooled(nights: Sequence[Played]) -> Pooled:
    theirs = [one.theirs for one in nights if one.theirs]
    return Pooled(
        pool(EventFigures, [one.ours for one in nights]),
        pool(NightFigures, [one.night for one in nights]),
        pool(EventFigures, theirs) if theirs else None,
    )
