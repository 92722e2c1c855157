"""Tunes the peer on the tuning seeds: as fair to it as it can be, and reproducible.

For each sensor: joint draws over the whole grid, then from each of the best of them (and from
what was found before) each setting is tried at every value, the two windows and the two
thresholds together, round after round until none helps. What counts is what we
are measured by: F1 of the sleeper's movements, mean over the profiles.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.bench import peer
from bedside.bench.peer import PeerSettings
from bedside.bench.plan import Assignment, Plan
from bedside.bench.seeds import check
from bedside.bench.truth import happened
from bedside.bench.verdict import Happened, judge
from bedside.bench.workers import workers
from bedside.pipeline.samples import Span
from bedside.simulator.recording import record

GRID: dict[str, tuple[Any, ...]] = {
    "low_hz": (0.3, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0),
    "high_hz": (3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 16.0, 20.0, 28.0, 35.0, 45.0),
    "axes": ("norm", "z"),
    "sta_s": (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.8, 1.2, 2.0),
    "lta_s": (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 8.0, 10.0, 15.0, 20.0, 40.0, 60.0, 120.0, 300.0),
    "on": (1.5, 1.8, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0, 10.0, 14.0, 20.0),
    "off": (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.3, 1.6, 2.0, 3.0, 4.0),
    "merge_s": (0.0, 0.3, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0),
    "least_s": (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.7),
    "cut_s": (0.0, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 4.0),
}
TOGETHER = (("low_hz",), ("high_hz",), ("axes",), ("sta_s", "lta_s"), ("on", "off"), ("merge_s",),
            ("least_s",), ("cut_s",))  # fmt: skip
"""Windows and thresholds only mean something in pairs, so pairs of them are tried."""

DRAWS = 150
STARTS = 4


@dataclass(frozen=True, slots=True)
class TunedNight:
    """What the objective needs of a night."""

    profile: str
    xyz: NDArray[np.float32]
    odr_hz: float
    truth: list[Happened]


class Objective:
    """F1 of one setting, mean over profiles; keeps each night's last filtered norm."""

    def __init__(self, nights: Sequence[TunedNight]) -> None:
        self._nights = nights
        self._band: tuple[float, float, str] | None = None
        self._norms: list[NDArray[np.float64]] = []
        self._known: dict[PeerSettings, float] = {}

    def __call__(self, settings: PeerSettings) -> float:
        """Return the mean F1; 0 where the settings contradict each other."""
        if settings not in self._known:
            self._known[settings] = self._f1(settings) if consistent(settings) else 0.0
        return self._known[settings]

    def _f1(self, settings: PeerSettings) -> float:
        band = (settings.low_hz, settings.high_hz, settings.axes)
        if band != self._band:
            self._norms = [peer.filtered(night.xyz, night.odr_hz, *band) for night in self._nights]
            self._band = band
        counts: dict[str, list[int]] = {}
        for night, norm in zip(self._nights, self._norms, strict=True):
            hits, others = _hits(night, norm, settings)
            total = counts.setdefault(night.profile, [0, 0])
            total[0] += 2 * hits
            total[1] += 2 * hits + others
        return fmean(part / whole if whole else 0.0 for part, whole in counts.values())


def _hits(night: TunedNight, norm: NDArray[np.float64], settings: PeerSettings) -> tuple[int, int]:
    """Return hits, and misses and false alarms together, of one night."""
    ratio = peer.sta_lta(norm, night.odr_hz, settings.sta_s, settings.lta_s)
    picks = peer.tidy(peer.triggers(ratio, night.odr_hz, settings.on, settings.off), settings)
    if len(picks) > 5 * len(night.truth) + 200:
        return 0, len(picks)  # hopeless: thousands of false alarms need no matching
    verdict = judge(night.truth, [Span(*pick) for pick in picks.tolist()])
    return len(verdict.hits), len(verdict.missed) + len(verdict.false)


def consistent(settings: PeerSettings) -> bool:
    """Whether each lower limit lies below its upper one."""
    return (
        settings.low_hz < settings.high_hz
        and settings.sta_s < settings.lta_s
        and settings.off < settings.on
    )


def tune(objective: Callable[[PeerSettings], float], seed: int = 0) -> tuple[PeerSettings, float]:
    """Return the best settings found, and their F1."""
    rng = np.random.default_rng(seed)
    drawn = [
        PeerSettings(**{name: values[rng.integers(len(values))] for name, values in GRID.items()})
        for _ in range(DRAWS)
    ]
    drawn.sort(key=lambda s: (s.low_hz, s.high_hz, s.axes))  # a band is filtered but once
    best = sorted(drawn, key=objective, reverse=True)[:STARTS]
    climbed = [climb(objective, start) for start in [PeerSettings(), *peer.TUNED.values(), *best]]
    winner = max(climbed, key=objective)
    return winner, objective(winner)


def climb(objective: Callable[[PeerSettings], float], settings: PeerSettings) -> PeerSettings:
    """Try every value of each of `TOGETHER` in turn, until a whole round changes nothing."""
    while True:
        before = settings
        for names in TOGETHER:
            values = product(*(GRID[name] for name in names))
            options = [replace(settings, **dict(zip(names, each, strict=True))) for each in values]
            settings = max([settings, *options], key=objective)
        if settings == before:
            return settings


def tune_sensor(assignments: Sequence[Assignment]) -> tuple[PeerSettings, float]:
    """Tune on nights of one sensor, which must be tuning nights.

    Raises
    ------
    SeedsRefused : where a seed is held out.
    """
    check("tuning", [assignment.seed for assignment in assignments])
    return tune(Objective([night_of(assignment) for assignment in assignments]))


def night_of(assignment: Assignment) -> TunedNight:
    """Return the simulated night of an assignment."""
    made = record(
        assignment.profile, assignment.sensor, assignment.seed, duration_s=assignment.duration_s
    )
    return TunedNight(assignment.profile, made.xyz, made.odr_hz, happened(made.truth))


def tune_all(plan: Plan, jobs: int) -> dict[str, tuple[PeerSettings, float]]:
    """Tune for every sensor of the plan, `jobs` at a time."""
    by_sensor: dict[str, list[Assignment]] = {}
    for assignment in plan.assignments():
        by_sensor.setdefault(assignment.sensor, []).append(assignment)
    with workers(jobs) as pool:
        futures = {sensor: pool.submit(tune_sensor, those) for sensor, those in by_sensor.items()}
        return {sensor: future.result() for sensor, future in futures.items()}
