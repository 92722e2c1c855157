"""Bosch BME280, and BMP280, which is often sold as one and has no humidity.

Source: Bosch Sensortec, data sheet BST-BME280-DS002; its compensation in floating point.  The
chip runs warm, so it measures once when asked, never by itself, and pressure not at all.
"""

import struct
from typing import ClassVar, NamedTuple

from bedside.clock import Clock, pause
from bedside.drivers.i2c import I2CBus
from bedside.drivers.reading import Reading, answer_of, percent, refuse_stuck
from bedside.drivers.registers import Field, Registers
from bedside.errors import BadReading, WrongChip

C_CALIBRATION = 0x88  # three words, low byte first
FIRST_HUMIDITY_CALIBRATION = 0xA1  # one byte
HUMIDITY_CALIBRATION = 0xE1  # seven bytes
IDENTITY = Field(0xD0)
RESET = Field(0xE0)
HUMIDITY_TIMES = Field(0xF2, 2, 0)  # heard only with the next write of MEASURE
COPYING = Field(0xF3, 0, 0)  # calibration into the registers, after a reset
MEASURING = Field(0xF3, 3, 3)
MEASURE = Field(0xF4)
FILTER = Field(0xF5, 4, 2)
VALUES = 0xFA  # temperature 20 bits, left-aligned in three bytes; humidity two bytes

NAMES = {0x60: "BME280", 0x58: "BMP280"}
HAS_HUMIDITY = "BME280"
RESET_WORD = 0xB6
ONCE = 1
TEMPERATURE_ONCE = 0x21  # temperature x1, no pressure, one measurement
RESET_S, MEASURE_S, LOOK_S = 0.003, 0.01, 0.005
PATIENCE = 10
NO_TEMPERATURE, NO_HUMIDITY = 0x80000, 0x8000


class Calibration(NamedTuple):
    """What the factory measured on this very chip; named as in the data sheet."""

    t1: int
    t2: int
    t3: int
    h1: int = 0
    h2: int = 0
    h3: int = 0
    h4: int = 0
    h5: int = 0
    h6: int = 0


def fine_temperature(raw: int, cal: Calibration) -> float:
    """Temperature in units of 1/5120 °C, from the 20 bits that the chip measured."""
    first = (raw / 16384.0 - cal.t1 / 1024.0) * cal.t2
    second = (raw / 131072.0 - cal.t1 / 8192.0) ** 2 * cal.t3
    return first + second


def relative_humidity(raw: int, fine: float, cal: Calibration) -> float:
    """Percent, from the 16 bits that the chip measured at the temperature `fine`."""
    warmth = fine - 76800.0
    zeroed = raw - (cal.h4 * 64.0 + cal.h5 / 16384.0 * warmth)
    slope = 1.0 + cal.h6 / 67108864.0 * warmth * (1.0 + cal.h3 / 67108864.0 * warmth)
    straight = zeroed * cal.h2 / 65536.0 * slope
    return percent(straight * (1.0 - cal.h1 * straight / 524288.0))


class Bme280:
    """One chip.

    Raises
    ------
    WrongChip : somebody else sits at the address.
    BadReading : the calibration reads differently each time.
    ChipError : nobody answers there.
    """

    ADDRESSES: ClassVar[tuple[int, ...]] = (0x76, 0x77)

    def __init__(self, bus: I2CBus, clock: Clock, *, address: int) -> None:
        self.place = f"at {address:#04x}"
        self._regs, self._clock = Registers(bus, address, "BME280"), clock
        identity = self._regs.read(IDENTITY)
        if identity not in NAMES:
            raise WrongChip(
                f"who answers at {address:#04x} is no BME280 (identity {identity:#04x}):"
                " `bedside doctor` says"
            )
        self._regs.chip = self.name = NAMES[identity]
        self._regs.write(RESET, RESET_WORD, sticks=False)
        self._wait_until_done(COPYING, RESET_S)
        self._cal = self._calibration()
        if self._calibration() != self._cal:
            raise BadReading(
                f"{self._regs} gives its calibration differently each time: shorten its cable or"
                " slow the bus down"
            )
        self._regs.write(FILTER, 0)

    def read(self) -> Reading:
        """Measure; takes 10 ms."""
        if self.name == HAS_HUMIDITY:
            self._regs.write(HUMIDITY_TIMES, ONCE)
        self._regs.write(MEASURE, TEMPERATURE_ONCE, sticks=False)
        self._wait_until_done(MEASURING, MEASURE_S)
        frame = self._regs.burst(VALUES, 5 if self.name == HAS_HUMIDITY else 3)
        refuse_stuck(frame, self._regs)
        raw, humidity_raw = int.from_bytes(frame[:3], "big") >> 4, int.from_bytes(frame[3:], "big")
        if raw == NO_TEMPERATURE or humidity_raw == NO_HUMIDITY:
            raise BadReading(f"{self._regs} has not measured: its power failed for a moment")
        fine = fine_temperature(raw, self._cal)
        if self.name != HAS_HUMIDITY:
            return Reading(fine / 5120.0)
        return Reading(fine / 5120.0, relative_humidity(humidity_raw, fine, self._cal))

    @staticmethod
    def recognise(bus: I2CBus, clock: Clock, address: int) -> str | None:
        """Look at its identity."""
        regs = Registers(bus, address, "BME280")
        return NAMES.get(answer_of(lambda: regs.read(IDENTITY)) or 0)

    def _calibration(self) -> Calibration:
        frame = self._regs.burst(C_CALIBRATION, 6)
        refuse_stuck(frame, self._regs)
        t1, t2, t3 = struct.unpack("<Hhh", frame)
        if self.name != HAS_HUMIDITY:
            return Calibration(t1, t2, t3)
        h1 = self._regs.burst(FIRST_HUMIDITY_CALIBRATION, 1)[0]
        frame = self._regs.burst(HUMIDITY_CALIBRATION, 7)
        refuse_stuck(frame, self._regs)
        # h4 and h5 share their low halves in one byte; each is signed in its high byte.
        h2, h3, h4_high, halves, h5_high, h6 = struct.unpack("<hBbBbb", frame)
        h4, h5 = h4_high << 4 | halves & 0x0F, h5_high << 4 | halves >> 4
        return Calibration(t1, t2, t3, h1, h2, h3, h4, h5, h6)

    def _wait_until_done(self, busy: Field, usual_s: float) -> None:
        pause(self._clock, usual_s)
        for _ in range(PATIENCE):
            if not self._regs.read(busy):
                return
            pause(self._clock, LOOK_S)
        raise BadReading(f"{self._regs} does not finish: take it off its power for a moment")
