"""A model of the LIS2DW12: 14 bits when it runs at its best, 12 when it saves power.

Written from the data sheet and never from the driver.
"""

from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from bedside.clock import Clock
from bedside.simulator.chip import Accel, Chip, Making
from bedside.simulator.stream import Motion

SAMPLES, SAMPLE_BYTES = 32, 6
RESETTING_S = 0.005
_ODR_HZ = (0.0, 12.5, 12.5, 25.0, 50.0, 100.0, 200.0, 400.0, 800.0, 1600.0)
_MG_PER_LSB = (0.244, 0.488, 0.976, 1.952)  # by code: 2, 4, 8, 16 g, in fourteen bits
_SHAPING = frozenset((0x20, 0x25, 0x2E))


class Lis2dw12Model(Chip):
    """A LIS2DW12."""

    def __init__(self, clock: Clock, motion: Motion, **making: Unpack[Making]) -> None:
        making.setdefault("noise_ug", 90.0)
        super().__init__(clock, motion, SAMPLES * SAMPLE_BYTES, **making)

    def brown_out(self) -> None:
        """Lose the supply for a moment: all registers as at power-up, the FIFO empty."""
        super().brown_out()
        self._memory[0x0F], self._memory[0x21] = 0x44, 0x04

    @property
    def odr_hz(self) -> float:
        """Rate as the registers stand, by the chip's own clock."""
        code = self._memory[0x20] >> 4
        return _ODR_HZ[code] if code < len(_ODR_HZ) else 0.0

    @property
    def low_pass_hz(self) -> float:
        """Corner of the accelerometer's filter as the registers stand."""
        return self.odr_hz / (2, 4, 10, 20)[self._memory[0x25] >> 6]

    def read(self, length: int) -> bytes:
        """Read registers; a burst from the output registers on takes sample after sample."""
        if self._pointer != 0x28:
            return super().read(length)
        if not self._memory[0x21] & 0x04:
            return self._samples(1)[:1] * length
        return self._samples(-(-length // SAMPLE_BYTES))[:length]

    def _after(self, at: int) -> int:
        return super()._after(at) if self._memory[0x21] & 0x04 else at

    def _samples(self, n: int) -> bytes:
        if not self._memory[0x2E] >> 5 and self.odr_hz:
            self._last = self._counts(self._felt_now()).tobytes()
        samples = self._pop_frames(n, SAMPLE_BYTES)
        self._fifo.lost = 0  # there is room again
        return samples

    def _store(self, at: int, value: int) -> None:
        if at == 0x21 and value & 0xC0:
            if value & 0x40:
                self.brown_out()
            self._deaf_until_s = self._clock.monotonic() + RESETTING_S
        elif at in (0x0D, 0x0E, 0x0F) or 0x26 <= at <= 0x2D or at == 0x2F:
            pass  # read-only
        elif at in _SHAPING:
            self._reshape(at, value)
            if at == 0x2E and not value >> 5:
                self._fifo.clear()
                self._fifo.lost = 0
        else:
            self._memory[at] = value

    def _fetch(self, at: int) -> int:
        if at in (0x0D, 0x0E):
            raw = round((self.temperature_c - 25.0) * 16.0) << 4  # twelve bits, from the left
            return raw.to_bytes(2, "little", signed=True)[at - 0x0D]
        if at != 0x2F:
            return self._memory[at]
        samples = self._fifo.level() // SAMPLE_BYTES
        overrun = bool(self._fifo.lost) and samples == SAMPLES
        marked = samples > 0 and samples >= self._memory[0x2E] & 0x1F
        return marked << 7 | overrun << 6 | samples

    def _counts(self, accel: Accel) -> NDArray[np.int16]:
        """Acceleration (n, 3), g, in counts of 14 or 12 bits, from the left."""
        low_power = self._memory[0x20] & 0x0F == 0x00
        bits = 12 if low_power else 14
        mg = _MG_PER_LSB[self._memory[0x25] >> 4 & 3] * 2 ** (14 - bits)
        widest = 1 << (bits - 1)
        whole = np.rint(accel * (1000.0 / mg)).clip(-widest, widest - 1)
        counts: NDArray[np.int16] = (whole.astype(np.int16) << (16 - bits)).astype("<i2")
        return counts

    def _start(self) -> None:
        if self.odr_hz and self._memory[0x2E] >> 5 == 6:
            self._flow(self.odr_hz, SAMPLE_BYTES)

    def _render(self, t: NDArray[np.float64], number: int) -> bytes:
        return self._counts(self._felt(t, number)).tobytes()
