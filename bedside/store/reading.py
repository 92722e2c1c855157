"""Reading the nights on record, from any thread, while they are being written."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from bedside.errors import StoreError
from bedside.pipeline.recorded import Fault, Recorded
from bedside.pipeline.samples import Block, Span
from bedside.store import hearing, queries
from bedside.store.condition import Condition, condition, row_counts, sensors
from bedside.store.marks import KeptMovement
from bedside.store.opening import StoreSettings, of_the_world, open_for_reading

_TOUCH = 2.5  # periods at most between the last sample of a piece and the first of the next


class Archive:
    """The nights on record, all on the wall clock; writes nothing.

    Raises
    ------
    StoreError : from any method, when there is no database or it cannot be read.
    """

    def __init__(self, settings: StoreSettings) -> None:
        self.settings = settings
        self.path = settings.path
        self._readers: list[sqlite3.Connection] = []
        self._readers_lock = threading.Lock()
        self._generation = 0
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; one that is in use closes when its reader is done."""
        with self._readers_lock:
            self._closed = True
        self._drop_readers()

    def version(self) -> int:
        """Count that rises whenever something was written."""
        return 0

    def clock_version(self) -> int:
        """Count that rises whenever what was written before changed or moved to another time."""
        return 0

    def stretches(self) -> list[Span]:
        """From the first to the last minute of each boot of the machine, wall s."""
        with self._reader() as db:
            return queries.stretches(db)

    def holds(self, start_s: float, end_s: float) -> bool:
        """Whether any minute between the wall times was heard."""
        with self._reader() as db:
            return queries.holds(db, Span(start_s, end_s))

    def recorded(self, start_s: float, end_s: float) -> Recorded:
        """Everything known of the time between the wall times."""
        with self._reader() as db:
            return queries.recorded(db, Span(start_s, end_s))

    def movements(self, start_s: float, end_s: float) -> list[KeptMovement]:
        """All movements between the wall times as they were heard, with what was said of them."""
        with self._reader() as db:
            return queries.movements(db, Span(start_s, end_s))

    def faults(self, start_s: float, end_s: float) -> tuple[Fault, ...]:
        """Faults that lasted at any moment between the wall times."""
        with self._reader() as db:
            return queries.faults(db, Span(start_s, end_s))

    def raw(self, start_s: float, end_s: float) -> Iterator[Block]:
        """Raw samples between the wall times, as far as they are kept; wall s.

        A piece that is damaged is left out, which makes a gap.
        """
        with self._reader() as db:
            keys = queries.raw_pieces(db, Span(start_s, end_s))
        for block in self._blocks(keys, on_wall=True):
            inside = (block.t >= start_s) & (block.t < end_s)
            if inside.any():
                yield Block(block.t[inside], block.accel[inside], block.gap)

    def raw_keys(self, start_s: float, end_s: float) -> list[hearing.RawKey]:
        """Tell which raw samples between the wall times are kept, boot by boot."""
        with self._reader() as db:
            return hearing.raw_keys(db, Span(start_s, end_s))

    def raw_piece(self, key: queries.PieceKey) -> Block | None:
        """Give samples of one piece, monotonic s of its boot; None if damaged, or gone."""
        with self._reader() as db:
            return queries.raw_block(db, key, on_wall=False)

    def free_between(self, boot: int, span: Span) -> Span:
        """Where no movement on record reaches that begins outside `span`, monotonic s."""
        with self._reader() as db:
            return hearing.free_between(db, boot, span)

    def present_at(self, boot: int, t_s: float) -> bool | None:
        """Whether somebody was in bed just before a monotonic moment, as far as is on record."""
        with self._reader() as db:
            return hearing.present_at(db, boot, t_s)

    def keeps_raw(self, start_s: float, end_s: float) -> bool:
        """Whether raw samples between the wall times are kept, sound or damaged."""
        with self._reader() as db:
            return bool(queries.raw_pieces(db, Span(start_s, end_s)))

    def scored(self, date: str) -> tuple[str, bytes] | None:
        """Fingerprint and content of a closed night as it was once scored, if it was."""
        with self._reader() as db:
            found = db.execute("SELECT fingerprint, scored FROM nights WHERE date = ?", (date,))
            row: tuple[str, bytes] | None = found.fetchone()
        return row

    def summaries(self) -> list[tuple[str, str, str]]:
        """Date, fingerprint and figures of every night that was summed up, in order of date."""
        with self._reader() as db:
            found = db.execute("SELECT date, fingerprint, figures FROM summaries ORDER BY date")
            return found.fetchall()

    def summarised(self, date: str) -> str | None:
        """Fingerprint of a night that was summed up, if it was."""
        with self._reader() as db:
            found = db.execute("SELECT fingerprint FROM summaries WHERE date = ?", (date,))
            row: tuple[str] | None = found.fetchone()
        return row[0] if row else None

    def diary(self) -> dict[str, tuple[str, ...]]:
        """Tell what the evenings were like, by date; those of which nobody wrote are left out."""
        with self._reader() as db:
            found = db.execute("SELECT date, tags FROM diary ORDER BY date").fetchall()
        return {date: tuple(json.loads(tags)) for date, tags in found}

    def fingerprint(self, start_s: float, end_s: float) -> str:
        """Text that changes with every row between the wall times, and with their clock."""
        with self._reader() as db:
            return queries.fingerprint(db, Span(start_s, end_s))

    def condition(self) -> Condition:
        """Look at the database itself: its size, what it holds, the steps of its clock."""
        with self._reader() as db:
            return condition(db, self.path)

    def row_counts(self) -> dict[str, int]:
        """Count the rows of each table of records; raw samples are left out."""
        with self._reader() as db:
            return row_counts(db)

    def sensors(self, start_s: float, end_s: float) -> list[tuple[str, float]]:
        """Give (chip, rate in Hz) of each sensor in use at any moment between the wall times."""
        with self._reader() as db:
            return sensors(db, Span(start_s, end_s))

    def _blocks(self, keys: list[queries.PieceKey], *, on_wall: bool) -> Iterator[Block]:
        """Read piece by piece: one long read would keep the journal from being written back."""
        end_s: float | None = None
        for key in keys:
            with self._reader() as db:
                block = queries.raw_block(db, key, on_wall=on_wall)
            if block is None:
                continue
            period_s = (block.t[-1] - block.t[0]) / max(1, len(block.t) - 1)
            torn = end_s is not None and not 0 < block.t[0] - end_s < _TOUCH * period_s
            yield Block(block.t, block.accel, block.gap or torn)
            end_s = block.t[-1]

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection, and with it one moment of the database, whatever is being written."""
        with self._readers_lock:
            db = self._readers.pop() if self._readers else None
            generation = self._generation
        if db is None:
            db = open_for_reading(self.path)
        try:
            db.execute("BEGIN")
            yield db
            db.execute("COMMIT")
        except BaseException as error:
            db.close()
            if isinstance(error, sqlite3.Error) and of_the_world(error):
                raise StoreError(f"cannot read the database {self.path}: {error}") from error
            raise
        with self._readers_lock:
            if not self._closed and generation == self._generation:
                self._readers.append(db)
                return
        db.close()

    def _drop_readers(self) -> None:
        """Lend none of the connections so far again: the file is another, or closed."""
        with self._readers_lock:
            readers, self._readers = self._readers, []
            self._generation += 1
        for db in readers:
            db.close()
