"""In bed or not: breathing, heartbeat and weight against the empty bed."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import attrs
import numpy as np
from numpy.typing import NDArray

from bedside.pipeline.breathing import breathing_mg2, slow_levels, slow_step
from bedside.pipeline.features import BODY, HIGH, band_edges
from bedside.pipeline.ranks import row_medians
from bedside.pipeline.trace import Trace
from bedside.settings import setting

Array = NDArray[np.float64]

SETTLED_S = 1.5
"""After a burst the mattress is quiet again."""

LOOK_S = 24.0
"""How long breathing and heartbeat are looked for: five slow breaths."""

SHORT_S = 8.0
"""Less than this tells nothing of breathing."""

BREATH_SHARE_HZ = 0.48
"""Width of the breathing band: what of white noise falls into it."""

OVER_NOISE = 2.2
"""Breathing over the chip's own noise in its band; over 24 s noise alone stays below 2."""

NOISE_WIDTH = 1.11
"""Width of a Butterworth band of second order for noise, over that between its edges."""

HEART_OVER_NOISE = 1.35
HUM = 3.0
"""Above this ratio of the HIGH band to its quietest a machine runs, and hides a heart."""

PARTNER = 0.08
"""Of the sleeper's power; what arrives from the other side of the bed is less (0.4 squared
at most, of a body that is farther away), the sleeper sitting on the edge is more."""

UNMOVED = 8.0

MEMORY = 0.05
"""How much of what is learnt every look forgets."""


@attrs.frozen
class PresenceSettings:
    """How somebody in the bed is told from an empty one."""

    faintest_breath_mg: float = setting(
        0.6,
        "The faintest breathing that counts as somebody in this bed, root mean square.",
        unit="mg",
        low=0.05,
        high=5.0,
    )
    shift_mg: float = setting(
        6.0,
        "How far the weight of a body tilts the sensor at least.",
        unit="mg",
        low=2.0,
        high=50.0,
    )
    doubt_s: float = setting(
        90.0,
        "How long breathing may be missed, or heard in an empty bed, before that is believed.",
        unit="s",
        low=30.0,
        high=600.0,
    )


class Vitals(NamedTuple):
    """What one look found; `quiet_s` says how long it could look.

    breath, heart, high  power, mg²
    level_mg             (3,) where the sensor points
    """

    quiet_s: float
    breath: float
    heart: float
    high: float
    level_mg: Array


def look(trace: Trace, first: int, last: int) -> Vitals:
    """Measure what breathes and beats between two hops."""
    levels = slow_levels(trace, first, last)
    rate_hz = 1.0 / (slow_step(trace) * trace.hop_s)
    power = trace.power(first, last)
    group = max(1, round(2.0 / trace.hop_s))
    groups = power[:, : power.shape[1] // group * group].reshape(len(power), -1, group).mean(2)
    # The median, as a few steps or a door are not a heart.
    usual = row_medians(groups) if groups.shape[1] else power.mean(axis=1)
    return Vitals(
        (last - first) * trace.hop_s,
        breathing_mg2(levels, rate_hz) if len(levels) > 5 else 0.0,
        float(usual[BODY]),
        float(usual[HIGH]),
        levels.mean(axis=0) if len(levels) else trace.level_mg(first, last).mean(axis=0),
    )


@dataclass
class Learnt:
    """What the two states look like; None where not yet seen."""

    noise: float | None = None
    breath: float | None = None
    heart: float | None = None
    empty_heart: float | None = None
    empty_level_mg: Array | None = None


def _near(old: float | None, new: float) -> float:
    return new if old is None else old + MEMORY * (new - old)


class Presence:
    """Keeps track of who is in bed.

    present  None until it is known

    Parameters
    ----------
    settings : thresholds.
    odr_hz : rate of the stream that looks are taken of, Hz.
    """

    def __init__(self, settings: PresenceSettings, odr_hz: float) -> None:
        self._settings = settings
        self._widths_hz = [
            NOISE_WIDTH * (high_hz - low_hz) for low_hz, high_hz in band_edges(odr_hz)
        ]
        self.learnt = Learnt()
        self.present: bool | None = None
        self.reset()

    def reset(self) -> None:
        """Forget who is in bed: the stream was broken for long."""
        self.present = None
        self._doubt_s = 0.0

    def see_gap(self, shift_mg: float) -> None:
        """Note how far the sensor's tilt changed while nobody listened.

        It may be the sensor that was moved, so nothing is known of how an empty bed is tilted.
        """
        if shift_mg >= self._settings.shift_mg:
            self.learnt.empty_level_mg = None

    def breathes(self, vitals: Vitals) -> bool:
        """Whether there is breathing of somebody in this bed, not beyond it."""
        known = self.learnt
        white = self.noise_mg2_hz * BREATH_SHARE_HZ
        least = max(OVER_NOISE * white, self._settings.faintest_breath_mg**2)
        if known.breath is not None:
            least = min(least, max(OVER_NOISE * white, PARTNER * known.breath))
        return vitals.breath > least

    def beats(self, vitals: Vitals) -> bool:
        """Whether there is a heart to be felt."""
        known = self.learnt
        empty = self.noise_mg2
        if known.empty_heart is not None:
            empty = min(empty, known.empty_heart)
        hum = vitals.high > HUM * self.noise_mg2_hz * self._widths_hz[HIGH]
        own = PARTNER * (known.heart or 0.0)
        return not hum and vitals.heart > HEART_OVER_NOISE * empty + own

    @property
    def noise_mg2_hz(self) -> float:
        """Density of the chip's own noise, as far as it has been heard alone."""
        return self.learnt.noise or 0.0

    @property
    def noise_mg2(self) -> float:
        """Its power, BODY."""
        return self.noise_mg2_hz * self._widths_hz[BODY]

    def learn_noise(self, vitals: Vitals) -> None:
        """Whatever is quietest in the HIGH band is the chip itself."""
        density = vitals.high / self._widths_hz[HIGH]
        noise = self.learnt.noise
        self.learnt.noise = density if noise is None else min(density, noise * 1.001)

    def watch(self, vitals: Vitals, since_s: float, *, moved: bool) -> bool | None:
        """Take in a regular look with no gross burst in it; a change that it proves, or None.

        Parameters
        ----------
        since_s : time since the last look.
        moved : whether there was a gross burst since the last look without doubt; nobody comes
            or goes without one, so that it takes UNMOVED times as long to believe it.
        """
        self.learn_noise(vitals)
        alive = self.breathes(vitals) or (self.present is True and self.beats(vitals))
        if self.present is None:
            self.present = alive
            self._learn(vitals)
            return alive
        if alive == self.present:
            self._doubt_s = 0.0
            self._learn(vitals)
            return None
        self._doubt_s += since_s
        if self._doubt_s < self._settings.doubt_s * (1.0 if moved else UNMOVED):
            return None
        self.present, self._doubt_s = alive, 0.0
        return alive

    @property
    def doubtful(self) -> bool:
        """Whether the last look contradicts what is believed."""
        return self._doubt_s > 0.0

    def _learn(self, vitals: Vitals) -> None:
        known = self.learnt
        if self.present:
            if self.breathes(vitals):
                known.breath = _near(known.breath, vitals.breath)
                known.heart = _near(known.heart, vitals.heart)
        else:
            known.empty_heart = _near(known.empty_heart, vitals.heart)
            known.empty_level_mg = vitals.level_mg

    def after(self, vitals: Vitals) -> Literal["bed_exit", "bed_entry"] | None:
        """Judge what a gross burst led to, by a look at what came after it."""
        known = self.learnt
        shift_mg = np.inf
        if known.empty_level_mg is not None:
            shift_mg = float(np.linalg.norm(vitals.level_mg - known.empty_level_mg))
        weight = shift_mg >= self._settings.shift_mg
        enough = vitals.quiet_s >= SHORT_S
        alive = enough and (self.breathes(vitals) or self.beats(vitals))
        if self.present is False and (alive or (weight and shift_mg < np.inf)):
            self.present, self._doubt_s = True, 0.0
            return "bed_entry"
        gone = enough and not alive
        if self.present and gone and (shift_mg == np.inf or not weight):
            self.present, self._doubt_s = False, 0.0
            known.empty_level_mg = vitals.level_mg
            return "bed_exit"
        return None
