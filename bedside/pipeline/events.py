"""Movements from a plain list of events, as a file holds them, looked at closely."""

import math
from typing import Any, get_args

from bedside.errors import RecordingError
from bedside.pipeline.movements import Kind, Movement


def movements_from_events(events: Any) -> list[Movement]:
    """Read `[{"start_s", "end_s", "kind"}, ...]`; further keys are passed over.

    Raises
    ------
    RecordingError : with the first event that cannot be used, its index from 0 and its key.
    """
    if not isinstance(events, list):
        raise RecordingError(
            f"Events must be a list of objects with start_s, end_s and kind, not {_named(events)}."
        )
    return [_movement(index, event) for index, event in enumerate(events)]


def _movement(index: int, event: Any) -> Movement:
    if not isinstance(event, dict):
        raise RecordingError(f"Event {index} must be an object, not {_named(event)}.")
    for key in ("start_s", "end_s", "kind"):
        if key not in event:
            raise RecordingError(f"Event {index} has no {key}.")
    start_s, end_s = _seconds(index, event, "start_s"), _seconds(index, event, "end_s")
    if end_s < start_s:
        raise RecordingError(f"Event {index}: end_s ({end_s:g}) is before start_s ({start_s:g}).")
    kind = event["kind"]
    if kind not in get_args(Kind):
        known = ", ".join(get_args(Kind))
        raise RecordingError(f"Event {index}: kind must be one of {known}, not {_shown(kind)}.")
    return Movement(start_s, end_s, kind, peak_mg=0.0, peak_jerk_g_s=0.0, tilt_mg=0.0)


def _seconds(index: int, event: dict[str, Any], key: str) -> float:
    value = event[key]
    try:
        # To Python true is the number 1; to whoever wrote the file it was a mistake.
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        if fits and math.isfinite(value):
            return float(value)
    except OverflowError:
        pass
    raise RecordingError(f"Event {index}: {key} must be a number of seconds, not {_shown(value)}.")


def _shown(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, list | dict):
        return _named(value)
    if isinstance(value, int) and abs(value) > 10**20:
        return "a number beyond any clock"
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _named(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", type(None): "null", bool: "true/false"}
    return names.get(type(value), "a number")
