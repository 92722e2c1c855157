"""Aosong AHT20: temperature and humidity, 20 bits each, in one frame with a status byte.

Source: Aosong, AHT20 product manual.
"""

from typing import ClassVar

from bedside.clock import Clock
from bedside.drivers.commands import Commands
from bedside.drivers.crc import checked
from bedside.drivers.i2c import I2CBus
from bedside.drivers.reading import Reading, answer_of
from bedside.errors import BadReading, SettingsLost, WrongChip

RESET = b"\xba"
CALIBRATE = b"\xbe\x08\x00"
MEASURE = b"\xac\x33\x00"
RESET_S, CALIBRATE_S, MEASURE_S = 0.03, 0.01, 0.08
PATIENCE = 10  # looks, 10 ms apart, at a chip that is still measuring
LOOK_S = 0.01
BUSY, CALIBRATED = 0x80, 0x08  # in the status byte
UNUSED = 0x60  # bits of it that stay clear
AWAKE = 0x18  # bits of it of which one at least is set
FRAME_BYTES = 7  # status, 20 + 20 bits, checksum


class Aht20:
    """One chip.

    Raises
    ------
    ChipError : nobody answers, or not as an AHT20 does.
    """

    ADDRESSES: ClassVar[tuple[int, ...]] = (0x38,)
    name = "AHT20"

    def __init__(self, bus: I2CBus, clock: Clock, *, address: int) -> None:
        self.place = f"at {address:#04x}"
        self._chip = Commands(bus, clock, address, self.name)
        self._chip.send(RESET, RESET_S)
        if not self._status() & CALIBRATED:  # most come calibrated out of the reset
            self._chip.send(CALIBRATE, CALIBRATE_S)
        status = self._status()
        if status & UNUSED or not status & CALIBRATED:
            raise WrongChip(
                f"{self._chip} does not answer as an AHT20 does (status {status:#04x});"
                " `bedside doctor` shows who is there"
            )

    def read(self) -> Reading:
        """Measure; takes 80 ms."""
        frame = checked(self._measured(), self._chip)
        if not frame[0] & CALIBRATED:
            raise SettingsLost(
                f"{self._chip} lost its settings: its power failed for a moment; check the 3.3 V"
                " wire"
            )
        both = int.from_bytes(frame[1:6], "big")
        humidity_raw, c_raw = both >> 20, both & 0xFFFFF
        if not humidity_raw:
            raise BadReading(f"{self._chip} tells no humidity at all: it has not measured")
        return Reading(c_raw * 200.0 / 2**20 - 50.0, humidity_raw * 100.0 / 2**20)

    @staticmethod
    def recognise(bus: I2CBus, clock: Clock, address: int) -> str | None:
        """Fetch what it has ready: a status that fits, and no port that repeats one byte."""
        chip = Commands(bus, clock, address, Aht20.name)
        frame = answer_of(lambda: chip.fetch(FRAME_BYTES))
        if frame is None or len(set(frame)) == 1:
            return None
        return Aht20.name if frame[0] & AWAKE and not frame[0] & UNUSED else None

    def _measured(self) -> bytes:
        self._chip.send(MEASURE, MEASURE_S)
        for _ in range(PATIENCE):
            frame = self._chip.fetch(FRAME_BYTES)
            if not frame[0] & BUSY:
                return frame
            self._chip.wait(LOOK_S)
        raise BadReading(f"{self._chip} does not finish measuring: take it off its power for a bit")

    def _status(self) -> int:
        return self._chip.fetch(1)[0]
