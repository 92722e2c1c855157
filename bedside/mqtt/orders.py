"""What a home's system may ask of the light: read strictly, and never more than the page may."""

import json
from dataclasses import dataclass
from typing import Any, NoReturn

from bedside.errors import MqttError, PinError
from bedside.light.glow import SUNRISE
from bedside.light.light import Light
from bedside.light.now import LightNow

CAUSE = "mqtt"
AUTOMATIC, RISE, OFF_TONIGHT = "automatic", "sunrise", "off for the night"
EFFECTS = (AUTOMATIC, RISE, OFF_TONIGHT)

LARGEST_BYTES = 1024
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: an effect, else a brightness, 0-1, else (None) the usual one."""

    effect: str | None = None
    level: float | None = None


def read(payload: bytes) -> Order:
    """Read an order, as Home Assistant's JSON lights are given them.

    Raises
    ------
    MqttError : it is none; says why.
    """
    order = _parsed(payload)
    if order.get("state") == "OFF":
        return Order(level=0.0)
    if order.get("state") != "ON":
        raise MqttError(f'{_excerpt(payload)} has no "state" that is "ON" or "OFF"')
    effect, brightness = order.get("effect"), order.get("brightness")
    if effect is not None:
        if effect not in EFFECTS:
            raise MqttError(f"{_excerpt(payload)} asks for none of the effects there are")
        return Order(effect=effect)
    return Order(level=None if brightness is None else _level(brightness, payload))


def obey(light: Light, order: Order) -> None:
    """Do what is asked for, as far as the night's ceiling allows.

    Raises
    ------
    PinError : there is no lamp.
    """
    if order.effect is None:
        light.set_by_hand(light.usual if order.level is None else order.level, CAUSE)
        return
    if refusal := light.refusal:
        raise PinError(refusal)
    if order.effect == RISE:
        light.sunrise()
    elif order.effect == OFF_TONIGHT:
        light.hold_off(CAUSE)
    else:
        light.let_go(CAUSE)


def told(now: LightNow) -> dict[str, Any]:
    """Say how the light stands, as granted; no effect while a hand holds it."""
    on = now.target > 0.0
    effect: str | None = AUTOMATIC
    if now.held_off_s > 0.0 and not (on and now.hold_s > 0.0):
        effect = OFF_TONIGHT
    elif now.cause == SUNRISE:
        effect = RISE
    elif now.hold_s > 0.0:
        effect = None
    return {
        "state": "ON" if on else "OFF",
        "brightness": max(1, round(100.0 * now.target)) if on else 0,
        "color_mode": "brightness",
        "effect": effect,
        "cause": now.cause,
        "brightest": round(100.0 * now.ceiling),
    }


def _parsed(payload: bytes) -> dict[str, Any]:
    if len(payload) > LARGEST_BYTES:
        raise MqttError(f"{len(payload)} bytes are no order to a light")
    try:
        order = json.loads(payload, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise MqttError(f"{_excerpt(payload)} is not JSON") from None
    if not isinstance(order, dict):
        raise MqttError(f"{_excerpt(payload)} is no JSON object")
    return order


def _level(value: object, payload: bytes) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100:
        return value / 100.0
    raise MqttError(f"{_excerpt(payload)} has no brightness from 0 to 100")


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def _excerpt(payload: bytes) -> str:
    """Show the beginning in letters that can do a log no harm."""
    return ascii(payload[:_SHOWN].decode(errors="replace"))
