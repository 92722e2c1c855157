import pytest

from bedside.pipeline.comfort import ComfortSettings, breathing, comfort
from bedside.pipeline.listener import Minute
from bedside.pipeline.recorded import Temperature
from bedside.pipeline.samples import Span

ROOM = ComfortSettings()
HOUR = 3600.0


def test_readings_stand_until_the_next_one():
    readings = [Temperature(0.0, 17.0), Temperature(600.0, 19.0), Temperature(1200.0, 22.0)]

    room = comfort(readings, [Span(300.0, 1500.0)], ROOM)

    assert (room.below_s, room.inside_s, room.above_s) == (300.0, 600.0, 300.0)
    assert (room.least_c, room.most_c) == (17.0, 22.0)
    assert room.mean_c == pytest.approx((17 * 300 + 19 * 600 + 22 * 300) / 1200)
    assert room.mean_humidity is None


def test_a_reading_does_not_stand_for_hours():
    room = comfort([Temperature(0.0, 20.0, 40.0)], [Span(0.0, 8 * HOUR)], ROOM)

    assert room.inside_s == 900.0
    assert room.mean_humidity == 40.0


@pytest.mark.parametrize(("c", "where"), [(18.0, 1), (21.0, 1), (17.9, 0), (21.1, 2)])
def test_both_ends_of_the_band_are_comfortable(c, where):
    room = comfort([Temperature(0.0, c)], [Span(0.0, 60.0)], ROOM)

    assert [room.below_s, room.inside_s, room.above_s][where] == 60.0


def test_no_reading_in_bed_is_no_comfort():
    assert comfort([Temperature(0.0, 20.0)], [Span(HOUR, 2 * HOUR)], ROOM) is None
    assert comfort([], [Span(0.0, HOUR)], ROOM) is None
    assert comfort([Temperature(0.0, 20.0)], [], ROOM) is None


def test_a_band_upside_down_is_refused():
    with pytest.raises(ValueError, match=r"low_c \(22\) is above high_c \(21\)"):
        ComfortSettings(low_c=22.0)


def minute(at, breaths):
    return Minute(60.0 * at, 60.0, 1.0, 4.0, 8.0, breaths, 0.9)


def test_breathing_is_the_middle_of_the_minutes_slept_through():
    rates = [20.0, 14.0, 15.0, None, 16.0, 30.0]
    minutes = [minute(at, rate) for at, rate in enumerate(rates)]

    told = breathing(minutes, [Span(60.0, 300.0)])

    assert told.per_min == 15.0
    assert told.share == 0.75


def test_breathing_that_cannot_be_told():
    assert breathing([minute(0, None)], [Span(0.0, 60.0)]).per_min is None
    assert breathing([], []).share == 0.0
