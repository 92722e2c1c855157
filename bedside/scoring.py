"""Nights scored by the settings in force: those on record, and those in a file."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import attrs

from bedside.clock import Clock
from bedside.config import Config
from bedside.errors import RecordingError
from bedside.nights import Nights
from bedside.pipeline import report
from bedside.pipeline.listener import Heard, Listener
from bedside.pipeline.night import Night
from bedside.pipeline.night import score as score_night
from bedside.pipeline.recorded import Recorded, Temperature
from bedside.pipeline.samples import Span
from bedside.pipeline.series import Series, series_from_events
from bedside.pipeline.spans import presence_spans
from bedside.recordings import Recording, blocks, read
from bedside.store import Archive


@dataclass(frozen=True, slots=True)
class Scored:
    """A recording and the night it makes; times are s from its first sample."""

    recording: Recording
    night: Night

    def as_json(self) -> dict[str, Any]:
        """Return what `bedside score --json` prints."""
        return report.score_json(self.recording.name, self.recording.odr_hz, self.night)

    def as_text(self) -> str:
        """Return the report for a terminal."""
        return report.as_text(report.tell(self.night))


def score(path: Path, odr_hz: float | None, config: Config) -> Scored:
    """Score the recording in `path`.

    Raises
    ------
    RecordingError : it cannot be scored; the sentence says why.
    """
    recording = read(path, odr_hz)
    heard, cautions = listen(recording, config)
    whole, covered = Span(0.0, recording.duration_s), _covered(recording)
    recorded = Recorded(
        start_s=whole.start_s,
        end_s=whole.end_s,
        movements=tuple(heard.movements),
        presence=presence_spans(heard.presence, heard.minutes, covered, whole),
        heard=covered,
        minutes=tuple(heard.minutes),
        temperatures=_room(recording),
        odr_hz=recording.odr_hz,
        cautions=(*recording.notes, *cautions),
    )
    night = score_night(recorded, config.night, config.sleep, config.series, config.comfort)
    return Scored(recording, night)


def listen(recording: Recording, config: Config) -> tuple[Heard, tuple[str, ...]]:
    """Play a recording to the listener; return what it heard, and its cautions."""
    listener = Listener(recording.odr_hz, config.detector, config.presence)
    all_heard = Heard()
    for heard in (*map(listener.update, blocks(recording)), listener.flush()):
        all_heard.movements += heard.movements
        all_heard.presence += heard.presence
        all_heard.minutes += heard.minutes
    return all_heard, listener.cautions


def _room(recording: Recording) -> tuple[Temperature, ...]:
    if recording.room is None:
        return ()
    return tuple(Temperature(float(t_s), float(c)) for t_s, c in recording.room)


def _covered(recording: Recording) -> tuple[Span, ...]:
    """Spans that hold samples."""
    starts = [0.0, *(gap.end_s for gap in recording.gaps)]
    ends = [*(gap.start_s for gap in recording.gaps), recording.duration_s]
    return tuple(map(Span, starts, ends))


def nights_of(archive: Archive, clock: Clock, config: Config) -> Nights:
    """Return the nights of a record, scored by these settings."""
    return Nights(
        archive, clock, config.clock, config.night, config.sleep, config.series, config.comfort
    )


def series(path: Path, rule: str | None) -> list[Series]:
    """Find the series in a JSON list of events; `rule` None keeps the default.

    Raises
    ------
    RecordingError : the file or an event in it cannot be used; the sentence says which.
    """
    settings = Config().series
    if rule is not None:
        settings = attrs.evolve(settings, rule=rule)
    try:
        events = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RecordingError(f"{path}: is not UTF-8 text, as JSON must be") from error
    except json.JSONDecodeError as error:
        raise RecordingError(f"{path}:{error.lineno}: is not JSON: {error.msg}") from error
    try:
        return series_from_events(events, settings)
    except RecordingError as error:
        raise RecordingError(f"{path}: {error}") from error


def series_json(found: Iterable[Series]) -> dict[str, Any]:
    """Return what `bedside series --json` prints."""
    return {"series": [asdict(each) for each in found]}


def series_text(found: Iterable[Series]) -> str:
    """Return the series for a terminal, one a line."""
    lines = [
        f"{each.kind:<9}  {each.count:4d} movements  {each.start_s:10.1f} s to {each.end_s:10.1f} s"
        f"  median interval {each.median_imi_s:.1f} s"
        for each in found
    ]
    return "\n".join(lines) or "No series."
