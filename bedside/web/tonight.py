"""How it is at this moment, in words: the bed, the room, the light, what was felt last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bedside.climate import Room
from bedside.pipeline.comfort import ComfortSettings
from bedside.pipeline.listener import Now as Heard
from bedside.pipeline.movements import Movement
from bedside.pipeline.words.english import duration
from bedside.pipeline.words.marks import CAUSES, MOVEMENTS
from bedside.web.house import House
from bedside.web.lighting import LightTold
from bedside.web.lighting import told as light_told
from bedside.web.moments import Moments
from bedside.web.now import look

SILENT_S = 5.0
"""A sensor that says nothing for so long is not answering, whatever the reason."""

MOST_MOVEMENTS = 5

State = Literal["bed", "empty", "unknown", "starting", "silent"]


@dataclass(frozen=True, slots=True)
class Tonight:
    """What the page says in words; it changes seldom, since it holds no age in seconds.

    state  what `head` and `say` are about
    moves  (when, what), the newest first
    night  whether it is night by the clock, so that the page is red
    """

    state: State
    head: str
    say: str
    moves: tuple[tuple[str, str], ...]
    room: str
    warnings: tuple[str, ...]
    light: LightTold
    night: bool


def tonight(house: House, moments: Moments, *, night: bool) -> Tonight:
    """Look around."""
    state, head, say = _bed(house, moments)
    felt = house.live.felt()
    now = look(house.health)
    return Tonight(
        state,
        head,
        say,
        tuple(
            (moments.at(movement.start_s), _movement(movement))
            for movement in felt.movements[: -MOST_MOVEMENTS - 1 : -1]
        ),
        room_in_words(house.room(), house.comfort()),
        now.warnings(house.nights.zone, clock_known=house.clock.known()),
        light_told(house.light, moments),
        night,
    )


def _bed(house: House, moments: Moments) -> tuple[State, str, str]:
    """Say who is in bed, as far as the sensor answers."""
    now = look(house.health)
    fault = next((fault for fault in now.faults if fault.part == "sensor"), None)
    if fault is None and now.age_s is None:
        return "starting", "Starting", "Looking for the sensor."
    if fault is not None or now.age_s is None or now.age_s > SILENT_S:
        since_s = house.clock.monotonic() - now.age_s if now.age_s is not None else None
        since_s = fault.since_s if fault is not None and since_s is None else since_s
        since = "" if since_s is None else f"The sensor is not answering {moments.since(since_s)}."
        return "silent", "No answer from the sensor", since
    return _who(house.heard(), house, moments)


def _who(heard: Heard, house: House, moments: Moments) -> tuple[State, str, str]:
    felt = house.live.felt()
    since = ""
    if felt.present is heard.present and felt.since_s is not None:
        since = f"{moments.since(felt.since_s)}".capitalize()
    if heard.present is None:
        return "unknown", "Listening", "Who is in bed is known after half a minute."
    if not heard.present:
        return "empty", "The bed is empty", f"{since}." if since else ""
    breath = "breathing cannot be told now"
    if heard.breaths_per_min is not None:
        breath = f"about {heard.breaths_per_min:.0f} breaths a minute"
    say = f"{since}; {breath}." if since else f"{breath}.".capitalize()
    return "bed", "In bed", say


def _movement(movement: Movement) -> str:
    """Say what was felt, and how strongly."""
    if movement.kind == "disturbance" or movement.far:
        cause = "partner" if movement.far else movement.cause or "other"
        what = "not the sleeper"
        what += "" if cause == "other" else f": {CAUSES.get(cause, cause)}"
    else:
        what = MOVEMENTS[movement.kind]
    return f"{what[:1].upper()}{what[1:]}, {movement.peak_mg:.0f} mg"


def room_in_words(room: Room, comfort: ComfortSettings) -> str:
    """Say how warm it is against the band; an old reading is never told as new."""
    band = f"{comfort.low_c:g} to {comfort.high_c:g} °C is comfortable"
    if room.c is None:
        if room.age_s is None:
            return "No thermometer has been heard."
        return f"Not known: the last reading is {duration(_steps(room.age_s))} old."
    air = "" if room.humidity is None else f", {room.humidity:.0f} % humidity"
    if room.state == "comfortable":
        return f"{room.c:.1f} °C, comfortable{air}."
    return f"{room.c:.1f} °C, {room.state}{air}; {band}."


def _steps(age_s: float) -> float:
    """Round an age down to whole minutes, lest the page change with every second."""
    return max(60.0, age_s // 60.0 * 60.0)


def loudest(swings: Sequence[tuple[float, float]], quiet_mg: float) -> str:
    """Say what the strip shows; (age in s, mg) of each slot.

    The script says the same in the same words.
    """
    recent = [(mg, age_s) for age_s, mg in swings]
    if not recent:
        return "Nothing has been heard in the last minute."
    mg, age_s = max(recent)
    if mg < 3.0 * quiet_mg:
        return "Quiet for the last minute."
    return f"Strongest in the last minute: {mg:.0f} mg, {age_s:.0f} s ago."
