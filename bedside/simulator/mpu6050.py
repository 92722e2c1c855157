"""A model of the MPU-6050 and its kin: asleep at power-up, its own idea of a kilohertz.

Written from the data sheets and never from the driver: two readings of the same page catch
the slip that one shared constant would hide.
"""

from typing import NamedTuple, Unpack

import numpy as np
from numpy.typing import NDArray

from bedside.clock import Clock
from bedside.simulator.chip import Accel, Chip, Making
from bedside.simulator.stream import Motion

RESETTING_S = 0.09  # registers are deaf for so long after a reset
STARTING_S = 0.03  # no samples for so long after waking


class Silicon(NamedTuple):
    """What one member of the family is made of.

    fifo_bytes         size of the FIFO
    own_filter         register 0x1D filters the accelerometer, not 0x1A
    lsb_per_c, zero_c  its thermometer
    empty              what an empty FIFO reads as; None: the last byte again
    """

    fifo_bytes: int
    own_filter: bool
    lsb_per_c: float
    zero_c: float
    empty: int | None = None


_INVENSENSE = Silicon(512, True, 333.87, 21.0)
_ICM = Silicon(512, True, 326.8, 25.0, empty=0xFF)
SILICON = {
    0x68: Silicon(1024, False, 340.0, 36.53),
    **dict.fromkeys((0x70, 0x71, 0x73, 0x74, 0x78), _INVENSENSE),
    **dict.fromkeys((0x11, 0x12, 0x19, 0x98, 0xAF), _ICM),
}
_FILTER_HZ = (260.0, 184.0, 94.0, 44.0, 21.0, 10.0, 5.0, 0.0)
_OWN_FILTER_HZ = (218.0, 218.0, 99.0, 44.8, 21.2, 10.2, 5.05, 420.0)
# Writing one of these changes what samples are, or whether there are any.
_SHAPING = frozenset((0x19, 0x1A, 0x1C, 0x1D, 0x23, 0x6A, 0x6B, 0x6C))


class Mpu6050Model(Chip):
    """A member of the family.

    Parameters
    ----------
    identity : what WHO_AM_I holds; it chooses the silicon.
    silicon : to overrule that, as for a counterfeit.
    """

    def __init__(
        self,
        clock: Clock,
        motion: Motion,
        *,
        identity: int = 0x68,
        silicon: Silicon | None = None,
        **making: Unpack[Making],
    ) -> None:
        self._identity = identity
        self._silicon = silicon or SILICON.get(identity, _INVENSENSE)
        making.setdefault("noise_ug", 400.0)
        super().__init__(clock, motion, self._silicon.fifo_bytes, **making)

    def brown_out(self) -> None:
        """Lose the supply for a moment: all registers as at power-up, the FIFO empty."""
        super().brown_out()
        self._memory[0x6B], self._memory[0x75] = 0x40, self._identity
        self._awake_at_s = float("inf")
        self._last_byte, self._latched = 0, 0

    @property
    def low_pass_hz(self) -> float:
        """Corner of the accelerometer's filter as the registers stand."""
        if self._silicon.own_filter:
            return 1130.0 if self._memory[0x1D] & 8 else _OWN_FILTER_HZ[self._memory[0x1D] & 7]
        return _FILTER_HZ[self._memory[0x1A] & 7]

    def read(self, length: int) -> bytes:
        """Read registers from the pointer on; the FIFO port does not count up."""
        return self._pop(length) if self._pointer == 0x74 else super().read(length)

    def _after(self, at: int) -> int:
        return at if at == 0x74 else super()._after(at)

    def _store(self, at: int, value: int) -> None:
        if at == 0x6B and value & 0x80:
            self.brown_out()
            self._deaf_until_s = self._clock.monotonic() + RESETTING_S
        elif at in (0x3A, 0x68, 0x75) or 0x3B <= at <= 0x48 or 0x72 <= at <= 0x74:
            pass  # read-only, or nothing to keep
        elif at == 0x6A:
            self._reshape(at, value & ~0x04)
            if value & 0x44 == 0x04:  # a reset is only heard while the FIFO is off
                self._fifo.clear()
        elif at == 0x6B:
            if self._memory[0x6B] & 0x40 and not value & 0x40:
                self._awake_at_s = self._clock.monotonic() + STARTING_S
            self._reshape(at, value)
        elif at in _SHAPING:
            self._reshape(at, value)
        else:
            self._memory[at] = value

    def _fetch(self, at: int) -> int:
        if at == 0x3A:
            self._fifo.level()
            flag, self._fifo.lost = self._fifo.lost, 0
            return 0x10 if flag else 0x00
        if 0x3B <= at <= 0x48:
            return self._outputs()[at - 0x3B]
        if at == 0x72:
            self._latched = self._fifo.level()
            return self._latched >> 8
        if at == 0x73:
            return self._latched & 0xFF
        return self._memory[at]

    def _outputs(self) -> bytes:
        """Give registers 0x3B to 0x48: acceleration, temperature, rotation (always at rest)."""
        if self._memory[0x6B] & 0x40:
            return bytes(14)
        return self._counts(self._felt_now(), 0b111).tobytes() + self._temperature() + bytes(6)

    def _temperature(self) -> bytes:
        raw = round((self.temperature_c - self._silicon.zero_c) * self._silicon.lsb_per_c)
        return raw.to_bytes(2, "big", signed=True)

    def _counts(self, accel: Accel, on: int) -> NDArray[np.int16]:
        """Acceleration (n, 3) in g as the registers hold it; axes that are off read zero."""
        lsb_per_g = 16384 >> (self._memory[0x1C] >> 3 & 3)
        axes = np.array([on >> 2 & 1, on >> 1 & 1, on & 1])
        counts = np.rint(accel * (lsb_per_g * axes))
        clipped: NDArray[np.int16] = np.clip(counts, -32768, 32767).astype(">i2")
        return clipped

    def _render(self, t: NDArray[np.float64], number: int) -> bytes:
        counts = self._counts(self._felt(t, number), ~self._memory[0x6C] >> 3 & 7)
        parts = [counts] if self._memory[0x23] & 0x08 else []
        if self._memory[0x23] & 0x80:
            celsius = np.frombuffer(self._temperature(), ">i2")
            parts.append(np.tile(celsius, (len(t), 1)))
        gyro_axes = (self._memory[0x23] >> 4 & 7).bit_count()
        parts.append(np.zeros((len(t), gyro_axes), ">i2"))
        return np.hstack(parts).astype(">i2").tobytes()

    def _start(self) -> None:
        memory = self._memory
        sources = memory[0x23] & 0xF8
        frame = 6 * (sources >> 3 & 1) + 2 * (sources >> 4).bit_count()
        if memory[0x6B] & 0x40 or not memory[0x6A] & 0x40 or not frame:
            return
        base_hz = 8000.0 if memory[0x1A] & 7 in (0, 7) else 1000.0
        self._flow(base_hz / (1 + memory[0x19]), frame, from_s=self._awake_at_s)

    def _pop(self, length: int) -> bytes:
        out = self._fifo.pop(length)
        if out:
            self._last_byte = out[-1]
        empty = self._last_byte if self._silicon.empty is None else self._silicon.empty
        return out.ljust(length, bytes((empty,)))
