"""What one read of a chip's FIFO gives, and how it is drained although any transfer may fail."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bedside.drivers.registers import Registers, unheard
from bedside.errors import ChipNotFound


class FifoRead(NamedTuple):
    """Samples since the last read: accel (n, 3) float32, g, sensor axes; n may be 0.

    `overrun`: samples were lost before these, so the stream starts anew.
    """

    accel: NDArray[np.float32]
    overrun: bool


SAMPLE_BYTES = 6  # the fewest that any chip has for one
NOTHING = np.empty((0, 3), np.float32)
NOTHING.flags.writeable = False


class Drain:
    """Takes bytes out of a FIFO in one transfer or several, and never twice or in part.

    When nobody acknowledges, what was taken so far is held for the next attempt. When a transfer
    breaks off, part of a frame may have left the FIFO: it is `broken` until it is started anew.

    Parameters
    ----------
    port : the register that the FIFO is read from.
    most : bytes in one transfer, whole frames.
    """

    def __init__(self, registers: Registers, port: int, most: int) -> None:
        self._registers, self._port, self._most = registers, port, most
        self.restart()

    def restart(self, skip: int = 0) -> None:
        """Forget all: the FIFO was started anew, and the first `skip` bytes of it are no use."""
        self._held, self._skip = b"", skip
        self._dull = self._overran = self.broken = False

    def overran(self) -> None:
        """Forget what is held, since bytes were lost after it."""
        self._held, self._dull, self._overran = b"", False, True

    def take(self, length: int, check: Callable[[], None]) -> tuple[bytes, bool]:
        """Take `length` bytes more; return them after what was held, and whether it overran.

        A chip that has lost its power, or a line that is stuck, repeats one byte. Where an answer
        ends so, `check` must pass before any of it is believed.

        Raises
        ------
        ChipNotFound : no answer; the bytes are still there, unless `broken`.
        """
        for done in range(0, length, self._most):
            self._piece(min(self._most, length - done))
        if self._dull:
            self.broken = True  # until the check has passed: these bytes will not come again
            check()
            self.broken = self._dull = False
        held, self._held = self._held, b""
        taken, self._skip = held[self._skip :], max(0, self._skip - len(held))
        overran, self._overran = self._overran, False
        return taken, overran

    def _piece(self, length: int) -> None:
        try:
            piece = self._registers.burst(self._port, length)
        except ChipNotFound as error:
            self.broken = not unheard(error)
            raise
        self._held += piece
        self._dull = self._dull or len(set(piece[-SAMPLE_BYTES:])) == 1
