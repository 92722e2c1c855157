"""A model of the LSM6DSO and LSM6DSOX: a FIFO of tagged words, a clock that knows its error.

Written from the data sheet and never from the driver.
"""

from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from bedside.clock import Clock
from bedside.simulator.chip import Making
from bedside.simulator.lsm6 import ODR_HZ, Lsm6
from bedside.simulator.stream import Motion

WORDS, WORD_BYTES = 512, 7
# Accelerometer (2), a counter of two bits, and what makes the number of ones even.
TAGS = np.array([0x11, 0x12, 0x14, 0x17], np.uint8)


class Lsm6dsoModel(Lsm6):
    """An LSM6DSO, or an LSM6DSOX: they differ in nothing that matters here."""

    def __init__(self, clock: Clock, motion: Motion, **making: Unpack[Making]) -> None:
        making.setdefault("noise_ug", 70.0)
        super().__init__(clock, motion, 0x6C, WORDS * WORD_BYTES, 256.0, **making)

    def brown_out(self) -> None:
        """Lose the supply for a moment: all registers as at power-up, the FIFO empty."""
        super().brown_out()
        self._memory[0x18] = 0xE0
        fine = max(-128, min(127, round(self._rate_error / 0.0015)))  # trimmed in the factory
        self._memory[0x63] = fine & 0xFF

    @property
    def low_pass_hz(self) -> float:
        """Corner of the accelerometer's filter as the registers stand."""
        shares = (4, 10, 20, 45, 100, 200, 400, 800)
        second = self._memory[0x10] & 0x02
        return self.odr_hz / (shares[self._memory[0x17] >> 5] if second else 2)

    def read(self, length: int) -> bytes:
        """Read registers; a burst from the tag on goes round within the seven bytes of a word."""
        if not 0x78 <= self._pointer <= 0x7E:
            return super().read(length)
        offset = self._pointer - 0x78
        words = -(-(offset + length) // WORD_BYTES)  # a word that was begun is gone
        raw = self._fifo.pop(words * WORD_BYTES).ljust(words * WORD_BYTES, b"\0")
        return raw[offset : offset + length]

    def _store(self, at: int, value: int) -> None:
        if at == 0x63:
            return
        if at in (0x09, 0x0A):
            self._reshape(at, value)
            if at == 0x0A and not value & 7:
                self._fifo.clear()
            return
        super()._store(at, value)

    def _fetch(self, at: int) -> int:
        if at not in (0x3A, 0x3B):
            return super()._fetch(at)
        words = self._fifo.level() // WORD_BYTES
        if at == 0x3A:
            return words & 0xFF
        latched, self._fifo.lost = bool(self._fifo.lost), 0
        return (words >= WORDS) << 6 | (words >= WORDS - 1) << 5 | latched << 3 | words >> 8

    def _start(self) -> None:
        batch_hz = min(ODR_HZ[self._memory[0x09] & 0x0F], self.odr_hz)
        if batch_hz and self._memory[0x0A] & 7 == 6:
            self._flow(batch_hz, WORD_BYTES)

    def _render(self, t: NDArray[np.float64], number: int) -> bytes:
        tags = TAGS[(number * len(t) + np.arange(len(t))) % len(TAGS)]
        data = self._sampled(t, number).view(np.uint8).reshape(-1, 6)
        return np.hstack([tags[:, None], data]).tobytes()
