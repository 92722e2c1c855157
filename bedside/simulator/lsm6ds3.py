"""A model of the LSM6DS3 and LSM6DS3TR-C: a FIFO of bare 16-bit words in a repeating pattern.

Written from the data sheets and never from the driver.
"""

from typing import NamedTuple, Unpack

import numpy as np
from numpy.typing import NDArray

from bedside.clock import Clock
from bedside.simulator.chip import Making
from bedside.simulator.lsm6 import ODR_HZ, UNSETTLED, Lsm6
from bedside.simulator.stream import Motion

PATTERN = 3  # words of a sample when the gyro is not stored


class Silicon(NamedTuple):
    """What one of the two is made of.

    fifo_words   size of the FIFO
    lsb_per_c    of the thermometer
    analog_pass  the low-pass is an analog one, chosen in CTRL1_XL and CTRL4_C
    """

    fifo_words: int
    lsb_per_c: float
    analog_pass: bool


SILICON = {0x69: Silicon(4096, 16.0, True), 0x6A: Silicon(2048, 256.0, False)}


class Lsm6ds3Model(Lsm6):
    """One of the two.

    Parameters
    ----------
    identity : what WHO_AM_I holds, 0x69 or 0x6A; it chooses the silicon.
    """

    def __init__(
        self, clock: Clock, motion: Motion, *, identity: int = 0x69, **making: Unpack[Making]
    ) -> None:
        self._silicon = SILICON[identity]
        making.setdefault("noise_ug", 90.0)
        fifo_bytes, lsb_per_c = 2 * self._silicon.fifo_words, self._silicon.lsb_per_c
        super().__init__(clock, motion, identity, fifo_bytes, lsb_per_c, **making)

    @property
    def low_pass_hz(self) -> float:
        """Corner of the accelerometer's filter as the registers stand."""
        if not self._silicon.analog_pass:
            return self.odr_hz / (4 if self._memory[0x10] & 0x02 else 2)
        by_odr = 50.0 if self.odr_hz <= 104.0 else 100.0 if self.odr_hz <= 208.0 else 200.0
        chosen = (400.0, 200.0, 100.0, 50.0)[self._memory[0x10] & 3]
        return chosen if self._memory[0x13] & 0x80 else by_odr

    def read(self, length: int) -> bytes:
        """Read registers; a burst from the FIFO's goes round within its two bytes."""
        if self._pointer not in (0x3E, 0x3F):
            return super().read(length)
        offset = self._pointer - 0x3E
        words = -(-(offset + length) // 2)  # a word that was begun is gone
        return self._fifo.pop(2 * words).ljust(2 * words, b"\0")[offset : offset + length]

    def _store(self, at: int, value: int) -> None:
        if at in (0x08, 0x0A):
            self._reshape(at, value)
            if at == 0x0A and not value & 7:
                self._fifo.clear()
                self._fifo.lost = 0
            return
        super()._store(at, value)

    def _fetch(self, at: int) -> int:
        if not 0x3A <= at <= 0x3D:
            return super()._fetch(at)
        level, size = self._fifo.level(), 2 * self._silicon.fifo_words
        words = level // 2 & (self._silicon.fifo_words - 1)  # all full reads as none
        flags = (level >= size) << 6 | (level > size - 6) << 5 | (level == 0) << 4
        pattern = self._fifo.gone // 2 % PATTERN
        return (words & 0xFF, flags | words >> 8, pattern, 0)[at - 0x3A]

    def _start(self) -> None:
        stored_hz = min(ODR_HZ[self._memory[0x0A] >> 3 & 0x0F], self.odr_hz)
        if stored_hz and self._memory[0x08] & 7 == 1 and self._memory[0x0A] & 7 == 6:
            self._flow(stored_hz, 2 * PATTERN)

    def _render(self, t: NDArray[np.float64], number: int) -> bytes:
        counts = self._sampled(t, number)
        if number == 0:
            counts[0] = UNSETTLED  # to be discarded after a change of mode
        return counts.tobytes()
