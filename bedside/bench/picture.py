"""Two drawings of a run, as SVG written by hand: F1 by profile, recall by amplitude."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from bedside.bench.figures import LEVELS, EventFigures, share
from bedside.bench.peer import NAME
from bedside.bench.summary import Summary

OURS, THEIRS, INK, RULE = "#1f6f8b", "#d9a05b", "#22303a", "#d5dce0"
BAR, ROW, LEFT, WIDTH = 13, 40, 130, 520
TOP, HEIGHT = 70, 240


def draw(summary: Summary, folder: Path) -> list[Path]:
    """Write both drawings into the folder, made where it does not exist; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    drawings = {"f1-by-profile.svg": f1_bars(summary), "recall-by-peak.svg": recall_curve(summary)}
    for name, text in drawings.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in drawings]


def f1_bars(summary: Summary) -> str:
    """Two bars a profile, ours and the peer's, from 0 to 1."""
    body = [_line(LEFT + WIDTH * x, TOP - 8, LEFT + WIDTH * x, _bottom(summary)) for x in _FIFTHS]
    body += [_text(LEFT + WIDTH * x, _bottom(summary) + 18, f"{x:g}", "middle") for x in _FIFTHS]
    for row, (profile, pooled) in enumerate(summary.by_profile.items()):
        y = TOP + row * ROW
        body.append(_text(LEFT - 10, y + BAR + 5, profile.replace("_", " "), "end"))
        body.append(_bar(y, pooled.ours.f1, OURS))
        if pooled.theirs is not None:
            body.append(_bar(y + BAR + 2, pooled.theirs.f1, THEIRS))
    return _svg("F1 of the sleeper's movements", LEFT + WIDTH + 70, _bottom(summary) + 30, body)


def recall_curve(summary: Summary) -> str:
    """Share of movements found against their peak over the quiet level."""
    bottom, step = TOP + HEIGHT, WIDTH / len(LEVELS)
    body = [_line(LEFT, bottom - HEIGHT * y, LEFT + WIDTH, bottom - HEIGHT * y) for y in _FIFTHS]
    body += [_text(LEFT - 10, bottom - HEIGHT * y + 4, f"{y:g}", "end") for y in _FIFTHS]
    for i, low in enumerate(LEVELS):
        last = i + 1 == len(LEVELS)
        name = f"> {low:g}" if last else f"{low:g}-{LEVELS[i + 1]:g}"
        body.append(_text(LEFT + step * (i + 0.5), bottom + 18, name, "middle"))
    body.append(_text(LEFT + WIDTH / 2, bottom + 38, "peak over quiet level, 1-20 Hz", "middle"))
    if summary.total.theirs is not None:
        body.append(_curve(summary.total.theirs, THEIRS))
    body.append(_curve(summary.total.ours, OURS))
    return _svg("Share of movements found, by amplitude", LEFT + WIDTH + 70, bottom + 55, body)


_FIFTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def _bottom(summary: Summary) -> float:
    return TOP + len(summary.by_profile) * ROW


def _bar(y: float, value: float | None, colour: str) -> str:
    shown = value or 0.0
    label = "-" if value is None else f"{value:.3f}"
    return (
        f'<rect x="{LEFT}" y="{y}" width="{WIDTH * shown:.1f}" height="{BAR}" fill="{colour}"/>'
        + _text(LEFT + WIDTH * shown + 6, y + BAR - 2, label, "start")
    )


def _curve(figures: EventFigures, colour: str) -> str:
    step = WIDTH / len(LEVELS)
    points = [
        (LEFT + step * (i + 0.5), TOP + HEIGHT * (1.0 - found))
        for i, low in enumerate(LEVELS)
        if (found := share(figures.found_at_level[low], figures.at_level[low])) is not None
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in points)
    return f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2.5"/>{dots}'


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{RULE}"/>'


def _text(x: float, y: float, words: str, anchor: str, size: int = 13) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def _svg(title: str, width: float, height: float, body: Sequence[str]) -> str:
    legend = (
        f'<rect x="{LEFT}" y="40" width="12" height="12" fill="{OURS}"/>'
        + _text(LEFT + 18, 51, "bedside", "start")
        + f'<rect x="{LEFT + 100}" y="40" width="12" height="12" fill="{THEIRS}"/>'
        + _text(LEFT + 118, 51, NAME, "start")
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'font-family="system-ui, sans-serif" fill="{INK}"><title>{escape(title)}</title>\n'
        f'<rect width="100%" height="100%" fill="white"/>\n'
        + _text(LEFT, 26, title, "start", 17)
        + legend
        + "\n"
        + "\n".join(body)
        + "\n</svg>\n"
    )
