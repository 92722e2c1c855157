"""Nights with a word of the diary and without it: small differences are not oversold."""

import random
from datetime import date, timedelta

import pytest

from bedside.nights.differences import differences

FIRST = date(2026, 9, 1)


@pytest.fixture
def kept(summary):
    """Make nights and their diary: pairs of (movements an hour, tags), or None for no diary."""

    def make(pairs):
        nights, diary = [], {}
        for at, (rate, tags) in enumerate(pairs):
            evening = FIRST + timedelta(at)
            nights.append(summary(evening, rate))
            if tags is not None:
                diary[evening.isoformat()] = tuple(tags)
        return differences(nights, diary)

    return make


def moved(told):
    return told.differences[0]


def test_an_empty_diary_tells_nothing(kept):
    assert kept([(5.0, None)] * 20) == ([], 0)
    assert kept([(5.0, [])] * 20) == ([], 0)


def test_below_five_nights_on_a_side_it_is_too_early(kept):
    (few,), asked = kept([(50.0, ["coffee"])] * 4 + [(5.0, [])] * 30)
    assert (few.nights, few.nights_without, asked) == (4, 30, 0)
    assert moved(few).verdict == "early"
    assert moved(few).text == "Too early to say: four nights with it, five needed."
    assert (moved(few).middle, moved(few).middle_without) == (50.0, 5.0)

    (most,), _asked = kept([(50.0, ["coffee"])] * 30 + [(5.0, [])])
    assert moved(most).text == "Too early to say: one night without it, five needed."


def test_a_night_without_a_diary_is_on_no_side(kept):
    (coffee,), _asked = kept([(9.0, ["coffee"])] * 5 + [(5.0, None)] * 50 + [(5.0, [])] * 6)

    assert (coffee.nights, coffee.nights_without) == (5, 6)


def test_a_clear_difference_is_told_with_its_doubt(kept):
    dice = random.Random(1)
    pairs = [(dice.uniform(18, 30), ["coffee"]) for _ in range(12)]
    pairs += [(dice.uniform(4, 12), []) for _ in range(14)]
    (coffee,), asked = kept(pairs)

    assert asked == 3
    assert moved(coffee).verdict == "clear"
    assert moved(coffee).text.startswith("More with it, by about 1")
    assert "in 100 of 100 pairs" in moved(coffee).text
    assert "what else was different on those evenings is not known" in moved(coffee).text


def test_what_could_be_chance_is_called_that(kept):
    dice = random.Random(1)
    pairs = [(dice.uniform(4, 12), ["bath"] if n % 2 else []) for n in range(40)]
    (bath,), _asked = kept(pairs)

    assert {each.verdict for each in bath.differences} == {"chance"}
    assert moved(bath).text == "No difference that could not be chance."


def test_a_small_difference_is_not_oversold(kept):
    dice = random.Random(4)
    pairs = [(dice.uniform(10.0, 10.6), ["bath"]) for _ in range(60)]
    pairs += [(dice.uniform(9.7, 10.3), []) for _ in range(60)]
    (bath,), _asked = kept(pairs)

    assert moved(bath).verdict == "small"
    assert "small beside how nights differ anyway" in moved(bath).text


def test_many_words_make_the_limit_stricter(kept):
    dice = random.Random(2)
    sides = [["bath"] if n < 8 else [] for n in range(16)]
    pairs = [(dice.uniform(6, 14) + 4.0 * bool(tags), tags) for tags in sides]
    (alone,), _ = kept(pairs)
    words = [f"word {n}" for n in range(9)]
    crowded = [(rate, [*tags, *(w for w in words if dice.random() < 0.5)]) for rate, tags in pairs]
    among, asked = kept(crowded)

    assert asked > 20
    assert moved(next(each for each in among if each.tag == "bath")).p > moved(alone).p


def test_of_made_up_diaries_hardly_any_tells_a_difference(summary):
    """All is chance here: at most one page in twenty, in the long run, may tell otherwise."""
    wrong = 0
    for seed in range(60):
        dice = random.Random(seed)
        nights = [summary(FIRST + timedelta(n), dice.lognormvariate(2, 0.5)) for n in range(40)]
        diary = {
            night.evening.isoformat(): tuple(t for t in "abcde" if dice.random() < 0.4)
            for night in nights
        }
        told, _asked = differences(nights, diary)
        verdicts = {each.verdict for tag in told for each in tag.differences}
        wrong += bool(verdicts & {"small", "clear"})

    assert wrong <= 7


def test_the_most_frequent_word_comes_first(kept):
    told, _asked = kept([(5.0, ["a"])] * 2 + [(5.0, ["b", "c"])] * 3)

    assert [each.tag for each in told] == ["b", "c", "a"]
