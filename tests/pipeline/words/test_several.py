"""Several nights in the words of the doctor's sheet."""

import pytest

from bedside.pipeline.samples import Span
from bedside.pipeline.words.several import after_onset, fit, hours, over_nights, spreads

HOUR = 3600.0


@pytest.fixture
def restless(night, move):
    """Make a night with so many jerks, one every ten minutes from 1 h on."""

    def make(count, **changes):
        return night(*(move(HOUR + 600.0 * n, "jerk") for n in range(count)), **changes)

    return make


def test_only_nights_that_are_over_slept_and_recorded_are_counted(restless):
    whole, empty = restless(3), restless(0, presence=())
    torn = restless(3, heard=(Span(0.0, 5 * HOUR),))
    open_still = restless(3, until_s=7 * HOUR, end_s=20 * HOUR)

    assert fit([whole, empty, torn, open_still]) == [whole]


def test_no_such_night_is_said():
    assert over_nights([]) == [
        "None of these nights was slept and recorded well enough to be counted."
    ]
    assert spreads([]) == []


def test_several_nights_are_said_with_their_range(restless):
    nights = [restless(0), restless(12), restless(24)]
    rates = [each.counts["jerk"].asleep_per_hour for each in nights]

    per_hour, periodic, falling = over_nights(nights)

    assert f"jerks {sum(rates) / 3:.1f} (0.0 to {rates[2]:.1f})" in per_hour
    assert "above 15 in none of three nights" in periodic
    assert falling.startswith("Jerks while falling asleep in none of three nights, 0.0 a night")


def test_the_spread_of_a_figure(restless):
    found = {each.label: each for each in spreads([restless(0), restless(12), restless(24)])}
    jerks = found["Jerks, per h of sleep"]

    assert (jerks.nights, jerks.low) == (3, "0.0")
    assert float(jerks.low) < float(jerks.middle) < float(jerks.high)
    assert float(jerks.deviation) > 0
    assert found["Time in bed, h"].mean == "8:00"
    assert "Breaths, per min" not in found  # never told in these nights


def test_of_one_night_there_is_no_deviation(restless):
    assert {each.deviation for each in spreads([restless(3)])} == {"–"}


def test_movements_are_spread_over_the_hours_of_sleep(restless):
    night = restless(3)  # in the third quarter of an hour after onset, and later
    found = after_onset([night, night])

    assert [each.hour for each in found] == list(range(1, len(found) + 1))
    assert sum(each.jerks * each.asleep_h for each in found) == pytest.approx(
        2 * night.counts["jerk"].asleep
    )
    assert found[0].asleep_h == pytest.approx(2.0, abs=0.1)
    assert all(each.limb_movements == 0 for each in found)


def test_hypnic_jerks_are_in_no_hour(night, move):
    scored = night(move(1300.0, "jerk"))

    assert scored.counts["jerk"].hypnic == 1
    assert all(each.jerks == 0 for each in after_onset([scored]))


@pytest.mark.parametrize(("seconds", "said"), [(0.0, "0:00"), (25_920.0, "7:12"), (3599.0, "1:00")])
def test_hours_and_minutes(seconds, said):
    assert hours(seconds) == said
