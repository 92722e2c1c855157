import numpy as np
import pytest

from bedside.simulator.posture import Posture
from bedside.simulator.truth import Happening


def follow(
    *movements: Happening, sitting: list[tuple[float, float]] | None = None
) -> tuple[Posture, list[float]]:
    posture = Posture(np.random.default_rng(1))
    return posture, posture.follow(list(movements), sitting or [], np.random.default_rng(2))


def test_a_turn_leaves_the_tilt_it_says() -> None:
    posture, (tilt_mg,) = follow(Happening(100.0, 110.0, "turn"))
    before, after = posture.at(np.array([99.0, 600.0]))
    assert np.linalg.norm(after - before) == pytest.approx(tilt_mg, rel=0.02)
    assert 10.0 <= tilt_mg <= 290.0


def test_jerks_and_limb_movements_leave_none() -> None:
    posture, tilts = follow(Happening(10.0, 10.1, "jerk"), Happening(20.0, 22.0, "limb_movement"))
    assert tilts == [0.0, 0.0]
    assert np.ptp(posture.at(np.arange(0.0, 60.0)), axis=0) == pytest.approx([0.0, 0.0])


def test_turns_leave_mostly_10_to_30_mg_and_never_roll_away() -> None:
    turns = [Happening(100.0 * k, 100.0 * k + 5.0, "turn") for k in range(1, 400)]
    posture, tilts = follow(Happening(0.0, 5.0, "bed_entry"), *turns)
    steps = np.array(tilts[1:])
    assert 14.0 < np.median(steps) < 34.0
    assert steps.max() < 295.0
    level = posture.at(np.arange(0.0, 40000.0, 50.0))
    assert np.linalg.norm(level, axis=1).max() < 700.0


def test_an_empty_bed_stands_as_it_stood_before() -> None:
    posture, _ = follow(Happening(100.0, 105.0, "bed_entry"), Happening(900.0, 905.0, "bed_exit"))
    empty, lying, again = posture.at(np.array([50.0, 800.0, 1500.0]))
    assert np.linalg.norm(again - empty) < 5.0
    assert np.linalg.norm(lying - empty) > 10.0


def test_who_sits_on_the_edge_weighs_on_it_half() -> None:
    posture, _ = follow(
        Happening(100.0, 105.0, "bed_entry"),
        Happening(500.0, 505.0, "turn"),
        Happening(550.0, 555.0, "turn"),
        sitting=[(505.0, 550.0)],
    )
    lying, sat, again = posture.at(np.array([400.0, 540.0, 900.0]))
    assert np.linalg.norm(again - lying) < 60.0
    assert np.linalg.norm(sat - 0.5 * (lying + posture.empty)) < 40.0
