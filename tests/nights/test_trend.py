"""What is said of some weeks, and what is not."""

import random
from datetime import date, timedelta

import pytest

from bedside.nights.measures import RATES
from bedside.nights.trend import by_hour, trend

LAST = date(2026, 11, 21)


@pytest.fixture
def weeks_of(summary):
    """Make nights up to LAST whose movements an hour are given, the newest last."""

    def make(rates, **changes):
        return [
            summary(LAST - timedelta(len(rates) - 1 - at), rate, **changes)
            for at, rate in enumerate(rates)
        ]

    return make


def test_without_nights_it_says_so():
    found = trend([], RATES["all"], LAST, 4)

    assert found.points == ()
    assert found.sentences == (
        "In the last 4 weeks no night was slept and recorded well enough to be shown.",
    )


@pytest.mark.parametrize("count", [1, 2, 9])
def test_few_nights_make_no_trend(weeks_of, count):
    found = trend(weeks_of([float(n + 1) for n in range(count)]), RATES["all"], LAST, 4)

    assert len(found.points) == count
    assert "too few to speak of a trend" in found.sentences[1]


def test_chance_is_called_chance(weeks_of):
    dice = random.Random(3)
    found = trend(weeks_of([dice.uniform(3, 9) for _ in range(28)]), RATES["jerk"], LAST, 4)

    assert found.sentences[0].startswith("In the last 4 weeks: ")
    assert "jerks an hour of sleep in 28 nights" in found.sentences[0]
    assert found.sentences[1] == "There is no trend that could not be chance."


@pytest.mark.parametrize(("step", "word"), [(0.5, "more"), (-0.5, "fewer")])
def test_a_steady_way_is_told_with_its_size(weeks_of, step, word):
    dice = random.Random(3)
    rates = [15 + step * n + dice.uniform(-2, 2) for n in range(28)]
    found = trend(weeks_of(rates), RATES["all"], LAST, 4)

    assert found.sentences[1].startswith(f"They became {word}, by about 1")


def test_a_steady_way_that_nobody_would_notice_is_called_that(weeks_of):
    found = trend(weeks_of([5 + 0.01 * n for n in range(28)]), RATES["all"], LAST, 4)

    assert "less than one would notice" in found.sentences[1]


def test_years_of_nights_are_looked_at_week_by_week(weeks_of):
    dice = random.Random(3)
    rates = [8 + 0.004 * n + dice.uniform(-3, 3) for n in range(3000)]
    found = trend(weeks_of(rates), RATES["all"], LAST, 520)

    assert len(found.points) == 3000
    assert found.sentences[1].startswith("They became more, by about 1")


def test_only_the_weeks_asked_for_count_and_only_good_nights(weeks_of):
    nights = weeks_of([5.0] * 60) + weeks_of([99.0], coverage=0.5) + weeks_of([98.0], ongoing=True)
    found = trend(nights, RATES["all"], LAST, 4)

    assert len(found.points) == 28
    assert found.points[0].evening == found.first == LAST - timedelta(27)
    assert found.left_out == 2


def test_around_a_night_are_the_seven_evenings_up_to_it(weeks_of):
    found = trend(weeks_of([1.0, 5.0, 3.0, 9.0, 2.0, 2.0, 2.0, 2.0]), RATES["all"], LAST, 4)

    assert [each.evening for each in found.around] == [LAST - timedelta(5 - n) for n in range(6)]
    assert found.around[0][1:] == (3.0, 1.0, 5.0)
    assert found.around[-1][1:] == (2.0, 2.0, 9.0)


class TestByHour:
    def test_it_is_the_rate_of_what_was_heard(self, summary):
        hours = [(23, 1800.0, 1, 0, 1), (0, 3600.0, 0, 3, 0), (1, 300.0, 9, 9, 9)]
        nights = [summary(LAST, 5.0, hours=hours)]

        cells = by_hour(nights, "", LAST, LAST, 1)
        assert [tuple(cell) for cell in cells] == [(LAST, 0, 3.0), (LAST, 23, 4.0)]
        assert [cell.rate for cell in by_hour(nights, "turn", LAST, LAST, 1)] == [0.0, 2.0]

    def test_an_hour_that_comes_twice_is_one_of_twice_the_length(self, summary):
        nights = [summary(LAST, 5.0, hours=[(2, 3600.0, 4, 0, 0), (2, 3600.0, 0, 0, 0)])]

        assert [cell.rate for cell in by_hour(nights, "jerk", LAST, LAST, 1)] == [2.0]

    def test_nights_may_be_put_together(self, summary):
        nights = [
            summary(LAST - timedelta(n), 5.0, hours=[(2, 3600.0, n, 0, 0)]) for n in range(14)
        ]
        cells = by_hour(nights, "", LAST - timedelta(13), LAST, 7)

        assert [(cell.first, cell.rate) for cell in cells] == [
            (LAST - timedelta(13), 10.0),
            (LAST - timedelta(6), 3.0),
        ]
