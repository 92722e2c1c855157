"""Kinds of sleepers, beds and houses: ranges from which one night draws its own values.

Amplitudes and rates are those published or measured for a sensor under a mattress; where
nothing is published they are estimates of the same order.
"""

from dataclasses import dataclass, replace
from typing import Literal

from bedside.simulator.draws import Range


@dataclass(frozen=True, slots=True)
class Profile:
    """Who sleeps, on what, and where.  A pair is a range; `_per_h` counts hours asleep.

    resonance_hz, q    of the mattress
    gain               of everything the body does, at the sensor
    heart_mg, heart_hz a beat's peak |acceleration|; beats a second
    breath_mg          peak to peak
    hypnic             jerks around sleep onset, a night
    cluster_hz         bursts a second inside a cluster
    doors, walks, lorries, machines  a night of 8 h
    reflex             share of doors that make the sleeper jerk
    slide_mg_per_h     tilt of a sensor that is slipping
    opening            how the night begins; `never`: nobody comes to bed
    """

    name: str
    resonance_hz: Range = (7.0, 11.0)
    q: Range = (2.0, 4.0)
    gain: Range = (0.8, 1.2)
    heart_mg: Range = (3.0, 7.0)
    heart_hz: Range = (0.9, 1.25)
    breath_mg: Range = (5.0, 12.0)
    breath_hz: Range = (0.19, 0.29)
    sol_min: Range = (5.0, 30.0)
    awakenings: Range = (1.0, 4.0)
    trip: float = 0.35
    turns_per_h: Range = (1.0, 2.0)
    jerks_per_h: Range = (1.0, 3.0)
    limbs_per_h: Range = (2.0, 5.0)
    hypnic: float = 1.5
    jerk_mg: Range = (5.0, 40.0)
    limb_mg: Range = (10.0, 80.0)
    periodic_per_h: Range = (0.0, 0.0)
    clusters_per_h: Range = (0.0, 0.0)
    rhythmic_per_h: Range = (0.0, 0.0)
    cluster_mg: Range = (8.0, 60.0)
    cluster_hz: Range = (0.5, 1.6)
    doors: Range = (1.0, 3.0)
    walks: Range = (1.0, 3.0)
    lorries: Range = (2.0, 6.0)
    lorry_mg: Range = (0.1, 2.0)
    machines: Range = (0.0, 0.4)
    reflex: float = 0.0
    partner: bool = False
    slide_mg_per_h: float = 0.0
    opening: Literal["any", "empty", "lying", "edge", "never"] = "any"


_ORDINARY = Profile("ordinary")

PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        replace(
            _ORDINARY,
            name="quiet",
            sol_min=(5.0, 15.0),
            awakenings=(0.0, 2.0),
            trip=0.15,
            turns_per_h=(0.6, 1.2),
            jerks_per_h=(0.3, 1.0),
            limbs_per_h=(0.5, 2.0),
            hypnic=0.5,
            doors=(0.0, 1.0),
            walks=(0.0, 1.0),
            lorries=(0.0, 3.0),
            machines=(0.0, 0.0),
        ),
        _ORDINARY,
        replace(_ORDINARY, name="twitchy", jerks_per_h=(15.0, 40.0), hypnic=4.0, reflex=0.3),
        replace(_ORDINARY, name="periodic", periodic_per_h=(1.0, 2.0), limbs_per_h=(1.0, 3.0)),
        replace(_ORDINARY, name="clusters", clusters_per_h=(3.0, 6.0), rhythmic_per_h=(0.5, 1.5)),
        # A cot's thin mattress rings shortly, and the heart of an infant beats twice a second.
        replace(
            _ORDINARY,
            name="infant",
            resonance_hz=(9.0, 12.0),
            q=(2.0, 2.6),
            heart_mg=(1.5, 3.5),
            heart_hz=(1.8, 2.2),
            breath_mg=(4.0, 9.0),
            breath_hz=(0.40, 0.48),
            trip=0.0,
            hypnic=0.0,
            clusters_per_h=(3.0, 6.0),
            cluster_mg=(10.0, 80.0),
            cluster_hz=(1.0, 4.0),
        ),
        replace(
            _ORDINARY,
            name="noisy_house",
            doors=(6.0, 15.0),
            walks=(10.0, 20.0),
            lorries=(20.0, 60.0),
            lorry_mg=(0.2, 7.0),
            machines=(1.0, 2.0),
            reflex=0.15,
        ),
        replace(_ORDINARY, name="partner", partner=True),
        replace(
            _ORDINARY,
            name="slat",
            resonance_hz=(8.2, 9.6),
            q=(5.0, 6.0),
            gain=(1.0, 1.4),
            heart_mg=(5.0, 12.0),
            breath_mg=(6.0, 15.0),
        ),
        replace(
            _ORDINARY,
            name="thick_mattress",
            resonance_hz=(5.0, 7.5),
            q=(2.0, 3.0),
            gain=(0.4, 0.7),
            heart_mg=(1.0, 5.0),
            breath_mg=(3.0, 7.0),
        ),
    )
}
