"""NPZ: `xyz` (n, 3) in g and `fs` in Hz; `t` (n,) in s as well where there are gaps."""

import zipfile
import zlib
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.errors import RecordingError
from bedside.recordings.held import LARGEST_G, Held, unreadable

_HOW = "write it with numpy.savez(file, xyz=samples_in_g, fs=rate_in_hz)"

_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError,
    TokenError, SyntaxError,  # numpy reads an array's header as Python text
)  # fmt: skip


def read_arrays(path: Path) -> Held:
    """Read an NPZ file; one that holds pickles is refused, never loaded.

    Raises
    ------
    RecordingError : the sentence names the array.
    """
    try:
        with path.open("rb") as raw:
            arrays = np.load(raw, allow_pickle=False)
            if not isinstance(arrays, np.lib.npyio.NpzFile):
                raise RecordingError(f"{path}: is a single array, no NPZ; {_HOW}")
            return _held(path, arrays)
    except OSError as error:
        raise unreadable(path, error) from error
    except _BROKEN as error:
        raise RecordingError(f"{path}: is no NPZ file, or a damaged one; {_HOW}") from error
    except MemoryError as error:
        raise RecordingError(f"{path}: is too large for this machine's memory") from error


def _held(path: Path, arrays: "np.lib.npyio.NpzFile") -> Held:
    if "xyz" not in arrays:
        found = ", ".join(sorted(arrays.files)) or "nothing"
        raise RecordingError(f"{path}: lacks the array xyz; found {found}; {_HOW}")
    xyz = _array(path, arrays, "xyz")
    if xyz.ndim != 2 or xyz.shape[1] != 3:
        turned = "; turn it over with xyz.T" if xyz.ndim == 2 and xyz.shape[0] == 3 else ""
        raise RecordingError(
            f"{path}: xyz has the shape {xyz.shape} where (n, 3) is expected{turned}"
        )
    if not len(xyz):
        raise RecordingError(f"{path}: xyz holds no samples")
    if not (float(xyz.min()) >= -LARGEST_G and float(xyz.max()) <= LARGEST_G):  # NaN is neither
        raise _wild(path, xyz)
    held = Held(xyz.astype(np.float32, copy=False))
    if "fs" in arrays:
        held.odr_hz = _rate_hz(path, _array(path, arrays, "fs"))
    if "t" in arrays:
        held.t = _times(path, _array(path, arrays, "t"), len(xyz))
    return held


def _array(path: Path, arrays: "np.lib.npyio.NpzFile", name: str) -> NDArray[Any]:
    try:
        found = arrays[name]
    except ValueError as error:
        if "allow_pickle" not in str(error):
            raise
        raise RecordingError(
            f"{path}: {name} holds Python objects, which could run as a program and are never"
            " loaded; store plain numbers"
        ) from error
    if not isinstance(found, np.ndarray) or found.dtype.kind not in "fiu":
        raise RecordingError(f"{path}: {name} holds no plain numbers; {_HOW}")
    return found


def _wild(path: Path, xyz: NDArray[Any]) -> RecordingError:
    row = int(np.argmax(~(np.abs(xyz.astype(np.float64)) <= LARGEST_G).all(axis=1)))
    x, y, z = (f"{value:.4g}" for value in xyz[row])
    return RecordingError(
        f"{path}: xyz row {row} ({x}, {y}, {z}) is no acceleration in g; leave such samples out"
    )


def _rate_hz(path: Path, fs: NDArray[Any]) -> float:
    if fs.size != 1:
        raise RecordingError(f"{path}: fs holds {fs.size} numbers where one rate is expected")
    return float(fs.reshape(-1)[0])


def _times(path: Path, t: NDArray[Any], n: int) -> NDArray[np.float64]:
    if t.shape != (n,):
        raise RecordingError(f"{path}: t has the shape {t.shape} where ({n},) is expected")
    times = t.astype(np.float64)
    steps = np.diff(times)
    if not np.isfinite(times).all() or not (steps > 0.0).all():
        raise RecordingError(f"{path}: t must be finite and grow from sample to sample")
    return times
