"""The outline of a night: when somebody is in bed, when asleep, and how they come and go."""

from dataclasses import dataclass, field

from numpy.random import Generator

from bedside.simulator.draws import log_uniform, uniform
from bedside.simulator.profiles import Profile
from bedside.simulator.truth import Happening, Kind, Stretch

_LONG_NIGHT_S = 4 * 3600.0  # shorter ones have everything in proportion
_ASLEEP_S = 7 * 3600.0  # of the night that a profile's awakenings are counted for


@dataclass
class Outline:
    """Stretches of time, s, and the movements they hang on.

    sitting  on the edge of the bed
    walks    (time, leaving) of steps to or from the bed
    lying    whether somebody is in bed at the end
    """

    start_s: float
    end_s: float
    presence: list[Stretch] = field(default_factory=list)
    asleep: list[Stretch] = field(default_factory=list)
    sitting: list[Stretch] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    walks: list[tuple[float, bool]] = field(default_factory=list)
    lying: bool = False
    since_s: float = 0.0

    def move(self, rng: Generator, kind: Kind, at_s: float) -> float:
        """Write down a large movement; return its end, s."""
        entry_or_exit = kind != "turn"
        length_s = uniform(rng, (2.5, 9.0) if entry_or_exit else (3.0, 12.0))
        peak_mg = log_uniform(rng, (300.0, 1500.0) if entry_or_exit else (100.0, 1000.0))
        self.happenings.append(Happening(at_s, at_s + length_s, kind, "", peak_mg))
        return at_s + length_s

    def enter(self, rng: Generator, at_s: float, *, sit_s: float = 0.0) -> float:
        """Let the sleeper come to bed at `at_s`; return when they lie, s."""
        self.walks.append((at_s, False))
        self.since_s, self.lying = at_s, True
        end_s = self.move(rng, "bed_entry", at_s)
        if sit_s:
            self.sitting.append((end_s, end_s + sit_s))
            end_s = self.move(rng, "turn", end_s + sit_s)
        return end_s

    def leave(self, rng: Generator, at_s: float, *, sit_s: float = 0.0) -> float:
        """Let the sleeper get up at `at_s`; return when the bed is empty, s."""
        if sit_s:
            up_s = self.move(rng, "turn", at_s)
            at_s = up_s + sit_s
            self.sitting.append((up_s, at_s))
        end_s = self.move(rng, "bed_exit", at_s)
        self.walks.append((end_s, True))
        self.presence.append((self.since_s, end_s))
        self.lying = False
        return end_s

    def close(self) -> None:
        """Whoever lies in bed at the end does so until the end."""
        if self.lying:
            self.presence.append((self.since_s, self.end_s))


def night(profile: Profile, rng: Generator, length_s: float) -> Outline:
    """Return a night from 0 to `length_s`: an empty bed, sleep, awakenings, getting up."""
    outline = Outline(0.0, length_s)
    if profile.opening == "never":
        return outline
    k = min(1.0, length_s / _LONG_NIGHT_S)
    lies_s = _opening(profile, rng, outline, k)
    sleeps_s = lies_s + log_uniform(rng, profile.sol_min) * 60.0 * k
    wakes_s = length_s - max(uniform(rng, (8.0, 40.0)) * 60.0 * k, 150.0)
    if wakes_s > sleeps_s:
        sleeps_s = _sleep(profile, rng, outline, (sleeps_s, wakes_s), k)
        if rng.random() < 0.85:
            outline.asleep.append((sleeps_s, wakes_s))
            up_s = wakes_s + uniform(rng, (0.25, 0.75)) * (length_s - 100.0 - wakes_s)
            outline.leave(rng, up_s, sit_s=_edge(rng, 0.4))
        else:
            outline.asleep.append((sleeps_s, length_s))
    outline.close()
    return outline


def doze(rng: Generator, start_s: float, end_s: float, *, lying: bool) -> Outline:
    """Return a stretch after the night: back to bed if need be, and on and off asleep."""
    outline = Outline(start_s, end_s, lying=lying, since_s=start_s)
    t = start_s + uniform(rng, (60.0, 180.0))
    if not lying:
        t = outline.enter(rng, t) + uniform(rng, (120.0, 300.0))
    while t < end_s - 300.0:
        wakes_s = min(t + uniform(rng, (600.0, 1500.0)), end_s)
        outline.asleep.append((t, wakes_s))
        t = wakes_s + uniform(rng, (90.0, 240.0))
    outline.close()
    return outline


def _opening(profile: Profile, rng: Generator, outline: Outline, k: float) -> float:
    """Write down how the night begins; return when the sleeper lies, s."""
    drawn = str(rng.choice(("empty", "lying", "edge"), p=(0.7, 0.15, 0.15)))
    how = drawn if profile.opening == "any" else profile.opening
    at_s = uniform(rng, (90.0, 300.0)) * k
    sit_s = max(8.0, uniform(rng, (45.0, 240.0)) * k)
    if how == "lying":
        outline.lying = True
        return 0.0
    return outline.enter(rng, at_s, sit_s=sit_s if how == "edge" else 0.0)


def _sleep(profile: Profile, rng: Generator, outline: Outline, span: Stretch, k: float) -> float:
    """Write down sleep and its awakenings; return when the last stretch of sleep begins, s."""
    sleeps_s, wakes_s = span
    count = rng.poisson(uniform(rng, profile.awakenings) * (wakes_s - sleeps_s) / _ASLEEP_S)
    slots = _spread(rng, (sleeps_s + 900.0 * k, wakes_s - 1500.0 * k), 1500.0 * k, count)
    walks_out = rng.random() < profile.trip and k == 1.0  # a short night has no room for it
    trip = rng.integers(len(slots)) if slots and walks_out else -1
    for index, at_s in enumerate(slots):
        outline.asleep.append((sleeps_s, at_s))
        awake_s = log_uniform(rng, (70.0, 480.0)) * k
        sleeps_s = _trip(rng, outline, at_s) if index == trip else at_s + awake_s
    return sleeps_s


def _trip(rng: Generator, outline: Outline, at_s: float) -> float:
    """Write down a walk to the bathroom; return when the sleeper sleeps again, s."""
    out_s = outline.leave(rng, at_s + uniform(rng, (30.0, 120.0)), sit_s=_edge(rng, 0.3))
    lies_s = outline.enter(rng, out_s + uniform(rng, (120.0, 480.0)), sit_s=_edge(rng, 0.2))
    return lies_s + uniform(rng, (120.0, 480.0))


def _edge(rng: Generator, share: float) -> float:
    """Return for how long one sits on the edge, s: mostly not at all."""
    return uniform(rng, (6.0, 60.0)) if rng.random() < share else 0.0


def _spread(rng: Generator, span: Stretch, gap_s: float, count: int) -> list[float]:
    """Return up to `count` times within the span, at least `gap_s` apart."""
    first_s, room_s = span[0], span[1] - span[0]
    count = min(count, int(room_s / gap_s)) if room_s > 0 else 0
    spare = sorted(rng.uniform(0.0, max(0.0, room_s - count * gap_s), count))
    return [first_s + at + index * gap_s for index, at in enumerate(spare)]
