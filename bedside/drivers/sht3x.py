"""Sensirion SHT30, SHT31 and SHT35: temperature and humidity, both at a single command.

Source: Sensirion, data sheet SHT3x-DIS.  Of each command the form without clock stretching.
"""

from typing import ClassVar

from bedside.clock import Clock
from bedside.drivers.commands import Commands
from bedside.drivers.crc import checked_words
from bedside.drivers.i2c import I2CBus
from bedside.drivers.reading import Reading, answer_of

MEASURE = b"\x24\x00"  # the finest of three
STOP = b"\x30\x93"  # measuring by itself, which somebody may have begun
RESET = b"\x30\xa2"  # the heater is off thereafter
STATUS = b"\xf3\x2d"
HALF_A_COMMAND = b"\x89"
MEASURE_S, STOP_S, RESET_S, STATUS_S = 0.016, 0.001, 0.002, 0.001


class Sht3x:
    """One chip; it sleeps between readings and has nothing to forget.

    Raises
    ------
    ChipError : nobody answers, or not as an SHT3x does.
    """

    ADDRESSES: ClassVar[tuple[int, ...]] = (0x44, 0x45)
    name = "SHT3x"

    def __init__(self, bus: I2CBus, clock: Clock, *, address: int) -> None:
        self.place = f"at {address:#04x}"
        self._chip = Commands(bus, clock, address, self.name)
        self._chip.send(STOP, STOP_S)
        self._chip.send(RESET, RESET_S)
        checked_words(self._chip.ask(STATUS, STATUS_S, 3), self._chip)

    def read(self) -> Reading:
        """Measure; takes 16 ms."""
        c_raw, humidity_raw = checked_words(self._chip.ask(MEASURE, MEASURE_S, 6), self._chip)
        return Reading(-45.0 + 175.0 * c_raw / 65535.0, 100.0 * humidity_raw / 65535.0)

    @staticmethod
    def recognise(bus: I2CBus, clock: Clock, address: int) -> str | None:
        """Ask for its status, but only who keeps silent after half a command.

        To a chip with registers the two bytes of the question would be a write; such a chip has
        an answer ready after any single byte, and so gives itself away.
        """
        chip = Commands(bus, clock, address, Sht3x.name)
        if answer_of(lambda: chip.ask(HALF_A_COMMAND, STATUS_S, 1)):
            return None
        status = answer_of(lambda: checked_words(chip.ask(STATUS, STATUS_S, 3), chip))
        return Sht3x.name if status else None
