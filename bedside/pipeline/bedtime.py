"""Presence to times in bed: which one was the night, and which were naps."""

from collections.abc import Iterable, Sequence

import attrs

from bedside.pipeline.samples import Span
from bedside.settings import setting

Bedtime = tuple[Span, ...]
"""Spans in bed that belong together, in order; never empty."""


@attrs.frozen
class NightSettings:
    """Which times in bed make the night."""

    join_min: float = setting(
        60.0,
        "Times in bed less than this apart are one; the longest is the night, others are naps.",
        unit="min",
        low=0.0,
        high=360.0,
    )
    visit_min: float = setting(
        5.0,
        "Whoever is on the bed for less than this before or after the night has only sat down.",
        unit="min",
        low=0.0,
        high=60.0,
    )


def joined(spans: Iterable[Span], bounds: Span) -> list[Span]:
    """Spans cut to `bounds`, in order, with those that touch or overlap made one."""
    found: list[Span] = []
    for span in sorted(spans):
        cut = Span(max(span.start_s, bounds.start_s), min(span.end_s, bounds.end_s))
        if cut.end_s <= cut.start_s:
            continue
        if found and cut.start_s <= found[-1].end_s:
            found[-1] = Span(found[-1].start_s, max(found[-1].end_s, cut.end_s))
        else:
            found.append(cut)
    return found


def between(spans: Sequence[Span], bounds: Span) -> list[Span]:
    """Return what `bounds` holds outside the spans, which are in order and do not overlap."""
    edges = [bounds.start_s, *(edge for span in spans for edge in span), bounds.end_s]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [Span(start_s, end_s) for start_s, end_s in pairs if end_s > start_s]


def overlap_s(spans: Iterable[Span], bounds: Span) -> float:
    """Seconds of `bounds` that lie within the spans, which do not overlap."""
    return sum(span.overlap_s(bounds) for span in spans)


def bedtimes(in_bed: Sequence[Span], settings: NightSettings) -> list[Bedtime]:
    """Join spans in bed that are near each other; the longest first, which is the night.

    Whoever sits down on the bed for a moment before the night or after it has not gone to bed
    yet, or has got up: such visits at either end are left out, and so is a time in bed of
    nothing else, unless there was no other.
    """
    groups: list[list[Span]] = []
    for span in in_bed:
        if groups and span.start_s - groups[-1][-1].end_s < settings.join_min * 60.0:
            groups[-1].append(span)
        else:
            groups.append([span])
    visit_s = settings.visit_min * 60.0
    stays = [stay for group in groups if (stay := _without_visits(group, visit_s))]
    found = stays or [tuple(group) for group in groups]
    return sorted(found, key=lambda group: -sum(span.length_s for span in group))


def _without_visits(group: Sequence[Span], visit_s: float) -> Bedtime:
    long = [at for at, span in enumerate(group) if span.length_s >= visit_s]
    return tuple(group[long[0] : long[-1] + 1]) if long else ()
