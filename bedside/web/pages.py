"""The pages: the morning report of one night, and the calm page before there is any."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest, NotFound

from bedside.pipeline.report import Figure, Report
from bedside.pipeline.words.english import rate
from bedside.web import charts
from bedside.web.answers import Answer, Answers
from bedside.web.days import parse_day
from bedside.web.house import House
from bedside.web.language import N_, spoken, tongue
from bedside.web.navigation import PLACES
from bedside.web.now import Now, ago, look
from bedside.web.strip import clock_of, strip, summary

_LEAD = ("tib", "tst", "sol", "awakenings")


class Evening(NamedTuple):
    """The evening of a night, and those of its neighbours on record."""

    day: date
    before: date | None
    after: date | None

    @classmethod
    def of(cls, day: date, dates: Sequence[date]) -> "Evening":
        """Find the neighbours of `day`, which is one of `dates`, in order."""
        at = bisect_left(dates, day)
        before = dates[at - 1] if at > 0 else None
        return cls(day, before, dates[at + 1] if at + 1 < len(dates) else None)


def pages(house: House, answers: Answers) -> Blueprint:
    """Make the pages, to be registered with the app."""
    blueprint = Blueprint("pages", __name__)
    nights, health, clock = house.nights, house.health, house.clock

    def night(day: date, dates: Sequence[date], right_now: Sequence[str], calm: str) -> Response:
        report, evening, speech = nights.report(day), Evening.of(day, dates), (spoken(), tongue())
        answer = answers.get(
            ("night", day, bool(calm), speech),
            (report, evening, right_now, calm),
            lambda: Answer.of(_morning(report, evening, right_now, calm), "text/html"),
        )
        return answer.to(request)

    @blueprint.get("/")
    def latest() -> Response:
        dates, now = nights.dates(), look(health)
        right_now = now.warnings(nights.zone, clock_known=clock.known())
        if not dates:
            return Response(_waiting(now, right_now), mimetype="text/html")
        return night(nights.latest(), dates, right_now, now.in_a_word())

    @blueprint.get("/night/<day_text>")
    def one(day_text: str) -> Response:
        day = parse_day(day_text)
        if day is None:
            raise BadRequest("A night is named by the date of its evening, as in 2026-11-21.")
        dates = nights.dates()
        if day not in dates:
            raise NotFound(f"Nothing was recorded in the night of {spoken().long_day(day)}.")
        return night(day, dates, (), "")

    @blueprint.get("/more")
    def more() -> str:
        return render_template("more.html", places=PLACES)

    return blueprint


def _morning(report: Report, evening: Evening, right_now: Sequence[str], calm: str) -> str:
    """Put a report on a page; what is so right now stands on the latest night's alone."""
    most = charts.most_of(report.kinds)
    notes = (
        (N_("The room"), report.comfort),
        (N_("The light"), report.light),
        (N_("Quiet and restless"), report.stretches),
        (N_("Out of bed"), report.away),
        (N_("Around the bed"), report.noises),
        (N_("Marked by hand"), report.marked),
        (N_("At other times"), report.naps),
    )
    return render_template(
        "morning.html",
        report=report,
        evening=evening,
        right_now=right_now,
        calm=calm,
        lead=_picked(report.figures, _LEAD),
        recorded=_picked(report.figures, ("coverage",)) if report.kinds else [],
        range_bar=lambda line: charts.range_bar(line, most),
        rate=rate,
        glyph=charts.glyph,
        swatch=charts.swatch,
        strip=strip(report),
        summary=summary(report),
        hours=charts.hours_chart(report.hours),
        rows=_rows(report),
        notes=[(head, lines) for head, lines in notes if lines],
    )


def _rows(report: Report) -> list[tuple[str, str]]:
    """Give the marks as (time of day, what), in order of time whatever their lane."""
    clock = clock_of(report)
    rows = []
    for mark in sorted(report.marks, key=lambda mark: mark.start_s):
        at = clock.at(mark.start_s)
        what = mark.text.removeprefix(f"{at} ")
        rows.append((at, f"{what[:1].upper()}{what[1:]}"))
    return rows


def _picked(figures: Sequence[Figure], keys: Sequence[str]) -> list[Figure]:
    """Pick figures, in the order of `keys`; those that were not told of this night are left out."""
    by_key = {figure.key: figure for figure in figures}
    return [by_key[key] for key in keys if key in by_key]


def _waiting(now: Now, right_now: Sequence[str]) -> str:
    """Say what happens until there is a first night."""
    sentences = [now.in_a_word()]
    if now.age_s is not None:
        sentences.append(f"The sensor was last heard {ago(now.age_s)}.")
    if now.recording:
        sentences.append(N_("The first report appears here as soon as somebody lies in the bed."))
    return render_template(
        "quiet.html",
        title=N_("No night yet"),
        sentences=sentences,
        right_now=right_now,
        placing=now.recording,
    )
