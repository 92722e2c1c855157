"""What truly happened in a simulated night."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["jerk", "limb_movement", "turn", "bed_exit", "bed_entry", "disturbance"]
Stretch = tuple[float, float]
"""A start and an end, s."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that moved the sensor.

    start_s, end_s  s; of a movement the muscles' push, without the mattress's ringing after it
    kind            what a perfect detector would call it
    cause           of a disturbance: door, steps, lorry, machine, glitch, partner;
                    of the sleeper's: hypnic, periodic, rhythmic, cluster, reflex, or empty
    peak_mg         largest |acceleration| at the sensor, 1-20 Hz, free of noise, mg
    tilt_mg         lasting change of the gravity vector, mg
    quiet_mg        root mean square of |acceleration| around it, 1-20 Hz, mg: noise, and the
                    heartbeat while a beat lasts
    faint           the sleeper's, but too small beside `quiet_mg` for anybody to be sure of it
    """

    start_s: float
    end_s: float
    kind: Kind
    cause: str = ""
    peak_mg: float = 0.0
    tilt_mg: float = 0.0
    quiet_mg: float = 0.0
    faint: bool = False

    @property
    def length_s(self) -> float:
        """How long it lasts, s."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Series:
    """Movements that belong together: periodic, rhythmic or cluster."""

    kind: str
    start_s: float
    end_s: float
    count: int


@dataclass(frozen=True, slots=True)
class Truth:
    """All of a night.

    happenings  in order of their start
    presence    weight on the bed, from the start of an entry to the end of an exit
    asleep      truly asleep
    breaths     (n, 2): start of a breath, s, and its rate, breaths per minute
    series      in order of their start
    """

    happenings: tuple[Happening, ...]
    presence: tuple[Stretch, ...]
    asleep: tuple[Stretch, ...]
    breaths: NDArray[np.float64]
    series: tuple[Series, ...]
