"""A model of the SHT4x: asleep until a command of one byte comes."""

from bedside.clock import Clock
from bedside.simulator.commands import Commanded, refusal
from bedside.simulator.crc import with_crc
from bedside.simulator.room import Room

MEASURING_S = {0xFD: 0.0082, 0xF6: 0.0045, 0xE0: 0.0017}
HEATERS = (0x39, 0x32, 0x2F, 0x24, 0x1E, 0x15)
HEATING_S, SERIAL_S, RESET_S = 1.1, 0.001, 0.001


class Sht4xModel(Commanded):
    """One chip on the bus.

    Parameters
    ----------
    room : the air around it.
    serial : what it gives as its serial number, 32 bits.
    """

    damaged = False
    """The sensor element has died; the electronics go on."""
    heated = 0
    """How often its heater was turned on."""

    def __init__(self, clock: Clock, room: Room, *, serial: int = 0x0F4C_A17B) -> None:
        super().__init__(clock, room)
        self._serial = serial

    def _obey(self, command: bytes) -> None:
        word = int.from_bytes(command, "big")
        if word in MEASURING_S:
            self._promise(self._measured(), MEASURING_S[word])
        elif word == 0x89:
            high, low = divmod(self._serial, 1 << 16)
            self._promise(with_crc(high) + with_crc(low), SERIAL_S)
        elif word == 0x94:
            self._promise(b"", RESET_S)
        elif word in HEATERS:
            self.heated += 1
            self._promise(self._measured(), HEATING_S)
        else:
            raise refusal()

    def _measured(self) -> bytes:
        if self.damaged:
            return with_crc(0x8000) * 2
        c, humidity = self._air()
        c_word = round((c + 45.0) / 175.0 * 65535.0)
        return with_crc(c_word) + with_crc(round((humidity + 6.0) / 125.0 * 65535.0))
