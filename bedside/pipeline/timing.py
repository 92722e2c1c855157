"""Movements by their onsets: what every rule of series begins with."""

from collections.abc import Sequence
from itertools import pairwise

from bedside.pipeline.movements import Movement

ROUNDING_S = 1e-6
"""Two stamps of Unix seconds, subtracted, are exact to no more than this."""


def in_order(movements: Sequence[Movement]) -> list[Movement]:
    """Return the sleeper's own movements in order of onset: no disturbance, nobody far off."""
    own = [m for m in movements if m.kind != "disturbance" and not m.far]
    return sorted(own, key=lambda m: (m.start_s, m.end_s))


def intervals_s(movements: Sequence[Movement]) -> list[float]:
    """Inter-movement intervals, onset to onset, s; one fewer than movements."""
    return [after.start_s - before.start_s for before, after in pairwise(movements)]


def within(value: float, low: float, high: float) -> bool:
    """Tell whether `low` <= `value` <= `high`, but for rounding."""
    return low - ROUNDING_S <= value <= high + ROUNDING_S
