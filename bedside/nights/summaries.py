"""The summaries of all nights: read at once, and brought up to date one night at a time."""

import json
from collections import deque
from datetime import date

from bedside.clock import Clock
from bedside.errors import StoreError
from bedside.nights import days
from bedside.nights.nights import Nights
from bedside.nights.summary import Summary, summarise
from bedside.store import Archive, Store

FORM = 1
"""Rises when a summary is written otherwise, so that all are made anew."""
PATIENCE_S = 60.0
"""Before a record that could not be read is asked again."""
REST = 9.0
"""Times as long as a night took it rests before the next: a tenth of one core at most."""


class Summaries:
    """Every night in a few figures.

    Reading scores no night that is over: one that was not summed up yet is left out, and is
    summed up in time by whoever calls `tick` now and then.

    Parameters
    ----------
    nights : scores what has to be.
    store : where the summaries are kept.
    clock : tells how long a night took.
    """

    def __init__(self, nights: Nights, store: Archive, clock: Clock) -> None:
        self._nights, self._store, self._clock = nights, store, clock
        self._doubted: deque[date] = deque()
        self._doubted_at = -1
        self._settled_until: date | None = None
        self._rest_until_s = float("-inf")

    def all(self) -> list[Summary]:
        """Every night that was summed up, and those still open as they stand, in order.

        Raises
        ------
        StoreError : the record cannot be read.
        """
        dates = self._nights.dates()
        on_record = set(dates)
        rows = [row for row in self._store.summaries() if date.fromisoformat(row[0]) in on_record]
        kept = [each for each in _unpacked([row[2] for row in rows]) if each is not None]
        return kept + [self._summary(day) for day in self._open(dates)]

    def missing(self) -> int:
        """How many nights are not summed up yet."""
        dates = self._nights.dates()
        kept = {row[0] for row in self._store.summaries()}
        over = dates[: len(dates) - len(self._open(dates))]
        return sum(day.isoformat() not in kept for day in over)

    def renew(self, evening: date) -> None:
        """Sum a night up anew at once, since somebody has corrected it.

        Raises
        ------
        StoreError : the disk does not take it; it is written later.
        """
        if isinstance(self._store, Store):
            self._check(self._store, evening)
            self._store.flush()

    def doubt(self) -> None:
        """Look at every night again, one a tick: how they are scored has changed."""
        self._doubted_at = -1

    def tick(self) -> None:
        """Look whether one more night has to be summed up, and do it; cheap when none has.

        Raises
        ------
        StoreError : the record cannot be read.
        """
        store, now_s = self._store, self._clock.monotonic()
        if not isinstance(store, Store) or now_s < self._rest_until_s:
            return
        self._doubt(store)
        if not self._doubted:
            return
        evening = self._doubted.popleft()
        try:
            self._check(store, evening)
        except StoreError:
            self._doubted.appendleft(evening)
            self._rest_until_s = now_s + PATIENCE_S
            raise
        ended_s = self._clock.monotonic()
        self._rest_until_s = ended_s + REST * (ended_s - now_s)

    def _doubt(self, store: Store) -> None:
        """Doubt all nights after a start or a step of the clock, else those newly over."""
        dates = self._nights.dates()
        at = store.clock_version()
        over = dates[: len(dates) - len(self._open(dates))]
        if at != self._doubted_at:
            kept = (date.fromisoformat(row[0]) for row in store.summaries())
            self._doubted = deque(sorted({*over, *kept}, reverse=True))
            self._doubted_at = at
        elif over and over[-1] != self._settled_until:
            last = self._settled_until
            self._doubted.extendleft(day for day in over[-7:] if last is None or day > last)
        self._settled_until = over[-1] if over else None

    def _check(self, store: Store, evening: date) -> None:
        """Sum a night up, unless what is kept is as it would be; forget one that is gone."""
        name, nights = evening.isoformat(), self._nights
        if evening not in nights.dates():
            store.drop_summary(name)
        elif nights.settled(evening):
            fingerprint = f"{FORM}:{nights.fingerprint(evening)}"
            if store.summarised(name) != fingerprint:
                store.keep_summary(name, fingerprint, self._summary(evening).packed())

    def _open(self, dates: list[date]) -> list[date]:
        """Give the newest nights, to which something may still be added."""
        return [day for day in dates[-3:] if not self._nights.settled(day)]

    def _summary(self, evening: date) -> Summary:
        nights = self._nights
        seams = days.offsets(nights.window(evening), nights.zone)
        return summarise(nights.night(evening), evening, seams)


def _unpacked(figures: list[str]) -> list[Summary | None]:
    """Read many at once; None for one that another version wrote otherwise."""
    found: list[Summary | None] = []
    for plain in json.loads(f"[{','.join(figures)}]"):
        try:
            found.append(Summary.unpacked(plain))
        except (KeyError, TypeError, ValueError):
            found.append(None)
    return found
