"""How each lane of the night's strip is drawn: a shape of its own for each kind."""

import math
from collections.abc import Sequence

from bedside.pipeline.report import Mark
from bedside.web.charts import WIDTH, number, tag

EDGE = 8.0
HEIGHT = 16.0
_FAINTEST_MG, _LOUDEST_MG = 1.0, 300.0


class Scale:
    """Seconds to the right place on the strip, between its left and its right edge."""

    def __init__(
        self, start_s: float, end_s: float, left: float = EDGE, right: float = WIDTH - EDGE
    ) -> None:
        self._start_s, self.left, self.right = start_s, left, right
        self._per_s = (right - left) / max(end_s - start_s, 1.0)

    def x(self, t_s: float) -> float:
        """Find the place of a moment; what lies outside is put on the edge."""
        return min(max(self.left + (t_s - self._start_s) * self._per_s, self.left), self.right)

    def box(self, mark: Mark, least: float = 0.0) -> tuple[float, float]:
        """Find left side and width of a stretch, at least `least` wide."""
        left, right = self.x(mark.start_s), self.x(mark.end_s)
        return left, max(right - left, least)


def presence(scale: Scale, marks: Sequence[Mark], y: float) -> list[str]:
    """Draw the outline of the time in bed."""
    parts: list[str] = []
    for mark in marks:
        x, width = scale.box(mark, 1.0)
        parts.append(tag("rect", class_="lying", x=x, y=y, width=width, height=HEIGHT))
    return parts


def _loudness(mark: Mark) -> float:
    """0 to 1 on a logarithmic scale, as a tenfold push looks twice as strong, not ten times."""
    peak_mg = min(max(mark.value or _FAINTEST_MG, _FAINTEST_MG), _LOUDEST_MG)
    return math.log(peak_mg / _FAINTEST_MG) / math.log(_LOUDEST_MG / _FAINTEST_MG)


def ticks(scale: Scale, marks: Sequence[Mark], y: float) -> list[str]:
    """Draw upright strokes; a hypnic jerk carries a ring, since it means something else."""
    foot = y + HEIGHT
    strokes = "".join(
        f"M{number(scale.x(mark.start_s))} {number(foot)}v{number(-5 - 8 * _loudness(mark))}"
        for mark in marks
    )
    parts = path("jerk", strokes)
    for mark in marks:
        if mark.kind == "hypnic":
            top = foot - 7 - 8 * _loudness(mark)
            parts.append(tag("circle", class_="ring", cx=scale.x(mark.start_s), cy=top, r=2.2))
    return parts


def beads(scale: Scale, marks: Sequence[Mark], y: float) -> list[str]:
    """Draw dots, the higher the stronger."""
    foot = y + HEIGHT - 2.5
    return path(
        "limb_movement",
        "".join(
            f"M{number(scale.x(mark.start_s))} {number(foot - 11 * _loudness(mark))}h0"
            for mark in marks
        ),
    )


def wedges(scale: Scale, marks: Sequence[Mark], y: float) -> list[str]:
    """Draw triangles, the taller the stronger."""
    foot = number(y + HEIGHT)
    return path(
        "turn",
        "".join(
            f"M{number(scale.x(mark.start_s) - 3)} {foot}h6l-3{number(-6 - 8 * _loudness(mark))}z"
            for mark in marks
        ),
    )


def crosses(scale: Scale, marks: Sequence[Mark], y: float) -> list[str]:
    """Draw crosses: these are none of the sleeper's."""
    top = number(y + 5)
    strokes = (f"M{number(scale.x(mark.start_s) - 3)} {top}l6 6m0-6l-6 6" for mark in marks)
    return path("disturbance", "".join(strokes))


def path(class_: str, d: str) -> list[str]:
    """Draw one path for all marks of a lane, which keeps the page small."""
    return [tag("path", class_=class_, d=d)] if d else []


def bars(scale: Scale, marks: Sequence[Mark], y: float) -> list[str]:
    """Draw hatched bars from first to last movement."""
    parts: list[str] = []
    for mark in marks:
        x, width = scale.box(mark, 3.0)
        box = {"x": x, "y": y + 3.0, "width": width, "height": HEIGHT - 6.0, "rx": 2.0}
        parts.append(tag("rect", class_="series", fill="url(#strip-series)", **box))
    return parts


def levels(scale: Scale, marks: Sequence[Mark], y: float) -> list[str]:
    """Draw the lamp's level, the area as the eye feels it."""
    parts: list[str] = []
    for mark in marks:
        if not mark.value:
            continue
        x, width = scale.box(mark, 1.5)
        # The eye sees a dim lamp well, and a bar of a hundredth not at all.
        height = HEIGHT * max(0.15, math.sqrt(mark.value))
        top = y + HEIGHT - height
        parts.append(tag("rect", class_="light", x=x, y=top, width=width, height=height))
    return parts


def degrees(scale: Scale, marks: Sequence[Mark], y: float) -> list[str]:
    """Draw three steps: below the band that is called good, inside it (shaded), above it."""
    third = HEIGHT / 3
    band = {"x": EDGE, "y": y + third, "width": WIDTH - 2 * EDGE, "height": third}
    line, reached = "", -1.0
    for mark in marks:
        x, width = scale.box(mark, 1.5)
        step = {"above": 0, "inside": 1, "below": 2}.get(mark.kind, 1)
        middle = number(y + third * (step + 0.5))
        line += f"V{middle}" if 0 <= x - reached < 1 else f"M{number(x)} {middle}"
        line += f"H{number(x + width)}"
        reached = x + width
    return [tag("rect", class_="band", **band), *path("degrees", line)]
