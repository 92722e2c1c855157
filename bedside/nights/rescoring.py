"""A night heard anew: its raw samples played to today's detector, in small steps.

What was on record stays until all is heard, and is then replaced in one go. Replaced is only
what the raw samples bear out: where they are missing or damaged, and for a while beside such
a place, the record stays as it is.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from bedside.errors import BedsideError
from bedside.nights.nights import Nights
from bedside.pipeline.listener import Heard, Listener
from bedside.pipeline.samples import Block, Span
from bedside.store import Store
from bedside.store.anew import Anew, anew_rows
from bedside.store.hearing import RawKey

WARM_S = 600.0
"""Heard before the night begins: enough to know the floor, and who is in bed."""
SETTLE_S = 60.0
"""From where samples begin to where what is heard in them replaces what was heard before."""
DOUBT_S = 300.0
"""To where samples end. The detector makes up its mind about who is in bed so late."""
STEP_S = 10.0
"""Heard in one step: a few milliseconds of work."""
_TORN_S = 1.0


@dataclass
class Run:
    """A boot's samples at one rate, as far as they were heard; s on its monotonic clock."""

    boot: int
    boot_id: str
    window: Span
    heard: Heard = field(default_factory=Heard)
    spans: list[Span] = field(default_factory=list)

    def reach(self, block: Block) -> None:
        """Note that a piece was heard."""
        start_s, end_s = float(block.t[0]), float(block.t[-1])
        if self.spans and start_s - self.spans[-1].end_s <= _TORN_S:
            self.spans[-1] = Span(self.spans[-1].start_s, end_s)
        else:
            self.spans.append(Span(start_s, end_s))

    def add(self, heard: Heard) -> None:
        """Note what was heard."""
        self.heard.movements += heard.movements
        self.heard.presence += heard.presence
        self.heard.minutes += heard.minutes

    def anew(self) -> list[Anew]:
        """Tell what replaces the record."""
        clipped = [
            Span(
                max(span.start_s + SETTLE_S, self.window.start_s),
                min(span.end_s - DOUBT_S, self.window.end_s),
            )
            for span in self.spans
        ]
        return [
            Anew(self.boot, self.boot_id, span, self.heard)
            for span in clipped
            if span.length_s > 0.0
        ]


def rescoring(
    nights: Nights, store: Store, evening: date, new_listener: Callable[[float], Listener]
) -> Generator[float, None, str]:
    """Hear a night anew; yields how much of it is heard, 0-1, and returns what came of it.

    Raises
    ------
    BedsideError : no raw samples of it are kept.
    StoreError : the record cannot be read or written; it is as it was.
    """
    window = nights.window(evening)
    keys = store.raw_keys(window.start_s - WARM_S, window.end_s + DOUBT_S)
    runs: list[Run] = []
    done = 0
    for _, group in groupby(keys, key=lambda key: (key.piece.boot, key.odr_hz)):
        mine = list(group)
        run = Run(mine[0].piece.boot, mine[0].boot_id, _shifted(window, -mine[0].offset_s))
        runs.append(run)
        listener = new_listener(_odr_hz(mine[0]))
        for key in mine:
            yield from (done / len(keys) for _ in _heard(store, key, listener, run))
            done += 1
        run.add(listener.flush())
    spans = [anew for run in runs for anew in run.anew()]
    if not spans:
        raise BedsideError(
            f"the night of {evening} cannot be heard anew: too few of its raw samples are kept; "
            "see [store] raw and raw_nights"
        )
    yield 1.0
    return _replace(nights, store, evening, spans)


def _heard(store: Store, key: RawKey, listener: Listener, run: Run) -> Iterator[None]:
    """Play one piece, step by step."""
    block = store.raw_piece(key.piece)
    if block is None:
        return
    run.reach(block)
    n = max(1, round(STEP_S * _odr_hz(key)))
    for first in range(0, len(block.t), n):
        part = slice(first, first + n)
        run.add(listener.update(Block(block.t[part], block.accel[part], block.gap and not first)))
        yield


def _replace(nights: Nights, store: Store, evening: date, spans: Sequence[Anew]) -> str:
    """Put what was heard in the place of the record, all of it or nothing."""
    with nights.unchanged():
        store.flush()
        before = len(store.movements(*nights.window(evening)))
        store.change(anew_rows(store, spans, evening.isoformat()))
        after = len(store.movements(*nights.window(evening)))
    heard_h = sum(anew.span.length_s for anew in spans) / 3600.0
    return (
        f"{heard_h:.1f} h were heard anew: {after} movements are on record now, "
        f"{before} were before."
    )


def _odr_hz(key: RawKey) -> float:
    if key.odr_hz is not None:
        return key.odr_hz
    return max(key.n - 1, 1) / max(key.end_s - key.piece.start_s, 1e-3)


def _shifted(span: Span, by_s: float) -> Span:
    return Span(span.start_s + by_s, span.end_s + by_s)
