from dataclasses import replace

import numpy as np
import pytest
from scipy import signal

from bedside.simulator.profiles import PROFILES
from bedside.simulator.sleeper import Sleeper
from bedside.simulator.truth import Happening, Truth

ODR_HZ = 100.0


def rendered(sleeper: Sleeper, start_s: float, end_s: float) -> np.ndarray:
    return sleeper.motion(np.arange(start_s * ODR_HZ, end_s * ODR_HZ) / ODR_HZ)


def band(samples: np.ndarray, low_hz: float, high_hz: float) -> np.ndarray:
    sos = signal.butter(2, [low_hz, high_hz], "band", fs=ODR_HZ, output="sos")
    filtered: np.ndarray = signal.sosfilt(sos, samples - samples[0], axis=0)
    return 1000.0 * filtered


def own(truth: Truth) -> list[Happening]:
    return [happening for happening in truth.happenings if happening.kind != "disturbance"]


@pytest.fixture(scope="module")
def ordinary() -> tuple[np.ndarray, Truth]:
    sleeper = Sleeper(replace(PROFILES["ordinary"], opening="empty"), 21, duration_s=3 * 3600.0)
    return rendered(sleeper, 0.0, 3 * 3600.0), sleeper.truth


@pytest.mark.parametrize("profile", ["noisy_house", "partner", "clusters"])
def test_motion_does_not_depend_on_how_time_is_cut(profile: str) -> None:
    t = np.arange(0.0, 1500.0, 0.01)
    whole = Sleeper(PROFILES[profile], 3, duration_s=1200.0).motion(t)
    rng = np.random.default_rng(1)
    edges = np.sort(rng.integers(0, len(t), 150))
    sleeper = Sleeper(PROFILES[profile], 3, duration_s=1200.0)
    pieces = [sleeper.motion(piece) for piece in np.split(t, edges)]
    assert np.array_equal(np.concatenate(pieces), whole)
    assert np.array_equal(sleeper.motion(t[70_001:70_002]), whole[70_001:70_002])


def test_another_seed_is_another_night() -> None:
    nights = [rendered(Sleeper(PROFILES["ordinary"], seed), 0.0, 60.0) for seed in (1, 2)]
    assert not np.array_equal(*nights)


def test_a_night_may_begin_at_any_time() -> None:
    early = Sleeper(PROFILES["ordinary"], 4, duration_s=1800.0)
    late = Sleeper(PROFILES["ordinary"], 4, start_s=5000.0, duration_s=1800.0)
    assert np.allclose(rendered(early, 0.0, 600.0), rendered(late, 5000.0, 5600.0), atol=1e-9)
    for ours, theirs in zip(early.truth.happenings, late.truth.happenings, strict=True):
        assert theirs.start_s - ours.start_s == pytest.approx(5000.0)
        assert theirs.length_s == pytest.approx(ours.length_s)
    assert late.truth.presence[0][0] == pytest.approx(early.truth.presence[0][0] + 5000.0)
    assert late.truth.breaths[0] == pytest.approx(early.truth.breaths[0] + [5000.0, 0.0])


def test_life_goes_on_after_the_night_the_same_however_one_gets_there() -> None:
    at_once, step_by_step = (Sleeper(PROFILES["ordinary"], 9, duration_s=900.0) for _ in range(2))
    for minute in range(135):
        rendered(step_by_step, 60.0 * minute, 60.0 * minute + 0.1)
    last = rendered(at_once, 8000.0, 8100.0)
    assert np.array_equal(last, rendered(step_by_step, 8000.0, 8100.0))
    truth = at_once.truth
    assert truth.happenings == step_by_step.truth.happenings
    assert truth.presence[-1][1] == 900.0 + 2 * 3600.0
    assert [h for h in own(truth) if h.start_s > 900.0]
    assert np.abs(band(rendered(at_once, 7000.0, 7200.0), 0.1, 0.5)[3000:]).max() > 0.5


def test_no_times_give_no_samples() -> None:
    assert Sleeper(PROFILES["quiet"], 1, duration_s=600.0).motion(np.empty(0)).shape == (0, 3)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_truth_lies_within_the_night_and_in_order(profile: str) -> None:
    truth = Sleeper(PROFILES[profile], 17, duration_s=4 * 3600.0).truth
    starts = [happening.start_s for happening in truth.happenings]
    assert starts == sorted(starts)
    assert all(0.0 <= h.start_s < h.end_s <= 4 * 3600.0 for h in truth.happenings)
    assert all(h.peak_mg > 0.0 for h in truth.happenings)
    for happening in own(truth):
        assert any(a <= happening.start_s and happening.end_s <= b for a, b in truth.presence)
    assert np.all(np.diff(truth.breaths[:, 0]) > 0.0)
    slow, fast = np.percentile(truth.breaths[:, 1], [1, 99])
    assert 6.0 < slow < fast < 40.0
    for series in truth.series:
        assert any(a <= series.start_s and series.end_s <= b for a, b in truth.asleep)


def test_gravity_is_one_g_and_mostly_on_z(ordinary: tuple[np.ndarray, Truth]) -> None:
    samples, _ = ordinary
    assert np.median(np.linalg.norm(samples, axis=1)) == pytest.approx(1.0, abs=0.01)
    assert np.median(samples[:, 2]) > 0.9


def test_movements_are_as_strong_as_the_truth_says(ordinary: tuple[np.ndarray, Truth]) -> None:
    samples, truth = ordinary
    norm = np.linalg.norm(band(samples, 1.0, 20.0), axis=1)
    checked = 0
    for happening in own(truth):
        if happening.peak_mg > 6.0 * happening.quiet_mg:
            first, last = (int(ODR_HZ * at) for at in (happening.start_s, happening.end_s + 0.5))
            assert norm[first:last].max() == pytest.approx(happening.peak_mg, rel=0.25)
            checked += 1
    assert checked > 20


def test_a_turn_leaves_the_tilt_for_good(ordinary: tuple[np.ndarray, Truth]) -> None:
    samples, truth = ordinary
    happenings = own(truth)
    checked = 0
    for before, turn, after in zip(happenings, happenings[1:], happenings[2:], strict=False):
        apart = turn.start_s - before.end_s > 45.0 and after.start_s - turn.end_s > 60.0
        if turn.kind == "turn" and apart:
            old = samples[int(ODR_HZ * (turn.start_s - 40)) : int(ODR_HZ * turn.start_s)]
            new = samples[int(ODR_HZ * (turn.end_s + 15)) : int(ODR_HZ * (turn.end_s + 55))]
            change_mg = 1000.0 * np.linalg.norm(new.mean(axis=0) - old.mean(axis=0))
            assert change_mg == pytest.approx(turn.tilt_mg, rel=0.2, abs=5.0)
            checked += 1
    assert checked >= 2


def test_breath_and_heartbeat_are_felt_only_from_somebody_in_bed(
    ordinary: tuple[np.ndarray, Truth],
) -> None:
    samples, truth = ordinary
    came_s, asleep_s = truth.presence[0][0], truth.asleep[0][0]
    walk_s = min(h.start_s for h in truth.happenings)
    empty = slice(0, int(ODR_HZ * (min(walk_s, came_s) - 1)))
    following = min(h.start_s for h in truth.happenings if h.start_s > asleep_s + 60)
    still = slice(int(ODR_HZ * asleep_s), int(ODR_HZ * following))
    for low_hz, high_hz in ((0.1, 0.5), (4.0, 14.0)):
        filtered = np.linalg.norm(band(samples, low_hz, high_hz), axis=1)
        assert filtered[empty].max() < 0.02
        assert filtered[still][-3000:].std() > 0.3


def test_a_partner_goes_on_breathing_in_a_bed_the_sleeper_left() -> None:
    profile = replace(PROFILES["partner"], opening="empty")
    samples = rendered(Sleeper(profile, 2), 0.0, 80.0)
    assert 0.1 < np.linalg.norm(band(samples, 0.1, 0.5), axis=1)[3000:].max() < 10.0


def test_a_partner_is_weaker_and_is_no_movement_of_the_sleepers() -> None:
    truth = Sleeper(PROFILES["partner"], 6).truth
    theirs = [h for h in truth.happenings if h.cause == "partner"]
    assert len(theirs) > 15
    assert {h.kind for h in theirs} == {"disturbance"}
    assert np.median([h.peak_mg for h in theirs]) < 0.5 * np.median([h.peak_mg for h in own(truth)])
    for happening in theirs:
        assert all(
            happening.end_s < other.start_s or other.end_s < happening.start_s
            for other in own(truth)
        )


def test_a_sensor_that_slips_tilts_slowly() -> None:
    still = Sleeper(replace(PROFILES["quiet"], opening="never"), 8, duration_s=7200.0)
    slipping = Sleeper(
        replace(PROFILES["quiet"], opening="never", slide_mg_per_h=40.0), 8, duration_s=7200.0
    )
    t = np.array([0.0, 3600.0, 7000.0])
    apart = 1000.0 * (slipping.motion(t) - still.motion(t))
    assert apart[:, 0] == pytest.approx(40.0 * t / 3600.0, abs=1e-6)


def test_an_empty_bed_stays_empty_after_the_night_too() -> None:
    sleeper = Sleeper(replace(PROFILES["ordinary"], opening="never"), 8, duration_s=600.0)
    rendered(sleeper, 5000.0, 5001.0)
    assert not sleeper.truth.presence
    assert not own(sleeper.truth)
    assert len(sleeper.truth.breaths) == 0
