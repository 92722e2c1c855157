"""The last two minutes, a fifth of a second at a time; written by one thread, read by any."""

import threading
from collections import deque
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bedside.health import Health
from bedside.pipeline.listener import Heard
from bedside.pipeline.movements import Movement
from bedside.pipeline.samples import Block

SLOT_S = 0.2
KEPT_SLOTS = 600
KEPT_MOVEMENTS = 12

PARTS = 5
"""Pieces of a slot that are averaged: 0.04 s each, which halves the noise and passes a push."""

LOST_S = 1.0
"""A jump of the time stamps that is a gap even when nobody says so."""

MG = 1000.0


class Slot(NamedTuple):
    """A fifth of a second.

    t_s           its end, monotonic s
    swing_mg      how far the sensor swung from where it was, at most
    x, y, z       where it pointed, mg
    noise_mg2_hz  density of the chip's own noise, all axes together
    bus_errors    counted since the start, by then
    gap           samples were lost before it
    """

    t_s: float
    swing_mg: float
    x: float
    y: float
    z: float
    noise_mg2_hz: float
    bus_errors: int
    gap: bool


class Felt(NamedTuple):
    """What is known beyond the slots.

    movements    the last ones named, oldest first
    present      whether somebody lies in the bed; None until it is known
    since_s      since when, monotonic s; None where the change was not heard
    """

    movements: tuple[Movement, ...]
    present: bool | None
    since_s: float | None


class Live:
    """Keeps what pages need that are looked at while it happens.

    Parameters
    ----------
    health : whose count of bus errors is noted beside the samples.
    """

    def __init__(self, health: Health) -> None:
        self._health = health
        self._lock = threading.Lock()
        self._slots: deque[Slot] = deque(maxlen=KEPT_SLOTS)
        self._seq = 0
        self._movements: deque[Movement] = deque(maxlen=KEPT_MOVEMENTS)
        self._present: bool | None = None
        self._since_s: float | None = None
        self._odr_hz = 0.0
        self._begin()

    def _begin(self) -> None:
        """Start anew after a gap: what is carried belongs to another stretch."""
        self._t = np.empty(0)
        self._samples = np.empty((0, 3))
        self._before: NDArray[np.float64] | None = None
        self._gap = self._seq > 0

    # ── what is heard ───────────────────────────────────────────────────────────────────────

    def hear(self, block: Block, odr_hz: float) -> None:
        """Take in samples, at this rate; called by the thread that listens, with every block."""
        if not len(block.t):
            return
        lost = len(self._t) > 0 and float(block.t[0]) - self._t[-1] > LOST_S
        if block.gap or lost or odr_hz != self._odr_hz:
            self._odr_hz = odr_hz
            self._begin()
        t = np.concatenate([self._t, block.t])
        samples = np.concatenate([self._samples, MG * block.accel.astype(np.float64)])
        length = PARTS * max(1, round(SLOT_S * odr_hz / PARTS))
        whole = (len(t) - 1) // length * length  # one stays, so that a jump of time is seen
        if whole:
            self._keep(t[:whole], samples[:whole], length)
        self._t, self._samples = t[whole:], samples[whole:]

    def take(self, heard: Heard) -> None:
        """Take note of what the listener has made of it."""
        if not (heard.movements or heard.presence):
            return
        with self._lock:
            self._movements.extend(heard.movements)
            for change in heard.presence:
                self._present, self._since_s = change.present, change.t_s

    def _keep(self, t: NDArray[np.float64], samples: NDArray[np.float64], length: int) -> None:
        """Make slots of whole lengths of samples."""
        ends_s = t[length - 1 :: length].tolist()
        noises = _noises(samples, length, self._odr_hz)
        parts = samples.reshape(len(ends_s), PARTS, -1, 3).mean(axis=2)
        means = parts.mean(axis=1)
        before = np.concatenate([means[:1] if self._before is None else self._before, means[:-1]])
        # Between this slot and the last: breathing hardly shows, a push does.
        away = parts - (0.5 * (means + before))[:, None]
        swings = np.sqrt((away * away).sum(axis=2).max(axis=1)).tolist()
        errors = int(self._health.facts().get("bus_errors", 0))
        self._before, gap, self._gap = means[-1:], self._gap, False
        with self._lock:
            for i, (t_s, swing, (x, y, z), noise) in enumerate(
                zip(ends_s, swings, means.tolist(), noises, strict=True)
            ):
                self._slots.append(Slot(t_s, swing, x, y, z, noise, errors, gap and i == 0))
            self._seq += len(ends_s)

    # ── what is asked ───────────────────────────────────────────────────────────────────────

    def slots(self, most: int = KEPT_SLOTS) -> list[Slot]:
        """Give the newest slots, oldest first."""
        return self.since(0, most)[1]

    def since(self, seq: int, most: int = KEPT_SLOTS) -> tuple[int, list[Slot]]:
        """Give the number of the newest slot, and those after number `seq`, oldest first.

        A number that was not given out yet is of another run: all are given.
        """
        with self._lock:
            fresh = self._seq - seq if 0 <= seq <= self._seq else self._seq
            held = len(self._slots)
            first = held - min(held, fresh, most)
            return self._seq, list(islice(self._slots, first, held))

    def felt(self) -> Felt:
        """Give what is known beyond the slots."""
        with self._lock:
            return Felt(tuple(self._movements), self._present, self._since_s)


def _noises(samples: NDArray[np.float64], length: int, odr_hz: float) -> list[float]:
    """Return the density of white noise, mg²/Hz, in each slot.

    A sixth of the second differences' power is that of a sample; what a body does is too slow
    to count among them.
    """
    cut = samples.reshape(-1, length, 3)
    bent = cut[:, 2:] - 2.0 * cut[:, 1:-1] + cut[:, :-2]
    densities: list[float] = ((bent * bent).mean(axis=1).sum(axis=1) / (3.0 * odr_hz)).tolist()
    return densities
