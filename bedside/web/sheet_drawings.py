"""What is drawn on the doctor's sheets: wide, flat, and legible in black on white."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bedside.pipeline.report import Lane, Mark, Report
from bedside.pipeline.samples import Span
from bedside.pipeline.words.several import AfterOnset
from bedside.web import lanes
from bedside.web.charts import hatching, number, tag
from bedside.web.lanes import HEIGHT, Scale, path
from bedside.web.strip import clock_of, summary

_WIDE = 720.0
_LEFT, _RIGHT = 106.0, _WIDE - 30.0
_PITCH, _TOP, _FOOT = 22.0, 2.0, 15.0
_ROW_WIDTH = 400.0
_BARS_WIDTH, _BARS_HEIGHT = 340.0, 104.0

_Draw = Callable[[Scale, Sequence[Mark], float], list[str]]
_Pair = tuple[str, tuple[tuple[float, str], ...]]

_LANES: tuple[tuple[str, Lane, str, _Draw], ...] = (
    ("In bed, asleep", "presence", "", lanes.presence),
    ("Jerks", "jerk", "", lanes.ticks),
    ("Limb movements", "limb_movement", "", lanes.beads),
    ("Turns", "turn", "", lanes.wedges),
    ("Periodic series", "series", "periodic", lanes.bars),
    ("Rhythmic series", "series", "rhythmic", lanes.bars),
    ("Clusters of jerks", "series", "cluster", lanes.bars),
    ("Not the sleeper", "disturbance", "", lanes.crosses),
    ("Night light", "light", "", lanes.levels),
)
_ALWAYS = ("presence", "jerk", "limb_movement", "turn")


def night_strip(report: Report) -> Markup:
    """Draw the whole night, a lane for each thing, its name on the left and its count right."""
    scale = Scale(report.start_s, report.end_s, _LEFT, _RIGHT)
    rows = [(row, found) for row in _LANES if (found := _found(report, row)) or row[1] in _ALWAYS]
    foot = _TOP + _PITCH * len(rows)
    parts: list[str] = [
        tag("defs", hatching("strip-gap", "ink-gap"), hatching("strip-series", "ink-limb"))
    ]
    parts += _hours(report, scale, foot)
    for index, ((label, lane, _kind, draw), found) in enumerate(rows):
        top = _TOP + _PITCH * index + 2.0
        parts += draw(scale, found, top)
        parts.append(tag("text", label, x=0.0, y=top + 12.5))
        if lane not in ("presence", "light"):
            parts.append(tag("text", str(len(found)), class_="sum", x=_WIDE - 2.0, y=top + 12.5))
    parts += _asleep_and_gaps(report, scale, foot)
    return _drawing("The whole night", summary(report), _WIDE, foot + _FOOT, parts, "sheet-strip")


def _found(report: Report, row: tuple[str, Lane, str, _Draw]) -> list[Mark]:
    _label, lane, kind, _draw = row
    return [mark for mark in report.marks if mark.lane == lane and kind in ("", mark.kind)]


def _hours(report: Report, scale: Scale, foot: float) -> list[Markup]:
    clock = clock_of(report)
    parts = []
    for label, span in clock.hours(Span(report.start_s, report.end_s)):
        if clock.at(span.start_s).endswith(":00"):
            x = scale.x(span.start_s)
            said = label.split()[0] if clock.known else f"+{label}"
            parts.append(tag("line", class_="grid", x1=x, x2=x, y1=_TOP, y2=foot))
            parts.append(tag("text", said, class_="tick", x=x, y=foot + 12.0))
    return parts


def _asleep_and_gaps(report: Report, scale: Scale, foot: float) -> list[Markup]:
    parts = []
    for mark in report.marks:
        if mark.lane == "sleep" and mark.kind == "asleep":
            x, width = scale.box(mark)
            box = {"x": x, "y": _TOP + 6.0, "width": width, "height": HEIGHT - 8.0}
            parts.append(tag("rect", class_="asleep", **box))
        if mark.lane == "gap":
            x, width = scale.box(mark, 1.5)
            box = {"x": x, "y": _TOP, "width": width, "height": foot - _TOP}
            parts.append(tag("rect", class_="gap", **box))
            parts.append(tag("rect", fill="url(#strip-gap)", **box))
    return parts


@dataclass(frozen=True, slots=True)
class Row:
    """One night of many, on the clock: hours since noon of its evening.

    bed, asleep, gaps     (from, to)
    jerks, limbs, hypnic  moments
    """

    bed: tuple[tuple[float, float], ...]
    asleep: tuple[tuple[float, float], ...]
    gaps: tuple[tuple[float, float], ...]
    jerks: tuple[float, ...]
    limbs: tuple[float, ...]
    hypnic: tuple[float, ...]


def axis(rows: Sequence[Row]) -> tuple[int, int]:
    """Find the hours since noon between which all nights lie."""
    ends = [hour for row in rows for span in row.bed for hour in span]
    first, last = min(ends, default=10.0), max(ends, default=20.0)
    return math.floor(first), max(math.ceil(last), math.floor(first) + 1)


def row_strip(row: Row, hours: tuple[int, int], height: float) -> Markup:
    """Draw one night on a line: jerks stand on it, limb movements hang below it."""
    scale = Scale(*hours, 0.0, _ROW_WIDTH)
    middle, thick, air = height * 0.5, height * 0.24, height * 0.06
    parts: list[Markup | str] = [*_ticks(hours, scale, height)]
    for kind, spans in (("lying", row.bed), ("asleep", row.asleep), ("missing", row.gaps)):
        parts += path(kind, "".join(_box(scale, span, middle, thick) for span in spans))
    above, below = middle - thick / 2, middle + thick / 2
    parts += path("jerk", _strokes(scale, row.jerks, above, air - above))
    parts += path("limb", _strokes(scale, row.limbs, below, height - air - below))
    for at in row.hypnic:
        parts.append(tag("circle", class_="ring", cx=scale.x(at), cy=above / 2, r=above / 2 - 0.4))
    return _plain("row-strip", _ROW_WIDTH, height, parts)


def row_hours(hours: tuple[int, int]) -> Markup:
    """Label the hours above all the rows."""
    scale = Scale(*hours, 0.0, _ROW_WIDTH)
    every = math.ceil((hours[1] - hours[0]) / 14)
    labels = [
        tag("text", str((hour + 12) % 24), class_="tick", x=scale.x(hour), y=10.0)
        for hour in range(hours[0] + 1, hours[1], every)
    ]
    return _plain("row-strip", _ROW_WIDTH, 13.0, labels)


def _ticks(hours: tuple[int, int], scale: Scale, height: float) -> list[Markup]:
    d = "".join(
        f"M{number(scale.x(hour))} 0v{number(height)}" for hour in range(hours[0] + 1, hours[1])
    )
    return [tag("path", class_="grid", d=d)]


def _box(scale: Scale, span: tuple[float, float], middle: float, thick: float) -> str:
    x, width = scale.x(span[0]), max(scale.x(span[1]) - scale.x(span[0]), 0.5)
    return (
        f"M{number(x)} {number(middle - thick / 2)}h{number(width)}v{number(thick)}"
        f"h{number(-width)}z"
    )


def _strokes(scale: Scale, moments: Sequence[float], start: float, length: float) -> str:
    return "".join(f"M{number(scale.x(at))} {number(start)}v{number(length)}" for at in moments)


def after_onset_bars(hours: Sequence[AfterOnset]) -> Markup:
    """Draw the rates of jerks (solid) and limb movements (hatched) in each hour after onset."""
    most = max((max(hour.jerks, hour.limb_movements) for hour in hours), default=0.0)
    pairs = [
        (str(hour.hour), ((hour.jerks, "solid"), (hour.limb_movements, "hatched")))
        for hour in hours
    ]
    desc = "; ".join(
        f"hour {hour.hour}: jerks {hour.jerks:.1f}, limb movements {hour.limb_movements:.1f}"
        for hour in hours
    )
    parts = _bars(pairs, max(most, 1.0), lambda value: f"{value:.1f}")
    return _drawing(
        "Movements an hour of sleep, by hour after falling asleep",
        desc, _BARS_WIDTH, _BARS_HEIGHT, parts, "sheet-bars",
    )  # fmt: skip


def intervals(histogram: Sequence[tuple[float, int]]) -> Markup:
    """Draw how long after the last one a limb movement came, in 10 s steps to 90 s."""
    steps: dict[int, int] = dict.fromkeys(range(0, 90, 10), 0)
    for from_s, count in histogram:
        if from_s < 90.0:
            steps[int(from_s // 10) * 10] += count
    pairs: list[_Pair] = [(f"{at}–{at + 10}", ((n, "limbs"),)) for at, n in steps.items()]
    desc = "; ".join(f"{label}: {values[0][0]}" for label, values in pairs)
    parts = _bars(pairs, max(max(steps.values()), 4), str)
    title = "Intervals between limb movements in sleep, s"
    return _drawing(title, desc, _BARS_WIDTH, _BARS_HEIGHT, parts, "sheet-bars")


def _bars(pairs: Sequence[_Pair], most: float, written: Callable[[float], str]) -> list[Markup]:
    """Draw a group of bars for each label, the value above each."""
    foot, head = _BARS_HEIGHT - 15.0, 12.0
    pitch = _BARS_WIDTH / max(len(pairs), 6)
    parts = [
        tag("defs", hatching("bars-hatched", "ink-limb", 4.0)),
        tag("line", class_="rule", x1=0.0, x2=_BARS_WIDTH, y1=foot, y2=foot),
    ]
    for index, (label, values) in enumerate(pairs):
        width = pitch * 0.84 / len(values)
        left = pitch * (index + 0.08)
        for place, (value, style) in enumerate(values):
            x, height = left + place * width, (foot - head) * value / most
            fill = {"fill": "url(#bars-hatched)"} if style == "hatched" else {}
            box = {"x": x, "y": foot - height, "width": width - 1.0, "height": height}
            if value:
                parts.append(tag("rect", class_=style, **fill, **box))
            where = {"x": x + width / 2, "y": foot - height - 3.0}
            parts.append(tag("text", written(value), class_="count", **where))
        parts.append(tag("text", label, class_="tick", x=pitch * (index + 0.5), y=foot + 12.0))
    return parts


def _drawing(
    title: str, desc: str, width: float, height: float, parts: Sequence[str], class_: str
) -> Markup:
    """Make a drawing that a screen reader reads as one picture."""
    return tag(
        "svg", *parts, viewBox=f"0 0 {number(width)} {number(height)}", role="img",
        aria_label=f"{title}. {desc}", class_=class_,
    )  # fmt: skip


def _plain(class_: str, width: float, height: float, parts: Sequence[str]) -> Markup:
    """Make a drawing whose figures stand beside it in the table."""
    box = f"0 0 {number(width)} {number(height)}"
    return tag("svg", *parts, viewBox=box, aria_hidden="true", class_=class_)
