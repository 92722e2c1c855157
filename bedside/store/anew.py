"""What was heard anew in the place of what is on record: the rows to go, and those to come."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bedside.pipeline.listener import Heard, PresenceChange
from bedside.pipeline.samples import Span
from bedside.pipeline.spans import MINUTE_S
from bedside.store import rows
from bedside.store.reading import Archive
from bedside.store.rows import Row

_ROUNDING_S = 1e-3


class Anew(NamedTuple):
    """A stretch that was heard anew; s on the monotonic clock of its boot.

    span   where `heard` takes the place of the record
    heard  may reach beyond it
    """

    boot: int
    boot_id: str
    span: Span
    heard: Heard


def anew_rows(store: Archive, stretches: Sequence[Anew], date: str) -> list[Row]:
    """Give the rows that put each stretch in its place, and forget how the night was scored."""
    changed = [row for each in stretches for row in _rows(store, each)]
    return [*changed, Row(rows.FORGET_NIGHT, (date,))]


def _rows(store: Archive, anew: Anew) -> Iterator[Row]:
    boot, boot_id, span, heard = anew
    at = (boot, *span)
    whole = (boot, span.start_s - _ROUNDING_S, span.end_s - MINUTE_S + _ROUNDING_S)
    yield Row("DELETE FROM movements WHERE boot = ? AND start_s >= ? AND start_s < ?", at)
    yield Row("DELETE FROM presence WHERE boot = ? AND t_s >= ? AND t_s < ?", at)
    yield Row("DELETE FROM minutes WHERE boot = ? AND start_s >= ? AND start_s < ?", whole)
    free = store.free_between(boot, span)
    for movement in heard.movements:
        if span.start_s <= movement.start_s < span.end_s and (
            movement.start_s >= free.start_s and movement.end_s <= free.end_s
        ):
            yield rows.movement_row(boot_id, movement)
    for change in _presence(store, anew):
        yield rows.presence_row(boot_id, change)
    for minute in heard.minutes:
        if whole[1] <= minute.start_s < whole[2]:
            yield rows.minute_row(boot_id, minute)


def _presence(store: Archive, anew: Anew) -> list[PresenceChange]:
    """Give the changes within the stretch, and at its ends those to and from the record beside."""
    span = anew.span
    changes = [c for c in anew.heard.presence if c.t_s < span.end_s]
    inside = [c for c in changes if c.t_s >= span.start_s]
    state = store.present_at(anew.boot, span.start_s)
    earlier = [c.present for c in changes if c.t_s < span.start_s]
    if earlier and earlier[-1] != state:
        inside.insert(0, PresenceChange(span.start_s, earlier[-1]))
    state = inside[-1].present if inside else state
    after = store.present_at(anew.boot, span.end_s)
    if after is not None and after != state:
        inside.append(PresenceChange(span.end_s, after))
    return inside
