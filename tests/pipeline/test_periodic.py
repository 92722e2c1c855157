from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.pipeline.periodic import (
    candidate_intervals_s,
    imi_histogram,
    is_candidate,
    periodic_runs,
    periodicity_index,
)

KINDS = ("jerk", "limb_movement", "turn", "bed_exit", "disturbance")


def always(_t_s):
    return True


def counts(runs):
    return [len(run) for run in runs]


@pytest.fixture(scope="module")
def at(move):
    """Limb movements of 2 s at these onsets."""
    return lambda *onsets_s, **changes: [move(t, **changes) for t in onsets_s]


def test_four_make_a_series_and_three_do_not(at):
    assert counts(periodic_runs(at(0, 20, 40, 60))) == [4]
    assert periodic_runs(at(0, 20, 40)) == []


@pytest.mark.parametrize(
    ("interval_s", "rule", "found"),
    [
        (10.0, "wasm", True),
        (9.99, "wasm", False),
        (90.0, "wasm", True),
        (90.01, "wasm", False),
        (5.0, "aasm", True),
        (4.99, "aasm", False),
        (90.0, "aasm", True),
        (90.01, "aasm", False),
    ],
)
@pytest.mark.parametrize("zero_s", [0.0, 0.1, 1_795_300_000.3])
def test_both_ends_of_the_interval_are_inside(at, interval_s, rule, found, zero_s):
    onsets_s = [zero_s + n * interval_s for n in range(4)]

    assert bool(periodic_runs(at(*onsets_s), rule)) is found


@pytest.mark.parametrize(
    ("length_s", "kind", "candidate"),
    [
        (0.49, "limb_movement", False),
        (0.5, "limb_movement", True),
        (10.0, "limb_movement", True),
        (10.01, "limb_movement", False),
        (0.2, "jerk", False),
        (0.6, "jerk", True),
        (5.0, "turn", False),
        (5.0, "bed_exit", False),
    ],
)
def test_candidates_are_small_movements_of_half_a_second_to_ten(move, length_s, kind, candidate):
    assert is_candidate(move(0.0, kind, length_s)) is candidate


def test_a_short_interval_ends_a_run_and_may_begin_the_next(at):
    # 60 and 65 are too near; each has its three others on its own side.
    assert counts(periodic_runs(at(0, 20, 40, 60, 65, 85, 105, 125))) == [4, 4]
    assert periodic_runs(at(0, 20, 40, 45, 65, 85)) == []


def test_a_long_interval_ends_a_run(at):
    assert counts(periodic_runs(at(0, 20, 40, 60, 151, 171, 191, 211))) == [4, 4]
    assert counts(periodic_runs(at(0, 20, 40, 130, 150, 170))) == [6]


@pytest.mark.parametrize(("kind", "length_s"), [("limb_movement", 10.5), ("turn", 4.0)])
def test_wasm_ends_a_run_at_a_movement_that_is_no_candidate(at, move, kind, length_s):
    six = [*at(0, 20, 40), move(47.0, kind, length_s), *at(60, 80, 100)]

    assert periodic_runs(six) == []
    assert counts(periodic_runs([*six, *at(120)])) == [4]


def test_aasm_passes_over_what_is_no_limb_movement(at, move):
    six = [*at(0, 20, 40), move(47.0, "limb_movement", 10.5), *at(60, 80, 100)]

    assert counts(periodic_runs(six, "aasm")) == [6]


@pytest.mark.parametrize("rule", ["wasm", "aasm"])
def test_short_jerks_disturbances_and_a_partner_are_invisible(at, move, rule):
    others = [
        move(10.0, "jerk", 0.3),
        move(30.0, "disturbance", 2.0),
        move(50.0, "limb_movement", 2.0, far=True),
        move(55.0, "turn", 20.0, far=True),
    ]

    assert counts(periodic_runs([*at(0, 20, 40, 60), *others], rule)) == [4]


def test_aasm_counts_onsets_less_than_five_seconds_apart_as_one(at):
    runs = periodic_runs(at(0, 3, 6, 20, 24.9, 40, 60), "aasm")

    # 6 is 6 s after 0, the last one kept: a movement of its own.
    assert [m.start_s for m in runs[0]] == [0, 6, 20, 40, 60]


def test_aasm_looks_at_sleep_alone(at):
    six = at(0, 60, 120, 180, 240, 300)

    assert counts(periodic_runs(six, "aasm", lambda t_s: t_s != 120)) == []
    assert counts(periodic_runs(at(*range(0, 210, 30)), "aasm", lambda t_s: t_s != 90)) == [6]
    assert counts(periodic_runs(six, "wasm", lambda t_s: False)) == [6]


def test_intervals_are_those_that_end_in_sleep(at):
    four = at(0, 20, 50, 90)

    assert candidate_intervals_s(four, always) == [20, 30, 40]
    assert candidate_intervals_s(four, lambda t_s: t_s < 60) == [20, 30]
    assert candidate_intervals_s([], always) == []


def test_periodicity_index_is_the_share_of_intervals_in_series(at):
    movements = at(0, 20, 40, 60, 300, 600)

    assert periodicity_index(movements, periodic_runs(movements), always) == pytest.approx(3 / 5)
    assert periodicity_index(at(0), [], always) is None


def test_histogram_has_bins_of_two_seconds_and_one_for_all_longer():
    histogram = dict(imi_histogram([0.5, 1.99, 2.0, 22.0, 23.9, 89.0, 90.0, 90.5, 500.0]))

    assert len(histogram) == 46
    assert {from_s: count for from_s, count in histogram.items() if count} == {
        0.0: 2,
        2.0: 1,
        22.0: 2,
        88.0: 2,
        90.0: 2,
    }


onsets = st.lists(
    st.tuples(
        st.integers(1, 120_000).map(lambda ms: ms / 1000.0),
        st.sampled_from(KINDS),
        st.integers(50, 12_000).map(lambda ms: ms / 1000.0),
    ),
    max_size=25,
)


def placed(move, steps, zero_s=0.0):
    t_s, found = zero_s, []
    for step_s, kind, length_s in steps:
        t_s += step_s
        found.append(move(t_s, kind, length_s))
    return found


@given(onsets, st.sampled_from(["wasm", "aasm"]), st.floats(0.0, 2e9))
def test_runs_do_not_depend_on_the_zero_of_time(move, steps, rule, zero_s):
    here = periodic_runs(placed(move, steps), rule)
    there = periodic_runs(placed(move, steps, round(zero_s, 3)), rule)

    assert counts(here) == counts(there)


@given(onsets, onsets, st.sampled_from(["wasm", "aasm"]))
def test_halves_far_apart_give_what_each_gives_alone(move, one, two, rule):
    first, second = placed(move, one), placed(move, two, 1e6)

    apart = periodic_runs(first, rule) + periodic_runs(second, rule)
    assert periodic_runs(first + second, rule) == apart


@given(onsets)
def test_wasm_runs_hold_to_the_rule(move, steps):
    for run in periodic_runs(placed(move, steps)):
        assert len(run) >= 4
        assert all(is_candidate(m) for m in run)
        gaps_s = [b.start_s - a.start_s for a, b in pairwise(run)]
        assert all(10.0 - 1e-5 <= gap_s <= 90.0 + 1e-5 for gap_s in gaps_s)
