"""All nights at a glance: the calendar, newest month first."""

from datetime import date

from flask import Blueprint, render_template
from werkzeug.exceptions import NotFound

from bedside.web import asked
from bedside.web.house import House
from bedside.web.language import spoken
from bedside.web.months import SHADES, Calendar, Cell

MONTHS = 3
"""Months on a page: a phone scrolls through them in two strokes."""


def nights(house: House) -> Blueprint:
    """Make the page, to be registered with the app."""
    blueprint = Blueprint("nights", __name__)

    @blueprint.get("/nights")
    def calendar() -> str:
        dates = house.nights.dates()
        current = house.nights.current()
        newest = max([*dates[-1:], current])
        oldest = min([*dates[:1], current])
        until = asked.one("until", newest, asked.month, "Name the month as in 2026-11.")
        if not _month(oldest) <= _month(until) <= _month(newest):
            raise NotFound("Nothing was recorded in that month.")
        known = Calendar(house.summaries.all(), dates, house.store.diary(), current)
        months = known.months(until, min(MONTHS, _apart(oldest, until) + 1))
        return render_template(
            "nights.html",
            months=months,
            older=_moved(until, -MONTHS) if _apart(oldest, until) >= MONTHS else None,
            newer=min(_moved(until, MONTHS), _month(newest)) if until < _month(newest) else None,
            current=current,
            here="nights",
            mark=mark,
            shades=SHADES,
            any=bool(dates),
        )

    return blueprint


def mark(cell: Cell) -> str:
    """Give what stands in a cell: the number, in brackets where it is uncertain."""
    if cell.value is None:
        return {"ongoing": "now", "unread": "…"}.get(cell.state, "–")
    written = spoken().decimal(cell.value, 0 if cell.value >= 9.95 else 1)
    return f"({written})" if cell.state == "partly" else written


def _month(day: date) -> date:
    return day.replace(day=1)


def _apart(one: date, other: date) -> int:
    """Months from one to the other."""
    return (other.year - one.year) * 12 + other.month - one.month


def _moved(day: date, months: int) -> date:
    at = day.year * 12 + day.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)
