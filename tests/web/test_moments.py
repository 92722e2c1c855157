import pytest

from bedside.web.moments import Moments


@pytest.fixture
def moments(bedroom):
    """Give what is needed, at eight in the evening."""

    class House:
        clock, nights = bedroom.clock, bedroom.nights

    return Moments(House)


def test_by_the_time_of_day(moments, bedroom):
    now_s = bedroom.clock.monotonic()

    assert moments.at(now_s) == "20:00"
    assert moments.at(now_s - 3600.0) == "19:00"
    assert moments.since(now_s - 60.0) == "since 19:59"
    assert moments.ahead(1800.0) == "until 20:30"
    assert moments.ahead(1799.9) == "until 20:30"


def test_across_the_end_of_summer_time(moments, bedroom):
    bedroom.clock.step_wall(-20.0 * 86400.0 - 68200.0)  # 25 October, 02:03:20 CEST
    now_s = bedroom.clock.monotonic()

    assert moments.at(now_s) == "02:03"
    assert moments.ahead(3600.0) == "until 02:03"
    assert moments.ahead(7200.0) == "until 03:03"


def test_without_the_time_of_day(moments, bedroom):
    bedroom.clock.step_wall(0.0, known=False)
    now_s = bedroom.clock.monotonic()

    assert moments.at(now_s - 59.0) == "just now"
    assert moments.at(now_s - 150.0) == "2 min ago"
    assert moments.since(now_s - 5.0) == "for a moment"
    assert moments.since(now_s - 7500.0) == "for 2 h 5 min"
    assert moments.ahead(1800.0) == "for 30 min"
    assert moments.ahead(10.0) == "for 1 min"
