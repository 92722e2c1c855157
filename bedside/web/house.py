"""What the pages show and move: everything they are given, in one place."""

from collections.abc import Callable
from dataclasses import dataclass

from bedside.climate import Room
from bedside.clock import Clock
from bedside.health import Health
from bedside.light.light import Light
from bedside.nights import Nights
from bedside.pipeline.listener import Now
from bedside.store import Store
from bedside.web import WebSettings


@dataclass(frozen=True, slots=True)
class House:
    """The house, as the pages know it.

    settings  the section [web]
    heard     what the listener makes of this moment
    room      what the thermometer makes of it
    """

    nights: Nights
    store: Store
    health: Health
    clock: Clock
    settings: WebSettings
    light: Light
    heard: Callable[[], Now]
    room: Callable[[], Room]
