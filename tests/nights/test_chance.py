"""What could be chance, held against SciPy."""

import numpy as np
import pytest
from scipy import stats

from bedside.nights import chance


@pytest.fixture
def dice():
    return np.random.default_rng(7)


@pytest.mark.parametrize(("n", "k"), [(5, 5), (6, 5), (7, 4)])
@pytest.mark.parametrize("digits", [0, 6], ids=["ties", "no ties"])
def test_few_nights_are_counted_exactly(dice, n, k, digits):
    one = dice.normal(0, 2, n).round(digits)
    other = dice.normal(1, 2, k).round(digits)

    def far(a, b):
        ranks = stats.rankdata(np.r_[a, b])
        return abs(ranks[: len(a)].sum() - len(a) * (len(ranks) + 1) / 2)

    want = stats.permutation_test(
        (one, other), far, permutation_type="independent", alternative="greater", n_resamples=10**6
    ).pvalue
    assert chance.difference_p(one, other) == pytest.approx(want, rel=1e-9)


@pytest.mark.parametrize("digits", [0, 6], ids=["ties", "no ties"])
def test_many_nights_go_by_the_normal_curve(dice, digits):
    one = dice.normal(0, 2, 60).round(digits)
    other = dice.normal(0.7, 2, 45).round(digits)

    want = stats.mannwhitneyu(one, other, method="asymptotic").pvalue
    assert chance.difference_p(one, other) == pytest.approx(want, rel=1e-9)


def test_exact_and_normal_meet_where_one_takes_over(dice):
    one, other = dice.normal(0, 1, 20), dice.normal(0.8, 1, 20)
    exact = chance.difference_p(one, other)
    about = stats.mannwhitneyu(one, other, method="asymptotic").pvalue

    assert exact == pytest.approx(about, rel=0.1)


@pytest.mark.parametrize(
    ("one", "other"), [([], [1.0]), ([], []), ([3.0] * 6, [3.0] * 9), ([2.0] * 30, [2.0] * 30)]
)
def test_nothing_to_tell_apart_is_chance(one, other):
    assert chance.difference_p(one, other) == 1.0


def test_superiority_is_the_share_of_pairs():
    assert chance.superiority([3, 4], [1, 2]) == 1.0
    assert chance.superiority([1, 2], [1, 2]) == 0.5
    assert chance.superiority([1], [1, 2]) == 0.25


def test_slope_is_that_of_theil_and_sen(dice):
    days = np.sort(dice.choice(200, 80, replace=False)).astype(float)
    figures = 0.02 * days + dice.normal(0, 1, 80)
    figures[3] = 400.0

    assert chance.slope(days, figures) == pytest.approx(stats.theilslopes(figures, days)[0])
    assert chance.slope([1.0], [4.0]) == 0.0
    assert chance.slope([], []) == 0.0


def test_a_steady_climb_is_no_chance_and_noise_is():
    days = list(range(30))
    climb = [day * 0.1 + (day % 3) * 0.2 for day in days]

    assert chance.trend_p(days, climb) < 0.001
    assert chance.trend_p(days, [float(day * 7 % 11) for day in days]) > 0.2


@pytest.mark.parametrize("figures", [[], [1.0], [1.0, 2.0], [5.0] * 20])
def test_no_trend_in_nothing(figures):
    assert chance.trend_p(list(range(len(figures))), figures) == 1.0


def test_nights_that_resemble_each_other_make_no_trend_of_themselves(dice):
    """Of 300 runs without a trend, each night a third of the one before, few may be called one."""
    called = 0
    for _ in range(300):
        run = [0.0]
        for step in dice.normal(0, 1, 59):
            run.append(run[-1] / 3 + step)
        called += chance.trend_p(list(range(60)), run) < 0.01
    assert called <= 12


def test_holm_allows_for_all_questions():
    assert chance.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert chance.holm([0.9, 0.8]) == [1.0, 1.0]
    assert chance.holm([]) == []
