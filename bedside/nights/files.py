"""Nights carried away as files: CSV for tables, EDF+ for programs that show signals."""

import csv
import io
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO

from bedside.errors import BedsideError, RecordingError
from bedside.nights.events import events_of
from bedside.nights.export import Written, events_csv, notes_edf, raw_edf, whole
from bedside.nights.nights import Nights
from bedside.nights.summary import KINDS, Summary, summarise
from bedside.store import Archive

TABLE = "bedside-nights.csv"
_SERIES = ("periodic", "rhythmic", "cluster")
_PLAIN = ("tib_s", "tst_s", "sol_s", "se", "waso_s", "awakenings", "hypnic", "periodic_index")
_ROOM = ("temperature_c", "breaths_per_min", "coverage")


def evenings(nights: Nights, first: str | None, last: str | None) -> list[date]:
    """Give the nights on record from one evening to another, both included.

    Raises
    ------
    BedsideError : one of them is no date, or there is no night between them.
    """
    from_day, to_day = _day(first), _day(last)
    found = [
        day
        for day in nights.dates()
        if (from_day is None or day >= from_day) and (to_day is None or day <= to_day)
    ]
    if not found:
        since, until = first or "the first", last or "the newest"
        raise BedsideError(
            f"no night from {since} to {until} is on record; `bedside nights` lists them"
        )
    return found


def named(nights: Nights, text: str) -> date:
    """Give the night of an evening; raises as `Nights.night`."""
    nights.night(text)
    return date.fromisoformat(text)


def write_night(nights: Nights, store: Archive, evening: date, target: Path, kind: str) -> str:
    """Write one night, whole or not at all; say what is in the file.

    Raises
    ------
    BedsideError : there is no such night.
    RecordingError : the file cannot be written.
    """
    night, events = nights.night(evening), events_of(nights, store, evening)
    if kind == "csv":
        with _written(target) as file:
            file.write(events_csv(night, events).encode())
        return f"{len(events)} movements"
    if not store.keeps_raw(*whole(night)):
        with _written(target) as file:
            notes_edf(file, night, events, nights.zone)
        return f"{len(events)} movements; its raw samples are not kept"
    with (
        _written(target) as file,
        _made(raw_edf(store, night, events, nights.zone, target.parent)) as made,
    ):
        shutil.copyfileobj(made, file)
    return f"the raw samples and {len(events)} movements"


def write_table(nights: Nights, days: Sequence[date], target: Path) -> None:
    """Write one line of figures for each night; nothing stands where nothing could be told."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    series = tuple(f"{kind}_series" for kind in _SERIES)
    counts = tuple(f"{kind}_{state}" for kind in KINDS for state in ("asleep", "awake"))
    rest = (*_ROOM, "clock_known", "ongoing")
    writer.writerow(("evening", "lights_out", "final_rise", *_PLAIN, *counts, *series, *rest))
    for day in days:
        writer.writerow(_row(summarise(nights.night(day), day), nights))
    with _written(target) as file:
        file.write(out.getvalue().encode())


def _row(summary: Summary, nights: Nights) -> list[object]:
    times = (summary.start_s, summary.end_s)
    return [
        summary.evening.isoformat(),
        *("" if t_s is None else _local(t_s, nights) for t_s in times),
        *(_figure(getattr(summary, name)) for name in _PLAIN),
        *(count[kind] for kind in KINDS for count in (summary.asleep, summary.awake)),
        *(summary.series.get(kind, 0) for kind in _SERIES),
        *(_figure(getattr(summary, name)) for name in _ROOM),
        *(int(summary.clock_known), int(summary.ongoing)),
    ]


def _figure(value: float | None) -> object:
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return "" if value is None else value


def _local(t_s: float, nights: Nights) -> str:
    return datetime.fromtimestamp(t_s, nights.zone).isoformat(timespec="seconds")


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise BedsideError(
            f"{text!r} is no date; a night is named by the date of its evening, as in 2026-11-21"
        ) from None


def _made(writing: Written) -> IO[bytes]:
    """Have a file written to its end."""
    while True:
        try:
            next(writing)
        except StopIteration as over:
            file: IO[bytes] = over.value
            return file


@contextmanager
def _written(target: Path) -> Iterator[IO[bytes]]:
    """Lend a file that takes the place of `target` once it is whole."""
    try:
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=".bedside-", delete=False
        ) as file:
            scratch = Path(file.name)
            try:
                yield file
                file.flush()
                scratch.chmod(0o644)
                scratch.replace(target)
            finally:
                scratch.unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or error
        raise RecordingError(f"{target} cannot be written: {why}") from error
