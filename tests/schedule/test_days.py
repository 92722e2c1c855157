"""When appointments come due, in nights of 23, 24 and 25 hours."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.schedule.days import WEEKDAYS, Appointment, instant, time_of_day, upcoming

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "UTC",
         "Asia/Kathmandu", "Pacific/Apia")  # fmt: skip


def utc(*when):
    return datetime(*when, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "text", ["", "7", "25:00", "12:60", "7:5", "12:00:00", "-1:00", "٣:x", "noon"]
)
def test_what_is_no_time_of_day(text):
    with pytest.raises(ValueError, match=f'"{text}" is no time of day; write'):
        time_of_day(text)


@pytest.mark.parametrize(
    ("text", "at"), [("22:30", time(22, 30)), (" 7:05", time(7, 5)), ("00:00", time())]
)
def test_times_of_day(text, at):
    assert time_of_day(text) == at


def test_a_time_that_comes_twice_is_its_first():
    assert instant(AUTUMN, time(2, 30), BERLIN) == utc(2026, 10, 25, 0, 30)
    assert instant(AUTUMN, time(3, 0), BERLIN) == utc(2026, 10, 25, 2, 0)


def test_a_time_that_is_skipped_is_the_moment_of_the_shift():
    for minute in (0, 1, 30, 59):
        assert instant(SPRING, time(2, minute), BERLIN) == utc(2026, 3, 29, 1, 0)
    assert instant(SPRING, time(1, 59), BERLIN) == utc(2026, 3, 29, 0, 59)
    assert instant(SPRING, time(3, 0), BERLIN) == utc(2026, 3, 29, 1, 0)


def test_a_shift_of_half_an_hour_and_one_at_midnight():
    lord_howe, havana = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/Havana")
    assert instant(date(2026, 10, 4), time(2, 15), lord_howe) == utc(2026, 10, 3, 15, 30)
    assert instant(date(2026, 3, 8), time(0, 30), havana) == utc(2026, 3, 8, 5, 0)


def moments(appointment, zone, start, days):
    wall_s, found = datetime.combine(start, time(12), zone).timestamp(), []
    for _ in range(days):
        due = appointment.next(wall_s, zone)
        found.append(due)
        wall_s = due.wall_s
    return found


@pytest.mark.parametrize("shift", [SPRING, AUTUMN])
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 4, 7, 22, 23])
@pytest.mark.parametrize("minute", [0, 30])
def test_each_local_day_has_one(shift, hour, minute):
    appointment = Appointment("x", time(hour, minute), 60.0)
    found = moments(appointment, BERLIN, shift - timedelta(days=3), 6)
    days = [due.day for due in found]
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(days))
    for due in found:
        local = due.at(BERLIN)
        assert local.date() == due.day
        skipped = due.day == SPRING and hour == 2
        assert local.time() == (time(3, 0) if skipped else time(hour, minute))
        assert local.fold == 0


def test_what_begins_ahead_ends_on_time_in_every_night():
    sunrise = Appointment("sunrise", time(3, 10), 60.0, ahead_s=1800.0)
    for shift, begins in ((SPRING, (0, 40)), (AUTUMN, (1, 40))):
        [due] = [
            due
            for due in moments(sunrise, BERLIN, shift - timedelta(days=2), 3)
            if due.day == shift
        ]
        assert due.wall_s == utc(shift.year, shift.month, shift.day, *begins)


def test_what_begins_the_day_before():
    early = Appointment("x", time(0, 10), 60.0, ahead_s=1800.0)
    due = early.next(utc(2026, 6, 1, 12), BERLIN)
    assert due.at(BERLIN) == datetime(2026, 6, 1, 23, 40, tzinfo=BERLIN)
    assert due.day == date(2026, 6, 2)
    assert early.last(due.wall_s + 1.0, BERLIN) == due
    assert early.next(due.wall_s - 1.0, BERLIN) == due


def test_weekdays():
    alarm = Appointment("x", time(6), 60.0, days=WEEKDAYS)
    friday = utc(2026, 6, 5, 12)
    assert alarm.next(friday, BERLIN).day == date(2026, 6, 8)
    assert alarm.last(utc(2026, 6, 8, 3), BERLIN).day == date(2026, 6, 5)


@given(
    st.sampled_from(ZONES),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.integers(1_100_000_000, 1_900_000_000),
    st.sampled_from([0.0, 900.0, 7200.0]),
)
def test_last_and_next_are_neighbours(name, at, wall_s, ahead_s):
    zone, appointment = ZoneInfo(name), Appointment("x", at, 60.0, ahead_s)
    last, coming = appointment.last(wall_s, zone), appointment.next(wall_s, zone)
    assert last.wall_s <= wall_s < coming.wall_s
    assert coming.wall_s - last.wall_s <= 49 * 3600.0
    assert appointment.next(last.wall_s, zone) == coming
    assert appointment.last(coming.wall_s, zone) == coming


def test_upcoming_is_in_order():
    found = upcoming(
        [Appointment("late", time(23), 1.0), Appointment("early", time(6), 1.0)],
        utc(2026, 6, 1, 12),
        BERLIN,
    )
    assert [(due.name, f"{due.at(BERLIN):%d %H:%M}") for due in found] == [
        ("late", "01 23:00"),
        ("early", "02 06:00"),
    ]
