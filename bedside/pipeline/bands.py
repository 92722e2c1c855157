"""How much power a piece of the stream has in which band."""

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def band_powers(samples: Array, odr_hz: float, edges_hz: tuple[float, ...]) -> Array:
    """Return the power of `samples` (n, 3) between each edge and the next, mg²."""
    n = len(samples)
    few = max(1, n // 20)
    ends = samples[:few].sum(axis=0) / few, samples[-few:].sum(axis=0) / few
    points = max(256, 1 << (n - 1).bit_length())
    flat = samples - ends[0] - np.outer(np.arange(n) / max(1, n - 1), ends[1] - ends[0])
    bins = np.fft.rfft(flat, points, axis=0)
    squares = (bins.real**2 + bins.imag**2).sum(axis=1)
    at = [math.ceil(edge_hz * points / odr_hz) for edge_hz in edges_hz]
    sums = np.array([squares[a:b].sum() for a, b in pairwise(at)])
    return sums * (2.0 / (n * points))
