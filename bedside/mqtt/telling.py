"""What is told: each topic's newest words."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from bedside import __version__
from bedside.climate import Room
from bedside.clock import Clock
from bedside.errors import StoreError
from bedside.health import Health
from bedside.light.light import Light
from bedside.mqtt import MqttSettings
from bedside.mqtt.discovery import discovery
from bedside.mqtt.orders import told
from bedside.mqtt.topics import OFFLINE, ONLINE, Topics
from bedside.nights import Nights
from bedside.nights.nights import EARLIER, NAP_S
from bedside.nights.summary import Summary, summarise

PART = "mqtt"
REST_S = 1800.0
"""A night is over when the bed has been empty for so long: whoever gets up once comes back."""
LOOK_S, LOOK_IN_BED_S = 60.0, 900.0
"""Between looks at the nights: while somebody lies in bed, none is over."""


@dataclass(frozen=True, slots=True)
class Bed:
    """All that is told of.

    present  whether somebody is in bed; None while it is not known
    room     the room at this moment
    """

    present: Callable[[], bool | None]
    room: Callable[[], Room]
    light: Light
    health: Health
    nights: Nights
    clock: Clock


class Telling:
    """Knows what each topic should say now; not for several threads.

    Parameters
    ----------
    has_light : whether there is a lamp to announce.
    """

    def __init__(self, settings: MqttSettings, bed: Bed, *, has_light: bool) -> None:
        self._bed, self._has_light = bed, has_light
        self.topics = Topics.of(settings)
        self._announced = _dumps(discovery(settings, self.topics, light=has_light))
        self._night = _dumps(_figures(None))
        self._look_at_s = float("-inf")

    def all(self) -> dict[str, str]:
        """Give every topic with what it should say; all of it is retained."""
        topics = self.topics
        said = {topics.discovery: self._announced} if topics.discovery else {}
        said |= {
            topics.status: ONLINE,
            topics.about: self._about(),
            topics.bed: _dumps({"present": self._bed.present()}),
            topics.room: self._room(),
            topics.faults: self._faults(),
            topics.night: self._last_night(),
        }
        return said | self.light()

    def light(self) -> dict[str, str]:
        """Give the topics of the light; none where there is no light."""
        if not self._has_light:
            return {}
        light, topics = self._bed.light, self.topics
        there = OFFLINE if light.refusal else ONLINE
        return {topics.light_there: there, topics.light: _dumps(told(light.now))}

    def _about(self) -> str:
        sensor = self._bed.health.facts().get("sensor")
        return _dumps({"version": __version__, "sensor": sensor})

    def _room(self) -> str:
        room = self._bed.room()
        c = None if room.c is None else round(room.c, 1)
        humidity = None if room.humidity is None else round(room.humidity)
        return _dumps({"temperature_c": c, "humidity": humidity})

    def _faults(self) -> str:
        """Tell of what is wrong; what has lasted and does no harm is no problem."""
        faults = [f for f in self._bed.health.faults() if not f.calm and f.part != PART]
        return _dumps(
            {
                "problem": bool(faults),
                "sentence": faults[0].sentence if faults else "",
                "parts": [fault.part for fault in faults],
            }
        )

    def _last_night(self) -> str:
        now_s = self._bed.clock.monotonic()
        if now_s >= self._look_at_s:
            self._look_at_s = now_s + (LOOK_IN_BED_S if self._bed.present() else LOOK_S)
            with suppress(StoreError):  # the daemon tells of a disk that cannot be read
                self._night = _dumps(_figures(last_night(self._bed.nights, self._bed.clock)))
        return self._night


def last_night(nights: Nights, clock: Clock) -> Summary | None:
    """Sum up the newest night that is over; None where there is none among the newest.

    Raises
    ------
    StoreError : the record cannot be read.
    """
    for evening in nights.dates()[: -EARLIER - 1 : -1]:
        if _over(nights, clock, evening):
            return summarise(nights.night(evening), evening)
    return None


def _over(nights: Nights, clock: Clock, evening: date) -> bool:
    night = nights.night(evening)
    if night.tib_s < NAP_S or night.bounds is None:
        return False
    return not night.ongoing and clock.wall() - night.bounds.end_s >= REST_S


def _figures(night: Summary | None) -> dict[str, Any]:
    """Put a night into plain figures; null is what could not be told."""
    slept = night is not None and night.tst_s is not None

    def count(kind: str) -> int | None:
        return night.asleep[kind] if night is not None and slept else None

    def rounded(value: float | None, scale: float = 1.0) -> float | None:
        return None if value is None else round(value * scale, 1)

    return {
        "evening": night.evening.isoformat() if night else None,
        "jerks": count("jerk"),
        "limb_movements": count("limb_movement"),
        "turns": count("turn"),
        "movements_per_hour": rounded(night.per_hour() if night else None),
        "periodic_index": rounded(night.periodic_index if night else None),
        "asleep_min": rounded(night.tst_s if night else None, 1 / 60),
        "in_bed_min": rounded(night.tib_s if night else None, 1 / 60),
        "falling_asleep_min": rounded(night.sol_s if night else None, 1 / 60),
        "awake_min": rounded(night.waso_s if night else None, 1 / 60),
        "recorded_percent": rounded(night.coverage if night else None, 100.0),
        "clock_known": night.clock_known if night else None,
    }


def _dumps(plain: dict[str, Any]) -> str:
    return json.dumps(plain, ensure_ascii=False, allow_nan=False)
