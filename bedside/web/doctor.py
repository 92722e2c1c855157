"""For the doctor: a night, or a span of nights, each on one sheet of paper."""

from datetime import date, timedelta

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as AnyResponse

from bedside.web import sheets
from bedside.web.answers import Answer, Answers
from bedside.web.days import parse_day
from bedside.web.house import House
from bedside.web.language import spoken, tongue

MOST_NIGHTS = 62
"""More lines than these do not fit on a sheet."""
_OFFERED = 7
_SPANS = (7, 14, 28)


def doctor(house: House, answers: Answers) -> Blueprint:
    """Make the sheets, to be registered with the app."""
    blueprint = Blueprint("doctor", __name__)
    nights, store = house.nights, house.store

    @blueprint.get("/doctor")
    def choose() -> AnyResponse:
        dates = nights.dates()
        if asked := request.args.get("night"):
            return redirect(f"/doctor/{_day(asked, dates).isoformat()}", 303)
        return Response(_choice(dates, nights.latest() if dates else None), mimetype="text/html")

    @blueprint.get("/doctor/<day_text>")
    def night(day_text: str) -> Response:
        day = _day(day_text, nights.dates())
        made_from = nights.report(day), store.version(), store.clock_version()
        answer = answers.get(
            ("doctor", day, tongue(), spoken()),
            made_from,
            lambda: _sheet("sheet_night.html", sheets.night_sheet(nights, store, day)),
        )
        return answer.to(request)

    @blueprint.get("/doctor/span")
    def span() -> Response:
        first, last = _ends()
        days = [day for day in nights.dates() if first <= day <= last]
        if not days:
            raise NotFound("Nothing was recorded in these nights.")
        newest = days[-1]
        over = all(map(nights.settled, days))
        answer = answers.get(
            ("doctor", first, last, tongue(), spoken()),
            # A night that is over changes only with the clock, a mark or the settings.
            (nights.fingerprint(newest), store.clock_version(), over or store.version()),
            lambda: _sheet(
                "sheet_span.html",
                sheets.span_sheet(nights, store, days) | {"first": first, "last": last},
            ),
        )
        return answer.to(request)

    return blueprint


def _choice(dates: list[date], latest: date | None) -> str:
    """Offer the last nights, and the spans that end with the latest."""
    ended = [day for day in dates if latest is not None and day <= latest]
    spans = [
        (number, latest - timedelta(number - 1), latest)
        for number in _SPANS
        if latest is not None and len(dates) > 1
    ]
    return render_template(
        "doctor.html",
        dates=dates,
        offered=ended[: -_OFFERED - 1 : -1],
        spans=spans,
        most=MOST_NIGHTS,
    )


def _sheet(template: str, parts: dict[str, object]) -> Answer:
    return Answer.of(render_template(template, **parts), "text/html")


def _day(text: str, dates: list[date]) -> date:
    day = parse_day(text)
    if day is None:
        raise BadRequest("A night is named by the date of its evening, as in 2026-11-21.")
    if day not in dates:
        raise NotFound(f"Nothing was recorded in the night of {spoken().long_day(day)}.")
    return day


def _ends() -> tuple[date, date]:
    """Read the first and the last evening of the span that is asked for."""
    first, last = (parse_day(request.args.get(name, "")) for name in ("from", "to"))
    if first is None or last is None:
        raise BadRequest("Name the first and the last evening, as in from=2026-11-01.")
    if first > last:
        raise BadRequest("The first evening must not come after the last.")
    if (last - first).days >= MOST_NIGHTS:
        raise BadRequest(f"A sheet holds {MOST_NIGHTS} nights at most; choose fewer.")
    return first, last
