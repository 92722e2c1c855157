"""What could be chance: differences and trends in a few nights, by the order of their figures.

Nothing here believes in a bell curve: restless nights are far out, and one of them must not
make a finding. Mann and Whitney (1947) for differences, Mann (1945) and Kendall for trends,
Sen (1968) for slopes, Holm (1979) for many questions at once.
"""

import math
from collections.abc import Sequence

import numpy as np

EXACT_MOST = 40
"""Nights on both sides together up to which every way to deal them out is counted."""


def difference_p(one: Sequence[float], other: Sequence[float]) -> float:
    """Probability that chance alone parts two groups at least so far, either way (Mann-Whitney).

    Exact, ties and all, up to `EXACT_MOST` values; beyond it by the normal curve.
    """
    if not len(one) or not len(other):
        return 1.0
    doubled = _doubled_ranks([*one, *other])
    got = sum(doubled[: len(one)])
    if len(doubled) <= EXACT_MOST:
        return _exact_p(doubled, len(one), got)
    n, k = len(doubled), len(one)
    middle = k * (n + 1.0)
    spread = 4.0 * k * (n - k) / (n * (n - 1.0)) * _rank_squares(doubled)
    # half a step of the sum for continuity; doubled ranks make it a whole one
    return _two_sided(max(abs(got - middle) - 1.0, 0.0), spread)


def superiority(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the share of pairs in which `one` is larger, ties as a half: 0.5 is no difference."""
    ranks = sum(_doubled_ranks([*one, *other])[: len(one)]) / 2.0
    return (ranks - len(one) * (len(one) + 1) / 2.0) / (len(one) * len(other))


def trend_p(days: Sequence[float], figures: Sequence[float]) -> float:
    """Probability that chance alone goes up or down so steadily (Mann-Kendall).

    Nights that resemble the one before tell less than nights apart: where the figures without
    their trend do, the spread is widened by it. Memory grows with the square of their number.
    """
    if len(figures) < 3:
        return 1.0
    values = np.asarray(figures, float)
    steps = np.sign(np.subtract.outer(values, values))
    rising = float(np.tril(steps).sum())
    n = len(values)
    ties = np.unique(values, return_counts=True)[1].astype(float)
    spread = (n * (n - 1.0) * (2 * n + 5.0) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18.0
    likeness = _likeness(values - slope(days, figures) * np.asarray(days, float))
    spread *= (1.0 + likeness) / (1.0 - likeness)
    return _two_sided(max(abs(rising) - 1.0, 0.0), spread)


def slope(days: Sequence[float], figures: Sequence[float]) -> float:
    """Change a day: the median slope of all pairs (Theil-Sen); 0 where there is no pair."""
    at, values = np.asarray(days, float), np.asarray(figures, float)
    first, second = np.triu_indices(len(at), 1)
    apart = at[second] - at[first]
    steps = (values[second] - values[first])[apart != 0] / apart[apart != 0]
    # NumPy's own median loads ten megabytes of masked arrays.
    return _middle(np.sort(steps)) if steps.size else 0.0


def holm(chances: Sequence[float]) -> list[float]:
    """Make each probability larger for the number of questions asked at once."""
    order = sorted(range(len(chances)), key=chances.__getitem__)
    found, most = [1.0] * len(chances), 0.0
    for place, at in enumerate(order):
        most = max(most, min(1.0, chances[at] * (len(chances) - place)))
        found[at] = most
    return found


def _doubled_ranks(values: Sequence[float]) -> list[int]:
    """Twice the rank of each value, which is whole even where values tie."""
    order = sorted(values)
    first = {value: at for at, value in reversed(list(enumerate(order)))}
    last = {value: at for at, value in enumerate(order)}
    return [first[value] + last[value] + 2 for value in values]


def _rank_squares(doubled: Sequence[int]) -> float:
    """Sum of squares of the ranks about their mean; ties make it smaller."""
    middle = (len(doubled) + 1.0) / 2.0
    return sum((rank / 2.0 - middle) ** 2 for rank in doubled)


def _exact_p(doubled: Sequence[int], k: int, got: int) -> float:
    """Count the ways to choose `k` ranks whose sum is as far from the middle as `got`."""
    ways = np.zeros((k + 1, sum(doubled) + 1))
    ways[0, 0] = 1.0
    for rank in doubled:
        for chosen in range(k, 0, -1):
            ways[chosen, rank:] += ways[chosen - 1, : ways.shape[1] - rank]
    far = np.abs(np.arange(ways.shape[1]) * 1.0 - k * (len(doubled) + 1.0))
    as_far = far >= abs(got - k * (len(doubled) + 1.0)) - 1e-9
    return float(min(1.0, ways[k][as_far].sum() / ways[k].sum()))


def _likeness(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """How much a night resembles the one before, 0 to 0.9; negative counts as none."""
    around = values - values.mean()
    power = float((around**2).sum())
    if power <= 0.0:
        return 0.0
    return min(max(float((around[1:] * around[:-1]).sum()) / power, 0.0), 0.9)


def _two_sided(far: float, spread: float) -> float:
    """Area of the normal curve beyond `far` on both sides."""
    return 1.0 if spread <= 0.0 else math.erfc(far / math.sqrt(2.0 * spread))


def _middle(ordered: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    half = len(ordered) // 2
    return float(ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2.0)
