import pytest

from bedside.bench import seeds


def test_each_purpose_starts_at_its_own_seeds():
    assert list(seeds.seeds_for("tuning", 3)) == [0, 1, 2]
    assert list(seeds.seeds_for("held-out", 2)) == [5000, 5001]


def test_tuning_refuses_a_held_out_night():
    with pytest.raises(seeds.SeedsRefused, match="Seed 5000 is not for tuning"):
        seeds.seeds_for("tuning", 1, first=5000)


def test_tuning_refuses_a_range_that_runs_over_its_end():
    with pytest.raises(seeds.SeedsRefused, match="Seed 1000 "):
        seeds.seeds_for("tuning", 2, first=999)


@pytest.mark.parametrize("first", [0, 999, 4999, -1])
def test_figures_refuse_a_night_that_is_not_held_out(first):
    with pytest.raises(seeds.SeedsRefused, match=f"Seed {first} is not held out"):
        seeds.seeds_for("held-out", 3, first=first)


def test_negative_seed_is_for_nobody():
    with pytest.raises(seeds.SeedsRefused):
        seeds.seeds_for("tuning", 1, first=-1)
