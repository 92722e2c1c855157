"""What a file holds, as it stands there: every reader gives one of these."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bedside.errors import RecordingError

LARGEST_G = 1e6
"""What lies beyond is no acceleration: more than any shock, and well within float32."""


@dataclass(slots=True)
class Held:
    """Samples as the file has them.

    xyz      (n, 3) float32, g, finite; n at least 1
    t        (n,) float64, s, strictly increasing; None when the rate alone tells the time
    odr_hz   the rate that the file states; None when its stamps must tell
    room     (m, 2) float64: s on the axis of t, degrees C; empty without a thermometer
    notes    what a report should say about the file
    stamped  the stamps are those of each single sample, as somebody's clock gave them
    """

    xyz: NDArray[np.float32]
    t: NDArray[np.float64] | None = None
    odr_hz: float | None = None
    room: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))
    notes: list[str] = field(default_factory=list)
    stamped: bool = False


def unreadable(path: Path, error: OSError) -> RecordingError:
    """Say why a file could not be opened or read."""
    if isinstance(error, FileNotFoundError):
        return RecordingError(f"{path}: there is no such file; check the path")
    if isinstance(error, IsADirectoryError):
        return RecordingError(f"{path}: is a folder; name one recording in it")
    if isinstance(error, PermissionError):
        return RecordingError(f"{path}: may not be read by this user; try `chmod u+r {path}`")
    return RecordingError(f"{path}: cannot be read: {error.strerror or error}")
