"""The night light by phone: what is said of it, and what may be asked of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, json, request
from werkzeug.exceptions import BadRequest, FailedDependency

from bedside.errors import PinError
from bedside.light.light import Light
from bedside.pipeline.words.english import percent
from bedside.web.house import House
from bedside.web.moments import Moments

CAUSE = "phone"
_WHY = {
    "phone": "set by phone",
    "button": "set by the button",
    "mqtt": "set by the home's own system",
    "evening": "the evening's light",
    "out of bed": "it lights the way",
    "sunrise": "the sunrise",
    "soothing after twitches": "it soothes after twitches",
}
_PERCENT = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class LightTold:
    """The light, as the page shows it.

    says     one or two sentences
    level    where it is going, %
    most     brightest it may be now, %
    usual    what it is turned on to, %
    settable whether there is a lamp
    on       whether there is light, or will be
    held     whether a hand or a long press keeps it from being automatic
    """

    says: str
    level: int
    most: int
    usual: int
    settable: bool
    on: bool
    held: bool


def told(light: Light, moments: Moments) -> LightTold:
    """Say how the light stands, and why."""
    now, refusal = light.now, light.refusal
    most = max(1, round(100.0 * now.ceiling))
    level = 0 if now.target <= 0.0 else max(1, round(100.0 * now.target))
    if refusal:
        said = [f"{refusal[:1].upper()}{refusal[1:]}."]
    elif now.held_off_s > 0.0 and not level:
        until = moments.ahead(now.held_off_s)
        said = [f"Off for the night: only a hand or the sunrise lights it {until}."]
    elif level:
        said = [f"On at {percent(now.target)}: {_WHY.get(now.cause, now.cause)}."]
    else:
        said = ["Off."]
    if now.hold_s > 0.0 and not refusal:
        said.append(f"Nothing else changes it {moments.ahead(now.hold_s)}.")
    if most < 100 and not refusal:
        said.append(f"At this time of night it is never brighter than {most} %.")
    held = now.hold_s > 0.0 or now.held_off_s > 0.0
    usual = min(most, round(100.0 * light.usual))
    return LightTold(" ".join(said), level, most, usual, not refusal, level > 0, held)


def lighting(house: House, moments: Moments) -> Blueprint:
    """Make the routes by which a phone sets the light, to be registered with the app."""
    blueprint = Blueprint("lighting", __name__)
    light = house.light

    @blueprint.post("/light")
    def by_form() -> Response:
        _obey(light)
        return Response(status=303, headers={"Location": "/live#light"})

    @blueprint.post("/api/light")
    def by_script() -> Response:
        granted = _obey(light)
        state = told(light, moments)
        answer = {"granted": granted, "level": state.level, "says": state.says}
        return Response(json.dumps(answer, ensure_ascii=False), mimetype="application/json")

    return blueprint


def _obey(light: Light) -> int:
    """Do what the form asks for; the brightness granted, %."""
    asked = request.form.get("do", "set")
    orders: dict[str, Callable[[], float]] = {
        "set": lambda: light.set_by_hand(_asked_level(), CAUSE),
        "on": lambda: light.set_by_hand(light.usual, CAUSE),
        "off": lambda: light.set_by_hand(0.0, CAUSE),
        "night": lambda: _after(light, lambda: light.hold_off(CAUSE)),
        "auto": lambda: _after(light, lambda: light.let_go(CAUSE)),
    }
    if asked not in orders:
        raise BadRequest("The light can be told: set, on, off, night or auto.")
    try:
        return round(100.0 * orders[asked]())
    except PinError as error:
        raise FailedDependency(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error


def _after(light: Light, order: Callable[[], None]) -> float:
    """Give an order that tells nothing back; PinError where there is no lamp to obey it."""
    if refusal := light.refusal:
        raise PinError(refusal)
    order()
    return light.now.target


def _asked_level() -> float:
    text = request.form.get("level", "")
    if not _PERCENT.fullmatch(text) or int(text) > 100:
        raise BadRequest("The brightness is a whole number of percent, from 0 to 100.")
    return int(text) / 100.0
