import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.pipeline.actigraphy import (
    ACTIWARE,
    LEAST_WAKE,
    OAKLEY,
    bridged,
    sleep_period,
    wake_by_oakley,
    webster,
)


def flags(text):
    """`W` awake, `s` asleep, `?` unknown: (awake, unknown)."""
    letters = np.array(list(text))
    return letters == "W", letters == "?"


def letters(awake, unknown):
    return "".join(np.select([unknown, awake], ["?", "W"], "s"))


def rescored(rule, text):
    awake, unknown = flags(text)
    return letters(rule(awake, unknown), unknown)


def test_oakley_weighs_an_epoch_and_four_on_either_side():
    activity = np.zeros(40)
    activity[20] = 100.0
    # Alone it is the mean of mobile epochs: 2 * 100 against 0.88888 * 200.
    assert np.flatnonzero(wake_by_oakley(activity)).tolist() == [20]

    activity[5] = 2.0 * 100.0 * (1.0 / ACTIWARE - 1.0)
    expected = np.convolve(activity, OAKLEY, "same") > ACTIWARE * activity[[5, 20]].mean() * 2
    assert wake_by_oakley(activity).tolist() == expected.tolist()


def test_the_threshold_scales_itself():
    activity = np.random.default_rng(3).exponential(200.0, 900)

    assert (wake_by_oakley(activity) == wake_by_oakley(activity * 7.0)).all()


def test_few_small_twitches_wake_nobody():
    activity = np.zeros(900)
    activity[[100, 300, 301, 700]] = (3.0, 9.0, 8.0, 0.9 * LEAST_WAKE)

    assert not wake_by_oakley(activity).any()
    assert not wake_by_oakley(np.zeros(900)).any()


@pytest.mark.parametrize("length", [0, 1, 3, 8])
def test_a_night_may_be_shorter_than_the_weights(length):
    assert wake_by_oakley(np.full(length, 50.0)).shape == (length,)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("W" * 7 + "s" * 40, "W" * 7 + "s" * 40),
        ("W" * 8 + "s" * 40, "W" * 10 + "s" * 38),
        ("W" * 19 + "s" * 40, "W" * 21 + "s" * 38),
        ("W" * 20 + "s" * 40, "W" * 26 + "s" * 34),
        ("W" * 29 + "s" * 40, "W" * 35 + "s" * 34),
        ("W" * 30 + "s" * 40, "W" * 38 + "s" * 32),
        ("W" * 30 + "s" * 3, "W" * 33),
    ],
)
def test_webster_takes_minutes_of_sleep_after_wake(before, after):
    assert rescored(webster, before) == after


@pytest.mark.parametrize(
    ("wake", "sleep", "becomes"),
    [(30, 12, "W"), (30, 13, "s"), (29, 12, "s"), (40, 20, "W"), (40, 21, "s"), (39, 20, "s")],
)
def test_webster_takes_short_sleep_between_long_wake(wake, sleep, becomes):
    found = rescored(webster, "W" * wake + "s" * sleep + "W" * wake)

    # The last epoch of that sleep: what follows wake is taken by the other rule.
    assert found[wake + sleep - 1] == becomes


def test_webster_needs_long_wake_on_both_sides():
    assert "s" in rescored(webster, "W" * 40 + "s" * 12 + "W" * 29)


def test_webster_does_not_reach_over_missing_data():
    assert rescored(webster, "W" * 30 + "?" + "s" * 9) == "W" * 30 + "?" + "s" * 9


def test_rules_look_at_the_scoring_as_it_came():
    # Four minutes of wake that webster made itself take no further sleep.
    assert rescored(webster, "W" * 8 + "sss" + "W" * 6 + "s" * 9) == (
        "W" * 10 + "s" + "W" * 6 + "s" * 9
    )


def test_two_minutes_between_wake_are_bridged():
    assert rescored(bridged, "sWssssWs") == "sWWWWWWs"
    assert rescored(bridged, "sWsssssWs") == "sWsssssWs"
    assert rescored(bridged, "ssWs?sWs") == "ssWs?sWs"


def period(text, stillness_min=10.0):
    """Find sleep; a figure is an epoch with so many stirs, `-` one without, `a` one out of bed."""
    stirs = np.array([float(letter) if letter.isdigit() else 0.0 for letter in text])
    letters = np.array(list(text))
    return sleep_period(stirs, letters == "a", letters == "?", stillness_min)


def test_sleep_begins_and_ends_where_stirring_turns_into_stillness():
    restless = "1-2--1---1--1"

    assert period(restless + "-" * 300) == (13, 313)
    assert period("-" * 300 + restless) == (0, 300)
    assert period(restless + "-" * 300 + restless) == (13, 313)


def test_a_stir_soon_after_falling_asleep_does_not_count():
    assert period("1-1--1-1" + "-" * 20 + "1" + "-" * 300) == (8, 329)
    assert period("-" * 300 + "1" + "-" * 20 + "1-1--1-1") == (0, 321)


def test_a_pause_between_fidgets_is_not_sleep():
    restless = "1-1--1-1" * 6

    assert period(restless + "-" * 8 + restless + "-" * 300)[0] == 2 * 48 + 8


def test_the_night_sets_its_own_rate():
    # Stirs five minutes apart are how this one sleeps; before a night without any they are wake.
    often, few = ("-" * 9 + "1") * 60, ("-" * 9 + "1") * 2

    assert period(often) == (0, 599)
    assert period(few + "-" * 580) == (20, 600)


def test_out_of_bed_at_either_end_is_not_sleep():
    assert period("--" + "a" * 20 + "-" * 300 + "a" * 9 + "--") == (22, 322)


def test_missing_data_speak_for_nothing():
    assert period("1-1--1" + "?" * 50 + "-" * 300) == (6, 356)


@pytest.mark.parametrize(
    "text", ["", "-", "-----", "1-1-1-1-1-1-1-1-1-1-1-", "a" * 40, "?" * 40, "---???---"]
)
def test_without_stillness_there_is_no_sleep(text):
    assert period(text) == (0, 0)


@given(st.text("012-a?", max_size=200), st.floats(1.0, 10.0))
def test_the_period_lies_in_the_night(text, stillness_min):
    onset, final = period(text, stillness_min)

    assert 0 <= onset <= final <= len(text)
    assert final == 0 or final - onset >= 2 * stillness_min - 1


def test_a_long_wake_in_the_middle_leaves_both_sleeps():
    assert period("1-1-1-1" + "-" * 200 + "1-1-1-" * 30 + "-" * 200) == (7, 587)


@given(st.text("Ws?", max_size=120))
def test_rescoring_only_ever_adds_wake_to_what_is_known(text):
    awake, unknown = flags(text)
    after = webster(bridged(awake, unknown), unknown)

    assert (after | ~awake).all()
    assert not (after & unknown).any()
