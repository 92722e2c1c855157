"""Whether the sensor lies well: does it answer, how does it lie, does it feel taps and breath."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bedside.live.breath import UNIT, Breath, breathing, still_s
from bedside.live.ring import MG, SLOT_S, Slot

FRESH_S = 3.0
"""Older samples are no answer."""

SECOND = round(1.0 / SLOT_S)
HANDLED_MG = 120.0
"""Pointing elsewhere by so much within a second: somebody has the sensor in hand."""

UPRIGHT = 0.9
"""Share of gravity on an axis from which the sensor lies along it: within 25 degrees."""

TAP, TAP_MG = 3.0, 3.0
"""A tap stands out of the quiet by this factor, and by so much."""

NEW_TAP = 2.5
"""The next tap stands out of the ringing of the last by this factor."""

LONGEST = 7
"""Slots for which a tap may ring: 1.4 s."""

ENOUGH_TAPS = 3
ENOUGH_STILL_S = 22.0
"""From here on `breathing` has something to say."""

TINY_MG = 1e-6

Way = Literal["", "flat", "upside down", "on its side", "askew"]
Step = Literal["sensor", "lies", "tap", "still", "leave"]
STEPS: tuple[Step, ...] = ("sensor", "lies", "tap", "still", "leave")


class Lie(NamedTuple):
    """How the sensor lies.

    way       empty while somebody has it in hand
    g         what it feels of gravity, g; 1 if it is well
    slid_deg  by how much it has turned since it was let go of
    """

    way: Way
    g: float
    slid_deg: float


UNTOLD = Breath(None)


@dataclass(frozen=True, slots=True)
class Placing:
    """What the guide knows.

    step      what is to be done now
    swing_mg, quiet_mg  how it swings now, and in between
    lie       how the sensor lies; None while it is silent
    taps      how strong each of the last ones was, times the quiet
    still_s   how long it has been still
    breath    how well breathing is felt
    bus_errors, gaps  counted in the last two minutes
    """

    step: Step
    swing_mg: float = 0.0
    quiet_mg: float = 0.0
    lie: Lie | None = None
    taps: tuple[float, ...] = ()
    still_s: float = 0.0
    breath: Breath = UNTOLD
    bus_errors: int = 0
    gaps: int = 0


def judge(slots: Sequence[Slot], now_s: float) -> Placing:
    """Judge the last two minutes, oldest first, at `now_s`."""
    if not slots or now_s - slots[-1].t_s > FRESH_S:
        return Placing("sensor")
    settled = slots[_settled_from(slots) :]
    quiet_mg, still = quiet(slots), still_s(slots)
    lie, taps, breath = how_it_lies(settled), find_taps(settled, quiet_mg), breathing(slots, still)
    step: Step = "tap"
    if breath.grade == "good":
        step = "leave"  # whoever is felt to breathe need not tap any more
    elif breath.grade == "weak" or len(taps) >= ENOUGH_TAPS:
        step = "still"
    elif not lie.way:
        step = "lies"
    return Placing(
        step,
        max(slot.swing_mg for slot in slots[-3:]),
        quiet_mg,
        lie,
        taps,
        still,
        breath,
        slots[-1].bus_errors - slots[0].bus_errors,
        sum(slot.gap for slot in slots[1:]),
    )


def quiet(slots: Sequence[Slot]) -> float:
    """Return the usual peak of two seconds in which nothing but a heart moves, mg."""
    peaks = sorted(
        max(slot.swing_mg for slot in slots[first : first + UNIT])
        for first in range(0, max(1, len(slots) - UNIT + 1), UNIT)
    )
    return peaks[len(peaks) // 4]


def how_it_lies(settled: Sequence[Slot]) -> Lie:
    """Say how the sensor lies since it was let go of; `settled` may be empty."""
    if len(settled) < 2 * SECOND:
        return Lie("", 1.0, 0.0)
    now, then = _mean(settled[-SECOND:]), _mean(settled[:SECOND])
    long = math.hypot(*now)
    share = [part / long if long else 0.0 for part in now]
    way: Way = "askew"
    if abs(share[2]) >= UPRIGHT:
        way = "flat" if share[2] > 0.0 else "upside down"
    elif max(map(abs, share)) >= UPRIGHT:
        way = "on its side"
    return Lie(way, long / MG, _degrees_between(now, then))


def find_taps(settled: Sequence[Slot], quiet_mg: float) -> tuple[float, ...]:
    """Return how strong each tap was, times the quiet; what lasts longer was a movement."""
    least_mg = max(TAP * quiet_mg, quiet_mg + TAP_MG)
    found: list[_Tap] = []
    tap: _Tap | None = None
    for slot in settled:
        if slot.swing_mg < least_mg or slot.gap:
            tap = None
        elif tap is None or slot.swing_mg > NEW_TAP * tap.trough_mg:
            tap = _Tap(slot.swing_mg)
            found.append(tap)
        else:
            tap.go_on(slot.swing_mg)
    return tuple(tap.peak_mg / max(quiet_mg, TINY_MG) for tap in found if tap.slots <= LONGEST)


@dataclass(slots=True)
class _Tap:
    """A tap and its ringing, slot by slot."""

    peak_mg: float
    trough_mg: float = math.inf
    slots: int = 1

    def go_on(self, swing_mg: float) -> None:
        """Take the next slot: the tap still grows, or rings."""
        self.slots += 1
        if swing_mg > self.peak_mg:
            self.peak_mg, self.trough_mg = swing_mg, math.inf
        else:
            self.trough_mg = min(self.trough_mg, swing_mg)


def _settled_from(slots: Sequence[Slot]) -> int:
    """Return the first slot from which on nobody has moved the sensor itself."""
    later = _mean(slots[-SECOND:])
    for last in range(len(slots) - SECOND, 0, -SECOND):
        now = _mean(slots[max(0, last - SECOND) : last])
        if math.dist(now, later) > HANDLED_MG:
            return last + SECOND
        later = now
    return 0


def _mean(slots: Sequence[Slot]) -> tuple[float, ...]:
    """Return where the sensor pointed on average, mg."""
    axes = zip(*(slot[2:5] for slot in slots), strict=True)
    return tuple(sum(axis) / len(slots) for axis in axes)


def _degrees_between(one: Sequence[float], other: Sequence[float]) -> float:
    product = math.hypot(*one) * math.hypot(*other)
    if not product:
        return 0.0
    cosine = sum(a * b for a, b in zip(one, other, strict=True)) / product
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
