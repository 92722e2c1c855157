"""A model of the SHT3x: commands of two bytes; half a one is waited for in vain."""

import errno
import os

from bedside.simulator.commands import Commanded, refusal
from bedside.simulator.crc import with_crc

MEASURING_S = {0x2400: 0.015, 0x240B: 0.006, 0x2416: 0.004}
STRETCHED = (0x2C06, 0x2C0D, 0x2C10)
BY_ITSELF = range(0x2000, 0x2800)  # periodic; the single shots above are no part of it
RESET_S = 0.0015
WOKEN = 0x8010  # status after a reset: alert pending, and that there was a reset
HEATER = 0x2000


class Sht3xModel(Commanded):
    """One chip on the bus."""

    status = WOKEN
    by_itself = False
    """It measures all the time, and hears nothing but the command to stop."""

    def brown_out(self) -> None:
        """Lose the supply for a moment."""
        super().brown_out()
        self.status, self.by_itself = WOKEN, False

    def _obey(self, command: bytes) -> None:
        word = int.from_bytes(command, "big")
        if len(command) != 2:
            return
        if word in STRETCHED:  # holds the clock line: more than a Pi 3 can bear
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        if word == 0x3093:
            self.by_itself = False
        elif self.by_itself:
            raise refusal()
        elif word in MEASURING_S:
            self._promise(self._measured(), MEASURING_S[word])
        elif word == 0xF32D:
            self._promise(with_crc(self.status), 0.0)
        else:
            self._govern(word)

    def _govern(self, word: int) -> None:
        if word == 0x30A2:
            self.brown_out()
            self._promise(b"", RESET_S)
        elif word == 0x3041:
            self.status &= HEATER
        elif word == 0x306D:
            self.status |= HEATER
        elif word == 0x3066:
            self.status &= ~HEATER
        elif word in BY_ITSELF:
            self.by_itself = True
        else:
            raise refusal()

    def _measured(self) -> bytes:
        c, humidity = self._air()
        c_word = round((c + 45.0) / 175.0 * 65535.0)
        return with_crc(c_word) + with_crc(round(humidity / 100.0 * 65535.0))
