"""Breathing and heartbeat of somebody who lies on the bed."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from bedside.simulator.body import Mattress
from bedside.simulator.draws import direction, uniform
from bedside.simulator.outline import Outline
from bedside.simulator.profiles import Profile
from bedside.simulator.truth import Happening, Stretch
from bedside.simulator.waves import WAVE_HZ, Array, band_gain

_BREATH_GRID = np.linspace(0.0, 1.0, 257)
# In for two fifths of a breath, out for the rest.
_BREATH = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.interp(_BREATH_GRID, (0.0, 0.4, 1.0), (0, 0.5, 1.0)))
_BEAT_GRID = np.arange(0.0, 0.8, 0.002)


@dataclass(frozen=True, slots=True)
class Vitals:
    """What a profile's ranges gave for one night."""

    heart_mg: float
    heart_hz: float
    breath_mg: float
    breath_hz: float


def vitals_of(profile: Profile, rng: Generator, share: float) -> Vitals:
    """Draw the vitals of one night, of which `share` arrives."""
    return Vitals(
        uniform(rng, profile.heart_mg) * share,
        uniform(rng, profile.heart_hz),
        uniform(rng, profile.breath_mg) * share,
        uniform(rng, profile.breath_hz),
    )


class Rhythm:
    """Pulses of one shape, each with its start, length and vector: breaths, or heartbeats."""

    def __init__(self, grid: Array, shape: Array, reach: int) -> None:
        self._grid, self._shape, self._reach = grid, shape, reach
        self.starts = np.full(reach, -1e9)
        self.lengths = np.ones(reach)
        self.vectors = np.zeros((reach, 3))

    def extend(self, starts: Array, lengths: Array, vectors: Array) -> None:
        """Take in more pulses, later than all there are."""
        self.starts = np.concatenate((self.starts, starts))
        self.lengths = np.concatenate((self.lengths, lengths))
        self.vectors = np.concatenate((self.vectors, vectors))

    def add_to(self, out: Array, t: Array) -> None:
        """Add to `out` (n, 3) the pulses at increasing times `t` (n,)."""
        newest = np.searchsorted(self.starts, t, side="right") - 1
        for back in range(self._reach):
            pulse = np.maximum(newest - back, 0)
            phase = (t - self.starts[pulse]) / self.lengths[pulse]
            height = np.interp(phase, self._grid, self._shape, right=0.0)
            out += height[:, None] * self.vectors[pulse]


def breathing() -> Rhythm:
    """Return a rhythm of breaths; each ends before the next begins."""
    return Rhythm(_BREATH_GRID, _BREATH, 1)


def heartbeat(mattress: Mattress) -> Rhythm:
    """Return a rhythm of beats that ring on in the mattress into the next beat."""
    return Rhythm(_BEAT_GRID, beat_shape(mattress), 2)


def beat_shape(mattress: Mattress) -> Array:
    """Return one heartbeat's packet on _BEAT_GRID, peak 1, rung by the mattress."""
    n = round(_BEAT_GRID[-1] * WAVE_HZ) + 1
    t = np.arange(n) / WAVE_HZ
    # The blood's recoil when the heart throws it out, and weaker when its valve shuts.
    groups = np.exp(-(((t - 0.15) / 0.10) ** 2)) + 0.5 * np.exp(-(((t - 0.43) / 0.09) ** 2))
    recoil = np.sin(2.0 * np.pi * 6.5 * t) * groups
    rung = mattress.felt(np.repeat(recoil[:, None], 3, axis=1))[:, 0]
    rung *= np.interp(t, (0.0, 0.03, 0.65, t[-1]), (0.0, 1.0, 1.0, 0.0))
    shape: Array = np.interp(_BEAT_GRID, t, rung / np.abs(rung).max())
    return shape


def beat_rms(mattress: Mattress) -> float:
    """Return the root mean square, 1-20 Hz, of a beat whose peak is 1, over its loudest 0.4 s.

    What is smaller than a beat cannot be told from one, however long the pause between two.
    """
    n = 1024
    gain = np.abs(band_gain(np.fft.rfftfreq(n, 0.002)))
    power = np.fft.irfft(np.fft.rfft(beat_shape(mattress), n) * gain, n) ** 2
    return float(np.sqrt(np.convolve(power, np.full(200, 1.0 / 200.0)).max()))


def breaths(
    vitals: Vitals, rng: Generator, outline: Outline, movements: list[Happening]
) -> tuple[Array, Array, Array]:
    """Draw the breaths of a stretch: starts, lengths, vectors in g; held while moving."""
    starts: list[float] = []
    lengths: list[float] = []
    depths: list[float] = []
    for start_s, end_s in outline.presence:
        t, pace, depth = start_s + _settling(rng, outline, start_s), 0.0, 0.0
        while True:
            pace = 0.97 * pace + 0.012 * float(rng.normal())
            depth = 0.95 * depth + 0.05 * float(rng.normal())
            awake = not inside(t, outline.asleep)
            length_s = np.exp(pace + rng.normal(0.0, 0.10 if awake else 0.035)) / vitals.breath_hz
            length_s *= 0.85 if awake else 1.0
            if t + length_s > end_s:
                break
            starts.append(t)
            lengths.append(length_s)
            depths.append(np.exp(depth + rng.normal(0.0, 0.2 if awake else 0.08)))
            t += length_s
    times, durations, heights = np.array(starts), np.array(lengths), np.array(depths)
    heights *= _held(times, durations, movements, rng) * _sitting(times, outline.sitting)
    along = _postures(times, movements, rng, 0.9)
    return times, durations, along * (heights * vitals.breath_mg / 1000.0)[:, None]


def beats(
    vitals: Vitals, rng: Generator, outline: Outline, movements: list[Happening]
) -> tuple[Array, Array, Array]:
    """Draw the heartbeats of a stretch: starts, lengths (1 s), vectors in g."""
    times = np.empty(0)
    for start_s, end_s in outline.presence:
        count = int((end_s - start_s) * vitals.heart_hz * 1.6)
        slow = np.convolve(rng.normal(0.0, 0.02, count + 60), np.full(60, 0.13), "valid")[:count]
        sway = 0.03 * np.sin(2.0 * np.pi * vitals.breath_hz / vitals.heart_hz * np.arange(count))
        gaps = np.exp(slow + sway + rng.normal(0.0, 0.015, count)) / vitals.heart_hz
        at = start_s + _settling(rng, outline, start_s) + np.cumsum(gaps)
        times = np.concatenate((times, at[at < end_s]))
    heights = vitals.heart_mg * np.exp(rng.normal(0.0, 0.12, len(times)))
    heights *= _sitting(times, outline.sitting)
    along = _postures(times, movements, rng, 0.8)
    return times, np.ones(len(times)), along * (heights / 1000.0)[:, None]


def _settling(rng: Generator, outline: Outline, start_s: float) -> float:
    """Return how long after coming to bed the first pulse is felt, s."""
    return 0.0 if start_s == outline.start_s else uniform(rng, (3.0, 8.0))


def inside(t: float, spans: list[Stretch]) -> bool:
    """Whether `t` lies in one of the spans."""
    return any(start_s <= t < end_s for start_s, end_s in spans)


def _sitting(times: Array, sitting: list[Stretch]) -> Array:
    """Return how much arrives (n,) from somebody who sits on the edge."""
    share = np.ones(len(times))
    for start_s, end_s in sitting:
        share[(times >= start_s) & (times < end_s)] = 0.4
    return share


def _held(times: Array, lengths: Array, movements: list[Happening], rng: Generator) -> Array:
    """Return how deep each breath (n,) is, as nobody breathes evenly while moving."""
    depth = np.ones(len(times))
    for movement in movements:
        if movement.length_s > 1.0:
            during = (times < movement.end_s) & (times + lengths > movement.start_s)
            depth[during] = rng.uniform(0.1, 0.5)
    return depth


def _postures(times: Array, movements: list[Happening], rng: Generator, upright: float) -> Array:
    """Return a vector of about unit length for each time, (n, 3), new after each turn."""
    turns = [m.end_s for m in movements if m.kind in ("turn", "bed_entry")]
    posture = np.searchsorted(np.array(turns), times)
    vectors = np.array(
        [direction(rng, upright) * rng.uniform(0.8, 1.0) for _ in range(len(turns) + 1)]
    )
    return vectors[posture]
