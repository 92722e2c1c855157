"""What a movement looked like: its raw samples, filtered as the detector filters them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.pipeline.features import BANDS_HZ, BODY, HOP_S, TOP
from bedside.pipeline.filters import FilterBank, bandpass
from bedside.pipeline.listener import Listener
from bedside.pipeline.movements import Movement
from bedside.pipeline.samples import Block, Span
from bedside.pipeline.trace import SMOOTH
from bedside.store import Archive

Array = NDArray[np.float64]

AROUND_S = 5.0
"""Shown before and after the movement."""
LONGEST_S = 90.0
"""Of a movement; what is longer is shown as far as this."""
LEARN_S = 120.0
"""Heard before it, for the quiet level that the trigger line stands on."""
AHEAD_S = 20.0
"""Heard after its onset: the detector looks ahead before it judges."""
LEAST_S = 30.0
"""Heard before, from which on the trigger line is to be believed."""
_MG = 1000.0
_TORN = 2.5  # periods between two samples from which on one was lost


@dataclass(frozen=True, slots=True)
class Stretch:
    """Samples without a gap.

    t            (n,) wall s
    raw_mg       (n, 3) less the mean of all that is shown
    body_mg      (n, 3) 1-20 Hz
    envelope_mg  (n,) root mean square of that vector over the last fifth of a second
    """

    t: Array
    raw_mg: Array
    body_mg: Array
    envelope_mg: Array


@dataclass(frozen=True, slots=True)
class Waveform:
    """What is shown of a movement.

    shown         wall s
    stretches     in order; what lies between them is missing
    band_hz       edges of the band-pass
    trigger_mg    where the envelope makes something a movement; None where too little was
                  recorded before it to tell
    """

    shown: Span
    stretches: tuple[Stretch, ...]
    band_hz: tuple[float, float]
    trigger_mg: float | None

    @property
    def gaps(self) -> list[Span]:
        """Where samples are missing, wall s."""
        ends = [self.shown.start_s, *(float(each.t[-1]) for each in self.stretches)]
        starts = [*(float(each.t[0]) for each in self.stretches), self.shown.end_s]
        pairs = zip(ends, starts, strict=True)
        return [Span(end_s, start_s) for end_s, start_s in pairs if start_s - end_s > HOP_S]

    def strongest_mg(self, span: Span) -> float | None:
        """Largest envelope within a span; None without a sample in it."""
        parts = [
            each.envelope_mg[(each.t >= span.start_s) & (each.t <= span.end_s)]
            for each in self.stretches
        ]
        return max((float(part.max()) for part in parts if len(part)), default=None)


def waveform(
    store: Archive,
    movement: Movement,
    odr_hz: float | None,
    new_listener: Callable[[float], Listener],
) -> Waveform | None:
    """Give what a movement, wall s, looked like; None where no raw samples of it are kept.

    Parameters
    ----------
    odr_hz : nominal rate of the night's sensor, Hz; None where nobody knows.
    """
    end_s = min(movement.end_s, movement.start_s + LONGEST_S)
    shown = Span(movement.start_s - AROUND_S, end_s + AROUND_S)
    until_s = max(shown.end_s, movement.start_s + AHEAD_S)
    whole = _whole(list(store.raw(movement.start_s - LEARN_S, until_s)))
    felt = any(((b.t >= movement.start_s) & (b.t <= end_s)).any() for b in whole)
    if not felt:
        return None
    rate_hz = _rate_hz(whole, odr_hz)
    top_hz = min(BANDS_HZ[BODY][1], TOP * rate_hz)
    band_hz = min(BANDS_HZ[BODY][0], 0.5 * top_hz), top_hz
    stretches = [_stretch(block, rate_hz, band_hz, shown) for block in whole]
    kept = [each for each in stretches if len(each.t)]
    mean_mg = np.concatenate([each.raw_mg for each in kept]).mean(axis=0)
    for each in kept:
        each.raw_mg[:] -= mean_mg
    trigger_mg = _trigger_mg(whole, new_listener(rate_hz), movement.start_s)
    return Waveform(shown, tuple(kept), band_hz, trigger_mg)


def _whole(blocks: Sequence[Block]) -> list[Block]:
    """Join blocks that follow on each other."""
    joined: list[list[Block]] = []
    for block in blocks:
        before = joined[-1][-1] if joined else None
        period_s = (block.t[-1] - block.t[0]) / max(len(block.t) - 1, 1)
        if before is None or block.gap or block.t[0] - before.t[-1] > _TORN * period_s:
            joined.append([])
        joined[-1].append(block)
    return [
        Block(
            np.concatenate([block.t for block in run]),
            np.concatenate([block.accel for block in run]),
            gap=at > 0,
        )
        for at, run in enumerate(joined)
    ]


def _rate_hz(blocks: Sequence[Block], odr_hz: float | None) -> float:
    """Take the rate the detector was told, unless the samples say that it is another's."""
    longest = max(blocks, key=lambda block: len(block.t))
    measured_hz = max(len(longest.t) - 1, 1) / max(float(longest.t[-1] - longest.t[0]), 1e-3)
    fits = odr_hz is not None and abs(odr_hz / measured_hz - 1.0) < 0.1
    return odr_hz if odr_hz is not None and fits else round(measured_hz, 1)


def _stretch(block: Block, odr_hz: float, band_hz: tuple[float, float], shown: Span) -> Stretch:
    raw_mg = block.accel.astype(np.float64) * _MG
    (body_mg,) = FilterBank([bandpass(2, *band_hz, odr_hz)]).update(raw_mg)
    power = np.einsum("nc,nc->n", body_mg, body_mg)
    window = max(1, round(HOP_S * odr_hz)) * SMOOTH
    # as if it had been quiet before, like the detector itself
    sums = np.concatenate([np.zeros(window), np.cumsum(power)])
    envelope_mg = np.sqrt(np.maximum(sums[window:] - sums[:-window], 0.0) / window)
    inside = (block.t >= shown.start_s) & (block.t <= shown.end_s)
    return Stretch(block.t[inside], raw_mg[inside], body_mg[inside], envelope_mg[inside])


def _trigger_mg(blocks: Sequence[Block], listener: Listener, onset_s: float) -> float | None:
    heard_s = sum(
        max(0.0, min(float(block.t[-1]), onset_s) - float(block.t[0])) for block in blocks
    )
    if heard_s < LEAST_S:
        return None
    for block in blocks:
        early = block.t < onset_s + AHEAD_S
        listener.update(Block(block.t[early], block.accel[early], block.gap))
    threshold_mg = listener.now.threshold_mg
    return threshold_mg if 0.0 < threshold_mg < np.inf else None
