"""A model of the AHT20: a status byte before every answer, busy for 80 ms, a checksum behind."""

from bedside.clock import Clock
from bedside.simulator.commands import refusal
from bedside.simulator.crc import crc8
from bedside.simulator.room import Room

MEASURING_S, RESETTING_S = 0.078, 0.02
BUSY, LOADED, CALIBRATED = 0x80, 0x10, 0x08


class Aht20Model:
    """One chip on the bus; `write` and `read` are what the bus sees, the rest is for tests.

    Parameters
    ----------
    room : the air around it.
    calibrated : whether it comes calibrated out of a reset, as most do.
    """

    def __init__(self, clock: Clock, room: Room, *, calibrated: bool = True) -> None:
        self._clock, self.room, self._born_calibrated = clock, room, calibrated
        self.measuring_s = MEASURING_S
        self.empty = False
        """It tells zero for what it should have measured."""
        self.brown_out()

    def brown_out(self) -> None:
        """Lose the supply for a moment."""
        self.status = LOADED | (CALIBRATED if self._born_calibrated else 0)
        self._values, self._next = bytes(5), bytes(5)
        self._done_s = self._deaf_until_s = float("-inf")

    def write(self, data: bytes) -> None:
        """Take a command; what it does not know it takes without doing anything."""
        now_s = self._clock.monotonic()
        if now_s < self._deaf_until_s:
            raise refusal()
        if data == b"\xba":
            self.brown_out()
            self._deaf_until_s = now_s + RESETTING_S
        elif data == b"\xbe\x08\x00":
            self.status |= CALIBRATED
        elif data == b"\xac\x33\x00":
            self._settle()
            self._next, self._done_s = self._measured(), now_s + self.measuring_s

    def read(self, length: int) -> bytes:
        """Give status, values and checksum, the old values while it measures."""
        if length and self._clock.monotonic() < self._deaf_until_s:
            raise refusal()
        busy = 0 if self._settle() else BUSY
        frame = bytes((self.status | busy,)) + self._values
        return (frame + bytes((crc8(frame),)))[:length].ljust(length, b"\xff")

    def _settle(self) -> bool:
        """Whether nothing is being measured; what was has become the answer."""
        if self._clock.monotonic() < self._done_s:
            return False
        self._values = self._next
        return True

    def _measured(self) -> bytes:
        if self.empty:
            return bytes(5)
        c, humidity = self.room(self._clock.monotonic())
        humidity_raw = min(round(humidity / 100.0 * 2**20), 2**20 - 1)
        c_raw = round((c + 50.0) / 200.0 * 2**20)
        return (humidity_raw << 20 | c_raw).to_bytes(5, "big")
