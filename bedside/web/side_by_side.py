"""Several nights one below the other, all on the same clock."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from bedside.pipeline.night import Night
from bedside.pipeline.report import Lane, Mark
from bedside.web import lanes
from bedside.web.charts import WIDTH, drawing, hatching, tag
from bedside.web.lanes import EDGE, HEIGHT, Scale

_LABEL, _BED, _MOVES = 12.0, 17.0, 36.0
_PITCH = 66.0
_AXIS = 20.0
_HOUR_S = 3600.0
_MOST_LABELS = 9
_EVENING_H, _MORNING_H = 10, 20
"""Hours after noon that are drawn at least: 22 to 8."""


@dataclass(frozen=True, slots=True)
class Row:
    """One night to draw, and the UTC offsets in force in it."""

    evening: date
    label: str
    night: Night
    offsets: tuple[tuple[float, float], ...]

    def since_noon(self, t_s: float) -> float:
        """Seconds from noon as a clock on the wall counts them, seams and all."""
        start_s, first_s = self.offsets[0]
        offset_s = [offset for from_s, offset in self.offsets if from_s <= t_s][-1:] or [first_s]
        return t_s + offset_s[0] - (start_s + first_s)

    def mark(self, lane: Lane, start_s: float, end_s: float, value: float | None = None) -> Mark:
        """Put something on the clock."""
        return Mark(lane, self.since_noon(start_s), self.since_noon(end_s), "", "", value)

    @property
    def seam(self) -> bool:
        """Whether the clocks changed in it."""
        return len(self.offsets) > 1


def side_by_side(rows: Sequence[Row], said: str) -> Markup:
    """Draw each night: time in bed, sleep, movements; `said` tells it in words."""
    first_h, last_h = _hours(rows)
    scale = Scale(first_h * _HOUR_S, last_h * _HOUR_S)
    foot = _PITCH * len(rows)
    parts: list[str] = [
        tag("defs", hatching("compare-gap", "ink-gap"), hatching("strip-series", "ink-limb", 5.0))
    ]
    parts += _grid(scale, first_h, last_h, foot)
    for at, row in enumerate(rows):
        parts += _night(row, scale, at * _PITCH)
    for at, row in enumerate(rows):  # last, so that words stand on everything else
        parts.append(tag("text", row.label, x=EDGE, y=at * _PITCH + _LABEL))
    return drawing("compare", "Nights side by side", said, foot + _AXIS, parts, "chart")


def _hours(rows: Sequence[Row]) -> tuple[int, int]:
    """Find the full hours after noon between which somebody lay in bed."""
    bounds = [(row, row.night.bounds) for row in rows]
    starts = [row.since_noon(span.start_s) for row, span in bounds if span]
    ends = [row.since_noon(span.end_s) for row, span in bounds if span]
    first = min([_EVENING_H, *(math.floor(s / _HOUR_S) for s in starts)])
    return first, max([_MORNING_H, *(math.ceil(s / _HOUR_S) for s in ends)])


def _grid(scale: Scale, first_h: int, last_h: int, foot: float) -> list[str]:
    every = math.ceil((last_h - first_h) / _MOST_LABELS)
    parts: list[str] = []
    for hour in range(first_h, last_h + 1):
        if hour % every == 0:
            x = scale.x(hour * _HOUR_S)
            at = min(max(x, EDGE + 6.0), WIDTH - EDGE - 6.0)
            parts.append(tag("line", class_="grid", x1=x, x2=x, y1=4.0, y2=foot))
            parts.append(tag("text", str((hour + 12) % 24), class_="tick", x=at, y=foot + 14.0))
    return parts


def _night(row: Row, scale: Scale, top: float) -> list[str]:
    night = row.night
    parts = lanes.presence(
        scale, [row.mark("presence", *span) for span in night.in_bed], top + _BED
    )
    for span in night.slept.spans("asleep") if night.slept else ():
        x, width = scale.box(row.mark("sleep", *span), 0.6)
        box = {"x": x, "y": top + _BED, "width": width, "height": HEIGHT}
        parts.append(tag("rect", class_="asleep", **box))
    moves = top + _MOVES
    series = [row.mark("series", s.start_s, s.end_s) for s in night.series if s.kind == "periodic"]
    parts += lanes.bars(scale, series, moves)
    parts += lanes.beads(scale, _moves(row, "limb_movement"), moves)
    parts += lanes.wedges(scale, _moves(row, "turn"), moves)
    parts += lanes.ticks(scale, _moves(row, "jerk"), moves)
    if night.bounds:
        for gap in night.gaps:
            if gap.end_s > night.bounds.start_s and gap.start_s < night.bounds.end_s:
                parts += _gap(row.mark("gap", *gap), scale, top)
    return parts


def _moves(row: Row, kind: Lane) -> list[Mark]:
    """Give the sleeper's own movements of a kind while in bed."""
    bounds = row.night.bounds
    if bounds is None:
        return []
    own = (each.movement for each in row.night.movements)
    return [
        row.mark(kind, move.start_s, move.end_s, move.peak_mg)
        for move in own
        if move.kind == kind and not move.far and bounds.start_s <= move.start_s <= bounds.end_s
    ]


def _gap(mark: Mark, scale: Scale, top: float) -> list[str]:
    x, width = scale.box(mark, 1.5)
    box = {"x": x, "y": top + _BED - 1.0, "width": width, "height": _MOVES - _BED + HEIGHT + 1.0}
    return [
        tag("rect", class_="gap", **box),
        tag("rect", fill="url(#compare-gap)", **box),
    ]
