import pytest

from bedside.pipeline.night import score
from bedside.pipeline.samples import Span
from bedside.pipeline.series import SeriesSettings
from bedside.pipeline.words.meaning import DOCTOR, jerks_throughout, meaning

HOUR = 3600.0


@pytest.fixture
def restless(night, move):
    """Jerks every 10 min of the night."""
    return night(*(move(2000.0 + 600.0 * n, "jerk") for n in range(42)))


@pytest.fixture
def series(recorded, move):
    """A night with so many periodic movements."""

    def make(number, **changes):
        limbs = (move(2 * HOUR + 30.0 * n) for n in range(number))
        return score(recorded(*limbs), series=SeriesSettings(**changes))

    return make


def test_nothing_stands_out(night):
    assert meaning(night(), []) == [
        "Nothing in this night's movements stands out.",
        "One night alone says little, and there is no earlier one to compare with yet.",
    ]


def test_the_nights_before_stand_beside(night):
    assert meaning(night(), [night(), night()])[-1] == (
        "One night alone says little: the range of the last two nights stands beside the numbers."
    )


def test_without_sleep_or_with_half_a_night_nothing_is_made_of_it(night):
    assert meaning(night(presence=()), []) == []
    assert meaning(night(heard=()), []) == []
    assert meaning(night(heard=(Span(0.0, 3 * HOUR),)), []) == [
        "Too much of this night is missing to make anything of it."
    ]


def test_hypnic_jerks_are_normal(night, move):
    told = meaning(night(move(1500.0, "jerk")), [])

    assert told[0] == (
        "One jerk came while falling asleep. Such hypnic jerks are normal: most people have them "
        "now and then."
    )


def test_jerks_all_through_one_night_are_no_reason_yet(restless, night):
    told = meaning(restless, [night(), restless])

    assert told[0] == (
        "Short jerks came all through this night, not only while falling asleep. One night says "
        "little: see whether the coming nights are like it."
    )
    assert DOCTOR not in " ".join(told)


def test_jerks_all_through_several_nights_are_worth_showing_to_a_doctor(restless, night):
    told = meaning(restless, [night(), restless, restless])

    assert "It was so in three of four nights." in told[0]
    assert told[0].endswith(DOCTOR)


def test_jerks_in_one_part_of_the_night_are_not_all_through_it(night, move):
    many = night(*(move(2 * HOUR + 100.0 * n, "jerk") for n in range(60)))
    few = night(*(move((1.0 + n) * HOUR, "jerk") for n in range(6)))
    limbs = night(*(move(2000.0 + 600.0 * n) for n in range(42)))

    assert not any(jerks_throughout(each) for each in (many, few, limbs))


def test_a_short_night_has_no_all_through(night, move):
    both = (Span(0.0, 2.4 * HOUR),)
    jerks = [move(2000.0 + 300.0 * n, "jerk") for n in range(20)]

    assert not jerks_throughout(night(*jerks, presence=both, heard=both))
    assert not jerks_throughout(night(presence=()))


def test_a_periodic_index_above_the_threshold_is_a_finding(series):
    told = meaning(series(150), [])[0]

    assert "Limb movements came in regular series, 20.6 an hour of sleep; above 15 an hour" in told
    assert "It is a finding on a mattress and not a diagnosis" in told
    assert told.endswith("It differs much from night to night, so one night must not be judged.")


def test_a_child_has_another_threshold(series):
    assert "Limb" not in meaning(series(60), [])[0]
    assert "above 5 an hour" in meaning(series(60, child=True), [])[0]


def test_several_nights_are_judged_by_their_mean(series):
    high, low = series(150), series(20)

    lasting = meaning(high, [high, high])[0]
    assert "Over three nights the mean is 20.6, from 20.6 to 20.6." in lasting
    assert lasting.endswith(DOCTOR)

    passing = meaning(high, [low, low])[0]
    assert "Over three nights the mean is 8.7, from 2.7 to 20.6." in passing
    assert DOCTOR not in passing


def test_rhythms_and_clusters_mean_nothing_by_themselves(night, move):
    rhythm = [move(2 * HOUR + n, "jerk") for n in range(5)]
    clusters = [move(k * HOUR + t, "jerk") for k in (3, 4) for t in (0.0, 0.5, 2.5)]

    assert meaning(night(*rhythm, *clusters), [])[0] == (
        "One series of quick, even bursts, as of a foot and two clusters of jerks were felt; by "
        "itself that means nothing."
    )
    assert meaning(night(*clusters[:3]), [])[0].startswith("One cluster of jerks was felt")


def test_a_reflex_is_normal(night, move):
    told = meaning(night(move(3 * HOUR, "jerk"), stimuli_s=(3 * HOUR - 1.0,)), [])

    assert told[0] == (
        "One twitch came within two seconds of a noise or the light. That is a reflex, and normal."
    )
