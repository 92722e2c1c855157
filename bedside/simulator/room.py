"""The air of a bedroom, as thermometers find it."""

import math
from collections.abc import Callable
from typing import NamedTuple


class Air(NamedTuple):
    """Degrees Celsius, and percent of relative humidity."""

    c: float
    humidity: float = 45.0


Room = Callable[[float], Air]
"""Monotonic s -> the air then."""


def night_air(start_s: float, *, evening_c: float = 21.4, morning_c: float = 17.2) -> Room:
    """Give a room that cools through the night, over some hours, while breath dampens it.

    Parameters
    ----------
    start_s : bedtime, monotonic.
    evening_c, morning_c : what it begins with, and what it comes down to.
    """

    def air(t_s: float) -> Air:
        hours = max(0.0, t_s - start_s) / 3600.0
        cooled = 1.0 - math.exp(-hours / 2.5)
        heating = 0.15 * math.sin(2.0 * math.pi * hours / 0.7)  # a thermostat's ups and downs
        c = evening_c + (morning_c - evening_c) * cooled + heating
        return Air(c, 42.0 + 9.0 * cooled)

    return air
