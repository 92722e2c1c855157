"""The movements of a night one by one: as heard, as counted, and as somebody marked them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bedside.nights.nights import Nights
from bedside.pipeline.movements import Kind, Movement
from bedside.pipeline.night import Night
from bedside.pipeline.recorded import Verdict
from bedside.pipeline.tally import HYPNIC_S, ScoredMovement
from bedside.pipeline.timing import within
from bedside.pipeline.words.why import Surroundings, places
from bedside.store import Archive, Store
from bedside.store.marks import KeptMovement
from bedside.store.rows import mark_rows

MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Event:
    """One movement of a night.

    key     names it for ever, in addresses: its boot, its onset there in ms, its kind
    kept    as it is on record
    scored  as it was heard, with what surrounded it
    """

    key: str
    kept: KeptMovement
    scored: ScoredMovement

    @property
    def heard(self) -> Movement:
        """The movement as the listener named it, wall s."""
        return self.kept.movement

    @property
    def verdict(self) -> Verdict | None:
        """What somebody said of it."""
        return self.kept.verdict


def events_of(nights: Nights, store: Archive, evening: date) -> list[Event]:
    """All movements from noon to noon, in order of time; raises as `Nights.night`."""
    with nights.unchanged():
        night = nights.night(evening)
        kept = store.movements(*nights.window(evening))
    scored = {(each.movement.start_s, each.movement.kind): each for each in night.movements}
    return [_event(each, scored) for each in kept]


def _event(kept: KeptMovement, scored: Mapping[tuple[float, Kind], ScoredMovement]) -> Event:
    heard = kept.movement
    key = f"{kept.boot}-{round(kept.start_s * 1000)}-{heard.kind}"
    found = None if kept.verdict else scored.get((heard.start_s, heard.kind))
    return Event(key, kept, found or ScoredMovement(heard, None))


def mark(nights: Nights, store: Store, event: Event, verdict: Verdict | None) -> None:
    """Remember what somebody says of an event; None takes it back. The night follows at once.

    Raises
    ------
    StoreError : the disk does not take it, and nothing has changed.
    """
    with nights.unchanged():
        store.change(mark_rows(event.kept, verdict))


def surroundings(night: Night, events: Sequence[Event], at: int) -> Surroundings:
    """Look around the event at a place of the night's list."""
    heard = events[at].heard
    before_s = max((e.heard.end_s for e in events[:at]), default=None)
    after_s = min((e.heard.start_s for e in events[at + 1 :]), default=None)
    own = [each.movement for each in night.movements]
    onset_s = None if night.onset_s is None else heard.start_s - night.onset_s
    return Surroundings(
        floor_mg=_floor_mg(night, heard.start_s),
        before_s=None if before_s is None else heard.start_s - before_s,
        after_s=None if after_s is None else after_s - heard.end_s,
        onset_s=onset_s if onset_s is not None and within(onset_s, *HYPNIC_S) else None,
        series=() if events[at].verdict else places(heard, night.series, own),
        verdict=events[at].verdict,
    )


def _floor_mg(night: Night, t_s: float) -> float | None:
    """Quiet level of the minute a moment lies in, mg."""
    floors = (
        minute.floor_mg
        for minute in night.recorded.minutes
        if minute.start_s <= t_s < minute.start_s + MINUTE_S and minute.heard_s > 0
    )
    return next(floors, None)
