"""How the light stands at this moment, as the pages tell it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LightNow:
    """The light at this moment.

    level, target  perceived brightness now, and where it is going, 0-1
    cause          why; empty while there is no light
    hold_s         how long a change by hand still holds
    held_off_s     how long nothing but a hand or the sunrise may light it
    lamp           name of the lamp; empty while there is none
    ceiling        brightest it may be at this time of day, 0-1
    """

    level: float
    target: float
    cause: str
    hold_s: float
    held_off_s: float
    lamp: str
    ceiling: float
