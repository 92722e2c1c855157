"""One movement: its waveform, why it has its name, and what the sleeper says of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as Answered

from bedside.nights.events import Event, mark, surroundings
from bedside.nights.waveform import Waveform, waveform
from bedside.pipeline.movements import Movement
from bedside.pipeline.recorded import Verdict
from bedside.pipeline.samples import Span
from bedside.pipeline.words import why
from bedside.pipeline.words.times import Times
from bedside.web.answers import Answer
from bedside.web.house import House
from bedside.web.language import N_
from bedside.web.opened import Opened, line_of, opened
from bedside.web.waves import wave

_FRESH_S = 120.0  # so long after it a movement's raw samples may still wait for the disk
_VERDICTS: dict[str, Verdict | None] = {"wrong": "wrong", "partner": "partner", "none": None}


def event(house: House) -> Blueprint:
    """Make the page of a movement, to be registered with the app."""
    blueprint = Blueprint("event", __name__)

    @blueprint.get("/night/<day_text>/events/<key>")
    def one(day_text: str, key: str) -> Response:
        night = opened(house, day_text)
        page = _one(house, night, _place(night, key))
        return Answer.of(page, "text/html").to(request)

    @blueprint.post("/night/<day_text>/events/<key>/mark")
    def judge(day_text: str, key: str) -> Answered:
        night = opened(house, day_text)
        at = _place(night, key)
        verdict = request.form.get("verdict", "")
        if verdict not in _VERDICTS:
            raise BadRequest("A movement is marked as `wrong`, `partner` or `none`.")
        mark(house.nights, house.store, night.events[at], _VERDICTS[verdict])
        house.summaries.renew(night.day)
        house.summaries.renew(night.day)
        return redirect(night.address(at), 303)

    return blueprint


def _place(night: Opened, key: str) -> int:
    """Where the movement of that name stands in the night; only names we gave ourselves fit."""
    found = next((at for at, event in enumerate(night.events) if event.key == key), None)
    if found is None:
        raise NotFound("There is no such movement in this night; it may have been heard anew.")
    return found


def _one(house: House, night: Opened, at: int) -> str:
    event = night.events[at]
    scored = house.nights.night(night.day)
    around = surroundings(scored, night.events, at)
    seen = waveform(house.store, event.heard, scored.recorded.odr_hz, house.new_listener)
    return render_template(
        "event.html",
        night=night,
        event=event,
        line=line_of(night, at),
        reasons=why.why(event.scored, around),
        before=night.address(at - 1) if at else "",
        after=night.address(at + 1) if at + 1 < len(night.events) else "",
        number=at + 1,
        figures=_figures(event.heard, around.floor_mg),
        seen=None if seen is None else Seen.of(night, at, seen),
        missing="" if seen is not None else _missing(house, event.heard),
        address=night.address(at),
    )


def _figures(movement: Movement, floor_mg: float | None) -> list[tuple[str, str]]:
    """Name every figure that is on record."""
    told = [
        (N_("Length of the push"), why.lasted(movement)),
        (N_("Strongest, 1 to 20 Hz"), why.strength(movement.peak_mg)),
        (N_("Sharpest change"), f"{movement.peak_jerk_g_s:.2g} g/s"),
        (N_("Lasting tilt"), why.strength(movement.tilt_mg)),
    ]
    if floor_mg is not None:
        told.append((N_("Quiet level of that minute"), why.strength(floor_mg)))
    return told


def _missing(house: House, movement: Movement) -> str:
    """Say why there is no waveform."""
    if house.store.keeps_raw(movement.start_s, movement.end_s):
        return N_(
            "The raw samples of this moment are damaged and cannot be drawn. What was found in "
            "them that night is on record all the same."
        )
    if house.clock.wall() - movement.end_s < _FRESH_S:
        return N_("Its raw samples are just being written. Look again in a minute.")
    if not house.store.settings.raw:
        return N_("Raw samples are not kept, by the setting `[store] raw`; the figures are.")
    return N_(
        "The raw samples of this moment are not kept any more: the oldest nights make room for "
        "new ones. The figures stay on record."
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """A waveform for the page: the drawing, the same in a sentence, the same second by second."""

    drawing: Markup
    summary: str
    rows: list[tuple[str, str, str, str]]

    @classmethod
    def of(cls, night: Opened, at: int, seen: Waveform) -> "Seen":
        """Draw and tell it."""
        movement = _span(night.events[at])
        others = [
            span
            for place, event in enumerate(night.events)
            if place != at and (span := _span(event)).overlap_s(seen.shown) > 0
        ]
        summary, clock = _summary(seen, movement, night.clock), night.clock.to_the_second
        picture = wave(seen, movement, others, clock, summary)
        return cls(picture, summary, list(_rows(seen, movement, others, clock)))


def _span(event: Event) -> Span:
    return Span(event.heard.start_s, event.heard.end_s)


def _summary(seen: Waveform, movement: Span, clock: Times) -> str:
    said = (
        f"From {clock.to_the_second(seen.shown.start_s)} to "
        f"{clock.to_the_second(seen.shown.end_s)}."
    )
    strongest_mg = seen.strongest_mg(movement)
    if strongest_mg is not None:
        said += f" In the movement the strength rises to {why.strength(strongest_mg)}"
        if seen.trigger_mg is None:
            said += "; too little was heard before it to tell the trigger line"
        elif strongest_mg >= seen.trigger_mg:
            said += f", above the trigger line at {why.strength(seen.trigger_mg)}"
        else:
            said += (
                f", below the trigger line at {why.strength(seen.trigger_mg)}: it was found by "
                "its fast tones, which have a line of their own"
            )
        said += "."
    if seen.gaps:
        missing_s = sum(gap.length_s for gap in seen.gaps)
        said += f" {missing_s:.1f} s of it are missing (hatched)."
    return said


def _rows(
    seen: Waveform, movement: Span, others: Sequence[Span], clock: Callable[[float], str]
) -> "list[tuple[str, str, str, str]]":
    """Second by second from the onset: when, how strong, and what it is part of."""
    rows = []
    first = round(seen.shown.start_s - movement.start_s)
    for second in range(first, round(seen.shown.end_s - movement.start_s)):
        span = Span(movement.start_s + second, movement.start_s + second + 1.0)
        mg = seen.strongest_mg(span)
        part = "this movement" if movement.overlap_s(span) > 0 else ""
        if not part and any(other.overlap_s(span) > 0 for other in others):
            part = "another movement"
        strong = "missing" if mg is None else why.strength(mg)
        above = "" if mg is None or seen.trigger_mg is None or mg < seen.trigger_mg else "above"
        rows.append((clock(span.start_s), strong, above, part))
    return rows
