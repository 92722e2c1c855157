"""The morning report: a night put into plain words, numbers, and marks for a drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bedside.pipeline.night import Night, ScoredMovement
from bedside.pipeline.words import notes
from bedside.pipeline.words.figures import figures, kind_lines, last_nights
from bedside.pipeline.words.hours import by_hour
from bedside.pipeline.words.marks import drawn, marks
from bedside.pipeline.words.meaning import meaning
from bedside.pipeline.words.method import DISCLAIMER, LIMITS, method
from bedside.pipeline.words.opening import opening, warnings
from bedside.pipeline.words.printed import as_text
from bedside.pipeline.words.times import Times
from bedside.pipeline.words.told import Figure, Hour, KindLine, Lane, Mark, Report

__all__ = [
    "Figure",
    "Hour",
    "KindLine",
    "Lane",
    "Mark",
    "Report",
    "as_json",
    "as_text",
    "score_json",
    "tell",
]


def tell(
    night: Night,
    earlier: Sequence[Night] = (),
    offsets: Sequence[tuple[float, float]] = (),
    date: str = "",
) -> Report:
    """Put a night into words.

    Parameters
    ----------
    earlier : other nights, in any order; the last seven before this one give the ranges.
    offsets : (t_s, UTC offset s) in order; without any, or where the clock was not known, times
        count from the beginning.
    date : of the evening, `2026-11-21`.
    """
    given = tuple(offsets) if night.recorded.clock_known else ()
    frame = drawn(night, bool(given))
    clock = Times(given, frame.start_s)
    last = last_nights(night, earlier)
    return Report(
        date=date,
        opening=opening(night),
        warnings=tuple(warnings(night, clock)),
        figures=tuple(figures(night, last)),
        kinds=tuple(kind_lines(night, last)),
        hours=tuple(by_hour(night, clock)),
        stretches=tuple(notes.stretches(night, clock)),
        away=tuple(notes.away(night, clock)),
        naps=tuple(notes.naps(night, clock)),
        comfort=tuple(notes.comfort(night)),
        light=tuple(notes.light(night, clock)),
        noises=tuple(notes.noises(night)),
        marked=tuple(notes.marked(night)),
        meaning=tuple(meaning(night, last)),
        marks=tuple(marks(night, clock, frame)),
        start_s=frame.start_s,
        end_s=frame.end_s,
        offsets=given,
        coverage=night.coverage,
        ongoing=night.ongoing,
        clock_known=night.recorded.clock_known,
        asleep=night.slept is not None,
        method=tuple(method(night)),
        limits=LIMITS,
        disclaimer=DISCLAIMER,
    )


def as_json(report: Report) -> dict[str, Any]:
    """Return the report in plain types, as the web API and `bedside report --json` give it."""
    plain: dict[str, Any] = _plain(asdict(report))
    return plain


def score_json(recording: str, odr_hz: float, night: Night) -> dict[str, Any]:
    """Return what `bedside score --json` prints; times are s from the first sample.

    Parameters
    ----------
    recording : its name.
    odr_hz : its rate, Hz.
    night : scored over the whole of it.
    """
    recorded = night.recorded
    return {
        "recording": recording,
        "odr_hz": odr_hz,
        "duration_s": recorded.end_s - recorded.start_s,
        "coverage": night.coverage,
        "movements": [_movement(scored, recorded.start_s) for scored in night.movements],
        "series": [_shifted(asdict(each), recorded.start_s) for each in night.series],
        "presence": [
            _shifted({"start_s": span.start_s, "end_s": span.end_s}, recorded.start_s)
            for span in recorded.presence
        ],
        "sleep": {
            "sol_s": night.sol_s,
            "tst_s": night.tst_s,
            "waso_s": night.waso_s,
            "se": night.se,
            "onset_s": None if night.onset_s is None else night.onset_s - recorded.start_s,
        },
        "indices": _indices(night),
    }


def _indices(night: Night) -> dict[str, Any]:
    plain: dict[str, Any] = _plain(asdict(night.indices))
    for name in ("asleep_per_hour", "awake_per_hour"):
        plain[name] = {kind: getattr(count, name) for kind, count in night.counts.items()}
    plain["hypnic"] = night.counts["jerk"].hypnic
    return plain


def _movement(scored: ScoredMovement, zero_s: float) -> dict[str, Any]:
    movement = scored.movement
    return {
        "start_s": float(movement.start_s - zero_s),
        "end_s": float(movement.end_s - zero_s),
        "kind": movement.kind,
        "peak_mg": float(movement.peak_mg),
        "peak_jerk_g_s": float(movement.peak_jerk_g_s),
        "tilt_mg": float(movement.tilt_mg),
        "hypnic": scored.hypnic,
        "reflex": scored.reflex,
        "asleep": scored.asleep,
        "far": bool(movement.far),
        "cause": movement.cause,
    }


def _shifted(plain: Mapping[str, Any], zero_s: float) -> dict[str, Any]:
    """Let the times of a plain object count from `zero_s`."""
    times = ("start_s", "end_s")
    return {key: value - zero_s if key in times else value for key, value in plain.items()}


def _plain(value: Any) -> Any:
    """Turn tuples into lists, all the way down."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
