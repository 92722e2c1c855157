"""EDF+C written piece by piece, so that a night of samples never lies in memory.

What a gap leaves out, and the end of the last data record, is filled with the value before under
an annotation `no data`, as `write_edf` does. Layout: Kemp & Olivan, "European data format plus",
2003.
"""

from collections import deque
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
        self._scale_g, self._start = scale_g, start
        self._waiting = np.empty((0, 3), np.int16)
        self._texts: deque[bytes] = deque()
        self._records = 0
        self._placed = 0
        self._write_head()

    @property
    def odr_hz(self) -> float:
        """The rate as the file tells it, Hz."""
        return self._per_record / self._record_s

    def annotate(self, t_s: float, length_s: float, text: str) -> None:
        """Name a stretch; s from the first sample, not before it."""
        stretch = f"+{max(t_s, 0.0):.6f}\x15{length_s:.6f}"
        self._texts.append(f"{stretch}\x14{text[:_LONGEST_TEXT]}\x14\x00".encode())

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
        self._file.seek(236)
        self._file.write(f"{self._records:<8d}".encode())
        self._file.seek(0)

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
        texts = f"+{_seconds(self._records * self._record_s)}\x14\x14\x00".encode()
        while self._texts and len(texts) + len(self._texts[0]) <= TEXT_BYTES:
            texts += self._texts.popleft()
        self._file.write(np.ascontiguousarray(digits.T).astype("<i2").tobytes())
        self._file.write(texts.ljust(TEXT_BYTES, b"\x00"))
        self._records += 1

    def _write_head(self) -> None:
        start, signals = self._start, len(AXES) + 1
        day = f"{start.day:02d}-{_MONTHS[start.month - 1]}-{start.year}"
        main = [("0", 8), ("X X X X", 80), (f"Startdate {day} X bedside X", 80)]
        main += [(f"{start:%d.%m.%y}", 8), (f"{start:%H.%M.%S}", 8), (str(256 * (signals + 1)), 8)]
        main += [("EDF+C", 44), ("-1", 8), (_seconds(self._record_s), 8), (str(signals), 4)]
        each = (
            ([f"acc {axis}" for axis in AXES], "EDF Annotations", 16),
            (["under the mattress"] * 3, "", 80),
            (["g"] * 3, "", 8),
            ([f"{-self._scale_g:g}"] * 3, "-1", 8),
            ([f"{self._scale_g:g}"] * 3, "1", 8),
            ([str(-_DIGITS)] * 3, "-32768", 8),
            ([str(_DIGITS)] * 3, "32767", 8),
            ([""] * 3, "", 80),
            ([str(self._per_record)] * 3, str(TEXT_BYTES // 2), 8),
            ([""] * 3, "", 32),
        )
        fields = main + [(text, size) for axes, last, size in each for text in (*axes, last)]
        self._file.write("".join(text.ljust(size)[:size] for text, size in fields).encode())


def _seconds(duration_s: float) -> str:
    """Write a whole number of sixty-fourths exactly."""
    return f"{duration_s:.6f}".rstrip("0").rstrip(".")
