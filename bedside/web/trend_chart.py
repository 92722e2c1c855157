"""The drawings of the trend: a dot for each night, and an hour-by-night field."""

import math
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from markupsafe import Markup

from bedside.nights.trend import Around, Cell, Trend
from bedside.web.charts import WIDTH, drawing, number, tag
from bedside.web.lanes import path

_LEFT, _RIGHT = 28.0, 6.0
_TOP, _FOOT = 10.0, 150.0
_ROW = 14.0
_TOPS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_SHADES = 4
_MOST_TICKS = 5
_NOON = 12
_MANY_DOTS = 120


class Axis:
    """Evenings to places from left to right; each has a column of its own."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self.pitch = (WIDTH - _LEFT - _RIGHT) / ((last - first).days + 1)

    def x(self, evening: date) -> float:
        """Find the middle of an evening's column."""
        return _LEFT + ((evening - self.first).days + 0.5) * self.pitch

    def ticks(self, foot: float) -> list[str]:
        """Write a few dates below."""
        days = (self.last - self.first).days
        every = max(7, math.ceil(days / _MOST_TICKS / 7) * 7)
        parts: list[str] = []
        for at in range(days % every // 2, days + 1, every):
            evening = self.first + timedelta(at)
            x = min(max(self.x(evening), _LEFT + 16.0), WIDTH - 22.0)
            said = f"{evening.day} {evening:%b}" if days < 400 else f"{evening:%b %y}"
            parts.append(tag("text", said, class_="tick", x=x, y=foot + 15.0))
        return parts


def trend_chart(trend: Trend) -> Markup:
    """Draw the nights, the middle of each week up to them, and its range."""
    axis = Axis(trend.first, trend.last)
    top = _rounded(max([1.0, *(point.value for point in trend.points)]))
    unit = (_FOOT - _TOP) / top

    def y(value: float) -> float:
        return _FOOT - value * unit

    parts: list[str] = []
    for value in (0.0, top / 2, top):
        parts.append(
            tag("line", class_="grid", x1=_LEFT, x2=WIDTH - _RIGHT, y1=y(value), y2=y(value))
        )
        parts.append(tag("text", f"{value:g}", class_="sum", x=_LEFT - 5.0, y=y(value) + 4.0))
    for run in _runs(trend):
        upper = [f"{number(axis.x(each.evening))} {number(y(each.high))}" for each in run]
        lower = [f"{number(axis.x(each.evening))} {number(y(each.low))}" for each in reversed(run)]
        parts.append(tag("path", class_="range", d=f"M{'L'.join([*upper, *lower])}z"))
    dots = (f"M{number(axis.x(at))} {number(y(value))}h0" for at, value in trend.points)
    many = len(trend.points) > _MANY_DOTS
    parts += path("dots fine" if many else "dots", "".join(dots))
    for run in _runs(trend):
        line = (f"{number(axis.x(each.evening))} {number(y(each.middle))}" for each in run)
        parts.append(tag("path", class_="middle", d=f"M{'L'.join(line)}"))
    parts += axis.ticks(_FOOT)
    label = trend.measure.label
    said = " ".join(trend.sentences)
    return drawing("trend", f"{label}, night by night", said, _FOOT + 22.0, parts, "chart")


def hour_field(cells: Sequence[Cell], kind: str, days: int, trend: Trend, said: str) -> Markup:
    """Draw a row for each hour of the clock; the larger and darker a square, the more."""
    axis = Axis(trend.first, trend.last)
    hours = hours_of(cells)
    most = scale(cells)
    width = axis.pitch * days
    foot = 4.0 + _ROW * len(hours)
    shades: dict[int, list[str]] = {}
    heard: list[str] = []
    side = min(width, _ROW) - 1.0
    for cell in cells:
        x = _LEFT + (cell.first - trend.first).days * axis.pitch
        x += min(width, WIDTH - _RIGHT - x) / 2
        y = 4.0 + _ROW * (hours.index(cell.hour) + 0.5)
        share = min(cell.rate / most, 1.0)
        if share > 0.0:
            # the area tells, as the eye takes it; what is there at all can be seen
            half = max(side * math.sqrt(share), 1.6) / 2
            box = f"M{number(x - half)} {number(y - half)}h{number(2 * half)}v{number(2 * half)}"
            shades.setdefault(math.ceil(share * _SHADES), []).append(f"{box}h{number(-2 * half)}z")
        else:
            heard.append(f"M{number(x)} {number(y)}h0")
    parts = path("heard", "".join(heard))
    for shade, boxes in sorted(shades.items()):
        parts += path(f"{kind or 'every'} f{shade}", "".join(boxes))
    for row, hour in enumerate(hours):
        if row % 2 == 0:
            y = 4.0 + _ROW * (row + 0.5) + 4.0
            parts.append(tag("text", f"{hour}", class_="sum", x=_LEFT - 5.0, y=y))
    parts += axis.ticks(foot)
    title = "How the movements are spread over the hours of the night"
    return drawing("field", title, said, foot + 22.0, parts, "chart field")


def hours_of(cells: Iterable[Cell]) -> list[int]:
    """List the hours that occur, from the evening to the morning, without a hole."""
    found = {(cell.hour - _NOON) % 24 for cell in cells}
    return [(at + _NOON) % 24 for at in range(min(found), max(found) + 1)] if found else []


def scale(cells: Sequence[Cell]) -> float:
    """Give the rate of a full cell: few cells go beyond it, so that one night cannot dim all."""
    rates = sorted(cell.rate for cell in cells)
    return _rounded(max(rates[int(0.97 * (len(rates) - 1))], 2.0)) if rates else 2.0


def _rounded(value: float) -> float:
    """Round up to a number that makes an even axis."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(top * power for top in _TOPS if top * power >= value - 1e-9)


def _runs(trend: Trend) -> list[list[Around]]:
    """Cut the middles where a week and more is missing."""
    runs: list[list[Around]] = []
    for each in trend.around:
        if runs and (each.evening - runs[-1][-1].evening).days <= 7:
            runs[-1].append(each)
        else:
            runs.append([each])
    return [run for run in runs if len(run) > 1]
