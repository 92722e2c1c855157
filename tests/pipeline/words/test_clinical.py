"""A night in the words of the doctor's sheet."""

import pytest

from bedside.pipeline.samples import Span
from bedside.pipeline.words.clinical import definitions, in_short, indices
from bedside.pipeline.words.times import Times

HOUR = 3600.0
CLOCK = Times(((0.0, 22 * HOUR),), 0.0)


def series(move, start_s=2 * HOUR, count=20):
    return [move(start_s + 25.0 * number) for number in range(count)]


def told(night):
    return {index.label: index.value for index in indices(night)}


def test_the_night_is_said_in_three_sentences(night, move):
    hypnic = move(1000.0, "jerk")
    jerks = [move(3 * HOUR + 600.0 * number, "jerk") for number in range(4)]

    counts, apart, recorded = in_short(night(hypnic, *jerks, *series(move)), CLOCK)

    assert "20 limb movements and four jerks" in counts
    assert "One periodic series: periodic index" in counts
    assert "below the 15 from which it is named" in counts
    assert apart.startswith("One jerk while falling asleep, counted apart")
    assert apart.endswith("jerks were occasional.")
    assert recorded == "Recorded: 100 % of the time in bed."


def test_a_high_index_is_named_so(night, move):
    many = [m for hour in range(1, 7) for m in series(move, hour * HOUR, 40)]

    counts, *_ = in_short(night(*many), CLOCK)

    assert "above the 15" in counts


def test_jerks_all_through_the_night_are_told_apart_from_falling_asleep(night, move):
    jerks = [move(HOUR + 300.0 * number, "jerk") for number in range(72)]

    _, apart, _ = in_short(night(*jerks), CLOCK)

    assert apart == (
        "No jerks while falling asleep, counted apart; jerks came all through the sleep."
    )


def test_gaps_are_said(night):
    heard = (Span(0.0, 4 * HOUR), Span(5 * HOUR, 8 * HOUR))

    *_, recorded = in_short(night(heard=heard), CLOCK)

    assert recorded == "Recorded: 88 % of the time in bed, one gap from 02:00 to 03:00."


def test_a_clock_that_was_not_set_is_said(night):
    *_, recorded = in_short(night(clock_known=False), Times((), 0.0))

    assert "the clock was not set" in recorded


def test_an_empty_bed_is_said(night):
    said, recorded = in_short(night(presence=()), CLOCK)

    assert said == "Nobody lay in the bed."
    assert recorded.startswith("Recorded: 100 %")


def test_the_indices_are_those_of_the_night(night, move):
    scored = night(*series(move))
    found = told(scored)

    assert found["Periodic index, asleep"] == f"{scored.indices.periodic_index:.1f} an hour"
    assert found["Periodicity"] == "100 %"
    assert found["Periodic series"] == "1"
    assert found["Longest of them"] == "8 min"


def test_what_cannot_be_told_is_a_dash_and_no_nought(night):
    found = told(night())

    assert found["Longest of them"] == "–"
    assert found["Periodicity"] == "–"
    assert found["Periodic series"] == "0"


@pytest.mark.parametrize(
    ("rule", "said"), [("wasm", "WASM 2016: 10 to 90 s"), ("aasm", "AASM: 5 to 90 s")]
)
def test_the_definitions_follow_the_rule_in_force(rule, said):
    terms = {term.word: term.meaning for term in definitions(rule, 15.0)}

    assert said in terms["Periodic series"]
    assert "no PLMS index" in terms["Periodic index"]
    assert "15 an hour" in terms["Periodic index"]
    assert ("in sleep alone" in terms["Periodic series"]) is (rule == "aasm")
