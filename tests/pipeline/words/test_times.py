from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.pipeline.samples import Span
from bedside.pipeline.words.times import HOUR_S, Times

AUTUMN = datetime(2026, 10, 25, 1, tzinfo=UTC).timestamp()  # Berlin goes back from 3 to 2
SPRING = datetime(2026, 3, 29, 1, tzinfo=UTC).timestamp()  # and forward from 2 to 3
BACK = Times(((0.0, 2 * HOUR_S), (AUTUMN, HOUR_S)), 0.0)
FORWARD = Times(((0.0, HOUR_S), (SPRING, 2 * HOUR_S)), 0.0)


def labels(times, span):
    return [label for label, _ in times.hours(span)]


def test_times_of_day():
    assert BACK.at(AUTUMN - 60.0) == "02:59"
    assert BACK.at(AUTUMN) == "02:00"
    assert FORWARD.at(SPRING - 1.0) == "01:59"
    assert FORWARD.at(SPRING) == "03:00"
    assert BACK.span(Span(AUTUMN - 4 * HOUR_S, AUTUMN)) == "from 23:00 to 02:00"


def test_before_the_first_offset_it_holds_too():
    assert Times(((AUTUMN, HOUR_S),), 0.0).at(AUTUMN - 60.0) == "01:59"


def test_without_a_clock_times_count_from_the_beginning():
    times = Times((), 1000.0)

    assert not times.known
    assert times.at(1000.0 + 3900.0) == "+1:05"
    assert times.at(940.0) == "-0:01"
    assert labels(times, Span(1000.0, 1000.0 + 2.5 * HOUR_S)) == ["0", "1", "2"]


def test_the_hour_that_comes_twice_is_labelled():
    span = Span(AUTUMN - 1.5 * HOUR_S, AUTUMN + 1.5 * HOUR_S)

    assert labels(BACK, span) == ["1", "2", "2 again", "3"]
    assert BACK.seams(span) == [(AUTUMN, -HOUR_S)]


def test_the_hour_that_is_skipped_is_left_out():
    span = Span(SPRING - 1.5 * HOUR_S, SPRING + 1.5 * HOUR_S)

    assert labels(FORWARD, span) == ["0", "1", "3", "4"]
    assert FORWARD.seams(span) == [(SPRING, HOUR_S)]


def test_a_seam_outside_is_none():
    assert BACK.seams(Span(0.0, AUTUMN)) == []
    assert Times(((0.0, HOUR_S), (50.0, HOUR_S)), 0.0).seams(Span(0.0, 100.0)) == []


def test_half_hour_zones_have_full_hours_too():
    kolkata = Times(((0.0, 5.5 * HOUR_S),), 0.0)

    hours = kolkata.hours(Span(0.0, HOUR_S))
    assert hours == [("5", Span(0.0, 1800.0)), ("6", Span(1800.0, 3600.0))]


@given(st.integers(0, 2_000_000_000), st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe"]))
def test_times_agree_with_the_calendar(t_s, zone):
    there = datetime.fromtimestamp(t_s, ZoneInfo(zone))
    times = Times(((t_s - 5.0, there.utcoffset().total_seconds()),), 0.0)

    assert times.at(float(t_s)) == f"{there:%H:%M}"


@given(
    st.integers(-20 * 3600, 20 * 3600),
    st.integers(60, 30 * 3600),
    st.sampled_from([BACK, FORWARD, Times((), AUTUMN), Times(((0.0, 20700.0),), 0.0)]),
)
def test_hours_make_the_whole_span(start_s, length_s, times):
    span = Span(AUTUMN + start_s, AUTUMN + start_s + length_s)
    hours = times.hours(span)

    assert hours[0][1].start_s == span.start_s
    assert hours[-1][1].end_s == span.end_s
    assert all(a.end_s == b.start_s for (_, a), (_, b) in pairwise(hours))
    assert all(0.0 < each.length_s <= HOUR_S + 1e-6 for _, each in hours)


@pytest.mark.parametrize("shift_s", [0.1, 0.25, 1 / 3])
def test_hours_do_not_stall_on_rounding(shift_s):
    span = Span(AUTUMN + shift_s, AUTUMN + shift_s + 24 * HOUR_S)

    assert len(BACK.hours(span)) == 25
