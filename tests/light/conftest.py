"""A light on simulated pins, a clock turned by hand, and all that it told."""

import threading
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bedside.clock import SteppedClock
from bedside.health import Health
from bedside.light import Light, LightSettings
from bedside.pipeline.listener import PresenceChange
from bedside.pipeline.movements import Movement
from bedside.simulator.pwm import SimulatedPins

BERLIN = ZoneInfo("Europe/Berlin")


class Bedroom:
    """A light by a bed, at a local time."""

    def __init__(self, hour=3, minute=0, *, known=True, header=None, **settings):
        wall = datetime(2026, 6, 2, hour, minute, tzinfo=BERLIN).timestamp()
        self.clock = SteppedClock(wall=wall, known=known)
        self.start_s = self.clock.monotonic()
        self.pins = header or SimulatedPins(self.clock)
        self.faults, self.changes = [], []
        self.health = Health(self.clock, [lambda fault, over: self.faults.append((fault, over))])
        self.settings = LightSettings(**{"pins": "18", **settings})
        self.light = Light(
            self.pins, self.clock, self.health, self.settings, BERLIN, [self.changes.append]
        )
        self.levels = []
        self.light.step()

    def live(self, seconds):
        """Let time pass as the light's own thread lets it, or in longer strides for long."""
        end_s = self.clock.monotonic() + seconds
        stride_s = 0.0 if seconds <= 60.0 else 0.5
        while self.clock.monotonic() < end_s - 1e-9:
            wait_s = self.light.step()
            self.levels.append((self.now_s, self.level))
            left_s = end_s - self.clock.monotonic()
            self.clock.advance(min(max(wait_s, stride_s), left_s))
        self.light.step()

    def run(self, seconds):
        """The same through `run`."""
        stop = threading.Event()
        end_s = self.clock.monotonic() + seconds
        self.clock.on_wait = lambda now: stop.set() if now >= end_s else None
        self.light.run(stop)

    def sleeper(self, present):
        """Somebody comes to bed, or leaves it."""
        self.light.on_presence(PresenceChange(self.clock.monotonic(), present))

    def stirs(self, ago_s=0.0):
        """Somebody seems to be leaving the bed."""
        self.light.on_leaving(self.clock.monotonic() - ago_s)

    def jerk(self, ago_s=0.0, **words):
        at_s = self.clock.monotonic() - ago_s
        movement = {"kind": "jerk", "peak_mg": 20.0, "peak_jerk_g_s": 1.0, "tilt_mg": 0.0, **words}
        self.light.on_movement(Movement(at_s, at_s + 0.3, **movement))

    @property
    def now_s(self):
        return self.clock.monotonic() - self.start_s

    @property
    def level(self):
        return self.light.now.level

    @property
    def told(self):
        """Changes as (s, percent, cause), without the start's."""
        return [
            (round(t_s - self.start_s), round(100 * level), cause)
            for t_s, level, cause in self.changes[1:]
        ]


@pytest.fixture
def bedroom():
    return Bedroom
