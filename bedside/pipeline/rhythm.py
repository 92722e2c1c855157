"""Quick rhythms and clusters: bursts a few seconds apart, or less."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from bedside.pipeline.movements import Movement
from bedside.pipeline.timing import ROUNDING_S, in_order, intervals_s

BURST_HZ = (0.3, 4.0)
LEAST_RHYTHMIC = 4
PAUSE = 2.5
"""A rhythm goes on over one burst that was missed, not over two."""
REGULAR, REGULAR_SHARE = 0.2, 0.8
"""So near to their median lie so many of a rhythm's intervals; a cluster's vary more."""
STEP_S = (0.45, 0.66)
"""From footfall to footfall, s: the spacing at which a rhythm is looked at twice."""
STEP_FADE = 0.6
"""Somebody passing begins or ends below this share of the loudest step."""
CLUSTER_S = 3.0
LEAST_CLUSTER = 3


def rhythmic_runs(movements: Sequence[Movement]) -> list[list[Movement]]:
    """Bursts (jerks and limb movements) of every rhythmic series: >= 4, 0.3-4 Hz, regular.

    High-frequency leg movements, foot tremor and rhythmic movement disorder share this span
    (AASM: 0.3-4 Hz, at least 4). The mean of the first, 1.6 Hz, is a walker's pace too; at
    that spacing bursts that grow and fade as somebody passing the bed does are left out.
    """
    bursts = [m for m in in_order(movements) if m.kind in ("jerk", "limb_movement")]
    found: list[list[Movement]] = []
    for chain in _chains(bursts, 1.0 / BURST_HZ[0]):
        found += [piece for piece in _pieces(chain) if len(piece) >= LEAST_RHYTHMIC]
    return [run for run in found if _regular(run) and not _like_steps(run)]


def cluster_runs(
    movements: Sequence[Movement], rhythms: Sequence[Sequence[Movement]] = ()
) -> list[list[Movement]]:
    """Jerks of every cluster: three or more, each beginning within 3 s of the last one's onset.

    Those of `rhythms` are left out.
    """
    taken = {id(m) for run in rhythms for m in run}
    jerks = [m for m in in_order(movements) if m.kind == "jerk" and id(m) not in taken]
    return [run for run in _chains(jerks, CLUSTER_S) if len(run) >= LEAST_CLUSTER]


def _chains(movements: Sequence[Movement], within_s: float) -> list[list[Movement]]:
    """Cut where the next onset comes later than `within_s` after the last."""
    chains: list[list[Movement]] = []
    for movement in movements:
        if chains and movement.start_s - chains[-1][-1].start_s <= within_s + ROUNDING_S:
            chains[-1].append(movement)
        else:
            chains.append([movement])
    return chains


def _pieces(chain: Sequence[Movement]) -> list[list[Movement]]:
    """Cut a chain where it pauses for much longer than its usual interval."""
    if len(chain) < LEAST_RHYTHMIC:
        return []
    return _chains(chain, PAUSE * median(intervals_s(chain)))


def _regular(bursts: Sequence[Movement]) -> bool:
    imi_s = intervals_s(bursts)
    middle_s = median(imi_s)
    if middle_s < 1.0 / BURST_HZ[1] - ROUNDING_S:
        return False
    alike = sum(abs(interval_s - middle_s) <= REGULAR * middle_s for interval_s in imi_s)
    return alike >= REGULAR_SHARE * len(imi_s)


def _like_steps(run: Sequence[Movement]) -> bool:
    """Tell whether a run at a walker's pace grows to one peak and fades from it."""
    if not STEP_S[0] <= median(intervals_s(run)) <= STEP_S[1]:
        return False
    peaks = [m.peak_mg for m in run]
    top = peaks.index(max(peaks))
    rising = all(a <= b for a, b in pairwise(peaks[: top + 1]))
    falling = all(a >= b for a, b in pairwise(peaks[top:]))
    return rising and falling and min(peaks[0], peaks[-1]) < STEP_FADE * peaks[top]
