"""A model of the LIS3DH: a burst counts up only when the register's bit 7 asks for it.

Written from the data sheet and never from the driver.
"""

from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from bedside.clock import Clock
from bedside.simulator.chip import Accel, Chip, Making
from bedside.simulator.stream import Motion

SAMPLES, SAMPLE_BYTES = 32, 6
BOOTING_S = 0.005
_ODR_HZ = (0.0, 1.0, 10.0, 25.0, 50.0, 100.0, 200.0, 400.0)
_MG_PER_LSB = (1.0, 2.0, 4.0, 12.0)  # by code: 2, 4, 8, 16 g, in twelve bits
_SHAPING = frozenset((0x20, 0x21, 0x23, 0x24, 0x2E))


class Lis3dhModel(Chip):
    """A LIS3DH."""

    def __init__(self, clock: Clock, motion: Motion, **making: Unpack[Making]) -> None:
        making.setdefault("noise_ug", 220.0)
        super().__init__(clock, motion, SAMPLES * SAMPLE_BYTES, **making)

    def brown_out(self) -> None:
        """Lose the supply for a moment: all registers as at power-up, the FIFO empty."""
        super().brown_out()
        self._memory[0x0F], self._memory[0x20] = 0x33, 0x07
        self._counts_up = False

    @property
    def odr_hz(self) -> float:
        """Rate as the registers stand, by the chip's own clock."""
        code = self._memory[0x20] >> 4
        return _ODR_HZ[code] if code < len(_ODR_HZ) else 0.0

    @property
    def low_pass_hz(self) -> float:
        """Corner of the filter, half the rate in high resolution."""
        return self.odr_hz / 2

    def write(self, data: bytes) -> None:
        """Set the register pointer by seven bits; the eighth lets it count up."""
        self._counts_up = bool(data[0] & 0x80)
        super().write(bytes((data[0] & 0x7F,)) + data[1:])

    def read(self, length: int) -> bytes:
        """Read registers; a burst from the output registers on takes sample after sample."""
        if self._pointer != 0x28:
            return super().read(length)
        if not self._counts_up:
            return self._samples(1)[:1] * length
        return self._samples(-(-length // SAMPLE_BYTES))[:length]

    def _after(self, at: int) -> int:
        return super()._after(at) if self._counts_up else at

    def _samples(self, n: int) -> bytes:
        if not self._memory[0x2E] >> 6 and self.odr_hz:
            self._last = self._counts(self._felt_now()).tobytes()
        return self._pop_frames(n, SAMPLE_BYTES)

    def _store(self, at: int, value: int) -> None:
        if at == 0x24 and value & 0x80:  # loads the trimming; other registers stay as they are
            self._deaf_until_s = self._clock.monotonic() + BOOTING_S
            value &= ~0x80
        if at == 0x0F or 0x27 <= at <= 0x2D or at == 0x2F:
            return  # read-only
        if at in _SHAPING:
            self._reshape(at, value)
        else:
            self._memory[at] = value
        if at == 0x2E and not value >> 6:
            self._fifo.clear()

    def _fetch(self, at: int) -> int:
        if at != 0x2F:
            return self._memory[at]
        samples = self._fifo.level() // SAMPLE_BYTES
        full = samples == SAMPLES  # 32 is told as 31 and the flag
        marked = samples > (self._memory[0x2E] & 0x1F)
        return marked << 7 | full << 6 | (samples == 0) << 5 | min(samples, SAMPLES - 1)

    def _counts(self, accel: Accel) -> NDArray[np.int16]:
        """Acceleration (n, 3), g, in counts of 12, 10 or 8 bits, from the left."""
        bits = 8 if self._memory[0x20] & 0x08 else 12 if self._memory[0x23] & 0x08 else 10
        mg = _MG_PER_LSB[self._memory[0x23] >> 4 & 3] * 2 ** (12 - bits)
        widest = 1 << (bits - 1)
        axes = np.array([self._memory[0x20] >> axis & 1 for axis in range(3)])
        whole = np.rint(accel * axes * (1000.0 / mg)).clip(-widest, widest - 1)
        counts: NDArray[np.int16] = (whole.astype(np.int16) << (16 - bits)).astype("<i2")
        return counts

    def _start(self) -> None:
        streaming = self._memory[0x24] & 0x40 and self._memory[0x2E] >> 6 == 2
        if streaming and self.odr_hz and self._memory[0x20] & 7:
            self._flow(self.odr_hz, SAMPLE_BYTES)

    def _render(self, t: NDArray[np.float64], number: int) -> bytes:
        accel = self._felt(t, number)
        if self._memory[0x21] & 0x08:  # high-passed: gravity is gone
            accel -= accel.mean(axis=0)
        return self._counts(accel).tobytes()
