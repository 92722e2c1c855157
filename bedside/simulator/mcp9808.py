"""A model of the MCP9808: words behind a pointer, measuring by itself unless shut down."""

from bedside.clock import Clock
from bedside.simulator.room import Room

CONVERSION_S = (0.03, 0.065, 0.13, 0.25)
STEP_C = (0.5, 0.25, 0.125, 0.0625)
SHUT_DOWN = 0x0100


class Mcp9808Model:
    """One chip on the bus; `write` and `read` are what the bus sees, the rest is for tests.

    Parameters
    ----------
    room : the air around it.
    """

    def __init__(self, clock: Clock, room: Room) -> None:
        self._clock, self.room = clock, room
        self.stuck_at: int | None = None
        """What its temperature register holds whatever happens."""
        self.brown_out()

    def brown_out(self) -> None:
        """Lose the supply for a moment."""
        self._words = {0x01: 0x0000, 0x02: 0x0000, 0x03: 0x0000, 0x04: 0x0000}
        self.resolution, self._pointer = 3, 0
        self._awake_s, self._held = self._clock.monotonic(), 0x0000

    def write(self, data: bytes) -> None:
        """Set the pointer, and the register there if more follows."""
        self._pointer = data[0] & 0x0F
        if self._pointer == 0x08 and len(data) > 1:
            self.resolution = data[1] & 0x03
        elif self._pointer in self._words and len(data) > 2:
            self._settle()
            self._words[self._pointer] = int.from_bytes(data[1:3], "big")
            self._awake_s = self._clock.monotonic()

    def read(self, length: int) -> bytes:
        """Give the register at the pointer."""
        if self._pointer == 0x08:
            return bytes((self.resolution,)).ljust(length, b"\xff")
        return self._word().to_bytes(2, "big")[:length].ljust(length, b"\xff")

    def _word(self) -> int:
        if self._pointer == 0x05:
            self._settle()
            return self._held if self.stuck_at is None else self.stuck_at
        return {**self._words, 0x06: 0x0054, 0x07: 0x0400}.get(self._pointer, 0xFFFF)

    def _settle(self) -> None:
        """Take over the newest measurement, if there was time for one."""
        slept = self._clock.monotonic() - self._awake_s
        if self._words[0x01] & SHUT_DOWN or slept < CONVERSION_S[self.resolution]:
            return
        step_c = STEP_C[self.resolution]
        c = round(self.room(self._clock.monotonic()).c / step_c) * step_c
        alerts = 0
        for bit, alert in ((15, c >= self._limit_c(4)), (14, c > self._limit_c(2))):
            alerts |= alert << bit
        alerts |= (c < self._limit_c(3)) << 13
        self._held = alerts | round(c * 16) & 0x1FFF

    def _limit_c(self, register: int) -> float:
        word = self._words[register] & 0x1FFC
        return (word - 0x2000 if word & 0x1000 else word) / 16.0
