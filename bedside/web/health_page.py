"""Health: how every part fares, what was wrong lately, and a bundle for whoever helps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest

from bedside.pipeline.recorded import Fault
from bedside.pipeline.words.english import duration, sentence
from bedside.support import DAYS, Evidence, bundle
from bedside.web.checks import checks
from bedside.web.house import House
from bedside.web.now import look

_DAY_S = 86_400.0
_ON_A_PAGE = 25
_HEADLINES = {
    "ok": "All is well",
    "impaired": "Recording, but something needs a look",
    "starting": "Just started",
    "not recording": "No night can be recorded",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log of faults; `lasted` is empty while it goes on."""

    began: datetime
    lasted: str
    part: str
    sentence: str


def health_page(house: House) -> Blueprint:
    """Make the page and the bundle, to be registered with the app."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/health")
    def show() -> str:
        now, number = look(house.health), _page()
        found = _entries(house)
        pages = max(1, -(-len(found) // _ON_A_PAGE))
        if number > pages:
            raise BadRequest(f"The log has {pages} pages.")
        return render_template(
            "health.html",
            headline=_HEADLINES[now.status],
            now=now,
            checks=checks(house, now),
            entries=found[(number - 1) * _ON_A_PAGE : number * _ON_A_PAGE],
            total=len(found),
            days=DAYS,
            number=number,
            pages=pages,
            clock_known=house.clock.known(),
        )

    @blueprint.post("/health/bundle")
    def give() -> Response:
        today = datetime.fromtimestamp(house.clock.wall(), house.nights.zone)
        packed = bundle(_evidence(house), house.store.path.parent)
        answer = Response(packed, mimetype="application/zip")
        answer.headers["Content-Disposition"] = (
            f'attachment; filename="bedside-support-{today:%Y-%m-%d}.zip"'
        )
        return answer

    return blueprint


def _page() -> int:
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) > 0):
        raise BadRequest("A page of the log is named by its number.")
    return int(text)


def _lately(house: House) -> Sequence[Fault]:
    now_s = house.clock.wall()
    return house.store.faults(now_s - DAYS * _DAY_S, now_s + _DAY_S)


def _entries(house: House) -> list[Entry]:
    """Give the log, newest first."""
    zone = house.nights.zone
    return [
        Entry(
            datetime.fromtimestamp(fault.start_s, zone),
            "" if fault.end_s is None else duration(fault.end_s - fault.start_s),
            fault.part,
            sentence(fault.sentence),
        )
        for fault in reversed(_lately(house))
    ]


def _evidence(house: House) -> Evidence:
    store = house.store
    return Evidence(
        house.settings_told(),
        house.machine(),
        house.examined(),
        house.clock.known(),
        house.health.facts(),
    ).with_database(store.condition(), store.row_counts(), _lately(house))
