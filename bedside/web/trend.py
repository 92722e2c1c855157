"""The trend: one figure over the weeks, and over the hours of the night."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from flask import Blueprint, render_template

from bedside.nights.measures import RATES
from bedside.nights.summary import KINDS
from bedside.nights.trend import Cell, by_hour, trend
from bedside.pipeline.words.english import listed, rate
from bedside.web import asked
from bedside.web.house import House
from bedside.web.trend_chart import hour_field, hours_of, scale, trend_chart

WEEKS = (4, 12, 26, 52)
_MOST_WEEKS = 520
_NIGHTLY_WEEKS, _WEEKLY_WEEKS = 5, 60


class HourRow(NamedTuple):
    """One hour of the clock over the whole time: the table behind the field."""

    hour: int
    rates: tuple[str, ...]
    mean: float


def trends(house: House) -> Blueprint:
    """Make the page, to be registered with the app."""
    blueprint = Blueprint("trend", __name__)

    @blueprint.get("/nights/trend")
    def page() -> str:
        said = f"Name the weeks by a number from 1 to {_MOST_WEEKS}, as in 12."
        weeks = asked.one("weeks", 12, asked.whole(1, _MOST_WEEKS), said)
        kinds = f"Name one of these: {', '.join(RATES)}."
        measure = asked.one("kind", RATES["all"], RATES.get, kinds)
        nights = house.summaries.all()
        last = max((night.evening for night in nights), default=house.nights.current())
        found = trend(nights, measure, last, weeks)
        cells: list[Cell] = []
        kind = "" if measure.key == "all" else measure.key
        days = _days((found.last - found.first).days // 7)
        if kind in (*KINDS, ""):
            fit = [night for night in nights if night.fit]
            cells = by_hour(fit, kind, found.first, found.last, days)
        words = _when(cells, measure.noun)
        return render_template(
            "trend.html",
            here="trend",
            trend=found,
            weeks=weeks,
            choices=_choices(weeks),
            measures=RATES.values(),
            chart=trend_chart(found) if found.points else "",
            field=hour_field(cells, kind, days, found, words) if cells else "",
            field_words=words,
            full=scale(cells),
            columns=_columns(cells),
            rows=_rows(cells),
            days=days,
            missing=house.summaries.missing(),
        )

    return blueprint


def _choices(weeks: int) -> list[int]:
    return sorted({*WEEKS, weeks})


def _days(weeks: int) -> int:
    """Give the nights in a column of the field: it stays wide enough to be seen."""
    if weeks <= _NIGHTLY_WEEKS:
        return 1
    return 7 if weeks <= _WEEKLY_WEEKS else 28


def _means(cells: Sequence[Cell]) -> dict[int, float]:
    by_clock = sorted(cells, key=lambda cell: cell.hour)
    groups = groupby(by_clock, key=lambda cell: cell.hour)
    rates = {hour: [cell.rate for cell in group] for hour, group in groups}
    return {hour: sum(each) / len(each) for hour, each in rates.items()}


def _when(cells: Sequence[Cell], noun: str) -> str:
    """Say in which hours most came, if some stand out."""
    means = _means(cells)
    if not means or max(means.values()) == 0.0:
        return f"No {noun} in any hour of the clock." if means else ""
    every = sum(means.values()) / len(means)
    busy = sorted((hour for hour in means if means[hour] >= 1.5 * every), key=_from_noon)
    if not busy or len(means) < 3:
        return f"No hour of the clock stands out: about {rate(every)} {noun} in each."
    said = listed([f"{hour}–{(hour + 1) % 24} h" for hour in busy])
    top = max(means[hour] for hour in busy)
    return (
        f"Most {noun} came at {said}: up to {rate(top)} an hour on average, "
        f"against {rate(every)} over all hours."
    )


def _columns(cells: Sequence[Cell]) -> list[date]:
    return sorted({cell.first for cell in cells})


def _rows(cells: Sequence[Cell]) -> list[HourRow]:
    columns, means = _columns(cells), _means(cells)
    at = {(cell.first, cell.hour): rate(cell.rate) for cell in cells}
    return [
        HourRow(hour, tuple(at.get((first, hour), "–") for first in columns), means[hour])
        for hour in hours_of(cells)
        if hour in means
    ]


def _from_noon(hour: int) -> int:
    return (hour - 12) % 24
