"""What an address asks for after its question mark, read strictly."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from flask import request
from werkzeug.exceptions import BadRequest

from bedside.web.days import parse_day

T = TypeVar("T")


def one(name: str, default: T, read: Callable[[str], T | None], said: str) -> T:
    """Give what `name` asks for, or the default.

    Raises
    ------
    BadRequest : it is named twice, or `read` makes nothing of it; says `said`.
    """
    given = request.args.getlist(name)
    if not given:
        return default
    found = read(given[0]) if len(given) == 1 else None
    if found is None:
        raise BadRequest(said)
    return found


def whole(low: int, high: int) -> Callable[[str], int | None]:
    """Read a whole number between bounds, written plainly."""

    def read(text: str) -> int | None:
        plain = text.isascii() and text.isdigit() and len(text) <= len(str(high))
        return int(text) if plain and low <= int(text) <= high else None

    return read


def month(text: str) -> date | None:
    """Read `2026-11` as its first day."""
    return parse_day(f"{text}-01")


def days(name: str) -> list[date]:
    """Read every day that is named, each once, in order.

    Raises
    ------
    BadRequest : one is no date.
    """
    found = [parse_day(text) for text in request.args.getlist(name)]
    known = {day for day in found if day is not None}
    if len(known) < len(set(found)):
        raise BadRequest("A night is named by the date of its evening, as in 2026-11-21.")
    return sorted(known)
