"""Writing: records wait in memory and go to the disk together, one transaction at a time."""

import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bedside.clock import Clock
from bedside.errors import StoreError
from bedside.pipeline.listener import Heard
from bedside.pipeline.recorded import Fault, LightChange, Temperature
from bedside.pipeline.samples import Block
from bedside.store import opening, queries, retention, rows
from bedside.store.anchors import Anchors
from bedside.store.hearing import Ending, endings
from bedside.store.raw import RawQueue
from bedside.store.reading import Archive
from bedside.store.rows import Row, RowQueue

MOST_ROWS = 20_000
"""Waiting rows: twelve restless hours and more."""
MOST_RAW_S = 600.0
OLDEST_RAW_S = 55.0
"""Raw samples wait for a larger blob, but not until they would be older than this."""
TIDY_EVERY_S = 3600.0


class Store(Archive):
    """The one writer. `add_*` never wait for the disk; `flush` does, in a thread that may.

    Parameters
    ----------
    settings : where and how long.
    clock : the stamps of all records are its monotonic seconds.

    Raises
    ------
    StoreError : the folder or the database cannot be used; a full disk is no reason.
    """

    set_aside: Path | None = None
    """Where an unreadable database went that a new one had to replace; None when all is well."""
    short_of_space: bool = False
    """Whether the disk is so full that raw nights are deleted before their time."""

    def __init__(self, settings: opening.StoreSettings, clock: Clock) -> None:
        super().__init__(settings)
        self._clock = clock
        self._rows = RowQueue(MOST_ROWS)
        self._raw = RawQueue(MOST_RAW_S)
        self._sensor: list[Row] = []
        self._lsb_per_g = 0.0
        self._version = self._clock_version = 0
        self._tidied_s = float("-inf")
        self._told = queries.Told(*[float("-inf")] * 3)
        self._db: sqlite3.Connection | None = None
        self._writing = threading.Lock()
        self._folder_lock = opening.lock_folder(self.path, patient=True)
        try:
            self.flush()
        except BaseException as error:
            # else each flush tries again
            if not opening.disk_failed(error.__cause__, self.path.parent):
                os.close(self._folder_lock)
                raise

    def version(self) -> int:
        """Count that rises whenever something was written."""
        return self._version

    def clock_version(self) -> int:
        """Count that rises whenever what was written before changed or moved to another time."""
        return self._clock_version

    @property
    def waiting(self) -> int:
        """Rows that wait for the disk."""
        return len(self._rows)

    @property
    def dropped(self) -> int:
        """Rows lost because the disk did not take them for too long."""
        return self._rows.dropped

    def add_sensor(self, t_s: float, chip: str, odr_hz: float, lsb_per_g: float) -> None:
        """Tell which chip the blocks come from now on, and the scale of its counts."""
        self._sensor = [rows.sensor_row(self._clock.boot_id, t_s, chip, odr_hz, lsb_per_g)]
        self._lsb_per_g = lsb_per_g
        self._rows.add(self._sensor)

    def add_block(self, block: Block) -> None:
        """Keep raw samples, where the settings say so; `add_sensor` comes first."""
        if self.settings.raw:
            self._raw.add(block, self._lsb_per_g)

    def add_heard(self, heard: Heard, ending: Ending | None = None) -> None:
        """Keep what the listener made known; what a replay of the tail repeats is left out."""
        own = (self._clock.boot_id, self._told)
        boot_id, told = (ending.boot_id, ending.told) if ending else own
        movements = [m for m in heard.movements if m.start_s >= told.movements_s]
        minutes = [m for m in heard.minutes if m.start_s >= told.minutes_s]
        self._rows.add(rows.movement_row(boot_id, movement) for movement in movements)
        changes = [change for change in heard.presence if change.t_s >= told.presence_s]
        self._rows.add(rows.presence_row(boot_id, change) for change in changes)
        self._rows.add(rows.minute_row(boot_id, minute) for minute in minutes)

    def add_temperature(self, temperature: Temperature) -> None:
        """Keep one reading of the room."""
        self._rows.add([rows.temperature_row(self._clock.boot_id, temperature)])

    def add_light(self, change: LightChange) -> None:
        """Keep one change of the lamp."""
        self._rows.add([rows.light_row(self._clock.boot_id, change)])

    def add_fault(self, fault: Fault) -> None:
        """Keep a fault; the same `start_s` and `part` again, with its `end_s`, ends it."""
        self._rows.add([rows.fault_row(self._clock.boot_id, fault)])

    def keep_night(self, date: str, fingerprint: str, scored: bytes) -> None:
        """Keep a closed night as scored; `flush(full=True)` then makes it last."""
        self._rows.add([Row(rows.NIGHT, (date, fingerprint, scored))])

    def keep_summary(self, date: str, fingerprint: str, figures: str) -> None:
        """Keep a few figures of a closed night, JSON; the next flush writes them."""
        self._rows.add([Row(rows.SUMMARY, (date, fingerprint, figures))])

    def drop_summary(self, date: str) -> None:
        """Forget the figures of a date on which no night is on record any more."""
        self._rows.add([Row(rows.NO_SUMMARY, (date,))])

    def keep_diary(self, date: str, tags: Sequence[str]) -> None:
        """Keep what an evening was like, in place of what was said of it before."""
        self._rows.add([Row(rows.DIARY, (date, json.dumps(list(tags), ensure_ascii=False)))])

    def endings(self) -> list[Ending]:
        """Tell which boots broke off so that their newest samples are to be heard again."""
        if self._db is None:  # begun on a full disk
            return []
        with self._reader() as db:
            return endings(db, self._clock.boot_id)

    def tail(self, seconds: float, ending: Ending) -> Iterator[Block]:
        """Give the newest raw samples of a boot, monotonic s of it."""
        with self._reader() as db:
            keys = queries.tail_pieces(db, ending.boot_id, seconds)
        return self._blocks(keys, on_wall=False)

    def flush(self, *, full: bool = False) -> None:
        """Write all that waits; with `full`, return when the disk has it for sure.

        Raises
        ------
        StoreError : the disk does not take it. It waits on, and the next flush tries again.
        """
        with self._asking():
            self._write(full)

    def change(self, changes: Sequence[Row]) -> None:
        """Change what was written before, all of it or nothing; what waits is written first.

        Raises
        ------
        StoreError : the disk does not take it, and nothing was changed.
        """
        with self._asking():
            db = self._db or self._begin()
            self._write_rows(db, full=False)
            rows.write(db, changes, full=True)
            self._version += 1
            self._clock_version += 1

    def close(self) -> None:
        """Write all that waits and close; StoreError when the disk did not take it."""
        if self._closed:
            return
        try:
            self.flush(full=True)
        finally:
            super().close()
            if self._db is not None:
                self._db.close()
            os.close(self._folder_lock)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Ask the disk, one at a time, and say what it complains of."""
        with self._writing:
            try:
                yield
            except (sqlite3.Error, OSError) as error:
                if isinstance(error, sqlite3.Error) and not opening.of_the_world(error):
                    raise
                raise StoreError(self._complaint(error)) from error

    def _write(self, full: bool) -> None:
        try:
            self._write_all(full)
        except sqlite3.DatabaseError as error:
            if not opening.unreadable(error):
                raise
            self._leave_unreadable()
            self._write_all(full)

    def _write_all(self, full: bool) -> None:
        db = self._db or self._begin()
        waiting_s = self._raw.waiting_s
        # Raw samples end with a sync, since the kernel alone would keep them half a minute more;
        # it takes the rows along. Rows that are lost before it can be told anew from the samples.
        self._write_rows(db, full=full or not waiting_s)
        if full or waiting_s + self.settings.flush_s >= OLDEST_RAW_S:
            self._write_raw(db)
        self._tidy(db)
        if full:
            db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _begin(self) -> sqlite3.Connection:
        """Open the database and leave it in order: this boot's row, no fault left open."""
        opened = opening.open_for_writing(self.path, self._clock.wall())
        self.set_aside = opened.set_aside or self.set_aside
        self._anchors = Anchors(self._clock, queries.least_offset_s(opened.db, self._clock))
        try:
            rows.write(opened.db, [*self._anchors.news(), *self._sensor, rows.END_OPEN_FAULTS])
            self._told = queries.told_until(opened.db, self._clock.boot_id)
        except BaseException:
            opened.db.close()
            raise
        self._anchors.written()
        self._clock_version += 1
        self._db = opened.db
        return opened.db

    def _leave_unreadable(self) -> None:
        """Set a database aside that broke while it was in use; the next write begins a new one."""
        self.set_aside = opening.set_aside(self.path, self._clock.wall())
        if self._db is not None:
            self._db.close()
        self._db = None
        self._drop_readers()

    def _write_rows(self, db: sqlite3.Connection, full: bool) -> None:
        news, taken = self._anchors.news(), self._rows.take()
        if not news and not taken:
            return
        try:
            rows.write(db, [*news, *taken], full=full)
        except BaseException:
            self._rows.give_back(taken)
            raise
        self._clock_version += self._anchors.written()
        self._version += 1

    def _write_raw(self, db: sqlite3.Connection) -> None:
        """Write raw samples apart: where they do not fit any more, the rows still may."""
        if pieces := self._raw.take():
            try:
                rows.write(db, [rows.raw_row(self._clock.boot_id, p) for p in pieces], full=True)
            except BaseException:
                self._raw.give_back(pieces)
                raise

    def _tidy(self, db: sqlite3.Connection) -> None:
        now_s = self._clock.monotonic()
        if now_s - self._tidied_s >= TIDY_EVERY_S:
            self._tidied_s = now_s
            retention.forget_old(db, self.settings.raw_nights)
        free_mb = self.settings.min_free_mb
        self.short_of_space = retention.short_of_space(self.path.parent, free_mb)
        if self.short_of_space:
            retention.make_room(db)

    def _complaint(self, error: Exception) -> str:
        """Say it in the same words each time, so that it is one fault and not many."""
        lost = "the oldest of it is lost by now" if self.dropped else "it is written later"
        return (
            f"the night cannot be saved to {self.path}: {error}; free some space there, or change "
            f"the card if it is worn out (what is heard waits in memory, and {lost})"
        )
