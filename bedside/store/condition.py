"""How the database fares: its size, what it holds, and what it knows of the clock."""

import sqlite3
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from shutil import disk_usage

from bedside.pipeline.samples import Span
from bedside.store.retention import HOURS
from bedside.store.schema import MIGRATIONS

_MB = 1_000_000
_SET_S = 2.0
"""A clock that moved by more between two looks was set; one that moved by less was only trimmed."""


@dataclass(frozen=True, slots=True)
class Condition:
    """The database and the disk it lies on.

    version          how many migrations it has had
    size_mb, free_mb of the file with its journal; of the disk, for this user
    raw_hours        hours of recording whose raw samples are kept
    newest_s         wall s of the newest minute on record; None without any
    clock_steps      (wall s after it, s forward) of each time the clock was set while it ran
    """

    version: int = len(MIGRATIONS)
    size_mb: float = 0.0
    free_mb: float = 0.0
    raw_hours: int = 0
    newest_s: float | None = None
    clock_steps: tuple[tuple[float, float], ...] = ()

    def days_left(self, raw_nights: int, min_free_mb: int) -> float | None:
        """Days until the raw nights that are wanted no longer fit; None when they all do."""
        if not self.raw_hours:
            return None
        mb_per_day = self.size_mb / self.raw_hours * 24.0
        wanted_days = raw_nights - self.raw_hours / 24.0
        room_days = max(0.0, self.free_mb - min_free_mb) / mb_per_day if mb_per_day else 0.0
        return None if room_days >= wanted_days else room_days


def condition(db: sqlite3.Connection, path: Path) -> Condition:
    """Look at the database at `path`, over a connection to it."""
    newest = db.execute(_NEWEST).fetchone()
    return Condition(
        version=db.execute("PRAGMA user_version").fetchone()[0],
        size_mb=sum(_size(Path(f"{path}{end}")) for end in ("", "-wal")) / _MB,
        free_mb=disk_usage(path.parent).free / _MB,
        raw_hours=len(db.execute(HOURS).fetchall()),
        newest_s=newest[0],
        clock_steps=_steps(db.execute(_ANCHORS).fetchall()),
    )


def row_counts(db: sqlite3.Connection) -> dict[str, int]:
    """Count the rows of each table of records; raw samples are left out."""
    names = [name for (name,) in db.execute(_TABLES)]
    return {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


def sensors(db: sqlite3.Connection, window: Span) -> list[tuple[str, float]]:
    """Give (chip, rate in Hz) of each sensor that was in use in `window`, wall s."""
    return list(db.execute(_SENSORS, {"start_s": window.start_s, "end_s": window.end_s}))


def _steps(anchors: list[tuple[int, float, float]]) -> tuple[tuple[float, float], ...]:
    """Find where the wall clock left the monotonic one, within each boot."""
    steps = []
    for (boot, t_s, wall_s), (later, later_t_s, later_wall_s) in pairwise(anchors):
        forward_s = (later_wall_s - wall_s) - (later_t_s - t_s)
        if boot == later and abs(forward_s) > _SET_S:
            steps.append((later_wall_s, forward_s))
    return tuple(steps[-10:])


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


# Raw samples are counted by the hour: their pages are many, and far apart.
_TABLES = """SELECT name FROM sqlite_schema
             WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name != 'raw' ORDER BY name"""
_NEWEST = """SELECT max(b.offset_s + (SELECT max(start_s) + 60 FROM minutes WHERE boot = b.id))
             FROM boots AS b"""
_ANCHORS = """SELECT boot, t_s, wall_s FROM
              (SELECT * FROM anchors ORDER BY boot DESC, t_s DESC LIMIT 2000)
              ORDER BY boot, t_s"""
_SENSORS = """SELECT DISTINCT r.chip, r.odr_hz FROM boots AS b CROSS JOIN sensors AS r
              WHERE r.boot = b.id AND r.t_s < :end_s - b.offset_s
                    AND EXISTS (SELECT 1 FROM minutes WHERE boot = b.id
                                AND start_s BETWEEN :start_s - b.offset_s AND :end_s - b.offset_s)
                    AND NOT EXISTS (SELECT 1 FROM sensors AS later
                                    WHERE later.boot = b.id AND later.t_s > r.t_s
                                    AND later.t_s <= :start_s - b.offset_s)
              ORDER BY r.chip"""
