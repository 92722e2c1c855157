"""Whether somebody is felt to breathe, after half a minute: quicker than the listener says it."""

from collections.abc import Sequence
from statistics import median
from typing import Literal, NamedTuple

import numpy as np

from bedside.live.ring import SLOT_S, Slot
from bedside.pipeline.breathing import BREATHS_HZ, PEAK_HZ, spectrum

UNIT = 10
"""Slots in which the heart beats twice at least: two seconds."""

STIRRED = 2.5
"""Times the usual peak of a unit: not a heart any more."""

STIRRED_MG = 25.0
"""A heart never swings so far, on any bed."""

SETTLED_S = 1.5
LEAST_S, LONGEST_S = 20.0, 30.0
"""So long a stretch is looked at: from four slow breaths on."""

FAINTEST_MG = 0.5
"""Root mean square; what is fainter comes from beyond the bed."""

OVER_NOISE = 2.2
"""Power over the chip's own noise in the same band; an empty bed stays below."""

LEAST_SHARE = 0.35
"""Of the power, what lies at one rate; of noise it is a fifth, seldom a quarter."""

CLEAR_MG, CLEAR, CLEAR_SHARE = 0.8, 6.0, 0.5
"""From here on it is felt well."""

TINY = 1e-12
"""mg²: a sensor that gives only one value has no power at all."""

Grade = Literal["good", "weak", "none"]


class Breath(NamedTuple):
    """How well breathing is felt.

    grade    None while it cannot be told yet
    per_min  None where there is no clear rate
    rms_mg   how strong, root mean square
    """

    grade: Grade | None
    per_min: float | None = None
    rms_mg: float = 0.0


def still_s(slots: Sequence[Slot]) -> float:
    """Return how long it has been still, up to now."""
    peaks: list[float] = []
    for last in range(len(slots), UNIT - 1, -UNIT):
        unit = slots[last - UNIT : last]
        peak = max(slot.swing_mg for slot in unit)
        usual = median(peaks) if peaks else peak
        if peak > min(STIRRED_MG, STIRRED * usual) or usual > STIRRED * peak:
            break
        peaks.append(peak)
        if any(slot.gap for slot in unit):
            break
    return len(peaks) * UNIT * SLOT_S


def breathing(slots: Sequence[Slot], still: float) -> Breath:
    """Judge the breathing of the last `still` s, as `still_s` gives them."""
    look_s = min(LONGEST_S, still - SETTLED_S)
    if look_s < LEAST_S:
        return Breath(None)
    looked = slots[-round(look_s / SLOT_S) :]
    hz, density = spectrum(np.array([slot[2:5] for slot in looked]), 1.0 / SLOT_S)
    low_hz, high_hz = BREATHS_HZ
    inside = (hz >= low_hz) & (hz <= high_hz)
    white = (high_hz - low_hz) * median(slot.noise_mg2_hz for slot in looked)
    power = float(density[inside].sum() * hz[1])
    rms_mg = max(0.0, power - white) ** 0.5
    near = np.abs(hz - hz[inside][density[inside].argmax()]) <= PEAK_HZ
    around = (hz >= 0.5 * low_hz) & (hz <= 2.0 * high_hz)
    share = float(density[near].sum() / max(float(density[around].sum()), TINY))
    if rms_mg < FAINTEST_MG or power < OVER_NOISE * white or share < LEAST_SHARE:
        return Breath("none", None, rms_mg)
    per_min = 60.0 * float((hz[near] * density[near]).sum() / density[near].sum())
    clear = rms_mg >= CLEAR_MG and power >= CLEAR * white and share >= CLEAR_SHARE
    return Breath("good" if clear else "weak", per_min, rms_mg)
