"""Every movement of a night, one by one: by hour and by kind."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest, NotFound

from bedside.pipeline.samples import Span
from bedside.web import charts
from bedside.web.answers import Answer
from bedside.web.house import House
from bedside.web.language import N_
from bedside.web.opened import Line, Opened, kind_of, line_of, opened

MOST = 100
"""Movements on one page: a night may have thousands, and a phone is slow."""
_KINDS = {
    "": N_("All"),
    "jerk": N_("Jerks"),
    "limb_movement": N_("Limb movements"),
    "turn": N_("Turns"),
    "bed": N_("In and out of bed"),
    "disturbance": N_("Not the sleeper"),
    "marked": N_("Marked by hand"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go within the list."""

    label: str
    address: str
    count: int
    current: bool = False


class Chosen(NamedTuple):
    """What of the list is wanted: a kind, and from which one on."""

    kind: str
    first: int

    @classmethod
    def asked(cls) -> "Chosen":
        """Read the address.

        Raises
        ------
        BadRequest : it asks for what there is not.
        """
        kind, first = request.args.get("kind", ""), request.args.get("from", "0")
        if kind not in _KINDS:
            raise BadRequest("There is no such kind of movement.")
        if not (first.isascii() and first.isdigit() and len(first) <= 6):
            raise BadRequest("The list is counted from 0.")
        return cls(kind, int(first))

    def address(self, day: date) -> str:
        """Where the list stands that begins there."""
        asked = {"kind": self.kind, "from": self.first}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"/night/{day}/events" + (f"?{query}" if query else "")


def events(house: House) -> Blueprint:
    """Make the pages, to be registered with the app."""
    blueprint = Blueprint("events", __name__)

    @blueprint.get("/night/<day_text>/events")
    def listed(day_text: str) -> Response:
        page = _listed(opened(house, day_text), Chosen.asked())
        return Answer.of(page, "text/html").to(request)

    return blueprint


def _listed(night: Opened, chosen: Chosen) -> str:
    fitting = [
        at
        for at, event in enumerate(night.events)
        if chosen.kind in ("", kind_of(event)) or (chosen.kind == "marked" and event.verdict)
    ]
    if chosen.first and chosen.first >= len(fitting):
        raise NotFound("The list is not that long any more.")
    page = fitting[chosen.first : chosen.first + MOST]
    before, after = max(chosen.first - MOST, 0), chosen.first + MOST
    return render_template(
        "events.html",
        night=night,
        kinds=_kinds(night, chosen),
        hours=_hours(night, fitting, chosen),
        groups=_groups(night, page),
        total=len(fitting),
        first=chosen.first + 1,
        last=chosen.first + len(page),
        earlier=chosen._replace(first=before).address(night.day) if chosen.first else "",
        later=chosen._replace(first=after).address(night.day) if after < len(fitting) else "",
        glyph=charts.glyph,
    )


def _kinds(night: Opened, chosen: Chosen) -> list[Link]:
    """One link for each kind that the night has."""
    counts = Counter(map(kind_of, night.events))
    counts[""] = len(night.events)
    counts["marked"] = sum(event.verdict is not None for event in night.events)
    return [
        Link(label, Chosen(kind, 0).address(night.day), counts[kind], kind == chosen.kind)
        for kind, label in _KINDS.items()
        if counts[kind] or kind == chosen.kind
    ]


def _hours(night: Opened, fitting: Sequence[int], chosen: Chosen) -> list[Link]:
    """One link for each hour with movements in it, to the first of them."""
    links: dict[str, Link] = {}
    for number, (at, label) in enumerate(zip(fitting, _labels(night, fitting), strict=True)):
        start = Chosen(chosen.kind, number if len(fitting) > MOST else 0).address(night.day)
        link = links.get(label) or Link(label, f"{start}#e{night.events[at].key}", 0)
        links[label] = replace(link, count=link.count + 1)
    return list(links.values())


def _labels(night: Opened, fitting: Sequence[int]) -> list[str]:
    """Name the hour of each movement: `23`, `2 again` where a clock repeats it."""
    if not fitting:
        return []
    onsets_s = [night.events[at].heard.start_s for at in fitting]
    hours = night.clock.hours(Span(onsets_s[0], onsets_s[-1] + 1.0))
    return [
        next(label for label, span in reversed(hours) if span.start_s <= t_s) for t_s in onsets_s
    ]


def _groups(night: Opened, page: Sequence[int]) -> list[tuple[str, list[Line]]]:
    """Put the lines together hour by hour."""
    groups: dict[str, list[Line]] = {}
    for at, label in zip(page, _labels(night, page), strict=True):
        groups.setdefault(label, []).append(line_of(night, at))
    return list(groups.items())
