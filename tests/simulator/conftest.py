"""A chip on a desk: its model, a clock, and what a controller would do with it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bedside.clock import SteppedClock
from bedside.simulator.chip import Chip


def upright(t: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.tile([0.25, -0.5, 1.0], (len(t), 1))


class Desk:
    def __init__(self, model: Callable[..., Chip], motion: Any, **making: Any) -> None:
        self.clock = SteppedClock(monotonic=100.0)
        self.chip = model(self.clock, motion, **{"noise_ug": 0.0, **making})

    def write(self, *data: int) -> None:
        self.chip.write(bytes(data))

    def read(self, register: int, length: int = 1) -> bytes:
        self.chip.write(bytes([register]))
        return self.chip.read(length)

    def little(self, register: int, length: int = 6) -> list[int]:
        """Words of 16 bits from `register` on, the low byte first."""
        return np.frombuffer(self.read(register, length), "<i2").tolist()


@pytest.fixture
def make_desk() -> Callable[..., Desk]:
    return lambda model, motion=upright, **making: Desk(model, motion, **making)
