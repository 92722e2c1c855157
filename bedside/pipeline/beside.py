"""Somebody beside the sleeper: what of the mattress's motion is theirs."""

import math
from collections import deque

import numpy as np

from bedside.pipeline.ranks import row_medians

OWN, LEAST_OWN = 15, 3
"""Turns, entries and exits are the sleeper's own, as they move the sensor: so many are compared."""

FAR, FAR_S = -0.3, 0.8
"""Octaves by which what comes from the far side of a mattress, which swallows high frequencies, is
lower than the sleeper's own. Of 500 legs one is; but shorter bursts may be single slow pushes."""

FAR_LONG, LONG_S = -0.1, 3.0
"""The same for what lasts long, and is made of many pushes."""

SURE_S, APART_S, KNOWN_S = 1.5, 600.0, 4 * 3600.0
"""Two bursts of this length that are as far off, and so far apart, prove that somebody is there,
for so long: a foot that beats slowly may sound like one, but not all night."""

WEAKER, FAR_BESIDE = 0.24, -0.6
"""Then, the weaker a burst is the less lower it need be: octaves for a factor of e, and those left.
A discriminant: it finds three in four of the other's movements, and takes one in 70 of the own."""

FAR_ENTRY, FAR_TURN = -0.3, -0.5
"""The same for what seems to fill an empty bed, and for what tilts the sensor."""

TINY = 1e-9
"""mg: a log of nothing is no number."""


class Beside:
    """What the sleeper's own movements sound like, and when somebody else's were heard."""

    def __init__(self) -> None:
        self._own: deque[tuple[float, float]] = deque(maxlen=OWN)
        self._seen_s = self._known_s = -math.inf

    def learn(self, pitch: float, peak_mg: float) -> None:
        """Take in a movement that surely was the sleeper's."""
        self._own.append((pitch, math.log(max(peak_mg, TINY))))

    def is_far(self, t_s: float, length_s: float, pitch: float, peak_mg: float) -> bool:
        """Whether a burst lacks the high frequencies that the sleeper's own movements have.

        Parameters
        ----------
        t_s, length_s : its onset and length.
        pitch : octaves above 1 Hz.
        """
        lower, weaker = self._compared(pitch, peak_mg)
        far = length_s >= FAR_S and lower < (FAR_LONG if length_s >= LONG_S else FAR)
        if far and length_s >= SURE_S:
            self._see(t_s)
        return far or (self._known(t_s) and lower + WEAKER * weaker < FAR_BESIDE)

    def is_far_turn(self, t_s: float, pitch: float) -> bool:
        """Whether a burst that tilted the sensor is theirs."""
        return self._known(t_s) and self._compared(pitch, 1.0)[0] < FAR_TURN

    def is_far_entry(self, t_s: float, pitch: float) -> bool:
        """Whether a burst on an empty bed is theirs, whatever it seems to lead to."""
        return self._known(t_s) and self._compared(pitch, 1.0)[0] < FAR_ENTRY

    def _see(self, t_s: float) -> None:
        """Note a burst that surely was not the sleeper's."""
        if APART_S <= t_s - self._seen_s <= KNOWN_S:
            self._known_s = t_s
        if t_s - self._seen_s >= APART_S:
            self._seen_s = t_s

    def _known(self, t_s: float) -> bool:
        return t_s < self._known_s + KNOWN_S

    def _compared(self, pitch: float, peak_mg: float) -> tuple[float, float]:
        """Return octaves above, and by how much louder (a log), than the sleeper's own.

        Zeros where too few of the sleeper's are known.
        """
        if len(self._own) < LEAST_OWN:
            return 0.0, 0.0
        own_pitch, own_log = row_medians(np.array(self._own).T)
        return pitch - float(own_pitch), math.log(max(peak_mg, TINY)) - float(own_log)
