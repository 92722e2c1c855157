"""One life of a bedside, from a start of the machine or of the program to whatever ends it.

    python -m bedside.bench.survival.life FOLDER HOURS

plays one that tells the time of the night by writing it to the file `now` beside the database.
"""

import os
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import attrs
import numpy as np
from numpy.typing import NDArray

from bedside.clock import SteppedClock
from bedside.config import Config
from bedside.daemon import Bedside
from bedside.hardware import SimulatedHardware
from bedside.simulator.bus import ChipModel, SimulatedI2C
from bedside.simulator.mpu6050 import Mpu6050Model
from bedside.simulator.profiles import PROFILES
from bedside.simulator.pwm import SimulatedPins
from bedside.simulator.room import night_air
from bedside.simulator.sensors import SENSORS
from bedside.simulator.sht4x import Sht4xModel
from bedside.simulator.sleeper import Sleeper
from bedside.simulator.stream import Motion

IMU, THERMOMETER = 0x68, 0x44
EVENING_WALL_S = 1_790_031_600.0
"""21:00 UTC: what any clock on the wall shows as the night begins."""
RATE_ERROR = 0.013


TIME = struct.Struct("d")


class Start(NamedTuple):
    """How the clocks stand as a life begins.

    true_s       seconds of the night that have passed, whatever the machine believes
    boot_id, monotonic_s  of the machine
    late_s       the wall clock is slow by so much, and not known ...
    set_after_s  ... until so many seconds later
    """

    true_s: float
    boot_id: str
    monotonic_s: float
    late_s: float = 0.0
    set_after_s: float = 0.0


FIRST = Start(0.0, "boot 0", 100.0)


def sleeper(profile: str, seed: int, hours: float) -> Motion:
    """Give the motion of a whole night, by seconds from its beginning."""
    return Sleeper(PROFILES[profile], seed, duration_s=hours * 3600.0).motion


def settings(folder: Path) -> Config:
    """Give plain settings, in a folder of its own."""
    plain = Config()
    return attrs.evolve(
        plain,
        store=attrs.evolve(plain.store, folder=str(folder), min_free_mb=0),
        web=attrs.evolve(plain.web, port=0),
        clock=attrs.evolve(plain.clock, time_zone="UTC"),
    )


def machine(motion: Motion, start: Start) -> SimulatedHardware:
    """Give a bed on whose clocks it is as `start` says."""
    clock = SteppedClock(
        wall=EVENING_WALL_S + start.true_s - start.late_s,
        monotonic=start.monotonic_s,
        known=not start.set_after_s,
    )
    clock.boot_id = start.boot_id
    shift_s = start.true_s - start.monotonic_s

    def shifted(t: NDArray[np.float64]) -> NDArray[np.float64]:
        return motion(t + shift_s)

    noise_ug = SENSORS["mpu6050"].density_ug
    imu = Mpu6050Model(clock, shifted, rate_error=RATE_ERROR, noise_ug=noise_ug)
    chips: dict[int, ChipModel] = {IMU: imu, THERMOMETER: Sht4xModel(clock, night_air(-shift_s))}
    bus = SimulatedI2C(clock, chips)
    return SimulatedHardware(clock, lambda: bus, SimulatedPins(clock))


def live(
    folder: Path, motion: Motion, start: Start, tell: Callable[[float], object], until_s: float
) -> None:
    """Live through the night in time-lapse, to `until_s` of it; tell how far, block by block."""
    bed = machine(motion, start)
    clock = bed.clock
    shift_s = start.true_s - start.monotonic_s
    with Bedside(settings(folder), bed, threading.Event()) as bedside:
        for block in bedside.blocks:
            bedside.hear(block)
            bedside.climate.tick()
            bedside.light.step()
            bedside.tick()
            now_s = clock.monotonic()
            if not clock.known() and now_s - start.monotonic_s >= start.set_after_s:
                clock.step_wall(start.late_s, known=True)
            tell(now_s + shift_s)
            if now_s + shift_s >= until_s:
                return


def main(folder: str, hours: str) -> None:
    """Play a night from its beginning to its end."""
    told = os.open(Path(folder) / "now", os.O_CREAT | os.O_WRONLY)
    live(
        Path(folder),
        sleeper("twitchy", 3, float(hours)),
        FIRST,
        lambda s: os.pwrite(told, TIME.pack(s), 0),
        float(hours) * 3600.0,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
