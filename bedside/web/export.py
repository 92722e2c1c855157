"""A night's data: files to take away, and hearing it anew; long work and how it stands."""

import os
from collections.abc import Iterator
from datetime import date

from flask import Blueprint, Response, json, redirect, render_template, request
from werkzeug.exceptions import BadRequest, Conflict, NotFound
from werkzeug.wrappers import Response as Answered

from bedside.nights.export import events_csv, events_json, raw_csv, raw_edf, whole
from bedside.nights.rescoring import rescoring
from bedside.web.answers import Answer
from bedside.web.house import House
from bedside.web.jobs import Done, Job, Work
from bedside.web.opened import Opened, opened

_CHUNK = 1 << 16
_MIMETYPES = {"csv": "application/gzip", "edf": "application/octet-stream"}
_RESCORE, _RAW = "Hearing the night of {day} anew", "Raw samples of the night of {day}"


def export(house: House) -> Blueprint:
    """Make the pages, to be registered with the app."""
    blueprint = Blueprint("export", __name__)

    @blueprint.get("/night/<day_text>/export")
    def choose(day_text: str) -> str:
        night = opened(house, day_text)
        span = whole(house.nights.night(night.day))
        return render_template(
            "export.html",
            night=night,
            raw=house.store.keeps_raw(*span),
            span=night.clock.span(span),
            busy=house.jobs.busy,
        )

    @blueprint.get("/night/<day_text>/events.csv")
    def movements(day_text: str) -> Response:
        night = opened(house, day_text)
        told = events_csv(house.nights.night(night.day), night.events)
        answer = Answer.of(told, "text/csv").to(request)
        return _named(answer, f"bedside-{night.day}-movements.csv")

    @blueprint.post("/night/<day_text>/export")
    def write(day_text: str) -> Answered:
        night = opened(house, day_text)
        kind = request.form.get("kind", "csv")
        if kind not in _MIMETYPES:
            raise BadRequest("Raw samples are written as `csv` or as `edf`.")
        return _begun(house, _RAW, night.day, _written(house, night, kind))

    @blueprint.post("/night/<day_text>/rescore")
    def rescore(day_text: str) -> Answered:
        day = opened(house, day_text).day
        return _begun(house, _RESCORE, day, _heard_anew(house, day))

    return blueprint


def work(house: House) -> Blueprint:
    """Make the page of long work, and the same for a script that looks again and again."""
    blueprint = Blueprint("work", __name__)

    @blueprint.get("/work")
    def state() -> str:
        return render_template("work.html", job=house.jobs.now)

    @blueprint.post("/work/cancel")
    def cancel() -> Answered:
        house.jobs.cancel()
        return redirect("/work", 303)

    @blueprint.get("/work/<int:number>/file")
    def give(number: int) -> Response:
        job = house.jobs.now
        if job is None or job.number != number or job.done is None or job.done.file is None:
            raise NotFound("That file is gone; have it made again.")
        handle = os.dup(job.done.file.fileno())
        mimetype = _MIMETYPES["edf" if job.done.name.endswith(".edf") else "csv"]
        answer = Response(_read(handle), mimetype=mimetype, direct_passthrough=True)
        answer.content_length = os.fstat(handle).st_size
        answer.call_on_close(lambda: os.close(handle))
        return _named(answer, job.done.name)

    @blueprint.get("/api/work")
    def api() -> Response:
        return Response(json.dumps(_told(house.jobs.now)), mimetype="application/json")

    @blueprint.get("/api/events/<day_text>")
    def events(day_text: str) -> Response:
        listed = events_json(opened(house, day_text).events)
        return Answer.of(json.dumps({"events": listed}), "application/json").to(request)

    return blueprint


def _begun(house: House, title: str, day: date, wanted: Work) -> Answered:
    """Begin long work, and show how it stands; one at a time."""
    if not house.jobs.begin(title.format(day=day), f"/night/{day}/export", wanted):
        raise Conflict("Something else is still being worked on; see /work, and try again later.")
    return redirect("/work", 303)


def _written(house: House, night: Opened, kind: str) -> Work:
    scored, store = house.nights.night(night.day), house.store
    if kind == "edf":
        name = f"bedside-{night.day}-raw.edf"
        file = yield from raw_edf(store, scored, night.events, house.nights.zone)
    else:
        name = f"bedside-{night.day}-raw.csv.gz"
        file = yield from raw_csv(store, scored)
    size_mb = os.fstat(file.fileno()).st_size / 1e6
    return Done(f"The file is ready, {size_mb:.1f} MB.", file, name)


def _heard_anew(house: House, day: date) -> Work:
    said = yield from rescoring(house.nights, house.store, day, house.new_listener)
    house.summaries.renew(day)
    return Done(said)


def _read(handle: int) -> Iterator[bytes]:
    """Read from the start, whoever else reads the same file."""
    at = 0
    while chunk := os.pread(handle, _CHUNK, at):
        at += len(chunk)
        yield chunk


def _named(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _told(job: Job | None) -> dict[str, object]:
    if job is None:
        return {"state": "idle"}
    return {
        "state": job.state,
        "title": job.title,
        "progress": round(job.progress, 4),
        "sentence": job.sentence,
        "number": job.number,
    }
