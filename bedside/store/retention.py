"""Which raw nights go, and when; nothing but raw samples is ever deleted."""

import shutil
import sqlite3
from pathlib import Path

_MEGABYTE = 1_000_000
_HOURS_AT_ONCE = 4  # so that making room never takes long

HOURS = """
    WITH RECURSIVE hours (boot, start_s) AS (
        SELECT id, (SELECT min(start_s) FROM raw WHERE boot = id) FROM boots
        UNION ALL
        SELECT boot, (SELECT min(raw.start_s) FROM raw
                      WHERE raw.boot = hours.boot AND raw.start_s >= hours.start_s + 3600)
        FROM hours WHERE start_s IS NOT NULL
    ) SELECT boot, start_s FROM hours WHERE start_s IS NOT NULL ORDER BY boot, start_s"""
"""Where each recorded hour begins, oldest first: one search for each, not one for each row."""


def forget_old(db: sqlite3.Connection, nights: int) -> None:
    """Delete the oldest raw samples above `nights` times 24 hours.

    Hours recorded are counted, not dates: a clock that is wrong by years must not cost a night.
    """
    hours = db.execute(HOURS).fetchall()
    _delete_before(db, hours, len(hours) - nights * 24)


def short_of_space(folder: Path, min_free_mb: int) -> bool:
    """Whether the disk has less free space than it should; OSError when it does not answer."""
    return shutil.disk_usage(folder).free < min_free_mb * _MEGABYTE


def make_room(db: sqlite3.Connection) -> None:
    """Delete some of the oldest raw hours, never the newest, and give the disk their space."""
    hours = db.execute(HOURS).fetchall()
    if _delete_before(db, hours, min(len(hours) - 1, _HOURS_AT_ONCE)):
        db.executescript("PRAGMA incremental_vacuum")  # `execute` would stop after one page
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _delete_before(db: sqlite3.Connection, hours: list[tuple[int, float]], count: int) -> bool:
    """Delete the first `count` of `hours`; whether there were any."""
    if count <= 0:
        return False
    db.execute("DELETE FROM raw WHERE (boot, start_s) < (?, ?)", hours[count])
    return True
