"""The peer: ObsPy's band-pass, recursive STA/LTA and trigger_onset, as a seismologist would.

It finds movements and names nothing. The band, windows, thresholds and the clean-up of its
triggers are tuned for each sensor on the tuning seeds; `TUNED` holds what came out of

    bedside bench tune-peer --seeds 2 --hours 4

which takes an hour or two.
"""

import importlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.errors import BedsideError
from bedside.pipeline.samples import Span

NAME = "STA/LTA (ObsPy)"


class PeerMissing(BedsideError):
    """ObsPy is not installed."""


@dataclass(frozen=True, slots=True)
class PeerSettings:
    """What a user of the peer may turn.

    low_hz, high_hz   band-pass, 4 corners, one way
    axes              `norm`: energy of the three axes together; `z`: the vertical one alone
    sta_s, lta_s      windows
    on, off           thresholds of the ratio
    merge_s           triggers closer than this become one
    least_s           shorter triggers are dropped
    cut_s             taken off the end, since the short window lags
    """

    low_hz: float = 1.0
    high_hz: float = 20.0
    axes: str = "norm"
    sta_s: float = 0.3
    lta_s: float = 60.0
    on: float = 4.0
    off: float = 2.0
    merge_s: float = 0.5
    least_s: float = 0.0
    cut_s: float = 0.0


TUNED = {
    "adxl355": PeerSettings(high_hz=5.0, sta_s=0.25, lta_s=1.5, on=3.5, off=1.0, merge_s=0.0),
    "lsm6dso": PeerSettings(high_hz=6.0, sta_s=0.2, lta_s=1.5, on=3.5, off=0.5, merge_s=0.0),
    "mpu6050": PeerSettings(
        low_hz=0.5, high_hz=10.0, sta_s=0.15, lta_s=1.5, on=3.5, off=0.4, merge_s=0.0
    ),
}
"""By sensor: F1 0.883, 0.889 and 0.886 on the tuning seeds, mean over the profiles."""


def load() -> tuple[Any, Any]:
    """Return ObsPy's `signal.filter` and `signal.trigger`.

    Raises
    ------
    PeerMissing : where it is not installed; says how to install it.
    """
    try:
        filters = importlib.import_module("obspy.signal.filter")
        return filters, importlib.import_module("obspy.signal.trigger")
    except ImportError as error:
        raise PeerMissing(
            f"The peer needs ObsPy, which is not installed ({error}); "
            "install it with `uv sync --group bench`, or leave the peer out with --no-peer."
        ) from error


def detect(
    xyz: NDArray[np.float32], odr_hz: float, settings: PeerSettings, start_s: float = 0.0
) -> list[Span]:
    """Return the peer's events in (n, 3) g, sampled evenly from `start_s` on."""
    norm = filtered(xyz, odr_hz, settings.low_hz, settings.high_hz, settings.axes)
    ratio = sta_lta(norm, odr_hz, settings.sta_s, settings.lta_s)
    picks = triggers(ratio, odr_hz, settings.on, settings.off)
    return [Span(start_s + a, start_s + b) for a, b in tidy(picks, settings).tolist()]


def filtered(
    xyz: NDArray[np.float32], odr_hz: float, low_hz: float, high_hz: float, axes: str
) -> NDArray[np.float64]:
    """Band-passed norm (n,), or of the vertical axis alone."""
    bandpass = load()[0].bandpass
    chosen = xyz[:, 2:] if axes == "z" else xyz
    energy = np.zeros(len(xyz))
    for axis in chosen.T:
        steady = axis.astype(np.float64) - float(axis[0])  # else gravity would ring the filter
        energy += bandpass(steady, low_hz, min(high_hz, 0.49 * odr_hz), odr_hz) ** 2
    return np.sqrt(energy)


def sta_lta(
    norm: NDArray[np.float64], odr_hz: float, sta_s: float, lta_s: float
) -> NDArray[np.float64]:
    """Return the recursive STA/LTA ratio (n,) of the norm's square."""
    ratio = load()[1].recursive_sta_lta(norm, round(sta_s * odr_hz), round(lta_s * odr_hz))
    return np.asarray(ratio, dtype=np.float64)


def triggers(ratio: NDArray[np.float64], odr_hz: float, on: float, off: float) -> NDArray[Any]:
    """Return trigger on and off times (m, 2), s."""
    picks = load()[1].trigger_onset(ratio, on, off)
    return np.asarray(picks, dtype=np.float64).reshape(-1, 2) / odr_hz


def tidy(picks: NDArray[np.float64], settings: PeerSettings) -> NDArray[np.float64]:
    """Merge, shorten and drop triggers (m, 2), s, as the settings say."""
    if not len(picks):
        return picks
    end_s = np.maximum(picks[:, 1] - settings.cut_s, picks[:, 0])
    apart = picks[1:, 0] - end_s[:-1] > settings.merge_s
    first = np.concatenate([[True], apart])
    last = np.concatenate([apart, [True]])
    merged = np.column_stack([picks[first, 0], end_s[last]])
    return np.asarray(merged[merged[:, 1] - merged[:, 0] >= settings.least_s])
