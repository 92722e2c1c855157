import numpy as np
import pytest

from bedside.pipeline.recorded import Fault
from bedside.pipeline.samples import Span
from bedside.pipeline.words.opening import mood, opening, twitches, warnings
from bedside.pipeline.words.times import Times

HOUR = 3600.0
NO_CLOCK = Times((), 0.0)


@pytest.fixture
def jerks(move):
    """As many as asked for asleep, and while falling asleep."""

    def make(asleep=0, hypnic=0):
        return [
            *(move(2 * HOUR + 600.0 * n, "jerk") for n in range(asleep)),
            *(move(1400.0 + 20.0 * n * n, "jerk") for n in range(hypnic)),
        ]

    return make


@pytest.mark.parametrize(
    ("asleep", "hypnic", "said"),
    [
        (0, 0, "Calm night: no twitches in 7 h 18 min."),
        (1, 0, "Calm night: 1 twitch in 7 h 18 min."),
        (0, 1, "Calm night: 1 twitch in 7 h 18 min, while falling asleep."),
        (0, 2, "Calm night: 2 twitches in 7 h 18 min, both while falling asleep."),
        (0, 3, "Calm night: 3 twitches in 7 h 18 min, all of them while falling asleep."),
        (4, 2, "Calm night: 6 twitches in 7 h 18 min, two of them while falling asleep."),
        (5, 0, "Calm night: 5 twitches in 7 h 18 min."),
    ],
)
def test_the_opening_sentence(night, jerks, asleep, hypnic, said):
    assert opening(night(*jerks(asleep, hypnic))) == said


def test_twitches_are_jerks_and_limb_movements_in_sleep_and_hypnic_jerks(night, move, jerks):
    others = [move(3.03 * HOUR), move(3 * HOUR, "turn"), move(600.0, "jerk"), move(700.0)]

    # The jerk at 10 min is within a quarter of an hour of sleep onset.
    assert twitches(night(*jerks(2, 1), *others)) == 5


def test_a_night_of_series_says_so(night, move, jerks):
    limbs = [move(3 * HOUR + 25.0 * n) for n in range(30)]

    assert opening(night(*limbs, *jerks(4, 3))).endswith(", most of them in periodic series.")


@pytest.mark.parametrize(
    ("an_hour", "said"), [(2, "Calm night"), (20, "Fairly calm night"), (40, "Restless night")]
)
def test_the_mood_follows_the_movements(night, move, an_hour, said):
    times_s = np.arange(1 * HOUR, 7 * HOUR, HOUR / an_hour / 7.2 * 6)

    assert mood(night(*(move(t, "jerk") for t in times_s))) == said


@pytest.mark.parametrize(("minutes", "said"), [(50, "Fairly calm night"), (100, "Restless night")])
def test_the_mood_follows_the_wake_in_between(night, move, minutes, said):
    wake_s = np.arange(3 * HOUR, 3 * HOUR + minutes * 60.0, 100.0)

    assert mood(night(*(move(t, "turn") for t in wake_s))) == said


def test_an_empty_bed(night):
    assert opening(night(presence=())) == "Nobody lay in the bed."
    assert opening(night(presence=(), until_s=HOUR)) == "The bed has been empty so far."


def test_nothing_recorded(night):
    assert opening(night(presence=(), heard=())) == "Nothing was recorded in this night."


def test_in_bed_but_not_asleep(night, move):
    turns = [move(t, "turn") for t in np.arange(0, 8 * HOUR, 100.0)]
    half = (Span(0.0, 1800.0),)

    assert opening(night(*turns)) == "8 h 0 min in bed, in which no sleep could be told."
    told = opening(night(*turns, until_s=1800.0, presence=half))
    assert told == "In bed for 30 min so far, and not asleep yet."


def test_a_night_still_going_on(night, jerks):
    told = opening(night(*jerks(2), until_s=5 * HOUR))

    assert told == "The night is still going on: 2 twitches in 4 h 38 min."


def test_low_coverage_comes_first(night, jerks):
    heard = (Span(0.0, 3 * HOUR), Span(6 * HOUR, 8 * HOUR))
    told = night(*jerks(3), heard=heard)

    assert opening(told) == "Only 63 % of this night was recorded: 3 twitches in 4 h 18 min."
    assert warnings(told, NO_CLOCK) == [
        "This report covers only 63 % of the night: there are no data for 3 h 0 min, the longest "
        "stretch from +3:00 to +6:00. What happened then is not in the counts."
    ]


def test_low_coverage_of_an_empty_bed_and_of_a_night_going_on(night):
    little = (Span(0.0, HOUR),)

    assert opening(night(presence=(), heard=little)) == (
        "Only 13 % of this night was recorded: nobody lay in the bed."
    )
    assert opening(night(heard=little, until_s=4 * HOUR)).startswith(
        "Only 25 % of this night was recorded so far: no twitches in 38 min"
    )


def test_enough_coverage_needs_no_warning(night):
    assert warnings(night(heard=(Span(0.0, 0.8 * 8 * HOUR),)), NO_CLOCK) == []


@pytest.mark.parametrize(
    ("odr_hz", "said"),
    [
        (1.6, "only 1.6 samples a second, too few for short jerks, which need 25: jerks and most"),
        (12.5, "only 12.5 samples a second, too few for short jerks, which need 25: some or all"),
    ],
)
def test_a_sensor_too_slow_is_named(night, odr_hz, said):
    assert said in warnings(night(odr_hz=odr_hz), NO_CLOCK)[0]
    assert warnings(night(odr_hz=25.0), NO_CLOCK) == []


def test_an_unknown_clock_and_cautions_are_named(night):
    told = warnings(night(clock_known=False, cautions=("axis z is dead",)), NO_CLOCK)

    assert told == [
        "The clock was not set in this night: times count from its beginning.",
        "Axis z is dead.",
    ]


def test_faults_are_told_once_with_their_times(night):
    gone = "The sensor does not answer"
    faults = (
        Fault(HOUR, HOUR + 600.0, "sensor", gone),
        Fault(2 * HOUR, 2 * HOUR + 60.0, "sensor", gone),
        Fault(3 * HOUR, None, "disk", "The disk is full."),
        Fault(4 * HOUR, 5 * HOUR, "thermometer", "no answer"),
        Fault(-50.0, -10.0, "disk", "Before the night."),
        Fault(9 * HOUR, None, "disk", "After it."),
    )

    assert warnings(night(faults=faults), NO_CLOCK) == [
        "Twice, first at +1:00: The sensor does not answer.",
        "Since +3:00: The disk is full.",
        "From +4:00 to +5:00: No answer.",
    ]


def test_many_faults_are_cut_short(night):
    faults = tuple(Fault(HOUR, None, "part", f"Fault {n}.") for n in range(9))

    told = warnings(night(faults=faults), NO_CLOCK)
    assert len(told) == 6
    assert told[-1] == "Four more faults of other kinds came up."
