"""The whole night on one strip: a lane for each thing, gaps hatched, the seam of DST marked."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bedside.pipeline.report import Lane, Mark, Report
from bedside.pipeline.samples import Span
from bedside.pipeline.words.times import Times
from bedside.web import lanes
from bedside.web.charts import WIDTH, drawing, hatching, number, tag
from bedside.web.lanes import EDGE, HEIGHT, Scale, path

_TOP = 4.0
_LABEL = 12.0  # baseline of a lane's label, from the lane's top
_ROW = 18.0  # top of what is drawn, from the lane's top
_PITCH = 41.0
_AXIS = 20.0
_MOST_LABELS = 11


@dataclass(frozen=True, slots=True)
class _Row:
    """A lane as drawn: what it is called, its marks, and the function that draws them."""

    label: str
    lane: Lane
    kind: str
    draw: "Callable[[Scale, Sequence[Mark], float], list[str]]"
    always: bool = False
    indent: float = 0.0

    def marks(self, report: Report) -> list[Mark]:
        return [
            mark
            for mark in report.marks
            if mark.lane == self.lane and (not self.kind or mark.kind == self.kind)
        ]


def strip(report: Report) -> Markup:
    """Draw the night; `summary` says the same in words."""
    scale = Scale(report.start_s, report.end_s)
    somebody = any(mark.lane == "presence" for mark in report.marks)
    rows = [row for row in _ROWS if (row.always and somebody) or row.marks(report)]
    foot = _TOP + _PITCH * len(rows)
    parts: list[str] = [
        tag("defs", hatching("strip-gap", "ink-gap"), hatching("strip-series", "ink-limb", 5.0)),
        *_hours(report, scale, foot),
    ]
    for index, row in enumerate(rows):
        parts += row.draw(scale, row.marks(report), _TOP + index * _PITCH + _ROW)
    parts += _states(report, scale, _TOP + _ROW)
    parts += _gaps(report, scale, foot)
    parts += _seams(report, scale, foot)
    for index, row in enumerate(rows):  # last, so that words stand on everything else
        parts += _words(report, row, _TOP + index * _PITCH + _LABEL)
    seam = any(mark.lane == "seam" for mark in report.marks)
    height = foot + _AXIS + (16.0 if seam else 0.0)
    return drawing("strip", "The whole night", summary(report), height, parts, "chart")


def clock_of(report: Report) -> Times:
    """Give the clock on the wall in that night."""
    return Times(report.offsets, report.start_s)


def summary(report: Report) -> str:
    """Say in words what the strip shows."""
    drawn = clock_of(report).span(Span(report.start_s, report.end_s))
    said = [f"{drawn[:1].upper()}{drawn[1:]}"]
    lanes_of = Counter(mark.lane for mark in report.marks)
    # The last exit is the end of the night: only what lies between was a time out of bed.
    away = sum(mark.lane == "sleep" and mark.kind == "away" for mark in report.marks)
    counts = (
        (lanes_of["jerk"], "jerk", "jerks"),
        (lanes_of["limb_movement"], "limb movement", "limb movements"),
        (lanes_of["turn"], "turn", "turns"),
        (lanes_of["series"], "series", "series"),
        (away, "time out of bed", "times out of bed"),
        (lanes_of["disturbance"], "disturbance from outside", "disturbances from outside"),
        (lanes_of["gap"], "stretch without data (hatched)", "stretches without data (hatched)"),
    )
    found = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    said.append(", ".join(found) or "no movement")
    seams = [f"At {mark.text}" for mark in report.marks if mark.lane == "seam"]
    return ". ".join([": ".join(said), *(text.rstrip(".") for text in seams)]) + "."


def _words(report: Report, row: _Row, y: float) -> list[str]:
    """Give a lane's label, and at the right how many or how warm."""
    marks = row.marks(report)
    parts: list[str] = [tag("text", row.label, x=EDGE + row.indent, y=y)]
    said = str(len(marks))
    if row.lane == "temperature":
        degrees = sorted({round(mark.value) for mark in marks if mark.value is not None})
        said = f"{'–'.join(map(str, degrees[:1] + degrees[1:][-1:]))} °C"
    if row.lane not in ("presence", "light"):
        parts.append(tag("text", said, class_="sum", x=WIDTH - EDGE, y=y))
    if row.lane == "presence":
        parts += [
            tag("rect", class_="lying", x=EDGE + 0.6, y=y - 8.5, width=12.0, height=8.0),
            tag("rect", class_="asleep", x=84.0, y=y - 8.5, width=13.0, height=8.0),
            tag("text", "asleep", x=101.0, y=y),
        ]
    return parts


def _states(report: Report, scale: Scale, y: float) -> list[str]:
    """Fill the outline of presence with sleep; put a small arrow where the bed was left."""
    parts: list[str] = []
    for mark in report.marks:
        if mark.lane == "sleep" and mark.kind == "asleep":
            x, width = scale.box(mark)
            parts.append(tag("rect", class_="asleep", x=x, y=y, width=width, height=HEIGHT))
    exits = [mark for mark in report.marks if mark.lane == "bed_exit"]
    arrows = (f"M{number(scale.x(mark.start_s))} {number(y - 1)}l-3-4h6z" for mark in exits)
    return [*parts, *path("exit", "".join(arrows))]


def _hours(report: Report, scale: Scale, foot: float) -> list[str]:
    """Give an upright line for every hour, as many labelled as there is room for."""
    clock = clock_of(report)
    cut = clock.hours(Span(report.start_s, report.end_s))
    # The first piece, and one that begins at a seam, may begin within an hour.
    whole = [(label, span) for label, span in cut if clock.at(span.start_s).endswith(":00")]
    every = math.ceil(len(whole) / _MOST_LABELS)
    parts: list[str] = []
    for label, span in whole:
        x, hour = scale.x(span.start_s), label.split()[0]
        if int(hour) % every == 0:
            said = hour if clock.known else f"+{hour}"
            parts.append(tag("line", class_="grid", x1=x, x2=x, y1=_TOP, y2=foot))
            parts.append(tag("text", said, class_="tick", x=x, y=foot + 14.0))
    return parts


def _gaps(report: Report, scale: Scale, foot: float) -> list[str]:
    parts: list[str] = []
    for mark in report.marks:
        if mark.lane == "gap":
            x, width = scale.box(mark, 1.5)
            box = {"x": x, "y": _TOP, "width": width, "height": foot - _TOP}
            parts.append(tag("rect", class_="gap", **box))
            parts.append(tag("rect", fill="url(#strip-gap)", **box))
    return parts


def _seams(report: Report, scale: Scale, foot: float) -> list[str]:
    parts: list[str] = []
    for mark in report.marks:
        if mark.lane == "seam":
            x = scale.x(mark.start_s)
            hours = (mark.value or 0.0) / 3600
            parts.append(tag("line", class_="seam", x1=x, x2=x, y1=_TOP, y2=foot + _AXIS))
            said = f"clock {hours:+g} h"
            parts.append(tag("text", said, class_="tick", x=x, y=foot + _AXIS + 10.0))
    return parts


_ROWS = (
    _Row("In bed", "presence", "", lanes.presence, always=True, indent=17.0),
    _Row("Jerks", "jerk", "", lanes.ticks, always=True),
    _Row("Limb movements", "limb_movement", "", lanes.beads, always=True),
    _Row("Turns", "turn", "", lanes.wedges, always=True),
    _Row("Periodic series", "series", "periodic", lanes.bars),
    _Row("Rhythmic series", "series", "rhythmic", lanes.bars),
    _Row("Clusters of jerks", "series", "cluster", lanes.bars),
    _Row("Not the sleeper", "disturbance", "", lanes.crosses),
    _Row("Light", "light", "", lanes.levels),
    _Row("Room", "temperature", "", lanes.degrees),
)
