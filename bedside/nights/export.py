"""A night as files: its movements as a table, its raw samples as a recording."""

import csv
import gzip
import io
import math
import shutil
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import IO

import numpy as np

from bedside.errors import RecordingError
from bedside.nights.events import Event
from bedside.pipeline.night import Night
from bedside.pipeline.samples import Block, Span
from bedside.pipeline.words import why
from bedside.pipeline.words.english import counted
from bedside.pipeline.words.marks import SERIES
from bedside.recordings.edf_stream import EdfStream, write_notes
from bedside.recordings.tables import COLUMNS
from bedside.store import Archive

MARGIN_S = 300.0
"""Of the raw samples before lights out and after the final rise."""
_TABLE = (
    *("t_s", "utc", "length_s", "kind", "peak_mg", "peak_jerk_g_s", "tilt_mg"),
    *("far", "cause", "asleep", "hypnic", "reflex", "marked"),
)
_ROWS = 1500
"""Written in one step: some ten milliseconds."""
_BYTES_A_ROW = 20
_SCALES_G = (2.0, 4.0, 8.0, 16.0)
_MEGABYTE = 1_000_000


def events_csv(night: Night, events: Sequence[Event]) -> str:
    """Write the movements as heard, with what was said of them; `t_s` counts as in the raw file."""
    out, zero_s = io.StringIO(), whole(night).start_s
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_TABLE)
    for event in events:
        m, scored = event.heard, event.scored
        times = f"{m.start_s - zero_s:.2f}", _utc(m.start_s), f"{m.end_s - m.start_s:.2f}"
        figures = f"{m.peak_mg:.2f}", f"{m.peak_jerk_g_s:.3f}", f"{m.tilt_mg:.2f}"
        asleep = "" if scored.asleep is None else int(scored.asleep)
        state = asleep, int(scored.hypnic), int(scored.reflex), event.verdict or ""
        writer.writerow([*times, m.kind, *figures, int(m.far), m.cause, *state])
    return out.getvalue()


def events_json(events: Sequence[Event]) -> list[dict[str, object]]:
    """Give the same in plain types; times are Unix seconds."""
    return [
        {
            "id": event.key,
            "start_s": event.heard.start_s,
            "end_s": event.heard.end_s,
            "kind": event.heard.kind,
            "peak_mg": event.heard.peak_mg,
            "peak_jerk_g_s": event.heard.peak_jerk_g_s,
            "tilt_mg": event.heard.tilt_mg,
            "far": event.heard.far,
            "cause": event.heard.cause,
            "asleep": event.scored.asleep,
            "hypnic": event.scored.hypnic,
            "reflex": event.scored.reflex,
            "marked": event.verdict,
        }
        for event in events
    ]


def whole(night: Night) -> Span:
    """Bounds of what is worth a file: the time in bed with a margin; all of an empty bed."""
    if night.bounds is None:
        return night.window
    return Span(
        max(night.window.start_s, night.bounds.start_s - MARGIN_S),
        min(night.window.end_s, night.bounds.end_s + MARGIN_S),
    )


Written = Generator[float, None, IO[bytes]]
"""Yields how much is done, 0-1; returns a file without a name, at its start: gone when closed."""


def raw_csv(store: Archive, night: Night) -> Written:
    """Write raw samples as gzipped CSV, which `bedside score` reads.

    Raises
    ------
    RecordingError : no samples are kept, or the disk has no room for them.
    """
    span = whole(night)
    with _fresh(store, span) as file:
        with gzip.GzipFile("", "wb", 5, file, mtime=0) as packed:
            packed.write((",".join(COLUMNS) + "\n").encode())
            for block in store.raw(*span):
                for part in _parts(block):
                    packed.write(_rows(part, span.start_s))
                    yield (float(part.t[0]) - span.start_s) / span.length_s
        file.seek(0)
    return file


def raw_edf(
    store: Archive,
    night: Night,
    events: Sequence[Event],
    zone: tzinfo,
    folder: Path | None = None,
) -> Written:
    """Write raw samples as EDF+, movements and series as its annotations; raises as `raw_csv`.

    The file lies beside the database unless in another `folder`.
    """
    span = whole(night)
    with _fresh(store, span, folder) as file:
        most_g, periods, heard_s, zero_s = 0.0, 0, 0.0, span.end_s
        for block in store.raw(*span):
            most_g = max(most_g, float(np.abs(block.accel).max()))
            zero_s = min(zero_s, float(block.t[0]))
            periods, heard_s = periods + len(block.t) - 1, heard_s + float(np.ptp(block.t))
            yield 0.5 * (float(block.t[0]) - span.start_s) / span.length_s
        if heard_s <= 0.0:
            raise RecordingError("the raw samples of this night are damaged")
        start = datetime.fromtimestamp(zero_s, zone)
        scale_g = next((scale for scale in _SCALES_G if most_g <= scale), _SCALES_G[-1])
        stream = EdfStream(file, periods / heard_s, scale_g, start)
        for note in _notes(night, events, Span(zero_s, span.end_s)):
            stream.annotate(*note)
        for block in store.raw(*span):
            stream.add(float(block.t[0]) - zero_s, block.accel, gap=block.gap)
            yield 0.5 + 0.5 * (float(block.t[0]) - span.start_s) / span.length_s
        stream.close()
    return file


def notes_edf(file: IO[bytes], night: Night, events: Sequence[Event], zone: tzinfo) -> None:
    """Write EDF+ of movements and series alone, where no raw samples are kept."""
    span = whole(night)
    start_s = math.floor(span.start_s)  # the head tells it in whole seconds
    write_notes(
        file,
        datetime.fromtimestamp(start_s, zone),
        _notes(night, events, Span(start_s, span.end_s)),
    )


def _notes(night: Night, events: Sequence[Event], span: Span) -> list[tuple[float, float, str]]:
    """Name each movement and series that begins in a span: s from its start, s, text."""
    found = []
    for event in events:
        heard, marked = event.heard, f", marked {event.verdict}" if event.verdict else ""
        found.append((heard.start_s, heard.end_s, f"{why.name(heard)}{marked}"))
    for series in night.series:
        name, one = SERIES[series.kind]
        text = f"{name}, {counted(series.count, one)}"
        found.append((series.start_s, series.end_s, text))
    return [
        (start_s - span.start_s, end_s - start_s, text)
        for start_s, end_s, text in sorted(found)
        if span.start_s <= start_s < span.end_s
    ]


@contextmanager
def _fresh(store: Archive, span: Span, folder: Path | None = None) -> Iterator[IO[bytes]]:
    """Lend a new file, where there is room for what is to be written."""
    folder = folder or store.path.parent
    samples = sum(key.n for key in store.raw_keys(*span))
    if not samples:
        raise RecordingError("no raw samples of this night are kept")
    _check_room(store, samples, folder)
    with ExitStack() as opened:
        file: IO[bytes] = opened.enter_context(tempfile.TemporaryFile(dir=folder))
        try:
            yield file
        except OSError as error:
            what = error.strerror or error
            raise RecordingError(f"the file cannot be written: {what}") from error
        opened.pop_all()


def _check_room(store: Archive, samples: int, folder: Path) -> None:
    needed = samples * _BYTES_A_ROW + store.settings.min_free_mb * _MEGABYTE
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise RecordingError(
            f"the disk has {free // _MEGABYTE} MB free, and the file may need "
            f"{needed // _MEGABYTE} MB with what is kept free for the recording"
        )


def _parts(block: Block) -> "list[Block]":
    return [
        Block(block.t[at : at + _ROWS], block.accel[at : at + _ROWS])
        for at in range(0, len(block.t), _ROWS)
    ]


def _rows(block: Block, zero_s: float) -> bytes:
    out = io.StringIO()
    rows = np.column_stack((block.t - zero_s, block.accel))
    np.savetxt(out, rows, ["%.4f", "%.6f", "%.6f", "%.6f"], ",")
    return out.getvalue().encode()


def _utc(t_s: float) -> str:
    return datetime.fromtimestamp(t_s, UTC).isoformat(timespec="milliseconds")
