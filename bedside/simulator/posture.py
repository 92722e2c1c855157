"""How the sensor stands: gravity moves from axis to axis as the body lies on the bed."""

import numpy as np
from numpy.random import Generator

from bedside.simulator.draws import log_uniform
from bedside.simulator.truth import Happening, Stretch
from bedside.simulator.waves import Array

_CREEP_S = (10.0, 25.0, 60.0, 120.0)  # foam goes on giving way after a turn
_CREEP = 0.15
_SMOOTH = np.linspace(0.0, 1.0, 9)


class Posture:
    """The horizontal part of gravity (2,), mg, as knots over time, s."""

    def __init__(self, rng: Generator) -> None:
        angle = rng.uniform(0.0, 2.0 * np.pi, 2)
        self.empty = rng.uniform(5.0, 40.0) * np.array([np.cos(angle[0]), np.sin(angle[0])])
        load_mg = log_uniform(rng, (15.0, 80.0))
        self._lying = self.empty + load_mg * np.array([np.cos(angle[1]), np.sin(angle[1])])
        self._times, self._levels = [0.0], [self.empty]

    def lie(self) -> None:
        """Let the sleeper be in bed from the beginning."""
        self._levels[0] = self._lying

    def follow(
        self, movements: list[Happening], sitting: list[Stretch], rng: Generator
    ) -> list[float]:
        """Go through movements in order of time; return the tilt each left behind, mg."""
        tilts = []
        nexts = [*(movement.start_s for movement in movements), np.inf][1:]
        for movement, next_s in zip(movements, nexts, strict=True):
            old = self._levels[-1]
            new = self._after(movement, old, sitting, rng)
            tilts.append(float(np.hypot(*(new - old))))
            if tilts[-1]:
                self._step(movement, old, new, next_s)
        return tilts

    def at(self, t: Array) -> Array:
        """Return the horizontal part of gravity (n, 2), mg, at times `t` (n,)."""
        levels = np.array(self._levels)
        return np.stack([np.interp(t, self._times, levels[:, axis]) for axis in (0, 1)], axis=1)

    def _after(
        self, movement: Happening, old: Array, sitting: list[Stretch], rng: Generator
    ) -> Array:
        """Return the level after a movement."""
        step = _step_mg(rng)
        if movement.kind == "bed_exit":
            return self.empty + rng.normal(0.0, 1.0, 2)
        if movement.kind == "bed_entry":
            return self._lying + rng.normal(0.0, 4.0, 2)
        if movement.kind != "turn":
            return old
        if any(abs(start_s - movement.end_s) < 0.01 for start_s, _ in sitting):
            return 0.5 * (self.empty + self._lying) + rng.normal(0.0, 10.0, 2)
        if any(abs(end_s - movement.start_s) < 0.01 for _, end_s in sitting):
            return self._lying + rng.normal(0.0, 10.0, 2)
        # Nobody rolls the same way all night: of two directions take the one nearer the middle.
        ways = old + step * _unit(rng), old + step * _unit(rng)
        return min(ways, key=lambda way: float(np.hypot(*(way - self._lying))))

    def _step(self, movement: Happening, old: Array, new: Array, next_s: float) -> None:
        """Append the way from one level to the next."""
        share = 0.5 - 0.5 * np.cos(np.pi * _SMOOTH)
        times = movement.start_s + (0.15 + 0.75 * _SMOOTH) * movement.length_s
        creep = np.minimum(_CREEP, 3.0 / np.hypot(*(new - old)))
        self._times += list(times)
        self._levels += [old + part * (1.0 - creep) * (new - old) for part in share]
        for after_s in _CREEP_S:
            if movement.end_s + after_s < next_s:
                left = creep * np.exp(-after_s / 25.0)
                self._times.append(movement.end_s + after_s)
                self._levels.append(new - left * (new - old))


def _step_mg(rng: Generator) -> float:
    """Draw the tilt a turn leaves: mostly 10-30 mg, sometimes up to 290."""
    return log_uniform(rng, (10.0, 30.0) if rng.random() < 0.8 else (30.0, 290.0))


def _unit(rng: Generator) -> Array:
    """Draw a horizontal unit vector (2,)."""
    angle = rng.uniform(0.0, 2.0 * np.pi)
    return np.array([np.cos(angle), np.sin(angle)])
