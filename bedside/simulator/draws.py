"""Chance, cut into streams: each source of happenings has its own, so none shifts another."""

import zlib
from collections.abc import Callable

import numpy as np
from numpy.random import Generator

Range = tuple[float, float]
Dice = Callable[[str], Generator]
"""Gives the stream of random numbers that belongs to the named source, from its beginning."""


def dice(profile: str, seed: int, stretch: str) -> Dice:
    """Return the streams of one stretch of time of one (profile, seed)."""

    def stream(source: str) -> Generator:
        key = tuple(zlib.crc32(name.encode()) for name in (profile, stretch, source))
        return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))

    return stream


def uniform(rng: Generator, limits: Range) -> float:
    """Draw between the limits."""
    return float(rng.uniform(*limits))


def log_uniform(rng: Generator, limits: Range) -> float:
    """Draw between the limits (both > 0), each octave as likely as the next."""
    return float(np.exp(rng.uniform(np.log(limits[0]), np.log(limits[1]))))


def direction(rng: Generator, upright: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Draw a unit vector (3,) whose z part is about `upright` (0-1) of it, of either sign."""
    turn = rng.uniform(0.0, 2.0 * np.pi)
    z = float(np.clip(rng.normal(upright, 0.08), 0.1, 0.99)) * rng.choice((-1.0, 1.0))
    flat = np.sqrt(1.0 - z * z)
    return np.array([flat * np.cos(turn), flat * np.sin(turn), z])
