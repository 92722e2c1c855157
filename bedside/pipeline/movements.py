"""Movements: what the mattress did, named."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from bedside.pipeline.bursts import Burst
from bedside.pipeline.origin import is_rumble
from bedside.pipeline.trace import Trace

Kind = Literal["jerk", "limb_movement", "turn", "bed_exit", "bed_entry", "disturbance"]

LIMB_S = (0.5, 10.0)
"""Length of a candidate limb movement (WASM 2016, AASM)."""

EDGES_S = 0.05
"""The hops in which a push begins and ends are seldom loud enough to be counted."""

TURN_TILT_MG = 7.0
"""A lasting change of tilt from which it was a turn: half a degree; measured ones are 10 and
more, breathing within the windows makes 3 at most."""

TILT_S = 8.0
"""Averaged before and after for the tilt: one slow breath."""


LEAST_TILT_S = 2.0
"""Over less than half a breath, breathing looks like a tilt."""

STEPS_S = (0.3, 0.9)
"""From one step to the next, with room for one that was caught late."""

LEAST_STEPS = 4

LONG_S = 2.5
"""A door is over by then."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One event, from its onset to its offset.

    start_s, end_s  s, on the stream's time axis
    kind            the sleeper's own, or `disturbance`
    peak_mg         largest |acceleration|, 1-20 Hz, mg
    peak_jerk_g_s   largest |time derivative| of that, g/s
    tilt_mg         lasting change of the gravity vector, mg
    far             attenuated, as a partner's movement is
    cause           of a disturbance: door, steps, lorry, machine, glitch, partner; else empty
    """

    start_s: float
    end_s: float
    kind: Kind
    peak_mg: float
    peak_jerk_g_s: float
    tilt_mg: float
    far: bool = False
    cause: str = ""


def tilt_mg(trace: Trace, burst: Burst, still_from: int, still_to: int) -> float:
    """Return the lasting change of the gravity vector, mg; 0 where it cannot be seen.

    Parameters
    ----------
    still_from, still_to : hops between which nothing else moved the sensor.
    """
    span, gap, least = (round(s / trace.hop_s) for s in (TILT_S, 0.3, LEAST_TILT_S))
    first, last = burst.complex_first - gap, burst.complex_last + gap
    before = trace.level_mg(max(still_from, first - span), first)
    after = trace.level_mg(last, min(still_to, last + span))
    if min(len(before), len(after)) < least:
        return 0.0
    return float(np.linalg.norm(after.mean(axis=0) - before.mean(axis=0)))


def paced(trace: Trace, one: Burst, other: Burst) -> bool:
    """Whether two bursts follow each other as steps do."""
    shortest_s, longest_s = STEPS_S
    return shortest_s <= (other.first - one.first) * trace.hop_s <= longest_s


def house_cause(trace: Trace, burst: Burst) -> str:
    """Return what in the house made a single burst."""
    if burst.endless:
        return "machine"
    if (burst.last - burst.first) * trace.hop_s < LONG_S:
        return "door"
    return "lorry" if is_rumble(trace, burst) else "steps"


def own_kind(length_s: float, tilt: float) -> Kind:
    """Return the name of a movement of somebody who stays in bed."""
    length_s += EDGES_S
    if tilt >= TURN_TILT_MG and length_s >= LIMB_S[0]:
        return "turn"
    if length_s < LIMB_S[0]:
        return "jerk"
    return "limb_movement" if length_s <= LIMB_S[1] else "turn"


def measured(
    trace: Trace, first: int, last: int, kind: Kind, tilt: float = 0.0, cause: str = ""
) -> Movement:
    """Return the movement between two hops, measured."""
    return Movement(
        start_s=trace.t(first) - trace.hop_s,
        end_s=trace.t(last - 1),
        kind=kind,
        peak_mg=float(trace.peak_mg(first, last).max()),
        peak_jerk_g_s=float(trace.jerk_g_s(first, last).max()),
        tilt_mg=tilt,
        far=cause == "partner",
        cause=cause,
    )
