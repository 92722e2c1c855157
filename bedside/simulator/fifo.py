"""The FIFO inside a chip model: bytes that wait to be read, until newer ones push them out."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bedside.clock import Clock
from bedside.simulator.stream import Stream

Render = Callable[[NDArray[np.float64], int], bytes]
"""(t (n,) s, number of the chunk) -> the bytes of n frames."""


class Fifo:
    """Waiting bytes: what is left of streams before, then the stream that fills it now.

    Parameters
    ----------
    size : bytes it holds; when there are more, the oldest go.
    """

    def __init__(self, clock: Clock, size: int) -> None:
        self._clock, self._size = clock, size
        self._stream: Stream | None = None
        self._taken = 0  # bytes of the stream that have left
        self._left = b""
        self.gone = 0
        """Bytes that have left since it was emptied, read or pushed out."""
        self.lost = 0
        """Bytes that were pushed out; the chip sets it back, as its flags go out."""

    def begin(self, start_s: float, rate_hz: float, frame_bytes: int, render: Render) -> None:
        """Let a stream of frames flow in from `start_s` on."""
        self._stream, self._taken = Stream(start_s, rate_hz, frame_bytes, render), 0

    def end(self) -> None:
        """Keep what is unread as plain bytes: later frames will be made differently."""
        self._overwrite()
        if self._stream is not None:
            self._left += self._stream.part(self._taken, self._made())
            self._stream = None

    def clear(self) -> None:
        """Forget all that waits; a stream goes on."""
        self._left, self._taken = b"", self._made()
        self.gone = 0

    def level(self) -> int:
        """Bytes that wait."""
        self._overwrite()
        return self._waiting()

    def pop(self, length: int) -> bytes:
        """Take the oldest bytes, fewer than asked for if there are no more."""
        self._overwrite()
        there = min(length, self._waiting())
        first = self._taken
        out = self._drop(there)
        if self._stream is not None:
            out += self._stream.part(first, self._taken)
        return out

    def freeze(self) -> None:
        """Repeat the newest frame from now on."""
        if self._stream is not None:
            self._stream.freeze(self._clock.monotonic())

    def _made(self) -> int:
        return self._stream.made(self._clock.monotonic()) if self._stream is not None else 0

    def _waiting(self) -> int:
        made = self._made()
        return len(self._left) + (made - self._taken if self._stream is not None else 0)

    def _overwrite(self) -> None:
        lost = self._waiting() - self._size
        if lost > 0:
            self.lost += lost
            self._drop(lost)

    def _drop(self, length: int) -> bytes:
        """Let `length` bytes leave; return those of them that came from streams before."""
        old, self._left = self._left[:length], self._left[length:]
        self._taken += length - len(old)
        self.gone += length
        return old
