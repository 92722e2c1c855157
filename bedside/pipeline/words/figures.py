"""The numbers of the report, each with its explanation and the range of the nights before."""

from collections.abc import Callable, Sequence
from statistics import fmean
from typing import NamedTuple

from bedside.pipeline.night import Night
from bedside.pipeline.words.english import (
    a_minute,
    an_hour,
    between,
    counted,
    duration,
    in_figures,
    in_words,
    listed,
    percent,
    rate,
    sentence,
)
from bedside.pipeline.words.opening import LEAST_COVERAGE
from bedside.pipeline.words.told import Figure, KindLine

NIGHTS = 7
LABELS = {"jerk": "Jerks", "limb_movement": "Limb movements", "turn": "Turns"}
NOT_TOLD = "not told"

Written = Callable[[float], str]


class _Kind(NamedTuple):
    """What one figure is called, where it comes from, and how it is printed."""

    key: str
    label: str
    unit: str
    written: Written
    of: Callable[[Night], float | None]
    explanation: str


_FIGURES = (
    _Kind(
        *("tib", "Time in bed", "s", duration),
        lambda night: night.tib_s,
        "From lying down to getting up for good.",
    ),
    _Kind(
        *("tst", "Asleep (estimated)", "s", duration),
        lambda night: night.tst_s,
        "Told from movement alone, so lying awake and still counts as sleep.",
    ),
    _Kind(
        *("sol", "Falling asleep took", "s", duration),
        lambda night: night.sol_s,
        "From lying down to the end of the stirring before sleep.",
    ),
    _Kind(
        *("waso", "Awake in between", "s", duration),
        lambda night: night.waso_s,
        "Awake, in bed or out of it, between the first and the last sleep.",
    ),
    _Kind(
        *("awakenings", "Awakenings", "count", in_figures),
        lambda night: night.awakenings,
        "Stretches awake that were long enough to be remembered.",
    ),
    _Kind(
        *("se", "Sleep efficiency", "share", percent),
        lambda night: night.se,
        "The share of the time in bed that was slept.",
    ),
    _Kind(
        *("away", "Times out of bed", "count", in_figures),
        lambda night: len(night.away),
        "Between lying down and getting up for good.",
    ),
    _Kind(
        *("periodic_index", "Periodic movements", "per_h", an_hour),
        lambda night: night.indices.periodic_index,
        "Limb movements in periodic series, per hour of sleep.",
    ),
    _Kind(
        *("breathing", "Breathing", "per_min", a_minute),
        lambda night: night.breathing.per_min,
        "The middle rate of the minutes asleep in which it could be told.",
    ),
    _Kind(
        *("coverage", "Recorded", "share", percent),
        lambda night: night.coverage,
        "The share of the time in bed with data.",
    ),
)


def last_nights(night: Night, earlier: Sequence[Night]) -> list[Night]:
    """Up to seven nights before this one that were slept and recorded well enough to compare."""
    start_s = night.recorded.start_s
    fit = [
        each
        for each in earlier
        if each.recorded.start_s < start_s and each.slept and each.coverage >= LEAST_COVERAGE
    ]
    return sorted(fit, key=lambda each: each.recorded.start_s)[-NIGHTS:]


def figures(night: Night, last: Sequence[Night]) -> list[Figure]:
    """Every figure; of an empty bed only what was recorded."""
    kinds = _FIGURES if night.bounds else [kind for kind in _FIGURES if kind.key == "coverage"]
    return [_figure(kind, night, last) for kind in kinds]


def _figure(kind: _Kind, night: Night, last: Sequence[Night]) -> Figure:
    amount = kind.of(night)
    known = [value for each in last if (value := kind.of(each)) is not None]
    return Figure(
        kind.key,
        kind.label,
        NOT_TOLD if amount is None else kind.written(amount),
        amount,
        kind.unit,
        kind.explanation,
        "" if kind.key == "coverage" else _range(known, kind.written),
    )


def kind_lines(night: Night, last: Sequence[Night]) -> list[KindLine]:
    """Jerks, limb movements and turns; none when the bed was empty."""
    if night.bounds is None:
        return []
    return [_kind_line(kind, label, night, last) for kind, label in LABELS.items()]


def _kind_line(kind: str, label: str, night: Night, last: Sequence[Night]) -> KindLine:
    count = night.counts[kind]
    rates = [value for each in last if (value := each.counts[kind].asleep_per_hour) is not None]
    parts = [f"{in_words(count.asleep, none='none')} asleep"]
    if count.hypnic:
        parts.append(f"{in_words(count.hypnic)} while falling asleep")
    parts.append(f"{in_words(count.awake, none='none')} awake in bed")
    said = listed(parts)
    if count.reflex:
        said += f"; {in_words(count.reflex)} right after a noise or the light"
    if rates:
        said += f"; {_range(rates, rate)} an hour asleep"
    return KindLine(
        kind=kind,
        label=label,
        asleep=count.asleep,
        awake=count.awake,
        hypnic=count.hypnic,
        reflex=count.reflex,
        asleep_per_hour=count.asleep_per_hour,
        awake_per_hour=count.awake_per_hour,
        low=min(rates, default=None),
        mean=fmean(rates) if rates else None,
        high=max(rates, default=None),
        nights=len(rates),
        text=sentence(said),
    )


def _range(amounts: Sequence[float], written: Written) -> str:
    """`last three nights: 0.5 to 2.1`."""
    if not amounts:
        return ""
    nights = "the night before" if len(amounts) == 1 else f"last {counted(len(amounts), 'night')}"
    return f"{nights}: {between(written(min(amounts)), written(max(amounts)))}"
