"""Somebody on the mattress: moves, lies some way, breathes, has a heart."""

from dataclasses import replace

import numpy as np

from bedside.simulator.body import Mattress, wave_of
from bedside.simulator.draws import Dice, uniform
from bedside.simulator.outline import Outline
from bedside.simulator.posture import Posture
from bedside.simulator.profiles import Profile
from bedside.simulator.script import Script, fill
from bedside.simulator.truth import Stretch
from bedside.simulator.vitals import beat_rms, beats, breathing, breaths, heartbeat, vitals_of
from bedside.simulator.waves import Array, Chorus

_NEAR_S = 20.0


class Person:
    """One body with its bed; `live` takes it through one stretch of time after the other.

    Parameters
    ----------
    profile : ranges to draw from.
    dice : streams of chance for what stays the same all night.
    far : whether this is the other side of the bed, felt weaker and slower, as a rocking.
    """

    def __init__(self, profile: Profile, dice: Dice, *, far: bool = False) -> None:
        rng = dice("mattress")
        resonance_hz, q = uniform(rng, profile.resonance_hz), uniform(rng, profile.q)
        gain, share = uniform(rng, profile.gain), uniform(rng, (0.1, 0.4)) if far else 1.0
        self._mattress = Mattress(resonance_hz, q)
        if far:
            self._mattress = Mattress(0.7 * resonance_hz, q, far_hz=5.0, upright=0.5)
        self._profile, self._gain = profile, gain * share
        self._tilt = 0.3 * share if far else 1.0
        self._vitals = vitals_of(profile, dice("vitals"), 0.5 * share if far else 1.0)
        self._heartbeat = heartbeat(self._mattress)
        self._beat_rms = beat_rms(self._mattress)
        self._movements = Chorus()
        self.breathing = breathing()
        self.posture = Posture(dice("posture"))

    def live(
        self, dice: Dice, outline: Outline, blocked: list[Stretch], doors: list[float]
    ) -> Script:
        """Go through one stretch of time; return what the body does in it, in order."""
        script = fill(self._profile, dice, outline, blocked, doors)
        planned = sorted(script.happenings, key=lambda happening: happening.start_s)
        tilts = self.posture.follow(planned, outline.sitting, dice("posture"))
        script.happenings = [
            replace(happening, peak_mg=happening.peak_mg * self._gain, tilt_mg=mg * self._tilt)
            for happening, mg in zip(planned, tilts, strict=True)
        ]
        rng = dice("waves")
        self._movements.extend([wave_of(h, self._mattress, rng) for h in script.happenings])
        self.breathing.extend(*breaths(self._vitals, dice("breaths"), outline, script.happenings))
        self._heartbeat.extend(*beats(self._vitals, dice("beats"), outline, script.happenings))
        return script

    def tilt(self, t: Array) -> Array:
        """Return how far gravity is pushed from the z axis (n, 2), g, at times `t` (n,)."""
        level: Array = self._tilt / 1000.0 * self.posture.at(t)
        return level

    def add_to(self, out: Array, t: Array) -> None:
        """Add to `out` (n, 3), g, all else that is felt at increasing times `t` (n,)."""
        self.breathing.add_to(out, t)
        self._heartbeat.add_to(out, t)
        self._movements.add_to(out, t)

    def heart_mg(self, t: Array) -> Array:
        """Return the root mean square (n,) of a heartbeat around times `t`, 1-20 Hz, mg."""
        norms = 1000.0 * np.sqrt((self._heartbeat.vectors**2).sum(axis=1))
        total = np.concatenate(([0.0], np.cumsum(norms)))
        starts = self._heartbeat.starts
        first, last = np.searchsorted(starts, t - _NEAR_S), np.searchsorted(starts, t + _NEAR_S)
        level: Array = self._beat_rms * (total[last] - total[first]) / np.maximum(last - first, 1)
        return level
