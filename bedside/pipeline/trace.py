"""The last minutes of features, found by the number of their hop."""

import numpy as np
from numpy.typing import NDArray

from bedside.pipeline.features import BANDS_HZ, Features

Array = NDArray[np.float64]

KEPT_S = 120.0
"""How far back anybody looks: a movement of a minute, and what was before it."""

ROOM_S = 120.0
"""Written before what is too old is dropped; as long as the longest features appended at once."""

SMOOTH = 4
"""Hops that `energy` is averaged over: 0.2 s, a push and the first of its ringing."""


class Trace:
    """Rows of features by hop number, the first hop of a stream being 0.

    Besides the features themselves: `energy` (bands, k), power averaged over SMOOTH hops, mg².

    Parameters
    ----------
    hop : samples in a hop.
    hop_s : its length, s.
    """

    def __init__(self, hop: int, hop_s: float) -> None:
        self.hop, self.hop_s = hop, hop_s
        self._kept = round(KEPT_S / hop_s)
        room = self._kept + round(ROOM_S / hop_s) + 1
        bands = len(BANDS_HZ)
        self._t = np.empty(room)
        self._power, self._energy = np.empty((bands, room)), np.empty((bands, room))
        self._peak_mg, self._jerk_g_s = np.empty(room), np.empty(room)
        self._level_mg, self._samples = np.empty((room, 3)), np.empty((room * hop, 3))
        self._spike_mg, self._repeats = np.empty(room), np.empty(room)
        self._rows = 0
        self.end = 0

    @property
    def start(self) -> int:
        """Number of the oldest hop that is still known."""
        return self.end - self._rows

    def append(self, features: Features) -> None:
        """Add features that follow on what there is."""
        k = len(features.t)
        if self._rows + k > len(self._t):
            self._drop()
        at = slice(self._rows, self._rows + k)
        self._t[at], self._power[:, at] = features.t, features.power
        self._peak_mg[at], self._jerk_g_s[at] = features.peak_mg, features.jerk_g_s
        self._level_mg[at] = features.level_mg
        self._samples[at.start * self.hop : at.stop * self.hop] = features.samples
        self._spike_mg[at], self._repeats[at] = features.spike_mg, features.repeats
        self._smooth(at)
        self._rows += k
        self.end += k

    def _drop(self) -> None:
        """Move the rows to be kept to the front."""
        kept, last = min(self._kept, self._rows), self._rows
        for rows in (
            *(self._t, self._peak_mg, self._jerk_g_s, self._spike_mg, self._repeats),
            self._level_mg,
            self._power.T,
            self._energy.T,
        ):
            rows[:kept] = rows[last - kept : last].copy()
        first, last = (last - kept) * self.hop, last * self.hop
        self._samples[: kept * self.hop] = self._samples[first:last].copy()
        self._rows = kept

    def _smooth(self, at: slice) -> None:
        reach = SMOOTH - 1
        power = self._power[:, max(0, at.start - reach) : at.stop]
        if at.start < reach:
            power = np.concatenate([power[:, :1].repeat(reach - at.start, axis=1), power], axis=1)
        k = at.stop - at.start
        # Added one by one, so that no cutting of the stream changes even the rounding.
        total = power[:, :k] + power[:, 1 : k + 1]
        for back in range(2, SMOOTH):
            total += power[:, back : k + back]
        self._energy[:, at] = total / SMOOTH

    def _at(self, first: int, last: int) -> slice:
        """Rows of hops `first` to before `last`."""
        start = self.start
        return slice(max(0, first - start), max(0, last - start))

    def hop_at(self, t_s: float) -> int:
        """Return the number of the first hop that ends at `t_s` or later."""
        return self.start + int(np.searchsorted(self._t[: self._rows], t_s))

    def t(self, hop: int) -> float:
        """Return the end of a hop, s."""
        return float(self._t[hop - self.start])

    def power(self, first: int, last: int) -> Array:
        """Return (bands, k), mg²."""
        return self._power[:, self._at(first, last)]

    def energy(self, first: int, last: int) -> Array:
        """Return (bands, k), power averaged over the hop and those before it, mg²."""
        return self._energy[:, self._at(first, last)]

    def peak_mg(self, first: int, last: int) -> Array:
        """Return (k,)."""
        return self._peak_mg[self._at(first, last)]

    def jerk_g_s(self, first: int, last: int) -> Array:
        """Return (k,)."""
        return self._jerk_g_s[self._at(first, last)]

    def level_mg(self, first: int, last: int) -> Array:
        """Return (k, 3)."""
        return self._level_mg[self._at(first, last)]

    def spike_mg(self, first: int, last: int) -> Array:
        """Return (k,)."""
        return self._spike_mg[self._at(first, last)]

    def repeats(self, first: int, last: int) -> Array:
        """Return (k,)."""
        return self._repeats[self._at(first, last)]

    def samples(self, first: int, last: int) -> Array:
        """Return (k * hop, 3), mg."""
        at = self._at(first, last)
        return self._samples[at.start * self.hop : at.stop * self.hop]
