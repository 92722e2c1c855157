"""The floor: how loud it is when nothing happens, and how much that varies."""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Sequence

import numpy as np

MEMORY = 45
"""Units remembered: 90 s, so that a new background becomes the floor within a minute."""

LOW_QUANTILE = 0.2
ENOUGH = 12
"""Units from which the spread can be told; with fewer, USUAL_SPREAD holds."""

USUAL_SPREAD = 0.25
EVEN_SPREAD = 0.13
"""Spread of white noise: log of the largest of 40 overlapping means of 60 squares."""


class Floor:
    """Running robust level of the largest energy in each unit, as a natural logarithm.

    The largest of a unit, not its mean: where a heart is heard, it is the height of a beat, so
    that a beat is floor and no event; where only the chip's noise is, it is nearly constant.

    level   median over the last MEMORY units
    spread  median less the lower fifth, which movements do not reach
    """

    def __init__(self) -> None:
        self._values: deque[float] = deque()
        self._sorted: list[float] = []
        self.level, self.spread = -np.inf, USUAL_SPREAD

    def push(self, value: float) -> None:
        """Take in one quiet unit."""
        values, ranked = self._values, self._sorted
        values.append(value)
        insort(ranked, value)
        if len(values) > MEMORY:
            del ranked[bisect_left(ranked, values.popleft())]
        n = len(ranked)
        self.level = ranked[n // 2]
        if n >= ENOUGH:
            self.spread = self.level - ranked[int(n * LOW_QUANTILE)]

    def seed(self, values: Sequence[float]) -> None:
        """Forget all, and begin with these."""
        self._values.clear()
        self._sorted.clear()
        for value in values:
            self.push(value)
