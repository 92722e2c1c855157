"""The last minute, drawn: how strongly the bed moved. The script draws on from here."""

import math
from collections.abc import Sequence

from markupsafe import Markup

from bedside.live import Slot
from bedside.web.charts import WIDTH, drawing, number, tag

SHOWN_S = 60.0
HEIGHT, FOOT = 120.0, 64.0
GAP_S = 0.6  # between slots: something was lost
LEAST_TOP_MG = 200.0
_MARKS_MG = (1.0, 10.0, 100.0)


class Level:
    """Swings to heights, as a tenfold push looks twice as strong, not ten times; the quiet is 0."""

    def __init__(self, quiet_mg: float) -> None:
        self._quiet_mg = max(quiet_mg, 0.1)
        self._top = math.log(max(LEAST_TOP_MG, 100.0 * self._quiet_mg) / self._quiet_mg)

    def height(self, mg: float) -> float:
        """Return how high to draw, in the drawing's units."""
        share = math.log(max(mg, self._quiet_mg) / self._quiet_mg) / self._top
        return (FOOT - 8.0) * min(1.0, share)


def livestrip(slots: Sequence[Slot], now_s: float, quiet_mg: float) -> Markup:
    """Draw what was felt in the last minute before `now_s`."""
    level = Level(quiet_mg)
    parts: list[str] = []
    for mg in _MARKS_MG:
        y = FOOT - level.height(mg)
        if 14.0 < FOOT - y < FOOT - 12.0:
            parts.append(tag("line", class_="grid", x1=0.0, x2=WIDTH, y1=y, y2=y))
            parts.append(tag("text", f"{mg:.0f} mg", class_="sum", x=WIDTH - 2.0, y=y - 3.0))
    parts += [
        tag("line", class_="rule", x1=0.0, x2=WIDTH, y1=FOOT, y2=FOOT),
        tag("path", class_="swing", d=_area(slots, now_s, level)),
        tag("path", class_="breath", d=""),
        tag("text", "Movement", x=2.0, y=12.0),
        tag("text", "Breathing", class_="breath-label hide", x=2.0, y=FOOT + 14.0),
    ]
    for ago_s, words in ((60, "60 s ago"), (30, "30 s ago"), (0, "now")):
        x = WIDTH * (1.0 - ago_s / SHOWN_S)
        anchor = {60: "start", 30: "middle", 0: "end"}[ago_s]
        parts.append(tag("text", words, class_=f"when-{anchor}", x=x, y=HEIGHT - 3.0))
    return drawing(
        "live", "The last minute", "How strongly the bed moved.", HEIGHT, parts, "chart live"
    )


def _area(slots: Sequence[Slot], now_s: float, level: Level) -> str:
    """Return the outline under the swings, broken where samples were lost."""
    drawn: list[str] = []
    before_s = -math.inf
    for slot in slots:
        ago_s = now_s - slot.t_s
        if ago_s > SHOWN_S:
            continue
        right = WIDTH * (1.0 - ago_s / SHOWN_S)
        left = right - WIDTH * 0.2 / SHOWN_S
        if slot.t_s - before_s > GAP_S:
            drawn.append(
                f"{'V' + number(FOOT) + 'Z' if drawn else ''}M{number(left)} {number(FOOT)}"
            )
        drawn.append(f"V{number(FOOT - level.height(slot.swing_mg))}H{number(right)}")
        before_s = slot.t_s
    return "".join([*drawn, f"V{number(FOOT)}Z"] if drawn else [])
