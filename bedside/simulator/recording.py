"""A whole night as an array, with its truth: what the bench scores."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bedside.simulator.draws import dice
from bedside.simulator.profiles import PROFILES, Profile
from bedside.simulator.sensors import SENSORS, SensorNoise, counted, glitches, sensed
from bedside.simulator.sleeper import NIGHT_S, Sleeper
from bedside.simulator.truth import Happening, Truth

FAINT = 3.0
"""A movement whose peak is below this many times the quiet level counts neither way."""

MOUNTINGS = {
    "flat": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "upside_down": ((1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, -1.0)),
    "on_its_side": ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (-1.0, 0.0, 0.0)),
}
"""Rotations (3, 3) of the board; the rows are its axes."""

_PIECE = 60_000  # samples rendered at a time


@dataclass(frozen=True, slots=True)
class Recording:
    """A night as a chip would have sampled it.

    t       (n,)   float64, s
    xyz     (n, 3) float32, g, sensor axes
    truth   what happened, with what is too faint for this chip marked so
    odr_hz  samples a second
    """

    t: NDArray[np.float64]
    xyz: NDArray[np.float32]
    truth: Truth
    odr_hz: float


def record(
    profile: str | Profile,
    sensor: str,
    seed: int,
    duration_s: float = NIGHT_S,
    odr_hz: float = 100.0,
    mounting: str = "flat",
) -> Recording:
    """Return one night, the same for the same arguments.

    Parameters
    ----------
    profile : a name in PROFILES, or a profile of one's own.
    sensor : a name in SENSORS.
    mounting : a name in MOUNTINGS.
    """
    who = PROFILES[profile] if isinstance(profile, str) else profile
    chip = SENSORS[sensor]
    sleeper = Sleeper(who, seed, duration_s=duration_s)
    over = max(1, int(np.ceil(100.0 / odr_hz)))  # what a slow ODR would alias is filtered first
    n = int(duration_s * odr_hz)
    felt = _felt(sleeper, n * over, odr_hz * over, mounting)
    streams = dice(who.name, seed, sensor)
    samples = sensed(felt, chip, streams, odr_hz * over, chip.bandwidth / over)[::over].copy()
    spoilt = glitches(samples, chip, streams("glitches"), odr_hz)
    xyz = counted(samples, chip)
    return Recording(np.arange(n) / odr_hz, xyz, _judged(sleeper.truth, spoilt, chip), odr_hz)


def _felt(sleeper: Sleeper, n: int, rate_hz: float, mounting: str) -> NDArray[np.float32]:
    """Return the motion (n, 3), g, at a board mounted in some way."""
    turned = np.array(MOUNTINGS[mounting]).T
    felt = np.empty((n, 3), np.float32)
    for first in range(0, n, _PIECE):
        t = np.arange(first, min(n, first + _PIECE)) / rate_hz
        felt[first : first + _PIECE] = sleeper.motion(t) @ turned
    return felt


def _judged(truth: Truth, spoilt: list[Happening], chip: SensorNoise) -> Truth:
    """Return the truth with the chip's glitches, and with what its noise makes faint."""
    noise_mg = chip.rms_mg()
    judged = []
    for happening in (*truth.happenings, *spoilt):
        quiet_mg = float(np.hypot(happening.quiet_mg, noise_mg))
        own = happening.kind != "disturbance"
        faint = own and happening.peak_mg < FAINT * quiet_mg
        judged.append(replace(happening, quiet_mg=quiet_mg, faint=faint))
    return replace(truth, happenings=tuple(sorted(judged, key=lambda h: h.start_s)))
