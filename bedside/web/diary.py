"""The diary: a few words for an evening, and how the nights after such evenings differ."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import cast

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound

from bedside.errors import DiaryError
from bedside.nights.diary import MOST_CHARACTERS, MOST_TAGS, SUGGESTED, tags_of
from bedside.nights.differences import LEAST_NIGHTS, MEASURES, differences
from bedside.web.days import parse_day
from bedside.web.house import House
from bedside.web.language import spoken

_OWN_OFFERED = 12


def diary(house: House) -> Blueprint:
    """Make the pages, to be registered with the app."""
    blueprint = Blueprint("diary", __name__)

    @blueprint.get("/night/<day_text>/diary")
    def evening(day_text: str) -> str:
        day = _named(house, day_text)
        return _form(house, day, house.store.diary().get(day.isoformat(), ()))

    @blueprint.post("/night/<day_text>/tags")
    def keep(day_text: str) -> Response | tuple[str, int]:
        day = _named(house, day_text)
        chosen, own = request.form.getlist("tag"), request.form.get("own", "")
        try:
            tags = tags_of([*chosen, *own.split(",")])
        except DiaryError as error:
            kept = [tag for tag in chosen if _fine(tag)]
            return _form(house, day, kept, own[:500], str(error)), 400
        house.store.keep_diary(day.isoformat(), tags)
        house.store.flush()
        address = url_for("diary.evening", day_text=day.isoformat(), saved="yes")
        return cast(Response, redirect(address, 303))

    @blueprint.get("/nights/tags")
    def compared() -> str:
        known = house.store.diary()
        told, asked = differences(house.summaries.all(), known)
        return render_template(
            "tags.html",
            here="tags",
            told=told,
            asked=asked,
            written=len(known),
            measures=MEASURES,
            least=LEAST_NIGHTS,
            current=house.nights.current(),
        )

    return blueprint


def _named(house: House, day_text: str) -> date:
    """Give an evening that may have a diary: one on record, or this one."""
    day = parse_day(day_text)
    if day is None:
        raise BadRequest("A night is named by the date of its evening, as in 2026-11-21.")
    if day != house.nights.current() and day not in house.nights.dates():
        raise NotFound(f"Nothing was recorded in the night of {spoken().long_day(day)}.")
    return day


def _form(house: House, day: date, tags: Sequence[str], own: str = "", mistake: str = "") -> str:
    known = house.store.diary()
    offered = tuple(dict.fromkeys([*SUGGESTED, *_frequent(known.values()), *tags]))
    return render_template(
        "diary.html",
        day=day,
        tonight=day == house.nights.current(),
        recorded=day in house.nights.dates(),
        offered=offered,
        suggested=SUGGESTED,
        tags=tags,
        own=own,
        mistake=mistake,
        saved=request.args.get("saved") == "yes",
        written=day.isoformat() in known,
        most=MOST_TAGS,
        longest=MOST_CHARACTERS,
    )


def _frequent(evenings: Iterable[Iterable[str]]) -> list[str]:
    """Give the words used most, so that they need not be typed again."""
    counts: dict[str, int] = {}
    for tag in chain.from_iterable(evenings):
        counts[tag] = counts.get(tag, 0) + 1
    return sorted(counts, key=lambda tag: (-counts[tag], tag))[:_OWN_OFFERED]


def _fine(tag: str) -> bool:
    try:
        return bool(tags_of([tag]))
    except DiaryError:
        return False
