"""Sensirion SHT40, SHT41 and SHT45: temperature and humidity, both at a single command.

Source: Sensirion, data sheet SHT4x.  The commands that turn its heater on are never sent.
"""

from typing import ClassVar

from bedside.clock import Clock
from bedside.drivers.commands import Commands
from bedside.drivers.crc import checked_words
from bedside.drivers.i2c import I2CBus
from bedside.drivers.reading import Reading, answer_of, percent
from bedside.errors import BadReading

MEASURE = b"\xfd"  # the finest of three
SERIAL_NUMBER = b"\x89"
RESET = b"\x94"
MEASURE_S, SERIAL_S, RESET_S = 0.01, 0.002, 0.002
DAMAGED = (0x8000, 0x8001)  # both words, from a sensor element that has died; looks like 42.5 °C


class Sht4x:
    """One chip; it sleeps between readings and has nothing to forget.

    Raises
    ------
    ChipError : nobody answers, or not as an SHT4x does.
    """

    ADDRESSES: ClassVar[tuple[int, ...]] = (0x44, 0x45, 0x46)
    name = "SHT4x"

    def __init__(self, bus: I2CBus, clock: Clock, *, address: int) -> None:
        self.place = f"at {address:#04x}"
        self._chip = Commands(bus, clock, address, self.name)
        self._chip.send(RESET, RESET_S)
        checked_words(self._chip.ask(SERIAL_NUMBER, SERIAL_S, 6), self._chip)

    def read(self) -> Reading:
        """Measure; takes 10 ms."""
        c_raw, humidity_raw = checked_words(self._chip.ask(MEASURE, MEASURE_S, 6), self._chip)
        if c_raw in DAMAGED and humidity_raw in DAMAGED:
            raise BadReading(f"{self._chip} is damaged and measures nothing any more: replace it")
        c = -45.0 + 175.0 * c_raw / 65535.0
        return Reading(c, percent(-6.0 + 125.0 * humidity_raw / 65535.0))

    @staticmethod
    def recognise(bus: I2CBus, clock: Clock, address: int) -> str | None:
        """Ask for its serial number, which changes nothing: an SHT3x gives none."""
        chip = Commands(bus, clock, address, Sht4x.name)
        serial = answer_of(lambda: checked_words(chip.ask(SERIAL_NUMBER, SERIAL_S, 6), chip))
        return Sht4x.name if serial else None
