"""A recorded night in memory, even within each stretch, ready for the pipeline."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bedside.pipeline.samples import Block, Span

AXES = ("x", "y", "z")

_FULL_SCALES_G = (2.0, 4.0, 8.0, 16.0)
_AT_FULL_SCALE = 0.995
_CLIPPED_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Recording:
    """Samples an even period apart within each stretch.

    name          the file's, for people
    odr_hz        mean rate within the stretches
    t             (n,)   float64, s from the first sample, strictly increasing
    xyz           (n, 3) float32, g
    gaps          from the last sample before to the first after, s
    slow          below 10 Hz: fit for turns and presence, too slow for jerks
    room          (m, 2) float64: s from the first sample, degrees C; empty without a thermometer
    notes         what a report should say about the file, one sentence each
    dead_axes     axes that hold one value all the time
    clipped_axes  axes at full scale for more than 1 % of the samples
    """

    name: str
    odr_hz: float
    t: NDArray[np.float64]
    xyz: NDArray[np.float32]
    gaps: tuple[Span, ...] = ()
    slow: bool = False
    room: NDArray[np.float64] | None = None
    notes: tuple[str, ...] = ()
    dead_axes: tuple[str, ...] = ()
    clipped_axes: tuple[str, ...] = ()

    @classmethod
    def from_blocks(cls, name: str, odr_hz: float, listened: Iterable[Block]) -> Self:
        """Gather blocks, at least one sample, into a recording that begins at 0 s."""
        kept = [block for block in listened if len(block.t)]
        t = np.concatenate([block.t for block in kept])
        first = np.cumsum([0, *(len(block.t) for block in kept[:-1])])
        starts = [int(i) for i, block in zip(first, kept, strict=True) if block.gap and i]
        xyz = np.concatenate([block.accel for block in kept])
        return cls(name, odr_hz, t - t[0], xyz, gaps_before(t - t[0], starts))

    @property
    def duration_s(self) -> float:
        """From the first sample to the end of the last, gaps and all, s."""
        return float(self.t[-1] - self.t[0]) + 1.0 / self.odr_hz

    @property
    def coverage(self) -> float:
        """Share of the duration that holds samples, 0-1."""
        lost_s = sum(gap.length_s - 1.0 / self.odr_hz for gap in self.gaps)
        return 1.0 - lost_s / self.duration_s

    @property
    def starts(self) -> NDArray[np.intp]:
        """Index of the first sample after each gap."""
        return np.searchsorted(self.t, [gap.end_s for gap in self.gaps])


def blocks(recording: Recording, block_samples: int = 4096) -> Iterator[Block]:
    """Cut a recording into blocks; none spans a gap, and the first after one says so."""
    starts = recording.starts.tolist()
    bounds = [0, *starts, len(recording.t)]
    for begin, end in pairwise(bounds):
        for i in range(begin, end, block_samples):
            part = slice(i, min(i + block_samples, end))
            yield Block(recording.t[part], recording.xyz[part], gap=i == begin > 0)


def gaps_before(t: NDArray[np.float64], starts: Iterable[int]) -> tuple[Span, ...]:
    """Spans of the gaps that end with the samples at `starts`."""
    return tuple(Span(float(t[i - 1]), float(t[i])) for i in starts)


def dead_axes(xyz: NDArray[np.float32]) -> tuple[str, ...]:
    """Axes that hold one value all the time; a single sample proves nothing."""
    if len(xyz) < 2:
        return ()
    return tuple(axis for axis, a in zip(AXES, xyz.T, strict=True) if a.min() == a.max())


def clipped_axes(xyz: NDArray[np.float32]) -> tuple[str, ...]:
    """Axes that stand at a chip's full scale for more than 1 % of the samples."""
    return tuple(axis for axis, a in zip(AXES, xyz.T, strict=True) if _clipped(a))


def _clipped(accel: NDArray[np.float32]) -> bool:
    """Whether it stands on one value at full scale; what only passes by there does not."""
    ends = (float(accel.min()), float(accel.max()))
    if ends[0] == ends[1]:
        return False
    stopped = sum(int(np.count_nonzero(accel == end)) for end in ends if _at_full_scale(abs(end)))
    return stopped > _CLIPPED_SHARE * len(accel)


def _at_full_scale(accel_g: float) -> bool:
    return any(_AT_FULL_SCALE * scale <= accel_g <= scale for scale in _FULL_SCALES_G)
