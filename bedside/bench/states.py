"""Presence, sleep, series and breathing of one night against the truth."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bedside.bench.figures import NightFigures
from bedside.bench.matching import pairs
from bedside.pipeline.listener import Minute, PresenceChange
from bedside.pipeline.samples import Span

CHANGE_WITHIN_S = 10.0
"""An entry or exit told this close is right."""


def spans(pairs_s: Sequence[tuple[float, float]]) -> list[Span]:
    """Return plain (start, end) pairs as spans."""
    return [Span(float(start_s), float(end_s)) for start_s, end_s in pairs_s]


def present(changes: Sequence[PresenceChange], end_s: float) -> list[Span]:
    """Return the spans in which somebody was told to lie in the bed, the last up to `end_s`."""
    told: list[Span] = []
    since_s: float | None = None
    for change in changes:
        if change.present and since_s is None:
            since_s = change.t_s
        elif not change.present and since_s is not None:
            told.append(Span(since_s, change.t_s))
            since_s = None
    return told if since_s is None else [*told, Span(since_s, end_s)]


def presence(
    figures: NightFigures, truth: Sequence[Span], told: Sequence[Span], duration_s: float
) -> None:
    """Count minutes whose majority is right, and entries and exits within 10 s."""
    n = int(duration_s // 60)
    lain = _seconds(truth, n * 60).reshape(n, 60).mean(axis=1)
    said = _seconds(told, n * 60).reshape(n, 60).mean(axis=1)
    figures.minutes += n
    figures.minutes_right += int(np.sum((lain >= 0.5) == (said >= 0.5)))
    for edge in (0, 1):  # entries, then exits
        true_edges = _edges(truth, edge, duration_s)
        told_edges = _edges(told, edge, duration_s)
        right = len(pairs(true_edges, told_edges, CHANGE_WITHIN_S))
        figures.changes += len(true_edges)
        figures.changes_right += right
        figures.changes_false += len(told_edges) - right


def _seconds(those: Sequence[Span], n: int) -> NDArray[np.float64]:
    """One number a second, 1 inside a span."""
    inside = np.zeros(n)
    for span in those:
        inside[max(0, round(span.start_s)) : max(0, round(span.end_s))] = 1.0
    return inside


def _edges(those: Sequence[Span], edge: int, duration_s: float) -> list[Span]:
    """Return starts (0) or ends (1); where the recording begins or ends is neither."""
    return [
        Span(span[edge], span[edge])
        for span in those
        if CHANGE_WITHIN_S < span[edge] < duration_s - CHANGE_WITHIN_S
    ]


def sleep(
    figures: NightFigures,
    in_bed: Sequence[Span],
    asleep: Sequence[Span],
    sol_s: float | None,
    tst_s: float | None,
) -> None:
    """Compare latency and total sleep time, where the sleeper slept at all."""
    if not asleep:
        return
    onset_s = asleep[0].start_s
    bedtime_s = max((s.start_s for s in in_bed if s.start_s <= onset_s), default=onset_s)
    figures.sol_nights += 1
    if sol_s is not None:
        figures.sol_told += 1
        figures.sol_error_s.append(sol_s - (onset_s - bedtime_s))
    figures.tst_error_s.append((tst_s or 0.0) - sum(span.length_s for span in asleep))


def breathing(
    figures: NightFigures,
    breaths: NDArray[np.float64],
    in_bed: Sequence[Span],
    minutes: Sequence[Minute],
) -> None:
    """Compare each minute's rate with the true mean; `breaths` is (n, 2): s, per minute."""
    for minute in minutes:
        span = Span(minute.start_s, minute.start_s + 60.0)
        lain_s = sum(span.overlap_s(other) for other in in_bed)
        if lain_s >= 59.0:
            figures.breath_minutes += 1
        if minute.breaths_per_min is None:
            continue
        if lain_s <= 1.0:
            figures.breath_invented += 1
        elif lain_s >= 59.0:
            figures.breath_told += 1
            true_rate = _mean_rate(breaths, span)
            figures.breath_error.append(minute.breaths_per_min - true_rate)


def _mean_rate(breaths: NDArray[np.float64], span: Span) -> float:
    at_s = np.arange(span.start_s + 0.5, span.end_s)
    return float(np.interp(at_s, breaths[:, 0], breaths[:, 1]).mean())


def series(
    figures: NightFigures,
    truth: Sequence[tuple[str, Span]],
    told: Sequence[tuple[str, Span]],
    steps: Sequence[Span],
) -> None:
    """Match series one to one, first within their kind; a match covers half the true length."""
    figures.series_true += Counter(kind for kind, _ in truth)
    pairs_found = _series_pairs(truth, told)
    figures.series_found += Counter(
        truth[i][0] for i, j in pairs_found if truth[i][0] == told[j][0]
    )
    figures.series_renamed += Counter(
        truth[i][0] for i, j in pairs_found if truth[i][0] != told[j][0]
    )
    matched = {j for _, j in pairs_found}
    false = [told[j] for j in range(len(told)) if j not in matched]
    figures.series_false += Counter(kind for kind, _ in false)
    figures.steps_as_rhythm += sum(
        kind == "rhythmic" and any(span.overlap_s(step) > 0.0 for step in steps)
        for kind, span in false
    )
    if all(kind != "periodic" for kind, _ in truth):
        figures.plain_nights += 1
        figures.plain_nights_clean += all(kind != "periodic" for kind, _ in told)


def _series_pairs(
    truth: Sequence[tuple[str, Span]], told: Sequence[tuple[str, Span]]
) -> list[tuple[int, int]]:
    """Return partners by index: the longest overlaps first, those of one kind before others."""
    edges = [
        (true_kind != kind, -true_span.overlap_s(span), i, j)
        for i, (true_kind, true_span) in enumerate(truth)
        for j, (kind, span) in enumerate(told)
        if true_span.overlap_s(span) >= 0.5 * true_span.length_s
    ]
    matched: dict[int, int] = {}
    for _, _, i, j in sorted(edges):
        if i not in matched and j not in matched.values():
            matched[i] = j
    return sorted(matched.items())
