"""Butterworth filters, run as block matrices with their state carried.

A filter in state-space form, x' = A x + B u, y = C x + D u, answers L samples at once with
y = T u + O x and x' = A^L x + S u, the matrices made once. That is exact, and in short blocks
several times cheaper than a loop over samples. Design: analogue Butterworth prototype,
band transform, bilinear map with pre-warped edges (Oppenheim & Schafer, Discrete-Time Signal
Processing, ch. 7).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Sections = NDArray[np.float64]
"""(k, 6): b0 b1 b2 1 a1 a2 of each second-order section."""

BLOCK = 50
"""Samples answered by one product: long enough to outweigh the call, short enough that the
L x L product stays cheap."""

GROUP = 8
"""Blocks whose states are worked out together, where there are as many."""


def lowpass(order: int, cut_hz: float, odr_hz: float) -> Sections:
    """Sections of a Butterworth low-pass, gain 1 at 0 Hz."""
    poles = _warp(cut_hz, odr_hz) * _prototype(order)
    return _sections(poles, (-1.0, -1.0), odr_hz, reference_hz=0.0)


def highpass(order: int, cut_hz: float, odr_hz: float) -> Sections:
    """Sections of a Butterworth high-pass, gain 1 at the Nyquist frequency."""
    poles = _warp(cut_hz, odr_hz) / _prototype(order)
    return _sections(poles, (1.0, 1.0), odr_hz, reference_hz=odr_hz / 2)


def bandpass(order: int, low_hz: float, high_hz: float, odr_hz: float) -> Sections:
    """Sections of a Butterworth band-pass (`order` of each flank), gain 1 in its middle."""
    low, high = _warp(low_hz, odr_hz), _warp(high_hz, odr_hz)
    if low >= high:
        raise ValueError(f"a band from {low_hz:g} to {high_hz:g} Hz is empty")
    half = _prototype(order) * (high - low) / 2
    root = np.sqrt(half**2 - low * high)
    middle_hz = odr_hz / np.pi * np.arctan(np.sqrt(low * high) / (2 * odr_hz))
    return _sections(np.append(half + root, half - root), (1.0, -1.0), odr_hz, middle_hz)


def _warp(edge_hz: float, odr_hz: float) -> float:
    """Return the analogue angular frequency that the bilinear map brings to `edge_hz`."""
    if not 0.0 < edge_hz < odr_hz / 2:
        raise ValueError(f"{edge_hz:g} Hz is not between 0 and {odr_hz / 2:g} Hz")
    return 2 * odr_hz * float(np.tan(np.pi * edge_hz / odr_hz))


def _prototype(order: int) -> NDArray[np.complex128]:
    """Poles of the low-pass of cut-off 1 rad/s, on the left half of the unit circle."""
    poles: NDArray[np.complex128] = np.exp(
        1j * np.pi * (2 * np.arange(order) + order + 1) / (2 * order)
    )
    return poles


def _sections(
    poles: NDArray[np.complex128], zeros: tuple[float, float], odr_hz: float, reference_hz: float
) -> Sections:
    """Pair the poles, give each pair both digital zeros (a lone pole one), set the gain."""
    z = (2 * odr_hz + poles) / (2 * odr_hz - poles)
    real = np.sort(z[np.abs(z.imag) < 1e-12].real)
    rows = [[1.0, -sum(zeros), zeros[0] * zeros[1], 1.0, -2 * p.real, abs(p) ** 2]
            for p in z[z.imag >= 1e-12]]  # fmt: skip
    for i in range(0, len(real) - 1, 2):
        pair = real[i] + real[i + 1], real[i] * real[i + 1]
        rows.append([1.0, -sum(zeros), zeros[0] * zeros[1], 1.0, -pair[0], pair[1]])
    if len(real) % 2:
        rows.append([1.0, -zeros[0], 0.0, 1.0, -real[-1], 0.0])
    sections = np.array(rows)
    sections[0, :3] /= np.real(response(sections, np.array([reference_hz]), odr_hz)[0])
    return sections


def response(sections: Sections, hz: Array, odr_hz: float) -> NDArray[np.complex128]:
    """Complex gain (m,) at the frequencies `hz` (m,)."""
    w = np.exp(-2j * np.pi * hz / odr_hz)
    powers = np.stack([np.ones_like(w), w, w * w])
    gains: NDArray[np.complex128] = (sections[:, :3] @ powers / (sections[:, 3:] @ powers)).prod(0)
    return gains


@dataclass(frozen=True, slots=True)
class StateSpace:
    """x' = a x + b u, y = c x + d u, with one input and k outputs."""

    a: Array
    b: Array
    c: Array
    d: Array

    @classmethod
    def of(cls, sections: Sections) -> Self:
        """Chain the sections, each in transposed direct form II."""
        n = 2 * len(sections)
        a, b, c, d = np.zeros((n, n)), np.zeros(n), np.zeros(n), 1.0
        for i, (b0, b1, b2, _, a1, a2) in enumerate(sections):
            here = slice(2 * i, 2 * i + 2)
            feed = np.array([b1 - a1 * b0, b2 - a2 * b0])
            a[here] = np.outer(feed, c)
            a[here, here] += np.array([[-a1, 1.0], [-a2, 0.0]])
            b[here] = feed * d
            c, d = c * b0, d * b0
            c[2 * i] += 1.0
        return cls(a, b[:, None], c[None], np.array([[d]]))

    @classmethod
    def bank(cls, filters: Sequence[Sections]) -> Self:
        """Put filters side by side: the same input, one output each."""
        parts = [cls.of(sections) for sections in filters]
        n = sum(len(part.a) for part in parts)
        a, c, at = np.zeros((n, n)), np.zeros((len(parts), n)), 0
        for row, part in enumerate(parts):
            here = slice(at, at + len(part.a))
            a[here, here], c[row, here] = part.a, part.c
            at += len(part.a)
        return cls(a, np.vstack([p.b for p in parts]), c, np.vstack([p.d for p in parts]))


class FilterBank:
    """Filters that share one input of several channels; any cutting of it gives the same.

    The first sample after `reset()` is taken as having lasted for ever, so a constant such as
    gravity makes no transient.

    Parameters
    ----------
    filters : sections of each filter.
    block : samples answered by one product.
    """

    def __init__(self, filters: Sequence[Sections], block: int = BLOCK) -> None:
        space = StateSpace.bank(filters)
        n, k = len(space.a), len(filters)
        powers = [np.eye(n)]
        for _ in range(block):
            powers.append(space.a @ powers[-1])
        self._block, self._outputs = block, k
        self._powers = np.array(powers)
        # Outputs of one filter stay together: row `filter * block + sample`.
        self._observe = np.stack([space.c @ p for p in powers[:block]], axis=1)
        self._excite = np.hstack([p @ space.b for p in powers[block - 1 :: -1]])
        impulse = np.concatenate([space.d, (self._observe[:, :-1] @ space.b)[..., 0]], axis=1)
        lag = np.subtract.outer(np.arange(block), np.arange(block))
        self._direct = np.where(lag >= 0, impulse[:, np.maximum(lag, 0)], 0.0)
        steps = [np.linalg.matrix_power(powers[block], i) for i in range(GROUP + 1)]
        nothing = np.zeros((n, n))
        self._group_step, self._group_from = steps[GROUP], np.vstack(steps[:GROUP])
        self._group_gain = np.hstack(steps[GROUP - 1 :: -1])
        self._group_fed = np.block(
            [[steps[j - 1 - i] if i < j else nothing for i in range(GROUP)] for j in range(GROUP)]
        )
        self._steady = np.linalg.solve(np.eye(n) - space.a, space.b)
        self._state: Array | None = None

    def reset(self) -> None:
        """Forget the stream: the next sample starts a new one in steady state."""
        self._state = None

    def settle(self, level: Array) -> None:
        """Be in steady state, as if the input had always been `level` (channels,)."""
        self._state = self._steady * level

    def update(self, u: Array) -> Array:
        """Return outputs (filters, n, channels) for `u` (n, channels), n of any length."""
        n, channels = u.shape
        if n == 0:
            return np.empty((self._outputs, 0, channels))
        if self._state is None:
            self._state = self._steady * u[0]
        whole = n // self._block * self._block
        if whole == n:
            return self._whole_blocks(u)
        y = np.empty((self._outputs, n, channels))
        if whole:
            y[:, :whole] = self._whole_blocks(u[:whole])
        if whole < n:
            y[:, whole:] = self._answer(self._state, u[whole:])
            self._state = self._advance(self._state, u[whole:])
        return y

    def _answer(self, state: Array, u: Array) -> Array:
        m = len(u)
        y: Array = self._direct[:, :m, :m] @ u + self._observe[:, :m] @ state
        return y

    def _advance(self, state: Array, u: Array) -> Array:
        m = len(u)
        after: Array = self._powers[m] @ state + self._excite[:, self._block - m :] @ u
        return after

    def _whole_blocks(self, u: Array) -> Array:
        """Whole blocks side by side, (block, count * channels), so one product does them all."""
        assert self._state is not None
        length, channels = self._block, u.shape[1]
        count = len(u) // length
        side = u.reshape(count, length, channels).transpose(1, 0, 2).reshape(length, -1)
        feed = (self._excite @ side).reshape(-1, count, channels).transpose(1, 0, 2)
        states, self._state = self._run(self._state, feed)
        n = len(self._state)
        rows = self._direct.reshape(-1, length) @ side
        rows += self._observe.reshape(-1, n) @ states.transpose(1, 0, 2).reshape(n, -1)
        y = rows.reshape(self._outputs, length, count, channels).transpose(0, 2, 1, 3)
        return y.reshape(self._outputs, -1, channels)

    def _run(self, state: Array, feed: Array) -> tuple[Array, Array]:
        """Return the state before each block (count, n, channels), and after the last.

        x[k + 1] = A^L x[k] + feed[k] is a filter itself, so GROUP steps are done at once, too.
        """
        count, n, channels = feed.shape
        states = np.empty(feed.shape)
        groups = count // GROUP
        done = groups * GROUP
        if groups:
            fed = feed[:done].reshape(groups, GROUP * n, channels)
            gains = self._group_gain @ fed
            starts = np.empty((groups, n, channels))
            for i in range(groups):
                starts[i] = state
                state = self._group_step @ state + gains[i]
            inside = self._group_from @ starts + self._group_fed @ fed
            states[:done] = inside.reshape(done, n, channels)
        for i in range(done, count):
            states[i] = state
            state = self._powers[self._block] @ state + feed[i]
        return states, state
