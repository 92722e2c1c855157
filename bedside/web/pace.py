"""How often phones may ask: often while they are few, seldom when they are many."""

import threading

from bedside.clock import Clock

SHORTEST_S, LONGEST_S = 0.5, 5.0
MOST_A_SECOND = 30.0
"""Answers a second, to all phones together, that are no burden to the slowest Pi."""

_WINDOW_S = 2.0


class Pace:
    """Counts how often it is asked, and says when to ask again."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._from_s, self._asked = clock.monotonic(), 0
        self._period_s = SHORTEST_S

    def next_s(self) -> float:
        """Count one more question; how long to wait before the next, s."""
        with self._lock:
            self._asked += 1
            passed_s = self._clock.monotonic() - self._from_s
            if passed_s >= _WINDOW_S:
                # Everybody keeps to the period told, so the rate is in proportion to it.
                wanted_s = self._period_s * self._asked / passed_s / MOST_A_SECOND
                self._period_s = min(LONGEST_S, max(SHORTEST_S, wanted_s))
                self._from_s, self._asked = self._clock.monotonic(), 0
            return round(self._period_s, 2)
