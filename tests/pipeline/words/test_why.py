"""Why a movement has its name: every figure that counted, in calm words."""

import pytest

from bedside.pipeline.movements import Movement
from bedside.pipeline.series import Series
from bedside.pipeline.tally import ScoredMovement
from bedside.pipeline.words.why import Surroundings, lasted, name, places, state, strength, why

T = 1_795_000_000.0


def moved(kind="jerk", length_s=0.25, peak_mg=60.0, tilt_mg=0.6, far=False, cause="", at_s=0.0):
    start_s = T + at_s
    return Movement(start_s, start_s + length_s, kind, peak_mg, 1.25, tilt_mg, far, cause)


def said(movement, around=None, **scored):
    state = {"asleep": True} | scored
    return " ".join(why(ScoredMovement(movement, **state), around or Surroundings()))


def test_a_jerk():
    told = said(moved(), Surroundings(floor_mg=4.0))

    assert "The push lasted 0.30 s." in told
    assert "60 mg (1000 mg is the pull of the earth), 15 times the 4.0 mg" in told
    assert "The sharpest jolt in it was 1.2 g a second." in told
    assert "lay as before (its tilt changed by 0.6 mg)" in told
    assert "less than 0.5 s that leaves the sensor lying as before is called a jerk" in told
    assert "Nothing else moved within a minute" in told


@pytest.mark.parametrize(
    ("kind", "length_s", "tilt_mg", "words"),
    [
        ("limb_movement", 1.8, 0.5, "0.5 s to 10 s that leaves the sensor lying as before"),
        ("turn", 6.0, 21.0, "lay tilted by 21 mg, about 1.2 degrees."),
        ("turn", 12.0, 0.0, "or lasts longer than 10 s, is called a turn"),
        ("bed_exit", 5.0, 60.0, "the bed was empty"),
        ("bed_entry", 5.0, 60.0, "somebody came to bed"),
    ],
)
def test_each_kind_has_its_rule(kind, length_s, tilt_mg, words):
    told = said(moved(kind, length_s, tilt_mg=tilt_mg))

    assert words in told
    assert "more than its own figures" not in told


def test_a_name_that_its_figures_alone_do_not_give_is_not_explained_by_them():
    assert "gave it this name" in said(moved("limb_movement", 0.2))


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("door", "like a door that falls shut"),
        ("steps", "somebody walking past"),
        ("lorry", "a lorry passes"),
        ("machine", "as a machine does"),
        ("glitch", "the sensor or its cable"),
        ("partner", "somebody else in the bed moved"),
        ("", "as a sleeper does not"),
        ("<b>new</b>", "as a sleeper does not"),
    ],
)
def test_each_cause_of_a_disturbance(cause, words):
    told = said(moved("disturbance", 1.0, cause=cause))

    assert words in told
    assert "called a" not in told


def test_the_quiet_level_is_left_out_where_it_says_nothing():
    assert "times" not in said(moved(peak_mg=5.0), Surroundings(floor_mg=4.0))
    assert "times" not in said(moved(), Surroundings(floor_mg=0.0))


@pytest.mark.parametrize(
    ("onset_s", "words"),
    [(-240.0, "4 min before the"), (300.0, "5 min after the"), (None, "near the")],
)
def test_a_hypnic_jerk_is_called_normal(onset_s, words):
    told = said(moved(), Surroundings(onset_s=onset_s), hypnic=True)

    assert f"It came {words} estimated beginning of sleep." in told
    assert "a hypnic jerk, which is normal" in told


def test_a_reflex_and_what_was_said_of_it():
    assert "within 2 s after a noise" in said(moved(), reflex=True)
    assert "so it is not counted." in said(moved(), Surroundings(verdict="wrong"))
    assert "somebody else's" in said(moved(), Surroundings(verdict="partner"))


def test_its_neighbours():
    told = said(moved(), Surroundings(before_s=22.04, after_s=-0.2))
    assert "What moved before it had ended 22.0 s earlier and the next began 0.0 s later." in told

    told = said(moved(), Surroundings(before_s=60.0, after_s=31.0))
    assert "The next began 31.0 s later." in told


def test_its_place_in_a_series():
    own = [moved("limb_movement", 1.5, at_s=27.0 * n) for n in range(6)]
    own.insert(3, moved("jerk", 0.2, at_s=60.0))
    series = Series("periodic", own[0].start_s, own[-1].end_s, 6, 27.0)

    assert places(own[4], [series], own) == ((series, 4),)
    assert places(own[3], [series], own) == (), "too short for it"
    assert places(moved("limb_movement", 1.5, at_s=27.0, far=True), [series], own) == ()
    assert places(moved("limb_movement", 1.5, at_s=900.0), [series], own) == ()
    told = said(own[4], Surroundings(series=((series, 4),)))
    assert "It is number 4 of the 6 movements of a periodic series, one every 27 s." in told


def test_names_lengths_and_states():
    assert name(moved()) == "Jerk"
    assert name(moved("disturbance", cause="lorry")) == "Not the sleeper: a lorry"
    assert name(moved("jerk", far=True)) == "Not the sleeper: somebody else in the bed"
    assert [lasted(moved(length_s=s)) for s in (0.15, 9.9, 12.3)] == ["0.20 s", "10 s", "12 s"]
    assert [strength(mg) for mg in (0.44, 9.94, 9.96, 1234.5)] == [
        "0.4 mg", "9.9 mg", "10 mg", "1234 mg"
    ]  # fmt: skip
    assert state(ScoredMovement(moved(), True, hypnic=True, reflex=True)) == (
        "while falling asleep, right after a noise or the light"
    )
    assert state(ScoredMovement(moved(), False)) == "awake"
    assert state(ScoredMovement(moved(), None, reflex=True)) == "right after a noise or the light"
    assert state(ScoredMovement(moved("disturbance"), True)) == ""
