"""What is asked of the database: rows back into records, on the wall clock as believed now."""

import hashlib
import sqlite3
from typing import Any, NamedTuple

from bedside.clock import Clock
from bedside.pipeline.listener import Minute, PresenceChange
from bedside.pipeline.movements import Movement
from bedside.pipeline.recorded import Fault, LightChange, Marked, Recorded, Temperature
from bedside.pipeline.samples import Block, Span
from bedside.pipeline.spans import MINUTE_S, heard_spans, presence_spans
from bedside.store.marks import KeptMovement, Mark, MarkKey, settled
from bedside.store.raw import decode, stamps

LATEST_S = 35.0
"""The listener names a movement at most this long after its onset."""
LATEST_PRESENCE_S = 240.0
"""It makes up its mind about somebody in bed at most this long after they came or went."""
BEFORE_S = 86_400.0
"""How far back somebody may have gone to bed who lies there when a window opens."""

_NAME = "unicode(r.kind) + length(r.kind) + 20 * r.far + length(r.cause)"
"""A number for what a movement is called; hearing a night anew may change nothing else of it."""
_FINGERPRINT = {  # table: its stamp, and what of it may change without a new row
    "movements": ("start_s", f"r.end_s + r.peak_mg + r.start_s * ({_NAME})"),
    "presence": ("t_s", "r.present"),
    "minutes": ("start_s", "r.heard_s"),
    "temperatures": ("t_s", "r.c"),
    "light": ("t_s", "r.level"),
    "faults": ("start_s", "r.end_s"),
    "sensors": ("t_s", "r.odr_hz"),
    "marks": ("start_s", "length(r.verdict)"),
}


class PieceKey(NamedTuple):
    """Names a piece of raw samples: the boot's number in the database, and its first stamp."""

    boot: int
    start_s: float


class Told(NamedTuple):
    """Monotonic s before which every movement, minute, change of presence is on record."""

    movements_s: float
    minutes_s: float
    presence_s: float


_Rows = list[tuple[Any, ...]]


def recorded(db: sqlite3.Connection, window: Span) -> Recorded:
    """Everything known of `window`, wall s."""
    minutes = _minutes(db, window)
    heard = heard_spans(minutes)
    light = _light(db, window)
    kept = movements(db, window)
    (known,) = between(db, "minutes", "min(b.known)", "start_s", window)[0]
    return Recorded(
        start_s=window.start_s,
        end_s=window.end_s,
        movements=tuple(each for m in kept if (each := m.counted) is not None),
        marked=tuple(Marked(m.movement, m.verdict) for m in kept if m.verdict is not None),
        presence=presence_spans(_changes(db, window), minutes, heard, window),
        heard=heard,
        minutes=minutes,
        stimuli_s=tuple(change.t_s for change in light),
        light=light,
        temperatures=_temperatures(db, window),
        faults=faults(db, window),
        odr_hz=_odr_hz(db, window),
        clock_known=known is None or bool(known),
    )


def movements(db: sqlite3.Connection, window: Span) -> list[KeptMovement]:
    """All movements of `window` as they were heard, in order of time, with their marks."""
    columns = (
        "r.start_s + b.offset_s, r.end_s + b.offset_s, r.kind, r.peak_mg, r.peak_jerk_g_s, "
        "r.tilt_mg, r.far, r.cause, r.boot, r.start_s"
    )
    kept = [
        KeptMovement(boot, s, Movement(start_s, end_s, kind, mg, g_s, tilt_mg, bool(far), cause))
        for start_s, end_s, kind, mg, g_s, tilt_mg, far, cause, boot, s in between(
            db, "movements", columns, "start_s", window
        )
    ]
    marks = [
        Mark(MarkKey(boot, start_s, kind), end_s, verdict)
        for _, boot, start_s, kind, end_s, verdict in between(
            db, "marks", "r.start_s + b.offset_s, r.*", "start_s", window
        )
    ]
    return settled(kept, marks) if marks else kept


def stretches(db: sqlite3.Connection) -> list[Span]:
    """From the first to the last minute of each boot, wall s."""
    sql = """SELECT b.offset_s + (SELECT min(start_s) FROM minutes WHERE boot = b.id),
                    b.offset_s + (SELECT max(start_s) FROM minutes WHERE boot = b.id)
             FROM boots AS b WHERE EXISTS (SELECT 1 FROM minutes WHERE boot = b.id)"""
    return [Span(first_s, last_s + MINUTE_S) for first_s, last_s in db.execute(sql)]


def holds(db: sqlite3.Connection, window: Span) -> bool:
    """Whether any minute of `window` was heard."""
    return bool(between(db, "minutes", "1", "start_s", window, "AND r.heard_s > 0 LIMIT 1"))


def faults(db: sqlite3.Connection, window: Span) -> tuple[Fault, ...]:
    """Faults that lasted at any moment of `window`."""
    sql = """SELECT r.start_s + b.offset_s, r.end_s + b.offset_s, r.part, r.sentence
             FROM boots AS b CROSS JOIN faults AS r
             WHERE r.boot = b.id AND r.start_s < ? - b.offset_s
                   AND (r.end_s IS NULL OR r.end_s > ? - b.offset_s)
             ORDER BY 1"""
    return tuple(Fault(*row) for row in db.execute(sql, (window.end_s, window.start_s)))


def raw_pieces(db: sqlite3.Connection, window: Span) -> list[PieceKey]:
    """Tell which pieces reach into `window`, in order of time."""
    # none is longer than a minute
    early = Span(window.start_s - MINUTE_S, window.end_s)
    columns = "r.start_s + b.offset_s, r.end_s + b.offset_s, r.boot, r.start_s"
    found = between(db, "raw", columns, "start_s", early)
    return [PieceKey(*key) for _start_s, end_s, *key in found if end_s >= window.start_s]


def tail_pieces(db: sqlite3.Connection, boot_id: str, seconds: float) -> list[PieceKey]:
    """Tell the newest pieces of a boot, together about `seconds` long."""
    sql = """SELECT r.boot, r.start_s FROM boots AS b CROSS JOIN raw AS r
             WHERE b.boot_id = ? AND r.boot = b.id
                   AND r.start_s > (SELECT max(start_s) FROM raw WHERE boot = b.id) - ?
             ORDER BY r.start_s"""
    return [PieceKey(*key) for key in db.execute(sql, (boot_id, seconds))]


def raw_block(db: sqlite3.Connection, key: PieceKey, *, on_wall: bool) -> Block | None:
    """Give the samples of one piece, wall or monotonic s; None if it is damaged, or gone."""
    sql = """SELECT r.start_s, r.end_s, b.offset_s, r.gap, r.n, r.lsb_per_g, r.samples
             FROM raw AS r JOIN boots AS b ON b.id = r.boot WHERE r.boot = ? AND r.start_s = ?"""
    row = db.execute(sql, key).fetchone()
    if row is None:
        return None
    start_s, end_s, offset_s, gap, n, lsb_per_g, samples = row
    accel = decode(samples, n, lsb_per_g)
    if accel is None:
        return None
    shift_s = offset_s if on_wall else 0.0
    return Block(stamps(start_s, end_s, n) + shift_s, accel, bool(gap))


def fingerprint(db: sqlite3.Connection, window: Span) -> str:
    """Text that changes with every row of `window`, and with its clock."""
    parts: _Rows = []
    for table, (stamp, figure) in _FINGERPRINT.items():
        sums = f"count(*), total(r.{stamp} + b.offset_s), total({figure}), min(b.known)"
        parts += between(db, table, sums, stamp, window)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def told_until(db: sqlite3.Connection, boot_id: str) -> Told:
    """Tell how far a boot is on record already: what a replay of its tail need not add."""
    sql = """SELECT coalesce((SELECT max(end_s) FROM movements WHERE boot = b.id), -1e9),
                    coalesce((SELECT max(start_s) FROM minutes WHERE boot = b.id), -1e9)
             FROM boots AS b WHERE b.boot_id = ?"""
    moved_s, minute_s = db.execute(sql, (boot_id,)).fetchone()
    # when that minute was written, it and all that had begun LATEST_S before its end were known
    return Told(
        max(moved_s, minute_s + MINUTE_S - LATEST_S), minute_s, minute_s - LATEST_PRESENCE_S
    )


def least_offset_s(db: sqlite3.Connection, clock: Clock) -> float:
    """Wall less monotonic of this boot at least, s: as on record, else from the last boot's end."""
    sql = """SELECT b.boot_id = :boot_id, b.offset_s,
                    max(coalesce((SELECT max(end_s) FROM raw WHERE boot = b.id), -1e9),
                        coalesce((SELECT max(start_s + heard_s) FROM minutes WHERE boot = b.id
                                  AND start_s = (SELECT max(start_s) FROM minutes
                                                 WHERE boot = b.id)), -1e9)) AS newest_s
             FROM boots AS b WHERE b.boot_id = :boot_id OR newest_s > -1e9
             ORDER BY b.boot_id = :boot_id DESC, b.id DESC LIMIT 1"""
    row = db.execute(sql, {"boot_id": clock.boot_id}).fetchone()
    if row is None:
        return float("-inf")
    own, offset_s, newest_s = row
    return float(offset_s if own else offset_s + newest_s - clock.monotonic())


def _minutes(db: sqlite3.Connection, window: Span) -> tuple[Minute, ...]:
    columns = (
        "r.start_s + b.offset_s, r.heard_s, r.present, r.floor_mg, r.peak_mg, "
        "r.breaths_per_min, r.breathing_quality"
    )
    return tuple(Minute(*row) for row in between(db, "minutes", columns, "start_s", window))


def _changes(db: sqlite3.Connection, window: Span) -> list[PresenceChange]:
    """Who came and went in the window, and in the day before it."""
    early = Span(window.start_s - BEFORE_S, window.end_s)
    rows = between(db, "presence", "r.t_s + b.offset_s, r.present", "t_s", early)
    return [PresenceChange(t_s, bool(present)) for t_s, present in rows]


def _light(db: sqlite3.Connection, window: Span) -> tuple[LightChange, ...]:
    rows = between(db, "light", "r.t_s + b.offset_s, r.level, r.cause", "t_s", window)
    return tuple(LightChange(*row) for row in rows)


def _temperatures(db: sqlite3.Connection, window: Span) -> tuple[Temperature, ...]:
    rows = between(db, "temperatures", "r.t_s + b.offset_s, r.c, r.humidity", "t_s", window)
    return tuple(Temperature(*row) for row in rows)


def _odr_hz(db: sqlite3.Connection, window: Span) -> float | None:
    """Rate of the sensor that recorded last in the window: set up in it, or earlier in its boot."""
    sql = """SELECT (SELECT r.odr_hz FROM sensors AS r
                     WHERE r.boot = b.id AND r.t_s < ? - b.offset_s ORDER BY r.t_s DESC LIMIT 1)
             FROM boots AS b CROSS JOIN minutes AS m
             WHERE m.boot = b.id AND m.start_s >= ? - b.offset_s AND m.start_s < ? - b.offset_s
             ORDER BY m.start_s + b.offset_s DESC LIMIT 1"""
    row = db.execute(sql, (window.end_s, *window)).fetchone()
    return None if row is None else row[0]


def between(
    db: sqlite3.Connection,
    table: str,
    columns: str,
    stamp: str,
    window: Span,
    tail: str = "ORDER BY 1",
) -> _Rows:
    """Rows `r` of `table`, joined to their boot `b`, whose `stamp` lies in `window`.

    CROSS JOIN makes SQLite go boot by boot, each a search in the table's own order.
    """
    sql = f"""SELECT {columns} FROM boots AS b CROSS JOIN {table} AS r
              WHERE r.boot = b.id AND r.{stamp} >= ? - b.offset_s AND r.{stamp} < ? - b.offset_s
              {tail}"""
    return db.execute(sql, tuple(window)).fetchall()
