"""How the night's movements are spread over the hours of the wall clock."""

from bedside.pipeline.bedtime import overlap_s
from bedside.pipeline.night import Night
from bedside.pipeline.samples import Span
from bedside.pipeline.words.times import Times
from bedside.pipeline.words.told import Hour


def by_hour(night: Night, clock: Times) -> list[Hour]:
    """Return the hours from lights out to the final rise; none when the bed was empty."""
    if night.bounds is None:
        return []
    return [_hour(night, label, span) for label, span in clock.hours(night.bounds)]


def _hour(night: Night, label: str, span: Span) -> Hour:
    inside = [
        m.movement for m in night.movements if span.start_s <= m.movement.start_s < span.end_s
    ]
    kinds = [m.kind for m in inside if not m.far]
    return Hour(
        label,
        span.start_s,
        span.end_s,
        heard_s=overlap_s(night.heard, span),
        asleep_s=night.slept.seconds("asleep", span) if night.slept else 0.0,
        jerks=kinds.count("jerk"),
        limb_movements=kinds.count("limb_movement"),
        turns=kinds.count("turn"),
        disturbances=kinds.count("disturbance") + len(inside) - len(kinds),
    )
