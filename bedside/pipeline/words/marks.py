"""Marks for the drawing of a night, lane by lane."""

from collections.abc import Iterator
from itertools import groupby

from bedside.pipeline.bedtime import joined
from bedside.pipeline.comfort import band, held
from bedside.pipeline.night import Night, ScoredMovement, State
from bedside.pipeline.samples import Span
from bedside.pipeline.words.english import counted, duration, percent
from bedside.pipeline.words.lamp import settled
from bedside.pipeline.words.times import HOUR_S, Times
from bedside.pipeline.words.told import Mark

MARGIN_S = 300.0
"""Of the drawing before lights out and after the final rise."""
MOVEMENTS = {
    "jerk": "jerk",
    "limb_movement": "limb movement",
    "turn": "turn",
    "bed_exit": "left the bed",
    "bed_entry": "came to bed",
}
CAUSES = {
    "door": "a door",
    "steps": "steps",
    "lorry": "a lorry",
    "machine": "a machine",
    "glitch": "a glitch of the sensor",
    "partner": "somebody else in the bed",
    "other": "something that was not the sleeper",
}
STATES: dict[State, str] = {
    "asleep": "asleep",
    "awake": "awake in bed",
    "away": "out of bed",
    "unknown": "no data, so neither asleep nor awake",
}
SERIES = {
    "periodic": ("periodic series", "movement"),
    "rhythmic": ("rhythmic series", "burst"),
    "cluster": ("cluster", "jerk"),
}
BANDS = {"below": "cool", "inside": "comfortable", "above": "warm"}


def drawn(night: Night, clock_given: bool) -> Span:
    """Bounds of the drawing: all of an empty bed or a recording, else the time in bed.

    With a margin, as far as there are data: a record that begins as somebody lies down has no gap.
    """
    bounds = night.bounds
    if bounds is None or (not clock_given and night.recorded.clock_known):
        return night.window
    wide = Span(
        max(night.window.start_s, bounds.start_s - MARGIN_S),
        min(night.window.end_s, bounds.end_s + MARGIN_S),
    )
    heard = joined(night.heard, wide)
    return Span(
        min([bounds.start_s, *(span.start_s for span in heard)]),
        max([bounds.end_s, *(span.end_s for span in heard)]),
    )


def marks(night: Night, clock: Times, frame: Span) -> list[Mark]:
    """Everything to draw within the frame, lane by lane, in order of time within each."""
    found = [
        *_presence(night, clock, frame),
        *_sleep(night, clock),
        *_movements(night, clock, frame),
        *_series(night, clock),
        *_light(night, clock, frame),
        *_temperature(night, clock, frame),
        *(
            Mark("gap", *gap, "gap", f"No data {clock.span(gap)}")
            for gap in joined(night.gaps, frame)
        ),
        *(_seam(t_s, jump_s, clock) for t_s, jump_s in clock.seams(frame)),
    ]
    lanes = list(dict.fromkeys(mark.lane for mark in found))
    return sorted(found, key=lambda mark: (lanes.index(mark.lane), mark.start_s))


def _presence(night: Night, clock: Times, frame: Span) -> Iterator[Mark]:
    for span in joined(night.recorded.presence, frame):
        text = f"In bed {clock.span(span)} ({duration(span.length_s)})"
        yield Mark("presence", *span, "presence", text)


def _sleep(night: Night, clock: Times) -> Iterator[Mark]:
    if not night.sleep:
        return
    for state, word in STATES.items():
        for span in night.sleep.spans(state):
            text = f"{word[:1].upper()}{word[1:]} {clock.span(span)} ({duration(span.length_s)})"
            yield Mark("sleep", *span, state, text)


def _movements(night: Night, clock: Times, frame: Span) -> Iterator[Mark]:
    for scored in night.movements:
        movement = scored.movement
        if not frame.start_s <= movement.start_s <= frame.end_s:
            continue
        at, mg = clock.at(movement.start_s), f"{movement.peak_mg:.0f} mg"
        moment = movement.start_s, movement.end_s
        if movement.far or movement.kind == "disturbance":
            cause = "partner" if movement.far else movement.cause or "other"
            text = f"{at} not the sleeper: {CAUSES.get(cause, cause)}, {mg}"
            yield Mark("disturbance", *moment, cause, text, float(movement.peak_mg))
        else:
            kind = "hypnic" if scored.hypnic else movement.kind
            text = f"{at} {MOVEMENTS[movement.kind]}, {mg}{_state(scored)}"
            yield Mark(movement.kind, *moment, kind, text, float(movement.peak_mg))


def _state(scored: ScoredMovement) -> str:
    said = {True: ", asleep", False: ", awake", None: ""}[scored.asleep]
    if scored.movement.kind in ("bed_exit", "bed_entry"):
        said = ""
    if scored.hypnic:
        said = ", while falling asleep"
    return f"{said}, right after a noise or the light" if scored.reflex else said


def _series(night: Night, clock: Times) -> Iterator[Mark]:
    for series in night.series:
        name, one = SERIES[series.kind]
        span = Span(series.start_s, series.end_s)
        text = (
            f"{name[:1].upper()}{name[1:]} {clock.span(span)}: {counted(series.count, one)}, "
            f"one every {series.median_imi_s:.3g} s"
        )
        yield Mark("series", *span, series.kind, text, float(series.count))


def _light(night: Night, clock: Times, frame: Span) -> Iterator[Mark]:
    changes = settled(night.recorded.light)
    ends_s = [change.t_s for change in changes[1:]] + [night.window.end_s]
    for change, end_s in zip(changes, ends_s, strict=False):
        for span in joined([Span(change.t_s, end_s)], frame):
            if change.level > 0:
                because = f" ({change.cause})" if change.cause else ""
                text = f"Light at {percent(change.level)} {clock.span(span)}{because}"
                yield Mark("light", *span, change.cause or "light", text, change.level)


def _temperature(night: Night, clock: Times, frame: Span) -> Iterator[Mark]:
    room = night.room
    readings = [
        (band(reading.c, room), reading.c, cut)
        for reading, span in zip(
            night.recorded.temperatures, held(night.recorded.temperatures), strict=True
        )
        for cut in joined([span], frame)
    ]
    for where, run in groupby(readings, key=lambda reading: reading[0]):
        told = list(run)
        mean_c = sum(c for _, c, _ in told) / len(told)
        span = Span(told[0][2].start_s, told[-1][2].end_s)
        text = f"Room {mean_c:.1f} °C on average, {BANDS[where]}, {clock.span(span)}"
        yield Mark("temperature", *span, where, text, mean_c)


def _seam(t_s: float, jump_s: float, clock: Times) -> Mark:
    way = "forward" if jump_s > 0 else "back"
    by = "one hour" if abs(jump_s) == HOUR_S else duration(abs(jump_s))
    text = f"{clock.at(t_s)} the clocks went {way} by {by}"
    return Mark("seam", t_s, t_s, "seam", text, jump_s)
