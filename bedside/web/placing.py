"""Placing the sensor: a guide on the phone, for hands that are under a mattress."""

import math
import threading
from dataclasses import dataclass
from typing import Literal

from flask import Blueprint, Response, render_template, request

from bedside.live.breath import Breath
from bedside.live.placing import ENOUGH_STILL_S, ENOUGH_TAPS, STEPS, Lie, Placing, Step, judge
from bedside.pipeline.words.english import counted, times
from bedside.web.house import House
from bedside.web.live import FRESH_S, as_json, parse_since, spelled
from bedside.web.pace import Pace
from bedside.web.theme import Themes

_STRONG = 10.0
_GRAVITY_G = (0.8, 1.2)
_SLID_DEG = 5.0
_BAR_DECADES = 2.0  # the bar is full at a hundred times the quiet
_SHOWN_SLOTS = 10


@dataclass(frozen=True, slots=True)
class Told:
    """One step of the guide.

    state  done; now: what is to be done; later
    """

    step: Step
    state: Literal["done", "now", "later"]
    head: str
    say: str


_HEADS: dict[Step, str] = {
    "sensor": "The sensor answers",
    "lies": "Push it under the mattress",
    "tap": "Tap the mattress three times",
    "still": "Lie down and keep still",
    "leave": "Leave it so",
}


def tell(placing: Placing) -> list[Told]:
    """Say for every step how it stands."""
    at = STEPS.index(placing.step)
    says = {
        "sensor": _sensor(placing),
        "lies": _lies(placing.lie),
        "tap": _taps(placing),
        "still": _still(placing),
        "leave": "This is a good place. From now on it must not slide: tape it, or tuck it in."
        if placing.step == "leave"
        else "",
    }
    told = []
    for number, step in enumerate(STEPS):
        state: Literal["done", "now", "later"] = "later"
        if number == at:
            state = "now"
        elif number < at:
            state = "done"
        told.append(Told(step, state, _HEADS[step], says[step]))
    return told


def _sensor(placing: Placing) -> str:
    if placing.lie is None:
        return "It is not answering. Look at its plug and its cable; it is looked for all the time."
    if placing.bus_errors or placing.gaps:
        return (
            f"In the last two minutes: {counted(placing.bus_errors, 'failed transfer')} and "
            f"{counted(placing.gaps, 'lost stretch', 'lost stretches')}. The cable may be loose, or"
            " too long."
        )
    return "No errors on the cable in the last two minutes."


def _lies(lie: Lie | None) -> str:
    if lie is None:
        return ""
    if not lie.way:
        return "Below your chest, near the edge, right under the mattress. Then let go of it."
    if not _GRAVITY_G[0] <= lie.g <= _GRAVITY_G[1]:
        return (
            f"It feels {lie.g:.2f} g of gravity where 1 is right: is it the chip that the settings"
            " name?"
        )
    slid = ""
    if lie.slid_deg >= _SLID_DEG:
        slid = f" It has turned by {lie.slid_deg:.0f}° since: see that it cannot slide."
    return f"It lies {lie.way}. Any way is right, as long as it stays so.{slid}"


def _taps(placing: Placing) -> str:
    taps = placing.taps
    if placing.breath.grade == "good" and len(taps) < ENOUGH_TAPS:
        return "Not needed: you are felt to breathe."
    if not taps:
        return "With a flat hand, where your chest will be, a second apart."
    strongest = max(taps)
    said = f"Felt {times(len(taps))}, {strongest:.0f} times as strong as the quiet"
    if strongest < _STRONG:
        return f"{said}: weak. Move it nearer to where you lie."
    if len(taps) < ENOUGH_TAPS:
        return f"{said}. {ENOUGH_TAPS - len(taps)} more."
    return f"{said}: good."


def _still(placing: Placing) -> str:
    breath, now = placing.breath, placing.step in ("still", "leave")
    if not now:
        return "For half a minute, as you sleep."
    if breath.grade is None:
        left_s = max(1.0, ENOUGH_STILL_S - placing.still_s)
        return f"Breathe as always. About {left_s:.0f} s more."
    return _breath(breath)


def _breath(breath: Breath) -> str:
    if breath.grade == "none" or breath.per_min is None:
        return (
            "I cannot feel you breathe. If you lie in the bed: move the sensor to below your chest,"
            " or from under the slats to right under the mattress."
        )
    felt = f"I can feel you breathe, {breath.per_min:.0f} a minute"
    if breath.grade == "weak":
        return (
            f"{felt}: weak. A hand's breadth nearer to your chest may be better; if no place is,"
            " leave it so."
        )
    return f"{felt}: good."


def bar(swing_mg: float, quiet_mg: float) -> int:
    """Return how far the bar reaches, 0-100, by how much a swing stands out of the quiet."""
    if swing_mg <= quiet_mg or quiet_mg <= 0.0:
        return 0
    return round(100.0 * min(1.0, math.log10(swing_mg / quiet_mg) / _BAR_DECADES))


def placing(house: House, themes: Themes) -> Blueprint:
    """Make the page and its answers, to be registered with the app."""
    blueprint = Blueprint("placing", __name__)
    guide = _Guide(house)

    @blueprint.get("/placing")
    def page() -> str:
        now = guide.now()
        return render_template(
            "placing.html",
            steps=tell(now),
            bar=bar(now.swing_mg, now.quiet_mg),
            chosen=themes.chosen(),
        )

    @blueprint.get("/api/placing")
    def answer() -> Response:
        seq, slots = house.live.since(parse_since(request.args.get("since", "0")), _SHOWN_SLOTS)
        now = guide.now()
        age_s = house.health.age_s("samples")
        return as_json(
            {
                "seq": seq,
                "age_s": None if age_s is None else round(age_s, 2),
                "again_s": guide.pace.next_s(),
                "step": now.step,
                "steps": spelled([(step.state, step.say) for step in tell(now)]),
                "bars": [bar(slot.swing_mg, now.quiet_mg) for slot in slots],
                "night": themes.night(),
            }
        )

    return blueprint


class _Guide:
    """What is known of the place, at most a moment old."""

    def __init__(self, house: House) -> None:
        self._house, self._lock = house, threading.Lock()
        self._made_s, self._known = -1.0, Placing("sensor")
        self.pace = Pace(house.clock)

    def now(self) -> Placing:
        """Give it."""
        now_s = self._house.clock.monotonic()
        with self._lock:
            if not 0.0 <= now_s - self._made_s < FRESH_S:
                self._known, self._made_s = judge(self._house.live.slots(), now_s), now_s
            return self._known
