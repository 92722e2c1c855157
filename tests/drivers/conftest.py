"""A chip under a mattress that tests can move, on a bus they can spoil."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bedside.clock import SteppedClock
from bedside.drivers.imu import Imu, ImuSettings, open_imu
from bedside.simulator.adxl345 import Adxl345Model
from bedside.simulator.adxl355 import Adxl355Model
from bedside.simulator.bus import SimulatedI2C
from bedside.simulator.chip import Chip
from bedside.simulator.icm42688p import Icm42688pModel
from bedside.simulator.lis2dw12 import Lis2dw12Model
from bedside.simulator.lis3dh import Lis3dhModel
from bedside.simulator.lsm6ds3 import Lsm6ds3Model
from bedside.simulator.lsm6dso import Lsm6dsoModel
from bedside.simulator.mpu6050 import Mpu6050Model

GRAVITY = (0.3, -0.8, 0.5)
MPU_FAMILY = {
    "mpu6050": 0x68,
    "mpu6500": 0x70,
    "mpu9250": 0x71,
    "mpu9255": 0x73,
    "mpu6515": 0x74,
    "mpu6880": 0x78,
    "icm20689": 0x98,
    "icm20608": 0xAF,
    "icm20602": 0x12,
    "icm20600": 0x11,
    "mpu6886": 0x19,
    "clone": 0x75,
}
MODELS: dict[str, tuple[int, Callable[..., Chip]]] = {
    **{
        chip: (0x68, partial(Mpu6050Model, identity=identity))
        for chip, identity in MPU_FAMILY.items()
    },
    "icm42688p": (0x69, Icm42688pModel),
    "lsm6dso": (0x6A, Lsm6dsoModel),
    "lsm6ds3": (0x6B, Lsm6ds3Model),
    "lsm6ds3trc": (0x6A, partial(Lsm6ds3Model, identity=0x6A)),
    "adxl345": (0x53, Adxl345Model),
    "adxl355": (0x1D, Adxl355Model),
    "lis3dh": (0x18, Lis3dhModel),
    "lis2dw12": (0x19, Lis2dw12Model),
}


def lying(t: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.tile(GRAVITY, (len(t), 1))


@dataclass
class Bed:
    clock: SteppedClock
    chip: Any
    bus: SimulatedI2C
    address: int
    word: str

    def open(self, **settings: Any) -> Imu:
        return open_imu(self.bus, self.clock, ImuSettings(**settings))

    def wait(self, seconds: float) -> None:
        self.clock.wait(self.clock.monotonic() + seconds, Event())

    def before_transfer(self, n: int, happen: Callable[[], object]) -> None:
        """Let something happen just before the n-th transfer from now on, counted from 1."""
        transfer, due = self.bus.transfer, self.bus.transfers + n - 1

        def watched(address: int, write: bytes, read: int = 0) -> bytes:
            if self.bus.transfers == due:
                happen()
            return transfer(address, write, read)

        self.bus.transfer = watched  # type: ignore[method-assign]


@pytest.fixture
def make_bed() -> Callable[..., Bed]:
    """A bed with the chip of that word, at its first address unless another is given."""

    def make(
        address: int | None = None, motion: Any = lying, *, chip: str = "mpu6050", **making: Any
    ) -> Bed:
        clock = SteppedClock()
        usual, model = MODELS[chip]
        one = model(clock, motion, **{"noise_ug": 0.0, **making})
        at = usual if address is None else address
        return Bed(clock, one, SimulatedI2C(clock, {at: one}), at, chip)

    return make


@pytest.fixture
def bed(make_bed: Callable[..., Bed]) -> Bed:
    return make_bed()
