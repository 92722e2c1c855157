"""A model of the ICM-42688-P: banks of registers, packets with a header.

Written from the data sheet and never from the driver.
"""

from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from bedside.clock import Clock
from bedside.simulator.chip import Accel, Chip, Making
from bedside.simulator.stream import Motion

FIFO_BYTES, PACKET_BYTES = 2048, 8
RESETTING_S = 0.001
POWER_CHANGE_S = 0.0002  # no register may be written for so long
STARTING_S = 0.02
INVALID = -32768
_ODR_HZ = {3: 8000.0, 4: 4000.0, 5: 2000.0, 6: 1000.0, 7: 200.0, 8: 100.0, 9: 50.0, 15: 500.0}
_SHAPING = frozenset((0x16, 0x4C, 0x4E, 0x50, 0x52, 0x5F))


class Icm42688pModel(Chip):
    """An ICM-42688-P."""

    def __init__(self, clock: Clock, motion: Motion, **making: Unpack[Making]) -> None:
        making.setdefault("noise_ug", 70.0)
        super().__init__(clock, motion, FIFO_BYTES, **making)

    def brown_out(self) -> None:
        """Lose the supply for a moment: all registers as at power-up, the FIFO empty."""
        super().brown_out()
        self._memory[0x75], self._memory[0x4C] = 0x47, 0x30
        self._memory[0x50], self._memory[0x52] = 0x06, 0x11
        self._bank = 0
        self._others: dict[tuple[int, int], int] = {}
        self._awake_at_s, self._latched, self._reset_done = float("inf"), 0, True

    @property
    def odr_hz(self) -> float:
        """Rate as the registers stand, by the chip's own clock."""
        return _ODR_HZ.get(self._memory[0x50] & 0x0F, 0.0)

    @property
    def low_pass_hz(self) -> float:
        """Corner of the accelerometer's filter as the registers stand."""
        code = self._memory[0x52] >> 4
        if code == 0:
            return self.odr_hz / 2
        return max(400.0, self.odr_hz) / (4, 5, 8, 10, 16, 20, 40)[min(code, 7) - 1]

    def read(self, length: int) -> bytes:
        """Read registers; a burst from the FIFO's stays there."""
        if self._pointer != 0x30 or self._bank:
            return super().read(length)
        packets = -(-length // PACKET_BYTES)  # a packet that was begun is gone
        return self._fifo.pop(packets * PACKET_BYTES).ljust(length, b"\xff")[:length]

    def _store(self, at: int, value: int) -> None:
        if at == 0x76:
            self._bank = value & 7
        elif self._bank:
            self._others[self._bank, at] = value
        elif at == 0x11 and value & 1:
            self.brown_out()
            self._deaf_until_s = self._clock.monotonic() + RESETTING_S
        elif at == 0x4B:
            if value & 0x02:
                self._fifo.clear()
        elif at in (0x75, 0x11) or 0x1D <= at <= 0x30:
            pass  # read-only
        elif at in _SHAPING:
            self._shape(at, value)
        else:
            self._memory[at] = value

    def _shape(self, at: int, value: int) -> None:
        now_s = self._clock.monotonic()
        if at == 0x4E:
            self._deaf_until_s = now_s + POWER_CHANGE_S
            if not self._memory[at] & 3 and value & 3:
                self._awake_at_s = now_s + STARTING_S
        self._reshape(at, value)
        if at == 0x16 and not value >> 6:
            self._fifo.clear()

    def _fetch(self, at: int) -> int:
        if at == 0x76:
            return self._bank
        if self._bank:
            return self._others.get((self._bank, at), 0)
        if at == 0x2D:
            return self._status()
        if at == 0x2E:
            self._latched = self._fifo.level()
        if at in (0x2E, 0x2F):
            records = PACKET_BYTES if self._memory[0x4C] & 0x40 else 1
            high, low = divmod(self._latched // records, 256)
            big_endian = bool(self._memory[0x4C] & 0x20)
            return high if (at == 0x2E) == big_endian else low
        if 0x1D <= at <= 0x24:
            return self._outputs()[at - 0x1D]
        return self._memory[at]

    def _status(self) -> int:
        full = self._fifo.level() >= FIFO_BYTES
        done, self._reset_done = self._reset_done, False  # reading clears it
        return done << 4 | full << 1

    def _outputs(self) -> bytes:
        raw = round((self.temperature_c - 25.0) * 132.48)
        awake = self._memory[0x4E] & 3
        accel = self._counts(self._felt_now()) if awake else np.full(3, INVALID)
        return np.array([raw], ">i2").tobytes() + accel.astype(">i2").tobytes()

    def _counts(self, accel: Accel) -> NDArray[np.int16]:
        lsb_per_g = 2048 << (self._memory[0x50] >> 5 & 3)  # by code: 16, 8, 4, 2 g
        counts: NDArray[np.int16] = np.rint(accel * lsb_per_g).clip(-32766, 32767).astype(np.int16)
        return counts

    def _start(self) -> None:
        memory = self._memory
        if memory[0x4E] & 3 == 3 and memory[0x5F] & 0x1F == 0x01 and memory[0x16] >> 6 == 1:
            self._flow(self.odr_hz, PACKET_BYTES)

    def _render(self, t: NDArray[np.float64], number: int) -> bytes:
        counts = self._counts(self._felt(t, number))
        counts[t < self._awake_at_s] = INVALID
        head = np.full((len(t), 1), 0x40, np.uint8)
        if number == 0:
            head[0] = 0x42  # the rate has changed
        celsius = np.full((len(t), 1), round((self.temperature_c - 25.0) * 2.07) & 0xFF, np.uint8)
        order = ">i2" if self._memory[0x4C] & 0x10 else "<i2"
        data = counts.astype(order).view(np.uint8).reshape(-1, 6)
        return np.hstack([head, data, celsius]).tobytes()
