"""Movements seen together with sleep, light and noise, and counted."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bedside.pipeline.movements import Movement
from bedside.pipeline.periodic import (
    candidate_intervals_s,
    imi_histogram,
    periodic_runs,
    periodicity_index,
)
from bedside.pipeline.series import SeriesSettings
from bedside.pipeline.timing import ROUNDING_S, within

KINDS = ("jerk", "limb_movement", "turn", "bed_exit", "bed_entry")
"""The sleeper's own."""
HYPNIC_S = (-15.0 * 60.0, 10.0 * 60.0)
"""From sleep onset, s: where a jerk is hypnic."""
HYPNIC_MOST_S = 1.0
REFLEX_S = 2.0

Asleep = Callable[[float], bool | None]


@dataclass(frozen=True, slots=True)
class ScoredMovement:
    """A movement and what surrounded it.

    asleep  whether it began in sleep, the one that ends sleep included; None where that cannot
            be told: away from bed, or no data
    hypnic  a jerk at sleep onset, a normal thing
    reflex  within 2 s after the light changed or a disturbance began
    """

    movement: Movement
    asleep: bool | None
    hypnic: bool = False
    reflex: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many movements of one kind the night's time in bed held.

    asleep, awake      counts, hypnic jerks left out of both
    hypnic, reflex     counts; a reflex is in `asleep` or `awake` too, unless hypnic
    asleep_per_hour    per hour of sleep; None without sleep
    awake_per_hour     per hour awake in bed; None when there was none
    """

    kind: str
    asleep: int
    awake: int
    hypnic: int
    reflex: int
    asleep_per_hour: float | None
    awake_per_hour: float | None


@dataclass(frozen=True, slots=True)
class Indices:
    """Rates of periodic movement on a mattress; they are not the EMG's PLMS index.

    rule                  `wasm` or `aasm`
    periodic_index        movements in periodic series while asleep, per hour of sleep
    periodic_awake_index  the same while awake in bed, per hour of it; None by AASM's rule,
                          which looks at sleep alone
    periodicity_index     share of intervals that belong to a periodic series, 0-1
    imi_histogram         (from_s, count) of inter-movement intervals in sleep, in 2 s bins; the
                          last one, from 90 s, holds all longer ones
    threshold_per_hour    above it the index is named as a finding (adult 15, child 5)
    """

    rule: str
    periodic_index: float | None
    periodic_awake_index: float | None
    periodicity_index: float | None
    imi_histogram: tuple[tuple[float, int], ...]
    threshold_per_hour: float


def scored(
    movements: Sequence[Movement],
    asleep: Asleep,
    onsets_s: Sequence[float],
    stimuli_s: Iterable[float],
) -> list[ScoredMovement]:
    """Mark each movement.

    Parameters
    ----------
    onsets_s : every estimated sleep onset.
    stimuli_s : moments at which the appliance's light changed; disturbances are added here,
        but not the chip's own glitches, which nobody feels.
    """
    noises_s = (m.start_s for m in movements if m.kind == "disturbance" and m.cause != "glitch")
    startling_s = sorted([*stimuli_s, *noises_s])
    return [
        ScoredMovement(
            movement,
            asleep(movement.start_s),
            _hypnic(movement, onsets_s),
            _reflex(movement, startling_s),
        )
        for movement in movements
    ]


def count(kind: str, movements: Sequence[ScoredMovement], tst_s: float, awake_s: float) -> Count:
    """Count one kind of the sleeper's own movements, given the seconds asleep and awake."""
    own = [m for m in movements if m.movement.kind == kind and not m.movement.far]
    asleep = sum(1 for m in own if m.asleep is True and not m.hypnic)
    awake = sum(1 for m in own if m.asleep is False and not m.hypnic)
    return Count(
        kind,
        asleep,
        awake,
        hypnic=sum(m.hypnic for m in own),
        reflex=sum(m.reflex for m in own),
        asleep_per_hour=per_hour(asleep, tst_s),
        awake_per_hour=per_hour(awake, awake_s),
    )


def indices(
    movements: Sequence[Movement],
    asleep: Asleep,
    tst_s: float,
    awake_s: float,
    settings: SeriesSettings,
) -> Indices:
    """Rates of the movements in periodic series, and of the intervals between candidates."""
    runs = periodic_runs(movements, settings.rule, asleep)
    states = [asleep(m.start_s) for run in runs for m in run]
    told = settings.rule == "wasm"
    return Indices(
        rule=settings.rule,
        periodic_index=per_hour(states.count(True), tst_s),
        periodic_awake_index=per_hour(states.count(False), awake_s) if told else None,
        periodicity_index=periodicity_index(movements, runs, asleep),
        imi_histogram=imi_histogram(candidate_intervals_s(movements, asleep)),
        threshold_per_hour=settings.threshold_per_hour,
    )


def per_hour(number: int, seconds: float) -> float | None:
    """Return a rate per hour; None where there was no time to count in."""
    return number / seconds * 3600.0 if seconds > 0 else None


def _hypnic(movement: Movement, onsets_s: Sequence[float]) -> bool:
    brief = movement.end_s - movement.start_s <= HYPNIC_MOST_S + ROUNDING_S
    if movement.kind != "jerk" or movement.far or not brief:
        return False
    return any(bool(within(movement.start_s - at_s, *HYPNIC_S)) for at_s in onsets_s)


def _reflex(movement: Movement, startling_s: Sequence[float]) -> bool:
    if movement.kind not in ("jerk", "limb_movement") or movement.far:
        return False
    before = bisect_right(startling_s, movement.start_s + ROUNDING_S)
    if before == 0:
        return False
    return bool(movement.start_s - startling_s[before - 1] <= REFLEX_S + ROUNDING_S)
