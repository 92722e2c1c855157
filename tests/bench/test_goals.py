from collections import Counter
from dataclasses import replace

from bedside.bench.goal import at_least, at_most, compare, verdict_table
from bedside.bench.goals import goals
from bedside.bench.summary import summarise


def verdict(nights):
    return {goal.what: goal for goal in goals(summarise(nights))}


def test_a_good_run_meets_every_figure(played):
    nights = [played(profile) for profile in ("ordinary", "noisy_house", "slat")]
    told = verdict(nights)
    assert [what for what, goal in told.items() if not goal.met] == []
    assert len(told) == 14


def test_f1_is_the_mean_of_cells_and_not_of_events(played):
    # F1 of a cell: 2 x hits / (2 x hits + missed + false).
    nights = [played("quiet", hits=95), played("twitchy", hits=55)]
    mean = (190 / 196 + 110 / 156) / 2
    goal = verdict(nights)["F1, mean over profiles and sensors"]
    assert goal.measured == f"{mean:.3f}"
    assert goal.met is False


def test_the_peer_ahead_on_one_profile_is_a_miss(played):
    goal = verdict([played("quiet"), played("slat", hits=80, theirs=99)])["F1 ahead of the peer"]
    assert goal.met is False
    assert "1 of 2; least on slat" in goal.measured


def test_without_the_peer_nobody_is_ahead(played):
    nights = [replace(played(), theirs=None)]
    goal = verdict(nights)["F1 ahead of the peer"]
    assert (goal.met, goal.word) == (None, "not measured")


def test_the_lower_average_of_kinds_decides(played):
    poor = played("quiet")  # few movements, half of them misnamed: pooled they hardly show
    poor.night.kinds = Counter({("jerk", "turn"): 1, ("jerk", "jerk"): 1})
    goal = verdict([poor, played("slat")])["kind right among those found"]
    assert goal.met is False
    assert goal.measured == f"{(0.5 + 90 / 95) / 2:.3f} (all pooled 0.938, mean of cells 0.724)"


def test_false_alarms_in_the_noisy_house_stand_by_themselves(played):
    told = verdict([played("ordinary", false=3), played("noisy_house", false=8)])
    assert told["false alarms an hour, ordinary houses"].met is False  # 3 in 8 h
    assert told["false alarms an hour, noisy_house"].met is True  # 8 in 8 h


def test_a_partner_is_no_outside_disturbance(played):
    one = played()
    one.ours.disturbed["partner"] = 10
    goal = verdict([one])["outside disturbances counted as the sleeper's"]
    assert goal.measured == (
        f"{1 / 30:.3f} of 30 audible ones (most of door: 0.050; 0.020 of all 50)"
    )


def test_the_periodic_index_may_be_off_by_one_or_a_tenth(played):
    one = played()
    one.night.index = [(0.0, 1.0), (30.0, 33.0)]
    name = "periodic index within 10 % or 1 an hour"
    assert verdict([one])[name].met is True
    one.night.index = [(0.0, 1.1), (30.0, 33.0)]
    assert verdict([one])[name].met is False


def test_a_latency_that_was_not_told_counts_against_us(played):
    one = played()
    one.night.sol_nights = 2
    assert verdict([one])["SOL within 5 min"].met is False


def test_one_rhythm_of_footsteps_is_too_many(played):
    one = played()
    one.night.steps_as_rhythm = 1
    assert verdict([one])["footsteps called a rhythmic series"].met is False


def test_limits_are_met_exactly_and_nan_is_not():
    assert at_least("", 0.95, 0.95).met is True
    assert at_least("", float("nan"), 0.95).met is False
    assert at_most("", 0.3, 0.3).met is True
    assert at_most("", float("nan"), 0.3).met is False
    assert at_most("", None, 0.3).met is None


def test_the_table_says_what_was_missed():
    table = verdict_table(
        [at_least("recall", 0.5, 0.9), at_most("time", 1.0, 2.0), compare("x", 3)]
    )
    words = [line.split() for line in table.splitlines()]
    assert words == [
        ["recall", ">=", "0.9", "MISSED", "0.500"],
        ["time", "<=", "2", "met", "1.000"],
        ["x", "3.000"],
    ]
