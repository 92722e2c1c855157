"""Medians and other quantiles of short arrays.

NumPy's own cost a tenth of a millisecond a call, and `np.median` loads 10 MiB of masked arrays.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def quantiles(values: Array, *shares: float) -> tuple[float, ...]:
    """Return the quantiles of `values` (n,), n > 0, linear between neighbours."""
    ordered = np.sort(values)
    found = []
    for share in shares:
        place = share * (len(ordered) - 1)
        below = int(place)
        low, high = float(ordered[below]), float(ordered[min(below + 1, len(ordered) - 1)])
        found.append(low + (place - below) * (high - low))
    return tuple(found)


def median(values: Array) -> float:
    """Return the median of `values` (n,), n > 0."""
    return quantiles(values, 0.5)[0]


def row_medians(values: Array) -> Array:
    """Return the median of each row of `values` (m, n), n > 0."""
    ordered, n = np.sort(values, axis=1), values.shape[1]
    middle: Array = 0.5 * (ordered[:, (n - 1) // 2] + ordered[:, n // 2])
    return middle
