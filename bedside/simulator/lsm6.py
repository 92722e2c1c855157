"""What the models of the LSM6 chips share: control registers, thermometer, output registers."""

from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from bedside.clock import Clock
from bedside.simulator.chip import Accel, Chip, Making
from bedside.simulator.stream import Motion

ODR_HZ = (0.0, 12.5, 26.0, 52.0, 104.0, 208.0, 416.0, 833.0, *(0.0,) * 8)
RESETTING_S = 0.03  # registers are deaf for so long after a reset
UNSETTLED = 0x7FFD  # what the filter gives before it has started
_MG_PER_LSB = (0.061, 0.488, 0.122, 0.244)  # by code: 2, 16, 4, 8 g


class Lsm6(Chip):
    """A chip of the LSM6 family, its FIFO apart.

    Parameters
    ----------
    identity : what WHO_AM_I holds.
    fifo_bytes : size of the FIFO.
    lsb_per_c : of the thermometer, which gives 0 at 25 C.
    """

    def __init__(
        self,
        clock: Clock,
        motion: Motion,
        identity: int,
        fifo_bytes: int,
        lsb_per_c: float,
        **making: Unpack[Making],
    ) -> None:
        self._identity, self._lsb_per_c = identity, lsb_per_c
        super().__init__(clock, motion, fifo_bytes, **making)

    def brown_out(self) -> None:
        """Lose the supply for a moment: all registers as at power-up, the FIFO empty."""
        super().brown_out()
        self._memory[0x0F], self._memory[0x12] = self._identity, 0x04
        self._settled_s = float("inf")

    @property
    def odr_hz(self) -> float:
        """Rate of the accelerometer as its registers stand, by the chip's own clock."""
        return ODR_HZ[self._memory[0x10] >> 4]

    def _after(self, at: int) -> int:
        return super()._after(at) if self._memory[0x12] & 0x04 else at

    def _store(self, at: int, value: int) -> None:
        if at == 0x12 and value & 0x81:
            if value & 0x01:
                self.brown_out()
            self._deaf_until_s = self._clock.monotonic() + RESETTING_S
        elif at == 0x0F or 0x1A <= at <= 0x2D or 0x3A <= at <= 0x3F or at >= 0x78:
            pass  # read-only
        elif at == 0x10:
            if not self._memory[at] & 0xF0 and value & 0xF0:
                self._settled_s = self._clock.monotonic() + 2.5 / ODR_HZ[value >> 4]
            self._reshape(at, value)
        else:
            self._memory[at] = value

    def _fetch(self, at: int) -> int:
        if at in (0x20, 0x21):
            raw = round((self.temperature_c - 25.0) * self._lsb_per_c)
            return raw.to_bytes(2, "little", signed=True)[at - 0x20]
        if 0x28 <= at <= 0x2D:
            now = self._counts(self._felt_now()) if self.odr_hz else np.zeros(3, "<i2")
            return now.tobytes()[at - 0x28]
        return self._memory[at]

    def _counts(self, accel: Accel) -> NDArray[np.int16]:
        """Acceleration (n, 3) in g as the registers hold it."""
        counts = np.rint(accel * (1000.0 / _MG_PER_LSB[self._memory[0x10] >> 2 & 3]))
        clipped: NDArray[np.int16] = np.clip(counts, -32768, 32767).astype("<i2")
        return clipped

    def _sampled(self, t: NDArray[np.float64], number: int) -> NDArray[np.int16]:
        """Give the counts (n, 3) of a chunk; the first after power-on are of no use."""
        counts = self._counts(self._felt(t, number))
        counts[t < self._settled_s] = UNSETTLED
        return counts
