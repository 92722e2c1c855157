"""The floor: how loud it is when nothing happens, and how much that varies."""

import math
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Sequence

MEMORY = 45
"""Units remembered: 90 s, so that a new background becomes the floor within a minute."""

LOW_QUANTILE = 0.2
ENOUGH = 12
"""Units from which the spread can be told; with fewer, USUAL_SPREAD holds."""

WIDEST_SPREAD = 0.5
"""More is no spread, but two levels: somebody has just come or gone."""

SPREAD_GAIN = 1.96
"""Heartbeats differ from each other more than noise does; measured on simulated nights."""

USUAL_SPREAD = 0.25
EVEN_SPREAD = 0.13
"""Spread of white noise: log of the largest of 40 overlapping means of 60 squares."""


class Floor:
    """Running robust level of the largest energy in each unit, as a natural logarithm.

    The largest of a unit, not its mean: where a heart is heard, it is the height of a beat, so
    that a beat is floor and no event; where only the chip's noise is, it is nearly constant.

    level   median over the last MEMORY units
    spread  median less the lower fifth, which movements do not reach
    limit   above it something happens

    Parameters
    ----------
    on_log : by how much the limit is above the level of noise; above a heart it is more.
    """

    def __init__(self, on_log: float) -> None:
        self._on_log = on_log
        self._values: deque[float] = deque()
        self._sorted: list[float] = []
        self.level = self.limit = -math.inf
        self.spread = USUAL_SPREAD

    def push(self, value: float) -> None:
        """Take in one quiet unit."""
        ranked = self._sorted
        self._values.append(value)
        insort(ranked, value)
        n = len(ranked)
        if n > MEMORY:
            del ranked[bisect_left(ranked, self._values.popleft())]
            n = MEMORY
        self.level = level = ranked[n // 2]
        if n >= ENOUGH:
            self.spread = min(level - ranked[int(n * LOW_QUANTILE)], WIDEST_SPREAD)
        self.limit = level + self._on_log + SPREAD_GAIN * max(0.0, self.spread - EVEN_SPREAD)

    def seed(self, values: Sequence[float], spread: float = USUAL_SPREAD) -> None:
        """Forget all, and begin with these; `spread` holds until there are enough."""
        self._values.clear()
        self._sorted.clear()
        self.spread = spread
        for value in values:
            self.push(value)
