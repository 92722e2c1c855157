import itertools

import numpy as np
import pytest

from bedside.simulator.draws import dice
from bedside.simulator.outline import night
from bedside.simulator.profiles import PROFILES, Profile
from bedside.simulator.script import Script, fill
from bedside.simulator.truth import Happening

NIGHT_S = 28800.0


def script_of(profile: Profile, seed: int, doors: list[float] | None = None) -> Script:
    streams = dice(profile.name, seed, "night")
    return fill(profile, streams, night(profile, streams("outline"), NIGHT_S), [], doors or [])


def in_order(script: Script) -> list[Happening]:
    return sorted(script.happenings, key=lambda happening: happening.start_s)


def onsets(happenings: list[Happening], kind: str) -> np.ndarray:
    return np.array([h.start_s for h in happenings if h.kind == kind])


def per_h(profile: str, kind: str, cause: str = "") -> float:
    count, hours = 0, 0.0
    for seed in range(10):
        script = script_of(PROFILES[profile], seed)
        asleep = script.outline.asleep
        hours += sum(b - a for a, b in asleep) / 3600.0
        count += sum(
            h.kind == kind and h.cause == cause and any(a < h.start_s < b for a, b in asleep)
            for h in script.happenings
        )
    return count / hours


@pytest.mark.parametrize("profile", PROFILES)
def test_movements_keep_apart_unless_they_belong_together(profile: str) -> None:
    for seed in range(4):
        happenings = in_order(script_of(PROFILES[profile], seed))
        for one, other in itertools.pairwise(happenings):
            together = one.cause == other.cause and one.cause in ("cluster", "rhythmic")
            assert other.start_s - one.end_s > (0.0 if together else 1.0)


@pytest.mark.parametrize("profile", PROFILES)
def test_lengths_and_peaks_are_those_of_their_kind(profile: str) -> None:
    limits = {
        ("jerk", "hypnic"): ((0.075, 0.25), (60.0, 400.0)),
        ("jerk", ""): ((0.05, 0.2), (5.0, 40.0)),
        ("jerk", "reflex"): ((0.05, 0.2), (5.0, 40.0)),
        ("jerk", "cluster"): ((0.02, 0.2), (8.0, 80.0)),
        ("jerk", "rhythmic"): ((0.1, 0.5), (8.0, 80.0)),
        ("limb_movement", "rhythmic"): ((0.5, 0.9), (8.0, 80.0)),
        ("limb_movement", "periodic"): ((0.5, 5.0), (10.0, 80.0)),
        ("limb_movement", ""): ((0.5, 10.0), (10.0, 80.0)),
        ("turn", ""): ((3.0, 15.0), (100.0, 1000.0)),
        ("bed_entry", ""): ((2.0, 10.0), (300.0, 1500.0)),
        ("bed_exit", ""): ((2.0, 10.0), (300.0, 1500.0)),
    }
    for happening in script_of(PROFILES[profile], 3).happenings:
        length_s, peak_mg = limits[happening.kind, happening.cause]
        assert length_s[0] - 1e-6 <= happening.length_s <= length_s[1] + 1e-6
        assert peak_mg[0] <= happening.peak_mg <= peak_mg[1]


def test_rates_are_the_profiles() -> None:
    assert 0.8 < per_h("ordinary", "turn") < 2.2
    assert 1.0 < per_h("ordinary", "jerk") < 3.2
    assert 1.8 < per_h("ordinary", "limb_movement") < 5.2
    assert 0.2 < per_h("quiet", "jerk") < 1.2
    assert 15.0 < per_h("twitchy", "jerk") < 40.0
    assert 10.0 < per_h("periodic", "limb_movement", "periodic") < 60.0
    assert per_h("infant", "jerk", "cluster") > 15.0


def test_periodic_series_keep_the_rule() -> None:
    for seed in range(6):
        script = script_of(PROFILES["periodic"], seed)
        happenings = in_order(script)
        assert {series.kind for series in script.series} == {"periodic"}
        for series in script.series:
            inside = [h for h in happenings if series.start_s <= h.start_s <= series.end_s]
            assert len(inside) == series.count >= 4
            gaps = np.diff(onsets(inside, "limb_movement"))
            assert 10.0 <= gaps.min() <= gaps.max() <= 90.0
            others = onsets([h for h in happenings if h not in inside], "limb_movement")
            near = (others > series.start_s - 90.0) & (others < series.end_s + 90.0)
            assert not near.any()


def test_clusters_and_rhythms_keep_theirs() -> None:
    for seed in range(6):
        script = script_of(PROFILES["clusters"], seed)
        for series in script.series:
            inside = [h for h in in_order(script) if series.start_s <= h.start_s <= series.end_s]
            gaps = np.diff([h.start_s for h in inside])
            if series.kind == "cluster":
                assert series.count >= 3
                assert gaps.max() < 3.0
            else:
                assert series.count >= 4
                assert 0.3 < 1.0 / np.median(gaps) < 4.0


@pytest.mark.parametrize("profile", [name for name in PROFILES if name != "periodic"])
def test_no_periodic_series_arises_by_chance(profile: str) -> None:
    for seed in range(8):
        gaps = np.diff(onsets(in_order(script_of(PROFILES[profile], seed)), "limb_movement"))
        run = 1
        for gap in gaps:
            run = run + 1 if 10.0 <= gap <= 90.0 else 1
            assert run < 4


def test_who_lies_awake_moves_and_who_sleeps_does_so_seldom() -> None:
    awake = asleep = awake_s = asleep_s = 0.0
    for seed in range(6):
        script = script_of(PROFILES["ordinary"], seed)
        spans = script.outline.asleep
        slept = sum(b - a for a, b in spans)
        asleep_s += slept
        awake_s += sum(b - a for a, b in script.outline.presence) - slept
        still = sum(any(a <= h.start_s < b for a, b in spans) for h in script.happenings)
        asleep += still
        awake += len(script.happenings) - still
    assert awake / awake_s > 4.0 * asleep / asleep_s


def test_a_door_makes_some_sleepers_jerk() -> None:
    doors = [float(at_s) for at_s in range(3600, 25000, 600)]
    script = script_of(PROFILES["twitchy"], 1, doors)
    reflexes = [h for h in script.happenings if h.cause == "reflex"]
    assert 3 <= len(reflexes) <= 20
    assert all(any(0.5 < h.start_s - door_s < 2.0 for door_s in doors) for h in reflexes)
    assert not any(h.cause == "reflex" for h in script_of(PROFILES["quiet"], 1, doors).happenings)


def test_hypnic_jerks_come_around_the_onset_of_sleep() -> None:
    found = 0
    for seed in range(10):
        script = script_of(PROFILES["twitchy"], seed)
        onset_s = script.outline.asleep[0][0]
        hypnic = [h.start_s - onset_s for h in script.happenings if h.cause == "hypnic"]
        found += len(hypnic)
        assert all(-240.0 <= since_s <= 480.0 for since_s in hypnic)
    assert found > 15
