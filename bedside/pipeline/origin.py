"""Where a burst came from: through the mattress, or through the floor."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bedside.pipeline.bands import band_powers
from bedside.pipeline.bursts import Burst
from bedside.pipeline.features import BODY, HIGH
from bedside.pipeline.ranks import median, quantiles
from bedside.pipeline.trace import Trace

Array = NDArray[np.float64]

EDGES_HZ = (1.0, 2.0, 3.0, 5.0, 7.0, 9.0, 12.5, 16.0, 20.0, 45.0)

MARGIN_S = (0.1, 0.3)
"""Looked at before and after a burst: its onset and its ringing."""

HOUSE_BANDS = slice(6, 9)
FROM_HOUSE = 0.4
"""A mattress resounds at 5-12.5 Hz and lets little through above; floors and frames do. Share of
the energy above from which it is the house's: of 200 jerks one has more than a third there, of 50
doors one less than this."""

RUMBLE_BANDS, SWAY_BANDS = slice(5, 9), slice(0, 2)
RUMBLE_S, RUMBLE, SWAY = 0.8, 0.42, 0.06
"""Of a burst this long: share of the energy above 9 Hz, and below 3 Hz, of a lorry. Of 100 legs one
has a third above, and half have more than 0.1 below."""

TOP_WEIGHTS, TOP_SCORE = (5.0, -1.15, 2.5, 11.2), -0.9
"""Of a shorter one, which may be the top of a rumble: how much louder than usual HIGH stays around
it, how far it rises above the usual there, how long it lasts (logarithms of ratios and of s), and
its share above 9 Hz. A discriminant fitted to simulated nights: of 200 jerks it takes one."""

BODY_BANDS = slice(0, 8)
PITCHES = np.log2(np.sqrt(np.array(EDGES_HZ[:8]) * np.array(EDGES_HZ[1:9])))
"""Octaves above 1 Hz of the middle of each band of the body's, 1-20 Hz."""

DOUBT = 2.0
"""Standard deviations of the noise allowed for, where a lack of energy is to be shown."""

BEAT_S = 0.8
"""In a shorter piece there may be twice as much of the heart as usual: all of one beat."""

TINY = 1e-12

QUIET_S = 5.0
MEMORY = 0.2
"""How much of the usual every look forgets."""

DROWNED = 0.03
"""Share of a burst's power, BODY, that it has at least in HIGH: where the chip's noise there is
more, a rumble cannot be told, nor is it likely to be heard at all."""

LOUDEST_MG = 15.0
"""Lorries shake a bed by 0.1-2 mg, an old house perhaps by 7."""

SIDE_S, STAYS = 2.5, 0.25
"""Looked at on either side of a burst, and the quantile of the energy there that counts: between
jerks that follow each other it is quiet, beside the top of a rumble never."""

STEPPING = 6.0
"""Loudest over median power of a long burst: above, single impulses; below, a rumble."""


class Quiet(NamedTuple):
    """Power that is always there, mg².

    bands  in each of EDGES_HZ
    usual, top  of the median hop and of the loudest fiftieth, BODY
    high_log  mean logarithm of it, HIGH
    """

    bands: Array
    usual: float
    top: float
    high_log: float


def quiet_of(trace: Trace, first: int, last: int, before: Quiet | None) -> Quiet:
    """Measure between two hops in which nothing happened, and average with what was known."""
    odr_hz = trace.hop / trace.hop_s
    recent = max(first, last - round(QUIET_S / trace.hop_s))
    power = trace.power(first, last)
    usual, top = quantiles(power[BODY], 0.5, 0.98)
    bands = band_powers(trace.samples(recent, last), odr_hz, EDGES_HZ)
    now = Quiet(bands, usual, top, float(np.log(np.maximum(power[HIGH], TINY)).mean()))
    if before is None:
        return now
    return Quiet(
        before.bands + MEMORY * (now.bands - before.bands),
        before.usual + MEMORY * (now.usual - before.usual),
        before.top + MEMORY * (now.top - before.top),
        before.high_log + MEMORY * (now.high_log - before.high_log),
    )


class Sound(NamedTuple):
    """What a burst adds to the quiet, mg², in each band of EDGES_HZ.

    errors  standard errors of it, by noise
    beat    what it would be of a heart that just beats then
    """

    powers: Array
    errors: Array
    beat: Array

    @property
    def from_house(self) -> bool:
        """Whether the mattress had no part in it."""
        high = self.powers[HOUSE_BANDS].sum()
        low = np.maximum(self.powers - self.beat, 0.0)[: HOUSE_BANDS.start].sum()
        surely = high - DOUBT * self.errors[HOUSE_BANDS].sum()
        return bool(surely > FROM_HOUSE * (low + high))

    @property
    def rumble(self) -> float:
        """Share of its energy above 9 Hz, 0-1."""
        return float(self.powers[RUMBLE_BANDS].sum() / max(self.powers.sum(), TINY))

    @property
    def sway(self) -> float:
        """Share of its energy below 3 Hz, 0-1."""
        return float(self.powers[SWAY_BANDS].sum() / max(self.powers.sum(), TINY))

    @property
    def pitch(self) -> float:
        """Where the middle of its energy lies between 1 and 20 Hz, octaves above 1 Hz."""
        body = self.powers[BODY_BANDS]
        return float(body @ PITCHES / max(body.sum(), TINY))


def sound_of(trace: Trace, burst: Burst, quiet: Quiet | None) -> Sound:
    """Measure a burst with its ringing."""
    first = max(trace.start, burst.first - round(MARGIN_S[0] / trace.hop_s))
    last = min(trace.end, burst.last + round(MARGIN_S[1] / trace.hop_s))
    powers = band_powers(trace.samples(first, last), trace.hop / trace.hop_s, EDGES_HZ)
    if quiet is None:
        return Sound(powers, np.zeros_like(powers), np.zeros_like(powers))
    # Noise of three axes, of width B over a time T, has 6 B T degrees of freedom.
    squares = 3.0 * np.diff(EDGES_HZ) * (last - first) * trace.hop_s
    errors = quiet.bands / np.sqrt(squares)
    beat = quiet.bands * min(1.0, BEAT_S / ((last - first) * trace.hop_s))
    return Sound(np.maximum(powers - quiet.bands, 0.0), errors, beat)


def is_rumble(trace: Trace, burst: Burst) -> bool:
    """Whether a long burst from the house swells and fades, as a lorry does."""
    power = trace.power(burst.first, burst.last)[HIGH]
    return bool(power.max() < STEPPING * median(power))


def is_lorry(trace: Trace, burst: Burst, sound: Sound, quiet: Quiet | None, now: int) -> bool:
    """Whether a burst is a rumble that swells and fades, or the top of one."""
    length_s = (burst.last - burst.first) * trace.hop_s
    if float(trace.peak_mg(burst.first, burst.last).max()) > LOUDEST_MG:
        return False
    if length_s >= RUMBLE_S:
        return sound.rumble > RUMBLE and sound.sway < SWAY
    if quiet is None:
        return False
    side, gap = round(SIDE_S / trace.hop_s), round(MARGIN_S[1] / trace.hop_s)
    first, last = burst.complex_first - gap, burst.complex_last + gap
    sides = (max(trace.start, first - side), first), (last, min(now, last + side))
    around = [quantiles(each, STAYS)[0] for a, b in sides if len(each := trace.energy(a, b)[HIGH])]
    if not around:
        return False
    height = float(trace.power(burst.first, burst.last)[HIGH].max())
    if DROWNED * float(trace.power(burst.first, burst.last)[BODY].max()) < math.exp(quiet.high_log):
        return False
    found = (
        sum(math.log(max(each, TINY)) for each in around) / len(around) - quiet.high_log,
        math.log(max(height, TINY)) - quiet.high_log,
        math.log(length_s),
        sound.rumble,
    )
    return sum(w * x for w, x in zip(TOP_WEIGHTS, found, strict=True)) > TOP_SCORE
