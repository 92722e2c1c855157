"""What hearing a night anew asks of the record."""

import sqlite3
from typing import NamedTuple

from bedside.pipeline.samples import Span
from bedside.pipeline.spans import MINUTE_S
from bedside.store.queries import PieceKey, Told, between, told_until


class RawKey(NamedTuple):
    """A piece of raw samples, without them; s on the monotonic clock of its boot.

    offset_s  wall - monotonic
    odr_hz    nominal rate of the chip; None where nobody wrote it down
    n         samples in it
    """

    piece: PieceKey
    end_s: float
    boot_id: str
    offset_s: float
    odr_hz: float | None
    n: int


class Ending(NamedTuple):
    """Where the record of a boot ends; its newest samples may have more to tell.

    odr_hz  nominal rate of the chip they come from
    told    how far they are on record as movements, minutes and presence
    """

    boot_id: str
    odr_hz: float
    told: Told


def endings(db: sqlite3.Connection, boot_id: str) -> list[Ending]:
    """Tell of the boot before `boot_id`, if it broke off untold, and of `boot_id`, if begun."""
    return [
        Ending(name, odr_hz, told_until(db, name))
        for name, odr_hz in db.execute(_ENDINGS, {"boot_id": boot_id, "slack_s": 1.0})
    ]


_ENDINGS = """
    SELECT b.boot_id, (SELECT odr_hz FROM sensors WHERE boot = b.id ORDER BY t_s DESC LIMIT 1)
    FROM boots AS b JOIN boots AS this ON this.boot_id = :boot_id
    WHERE EXISTS (SELECT 1 FROM raw WHERE boot = b.id)
          AND EXISTS (SELECT 1 FROM sensors WHERE boot = b.id)
          AND (b.id = this.id
               OR b.id = (SELECT max(id) FROM boots AS other WHERE other.id < this.id
                          AND EXISTS (SELECT 1 FROM raw WHERE boot = other.id))
               AND (SELECT max(end_s) FROM raw WHERE boot = b.id) > :slack_s
                   + coalesce((SELECT start_s + heard_s FROM minutes WHERE boot = b.id
                               ORDER BY start_s DESC LIMIT 1), -1e9))
    ORDER BY b.id"""


def raw_keys(db: sqlite3.Connection, window: Span) -> list[RawKey]:
    """Tell which pieces reach into `window`, boot by boot, and in order of time within each."""
    early = Span(window.start_s - MINUTE_S, window.end_s)
    rate = """(SELECT s.odr_hz FROM sensors AS s WHERE s.boot = b.id AND s.t_s <= r.start_s
               ORDER BY s.t_s DESC LIMIT 1)"""
    columns = f"r.boot, r.start_s, r.end_s, b.boot_id, b.offset_s, {rate}, r.n"
    found = between(db, "raw", columns, "start_s", early, "ORDER BY 1, 2")
    return [
        RawKey(PieceKey(boot, start_s), end_s, boot_id, offset_s, odr_hz, n)
        for boot, start_s, end_s, boot_id, offset_s, odr_hz, n in found
        if end_s + offset_s >= window.start_s
    ]


def free_between(db: sqlite3.Connection, boot: int, span: Span) -> Span:
    """Where no movement of a boot reaches that begins outside `span`, monotonic s."""
    sql = """SELECT coalesce((SELECT max(end_s) FROM movements
                              WHERE boot = :boot AND start_s < :start
                                    AND start_s >= :start - :longest), :start),
                    coalesce((SELECT min(start_s) FROM movements
                              WHERE boot = :boot AND start_s >= :end), :end + :longest)"""
    longest_s = 2 * MINUTE_S
    named = {"boot": boot, "start": span.start_s, "end": span.end_s, "longest": longest_s}
    return Span(*db.execute(sql, named).fetchone())


def present_at(db: sqlite3.Connection, boot: int, t_s: float) -> bool | None:
    """Whether somebody was in bed just before a moment, monotonic s; None: not on record."""
    sql = "SELECT present FROM presence WHERE boot = ? AND t_s < ? ORDER BY t_s DESC LIMIT 1"
    row = db.execute(sql, (boot, t_s)).fetchone()
    return None if row is None else bool(row[0])
