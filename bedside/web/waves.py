"""The drawing of one movement: how strong it was, what the detector looked at, and what it felt.

Three panels above each other on one axis of time. Nothing is told by colour alone: the movement
is framed and named, the trigger line is dashed and named, gaps are hatched.
"""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from bedside.nights.waveform import Waveform
from bedside.pipeline.samples import Span
from bedside.pipeline.words.why import strength
from bedside.web.charts import WIDTH, drawing, hatching, number, tag

Array = NDArray[np.float64]

_EDGE = 4.0
_COLUMNS = 260
"""Of a curve: from so many on, what falls into one is drawn as a stroke from lowest to highest."""
_HEAD = 18.0
_LEVELS_TOP, _LEVELS_FOOT = 26.0, 126.0
_LANE = 34.0
_BODY_TOP = _LEVELS_FOOT + 12.0 + _HEAD
_RAW_TOP = _BODY_TOP + 3 * _LANE + 12.0 + _HEAD
_FOOT = _RAW_TOP + 3 * _LANE
_HEIGHT = _FOOT + 34.0
_LEAST_MG = 2.0
"""Of a panel's scale: a still bed should look still."""
_STEPS_S = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
_MOST_TICKS = 8
_CLOCK_PITCH = 78.0


class Frame:
    """Seconds to places on the drawing; 0 is the onset."""

    def __init__(self, shown: Span, onset_s: float) -> None:
        self.shown, self.onset_s = shown, onset_s
        self._per_s = (WIDTH - 2 * _EDGE) / shown.length_s

    def x(self, t_s: float) -> float:
        """Find the place of a moment; what lies outside is put on the edge."""
        inside_s = min(max(t_s, self.shown.start_s), self.shown.end_s)
        return _EDGE + (inside_s - self.shown.start_s) * self._per_s

    def xs(self, t: Array) -> Array:
        """Find the places (n,) of moments within."""
        return _EDGE + (t - self.shown.start_s) * self._per_s


def wave(
    waveform: Waveform,
    movement: Span,
    others: Sequence[Span],
    clock: Callable[[float], str],
    desc: str,
) -> Markup:
    """Draw a movement.

    Parameters
    ----------
    others : the movements beside it.
    clock : the time of day to the second.
    desc : the same in words.
    """
    frame = Frame(waveform.shown, movement.start_s)
    parts: list[str] = [tag("defs", hatching("wave-gap", "ink-gap", 6.0))]
    parts += [_box("beside", frame, other, _LEVELS_TOP) for other in others]
    parts.append(_box("event", frame, movement, _LEVELS_TOP - 4.0))
    parts += _levels(waveform, frame)
    low_hz, high_hz = waveform.band_hz
    parts += _lanes(
        f"Only what a body does, {low_hz:g} to {high_hz:g} Hz",
        [(each.t, each.body_mg) for each in waveform.stretches],
        frame,
        _BODY_TOP,
        "body",
    )
    parts += _lanes(
        "All that the sensor felt",
        [(each.t, each.raw_mg) for each in waveform.stretches],
        frame,
        _RAW_TOP,
        "raw",
    )
    parts += [
        tag("rect", fill="url(#wave-gap)", x=x, y=_LEVELS_TOP, width=width, height=_FOOT - 26.0)
        for x, width in (_reach(frame, gap) for gap in waveform.gaps)
    ]
    parts += _axis(frame, clock)
    return drawing("wave", "The movement as the sensor felt it", desc, _HEIGHT, parts, "chart wave")


def _reach(frame: Frame, span: Span) -> tuple[float, float]:
    left, right = frame.x(span.start_s), frame.x(span.end_s)
    return left, max(right - left, 1.5)


def _box(class_: str, frame: Frame, span: Span, top: float) -> Markup:
    x, width = _reach(frame, span)
    return tag("rect", class_=class_, x=x, y=top, width=width, height=_FOOT - top)


def _levels(waveform: Waveform, frame: Frame) -> list[str]:
    """Draw the envelope; each line across is ten times as strong as the one below it."""
    curves = [(each.t, each.envelope_mg) for each in waveform.stretches]
    most_mg = max([1.0, *(float(mg.max()) for _, mg in curves), waveform.trigger_mg or 0.0])
    least = math.floor(math.log10(max(min(float(np.median(mg)) for _, mg in curves), 0.01)))
    most = max(math.log10(most_mg) + 0.08, least + 1.0)
    unit = (_LEVELS_FOOT - _LEVELS_TOP) / (most - least)

    def height(mg: Array) -> Array:
        lifted: Array = np.maximum(np.log10(np.maximum(mg, 1e-6)), least) - least
        return _LEVELS_FOOT - unit * lifted

    parts: list[str] = [tag("text", "How strong it was", class_="panel", x=_EDGE, y=_HEAD - 5.0)]
    for power in range(least, math.floor(most) + 1):
        y = _LEVELS_FOOT - unit * (power - least)
        parts.append(tag("line", class_="grid", x1=_EDGE, x2=WIDTH - _EDGE, y1=y, y2=y))
        parts.append(tag("text", f"{10.0**power:g} mg", class_="scale", x=WIDTH - _EDGE, y=y - 3.0))
    parts += [tag("path", class_="level", d=_curve(frame.xs(t), height(mg))) for t, mg in curves]
    if waveform.trigger_mg is not None:
        y = float(height(np.array([waveform.trigger_mg]))[0])
        parts.append(tag("line", class_="trigger", x1=_EDGE, x2=WIDTH - _EDGE, y1=y, y2=y))
        told = f"trigger {strength(waveform.trigger_mg)}"
        parts.append(tag("text", told, class_="trigger-name", x=_EDGE, y=y - 4.0))
    return parts


def _lanes(
    name: str, curves: Sequence[tuple[Array, Array]], frame: Frame, top: float, class_: str
) -> list[str]:
    """Draw the three axes below each other, all on one scale."""
    most_mg = max(_LEAST_MG, *(float(np.abs(mg).max()) for _, mg in curves))
    unit = 0.47 * _LANE / most_mg
    parts: list[str] = [
        tag("text", name, class_="panel", x=_EDGE, y=top - 5.0),
        tag("text", f"±{strength(most_mg)}", class_="scale", x=WIDTH - _EDGE, y=top - 5.0),
    ]
    for axis, letter in enumerate("xyz"):
        middle = top + (axis + 0.5) * _LANE
        parts.append(tag("line", class_="grid", x1=_EDGE, x2=WIDTH - _EDGE, y1=middle, y2=middle))
        parts += [
            tag("path", class_=class_, d=_curve(frame.xs(t), middle - unit * mg[:, axis]))
            for t, mg in curves
        ]
        parts.append(tag("text", letter, class_="axis", x=_EDGE, y=middle - 3.0))
    return parts


def _curve(x: Array, y: Array) -> str:
    """Write a path; of many points the lowest and the highest of each column."""
    column = np.floor((x - _EDGE) * (_COLUMNS / (WIDTH - 2 * _EDGE))).astype(int)
    if len(np.unique(column)) == len(x):
        return "M" + " ".join(_points(x, y))
    starts = np.flatnonzero(np.diff(column, prepend=column[0] - 1))
    low, high = np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)
    # From the side nearer to where the column begins, so that the curve does not jump about.
    rising = y[starts] - low <= high - y[starts]
    first, last = np.where(rising, low, high), np.where(rising, high, low)
    return "M" + " ".join(_points(np.repeat(x[starts], 2), np.stack([first, last], 1).ravel()))


def _points(x: Array, y: Array) -> Iterator[str]:
    return (f"{number(float(at))} {number(float(to))}" for at, to in zip(x, y, strict=True))


def _axis(frame: Frame, clock: Callable[[float], str]) -> list[str]:
    """Name the seconds from the onset, and below them some times of day."""
    shown = frame.shown
    step_s = next((s for s in _STEPS_S if shown.length_s / s <= _MOST_TICKS), _STEPS_S[-1])
    parts: list[str] = [tag("line", class_="rule", x1=_EDGE, x2=WIDTH - _EDGE, y1=_FOOT, y2=_FOOT)]
    first = math.ceil((shown.start_s - frame.onset_s + 0.3) / step_s)
    last = math.floor((shown.end_s - frame.onset_s - 0.3) / step_s)
    reached = -_CLOCK_PITCH
    for at in range(first, last + 1):
        t_s = frame.onset_s + at * step_s
        x = frame.x(t_s)
        said = f"{at * step_s:+g} s".replace("-", "−") if at else "0 s"
        parts.append(tag("line", class_="rule", x1=x, x2=x, y1=_FOOT, y2=_FOOT + 4.0))
        parts.append(tag("text", said, class_="tick", x=x, y=_FOOT + 16.0))
        if x - reached >= _CLOCK_PITCH and _CLOCK_PITCH / 3 < x < WIDTH - _CLOCK_PITCH / 3:
            parts.append(tag("text", clock(t_s), class_="tick", x=x, y=_FOOT + 30.0))
            reached = x
    return parts
