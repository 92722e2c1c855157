"""A verdict turned into counts, and into a list for whoever wants to look at each."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from bedside.bench.figures import LEVELS, LOUD, EventFigures, NightFigures
from bedside.bench.matching import near
from bedside.bench.verdict import Happened, Verdict
from bedside.pipeline.movements import Movement
from bedside.pipeline.samples import Span


def count(
    truth: Sequence[Happened], detected: Sequence[Span], verdict: Verdict, duration_s: float
) -> EventFigures:
    """Return the figures that any detector can be asked for."""
    all_hits = verdict.hits + verdict.faint_hits
    found = {i for i, _ in all_hits}
    own = [i for i, event in enumerate(truth) if event.sleepers]
    loud = [i for i in own if truth[i].kind == "jerk" and truth[i].level >= LOUD]
    taken = set(verdict.disturbed)
    audible = [i for i, e in enumerate(truth) if not e.sleepers and (not e.faint or i in taken)]
    return EventFigures(
        nights=1,
        hours=duration_s / 3600.0,
        hits=len(verdict.hits),
        missed=len(verdict.missed),
        false=Counter(cause for _, cause in verdict.false),
        at_level=Counter(level_bin(truth[i].level) for i in own),
        found_at_level=Counter(level_bin(truth[i].level) for i in own if i in found),
        loud_jerks=len(loud),
        loud_jerks_found=len(found.intersection(loud)),
        disturbances=Counter(truth[i].cause for i in audible),
        disturbed=Counter(truth[i].cause for i in audible if i in taken),
        all_disturbances=Counter(event.cause for event in truth if not event.sleepers),
        onset_error_s=[
            detected[j].start_s - truth[i].span.start_s
            for i, j in verdict.hits
            if truth[i].kind == "jerk"
        ],
    )


def level_bin(level: float) -> float:
    """Return the lower edge of the bin of `LEVELS` that a peak over quiet falls in."""
    return LEVELS[max(0, bisect_right(LEVELS, level) - 1)]


def count_kinds(
    figures: NightFigures,
    truth: Sequence[Happened],
    own: Sequence[Movement],
    others: Sequence[Movement],
    verdict: Verdict,
) -> None:
    """Add what was named as what, and which misses were heard but called a disturbance."""
    figures.kinds += Counter((truth[i].kind, str(own[j].kind)) for i, j in verdict.hits)
    figures.muted += Counter(truth[i].kind for i, _ in muted(truth, others, verdict))


def muted(
    truth: Sequence[Happened], others: Sequence[Movement], verdict: Verdict
) -> list[tuple[int, int]]:
    """Return (missed, disturbance it was called) by index."""
    rows = near([truth[i].span for i in verdict.missed], [_span(m) for m in others])
    return [(i, row[0]) for i, row in zip(verdict.missed, rows, strict=True) if row]


def notes(
    truth: Sequence[Happened],
    own: Sequence[Movement],
    others: Sequence[Movement],
    verdict: Verdict,
) -> list[str]:
    """One line for each miss, false alarm and wrong name, in order of time."""
    heard_as = {i: f", called {_told(others[j])}" for i, j in muted(truth, others, verdict)}
    lines = [
        (truth[i].span.start_s, f"missed {_true(truth[i])}{heard_as.get(i, '')}")
        for i in verdict.missed
    ]
    lines += [(own[j].start_s, f"false  {_told(own[j])}: {cause}") for j, cause in verdict.false]
    lines += [
        (truth[i].span.start_s, f"named  {_true(truth[i])} as {_told(own[j])}")
        for i, j in verdict.hits
        if truth[i].kind != own[j].kind
    ]
    return [f"{at_s:10.2f}  {line}" for at_s, line in sorted(lines)]


def _span(movement: Movement) -> Span:
    return Span(movement.start_s, movement.end_s)


def _true(event: Happened) -> str:
    cause = f" ({event.cause})" if event.cause else ""
    return f"{event.kind}{cause} {event.span.length_s:.2f} s, {event.level:.1f} x quiet"


def _told(movement: Movement) -> str:
    length_s = movement.end_s - movement.start_s
    cause = f" ({movement.cause})" if movement.cause else ""
    return (
        f"{movement.kind}{cause} at {movement.start_s:.2f}, {length_s:.2f} s, "
        f"{movement.peak_mg:.1f} mg, {movement.peak_jerk_g_s:.2f} g/s, "
        f"tilt {movement.tilt_mg:.1f} mg"
    )
