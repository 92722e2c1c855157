import pytest

from bedside.pipeline.words import english


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "no twitches"), (1, "one twitch"), (2, "two twitches"), (9, "nine twitches"),
     (10, "10 twitches")],
)  # fmt: skip
def test_counts_below_ten_are_words(number, said):
    assert english.counted(number, "twitch", "twitches") == said


def test_plural_is_regular_unless_given():
    assert english.counted(3, "night") == "three nights"


@pytest.mark.parametrize(
    ("number", "said"), [(1, "once"), (2, "twice"), (3, "three times"), (12, "12 times")]
)
def test_times(number, said):
    assert english.times(number) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (20.4, "20 s"), (59.4, "59 s"), (59.6, "1 min"), (90, "2 min"), (2700, "45 min"),
     (3569, "59 min"), (3570, "1 h 0 min"), (3600, "1 h 0 min"), (25920, "7 h 12 min")],
)  # fmt: skip
def test_durations_are_rounded_once(seconds, said):
    assert english.duration(seconds) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0 %"), (1e-9, "1 %"), (0.614, "61 %"), (0.615, "62 %"),
     (0.9999, "99 %"), (1.0, "100 %")],
)  # fmt: skip
def test_percent_never_rounds_to_all_or_nothing(share, said):
    assert english.percent(share) == said


@pytest.mark.parametrize(("per_hour", "said"), [(0.04, "0.0"), (12.34, "12.3"), (103.9, "104")])
def test_rates(per_hour, said):
    assert english.rate(per_hour) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ("2 min", "14 min", "2 to 14 min"),
        ("45 min", "1 h 45 min", "45 min to 1 h 45 min"),
        ("16.1 an hour", "31.8 an hour", "16.1 to 31.8 an hour"),
        ("1", "3", "1 to 3"),
        ("3", "3", "3"),
    ],
)
def test_ranges_name_their_unit_once(low, high, said):
    assert english.between(low, high) == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_lists(parts, said):
    assert english.listed(parts) == said


def test_a_sentence_has_a_capital_and_a_stop():
    assert english.sentence(" the axis is clipped") == "The axis is clipped."
    assert english.sentence("Is it? ") == "Is it?"


def test_rates_name_their_time():
    assert english.an_hour(2.0) == "2.0 an hour"
    assert english.a_minute(14.24) == "14.2 a minute"
