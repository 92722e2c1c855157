import numpy as np
import pytest

from bedside.simulator.draws import dice, direction, log_uniform


def test_a_source_draws_the_same_whatever_others_draw() -> None:
    alone = dice("ordinary", 7, "night")("doors").random(5)
    streams = dice("ordinary", 7, "night")
    streams("lorries").random(100)
    assert np.array_equal(streams("doors").random(5), alone)


@pytest.mark.parametrize(
    "other", [("quiet", 7, "night"), ("ordinary", 8, "night"), ("ordinary", 7, "hour 1")]
)
def test_another_profile_seed_or_stretch_draws_otherwise(other: tuple[str, int, str]) -> None:
    drawn = dice("ordinary", 7, "night")("doors").random(5)
    assert not np.any(dice(*other)("doors").random(5) == drawn)


def test_each_octave_is_as_likely_as_the_next() -> None:
    rng = np.random.default_rng(1)
    drawn = np.array([log_uniform(rng, (5.0, 80.0)) for _ in range(2000)])
    assert drawn.min() >= 5.0
    assert drawn.max() <= 80.0
    assert np.histogram(drawn, [5, 10, 20, 40, 80])[0] == pytest.approx([500] * 4, rel=0.2)


def test_a_direction_has_unit_length_and_its_share_upright() -> None:
    rng = np.random.default_rng(2)
    drawn = np.array([direction(rng, 0.8) for _ in range(500)])
    assert np.linalg.norm(drawn, axis=1) == pytest.approx(1.0)
    assert np.abs(drawn[:, 2]).mean() == pytest.approx(0.8, abs=0.03)
    assert abs(drawn[:, 2].mean()) < 0.15
