"""A model of the ADXL345: a FIFO that gives one sample for each read, and no reset.

Written from the data sheet and never from the driver.
"""

from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from bedside.clock import Clock
from bedside.simulator.chip import Accel, Chip, Making
from bedside.simulator.stream import Motion

SAMPLES, SAMPLE_BYTES = 32, 6
_SHAPING = frozenset((0x1E, 0x1F, 0x20, 0x2C, 0x2D, 0x31, 0x38))


class Adxl345Model(Chip):
    """An ADXL345."""

    def __init__(self, clock: Clock, motion: Motion, **making: Unpack[Making]) -> None:
        making.setdefault("noise_ug", 290.0)
        super().__init__(clock, motion, SAMPLES * SAMPLE_BYTES, **making)

    def brown_out(self) -> None:
        """Lose the supply for a moment: all registers as at power-up, the FIFO empty."""
        super().brown_out()
        self._memory[0x00], self._memory[0x2C] = 0xE5, 0x0A

    @property
    def odr_hz(self) -> float:
        """Rate as the registers stand, by the chip's own clock."""
        return 3200.0 / (1 << (15 - (self._memory[0x2C] & 0x0F)))

    @property
    def low_pass_hz(self) -> float:
        """Corner of the filter, always half the rate."""
        return self.odr_hz / 2

    def read(self, length: int) -> bytes:
        """Read registers; any read of the data registers takes one sample, and no more."""
        if not 0x32 <= self._pointer <= 0x37:
            return super().read(length)
        first = self._pointer - 0x32
        data = self._sample()[first : first + length]
        self._pointer += len(data)
        return data + super().read(length - len(data))

    def _sample(self) -> bytes:
        bypassed = not self._memory[0x38] & 0xC0
        if bypassed and self._memory[0x2D] & 0x08:
            self._last = self._counts(self._felt_now()).tobytes()
        data = self._pop_frames(1, SAMPLE_BYTES)
        self._fifo.lost = 0  # reading a sample puts the flag out
        return data

    def _store(self, at: int, value: int) -> None:
        if at == 0x00 or at in (0x2B, 0x30, 0x39) or 0x32 <= at <= 0x37:
            return  # read-only
        if at in _SHAPING:
            self._reshape(at, value)
        else:
            self._memory[at] = value
        if at == 0x38 and not value & 0xC0:
            self._fifo.clear()

    def _fetch(self, at: int) -> int:
        if at == 0x30:
            self._fifo.level()
            return bool(self._fifo.lost)
        if at == 0x39:
            return self._fifo.level() // SAMPLE_BYTES
        return self._memory[at]

    def _counts(self, accel: Accel) -> NDArray[np.int16]:
        """Acceleration (n, 3), g, in counts: always 3.9 mg in full resolution, else ten bits."""
        form = self._memory[0x31]
        widest = 512 << (form & 3) if form & 0x08 else 512
        lsb_per_g = 256.0 if form & 0x08 else 256.0 / (1 << (form & 3))
        shift = np.frombuffer(self._memory[0x1E:0x21], np.int8) * (0.0156 * lsb_per_g)
        counts = np.rint(accel * lsb_per_g + shift).clip(-widest, widest - 1)
        whole: NDArray[np.int16] = counts.astype("<i2")
        return whole

    def _start(self) -> None:
        if self._memory[0x2D] & 0x08 and self._memory[0x38] >> 6 == 2:
            self._flow(self.odr_hz, SAMPLE_BYTES)

    def _render(self, t: NDArray[np.float64], number: int) -> bytes:
        return self._counts(self._felt(t, number)).tobytes()
