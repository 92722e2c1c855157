"""Several nights side by side, since one must not be judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request
from werkzeug.exceptions import NotFound

from bedside.nights import days
from bedside.nights.summary import Summary, summarise
from bedside.pipeline.night import Night
from bedside.pipeline.words.english import duration, percent, rate
from bedside.web import asked, charts
from bedside.web.house import House
from bedside.web.language import spoken
from bedside.web.side_by_side import Row, side_by_side

MOST = 7
OFFERED = 28
"""Nights one may choose from on the page; others by their address."""


@dataclass(frozen=True, slots=True)
class Line:
    """One night of the table."""

    evening: date
    figures: tuple[str, ...]
    tags: tuple[str, ...]


def compare(house: House) -> Blueprint:
    """Make the page, to be registered with the app."""
    blueprint = Blueprint("compare", __name__)

    @blueprint.get("/nights/compare")
    def page() -> tuple[str, int]:
        dates, wanted = house.nights.dates(), asked.days("night")
        for day in wanted:
            if day not in dates:
                said = f"Nothing was recorded in the night of {spoken().long_day(day)}."
                raise NotFound(said)
        mistake = _mistake(wanted) if request.args.getlist("night") else ""
        chosen = wanted if wanted and not mistake else dates[-MOST:]
        rows = [_row(house, day) for day in chosen]
        lines = _lines(rows, house.store.diary())
        text = render_template(
            "compare.html",
            here="compare",
            mistake=mistake,
            nights=lines,
            heads=_HEADS,
            strip=side_by_side(rows, _said(lines)) if rows else "",
            glyph=charts.glyph,
            seams=[row.evening for row in rows if row.seam],
            offered=dates[: -OFFERED - 1 : -1],
            chosen=chosen,
            before=_week(dates, chosen, -1),
            after=_week(dates, chosen, 1),
        )
        return text, 400 if mistake else 200

    return blueprint


def _mistake(wanted: Sequence[date]) -> str:
    if len(wanted) < 2:
        return "Choose at least two nights. Here are the last ones for now."
    if len(wanted) > MOST:
        return f"Choose at most {MOST} nights. Here are the last ones for now."
    return ""


def _row(house: House, day: date) -> Row:
    nights = house.nights
    night = nights.night(day)
    label = spoken().short_day(day)
    seams = days.offsets(nights.window(day), nights.zone)
    return Row(day, f"{label}{_state(night)}", night, seams)


def _state(night: Night) -> str:
    """Say beside the date what the strip alone would not."""
    if not night.recorded.clock_known:
        return ": the time of day is uncertain"
    if night.bounds is None:
        return ": nobody in bed"
    return ": still going on" if night.ongoing else ""


_HEADS = (
    "Asleep",
    "Fell asleep in",
    "Awake between",
    "Jerks/h",
    "Limb/h",
    "Turns/h",
    "Periodic/h",
    "Room",
    "Recorded",
)


def _lines(rows: Sequence[Row], diary: Mapping[str, tuple[str, ...]]) -> list[Line]:
    return [
        Line(
            row.evening,
            _figures(summarise(row.night, row.evening)),
            diary.get(row.evening.isoformat(), ()),
        )
        for row in rows
    ]


def _figures(summary: Summary) -> tuple[str, ...]:
    def told(value: float | None, unit: str = "") -> str:
        return "–" if value is None else f"{rate(value)}{unit}"

    def lasted(seconds: float | None) -> str:
        return "–" if seconds is None else duration(seconds)

    rates = (summary.per_hour(kind) for kind in ("jerk", "limb_movement", "turn"))
    return (
        *(lasted(each) for each in (summary.tst_s, summary.sol_s, summary.waso_s)),
        *(told(each) for each in (*rates, summary.periodic_index)),
        told(summary.temperature_c, " °C"),
        percent(summary.coverage),
    )


def _said(lines: Sequence[Line]) -> str:
    """Put the drawing into words."""
    told = (
        f"{line.evening:%a} {line.evening.day} {line.evening:%b}: asleep {line.figures[0]}, "
        f"{line.figures[3]} jerks, {line.figures[4]} limb movements and {line.figures[5]} turns "
        "an hour"
        for line in lines
    )
    return f"{'; '.join(told)}."


def _week(dates: Sequence[date], chosen: Sequence[date], way: int) -> list[date]:
    """Give the nights before or after those chosen, as many as fit on the page."""
    if not chosen:
        return []
    if way < 0:
        earlier = [day for day in dates if day < chosen[0]][-MOST:]
        return earlier if len(earlier) > 1 else []
    later = [day for day in dates if day > chosen[-1]][:MOST]
    return later if len(later) > 1 else list(dates[-MOST:]) if later else []
