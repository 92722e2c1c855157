from dataclasses import replace

import pytest

from bedside.bench import tune
from bedside.bench.peer import TUNED, PeerSettings
from bedside.bench.plan import Assignment
from bedside.bench.seeds import SeedsRefused

BEST = replace(PeerSettings(), low_hz=2.0, axes="z", sta_s=0.8, on=6.0, merge_s=2.0)


def like_the_best(settings):
    """A hill with its top at BEST, whichever way one climbs."""
    return sum(getattr(settings, name) == getattr(BEST, name) for name in tune.GRID)


def test_climbing_ends_on_top():
    assert tune.climb(like_the_best, PeerSettings(cut_s=1.0)) == BEST


def test_tuning_finds_the_best_and_says_how_good_it_is():
    assert tune.tune(like_the_best) == (BEST, len(tune.GRID))


def test_tuning_never_reads_a_held_out_night():
    with pytest.raises(SeedsRefused, match="Seed 5000 is not for tuning"):
        tune.tune_sensor([Assignment("ordinary", "mpu6050", 5000, 600.0)])


def test_default_and_tuned_settings_lie_on_the_grid():
    for settings in (PeerSettings(), *TUNED.values()):
        for name, values in tune.GRID.items():
            assert getattr(settings, name) in values


def test_the_objective_is_an_f1():
    pytest.importorskip("obspy")
    night = tune.night_of(Assignment("ordinary", "adxl355", 3, 3600.0))
    objective = tune.Objective([night])
    for contradiction in ({"off": 4.0}, {"low_hz": 5.0, "high_hz": 5.0}, {"sta_s": 60.0}):
        assert objective(replace(PeerSettings(), **contradiction)) == 0.0
    assert 0.0 < objective(PeerSettings()) <= 1.0
    assert objective(PeerSettings(on=1e9)) == 0.0
