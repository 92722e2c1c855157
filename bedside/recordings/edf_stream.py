"""EDF+C written piece by piece, so that a night of samples never lies in memory.

What a gap leaves out, and the end of the last data record, is filled with the value before under
an annotation `no data`, as `write_edf` does. Layout: Kemp & Olivan, "European data format plus",
2003.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO

import numpy as np
from numpy.typing import NDArray

from bedside.recordings.edf import NO_DATA
from bedside.recordings.recording import AXES
from bedside.recordings.writing import whole_record

TEXT_BYTES = 480
"""For annotations in each data record; what does not fit goes into a later one."""
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_LONGEST_FILL, _LONGEST_TEXT = 100_000, 80
_DIGITS = 32767


class EdfStream:
    """An EDF+ file of three accelerometer channels in g, being written.

    Parameters
    ----------
    file : empty, and can be sought.
    odr_hz : mean rate, Hz.
    scale_g : what is beyond it is cut off.
    start : local time of the first sample.
    """

    def __init__(self, file: IO[bytes], odr_hz: float, scale_g: float, start: datetime) -> None:
        self._file = file
        self._per_record, self._record_s = whole_record(odr_hz)
        self._scale_g = scale_g
        self._waiting = np.empty((0, 3), np.int16)
        self._texts: deque[bytes] = deque()
        self._records = 0
        self._placed = 0
        file.write(_head(start, AXES, self._per_record, self._record_s, scale_g))

    @property
    def odr_hz(self) -> float:
        """The rate as the file tells it, Hz."""
        return self._per_record / self._record_s

    def annotate(self, t_s: float, length_s: float, text: str) -> None:
        """Name a stretch; s from the first sample, not before it."""
        self._texts.append(annotation(t_s, length_s, text))

    def add(self, t_s: float, xyz: NDArray[np.float32], *, gap: bool) -> None:
        """Write samples (n, 3), g, the first of them at `t_s`; after a gap there is filler."""
        there = round(t_s * self.odr_hz)
        if gap and self._placed and there > self._placed:
            self._fill(there - self._placed)
        scaled = np.clip(xyz.astype(np.float64) / self._scale_g, -1.0, 1.0) * _DIGITS
        self._append(np.rint(scaled).astype(np.int16))

    def close(self) -> None:
        """Write what waits, annotations too, and the number of records; the file stays open."""
        if rest := self._placed % self._per_record:
            self._fill(self._per_record - rest)
        while self._texts:
            self._fill(self._per_record)
        _write_count(self._file, self._records)

    def _fill(self, n: int) -> None:
        self.annotate(self._placed / self.odr_hz, n / self.odr_hz, NO_DATA)
        last = self._last
        while n > 0:
            some = min(n, _LONGEST_FILL)
            self._append(np.repeat(last[None], some, axis=0))
            n -= some

    def _append(self, digits: NDArray[np.int16]) -> None:
        if len(digits):
            self._last = digits[-1]
        self._placed += len(digits)
        self._waiting = np.concatenate([self._waiting, digits])
        while len(self._waiting) >= self._per_record:
            self._write_record(self._waiting[: self._per_record])
            self._waiting = self._waiting[self._per_record :]

    def _write_record(self, digits: NDArray[np.int16]) -> None:
        self._file.write(np.ascontiguousarray(digits.T).astype("<i2").tobytes())
        self._file.write(_text_record(self._records * self._record_s, self._texts))
        self._records += 1


def write_notes(
    file: IO[bytes], start: datetime, notes: Iterable[tuple[float, float, str]]
) -> None:
    """Write EDF+C that holds annotations (s from `start`, s, text) and no samples."""
    texts = deque(annotation(*note) for note in notes)
    file.write(_head(start, (), 0, 0.0, 1.0))
    records = 0
    while texts or not records:
        file.write(_text_record(0.0, texts))
        records += 1
    _write_count(file, records)


def annotation(t_s: float, length_s: float, text: str) -> bytes:
    """Name a stretch, as a time-stamped annotation list of one."""
    stretch = f"+{max(t_s, 0.0):.6f}\x15{length_s:.6f}"
    return f"{stretch}\x14{text[:_LONGEST_TEXT]}\x14\x00".encode()


def _text_record(record_s: float, texts: deque[bytes]) -> bytes:
    """Give the text of a data record: when it begins, and as many annotations as fit."""
    written = f"+{_seconds(record_s)}\x14\x14\x00".encode()
    while texts and len(written) + len(texts[0]) <= TEXT_BYTES:
        written += texts.popleft()
    return written.ljust(TEXT_BYTES, b"\x00")


def _write_count(file: IO[bytes], records: int) -> None:
    """Write how many data records there are, and go back to the beginning."""
    file.seek(236)
    file.write(f"{records:<8d}".encode())
    file.seek(0)


def _head(
    start: datetime, axes: Sequence[str], per_record: int, record_s: float, scale_g: float
) -> bytes:
    """Write the head of a file whose number of data records is not known yet."""
    signals, n = len(axes) + 1, len(axes)
    day = f"{start.day:02d}-{_MONTHS[start.month - 1]}-{start.year}"
    main = [("0", 8), ("X X X X", 80), (f"Startdate {day} X bedside X", 80)]
    main += [(f"{start:%d.%m.%y}", 8), (f"{start:%H.%M.%S}", 8), (str(256 * (signals + 1)), 8)]
    main += [("EDF+C", 44), ("-1", 8), (_seconds(record_s), 8), (str(signals), 4)]
    each = (
        ([f"acc {axis}" for axis in axes], "EDF Annotations", 16),
        (["under the mattress"] * n, "", 80),
        (["g"] * n, "", 8),
        ([f"{-scale_g:g}"] * n, "-1", 8),
        ([f"{scale_g:g}"] * n, "1", 8),
        ([str(-_DIGITS)] * n, "-32768", 8),
        ([str(_DIGITS)] * n, "32767", 8),
        ([""] * n, "", 80),
        ([str(per_record)] * n, str(TEXT_BYTES // 2), 8),
        ([""] * n, "", 32),
    )
    fields = main + [(text, size) for texts, last, size in each for text in (*texts, last)]
    return "".join(text.ljust(size)[:size] for text, size in fields).encode()


def _seconds(duration_s: float) -> str:
    """Write a whole number of sixty-fourths exactly."""
    return f"{duration_s:.6f}".rstrip("0").rstrip(".")
