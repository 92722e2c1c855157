"""What is odd about the signal, in sentences: an axis dead or clipped, a board that slides."""

from collections import deque
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bedside.pipeline.features import MG
from bedside.pipeline.samples import Block

Samples = NDArray[np.float32]

AXES = "xyz"

STRETCH_S = 60.0
"""Judged at a time."""

CLIPPED_G, CLIPPED_SHARE = 1.9, 0.01
"""No full scale is smaller than 2 g; somebody who lets himself fall into bed reaches it for some
samples, but not for half a second in a minute."""

SLIDE_MG, STRETCHES = 40.0, 60
"""In an hour. Warmth drifts an MPU-6050 by 5 mg."""

STIRRED_MG = 20.0
"""An axis is dead that holds one value while another moves so far; a coarse chip on an empty bed
may hold all."""

LYING = 0.7
"""Share of gravity on the axis that a board stands on: more than half a right angle off."""

STEP_MG = 4.0
"""From one stretch to the next; more is a turn."""


class Cautions:
    """Looks at raw samples, a minute at a time.

    Parameters
    ----------
    odr_hz : rate of the samples, Hz.
    """

    def __init__(self, odr_hz: float) -> None:
        self._stretch = max(20, round(STRETCH_S * odr_hz))
        self._waiting: list[Samples] = []
        self._count = 0
        self._dead, self._clipped = np.zeros(3, dtype=bool), np.zeros(3, dtype=bool)
        self._level: NDArray[np.float64] | None = None
        self._slides: deque[NDArray[np.float64]] = deque(maxlen=STRETCHES)
        self._slid_mg = 0.0

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was wrong so far, in words."""
        said = []
        for axis, dead, clipped in zip(AXES, self._dead, self._clipped, strict=True):
            if dead:
                said.append(
                    f"The {axis} axis gave one value while the others moved, so movements along it"
                    " were not felt: the sensor may be broken."
                )
            if clipped:
                said.append(
                    f"The {axis} axis was at its limit, so movements along it were cut off: choose"
                    " a larger full scale, or mount the sensor flat."
                )
        if self._slid_mg > SLIDE_MG:
            said.append(
                f"The sensor was sliding: its tilt changed by {self._slid_mg:.0f} mg in an hour"
                " without anybody turning. Fix it to the bed."
            )
        return (*said, *self._mounting())

    def _mounting(self) -> Iterator[str]:
        """Say how the board lies, if not flat; nothing depends on it."""
        if self._level is None or not self._level.any():
            return
        gravity = self._level / np.linalg.norm(self._level)
        if gravity[2] < -LYING:
            yield "The sensor lay upside down; nothing is lost by that."
        elif np.abs(gravity[:2]).max() > LYING:
            yield "The sensor stood on its side; nothing is lost by that."

    def update(self, block: Block) -> None:
        """Take in samples."""
        self._waiting.append(block.accel)
        self._count += len(block.accel)
        if self._count < self._stretch:
            return
        samples = np.concatenate(self._waiting)
        whole = len(samples) // self._stretch * self._stretch
        for first in range(0, whole, self._stretch):
            self._judge(samples[first : first + self._stretch])
        self._waiting, self._count = [samples[whole:]], len(samples) - whole

    def _judge(self, samples: Samples) -> None:
        columns = np.ascontiguousarray(samples.T)
        lowest, highest = columns.min(axis=1), columns.max(axis=1)
        limit = np.maximum(np.abs(lowest), np.abs(highest))
        stuck = lowest == highest
        for axis in np.flatnonzero(limit >= CLIPPED_G).tolist():
            at_limit = np.count_nonzero(np.abs(columns[axis]) >= limit[axis])
            self._clipped[axis] |= at_limit >= CLIPPED_SHARE * len(samples)
        stirred = float((highest - lowest).max()) * MG > STIRRED_MG
        self._dead |= stuck & stirred & ~self._clipped
        level = columns.mean(axis=1, dtype=np.float64) * MG
        if self._level is not None:
            step = level - self._level
            self._slides.append(step if float(np.linalg.norm(step)) < STEP_MG else 0.0 * step)
            slid_mg = float(np.linalg.norm(np.sum(self._slides, axis=0)))
            self._slid_mg = max(self._slid_mg, slid_mg)
        self._level = level
