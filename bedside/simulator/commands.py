"""What models of chips without registers have in common: a command, a while, an answer."""

import errno
import os
from abc import ABC, abstractmethod

from bedside.clock import Clock
from bedside.simulator.room import Air, Room


def refusal() -> OSError:
    """Make what the bus says when a chip does not acknowledge."""
    return OSError(errno.EREMOTEIO, os.strerror(errno.EREMOTEIO))


class Commanded(ABC):
    """A chip that refuses to be read before its answer is ready, and gives it once.

    Parameters
    ----------
    room : the air around it.
    """

    def __init__(self, clock: Clock, room: Room) -> None:
        self._clock, self.room = clock, room
        self.brown_out()

    def brown_out(self) -> None:
        """Lose the supply for a moment."""
        self._answer, self._ready_s = b"", float("-inf")

    def write(self, data: bytes) -> None:
        """Take a command, unless still at work."""
        if self._clock.monotonic() < self._ready_s:
            raise refusal()
        self._answer = b""
        self._obey(data)

    def read(self, length: int) -> bytes:
        """Give the answer."""
        if not length:  # a transfer that broke off before it came to reading
            return b""
        if not self._answer or self._clock.monotonic() < self._ready_s:
            raise refusal()
        answer, self._answer = self._answer, b""
        return answer[:length].ljust(length, b"\xff")

    @abstractmethod
    def _obey(self, command: bytes) -> None:
        """Do what was written."""

    def _promise(self, answer: bytes, after_s: float) -> None:
        self._answer, self._ready_s = answer, self._clock.monotonic() + after_s

    def _air(self) -> Air:
        return self.room(self._clock.monotonic())
