"""What the models of all accelerometers have in common: registers, a FIFO, a sensing element."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from bedside.clock import Clock
from bedside.simulator.fifo import Fifo
from bedside.simulator.stream import Motion

Accel = NDArray[np.float64]


class Making(TypedDict, total=False):
    """How one chip differs from the next of its kind.

    rate_error     its clock is fast by this share
    noise_ug       white noise, ug/rtHz, one number or one for each axis
    bias_mg        zero offset, one number or one for each axis
    temperature_c  of the die
    seed           of the noise
    """

    rate_error: float
    noise_ug: float | Sequence[float]
    bias_mg: float | Sequence[float]
    temperature_c: float
    seed: int


class Chip(ABC):
    """One chip on the bus; `write` and `read` are what the bus sees, the rest is for tests.

    Models are written from the data sheets and never from the drivers: two readings of the same
    page catch the slip that one shared constant would hide.  A model says what its registers do
    by `_store`, `_fetch` and `_after`, and by `_start` when they make samples flow.

    Parameters
    ----------
    motion : how the mattress moves.
    fifo_bytes : size of the FIFO.
    the others : see Making.
    """

    def __init__(
        self,
        clock: Clock,
        motion: Motion,
        fifo_bytes: int,
        *,
        rate_error: float = 0.0,
        noise_ug: float | Sequence[float] = 100.0,
        bias_mg: float | Sequence[float] = 0.0,
        temperature_c: float = 31.0,
        seed: int = 0,
    ) -> None:
        self._clock, self._motion, self._rate_error = clock, motion, rate_error
        self._fifo_bytes = fifo_bytes
        self._noise_g = np.asarray(noise_ug) / 1e6
        self._bias_g = np.asarray(bias_mg) / 1e3
        self.temperature_c = temperature_c
        self._seed, self._streams = seed, 0
        self.brown_out()

    def brown_out(self) -> None:
        """Lose the supply for a moment: all registers as at power-up, the FIFO empty."""
        self._memory = bytearray(128)
        self._pointer, self._deaf_until_s = 0, float("-inf")
        self._fifo = Fifo(self._clock, self._fifo_bytes)
        self._last = b""

    def freeze(self) -> None:
        """Put the same sample into the FIFO again and again, until it is set up anew."""
        self._fifo.freeze()

    @property
    @abstractmethod
    def low_pass_hz(self) -> float:
        """Corner of the accelerometer's filter as the registers stand."""

    def write(self, data: bytes) -> None:
        """Set the register pointer, then write registers from there on."""
        self._pointer = data[0] % len(self._memory)
        for value in data[1:]:
            if self._clock.monotonic() >= self._deaf_until_s:
                self._store(self._pointer, value)
            self._pointer = self._after(self._pointer)

    def read(self, length: int) -> bytes:
        """Read registers from the pointer on."""
        out = bytearray()
        for _ in range(length):
            out.append(self._fetch(self._pointer))
            self._pointer = self._after(self._pointer)
        return bytes(out)

    @abstractmethod
    def _store(self, at: int, value: int) -> None:
        """Take what is written to the register at `at`."""

    @abstractmethod
    def _fetch(self, at: int) -> int:
        """Give what the register at `at` reads as."""

    def _after(self, at: int) -> int:
        """Where the pointer goes after the register at `at`."""
        return (at + 1) % len(self._memory)

    @abstractmethod
    def _start(self) -> None:
        """Let samples flow if the registers say so."""

    def _reshape(self, at: int, value: int) -> None:
        """Store what changes the samples, or whether there are any."""
        self._fifo.end()
        self._memory[at] = value
        self._start()

    def _flow(self, rate_hz: float, frame_bytes: int, *, from_s: float = 0.0) -> None:
        """Let frames flow into the FIFO from now on, or from `from_s` if that is later."""
        self._streams += 1
        start_s = max(self._clock.monotonic(), from_s)
        true_hz = rate_hz * (1.0 + self._rate_error)
        self._fifo.begin(start_s, true_hz, frame_bytes, self._render)

    def _pop_frames(self, n: int, frame_bytes: int) -> bytes:
        """Take n frames from the FIFO; when it is empty the last one comes again."""
        out = self._fifo.pop(n * frame_bytes)
        self._last = out[-frame_bytes:] or self._last or bytes(frame_bytes)
        return out + self._last * (n - len(out) // frame_bytes)

    @abstractmethod
    def _render(self, t: NDArray[np.float64], number: int) -> bytes:
        """Give the frames of the samples at `t` (n,), s, which are chunk `number` of a stream."""

    def _felt(self, t: NDArray[np.float64], number: int) -> Accel:
        """Acceleration (n, 3) as the element feels it, g, noise and offset included."""
        accel: Accel = self._motion(t) + self._bias_g
        if np.any(self._noise_g):
            dice = np.random.default_rng((self._seed, self._streams, number))
            accel += dice.standard_normal((len(t), 3)) * self._noise_g * self.low_pass_hz**0.5
        return accel

    def _felt_now(self) -> Accel:
        """Acceleration (1, 3) at this moment, g, without noise."""
        accel: Accel = self._motion(np.array([self._clock.monotonic()])) + self._bias_g
        return accel
