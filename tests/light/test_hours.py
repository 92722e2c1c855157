from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bedside.light.hours import Hours
from bedside.light.settings import LightSettings

BERLIN = ZoneInfo("Europe/Berlin")


def wall(*when, fold=0):
    return datetime(*when, fold=fold, tzinfo=BERLIN).timestamp()


@pytest.fixture
def hours():
    return Hours(LightSettings(), BERLIN)


@pytest.mark.parametrize(
    ("hour", "minute", "night"),
    [
        (21, 59, False),
        (22, 0, True),
        (23, 59, True),
        (0, 0, True),
        (5, 59, True),
        (6, 0, False),
        (12, 0, False),
    ],
)
def test_a_night_across_midnight(hours, hour, minute, night):
    assert hours.night(wall(2026, 6, 1, hour, minute)) is night
    assert hours.ceiling(wall(2026, 6, 1, hour, minute)) == (0.2 if night else 1.0)


def test_a_night_within_a_day():
    nap = Hours(LightSettings(night_from="13:00", night_until="15:00"), BERLIN)
    assert [nap.night(wall(2026, 6, 1, hour)) for hour in (12, 13, 14, 15)] == [
        False,
        True,
        True,
        False,
    ]


def test_the_ceiling_comes_down_a_moment_before_the_night(hours):
    assert hours.ceiling(wall(2026, 6, 1, 21, 59, 52)) == 1.0
    assert hours.ceiling(wall(2026, 6, 1, 21, 59, 54)) == 0.2


def test_while_nobody_knows_the_time_it_may_be_night(hours):
    assert hours.night(None) is True
    assert hours.ceiling(None) == 0.2
    assert hours.left_s(None) == 12 * 3600.0


def test_how_long_the_night_lasts_where_the_clocks_change(hours):
    assert hours.left_s(wall(2026, 3, 28, 22)) == 7 * 3600.0
    assert hours.left_s(wall(2026, 10, 24, 22)) == 9 * 3600.0
    assert hours.left_s(wall(2026, 6, 1, 5)) == 3600.0
    assert hours.night(wall(2026, 10, 25, 2, 30, fold=1)) is True
