"""EDF and EDF+: three accelerometer channels, through edfio (an optional extra)."""

import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bedside.errors import RecordingError
from bedside.recordings.held import LARGEST_G, Held, unreadable

if TYPE_CHECKING:
    from edfio import Edf, EdfAnnotation, EdfSignal

NO_DATA = "no data"
"""Text of the annotation over filler samples, where a recording had a gap."""

_G_MS2 = 9.80665
_IN_G = {
    "g": 1.0, "mg": 1e-3, "ug": 1e-6, "µg": 1e-6,
    "m/s2": 1.0 / _G_MS2, "m/s^2": 1.0 / _G_MS2, "m/s²": 1.0 / _G_MS2, "m/s/s": 1.0 / _G_MS2,
}  # fmt: skip
_AXIS = re.compile(r"(?:^|[^a-z]|acc?(?:el)?|a)([xyz])(?:$|[^a-z])")
_BROKEN = (ValueError, IndexError, KeyError, TypeError, OverflowError, ZeroDivisionError)


def edfio() -> Any:
    """Import edfio when it is needed.

    Raises
    ------
    RecordingError : it is not installed; says how to.
    """
    try:
        import edfio as library
    except ImportError as error:
        raise RecordingError(
            "EDF files need the edfio package; add it with `pip install 'bedside[edf]'`"
        ) from error
    return library


def read_edf(path: Path) -> Held:
    """Read an EDF, EDF+C or EDF+D file.

    Raises
    ------
    RecordingError : edfio is missing, the file is no EDF, or its channels do not fit.
    """
    library = edfio()
    try:
        with warnings.catch_warnings(record=True) as remarks:
            warnings.simplefilter("always")
            file = library.read_edf(path, header_encoding="latin-1")
            held = _held(path, file)
    except OSError as error:
        raise unreadable(path, error) from error
    except _BROKEN as error:
        raise RecordingError(f"{path}: is no EDF file, or a damaged one ({error})") from error
    held.notes += [str(remark.message) for remark in remarks]
    return held


def _held(path: Path, file: "Edf") -> Held:
    channels = _channels(path, file.signals)
    rates = {channel.sampling_frequency for channel in channels}
    if len(rates) > 1:
        told = ", ".join(
            f"{channel.label} {channel.sampling_frequency:g} Hz" for channel in channels
        )
        raise RecordingError(f"{path}: the three channels differ in rate ({told})")
    odr_hz = rates.pop()
    xyz = np.empty((len(channels[0].digital), 3), np.float32)
    for axis, channel in enumerate(channels):
        in_g = channel.data * _IN_G[_unit(channel)]
        largest_g = float(np.abs(in_g).max(initial=0.0))
        if not largest_g <= LARGEST_G:
            raise RecordingError(
                f"{path}: the scaling of {channel.label} gives no accelerations in g"
            )
        xyz[:, axis] = in_g
    fillers = [mark for mark in file.annotations if mark.text == NO_DATA]
    t = _times(path, file, channels[0], filled=bool(fillers))
    if t is not None:
        kept = _with_data(t, fillers)
        xyz, t = xyz[kept], t[kept]
    if not len(xyz):
        raise RecordingError(f"{path}: holds no samples")
    return Held(xyz, t, odr_hz)


def _unit(channel: "EdfSignal") -> str:
    return channel.physical_dimension.strip().lower()


def _channels(path: Path, signals: "tuple[EdfSignal, ...]") -> "list[EdfSignal]":
    """Choose x, y and z: by unit, and by label where more than three have one."""
    fitting = [signal for signal in signals if _unit(signal) in _IN_G]
    if len(fitting) > 3:
        fitting = [signal for signal in fitting if "acc" in signal.label.lower()] or fitting
    axes = [_AXIS.findall(signal.label.lower())[-1:] for signal in fitting]
    if sorted(axes) == [["x"], ["y"], ["z"]]:
        return [fitting[axes.index([axis])] for axis in "xyz"]
    if len(fitting) == 3:
        return fitting
    found = ", ".join(
        f"{signal.label} [{signal.physical_dimension or 'no unit'}]" for signal in signals
    )
    raise RecordingError(
        f"{path}: three channels in g, mg or m/s2 are expected, labelled as x, y and z where"
        f" there are more; found {found or 'none'}"
    )


def _times(
    path: Path, file: "Edf", channel: "EdfSignal", *, filled: bool
) -> NDArray[np.float64] | None:
    """Return times (n,), s; None when the samples follow on each other without any gap."""
    per_record = channel.samples_per_data_record
    within = np.arange(per_record) / channel.sampling_frequency
    if file.reserved.startswith("EDF+D"):
        onsets = _onsets(path)
    elif filled:
        onsets = np.arange(file.num_data_records, dtype=np.float64) * file.data_record_duration
    else:
        return None
    if (np.diff(onsets) < file.data_record_duration - 0.5 / channel.sampling_frequency).any():
        raise RecordingError(f"{path}: its data records overlap or run backwards in time")
    return (onsets[:, None] + within.astype(np.float64)).ravel()


def _with_data(t: NDArray[np.float64], fillers: "list[EdfAnnotation]") -> NDArray[np.bool_]:
    """Whether each sample is one, and not filler under a `no data` annotation."""
    kept = np.ones(len(t), np.bool_)
    for filler in fillers:
        end_s = filler.onset + (filler.duration or 0.0)
        kept[slice(*np.searchsorted(t, (filler.onset - 1e-6, end_s - 1e-6)))] = False
    return kept


def _onsets(path: Path) -> NDArray[np.float64]:
    """Start of each data record, s, from the first annotation in it (EDF+ specification, 2.2.4).

    edfio reads the samples of EDF+D but does not tell where its records lie in time.
    """
    with path.open("rb") as file:
        main = file.read(256)
        count = int(main[252:256])
        signals = file.read(256 * count)
    labels = [signals[16 * i : 16 * i + 16].strip() for i in range(count)]
    lengths = [int(signals[216 * count + 8 * i :][:8]) for i in range(count)]
    place = labels.index(b"EDF Annotations")
    numbers = np.memmap(path, np.int16, "r", offset=256 + 256 * count)
    records = numbers[: len(numbers) // sum(lengths) * sum(lengths)].reshape(-1, sum(lengths))
    begin = sum(lengths[:place])
    marks = (record.tobytes() for record in records[:, begin : begin + lengths[place]])
    return np.array([float(mark.partition(b"\x14")[0]) for mark in marks])
