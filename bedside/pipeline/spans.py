"""When there were data, and when somebody lay in the bed: worked out from minutes and changes."""

from collections.abc import Iterable, Sequence

from bedside.pipeline.listener import Minute, PresenceChange
from bedside.pipeline.samples import Span

MINUTE_S = 60.0
JOIN_S = 1.5
"""Spans this close are one: a chip's minute is not the clock's."""
WHOLE_S = MINUTE_S - JOIN_S
LOST_S = 3 * 3600.0
"""After so long without data nobody is said to lie in the bed until it is heard anew."""
EMPTY_MINUTES = 5
"""So many minutes in a row that heard nobody say that somebody left unheard."""
_TOLD_S = 30.0


def heard_spans(minutes: Sequence[Minute]) -> tuple[Span, ...]:
    """Stretches with data; `minutes` in order of time.

    The seconds are exact; where they lie within a minute heard in part is told by its
    neighbours: data that begin after a gap are at its end, others at its start.
    """
    spans: list[Span] = []
    for i, minute in enumerate(minutes):
        if minute.heard_s <= 0.0:
            continue
        start_s, end_s = minute.start_s, minute.start_s + min(minute.heard_s, MINUTE_S)
        follows = bool(spans) and start_s - spans[-1].end_s <= JOIN_S
        precedes = i + 1 < len(minutes) and minutes[i + 1].start_s - start_s <= MINUTE_S + JOIN_S
        if minute.heard_s >= WHOLE_S:
            end_s = start_s + MINUTE_S
        elif precedes and not follows:
            start_s, end_s = start_s + MINUTE_S - minute.heard_s, start_s + MINUTE_S
        if follows:
            spans[-1] = Span(spans[-1].start_s, max(spans[-1].end_s, end_s))
        else:
            spans.append(Span(start_s, end_s))
    return tuple(spans)


def presence_spans(
    changes: Iterable[PresenceChange],
    minutes: Sequence[Minute],
    heard: Sequence[Span],
    window: Span,
) -> tuple[Span, ...]:
    """Stretches with somebody in bed; open at the end of the data, it ends there.

    A restart, or a short gap, does not end one: the night goes on. What does: the change that
    says so, hours without data, and minutes in a row that heard an empty bed (somebody left
    while nobody listened).
    """
    if not heard:
        return ()
    ends = [PresenceChange(t_s, False) for t_s in (*_lost(heard, window), *_emptied(minutes))]
    events = sorted([*changes, *ends], key=lambda event: (event.t_s, event.present))
    spans: list[Span] = []
    since_s: float | None = None
    for event in events:
        if event.present and since_s is None:
            since_s = max(event.t_s, window.start_s)
        elif not event.present and since_s is not None:
            spans.append(Span(since_s, event.t_s))
            since_s = None
    if since_s is not None:
        spans.append(Span(since_s, heard[-1].end_s))
    return tuple(span for span in spans if span.length_s > 0.0)


def _lost(heard: Sequence[Span], window: Span) -> list[float]:
    """Where each long gap begins; the one after the last data is no gap, but the end."""
    ends = [window.start_s, *(span.end_s for span in heard[:-1])]
    return [end_s for end_s, span in zip(ends, heard, strict=True) if span.start_s - end_s > LOST_S]


def _emptied(minutes: Sequence[Minute]) -> list[float]:
    """Where each run of empty minutes begins that is long enough to be believed."""
    runs: list[float] = []
    count = 0
    for minute in minutes:
        empty = minute.heard_s >= _TOLD_S and minute.present == 0.0
        count = count + 1 if empty else 0
        if count == 1:
            first_s = minute.start_s
        if count == EMPTY_MINUTES:
            runs.append(first_s)
    return runs
