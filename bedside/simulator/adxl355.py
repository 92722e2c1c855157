"""A model of the ADXL355: a FIFO of 20-bit words, of which those of x are marked.

Written from the data sheet and never from the driver.
"""

from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from bedside.clock import Clock
from bedside.simulator.chip import Accel, Chip, Making
from bedside.simulator.stream import Motion

WORDS, WORD_BYTES = 96, 3
RESETTING_S = 0.005
RESET_CODE = 0x52
SHADOW = bytes((0x3A, 0x91, 0x5C, 0x07, 0xE2))  # 0x50 to 0x54: some trimming of the factory
EMPTY = b"\x00\x00\x02"


class Adxl355Model(Chip):
    """An ADXL355.

    Parameters
    ----------
    bad_resets : so many resets go wrong: the factory's trimming is not loaded.
    """

    def __init__(
        self, clock: Clock, motion: Motion, *, bad_resets: int = 0, **making: Unpack[Making]
    ) -> None:
        self._bad_resets = bad_resets
        making.setdefault("noise_ug", 22.5)
        super().__init__(clock, motion, WORDS * WORD_BYTES, **making)

    def brown_out(self) -> None:
        """Lose the supply for a moment: all registers as at power-up, the FIFO empty."""
        super().brown_out()
        self._memory[0x00:0x03] = bytes((0xAD, 0x1D, 0xED))
        self._memory[0x29], self._memory[0x2C], self._memory[0x2D] = 0x60, 0x81, 0x01
        self._memory[0x50:0x55] = SHADOW
        self._trimmed = True

    @property
    def odr_hz(self) -> float:
        """Rate as the registers stand, by the chip's own clock."""
        return 4000.0 / (1 << min(10, self._memory[0x28] & 0x0F))

    @property
    def low_pass_hz(self) -> float:
        """Corner of the filter, always a quarter of the rate."""
        return self.odr_hz / 4

    def read(self, length: int) -> bytes:
        """Read registers; a burst from the FIFO's stays there."""
        if self._pointer != 0x11:
            return super().read(length)
        words = -(-length // WORD_BYTES)  # a word that was begun is gone
        raw = self._fifo.pop(words * WORD_BYTES)
        return (raw + EMPTY * (words - len(raw) // WORD_BYTES))[:length]

    def _store(self, at: int, value: int) -> None:
        if at == 0x2F and value == RESET_CODE:
            self.brown_out()
            self._deaf_until_s = self._clock.monotonic() + RESETTING_S
            if self._bad_resets:
                self._bad_resets -= 1
                self._memory[0x52] ^= 0xFF
                self._trimmed = False
        elif at in (0x28, 0x2C, 0x2D):
            self._reshape(at, value)
        elif 0x1E <= at <= 0x2E:
            self._memory[at] = value

    def _fetch(self, at: int) -> int:
        words = self._fifo.level() // WORD_BYTES
        if at == 0x04:
            lost, self._fifo.lost = self._fifo.lost, 0  # reading puts the flag out
            return bool(lost) << 2 | (words >= self._memory[0x29]) << 1 | (words > 0)
        if at == 0x05:
            return words
        if at in (0x06, 0x07):
            raw = round(1885.0 - 9.05 * (self.temperature_c - 25.0))
            return raw.to_bytes(2, "big")[at - 0x06]
        return self._memory[at]

    def _start(self) -> None:
        if not self._memory[0x2D] & 0x01:
            self._flow(self.odr_hz, 3 * WORD_BYTES)

    def _words(self, accel: Accel) -> NDArray[np.uint8]:
        """Acceleration (n, 3), g, in words (n, 9): 20 bits from the left, x marked by the last."""
        code = max(1, self._memory[0x2C] & 3)
        lsb_per_g = 512000 >> code  # 3.9 ug at +-2 g
        counts = np.rint(accel * (lsb_per_g if self._trimmed else 0.8 * lsb_per_g))
        words = counts.clip(-(2**19), 2**19 - 1).astype(np.int32) << 4
        words[:, 0] |= 1
        return words.astype(">i4").view(np.uint8).reshape(-1, 3, 4)[:, :, 1:].reshape(-1, 9)

    def _render(self, t: NDArray[np.float64], number: int) -> bytes:
        return self._words(self._felt(t, number)).tobytes()
