"""Parts of the night that stand out: the longest without a movement, and the busiest."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from bedside.pipeline.movements import Movement
from bedside.pipeline.samples import Span

QUIET_S = 45.0 * 60.0
RESTLESS_APART_S = 180.0
RESTLESS_LEAST = 8
RESTLESS_S = 5.0 * 60.0
MOST = 3
"""Of each kind."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the night that stands out, with the movements in it."""

    kind: Literal["quiet", "restless"]
    start_s: float
    end_s: float
    count: int


def quiet_stretches(own: Sequence[Movement], asleep: Sequence[Span]) -> list[Stretch]:
    """Return up to three of the longest without a movement, at least 45 min, all of it asleep."""
    found = []
    for span in asleep:
        inside = [m for m in own if span.start_s <= m.start_s < span.end_s]
        edges = [span.start_s, *(edge for m in inside for edge in (m.start_s, m.end_s)), span.end_s]
        found += [
            Stretch("quiet", start_s, end_s, 0)
            for start_s, end_s in zip(edges[::2], edges[1::2], strict=True)
            if end_s - start_s >= QUIET_S
        ]
    return sorted(found, key=lambda s: s.start_s - s.end_s)[:MOST]


def restless_stretches(own: Sequence[Movement], period: Span) -> list[Stretch]:
    """Return up to three with most movements.

    At least eight in 5 min or more, none of them over 3 min after the last.
    """
    inside = [m for m in own if period.start_s <= m.start_s < period.end_s]
    cuts = [at for at, (a, b) in enumerate(pairwise(inside), 1) if _apart(a, b)]
    runs = [inside[first:last] for first, last in pairwise([0, *cuts, len(inside)])]
    found = [
        Stretch("restless", run[0].start_s, max(m.end_s for m in run), len(run))
        for run in runs
        if len(run) >= RESTLESS_LEAST and run[-1].end_s - run[0].start_s >= RESTLESS_S
    ]
    return sorted(found, key=lambda s: -s.count)[:MOST]


def _apart(before: Movement, after: Movement) -> bool:
    return after.start_s - before.start_s > RESTLESS_APART_S
