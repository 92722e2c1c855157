"""The samples a chip makes, rendered a minute ahead: a FIFO then only has to slice bytes."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Motion = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""t (n,) s, increasing -> accel (n, 3) g.  After a restart it is asked about the same time again,
so it must give the same answer."""

AHEAD_S = 60.0


class Stream:
    """Frames of equal length, one each 1 / `rate_hz` from `start_s` on.

    Parameters
    ----------
    render : (t (n,) s, number of the chunk) -> the bytes of n frames.
    """

    def __init__(
        self,
        start_s: float,
        rate_hz: float,
        frame_bytes: int,
        render: Callable[[NDArray[np.float64], int], bytes],
    ) -> None:
        self._start_s, self._rate_hz = start_s, rate_hz
        self._frame_bytes, self._render = frame_bytes, render
        self._ahead = max(1, round(AHEAD_S * rate_hz))  # frames a chunk
        self._number, self._chunk = -1, b""
        self._frozen_at, self._frozen_frame = float("inf"), b""

    def made(self, now_s: float) -> int:
        """Bytes made by `now_s`, whole frames."""
        # A frame due at this very moment has been made, whichever way its time is rounded.
        frames = int((now_s - self._start_s) * self._rate_hz + 1e-6)
        return max(0, frames) * self._frame_bytes

    def part(self, first: int, end: int) -> bytes:
        """Bytes `first` to before `end`, counted from the start of the stream."""
        size = self._ahead * self._frame_bytes
        parts = []
        while first < end:
            number, offset = divmod(first, size)
            if number != self._number:
                self._number, self._chunk = number, self._rendered(number)
            stop = min(size, offset + end - first)
            parts.append(self._chunk[offset:stop])
            first += stop - offset
        return b"".join(parts)

    def freeze(self, now_s: float) -> None:
        """Repeat the newest frame from `now_s` on."""
        end = max(self.made(now_s), self._frame_bytes)
        self._frozen_frame = self.part(end - self._frame_bytes, end)
        self._frozen_at = now_s
        self._number = -1  # what was rendered ahead is no longer true

    def _rendered(self, number: int) -> bytes:
        frames = np.arange(number * self._ahead, (number + 1) * self._ahead)
        t = self._start_s + (frames + 1) / self._rate_hz
        lively = int(np.searchsorted(t, self._frozen_at, side="right"))
        head = self._render(t, number)[: lively * self._frame_bytes]
        return head + self._frozen_frame * (len(t) - lively)
