"""The nights on record and their reports, computed once and not again until something changes."""

import hashlib
import threading
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from bedside import __version__
from bedside.clock import Clock
from bedside.errors import BedsideError
from bedside.nights import days
from bedside.nights.dates import Dates
from bedside.nights.frozen import freeze, thaw
from bedside.pipeline.comfort import ComfortSettings
from bedside.pipeline.night import Night, NightSettings, score
from bedside.pipeline.recorded import Recorded
from bedside.pipeline.report import Report, tell
from bedside.pipeline.samples import Span
from bedside.pipeline.series import SeriesSettings
from bedside.pipeline.sleep import SleepSettings
from bedside.store import Archive, Store

EARLIER = 7
"""Nights before the one reported, for its ranges."""
SETTLED_S = 600.0
"""Nothing is added to a night once the record has gone on for so long after its noon."""
FRESH_S = 300.0
"""Data that reach to within this of now are taken to go on: minutes come late by nature."""
NAP_S = 7200.0
"""Less time in bed is no night to report while there is another."""
_KEPT = 32

_Key = tuple[str, int]


class Nights:
    """Every night on record, scored and told; for any number of threads.

    Parameters
    ----------
    store : where the records are.
    clock : tells how far the night that goes on is known.
    place : whose noon it is.
    settings, sleep, series, room : how nights are scored.
    """

    def __init__(
        self,
        store: Archive,
        clock: Clock,
        place: days.ClockSettings | None = None,
        settings: NightSettings | None = None,
        sleep: SleepSettings | None = None,
        series: SeriesSettings | None = None,
        room: ComfortSettings | None = None,
    ) -> None:
        self.zone = (place or days.ClockSettings()).zone
        self._store = store
        self._clock = clock
        self._room = room or ComfortSettings()
        self._rules = (
            settings or NightSettings(),
            sleep or SleepSettings(),
            series or SeriesSettings(),
            self._room,
        )
        self._lock = threading.RLock()
        self._dates = Dates(store, self.zone)
        self._nights: dict[date, tuple[_Key, Night]] = {}
        self._reports: dict[date, tuple[list[_Key], Report]] = {}
        self._closed: tuple[list[date], int] | None = None

    def use(
        self,
        settings: NightSettings,
        sleep: SleepSettings,
        series: SeriesSettings,
        room: ComfortSettings,
    ) -> None:
        """Score by other settings from now on, the nights on record too."""
        with self._lock:
            self._room, self._rules = room, (settings, sleep, series, room)
            self._nights.clear()
            self._reports.clear()
            self._closed = None

    def dates(self) -> list[date]:
        """Evenings of all nights on record, in order."""
        with self._lock:
            return self._dates.listed()

    def latest(self) -> date:
        """Evening of the newest night that somebody spent in bed, else of the newest on record.

        Raises
        ------
        BedsideError : there is none.
        """
        with self._lock:
            newest = self._known()[-1 : -EARLIER - 1 : -1]
            for least_s in (NAP_S, 1.0):
                for evening in newest:
                    if self.night(evening).tib_s >= least_s:
                        return evening
            return newest[0]

    def current(self) -> date:
        """Evening of the night that it is now, or of the one to come after noon."""
        return days.night_of(self._clock.wall(), self.zone)

    def window(self, evening: date) -> Span:
        """From noon to noon, Unix seconds."""
        return self._dates.window(evening)

    def night(self, which: date | str | None = None) -> Night:
        """Score a night, the latest unless named; raises as `report`."""
        with self._lock:
            evening = self._named(which)
            key = self._key(evening)
            kept = self._nights.get(evening)
            if kept is None or kept[0] != key:
                kept = key, self._score(evening)
                _keep(self._nights, evening, kept)
            return kept[1]

    def report(self, which: date | str | None = None) -> Report:
        """Put a night into words, the latest unless named.

        Raises
        ------
        BedsideError : there is no such night, or it is not named by a date.
        StoreError : the record cannot be read.
        """
        with self._lock:
            evening = self._named(which)
            before = self._before(evening)
            keys = [self._key(day) for day in (*before, evening)]
            kept = self._reports.get(evening)
            if kept is None or kept[0] != keys:
                earlier = [self.night(day) for day in before]
                seams = days.offsets(self.window(evening), self.zone)
                told = tell(self.night(evening), earlier, seams, evening.isoformat())
                kept = keys, told
                _keep(self._reports, evening, kept)
            return kept[1]

    def settled(self, evening: date) -> bool:
        """Whether nothing is added to a night any more, as far as was known at the last look."""
        return self.window(evening).end_s + SETTLED_S < self._dates.newest_s

    def fingerprint(self, evening: date) -> str:
        """Text that changes with whatever a night's figures depend on."""
        window = self.window(evening)
        parts = (self._store.fingerprint(*window), window, self._rules, __version__)
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Let nobody else change what a night is made from, nor score it, meanwhile."""
        with self._lock:
            yield

    def close_finished(self) -> None:
        """Keep the newest nights that are over as they were scored; synced to the disk at once.

        Raises
        ------
        StoreError : the disk does not take it, or the record cannot be read.
        """
        store = self._store
        if not isinstance(store, Store):
            return
        with self._lock:
            over = [day for day in self.dates()[-EARLIER - 1 :] if self.settled(day)]
            state = over, store.clock_version()
            if state == self._closed:
                return
            changed = [day for day in over if self._frozen(day) is None]
            for evening in changed:
                frozen = freeze(self.night(evening))
                store.keep_night(evening.isoformat(), self.fingerprint(evening), frozen)
            if changed:
                store.flush(full=True)
            self._closed = state

    def _before(self, evening: date) -> list[date]:
        """Give the last few nights on record before `evening`."""
        dates = self._known()
        at = bisect_left(dates, evening)
        return dates[max(at - EARLIER, 0) : at]

    def _known(self) -> list[date]:
        dates = self.dates()
        if not dates:
            raise BedsideError("no night is on record yet; the first appears when one was heard")
        return dates

    def _named(self, which: date | str | None) -> date:
        dates = self._known()
        if which is None:
            return self.latest()
        listed = ", ".join(day.isoformat() for day in dates[-EARLIER:])
        try:
            evening = date.fromisoformat(which) if isinstance(which, str) else which
        except ValueError:
            raise BedsideError(
                f"{which!r} is no date; a night is named by the date of its evening, "
                f"as in {dates[-1].isoformat()} (the newest on record: {listed})"
            ) from None
        if evening not in self._dates:
            raise BedsideError(
                f"no night of {evening.isoformat()} is on record; the newest are {listed}"
            )
        return evening

    def _key(self, evening: date) -> _Key:
        """Give what a night's figures depend on: any new row, or only a clock that is set."""
        if self.settled(evening):
            return "settled", self._store.clock_version()
        return "open", self._store.version()

    def _score(self, evening: date) -> Night:
        recorded = self._recorded(evening)
        frozen = self._frozen(evening) if self.settled(evening) else None
        night = thaw(frozen, recorded, self._room) if frozen else None
        if night is not None:
            return night
        return score(recorded, *self._rules)

    def _recorded(self, evening: date) -> Recorded:
        window = self.window(evening)
        recorded = self._store.recorded(*window)
        now_s = self._clock.wall()
        if now_s >= window.end_s or self.settled(evening):
            return recorded
        newest_s = recorded.heard[-1].end_s if recorded.heard else window.start_s
        return replace(recorded, until_s=newest_s if now_s - newest_s < FRESH_S else now_s)

    def _frozen(self, evening: date) -> bytes | None:
        """Give the night as it was kept, if it would be scored the same again."""
        kept = self._store.scored(evening.isoformat())
        return kept[1] if kept and kept[0] == self.fingerprint(evening) else None


def _keep(kept: dict[date, Any], evening: date, value: Any) -> None:
    """Remember `value`, and forget the one that was remembered first when there are many."""
    kept.pop(evening, None)
    kept[evening] = value
    if len(kept) > _KEPT:
        del kept[next(iter(kept))]
