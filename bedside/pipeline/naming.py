"""Bursts to movements: each waits until it is known what came of it, then gets its name."""

import math
from collections import deque
from dataclasses import replace
from typing import Literal

import numpy as np

from bedside.pipeline.beside import Beside
from bedside.pipeline.bursts import Burst
from bedside.pipeline.features import BODY
from bedside.pipeline.movements import (
    LEAST_STEPS,
    TURN_TILT_MG,
    Kind,
    Movement,
    house_cause,
    measured,
    own_kind,
    paced,
    tilt_mg,
)
from bedside.pipeline.origin import Quiet, Sound, is_lorry, quiet_of, sound_of
from bedside.pipeline.presence import LOOK_S, SETTLED_S, Presence, look
from bedside.pipeline.trace import Trace

WAIT_S = 26.0
"""From the end of a burst to its name: whether the bed is empty now takes that long to see."""

FIRST_S, WATCH_S = 15.0, 60.0
"""From one look at who is in bed to the next: until it is known, and afterwards."""

LEAST_LOOK_S, LEAST_LOOK_HOPS = 12.0, 10

STIR, STIR_SHARE = 30.0, 0.05
"""What else may have moved the sensor: so many times the power of the loudest quiet hops, and
this share of the amplitude of the burst at hand."""

REST_S = 0.5
"""Motion begins before it is loud, and ends later."""

SETTLING_S = 0.5
"""What is over so soon after a stream begins was no movement but the filters' settling."""

GROSS_S, GROSS_MG, GROSS_RATIO = 1.5, 40.0, 12.0
"""Nobody comes or goes in less time, with less than this, or with less than this many times the
usual amplitude: getting in or out moves a slat by 300 mg and more."""

BACK_S = 240.0
"""A change noticed late began with the last gross burst, if that was not longer ago."""


class Namer:
    """Names bursts, and tells who comes and goes.

    All is done at hops of its own choosing, whatever pieces the stream comes in.

    Parameters
    ----------
    trace : what was heard.
    presence : who is in bed.
    before : of the stream before a gap; what it learnt still holds.
    """

    def __init__(self, trace: Trace, presence: Presence, before: "Namer | None" = None) -> None:
        self._trace, self._presence = trace, presence
        self.quiet: Quiet | None = before.quiet if before else None
        self._beside: Beside = before._beside if before else Beside()
        self._wait, self._every, self._soon = (
            round(s / trace.hop_s) for s in (WAIT_S, WATCH_S, FIRST_S)
        )
        self._next_watch = trace.end + self._soon
        self._watched, self._begin = False, trace.end
        self._pending: deque[Burst] = deque()
        self._heard_to = trace.end
        self._now = trace.end
        self._gross_s: tuple[float, float] | None = None
        self._agreed_s = -math.inf
        self.movements: list[Movement] = []
        self.changes: list[tuple[float, bool]] = []

    def update(self, bursts: list[Burst], heard: int, open_since: int | None) -> None:
        """Take in new bursts, and name those that have waited long enough.

        Parameters
        ----------
        heard : hop up to which all is heard; what comes later does not count yet.
        open_since : first hop of a burst that is not over yet.
        """
        self._pending.extend(bursts)
        self._now = heard
        while self._next_watch + self._wait <= heard:
            self._name_until(self._next_watch)
            hop, unknown = self._next_watch, self._presence.present is None
            self._next_watch += self._soon if unknown else self._every
            begun = [burst.complex_first for burst in self._pending]
            if open_since is not None:
                begun.append(open_since)
            if not any(first < hop for first in begun):
                self._watch(hop, LEAST_LOOK_S)
        if self._presence.present is not None or self._watched:
            self._name_until(heard - self._wait)

    def flush(self, bursts: list[Burst]) -> None:
        """Name all: nothing more will come."""
        self._pending.extend(bursts)
        self._now = self._trace.end
        if self._presence.present is None and self._trace.end > self._trace.start:
            self._watch(self._trace.end, LEAST_LOOK_S)
        self._name_until(self._now)

    def _name_until(self, hop: int) -> None:
        """Name the bursts that were over by then."""
        while self._pending and self._pending[0].complex_last <= hop:
            self._name(self._pending.popleft())

    def _watch(self, hop: int, least_s: float) -> None:
        trace, self._watched = self._trace, True
        first = max(trace.start, hop - round(LOOK_S / trace.hop_s))
        first = max(first, self._heard_to + round(SETTLED_S / trace.hop_s))
        if (hop - first) * trace.hop_s < least_s:
            return
        self.quiet = quiet_of(trace, first, hop, self.quiet)
        known = self._presence.present is not None
        # In a gap anybody may have come or gone.
        moved = math.isinf(self._agreed_s) or (
            self._gross_s is not None and self._gross_s[1] > self._agreed_s
        )
        proved = self._presence.watch(look(trace, first, hop), WATCH_S, moved=moved)
        if not self._presence.doubtful:
            self._agreed_s = trace.t(hop - 1)
        if proved is None:
            return
        at_s = trace.t(first)
        if not known:
            at_s = trace.t(trace.start) - trace.hop_s
        elif self._gross_s is not None and at_s - self._gross_s[1] < BACK_S:
            at_s = self._gross_s[0 if proved else 1]
        self.changes.append((at_s, proved))

    def _name(self, burst: Burst) -> None:
        trace = self._trace
        if burst.last - self._begin < SETTLING_S / trace.hop_s:
            return
        self._heard_to = max(self._heard_to, burst.complex_last)
        sound = sound_of(trace, burst, self.quiet)
        if burst.endless and self._is_gross(burst) and (kind := self._came_of(burst, sound)):
            self._tell(burst, burst.last, kind)
        elif burst.endless or sound.from_house:
            self._name_house(burst)
        elif is_lorry(trace, burst, sound, self.quiet, self._now):
            self._tell(burst, burst.last, "disturbance", cause="lorry")
        else:
            self._name_own(burst, sound)

    def _name_house(self, burst: Burst) -> None:
        trace = self._trace
        run = [burst]
        for other in self._pending:
            if not paced(trace, run[-1], other):
                break
            if not sound_of(trace, other, self.quiet).from_house:
                break
            run.append(other)
        if len(run) < LEAST_STEPS or burst.endless:
            self._tell(burst, burst.last, "disturbance", cause=house_cause(trace, burst))
            return
        for _ in run[1:]:
            self._pending.popleft()
        self._tell(burst, run[-1].last, "disturbance", cause="steps")

    def _name_own(self, burst: Burst, sound: Sound) -> None:
        trace, presence = self._trace, self._presence
        still_from, still_to = self._still(burst)
        tilt = tilt_mg(trace, burst, still_from, still_to)
        if tilt >= TURN_TILT_MG:
            burst = self._whole(burst)
        kind: Kind = own_kind((burst.last - burst.first) * trace.hop_s, tilt)
        start_s = trace.t(burst.first) - trace.hop_s
        if self._is_gross(burst):
            kind = self._came_of(burst, sound) or kind
        cause = ""
        if tilt >= TURN_TILT_MG or kind in ("bed_entry", "bed_exit"):
            if kind == "turn" and self._beside.is_far_turn(start_s, sound.pitch):
                kind, cause = "disturbance", "partner"
            else:
                self._beside.learn(sound.pitch, self._peak_mg(burst))
        elif self._is_far(burst, sound):
            kind, cause = "disturbance", "partner"
        if presence.present is False and kind != "bed_exit":
            return  # nobody is in bed, and the house has another sound: not worth telling
        self._tell(burst, burst.last, kind, tilt, cause)

    def _came_of(self, burst: Burst, sound: Sound) -> Literal["bed_exit", "bed_entry"] | None:
        """Judge by what is heard after a gross burst who has come or gone."""
        trace, presence = self._trace, self._presence
        start_s, end_s = trace.t(burst.first) - trace.hop_s, trace.t(burst.last - 1)
        self._gross_s = start_s, end_s
        first = burst.complex_last + round(SETTLED_S / trace.hop_s)
        last = min(first + round(LOOK_S / trace.hop_s), self._now, self._still(burst)[1])
        if last - first <= LEAST_LOOK_HOPS:
            return None
        if presence.present is False and self._beside.is_far_entry(start_s, sound.pitch):
            return None
        led_to = presence.after(look(trace, first, last))
        if led_to is not None:
            entry = led_to == "bed_entry"
            self.changes.append((start_s if entry else end_s, entry))
        return led_to

    def _is_far(self, burst: Burst, sound: Sound) -> bool:
        """Whether it came from the other side of the bed."""
        t_s, length_s = self._trace.t(burst.first), (burst.last - burst.first) * self._trace.hop_s
        return self._beside.is_far(t_s, length_s, sound.pitch, self._peak_mg(burst))

    def _whole(self, burst: Burst) -> Burst:
        """Return all of a stretch of motion as one burst: single jerks do not tilt the sensor."""
        pending, last = self._pending, burst.last
        while pending and pending[0].complex_first == burst.complex_first:
            last = pending.popleft().last
        return replace(burst, last=last)

    def _still(self, burst: Burst) -> tuple[int, int]:
        """Return the hops from which and up to which nothing else moved the sensor."""
        trace, rest = self._trace, round(REST_S / self._trace.hop_s)
        least = (STIR_SHARE * self._peak_mg(burst)) ** 2 / 2.0
        if self.quiet is not None:
            least = max(least, STIR * self.quiet.top)
        reach = round(LOOK_S / trace.hop_s)
        first = max(trace.start, burst.complex_first - reach)
        before = np.flatnonzero(trace.energy(first, burst.complex_first - rest)[BODY] > least)
        last = burst.complex_last + rest
        after = np.flatnonzero(trace.energy(last, self._now)[BODY] > least)
        return (
            first + int(before[-1]) + rest if len(before) else first,
            last + int(after[0]) - rest if len(after) else self._now,
        )

    def _is_gross(self, burst: Burst) -> bool:
        if (burst.last - burst.first) * self._trace.hop_s < GROSS_S:
            return False
        usual_mg = math.sqrt(self.quiet.usual) if self.quiet else 0.0
        return self._peak_mg(burst) > max(GROSS_MG, GROSS_RATIO * usual_mg)

    def _peak_mg(self, burst: Burst) -> float:
        """Return its largest |acceleration|; 0 where it is too long ago to be known."""
        peaks = self._trace.peak_mg(burst.first, burst.last)
        return float(peaks.max()) if len(peaks) else 0.0

    def _tell(
        self, burst: Burst, last: int, kind: Kind, tilt: float = 0.0, cause: str = ""
    ) -> None:
        self.movements.append(measured(self._trace, burst.first, last, kind, tilt, cause))
