"""A night with all its movements, as several pages open it."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from werkzeug.exceptions import BadRequest, NotFound

from bedside.nights.events import Event, events_of
from bedside.pipeline.report import Report
from bedside.pipeline.words import why
from bedside.pipeline.words.times import Times
from bedside.web.days import parse_day
from bedside.web.house import House
from bedside.web.language import N_, spoken
from bedside.web.strip import clock_of

MARKED = {
    "wrong": N_("marked as no movement"),
    "partner": N_("marked as somebody else's"),
}


class Opened(NamedTuple):
    """What the pages show: the night's day, what is told of it, and its movements."""

    day: date
    report: Report
    events: list[Event]

    @property
    def clock(self) -> Times:
        """The clock on the wall in that night."""
        return clock_of(self.report)

    def address(self, at: int) -> str:
        """Where the page of a movement is."""
        return f"/night/{self.day}/events/{self.events[at].key}"


@dataclass(frozen=True, slots=True)
class Line:
    """A movement in the list.

    marked  what was said of it by hand, or nothing
    """

    key: str
    address: str
    at: str
    kind: str
    name: str
    figures: str
    also: str
    marked: str


def opened(house: House, day_text: str) -> Opened:
    """Read which night is wanted; the page of each night begins so.

    Raises
    ------
    BadRequest : it is no date.
    NotFound : nothing was recorded.
    """
    day = parse_day(day_text)
    if day is None:
        raise BadRequest("A night is named by the date of its evening, as in 2026-11-21.")
    if day not in house.nights.dates():
        raise NotFound(f"Nothing was recorded in the night of {spoken().long_day(day)}.")
    return Opened(day, house.nights.report(day), events_of(house.nights, house.store, day))


def kind_of(event: Event) -> str:
    """Which kind of the list a movement belongs to."""
    if event.heard.far or event.heard.kind == "disturbance":
        return "disturbance"
    return "bed" if event.heard.kind in ("bed_exit", "bed_entry") else event.heard.kind


def line_of(night: Opened, at: int) -> Line:
    """Put the movement at a place of the night into a line."""
    event = night.events[at]
    return Line(
        key=event.key,
        address=night.address(at),
        at=night.clock.to_the_second(event.heard.start_s),
        kind=kind_of(event),
        name=why.name(event.heard),
        figures=f"{why.lasted(event.heard)}, {why.strength(event.heard.peak_mg)}",
        also=why.state(event.scored),
        marked=MARKED.get(event.verdict or "", ""),
    )
