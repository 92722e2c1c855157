"""A sleeper, a bed and a house: what the sensor feels at any time, and what truly happened."""

from dataclasses import replace
from typing import TypeVar

import numpy as np

from bedside.simulator import house
from bedside.simulator.draws import Dice, dice
from bedside.simulator.outline import Outline, doze, night
from bedside.simulator.person import Person
from bedside.simulator.profiles import Profile
from bedside.simulator.truth import Happening, Series, Stretch, Truth
from bedside.simulator.waves import Array, Chorus

NIGHT_S = 8 * 3600.0
_HOUR_S = 3600.0
_Timed = TypeVar("_Timed", Happening, Series)


class Sleeper:
    """Motion of the sensor through one night and as long after it as anybody asks.

    The same profile and seed give the same motion, however the times asked for are cut.

    Parameters
    ----------
    profile : who sleeps, on what, and where.
    seed : any integer >= 0.
    start_s : time at which the night begins, s.
    duration_s : length of the night, s; afterwards the sleeper dozes on.
    """

    def __init__(
        self, profile: Profile, seed: int, start_s: float = 0.0, duration_s: float = NIGHT_S
    ) -> None:
        self._profile, self._seed, self._start_s = profile, seed, start_s
        self._person = Person(profile, self._dice("sleeper"))
        self._partner = (
            Person(replace(profile, hypnic=0.0), self._dice("partner"), far=True)
            if profile.partner
            else None
        )
        self._noises, self._machines = Chorus(), list[house.Machine]()
        self._happenings: list[Happening] = []
        self._series: list[Series] = []
        self._presence: list[Stretch] = []
        self._asleep: list[Stretch] = []
        self._hours = 0
        first = night(profile, self._dice("night")("outline"), duration_s)
        if first.presence and first.presence[0][0] == 0.0:
            self._person.posture.lie()
        if self._partner:
            self._partner.posture.lie()
        self._write(first, "night")

    @property
    def truth(self) -> Truth:
        """What happens in the night, and in the hours after it that were asked for."""
        shift = self._start_s
        breathing = self._person.breathing
        first = breathing.starts >= 0.0
        return Truth(
            tuple(_moved(happening, shift) for happening in self._happenings),
            _joined(self._presence, shift),
            _joined(self._asleep, shift),
            np.column_stack((breathing.starts[first] + shift, 60.0 / breathing.lengths[first])),
            tuple(_moved(series, shift) for series in self._series),
        )

    def motion(self, t: Array) -> Array:
        """Return the acceleration (n, 3), g, in sensor axes, at increasing times `t` (n,), s."""
        out = np.empty((len(t), 3))
        if not len(t):
            return out
        since = t - self._start_s
        while since[-1] >= self._end_s:
            self._go_on()
        out[:, :2] = self._person.tilt(since)
        if self._partner:
            out[:, :2] += self._partner.tilt(since)
        out[:, 0] += self._profile.slide_mg_per_h / 1000.0 / _HOUR_S * since
        out[:, 2] = np.sqrt(np.maximum(0.0, 1.0 - out[:, 0] ** 2 - out[:, 1] ** 2))
        for person in (self._person, self._partner):
            if person:
                person.add_to(out, since)
        self._noises.add_to(out, since)
        for machine in self._machines:
            machine.add_to(out, since)
        return out

    def _dice(self, stretch: str) -> Dice:
        """Return the streams of chance of one stretch, or of what stays the same."""
        return dice(self._profile.name, self._seed, stretch)

    def _go_on(self) -> None:
        """Write one more hour."""
        self._hours += 1
        stretch, end_s = f"hour {self._hours}", self._end_s + _HOUR_S
        if self._profile.opening == "never":
            self._write(Outline(self._end_s, end_s), stretch)
        else:
            rng = self._dice(stretch)("outline")
            self._write(doze(rng, self._end_s, end_s, lying=self._lying), stretch)

    def _write(self, outline: Outline, stretch: str) -> None:
        """Let everybody and everything live through a stretch, and note it."""
        self._end_s, self._lying = outline.end_s, outline.lying
        found = self._house(self._dice(stretch), outline)
        doors = [happening.start_s for happening in found if happening.cause == "door"]
        script = self._person.live(self._dice(stretch), outline, [], doors)
        found += script.happenings
        if self._partner:
            found += self._beside(self._partner, self._dice(f"partner {stretch}"), outline, found)
        self._happenings += self._weighed(sorted(found, key=lambda happening: happening.start_s))
        self._series += sorted(script.series, key=lambda series: series.start_s)
        self._presence += outline.presence
        self._asleep += outline.asleep

    def _house(self, dice: Dice, outline: Outline) -> list[Happening]:
        """Let the house make its noises; return them."""
        noises = house.noises(self._profile, dice, outline)
        self._noises.extend([wave for _, wave in noises])
        machines = house.machines(self._profile, dice, outline)
        self._machines += [machine for _, machine in machines]
        return [happening for happening, _ in (*noises, *machines)]

    def _beside(
        self, partner: Person, dice: Dice, outline: Outline, found: list[Happening]
    ) -> list[Happening]:
        """Let the partner sleep all through; return what they do, which is not the sleeper's."""
        span = (outline.start_s, outline.end_s)
        theirs = Outline(*span, presence=[span], asleep=[span])
        blocked = [(h.start_s, h.end_s) for h in found if h.cause != "machine"]
        script = partner.live(dice, theirs, blocked, [])
        return [replace(h, kind="disturbance", cause="partner") for h in script.happenings]

    def _weighed(self, found: list[Happening]) -> list[Happening]:
        """Return the happenings with the quiet level around each."""
        at = np.array([happening.start_s for happening in found])
        quiet = self._person.heart_mg(at)
        if self._partner:
            quiet = np.hypot(quiet, self._partner.heart_mg(at))
        return [replace(h, quiet_mg=float(mg)) for h, mg in zip(found, quiet, strict=True)]


def _moved(what: _Timed, shift_s: float) -> _Timed:
    """Return the same, later."""
    return replace(what, start_s=what.start_s + shift_s, end_s=what.end_s + shift_s)


def _joined(spans: list[Stretch], shift_s: float) -> tuple[Stretch, ...]:
    """Return the spans, later, and those that touch made one."""
    joined: list[Stretch] = []
    for start_s, end_s in spans:
        if joined and start_s <= joined[-1][1]:
            joined[-1] = (joined[-1][0], end_s)
        else:
            joined.append((start_s, end_s))
    return tuple((start_s + shift_s, end_s + shift_s) for start_s, end_s in joined)
