"""The small drawings, made here as SVG: no script, and nothing told by colour alone.

Everything is drawn on a width of 320, about that of a phone, so that letters keep their size.
Colours come from the style sheet by class; patterns are named in the drawing itself, since a
`url(#…)` in a style sheet would be looked for there.
"""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from bedside.pipeline.report import Hour, KindLine

WIDTH = 320.0
_BAR_TOP, _BAR_FOOT = 18.0, 118.0
_LIMB_PATTERN = "hours-limb"
_MANY_HOURS = 13
_LEAST_FULL_COUNT = 6  # a night of two movements should not draw bars as tall as one of sixty
_HEARD_ENOUGH = 0.5


def number(value: float) -> str:
    """Write a coordinate, as short as a tenth of a unit allows."""
    return f"{value:.1f}".removesuffix(".0")


def tag(name: str, *children: str, **attributes: object) -> Markup:
    """One element; children that are not Markup are escaped, `class_` and `a_b` renamed."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="'
        f'{number(value) if isinstance(value, float) else escape(value)}"'
        for key, value in attributes.items()
    )
    inner = "".join(escape(child) for child in children)
    return Markup(f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>")


def drawing(
    name: str, title: str, desc: str, height: float, parts: Iterable[str], class_: str
) -> Markup:
    """Make a drawing that a screen reader reads as one picture with a title and a description."""
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", desc, id=f"{name}-desc"),
        *parts,
        viewBox=f"0 0 {number(WIDTH)} {number(height)}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        class_=class_,
    )


def hatching(name: str, class_: str, spacing: float = 5.0, slope: float = 45.0) -> Markup:
    """Make a pattern of slanted lines, to be used as fill="url(#name)"."""
    line = tag("line", class_=class_, x1=0.0, y1=0.0, x2=0.0, y2=spacing)
    return tag(
        "pattern",
        line,
        id=name,
        width=spacing,
        height=spacing,
        patternUnits="userSpaceOnUse",
        patternTransform=f"rotate({number(slope)})",
    )


def glyph(kind: str) -> Markup:
    """Draw the sign by which a kind of movement is known in every drawing, 14 by 14."""
    shapes = {
        "jerk": tag("path", class_="jerk", d="M7 2v11"),
        "limb_movement": tag("path", class_="limb_movement", d="M7 8h0"),
        "turn": tag("path", class_="turn", d="M2 12h10l-5-9z"),
        "disturbance": tag("path", class_="disturbance", d="M3 4l8 8m0-8l-8 8"),
    }
    return tag("svg", shapes.get(kind, ""), viewBox="0 0 14 14", class_="glyph", aria_hidden="true")


def range_bar(line: KindLine, most: float) -> Markup:
    """Tonight's rate on the range of the nights before; said in words beside it, too."""
    if line.low is None or line.mean is None or line.high is None:
        return Markup("")
    scale = (WIDTH - 16.0) / max(most, 1e-9)
    parts = [tag("line", class_="track", x1=8.0, x2=WIDTH - 8.0, y1=9.0, y2=9.0)]
    left, width = 8.0 + line.low * scale, max((line.high - line.low) * scale, 2.0)
    parts.append(tag("rect", class_="range", x=left, y=5.0, width=width, height=8.0, rx=4.0))
    x = 8.0 + line.mean * scale
    parts.append(tag("line", class_="mean", x1=x, x2=x, y1=3.0, y2=15.0))
    if line.asleep_per_hour is not None:
        x = 8.0 + line.asleep_per_hour * scale
        parts.append(tag("circle", class_="now", cx=x, cy=9.0, r=5.5))
    return tag("svg", *parts, viewBox="0 0 320 18", class_="rangebar", aria_hidden="true")


def most_of(kinds: Sequence[KindLine]) -> float:
    """Find the rate at the right end of every range bar, so that kinds can be compared."""
    rates = [rate for line in kinds for rate in (line.asleep_per_hour, line.high) if rate]
    return max(rates, default=1.0) * 1.05


def hours_chart(hours: Sequence[Hour]) -> Markup:
    """Draw a bar for each hour: jerks solid, limb movements hatched, turns hollow."""
    most = max([_LEAST_FULL_COUNT, *(_total(hour) for hour in hours)])
    pitch = (WIDTH - 8.0) / max(len(hours), 8)
    left = (WIDTH - pitch * len(hours)) / 2
    parts: list[str] = [
        tag(
            "defs",
            hatching(_LIMB_PATTERN, "ink-limb", 4.0),
            hatching("hours-unheard", "ink-gap"),
        ),
        tag("line", class_="rule", x1=4.0, x2=WIDTH - 4.0, y1=_BAR_FOOT, y2=_BAR_FOOT),
    ]
    for index, hour in enumerate(hours):
        parts += _bar(hour, left + index * pitch, pitch, most)
        if len(hours) < _MANY_HOURS or index % 2 == 0:
            middle = left + (index + 0.5) * pitch
            label = hour.label.split()[0]
            parts.append(tag("text", label, class_="tick", x=middle, y=_BAR_FOOT + 16.0))
    desc = "; ".join(f"{hour.label}: {_total(hour)}" for hour in hours)
    return drawing("hours", "Movements in each hour", desc, _BAR_FOOT + 22.0, parts, "chart")


def _total(hour: Hour) -> int:
    return hour.jerks + hour.limb_movements + hour.turns


def _bar(hour: Hour, left: float, pitch: float, most: int) -> list[str]:
    """Give one hour's bar, its count above it; hatched where there are hardly any data."""
    x, width = left + pitch * 0.16, pitch * 0.68
    if hour.heard_s < _HEARD_ENOUGH * (hour.end_s - hour.start_s):
        height = _BAR_FOOT - _BAR_TOP
        return [
            tag(
                "rect",
                fill="url(#hours-unheard)",
                x=x,
                y=_BAR_TOP,
                width=width,
                height=height,
            )
        ]
    unit = (_BAR_FOOT - _BAR_TOP) / most
    parts: list[str] = []
    foot = _BAR_FOOT
    for style, count in (
        ("solid", hour.jerks),
        ("hatched", hour.limb_movements),
        ("hollow", hour.turns),
    ):
        if count:
            foot -= count * unit
            parts.append(_block(style, x, foot, width, count * unit))
    if len(str(_total(hour))) * 7.0 < pitch:
        parts.append(tag("text", str(_total(hour)), class_="count", x=x + width / 2, y=foot - 4.0))
    return parts


def _block(style: str, x: float, y: float, width: float, height: float) -> Markup:
    fill = {"fill": f"url(#{_LIMB_PATTERN})"} if style == "hatched" else {}
    return tag("rect", class_=style, x=x, y=y, width=width, height=height, **fill)


def swatch(style: str) -> Markup:
    """Draw a sample of what a bar is filled with, for the legend."""
    block = _block(style, 1.0, 1.0, 18.0, 12.0)
    return tag("svg", block, viewBox="0 0 20 14", class_="swatch", aria_hidden="true")
