"""The same for programs: JSON, with the words of the glossary as keys."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

from flask import Blueprint, Response, json, request
from werkzeug.exceptions import BadRequest, NotFound

from bedside import __version__
from bedside.clock import Clock
from bedside.health import Fault
from bedside.pipeline.report import as_json
from bedside.web.answers import Answer, Answers
from bedside.web.days import parse_day
from bedside.web.house import House
from bedside.web.language import spoken
from bedside.web.now import look

_JSON = "application/json"


def api(house: House, answers: Answers) -> Blueprint:
    """Make everything under /api, to be registered with the app."""
    blueprint = Blueprint("api", __name__, url_prefix="/api")
    nights, health, clock = house.nights, house.health, house.clock
    started_s = clock.monotonic()

    @blueprint.get("/report/<day_text>")
    def report(day_text: str) -> Response:
        day = parse_day(day_text)
        if day is None and day_text != "latest":
            raise BadRequest("Name the night by the date of its evening, 2026-11-21, or `latest`.")
        dates = nights.dates()
        if not dates:
            raise NotFound("No night has been recorded yet.")
        day = day or nights.latest()
        if day not in dates:
            raise NotFound(f"Nothing was recorded in the night of {spoken().long_day(day)}.")
        told = nights.report(day)
        answer = answers.get(("api", day), told, lambda: Answer.of(_dumps(as_json(told)), _JSON))
        return answer.to(request)

    @blueprint.get("/nights")
    def dates() -> Response:
        listed = [day.isoformat() for day in sorted(nights.dates())]
        return Response(_dumps({"nights": listed}), mimetype=_JSON)

    @blueprint.get("/health")
    def state() -> Response:
        now = look(health)
        told = {
            "status": now.status,
            "recording": now.recording,
            "sensor": health.facts().get("sensor"),
            "last_sample_age_s": None if now.age_s is None else round(now.age_s, 1),
            "faults": [_fault(fault, clock) for fault in now.faults],
            "notes": [_fault(fault, clock) for fault in now.notes],
            "clock_known": clock.known(),
            "uptime_s": round(clock.monotonic() - started_s, 1),
            "version": __version__,
            "facts": health.facts(),
            "machine": asdict(house.machine()),
        }
        return Response(_dumps(told), 200 if now.recording else 503, mimetype=_JSON)

    return blueprint


def _fault(fault: Fault, clock: Clock) -> dict[str, object]:
    return {
        "part": fault.part,
        "sentence": fault.sentence,
        "since": datetime.fromtimestamp(fault.since_wall, UTC).isoformat(timespec="seconds"),
        "for_s": round(clock.monotonic() - fault.since_s, 1),
    }


def _dumps(told: Mapping[str, object]) -> str:
    """Write JSON; a number that is none (NaN) is a fault of the program and raises ValueError."""
    return json.dumps(told, ensure_ascii=False, allow_nan=False, sort_keys=False)
