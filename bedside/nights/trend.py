"""How one figure went over the weeks: what is drawn of it, and what may be said."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from statistics import median
from typing import NamedTuple

from bedside.nights import chance
from bedside.nights.measures import Measure
from bedside.nights.summary import KINDS, Summary
from bedside.pipeline.words.english import counted

LEAST_NIGHTS = 10
"""Below this a trend is not looked for."""
UNLIKELY = 0.01
"""A trend that chance makes at most this often is told; charts are looked at often."""
WEEK, FOUR_WEEKS = 7, 28
LONG_DAYS = 183
"""Over more than half a year the middle of four weeks is drawn, not of one."""
HOUR_LEAST_S = 600.0
LEAST_DRAWN = 28
MANY_NIGHTS = 366


class Point(NamedTuple):
    """One night's figure."""

    evening: date
    value: float


class Around(NamedTuple):
    """The middle of some evenings up to this one, and their range."""

    evening: date
    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Trend:
    """One figure over some weeks.

    first, last  evenings that are drawn
    points       the nights that were slept and recorded well enough, in order
    around       for every evening with enough points in the `reach` days up to it
    left_out     nights on record that were not good enough
    sentences    what may be said
    """

    measure: Measure
    first: date
    last: date
    points: tuple[Point, ...]
    around: tuple[Around, ...]
    reach: int
    left_out: int
    sentences: tuple[str, ...]


class Cell(NamedTuple):
    """One hour of the wall clock in one night or several: how many an hour."""

    first: date
    hour: int
    rate: float


def trend(nights: Sequence[Summary], measure: Measure, last: date, weeks: int) -> Trend:
    """Look at the `weeks` that end with `last`."""
    first = last - timedelta(weeks=weeks, days=-1)
    within = [night for night in nights if first <= night.evening <= last]
    if within:  # what lies before the first night need not be drawn
        first = max(first, min(within[0].evening, last - timedelta(LEAST_DRAWN - 1)))
    points = [
        Point(night.evening, value)
        for night in within
        if night.fit and (value := measure.of(night)) is not None
    ]
    said = _say(points, measure, weeks)
    left_out = len(within) - len(points)
    reach = WEEK if (last - first).days <= LONG_DAYS else FOUR_WEEKS
    around = tuple(_around(points, reach))
    return Trend(measure, first, last, tuple(points), around, reach, left_out, tuple(said))


def by_hour(nights: Sequence[Summary], kind: str, first: date, last: date, days: int) -> list[Cell]:
    """Give the rate in sleep of each hour of the clock, for every so many days from `first` on.

    Parameters
    ----------
    kind : of movement; empty for all three.
    """
    counts: dict[tuple[int, int], int] = {}
    asleep_s: dict[tuple[int, int], float] = {}
    kinds = (kind,) if kind else KINDS
    for night in nights:
        if not first <= night.evening <= last:
            continue
        column = (night.evening - first).days // days
        for hour in night.hours:
            at = column, hour.hour
            counts[at] = counts.get(at, 0) + sum(getattr(hour, each) for each in kinds)
            asleep_s[at] = asleep_s.get(at, 0.0) + hour.asleep_s
    return [
        Cell(first + timedelta(column * days), hour, counts[column, hour] / slept_s * 3600.0)
        for (column, hour), slept_s in sorted(asleep_s.items())
        if slept_s >= HOUR_LEAST_S
    ]


def _around(points: Sequence[Point], reach: int) -> list[Around]:
    evenings = [point.evening for point in points]
    found = []
    for at, (evening, _value) in enumerate(points):
        since = bisect_left(evenings, evening - timedelta(reach - 1))
        values = [point.value for point in points[since : at + 1]]
        if len(values) > reach // 3:
            found.append(Around(evening, median(values), min(values), max(values)))
    return found


def _say(points: Sequence[Point], measure: Measure, weeks: int) -> list[str]:
    span = "week" if weeks == 1 else f"{weeks} weeks"
    if not points:
        return [f"In the last {span} no night was slept and recorded well enough to be shown."]
    values = [point.value for point in points]
    low, high, middle = (measure.written(v) for v in (min(values), max(values), median(values)))
    reach = low if low == high else f"{low} to {high}"
    some = counted(len(points), "night")
    said = f"In the last {span}: {reach} {measure.noun}{measure.per} in {some}"
    if len(points) > 2:
        said += f", {middle} in the middle"
    return [f"{said}.", _direction(points, measure)]


def _thinned(points: Sequence[Point]) -> Sequence[Point]:
    """Give the middle of each week where there are many nights: all pairs are looked at."""
    if len(points) <= MANY_NIGHTS:
        return points
    first = points[0].evening
    weeks = groupby(points, key=lambda point: (point.evening - first).days // WEEK)
    return [
        Point(first + timedelta(week * WEEK), median(point.value for point in group))
        for week, group in weeks
    ]


def _direction(points: Sequence[Point], measure: Measure) -> str:
    """Tell a trend that is hardly chance, and say so where there is none."""
    if len(points) < LEAST_NIGHTS:
        return (
            f"That is too few to speak of a trend: {LEAST_NIGHTS} nights are needed at least, and "
            "one night alone says nothing."
        )
    points = _thinned(points)
    days = [float((point.evening - points[0].evening).days) for point in points]
    values = [point.value for point in points]
    if chance.trend_p(days, values) >= UNLIKELY:
        return "There is no trend that could not be chance."
    a_day = chance.slope(days, values)
    by = abs(a_day) * days[-1]
    way = measure.down if a_day < 0 else measure.up
    if by < measure.small:
        return f"They became a little {way}, steadily, but by less than one would notice."
    return (
        f"They became {way}, by about {measure.written(by)} an hour over this time; chance alone "
        "makes so steady a change in less than one of a hundred such charts. What caused it, "
        "nobody can tell from here."
    )
