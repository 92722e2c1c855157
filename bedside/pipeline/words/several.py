"""Several nights together, in the words of the sheet that is taken to a doctor."""

from collections.abc import Callable, Sequence
from statistics import fmean, median, stdev
from typing import NamedTuple

from bedside.pipeline.night import Night
from bedside.pipeline.samples import Span
from bedside.pipeline.words.clinical import NOT_TOLD
from bedside.pipeline.words.english import (
    counted,
    in_figures,
    in_words,
    listed,
    percent,
    rate,
)
from bedside.pipeline.words.meaning import jerks_throughout
from bedside.pipeline.words.opening import LEAST_COVERAGE
from bedside.pipeline.words.times import HOUR_S

HOURS_AFTER_ONSET = 9
LEAST_HOUR_S = 0.5 * HOUR_S

Written = Callable[[float], str]


def hours(seconds: float) -> str:
    """`7:12`, for a table whose unit is h."""
    minutes = int(seconds / 60.0 + 0.5)
    return f"{minutes // 60}:{minutes % 60:02d}"


class Spread(NamedTuple):
    """One figure over the nights, as printed."""

    label: str
    mean: str
    deviation: str
    middle: str
    low: str
    high: str
    nights: int


class AfterOnset(NamedTuple):
    """An hour after falling asleep: rates per hour of sleep, of all nights together."""

    hour: int
    asleep_h: float
    jerks: float
    limb_movements: float
    turns: float


class _Figure(NamedTuple):
    label: str
    written: Written
    of: Callable[[Night], float | None]


_FIGURES = (
    _Figure("Time in bed, h", hours, lambda night: night.tib_s),
    _Figure("Asleep (estimated), h", hours, lambda night: night.tst_s),
    _Figure("Falling asleep took, h", hours, lambda night: night.sol_s),
    _Figure("Awake in between, h", hours, lambda night: night.waso_s),
    _Figure("Awakenings", in_figures, lambda night: night.awakenings),
    _Figure("Sleep efficiency", percent, lambda night: night.se),
    _Figure("Jerks, per h of sleep", rate, lambda night: night.counts["jerk"].asleep_per_hour),
    _Figure("Jerks while falling asleep", rate, lambda night: night.counts["jerk"].hypnic),
    _Figure(
        "Limb movements, per h of sleep",
        rate,
        lambda night: night.counts["limb_movement"].asleep_per_hour,
    ),
    _Figure("Turns, per h of sleep", rate, lambda night: night.counts["turn"].asleep_per_hour),
    _Figure("Periodic index, per h", rate, lambda night: night.indices.periodic_index),
    _Figure("Breaths, per min", lambda value: f"{value:.1f}", lambda n: n.breathing.per_min),
)


def fit(nights: Sequence[Night]) -> list[Night]:
    """Pick the nights that may be held against each other: slept, over, and recorded well."""
    return [
        night
        for night in nights
        if night.slept and night.coverage >= LEAST_COVERAGE and not night.ongoing
    ]


def over_nights(nights: Sequence[Night]) -> list[str]:
    """Say several nights, all of them fit, in a few sentences."""
    if not nights:
        return ["None of these nights was slept and recorded well enough to be counted."]
    rates = [
        f"{name} {_spread([n.counts[kind].asleep_per_hour for n in nights])}"
        for kind, name in (("jerk", "jerks"), ("limb_movement", "limb movements"))
    ]
    index = [n.indices.periodic_index or 0.0 for n in nights]
    threshold = nights[0].indices.threshold_per_hour
    above = sum(value > threshold for value in index)
    hypnic = [n.counts["jerk"].hypnic for n in nights]
    through = sum(map(jerks_throughout, nights))
    total = counted(len(nights), "night")

    def of_all(number: int) -> str:
        return f"{in_words(number, none='none')} of {total}"

    return [
        f"Per hour of sleep, mean (range): {listed(rates)}.",
        f"Periodic index {_spread(index)}: above {threshold:g} in {of_all(above)}.",
        f"Jerks while falling asleep in {of_all(sum(n > 0 for n in hypnic))}, "
        f"{rate(fmean(hypnic))} a night (counted apart); jerks all through the sleep in "
        f"{of_all(through)}.",
    ]


def _spread(values: Sequence[float | None]) -> str:
    told = [value for value in values if value is not None]
    return f"{rate(fmean(told))} ({rate(min(told))} to {rate(max(told))})" if told else NOT_TOLD


def spreads(nights: Sequence[Night]) -> list[Spread]:
    """Give each figure over the nights; one that was never told is left out."""
    found = []
    for label, written, of in _FIGURES:
        values = [value for night in nights if (value := of(night)) is not None]
        if values:
            found.append(
                Spread(
                    label,
                    written(fmean(values)),
                    written(stdev(values)) if len(values) > 1 else NOT_TOLD,
                    written(median(values)),
                    written(min(values)),
                    written(max(values)),
                    len(values),
                )
            )
    return found


def after_onset(nights: Sequence[Night]) -> list[AfterOnset]:
    """Spread the movements in sleep over the hours since sleep onset, all nights together.

    An hour is left out when less than half an hour of it was slept in all.
    """
    found = []
    for number in range(HOURS_AFTER_ONSET):
        asleep_s, counts = 0.0, dict.fromkeys(("jerk", "limb_movement", "turn"), 0)
        for night in nights:
            if night.slept is None or night.onset_s is None:
                continue
            start_s = night.onset_s + number * HOUR_S
            hour = Span(start_s, start_s + HOUR_S)
            asleep_s += night.slept.seconds("asleep", hour)
            for each in night.movements:
                own = not each.movement.far and not each.hypnic and each.asleep
                if own and each.movement.kind in counts:
                    counts[each.movement.kind] += hour.start_s <= each.movement.start_s < hour.end_s
        if asleep_s >= LEAST_HOUR_S:
            slept_h = asleep_s / HOUR_S
            rates = (counts[kind] / slept_h for kind in ("jerk", "limb_movement", "turn"))
            found.append(AfterOnset(number + 1, slept_h, *rates))
    return found
