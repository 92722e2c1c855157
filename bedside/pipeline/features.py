"""Samples to features: how strongly the mattress moves, and in which band, hop by hop."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.pipeline.filters import FilterBank, Sections, bandpass
from bedside.pipeline.glitches import MENDABLE_ODR_HZ, REACH, Mended, mend
from bedside.pipeline.samples import Block

Array = NDArray[np.float64]

HOP_S = 0.05
"""Step between features: no longer than the shortest push."""

UNIT_S = 2.0
"""Samples are gathered for this long and worked on together: what a live page shows is at
most this old, and two heartbeats at least fall into it."""

BODY, HIGH = range(2)
BANDS_HZ = ((1.0, 20.0), (11.0, 20.0))
"""BODY: all that a body does through a mattress that rings at 5-12.5 Hz. HIGH: above the
heartbeat, where a sensitive chip finds a jerk smaller than a beat."""

TOP = 0.45
"""Highest edge of a band, as a share of the rate."""

MG = 1000.0

START_SAMPLES = 9
"""Their median stands before the first sample of a new stream."""

START_S = 0.5
"""The filters take the mean of so long for what has always been: not the first sample, which is
noise and all."""


@dataclass(frozen=True, slots=True)
class Features:
    """One row for each hop; k hops, `hop` samples each.

    t         (k,) s, end of the hop
    power     (bands, k) mg², mean square of the vector in each of BANDS_HZ
    peak_mg   (k,) largest |acceleration|, BODY
    jerk_g_s  (k,) largest |its derivative|
    level_mg  (k, 3) mean of each axis: gravity and breathing
    spike_mg  (k,) highest spike mended, 0 where none was
    repeats   (k,) samples equal to the one before in all axes
    samples   (k * hop, 3) mg, mended, not filtered
    """

    t: Array
    power: Array
    peak_mg: Array
    jerk_g_s: Array
    level_mg: Array
    spike_mg: Array
    repeats: Array
    samples: Array


def band_edges(odr_hz: float) -> list[tuple[float, float]]:
    """Return BANDS_HZ, each shrunk to what the rate can carry."""
    tops_hz = [min(high_hz, TOP * odr_hz) for _, high_hz in BANDS_HZ]
    return [
        (min(low_hz, 0.5 * top_hz), top_hz)
        for (low_hz, _), top_hz in zip(BANDS_HZ, tops_hz, strict=True)
    ]


def bank_for(odr_hz: float) -> list[Sections]:
    """Return the filters of all bands at this rate."""
    return [bandpass(2, low_hz, high_hz, odr_hz) for low_hz, high_hz in band_edges(odr_hz)]


class FeatureMeter:
    """Features of a stream; any way of cutting it into blocks gives the same ones.

    Carried from block to block: the filters' states, and the samples of the unfinished unit.

    Parameters
    ----------
    odr_hz : rate of the samples, Hz.
    """

    def __init__(self, odr_hz: float) -> None:
        self.hop = max(1, round(HOP_S * odr_hz))
        self.hop_s = self.hop / odr_hz
        self.unit_hops = max(1, round(UNIT_S / self.hop_s))
        self._unit = self.hop * self.unit_hops
        self._odr_hz = odr_hz
        self._bank = FilterBank(bank_for(odr_hz))
        self.reset()

    def reset(self) -> None:
        """Forget the stream: the next sample starts a new one, in steady state."""
        self._bank.reset()
        self._pending: list[Block] = []
        self._waiting = 0
        self._t = np.empty(0)
        self._samples = np.empty((0, 3))
        self._last: Array | None = None

    def update(self, block: Block) -> Features | None:
        """Give the features of the units that this block completes, None if it does not."""
        self._pending.append(block)
        self._waiting += len(block.t)
        if self._waiting < self._unit + REACH:
            return None
        self._gather()
        return self._measure((self._waiting - REACH) // self._unit * self._unit)

    def flush(self) -> Features | None:
        """Give the features of the whole hops still waiting; the stream ends here."""
        self._gather()
        whole = self._waiting // self.hop * self.hop
        features = None
        if whole:
            end = self._samples[-1:].repeat(REACH, axis=0)
            self._samples = np.concatenate([self._samples, end])
            features = self._measure(whole)
        self.reset()
        return features

    def _gather(self) -> None:
        """Append what is pending; in front of it stand REACH samples of context."""
        blocks, self._pending = self._pending, []
        if not blocks:
            return
        accel = np.multiply(np.concatenate([b.accel for b in blocks]), MG, dtype=np.float64)
        if not len(self._samples) and len(accel):
            # Not the very first sample: as its own neighbour it could never be a spike.
            level = np.sort(accel[:START_SAMPLES], axis=0)[min(len(accel), START_SAMPLES) // 2]
            accel = np.concatenate([level[None].repeat(REACH, axis=0), accel])
        self._samples = np.concatenate([self._samples, accel])
        self._t = np.concatenate([self._t, *(block.t for block in blocks)])

    def _measure(self, n: int) -> Features:
        hop = self.hop
        mended = self._mended(n)
        t = self._t[hop - 1 : n : hop]
        self._samples, self._t = self._samples[n:], self._t[n:]
        self._waiting -= n
        if self._last is None:
            start = mended.samples[: max(1, round(START_S * self._odr_hz))]
            self._bank.settle(start.mean(axis=0))
        bands = self._bank.update(mended.samples)
        hops = bands.reshape(len(bands), -1, 3 * hop)
        body = bands[BODY]
        return Features(
            t=t,
            power=np.einsum("bkm,bkm->bk", hops, hops) / hop,
            peak_mg=np.sqrt(_peaks(np.einsum("nc,nc->n", body, body), hop)),
            jerk_g_s=self._jerk(body),
            level_mg=np.einsum("khc->kc", mended.samples.reshape(-1, hop, 3)) / hop,
            spike_mg=_peaks(mended.spikes, hop),
            repeats=np.einsum("kh->k", mended.repeats.reshape(-1, hop), dtype=np.float64),
            samples=mended.samples,
        )

    def _mended(self, n: int) -> Mended:
        raw = self._samples[: n + 2 * REACH]
        if self._odr_hz >= MENDABLE_ODR_HZ:
            return mend(raw, self._unit)
        return Mended(raw[REACH:-REACH], np.zeros(n), np.zeros(n, dtype=bool))

    def _jerk(self, body: Array) -> Array:
        steps = np.empty_like(body)
        np.subtract(body[1:], body[:-1], out=steps[1:])
        steps[0] = 0.0 if self._last is None else body[0] - self._last
        self._last = body[-1]
        squares = np.einsum("nc,nc->n", steps, steps)
        return np.sqrt(_peaks(squares, self.hop)) * (self._odr_hz / MG)


def _peaks(samples: Array, hop: int) -> Array:
    """Largest of each hop of `samples` (n,)."""
    hops = samples.reshape(-1, hop)
    peaks = hops[:, 0].copy()
    for i in range(1, hop):
        np.maximum(peaks, hops[:, i], out=peaks)
    return peaks
