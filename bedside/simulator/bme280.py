"""A model of the BME280 (and BMP280): the raw codes for which its own formulas give the room.

The formulas are the data sheet's in whole numbers, the ones that a microcontroller would use.
"""

import struct
from collections.abc import Callable
from typing import NamedTuple

from bedside.clock import Clock
from bedside.simulator.room import Room

BME280, BMP280 = 0x60, 0x58
STARTING_S = 0.002
SKIPPED = bytes.fromhex("80 00 00 80 00 00 80 00")


class Trim(NamedTuple):
    """What the factory burnt in."""

    t1: int = 27504
    t2: int = 26435
    t3: int = -1000
    h1: int = 75
    h2: int = 370
    h3: int = 0
    h4: int = 313
    h5: int = 50
    h6: int = 30


def hundredths_c(raw: int, trim: Trim) -> tuple[int, int]:
    """Temperature in 1/100 °C, and the fine one that the humidity wants."""
    first = (((raw >> 3) - (trim.t1 << 1)) * trim.t2) >> 11
    off = (raw >> 4) - trim.t1
    fine = first + ((((off * off) >> 12) * trim.t3) >> 14)
    return (fine * 5 + 128) >> 8, fine


def humidity_1024ths(raw: int, fine: int, trim: Trim) -> int:
    """Relative humidity in 1/1024 percent."""
    warmth = fine - 76800
    left = ((raw << 14) - (trim.h4 << 20) - trim.h5 * warmth + 16384) >> 15
    bend = (((warmth * trim.h6) >> 10) * (((warmth * trim.h3) >> 11) + 32768)) >> 10
    value = left * (((bend + 2097152) * trim.h2 + 8192) >> 14)
    value -= ((((value >> 15) * (value >> 15)) >> 7) * trim.h1) >> 4
    return min(max(value, 0), 419430400) >> 12


class Bme280Model:
    """One chip on the bus; `write` and `read` are what the bus sees, the rest is for tests.

    Parameters
    ----------
    room : the air around it.
    identity : 0x60, or 0x58 for the one without humidity.
    """

    def __init__(
        self, clock: Clock, room: Room, *, identity: int = BME280, trim: Trim | None = None
    ) -> None:
        self._clock, self.room, self._identity = clock, room, identity
        self.trim = trim or Trim()
        self.brown_out()

    def brown_out(self) -> None:
        """Lose the supply for a moment."""
        self.memory = bytearray(256)
        self.memory[0xD0] = self._identity
        self.memory[0xF7:0xFF] = SKIPPED
        trim = self.trim
        self.memory[0x88:0x8E] = struct.pack("<Hhh", trim.t1, trim.t2, trim.t3)
        if self._identity == BME280:
            self.memory[0xA1] = trim.h1
            self.memory[0xE1:0xE4] = struct.pack("<hB", trim.h2, trim.h3)
            shared = trim.h4 & 0x0F | (trim.h5 & 0x0F) << 4
            self.memory[0xE4:0xE8] = struct.pack(
                "<bBbb", trim.h4 >> 4, shared, trim.h5 >> 4, trim.h6
            )
        self._pointer, self._times_humidity = 0, 0
        self._copied_s, self._done_s = self._clock.monotonic() + STARTING_S, float("inf")

    def write(self, data: bytes) -> None:
        """Set the pointer; bytes after it are register, value, register, value..."""
        self._settle()
        self._pointer = data[0]
        for at, value in zip((data[0], *data[2::2]), data[1::2], strict=False):
            self._write_one(at, value)

    def read(self, length: int) -> bytes:
        """Read registers from the pointer on."""
        self._settle()
        now_s = self._clock.monotonic()
        self.memory[0xF3] = (self._done_s < float("inf")) << 3 | (now_s < self._copied_s)
        return bytes(self.memory[self._pointer : self._pointer + length])

    def _write_one(self, at: int, value: int) -> None:
        if at == 0xE0 and value == 0xB6:
            self.brown_out()
        elif (at == 0xF2 and self._identity == BME280) or at == 0xF5:
            self.memory[at] = value
        elif at == 0xF4:
            self.memory[at] = value
            self._times_humidity = self.memory[0xF2] & 7
            if value & 3:
                self._done_s = self._clock.monotonic() + self._lasts_s()

    def _lasts_s(self) -> float:
        control = self.memory[0xF4]
        times = [(0, 1, 2, 4, 8, 16, 16, 16)[code] for code in (control >> 5, control >> 2 & 7)]
        humid = (0, 1, 2, 4, 8, 16, 16, 16)[self._times_humidity]
        extra = sum(0.575 for count in (times[1], humid) if count)
        return (1.25 + 2.3 * (sum(times) + humid) + extra) / 1000.0

    def _settle(self) -> None:
        """Finish a measurement whose time is over, and fall asleep."""
        if self._clock.monotonic() < self._done_s:
            return
        self._done_s = float("inf")
        self.memory[0xF4] &= ~3
        c, humidity = self.room(self._clock.monotonic())
        raw = _lowest(lambda code: hundredths_c(code, self.trim)[0] >= round(c * 100), 20)
        fine = hundredths_c(raw, self.trim)[1]
        wanted = round(humidity * 1024)
        damp = _lowest(lambda code: humidity_1024ths(code, fine, self.trim) >= wanted, 16)
        values = bytearray(SKIPPED)
        if self.memory[0xF4] >> 5:
            values[3:6] = (raw << 4).to_bytes(3, "big")
        if self._times_humidity and self._identity == BME280:
            values[6:8] = damp.to_bytes(2, "big")
        self.memory[0xF7:0xFF] = values


def _lowest(reached: Callable[[int], bool], bits: int) -> int:
    """Smallest code of some bits that reaches what is wanted; the formulas only rise."""
    code = 0
    for bit in reversed(range(bits)):
        if not reached(code + (1 << bit) - 1):
            code += 1 << bit
    return code
