"""Raw samples as small blobs that give back every count of the chip.

A blob holds the counts axis by axis, each axis less its own middle, cut into planes of bytes
from the lowest up: noise then needs hardly more than the bits it has, and the planes above it
are nearly nothing. zlib adds the checksum.
"""

import threading
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.pipeline.samples import Block

LONGEST_S = 60.0
"""A piece is closed at this length, s."""
STRAIGHT_S = 0.01
"""Stamps kept as first and last only may be off by this, s."""
_AXES = 3
_MIDDLE_BYTES = 4 * _AXES


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive samples of at most a minute, with the scale of their counts, LSB per g."""

    block: Block
    lsb_per_g: float


def encode(accel: NDArray[np.float32], lsb_per_g: float) -> bytes:
    """Pack samples (n, 3), g; exact for whole counts of up to 24 bits."""
    counts = np.rint(accel.astype(np.float64) * lsb_per_g).astype(np.int32)
    middle = np.rint(np.median(counts, axis=0)).astype(np.int32)
    # +128 lets the common values, a little above and below the middle, share one lowest byte
    shifted = np.ascontiguousarray((counts - middle + 128).T)
    planes = (_bits(shifted) + 8) // 8
    body = shifted.view(np.uint8).reshape(-1, 4)[:, :planes].T
    return zlib.compress(middle.tobytes() + body.tobytes())


def decode(blob: bytes, n: int, lsb_per_g: float) -> NDArray[np.float32] | None:
    """Unpack samples (n, 3), g; None when the blob is damaged."""
    try:
        packed = zlib.decompress(blob)
    except zlib.error:
        return None
    planes, rest = divmod(len(packed) - _MIDDLE_BYTES, _AXES * n)
    if rest or not 1 <= planes <= 4:
        return None
    middle = np.frombuffer(packed, np.int32, _AXES)
    body = np.frombuffer(packed, np.uint8, offset=_MIDDLE_BYTES).reshape(planes, _AXES * n)
    sign = np.where(body[-1] >= 128, 255, 0).astype(np.uint8)
    whole = np.stack([*body, *[sign] * (4 - planes)], axis=1)
    counts = whole.view(np.int32).reshape(_AXES, n).T - 128 + middle
    accel: NDArray[np.float32] = (counts / lsb_per_g).astype(np.float32)
    return accel


def stamps(start_s: float, end_s: float, n: int) -> NDArray[np.float64]:
    """Give the times (n,) of evenly spaced samples from the first to the last."""
    return np.linspace(start_s, end_s, n)


class RawQueue:
    """Collects blocks into pieces until somebody takes them; forgets the oldest when too many.

    Parameters
    ----------
    longest_s : seconds of samples kept at most.
    """

    def __init__(self, longest_s: float) -> None:
        self._longest_s = longest_s
        self._lock = threading.Lock()
        self._open: list[Block] = []
        self._scale = 0.0
        self._closed: deque[Piece] = deque()
        self.dropped_s = 0.0

    def add(self, block: Block, lsb_per_g: float) -> None:
        """Append `block`; cheap, since nothing is packed here."""
        if not len(block.t):
            return
        with self._lock:
            if self._open and (block.gap or self._ends(block) or lsb_per_g != self._scale):
                self._close()
            self._open.append(block)
            self._scale = lsb_per_g

    def take(self) -> list[Piece]:
        """Give and forget all that waits, oldest first."""
        with self._lock:
            self._close()
            taken = list(self._closed)
            self._closed.clear()
        return taken

    def give_back(self, pieces: list[Piece]) -> None:
        """Put what could not be written before all that came since."""
        with self._lock:
            self._closed.extendleft(reversed(pieces))
            self._bound()

    @property
    def waiting_s(self) -> float:
        """Seconds of samples that wait."""
        with self._lock:
            still_open_s = self._open[-1].t[-1] - self._open[0].t[0] if self._open else 0.0
            return float(still_open_s) + self._closed_s()

    def _closed_s(self) -> float:
        return sum(_length_s(piece.block) for piece in self._closed)

    def _ends(self, block: Block) -> bool:
        """Whether the open piece cannot be continued by `block`."""
        last = self._open[-1].t
        period_s = last[-1] - last[-2] if len(last) > 1 else block.t[0] - last[-1]
        return bool(
            block.t[-1] - self._open[0].t[0] > LONGEST_S
            or block.t[0] - last[-1] > 2 * period_s + STRAIGHT_S
        )

    def _close(self) -> None:
        if self._open:
            t = np.concatenate([block.t for block in self._open])
            accel = np.concatenate([block.accel for block in self._open])
            whole = Block(t, accel, self._open[0].gap)
            self._closed.extend(Piece(part, self._scale) for part in _straight(whole))
            self._open = []
            self._bound()

    def _bound(self) -> None:
        while self._closed_s() > self._longest_s:
            self.dropped_s += _length_s(self._closed.popleft().block)


def _straight(block: Block) -> Iterator[Block]:
    """Halve `block` until its stamps lie on a line well enough, and it is short enough."""
    n = len(block.t)
    line = stamps(block.t[0], block.t[-1], n)
    if _length_s(block) <= LONGEST_S and np.abs(block.t - line).max() <= STRAIGHT_S:
        yield block
        return
    middle = n // 2
    yield from _straight(Block(block.t[:middle], block.accel[:middle], block.gap))
    yield from _straight(Block(block.t[middle:], block.accel[middle:]))


def _length_s(block: Block) -> float:
    return float(block.t[-1] - block.t[0])


def _bits(values: NDArray[np.int32]) -> int:
    """Bits of the largest magnitude, without the sign."""
    return max(int(values.max()), -int(values.min()) - 1, 0).bit_length()
