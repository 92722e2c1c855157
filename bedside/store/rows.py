"""Rows on their way to the disk: what each record becomes, how it waits, how it is written."""

import sqlite3
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bedside.pipeline.listener import Minute, PresenceChange
from bedside.pipeline.movements import Movement
from bedside.pipeline.recorded import Fault, LightChange, Temperature, Verdict
from bedside.store.marks import KeptMovement
from bedside.store.raw import Piece, encode

_BOOT = "(SELECT id FROM boots WHERE boot_id = ?)"

BOOT = """
    INSERT INTO boots (boot_id, offset_s, known) VALUES (?, ?, ?)
    ON CONFLICT (boot_id) DO UPDATE SET offset_s = excluded.offset_s, known = excluded.known
    WHERE excluded.known >= known"""
ANCHOR = f"INSERT INTO anchors VALUES ({_BOOT}, ?, ?, ?) ON CONFLICT DO NOTHING"
SENSOR = f"INSERT INTO sensors VALUES ({_BOOT}, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
MOVEMENT = f"INSERT INTO movements VALUES ({_BOOT}, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
PRESENCE = f"INSERT INTO presence VALUES ({_BOOT}, ?, ?) ON CONFLICT DO NOTHING"
MINUTE = f"""
    INSERT INTO minutes VALUES ({_BOOT}, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET heard_s = excluded.heard_s, present = excluded.present,
        floor_mg = excluded.floor_mg, peak_mg = excluded.peak_mg,
        breaths_per_min = excluded.breaths_per_min, breathing_quality = excluded.breathing_quality
    WHERE excluded.heard_s > heard_s"""
TEMPERATURE = f"INSERT INTO temperatures VALUES ({_BOOT}, ?, ?, ?) ON CONFLICT DO NOTHING"
LIGHT = f"INSERT INTO light VALUES ({_BOOT}, ?, ?, ?) ON CONFLICT DO NOTHING"
FAULT = f"""
    INSERT INTO faults VALUES ({_BOOT}, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET end_s = excluded.end_s, sentence = excluded.sentence"""
NIGHT = "INSERT OR REPLACE INTO nights VALUES (?, ?, ?)"
SUMMARY = "INSERT OR REPLACE INTO summaries VALUES (?, ?, ?)"
NO_SUMMARY = "DELETE FROM summaries WHERE date = ?"
DIARY = "INSERT OR REPLACE INTO diary VALUES (?, ?)"
MARK = "INSERT OR REPLACE INTO marks VALUES (?, ?, ?, ?, ?)"
UNMARK = "DELETE FROM marks WHERE boot = ? AND start_s = ? AND kind = ?"
FORGET_NIGHT = "DELETE FROM nights WHERE date = ?"
RAW = f"INSERT INTO raw VALUES ({_BOOT}, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"


class Row(NamedTuple):
    """One statement and its parameters; of plain Python types, since NumPy's become blobs."""

    sql: str
    values: tuple[str | float | int | bytes | None, ...]


END_OPEN_FAULTS = Row(
    """UPDATE faults SET end_s = max(
           start_s,
           coalesce((SELECT max(t_s) FROM anchors WHERE boot = faults.boot), start_s),
           coalesce((SELECT max(start_s) FROM minutes WHERE boot = faults.boot), start_s)
       ) WHERE end_s IS NULL""",
    (),
)
"""What the last run left open ended with it, as far as its last records tell."""


def sensor_row(boot_id: str, t_s: float, chip: str, odr_hz: float, lsb_per_g: float) -> Row:
    """Give the row of a chip that was set up."""
    return Row(SENSOR, (boot_id, float(t_s), chip, float(odr_hz), float(lsb_per_g)))


def movement_row(boot_id: str, movement: Movement) -> Row:
    """Give the row of one movement."""
    m = movement
    figures = (float(m.peak_mg), float(m.peak_jerk_g_s), float(m.tilt_mg))
    stamps = (float(m.start_s), float(m.end_s))
    return Row(MOVEMENT, (boot_id, *stamps, m.kind, *figures, int(m.far), m.cause))


def presence_row(boot_id: str, change: PresenceChange) -> Row:
    """Give the row of somebody coming or going."""
    return Row(PRESENCE, (boot_id, float(change.t_s), int(change.present)))


def minute_row(boot_id: str, minute: Minute) -> Row:
    """Give the row of one minute; of two for the same minute the one that heard more stays."""
    m = minute
    figures = (float(m.heard_s), float(m.present), float(m.floor_mg), float(m.peak_mg))
    breaths = None if m.breaths_per_min is None else float(m.breaths_per_min)
    return Row(MINUTE, (boot_id, float(m.start_s), *figures, breaths, float(m.breathing_quality)))


def temperature_row(boot_id: str, temperature: Temperature) -> Row:
    """Give the row of one reading."""
    t_s, c, humidity = temperature
    return Row(
        TEMPERATURE,
        (boot_id, float(t_s), float(c), None if humidity is None else float(humidity)),
    )


def light_row(boot_id: str, change: LightChange) -> Row:
    """Give the row of one change of the lamp."""
    return Row(LIGHT, (boot_id, float(change.t_s), float(change.level), change.cause))


def fault_row(boot_id: str, fault: Fault) -> Row:
    """Give the row of a fault; the same `start_s` and `part` again tells that it has ended."""
    end_s = None if fault.end_s is None else float(fault.end_s)
    return Row(FAULT, (boot_id, float(fault.start_s), end_s, fault.part, fault.sentence))


def mark_rows(kept: KeptMovement, verdict: Verdict | None) -> list[Row]:
    """Give the rows that say `verdict` of a movement and nothing else; None takes it back."""
    said = [Row(UNMARK, mark.key) for mark in kept.marks]
    if verdict is not None:
        start_s, movement = float(kept.start_s), kept.movement
        end_s = start_s + float(movement.end_s - movement.start_s)
        said.append(Row(MARK, (kept.boot, start_s, movement.kind, end_s, verdict)))
    return said


def raw_row(boot_id: str, piece: Piece) -> Row:
    """Give the row of one piece of raw samples, packed."""
    block, scale = piece.block, float(piece.lsb_per_g)
    first, last = float(block.t[0]), float(block.t[-1])
    packed = encode(block.accel, scale)
    return Row(RAW, (boot_id, first, last, int(block.gap), len(block.t), scale, packed))


def write(db: sqlite3.Connection, waiting: Sequence[Row], *, full: bool = False) -> None:
    """Write all rows or none; with `full`, the journal is on the disk for sure at the end."""
    if full:
        db.execute("PRAGMA synchronous = FULL")
    try:
        db.execute("BEGIN IMMEDIATE")
        for sql, values in waiting:
            db.execute(sql, values)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk rolls back by itself
            db.execute("ROLLBACK")
        raise
    finally:
        if full:
            db.execute("PRAGMA synchronous = NORMAL")


class RowQueue:
    """Rows that wait for the next write; forgets the oldest when there are too many."""

    def __init__(self, most: int) -> None:
        self._lock = threading.Lock()
        self._rows: deque[Row] = deque()
        self._most = most
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, rows: Iterable[Row]) -> None:
        """Append `rows`."""
        with self._lock:
            self._rows.extend(rows)
            self._bound()

    def take(self) -> list[Row]:
        """Give and forget all that waits, oldest first."""
        with self._lock:
            taken = list(self._rows)
            self._rows.clear()
        return taken

    def give_back(self, rows: list[Row]) -> None:
        """Put what could not be written before all that came since."""
        with self._lock:
            self._rows.extendleft(reversed(rows))
            self._bound()

    def _bound(self) -> None:
        while len(self._rows) > self._most:
            self._rows.popleft()
            self.dropped += 1
