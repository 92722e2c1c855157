"""What one FIFO read becomes, and when each of its samples happened."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LATENCY_S = 0.012  # how far the time of a read scatters when the scheduler is busy
STRETCH = 0.1  # how far a chip's period may be off, as a standard deviation
STRETCH_DRIFT = 2e-6  # how far it wanders within a second, as the room cools
CLIP = 3.0  # standard deviations; a read that was held up for longer says no more than that
SLIP_S = 0.25  # twice running, more than any latency explains


class Span(NamedTuple):
    """A stretch of time, s, `start_s` <= `end_s`."""

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """How long it lasts, s."""
        return self.end_s - self.start_s

    def overlap_s(self, other: "Span") -> float:
        """Return the seconds both have in common."""
        return max(0.0, min(self.end_s, other.end_s) - max(self.start_s, other.start_s))


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive samples.

    t      (n,)   float64, s on the monotonic clock, strictly increasing
    accel  (n, 3) float32, g, sensor axes
    gap    samples were lost just before this block, so carried state is stale
    """

    t: NDArray[np.float64]
    accel: NDArray[np.float32]
    gap: bool = False


class Timebase:
    """Times of samples from their count alone, since a chip's ODR is only nominal.

    A Kalman filter of two numbers follows the stream: the time of its newest sample, and by
    how much the chip's period differs from the nominal one. Each read says "n more samples by
    now", late by the bus and the scheduler; the filter believes it little, so latency does
    not become jitter, and knows for itself how much less to believe as it grows older.

    Parameters
    ----------
    odr_hz : nominal rate, Hz.
    """

    def __init__(self, odr_hz: float) -> None:
        self._nominal_s = 1.0 / odr_hz
        self._last_s = -math.inf
        self.reset()

    def reset(self) -> None:
        """Start a new stream, later than all stamps so far; its rate is not known yet."""
        self._stretch = 1.0  # true period / nominal period
        self._heard_s = 0.0
        self._slips = 0
        # Variance of the newest stamp and of the stretch, and their covariance.
        self._var_end, self._var_both, self._var_stretch = LATENCY_S**2, 0.0, STRETCH**2

    @property
    def odr_hz(self) -> float:
        """The rate as tracked so far, Hz."""
        return 1.0 / (self._nominal_s * self._stretch)

    @property
    def heard_s(self) -> float:
        """How long this stream has been tracked, s: after a minute the rate is good."""
        return self._heard_s

    @property
    def slipped(self) -> bool:
        """Whether reads and counts no longer fit: samples were lost unnoticed, start anew."""
        return self._slips >= 2

    def stamp(self, n: int, read_at_s: float) -> NDArray[np.float64]:
        """Give times (n,), s, strictly increasing, of the n samples that came by `read_at_s`."""
        if n == 0:
            return np.empty(0)
        span_s = n * self._nominal_s * self._stretch
        if self._heard_s == 0.0:
            end_s = max(read_at_s, self._last_s + 0.5 * span_s)
            start_s = max(end_s - span_s, self._last_s)
        else:
            start_s = self._last_s
            end_s = start_s + max(0.5 * span_s, span_s + self._learn(n, span_s, read_at_s))
        self._heard_s += span_s
        self._last_s = end_s
        return start_s + np.arange(1, n + 1, dtype=np.float64) * ((end_s - start_s) / n)

    def _learn(self, n: int, span_s: float, read_at_s: float) -> float:
        """Take in one read; return by how much the newest stamp moves, s."""
        elapsed_s = n * self._nominal_s
        self._var_end += elapsed_s * (2.0 * self._var_both + elapsed_s * self._var_stretch)
        self._var_both += elapsed_s * self._var_stretch
        self._var_stretch += STRETCH_DRIFT**2 * elapsed_s
        variance = self._var_end + LATENCY_S**2
        lag_s = read_at_s - (self._last_s + span_s)
        self._slips = self._slips + 1 if abs(lag_s) > SLIP_S else 0
        most_s = CLIP * math.sqrt(variance)
        error_s = max(-most_s, min(most_s, lag_s))
        gain_end, gain_stretch = self._var_end / variance, self._var_both / variance
        self._var_stretch -= gain_stretch * self._var_both
        self._var_both *= 1.0 - gain_end
        self._var_end *= 1.0 - gain_end
        self._stretch = max(0.5, min(2.0, self._stretch + gain_stretch * error_s))
        return gain_end * error_s
