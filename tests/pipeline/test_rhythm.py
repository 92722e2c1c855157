import numpy as np
import pytest

from bedside.pipeline.rhythm import cluster_runs, rhythmic_runs


@pytest.fixture(scope="module")
def jerks(move):
    return lambda *onsets_s: [move(t, "jerk") for t in onsets_s]


def counts(runs):
    return [len(run) for run in runs]


@pytest.mark.parametrize("hz", [0.3, 0.5, 1.0, 1.6, 4.0])
def test_four_even_bursts_are_rhythmic(jerks, hz):
    assert counts(rhythmic_runs(jerks(*(np.arange(4) / hz)))) == [4]
    assert rhythmic_runs(jerks(*(np.arange(3) / hz))) == []


@pytest.mark.parametrize("hz", [0.29, 4.2])
def test_slower_or_quicker_ones_are_not(jerks, hz):
    assert rhythmic_runs(jerks(*(np.arange(8) / hz))) == []


def test_limb_movements_and_jerks_beat_one_rhythm(move):
    both = [move(t, ("jerk", "limb_movement")[t % 2], 0.4) for t in range(6)]

    assert counts(rhythmic_runs(both)) == [6]


def test_uneven_bursts_are_a_cluster_and_no_rhythm(jerks):
    uneven = jerks(0.0, 0.5, 2.0, 2.4, 4.9, 5.5)

    assert rhythmic_runs(uneven) == []
    assert counts(cluster_runs(uneven)) == [6]


def test_a_rhythm_goes_on_over_a_missed_burst(jerks):
    assert counts(rhythmic_runs(jerks(0, 1, 2, 3, 5, 6, 7, 8))) == [8]


def test_a_pause_cuts_a_rhythm(jerks):
    assert counts(rhythmic_runs(jerks(0, 1, 2, 3, 6, 7, 8, 9, 10))) == [4, 5]


def test_disturbances_never_take_part(move):
    steps = [move(0.55 * n, "disturbance", cause="steps") for n in range(8)]

    assert rhythmic_runs(steps) == []
    assert cluster_runs(steps) == []


def test_bursts_at_a_walkers_pace_that_grow_and_fade_are_steps(move):
    loudness = [5, 8, 14, 20, 16, 9, 6]
    passing = [move(0.55 * n, "jerk", peak_mg=mg) for n, mg in enumerate(loudness)]
    slower = [move(0.9 * n, "jerk", peak_mg=mg) for n, mg in enumerate(loudness)]
    even = [move(0.55 * n, "jerk", peak_mg=mg) for n, mg in enumerate([15, 19, 14, 18, 20, 16])]

    assert rhythmic_runs(passing) == []
    assert counts(rhythmic_runs(slower)) == [7]
    assert counts(rhythmic_runs(even)) == [6]


def test_three_jerks_each_within_three_seconds_are_a_cluster(jerks, move):
    assert counts(cluster_runs(jerks(0, 3.0, 5))) == [3]
    assert cluster_runs(jerks(0, 3.01, 5)) == []
    assert cluster_runs(jerks(0, 1)) == []
    assert cluster_runs([move(t, "limb_movement") for t in (0, 2.5, 5)]) == []


def test_jerks_of_a_rhythm_make_no_cluster(jerks):
    rhythm = jerks(0, 1, 2, 3)
    movements = rhythm + jerks(10, 11, 12.5)

    assert counts(cluster_runs(movements, [rhythm])) == [3]
