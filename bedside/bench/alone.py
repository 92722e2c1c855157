"""The daemon by itself on a simulated chip that lies still, for `daemonic` to watch.

    python -m bedside.bench.alone FOLDER PORT

The chip is the only simulated thing: clock, threads, disk and page are the real ones.
"""

import sys

import attrs
import numpy as np
from numpy.typing import NDArray

from bedside import daemon
from bedside.clock import SystemClock
from bedside.config import Config
from bedside.drivers.pins import PiPins
from bedside.hardware import Hardware
from bedside.simulator.bus import SimulatedI2C
from bedside.simulator.mpu6050 import Mpu6050Model

ADDRESS = 0x68


def still(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return gravity and a grain of 3 mg, (n, 3) g.

    Not drawn at random: NumPy's random numbers take 7 MiB that no Pi would load.
    """
    felt: NDArray[np.float64] = 0.003 * np.sin(np.outer(t, (7919.0, 7907.0, 7901.0)))
    felt[:, 2] += 1.0
    return felt


def main(folder: str, port: str) -> None:
    """Run the daemon until SIGTERM; the nights go into `folder`."""
    plain = Config()
    config = attrs.evolve(
        plain,
        store=attrs.evolve(plain.store, folder=folder, min_free_mb=0),
        web=attrs.evolve(plain.web, port=int(port)),
    )
    clock = SystemClock()
    bus = SimulatedI2C(clock, {ADDRESS: Mpu6050Model(clock, still, noise_ug=0.0)})
    daemon.run(config, Hardware(clock, lambda: bus, PiPins(clock)))


if __name__ == "__main__":
    main(*sys.argv[1:])
