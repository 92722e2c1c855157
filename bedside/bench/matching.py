"""Truth and detection, matched one to one.

Two events may be partners when they overlap once the true one is given `SLACK_S` at both ends.
Of all ways to pair them, one with the most pairs is taken; where partners compete, the longer
overlap is preferred. What is left over is a miss or a false alarm: a true event found in two
pieces is one hit and one false alarm.
"""

from collections.abc import Sequence

import numpy as np

from bedside.pipeline.samples import Span

SLACK_S = 0.75
"""Allowance at both ends of a true event, s."""


def pairs(
    truth: Sequence[Span], detected: Sequence[Span], slack_s: float = SLACK_S
) -> list[tuple[int, int]]:
    """Return (index in truth, index in detected) of partners, in order of truth.

    As many pairs as any one-to-one matching can have: a first guess takes the longest
    overlaps, and augmenting paths make room for whoever came too late.
    """
    partners = near(truth, detected, slack_s)
    edges = sorted(
        (-_overlap_s(truth[i], detected[j]), i, j) for i, row in enumerate(partners) for j in row
    )
    owner: dict[int, int] = {}
    served: set[int] = set()
    for _, i, j in edges:
        if i not in served and j not in owner:
            owner[j] = i
            served.add(i)
    for i in range(len(truth)):
        if i not in served:
            _make_room(i, partners, owner, set())
    return sorted((i, j) for j, i in owner.items())


def near(
    truth: Sequence[Span], detected: Sequence[Span], slack_s: float = SLACK_S
) -> list[list[int]]:
    """Return for each true event the detections that may be its own, by index."""
    start_s = np.array([span.start_s for span in detected], dtype=np.float64)
    end_s = np.array([span.end_s for span in detected], dtype=np.float64)
    return [
        np.flatnonzero(
            (start_s <= event.end_s + slack_s) & (end_s >= event.start_s - slack_s)
        ).tolist()
        for event in truth
    ]


def _overlap_s(one: Span, other: Span) -> float:
    """Seconds in common; negative where they are apart, by as much."""
    return min(one.end_s, other.end_s) - max(one.start_s, other.start_s)


def _make_room(i: int, partners: list[list[int]], owner: dict[int, int], tried: set[int]) -> bool:
    """Give event `i` a detection, moving owners to another of theirs; False where none can be."""
    for j in partners[i]:
        if j in tried:
            continue
        tried.add(j)
        if j not in owner or _make_room(owner[j], partners, owner, tried):
            owner[j] = i
            return True
    return False
