"""CSV: `t_s,ax_g,ay_g,az_g` and whatever other columns, a row for each sample."""

import gzip
import math
import zlib
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from bedside.errors import RecordingError
from bedside.recordings.held import LARGEST_G, Held, unreadable

COLUMNS = ("t_s", "ax_g", "ay_g", "az_g")
ROOM = "room_c"

_CHUNK_CHARS = 1 << 21
_GZIP = b"\x1f\x8b"
_SEPARATORS = (",", ";", "\t")
_LONGEST_HEADER = 65536
_LATEST = 1e12  # s: beyond the clock of any host
_SLOWEST_HZ = 10.0
_HOUR_S = 3600.0
_SET_BACK_S = 5.0


class _Columns(NamedTuple):
    """Where in a row, cut at `separator`, each wanted column stands."""

    separator: str
    fields: int
    wanted: list[int]
    room: int | None


class _Chunk(NamedTuple):
    """Rows (n, 4 or 5) as numbers, and the line of the file each came from."""

    rows: NDArray[np.float64]
    lines: "range | list[int]"


class _Back(NamedTuple):
    """A row whose time does not grow."""

    line: int
    row: int
    step_s: float


def read_table(path: Path) -> Held:
    """Read a CSV file, gzipped or not, in chunks.

    Raises
    ------
    RecordingError : the sentence names the line.
    """
    try:
        with path.open("rb") as raw:
            zipped = raw.read(len(_GZIP)) == _GZIP
            raw.seek(0)
            if path.suffix.lower() == ".gz" and not zipped:
                raise RecordingError(f"{path}: is not gzipped, whatever its name says; rename it")
            plain = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if zipped else raw
            with TextIOWrapper(plain, "utf-8-sig", "replace") as text:
                return _gathered(path, text)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RecordingError(
            f"{path}: the gzip file is cut off or damaged; copy it anew"
        ) from error
    except OSError as error:
        raise unreadable(path, error) from error


def _gathered(path: Path, text: TextIOWrapper) -> Held:
    columns = _columns(path, text.readline(_LONGEST_HEADER))
    times: list[NDArray[np.float64]] = []
    accels: list[NDArray[np.float32]] = []
    rooms: list[NDArray[np.float64]] = []
    backs: list[_Back] = []
    row, last_s = 0, -math.inf
    for chunk in _chunks(path, text, columns):
        t = chunk.rows[:, 0].copy()
        steps = np.diff(t, prepend=last_s)
        backs += [
            _Back(chunk.lines[i], row + i, float(steps[i]))
            for i in np.flatnonzero(steps <= 0.0).tolist()
        ]
        times.append(t)
        accels.append(chunk.rows[:, 1:4].astype(np.float32))
        if columns.room is not None:
            rooms.append(chunk.rows[:, 4].copy())
        row, last_s = row + len(t), float(t[-1])
    if not row:
        raise RecordingError(f"{path}: holds a header but no samples")
    t = np.concatenate(times)
    held = Held(np.concatenate(accels), t, stamped=True)
    if backs:
        _set_right(path, t, backs)
        where = ", ".join(f"line {back.line}" for back in backs)
        held.notes.append(f"the clock was set back at {where}: the time after it was moved on")
    if rooms:
        room = np.column_stack((t, np.concatenate(rooms)))
        held.room = room[np.isfinite(room[:, 1])]
    return held


def _columns(path: Path, header: str) -> _Columns:
    """Find the wanted columns in the header, whatever their order."""
    if not header.strip():
        raise RecordingError(
            f"{path}:1: {'starts with an empty line' if header else 'the file is empty'};"
            f" the first line must be {','.join(COLUMNS)}"
        )
    if "\0" in header:
        raise RecordingError(f"{path}:1: is no text in UTF-8; save it as CSV in UTF-8")
    separator = max(_SEPARATORS, key=header.count)
    names = [name.strip().strip("\"'").strip().lower() for name in header.split(separator)]
    if all(_is_number(name) for name in names):
        raise RecordingError(f"{path}:1: has no header; the first line must be {','.join(COLUMNS)}")
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise RecordingError(
            f"{path}:1: lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)};"
            f" expected {','.join(COLUMNS)}, found {_shown(separator.join(names))}"
        )
    twice = [name for name in (*COLUMNS, ROOM) if names.count(name) > 1]
    if twice:
        raise RecordingError(f"{path}:1: has the column {twice[0]} twice; keep one")
    room = names.index(ROOM) if ROOM in names else None
    return _Columns(separator, len(names), [names.index(name) for name in COLUMNS], room)


def _chunks(path: Path, text: TextIOWrapper, columns: _Columns) -> Iterator[_Chunk]:
    """Rows as numbers, about 2 MB of text at a time; a fault names its line."""
    first_line, rest = 2, ""
    while chars := text.read(_CHUNK_CHARS):
        whole, newline, rest = (rest + chars).rpartition("\n")
        if newline:
            lines = whole.split("\n")
            yield from _numbers(path, lines, first_line, columns)
            first_line += len(lines)
    if rest:
        yield from _numbers(path, [rest], first_line, columns)


def _numbers(path: Path, lines: list[str], first_line: int, columns: _Columns) -> Iterator[_Chunk]:
    """Parse whole lines; nothing at all comes of blank ones."""
    numbers: range | list[int] = range(first_line, first_line + len(lines))
    if not all(map(str.strip, lines)):
        kept = [(i, line) for i, line in zip(numbers, lines, strict=True) if line.strip()]
        numbers, lines = [i for i, _ in kept], [line for _, line in kept]
    if not lines:
        return
    if columns.separator == ";":  # as spreadsheets write where 0,5 is a half
        lines = [line.replace(",", ".") for line in lines]
    if {line.count(columns.separator) for line in lines} != {columns.fields - 1}:
        raise _fault(path, lines, numbers, columns)
    try:
        rows = _parsed(lines, columns)
    except ValueError as error:
        raise _fault(path, lines, numbers, columns) from error
    if not (np.abs(rows[:, :4]).max(axis=0) <= (_LATEST, LARGEST_G, LARGEST_G, LARGEST_G)).all():
        raise _fault(path, lines, numbers, columns)
    yield _Chunk(rows, numbers)


def _parsed(lines: list[str], columns: _Columns) -> NDArray[np.float64]:
    """Columns (n, 4): time and axes; (n, 5) with the room's temperature, NaN where unknown."""

    def load(wanted: list[int]) -> NDArray[np.float64]:
        return np.loadtxt(
            lines, delimiter=columns.separator, comments=None, usecols=wanted, ndmin=2
        )

    if columns.room is None:
        return load(columns.wanted)
    try:
        return load([*columns.wanted, columns.room])
    except ValueError:
        texts = [line.split(columns.separator)[columns.room] for line in lines]
        room = [float(text) if _is_number(text) else math.nan for text in texts]
        return np.column_stack((load(columns.wanted), room))


def _fault(
    path: Path, lines: list[str], numbers: "range | list[int]", columns: _Columns
) -> RecordingError:
    """Find the first fault in lines known to hold one, and say it."""
    for number, line in zip(numbers, lines, strict=True):
        fields = line.split(columns.separator)
        if len(fields) != columns.fields:
            return RecordingError(
                f"{path}:{number}: has {len(fields)} fields where the header has {columns.fields};"
                " mend or delete the line"
            )
        for name, place in zip(COLUMNS, columns.wanted, strict=True):
            what = _what_is_wrong(fields[place].strip(), name)
            if what:
                return RecordingError(f"{path}:{number}: {name} {what}; mend or delete the line")
    return RecordingError(f"{path}: lines {numbers[0]}-{numbers[-1]} hold what is no number")


def _what_is_wrong(text: str, name: str) -> str:
    """Say what keeps a field from being a sample; empty when nothing does."""
    if not text:
        return "is empty"
    if not _is_number(text):
        return f"is {text[:40]!r}, not a number"
    value = float(text)
    if not math.isfinite(value):
        return f"is {text}, not a finite number"
    if name == COLUMNS[0]:
        return f"is {text}, which is no time in s" if abs(value) > _LATEST else ""
    return f"is {text}, which is no acceleration in g" if abs(value) > LARGEST_G else ""


def _shown(text: str) -> str:
    """Show the beginning of foreign text, safe for a terminal."""
    return "".join(char if char.isprintable() else "?" for char in text[:200])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def _set_right(path: Path, t: NDArray[np.float64], backs: list[_Back]) -> None:
    """Mend a clock that was set back, which a slow night bears; refuse any other step back.

    Hosts that log a sample now and then are set right by a time server in mid-night. Where only
    turns are looked for, a second more or less is nothing; at 100 Hz it would be a fault of the
    recorder that must not pass unseen.
    """
    steps = np.diff(t)
    usual_s = float(np.median(steps))
    hours = float(steps[steps > 0.0].sum()) / _HOUR_S
    slow = usual_s > 1.0 / _SLOWEST_HZ and hours >= 1.0
    if not slow or len(backs) > hours or min(back.step_s for back in backs) < -_SET_BACK_S:
        raise _back_in_time(path, backs[0])
    if any(back.step_s == 0.0 for back in backs):
        raise _back_in_time(path, next(back for back in backs if back.step_s == 0.0))
    for back in backs:
        t[back.row :] += usual_s - back.step_s


def _back_in_time(path: Path, back: _Back) -> RecordingError:
    how = f"runs back by {-back.step_s:g} s" if back.step_s else "stands still"
    return RecordingError(
        f"{path}:{back.line}: time {how}; t_s must grow from line to line, so sort the rows or"
        " delete the line"
    )
