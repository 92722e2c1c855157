"""The room's temperature and the sleeper's breath over the night, in a few numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

import attrs

from bedside.pipeline.bedtime import overlap_s
from bedside.pipeline.listener import Minute
from bedside.pipeline.recorded import Temperature
from bedside.pipeline.samples import Span
from bedside.settings import setting

HELD_S = 15.0 * 60.0
"""A reading stands for the time until the next one, but no longer than this."""


@attrs.frozen
class ComfortSettings:
    """Which room temperature the report calls comfortable; it lies between low_c and high_c."""

    low_c: float = setting(18.0, "Below it the room was cool.", unit="°C", low=5.0, high=35.0)
    high_c: float = setting(21.0, "Above it the room was warm.", unit="°C", low=5.0, high=35.0)

    def __attrs_post_init__(self) -> None:
        """Refuse a band upside down."""
        if self.low_c > self.high_c:
            raise ValueError(f"low_c ({self.low_c:g}) is above high_c ({self.high_c:g})")


@dataclass(frozen=True, slots=True)
class Comfort:
    """The room while somebody lay in bed; the band is what the settings call comfortable."""

    low_c: float
    high_c: float
    least_c: float
    mean_c: float
    most_c: float
    below_s: float
    inside_s: float
    above_s: float
    mean_humidity: float | None = None


@dataclass(frozen=True, slots=True)
class Breathing:
    """Median rate while asleep, per minute, and the share of those minutes that told one."""

    per_min: float | None
    share: float


def band(c: float, settings: ComfortSettings) -> str:
    """Say where a temperature lies: `below`, `inside` or `above`."""
    if c < settings.low_c:
        return "below"
    return "above" if c > settings.high_c else "inside"


def held(temperatures: Sequence[Temperature]) -> list[Span]:
    """For how long each reading stands."""
    ends_s = [t.t_s for t in temperatures[1:]] + [float("inf")]
    return [
        Span(reading.t_s, min(end_s, reading.t_s + HELD_S))
        for reading, end_s in zip(temperatures, ends_s, strict=False)
    ]


def comfort(
    temperatures: Sequence[Temperature], in_bed: Sequence[Span], settings: ComfortSettings
) -> Comfort | None:
    """Sum up the room while somebody lay in bed; None without a reading then."""
    share_s = [overlap_s(in_bed, span) for span in held(temperatures)]
    told = [(t, s) for t, s in zip(temperatures, share_s, strict=True) if s > 0]
    if not told:
        return None
    bands = {"below": 0.0, "inside": 0.0, "above": 0.0}
    for reading, seconds in told:
        bands[band(reading.c, settings)] += seconds
    degrees = [reading.c for reading, _ in told]
    humidity = [reading.humidity for reading, _ in told if reading.humidity is not None]
    total_s = sum(seconds for _, seconds in told)
    return Comfort(
        low_c=settings.low_c,
        high_c=settings.high_c,
        least_c=min(degrees),
        mean_c=sum(reading.c * seconds for reading, seconds in told) / total_s,
        most_c=max(degrees),
        below_s=bands["below"],
        inside_s=bands["inside"],
        above_s=bands["above"],
        mean_humidity=fmean(humidity) if humidity else None,
    )


def breathing(minutes: Sequence[Minute], asleep: Sequence[Span]) -> Breathing:
    """Sum up the breath in the minutes slept through."""
    slept = [m for m in minutes if overlap_s(asleep, Span(m.start_s, m.start_s + 60.0)) > 59.0]
    rates = [m.breaths_per_min for m in slept if m.breaths_per_min is not None]
    return Breathing(median(rates) if rates else None, len(rates) / len(slept) if slept else 0.0)
