"""From a file of any kind to a Recording: which reader, which rate, what to say about it."""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bedside.errors import RecordingError
from bedside.recordings.arrays import read_arrays
from bedside.recordings.edf import read_edf
from bedside.recordings.held import Held
from bedside.recordings.recording import Recording, clipped_axes, dead_axes, gaps_before
from bedside.recordings.stamps import Evened, even_out
from bedside.recordings.tables import read_table

LOWEST_HZ, HIGHEST_HZ = 10.0, 1000.0
_LIMITS = f"{LOWEST_HZ:g}-{HIGHEST_HZ:g} Hz"

_SLOWEST_HZ = 1.0
_SLOW_AT_LEAST_S = 3600.0
_LEEWAY = 0.01  # clocks of chips are off by as much
_DISAGREES = 0.1
_HEAVIEST_G = 4.0
_READERS = {
    ".csv": read_table, ".csv.gz": read_table,
    ".npz": read_arrays,
    ".edf": read_edf,
}  # fmt: skip


def read(path: Path, odr_hz: float | None = None) -> Recording:
    """Read a recorded night: CSV (.csv, .csv.gz), NPZ (.npz) or EDF/EDF+ (.edf).

    Parameters
    ----------
    odr_hz : the rate, Hz, where the file does not tell it, or tells it wrong; the time stamps
        of a CSV may only be put right by a tenth.

    Raises
    ------
    RecordingError : one sentence with file, line where there are lines, and what to mend.
    """
    if odr_hz is not None and not LOWEST_HZ <= odr_hz <= HIGHEST_HZ:
        raise RecordingError(f"a rate of {odr_hz:g} Hz is outside {_LIMITS}; check --rate")
    reader = _READERS.get("".join(path.suffixes[-2:]).lower()) or _READERS.get(path.suffix.lower())
    if reader is None:
        raise RecordingError(
            f"{path}: is of an unknown kind; a recording ends in .csv, .csv.gz, .npz or .edf"
        )
    held = reader(path)
    _check_gravity(path, held.xyz)
    evened = _evened(path, held, odr_hz)
    slow = _check_rate(path, held, evened)
    return _recording(path, held, evened, slow, odr_hz)


def _check_gravity(path: Path, xyz: NDArray[np.float32]) -> None:
    """Refuse what is not in g: a bed at rest feels 1 g, however the board lies."""
    some = xyz[:: max(1, len(xyz) // 4096)].astype(np.float64)
    usual_g = float(np.median(np.sqrt((some**2).sum(axis=1))))
    if usual_g > _HEAVIEST_G:
        unit = "mg; divide by 1000" if 500.0 < usual_g < 2000.0 else "raw counts"
        unit = "m/s2; divide by 9.80665" if 5.0 < usual_g < 20.0 else unit
        raise RecordingError(
            f"{path}: a bed at rest reads 1 g, this one {usual_g:.4g}: the samples are not in g"
            f" but perhaps in {unit}"
        )


def _evened(path: Path, held: Held, odr_hz: float | None) -> Evened:
    if held.t is None:
        rate_hz = odr_hz or held.odr_hz
        if rate_hz is None:
            raise RecordingError(f"{path}: does not tell its rate (fs); say it with --rate")
        if not math.isfinite(rate_hz) or rate_hz <= 0.0:
            raise RecordingError(f"{path}: a rate of {rate_hz:g} Hz is outside {_LIMITS}")
        t = np.arange(len(held.xyz)) / rate_hz
        return Evened(rate_hz, t, held.xyz, np.empty(0, np.intp))
    if len(held.t) < 2:
        raise RecordingError(f"{path}: holds a single sample, which tells no rate")
    mean_hz = (len(held.t) - 1) / float(held.t[-1] - held.t[0])
    if mean_hz > HIGHEST_HZ * (1.0 + _LEEWAY):
        raise RecordingError(
            f"{path}: a rate of {mean_hz:.4g} Hz is outside {_LIMITS}; time is expected in seconds"
        )
    return even_out(held.t, held.xyz)


def _check_rate(path: Path, held: Held, evened: Evened) -> bool:
    """Refuse a rate out of bounds; return whether it is a slow night that may pass."""
    rate_hz = evened.odr_hz
    leeway = 0.0 if held.t is None else _LEEWAY
    if LOWEST_HZ * (1.0 - leeway) <= rate_hz <= HIGHEST_HZ * (1.0 + leeway):
        return False
    outside = f"{path}: a rate of {rate_hz:.4g} Hz is outside {_LIMITS}"
    if not held.stamped or not _SLOWEST_HZ <= rate_hz < LOWEST_HZ:
        raise RecordingError(outside)
    duration_s = float(evened.t[-1] - evened.t[0])
    if duration_s < _SLOW_AT_LEAST_S:
        raise RecordingError(
            f"{outside}: too slow for jerks, and {duration_s / 60.0:.3g} minutes are too short to"
            " look for turns alone; record at 50 Hz or more"
        )
    return True


def _recording(
    path: Path, held: Held, evened: Evened, slow: bool, odr_hz: float | None
) -> Recording:
    if odr_hz and abs(odr_hz / evened.odr_hz - 1.0) > _DISAGREES:
        raise RecordingError(
            f"{path}: its time stamps tell {evened.odr_hz:.4g} Hz, --rate {odr_hz:g} Hz;"
            " leave --rate out"
        )
    first_s = float(evened.t[0])
    t = evened.t - first_s if first_s else evened.t
    room = held.room - (first_s, 0.0)
    notes = [*held.notes, evened.note] if evened.note else held.notes
    return Recording(
        name=path.name,
        odr_hz=odr_hz or round(evened.odr_hz, 6),
        t=t,
        xyz=evened.xyz,
        gaps=gaps_before(t, evened.starts.tolist()),
        slow=slow,
        room=room,
        notes=tuple(notes),
        dead_axes=dead_axes(evened.xyz),
        clipped_axes=clipped_axes(evened.xyz),
    )
