"""The pages: the morning report of one night, and the calm page before there is any."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest, NotFound

from bedside.pipeline.report import Figure, Report
from bedside.pipeline.words.english import rate
from bedside.web import charts
from bedside.web.answers import Answer, Answers
from bedside.web.days import long_day, parse_day, short_day
from bedside.web.house import House
from bedside.web.now import Now, ago, look
from bedside.web.strip import clock_of, strip, summary

_LEAD = ("tib", "tst", "sol", "awakenings")


@dataclass(frozen=True, slots=True)
class Day:
    """A night's date, as addresses and people write it, and its neighbours on record."""

    iso: str
    long: str
    short: str
    before: "Day | None" = None
    after: "Day | None" = None

    @classmethod
    def of(cls, day: date, dates: Sequence[date] = ()) -> "Day":
        """Find the neighbours of `day` in `dates`, which need no order."""
        before = max((other for other in dates if other < day), default=None)
        after = min((other for other in dates if other > day), default=None)
        return cls(
            day.isoformat(),
            long_day(day),
            short_day(day),
            None if before is None else cls.of(before),
            None if after is None else cls.of(after),
        )


def pages(house: House, answers: Answers) -> Blueprint:
    """Make the pages, to be registered with the app."""
    blueprint = Blueprint("pages", __name__)
    nights, health, clock = house.nights, house.health, house.clock

    def night(day: date, dates: Sequence[date], right_now: Sequence[str], calm: str) -> Response:
        report = nights.report(day)
        answer = answers.get(
            ("night", day, bool(calm)),
            (report, dates, right_now, calm),
            lambda: Answer.of(_morning(report, Day.of(day, dates), right_now, calm), "text/html"),
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
            raise NotFound(f"Nothing was recorded in the night of {long_day(day)}.")
        return night(day, dates, (), "")

    return blueprint


def _morning(report: Report, place: Day, right_now: Sequence[str], calm: str) -> str:
    """Put a report on a page; what is so right now stands on the latest night's alone."""
    most = charts.most_of(report.kinds)
    notes = (
        ("Quiet and restless", report.stretches),
        ("Out of bed", report.away),
        ("At other times", report.naps),
        ("Around the bed", report.noises),
        ("The room", report.comfort),
        ("The light", report.light),
    )
    return render_template(
        "morning.html",
        report=report,
        day=place,
        right_now=right_now,
        calm=calm,
        lead=_lead(report.figures),
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


def _lead(figures: Sequence[Figure]) -> list[Figure]:
    """Pick the few that are read half asleep."""
    by_key = {figure.key: figure for figure in figures}
    return [by_key[key] for key in _LEAD if key in by_key]


def _waiting(now: Now, right_now: Sequence[str]) -> str:
    """Say what happens until there is a first night."""
    sentences = [now.in_a_word()]
    if now.age_s is not None:
        sentences.append(f"The sensor was last heard {ago(now.age_s)}.")
    if now.recording:
        sentences.append("The first report appears here as soon as somebody lies in the bed.")
    return render_template(
        "quiet.html", title="No night yet", sentences=sentences, right_now=right_now
    )
