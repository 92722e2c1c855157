"""Faults of the chip in the raw stream: one-sample spikes are mended, repeats are counted."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

REACH = 3
"""Samples on either side that a spike is judged by."""

SPIKE_RATIO = 6.0
"""Second difference of a spike over the stretch's mean one. Noise reaches 5 once a night; a
spike of less than this is lost in the filters anyway."""

ASIDE = 0.35
"""A lone spike of height 1 has second differences 1 at its sample, -1/2 beside it and 0 further
off; this is how far they may be out. No oscillation has that shape at any frequency."""

MENDABLE_ODR_HZ = 40.0
"""Below this rate a body's own jerk may last one sample."""


class Mended(NamedTuple):
    """What `mend` gives.

    samples  (n, 3) without spikes
    spikes   (n,) height of what was taken out, 0 where nothing was
    repeats  (n,) whether a sample is the one before, in all axes
    """

    samples: Array
    spikes: Array
    repeats: NDArray[np.bool_]


def mend(samples: Array, stretch: int) -> Mended:
    """Replace lone spikes by the mean of their neighbours, axis by axis.

    Parameters
    ----------
    samples : (REACH + n + REACH, 3), the margins as context only.
    stretch : samples with a noise level of their own; n is a multiple of it, or shorter.
    """
    step = samples[1:] - samples[:-1]
    still = step[REACH - 1 : -REACH] == 0.0
    repeats: NDArray[np.bool_] = still[:, 0] & still[:, 1] & still[:, 2]
    # bend[i] belongs to samples[i + 1]; only its proportions count
    bend = step[:-1] - step[1:]
    size = np.abs(bend)
    mine = size[REACH - 1 : 1 - REACH]
    n = len(mine)
    stretches = mine.reshape(-1, min(stretch, n), 3)
    limit = (SPIKE_RATIO / stretches.shape[1]) * np.einsum("snc->sc", stretches)[:, None]
    hits = (stretches > limit).reshape(n, 3)
    body = samples[REACH:-REACH]
    spikes = np.zeros(n)
    if not hits.any():
        return Mended(body, spikes, repeats)
    rows, axes = np.nonzero(hits)
    lone = _is_lone(bend, rows + REACH - 1, axes)
    rows, axes = rows[lone], axes[lone]
    body = body.copy()
    body[rows, axes] = (samples[rows + REACH - 1, axes] + samples[rows + REACH + 1, axes]) / 2
    np.maximum.at(spikes, rows, np.abs(samples[rows + REACH, axes] - body[rows, axes]))
    return Mended(body, spikes, repeats)


def _is_lone(bend: Array, at: NDArray[np.intp], axes: NDArray[np.intp]) -> NDArray[np.bool_]:
    height = bend[at, axes]
    lone = np.ones(len(at), dtype=bool)
    for off, share in ((1, -0.5), (2, 0.0)):
        for side in (-off, off):
            lone &= np.abs(bend[at + side, axes] / height - share) < ASIDE
    return lone
