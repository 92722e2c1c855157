"""Raw nights out: CSV, NPZ and EDF+, as `read` takes them back."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from bedside.errors import RecordingError
from bedside.recordings.edf import NO_DATA, edfio
from bedside.recordings.recording import AXES, Recording
from bedside.recordings.tables import COLUMNS

_ROWS = 65536
_FULL_SCALES_G = (2.0, 4.0, 8.0, 16.0)
_TICKS = 64  # a second: record lengths in such ticks are exact, and fit the header's 8 characters
_LONGEST_RECORD_TICKS = 9 * _TICKS


def write_csv(path: Path, recording: Recording) -> None:
    """Write `t_s,ax_g,ay_g,az_g`, gzipped when the name ends in .gz.

    Times keep a tenth of a millisecond, accelerations a microgram.
    """
    with _written(path), _opened(path) as file:
        file.write(",".join(COLUMNS) + "\n")
        for i in range(0, len(recording.t), _ROWS):
            part = slice(i, i + _ROWS)
            rows = np.column_stack((recording.t[part], recording.xyz[part]))
            np.savetxt(file, rows, ["%.4f", "%.6f", "%.6f", "%.6f"], ",")


def write_npz(path: Path, recording: Recording) -> None:
    """Write `xyz` and `fs`, and `t` as well where there are gaps; compressed."""
    arrays: dict[str, Any] = {"xyz": recording.xyz, "fs": np.float64(recording.odr_hz)}
    if recording.gaps:
        arrays["t"] = recording.t
    with _written(path), path.open("wb") as file:
        np.savez_compressed(file, **arrays)


def write_edf(path: Path, recording: Recording, start: datetime | None = None) -> None:
    """Write EDF+C in g, 16 bits at the smallest full scale that holds it.

    EDF wants whole records: gaps and the end of the last one are filled with the value before,
    under an annotation `no data`.

    Raises
    ------
    RecordingError : edfio is not installed, or the file cannot be written.
    """
    library = edfio()
    per_record, duration_s = whole_record(recording.odr_hz)
    odr_hz = per_record / duration_s
    source, fillers = _filled(recording, odr_hz, per_record)
    scale_g = _scale_g(recording)
    signals = [
        library.EdfSignal(
            np.clip(recording.xyz[source, axis].astype(np.float64), -scale_g, scale_g),
            odr_hz,
            label=f"acc {name}",
            physical_dimension="g",
            physical_range=(-scale_g, scale_g),
        )
        for axis, name in enumerate(AXES)
    ]
    marks = [library.EdfAnnotation(a / odr_hz, (b - a) / odr_hz, NO_DATA) for a, b in fillers]
    file = library.Edf(
        signals,
        recording=library.Recording(startdate=start.date()) if start else None,
        starttime=start.time().replace(microsecond=0) if start else None,
        data_record_duration=duration_s,
        annotations=marks,
    )
    with _written(path):
        file.write(path)


@contextmanager
def _written(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RecordingError(f"{path}: cannot be written: {error.strerror or error}") from error


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "wt", encoding="utf-8", newline="\n")
    return path.open("w", encoding="utf-8", newline="\n")


def whole_record(odr_hz: float) -> tuple[int, float]:
    """Choose the samples in a data record and its length, s: right to a few parts in 10^6."""
    ratio = Fraction(odr_hz / _TICKS).limit_denominator(_LONGEST_RECORD_TICKS)
    times = max(1, _TICKS // ratio.denominator)
    return ratio.numerator * times, ratio.denominator * times / _TICKS


def _filled(
    recording: Recording, odr_hz: float, per_record: int
) -> "tuple[np.ndarray[tuple[int], np.dtype[np.intp]], list[tuple[int, int]]]":
    """Which sample each place of the file takes, and the places [a, b) that are filler."""
    place, fillers = np.arange(len(recording.t)), []
    for start in recording.starts.tolist():
        lasts = int(place[start - 1])
        there = max(lasts + 1, round(float(recording.t[start]) * odr_hz))
        if there > lasts + 1:
            fillers.append((lasts + 1, there))
        place[start:] += there - place[start]
    end = int(place[-1]) + 1
    whole = -(-end // per_record) * per_record
    if whole > end:
        fillers.append((end, whole))
    source = np.searchsorted(place, np.arange(whole), side="right") - 1
    return source, fillers


def _scale_g(recording: Recording) -> float:
    largest = float(np.abs(recording.xyz).max())
    return next((scale for scale in _FULL_SCALES_G if largest <= scale), _FULL_SCALES_G[-1])
