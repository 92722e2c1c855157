"""Which nights a run plays, and what comes of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from bedside.bench import peer
from bedside.bench.figures import EventFigures, NightFigures
from bedside.bench.seeds import Purpose, seeds_for
from bedside.errors import BedsideError
from bedside.simulator.profiles import PROFILES
from bedside.simulator.sensors import SENSORS


class PlanRefused(BedsideError):
    """A run was asked for that cannot be made."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A night to play: what a worker process is sent."""

    profile: str
    sensor: str
    seed: int
    duration_s: float
    with_peer: bool = True


@dataclass(slots=True)
class Played:
    """What came of it; `notes` has a line for each miss, false alarm and wrong name."""

    assignment: Assignment
    ours: EventFigures
    night: NightFigures
    theirs: EventFigures | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which nights to play: each profile with each sensor and each seed.

    profiles, sensors   empty: all there are
    count, first        seeds; first None: the purpose's own first
    duration_s          of each night, s
    """

    purpose: Purpose = "held-out"
    profiles: tuple[str, ...] = ()
    sensors: tuple[str, ...] = ()
    count: int = 3
    first: int | None = None
    duration_s: float = 8 * 3600.0
    with_peer: bool = True

    @classmethod
    def quick(cls, purpose: Purpose = "held-out", *, with_peer: bool = True) -> Self:
        """Return a few short nights, to see that everything runs."""
        return cls(
            purpose,
            profiles=("ordinary", "noisy_house"),
            sensors=("mpu6050",),
            count=1,
            duration_s=3600.0,
            with_peer=with_peer,
        )

    def seeds(self) -> range:
        """Return the seeds, each night's once.

        Raises
        ------
        SeedsRefused : where one is not for this purpose.
        """
        return seeds_for(self.purpose, self.count, self.first)

    def assignments(self) -> list[Assignment]:
        """Return the nights.

        Raises
        ------
        SeedsRefused : where a seed is not for this purpose.
        PlanRefused : where a profile or sensor is not known, or there is no night at all.
        PeerMissing : where the peer is wanted and ObsPy is not installed.
        """
        if self.count < 1 or self.duration_s < 600.0:
            raise PlanRefused("A run needs at least one seed and nights of 10 minutes or more.")
        if self.with_peer:
            peer.load()
        profiles = _chosen("profile", self.profiles, list(PROFILES))
        sensors = _chosen("sensor", self.sensors, list(SENSORS))
        return [
            Assignment(profile, sensor, seed, self.duration_s, self.with_peer)
            for seed in self.seeds()
            for profile in profiles
            for sensor in sensors
        ]


def _chosen(what: str, asked: Sequence[str], known: list[str]) -> list[str]:
    for name in asked:
        if name not in known:
            raise PlanRefused(f"There is no {what} {name!r}; there are {', '.join(known)}.")
    return list(asked) or known
