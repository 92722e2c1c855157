"""A model of the TMP117: a mean of eight measurements once a second, and a flag for a new one."""

from bedside.clock import Clock
from bedside.simulator.room import Room

FROM_THE_FACTORY = 0x0220
MEASUREMENT_S = 0.0155
MEANS = (1, 8, 32, 64)
CYCLES_S = (0.0155, 0.125, 0.25, 0.5, 1.0, 4.0, 8.0, 16.0)


class Tmp117Model:
    """One chip on the bus; `write` and `read` are what the bus sees, the rest is for tests.

    Parameters
    ----------
    room : the air around it.
    """

    def __init__(self, clock: Clock, room: Room, *, identity: int = 0x0117) -> None:
        self._clock, self.room, self._identity = clock, room, identity
        self.brown_out()

    def brown_out(self) -> None:
        """Lose the supply for a moment."""
        self._pointer, self._held, self._fresh = 0, 0x8000, False
        self._configure(FROM_THE_FACTORY)

    def write(self, data: bytes) -> None:
        """Set the pointer, and the configuration if it follows."""
        self._pointer = data[0]
        if self._pointer == 0x01 and len(data) > 2:
            self._settle()
            self._configure(int.from_bytes(data[1:3], "big") & 0x0FFC)

    def read(self, length: int) -> bytes:
        """Give the register at the pointer."""
        self._settle()
        word = {0x01: self._config | self._fresh << 13, 0x0F: self._identity}.get(self._pointer, 0)
        if self._pointer == 0x00:
            word = self._held
        if self._pointer in (0x00, 0x01):
            self._fresh = False
        return word.to_bytes(2, "big")[:length].ljust(length, b"\xff")

    def _configure(self, config: int) -> None:
        self._config, self._since_s, self._cycles = config, self._clock.monotonic(), 0

    def _settle(self) -> None:
        """Take over the measurements that were finished since."""
        if self._config >> 10 & 3 == 1:
            return
        lasts_s = MEASUREMENT_S * MEANS[self._config >> 5 & 3]
        cycle_s = max(CYCLES_S[self._config >> 7 & 7], lasts_s)
        passed_s = self._clock.monotonic() - self._since_s - lasts_s
        cycles = 0 if passed_s < 0.0 else int(passed_s / cycle_s) + 1
        if cycles > self._cycles:
            measured_at_s = self._since_s + (cycles - 1) * cycle_s + lasts_s
            raw = round(self.room(measured_at_s).c / 0.0078125)
            self._cycles, self._held, self._fresh = cycles, raw & 0xFFFF, True
