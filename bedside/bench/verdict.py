"""One night's events, judged: what was found, missed, and heard where there was nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from bedside.bench.matching import near, pairs
from bedside.pipeline.samples import Span

NOTHING = "nothing"
"""Cause of a false alarm with no happening near it."""

PIECE = "piece"
"""Cause of a false alarm that is a further piece of a movement found already."""


@dataclass(frozen=True, slots=True)
class Happened:
    """A true event as the judge needs it.

    faint   nobody could be asked to hear it
    level   its peak over the quiet level around it
    """

    span: Span
    kind: str
    cause: str = ""
    faint: bool = False
    level: float = 0.0

    @property
    def sleepers(self) -> bool:
        """Whether it is the sleeper's own movement, so that it should be found."""
        return self.kind != "disturbance"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Indices into the truth and into the detections that were judged.

    hits         (truth, detection) of the sleeper's movements that were found
    faint_hits   (truth, detection) of faint ones: neither for nor against
    missed       of truth, faint ones left out
    false        (detection, cause)
    disturbed    of truth: disturbances that were taken for the sleeper
    """

    hits: list[tuple[int, int]]
    faint_hits: list[tuple[int, int]]
    missed: list[int]
    false: list[tuple[int, str]]
    disturbed: list[int]


def judge(truth: Sequence[Happened], detected: Sequence[Span]) -> Verdict:
    """Judge detections of the sleeper's movements, of whatever kind.

    A detection goes to a movement that should be found first, then to a faint one; what is
    left is a false alarm, blamed on the movement it is a piece of, else on the disturbance it
    touches, else on nothing.
    """
    clear = [i for i, event in enumerate(truth) if event.sleepers and not event.faint]
    faint = [i for i, event in enumerate(truth) if event.sleepers and event.faint]
    others = [i for i, event in enumerate(truth) if not event.sleepers]
    everything = list(range(len(detected)))
    hits = _match(truth, clear, detected, everything)
    left = sorted(set(everything) - {j for _, j in hits})
    faint_hits = _match(truth, faint, detected, left)
    left = sorted(set(left) - {j for _, j in faint_hits})
    pieces = _touched(truth, clear + faint, detected, left)
    blamed = _touched(truth, others, detected, [j for j in left if j not in pieces])
    found = {i for i, _ in hits}
    return Verdict(
        hits=hits,
        faint_hits=faint_hits,
        missed=[i for i in clear if i not in found],
        false=[(j, _cause(truth, j, pieces, blamed)) for j in left],
        disturbed=sorted({i for those in blamed.values() for i in those}),
    )


def _match(
    truth: Sequence[Happened], events: list[int], detected: Sequence[Span], those: list[int]
) -> list[tuple[int, int]]:
    matched = pairs([truth[i].span for i in events], [detected[j] for j in those])
    return [(events[i], those[j]) for i, j in matched]


def _touched(
    truth: Sequence[Happened], events: list[int], detected: Sequence[Span], those: list[int]
) -> dict[int, list[int]]:
    """Return the events each of those detections touches, where there are any."""
    touched: dict[int, list[int]] = {}
    for i, row in zip(
        events, near([truth[i].span for i in events], [detected[j] for j in those]), strict=True
    ):
        for j in row:
            touched.setdefault(those[j], []).append(i)
    return touched


def _cause(
    truth: Sequence[Happened], j: int, pieces: dict[int, list[int]], blamed: dict[int, list[int]]
) -> str:
    if j in pieces:
        return PIECE
    if j in blamed:
        # The shortest is the likeliest culprit: a step during an hour of washing machine.
        return min((truth[i] for i in blamed[j]), key=lambda event: event.span.length_s).cause
    return NOTHING
