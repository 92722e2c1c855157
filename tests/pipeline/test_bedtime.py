from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.pipeline.bedtime import NightSettings, bedtimes, between, joined, overlap_s
from bedside.pipeline.samples import Span

MIN = 60.0
DAY = Span(0.0, 86400.0)


def minutes(*edges):
    return [Span(a * MIN, b * MIN) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def beds(*edges, **changes):
    return [list(bed) for bed in bedtimes(minutes(*edges), NightSettings(**changes))]


def test_spans_are_cut_sorted_and_joined():
    spans = [Span(50, 60), Span(-5, 10), Span(10, 20), Span(15, 18), Span(70, 70), Span(90, 200)]

    assert joined(spans, Span(0, 100)) == [Span(0, 20), Span(50, 60), Span(90, 100)]


def test_what_lies_between():
    assert between([Span(10, 20), Span(30, 40)], Span(0, 50)) == [
        Span(0, 10),
        Span(20, 30),
        Span(40, 50),
    ]
    assert between([Span(0, 20), Span(30, 50)], Span(0, 50)) == [Span(20, 30)]
    assert between([], Span(0, 50)) == [Span(0, 50)]


def test_a_walk_to_the_bathroom_does_not_end_the_night():
    assert beds(0, 200, 210, 480) == [minutes(0, 200, 210, 480)]


@pytest.mark.parametrize(("apart", "number"), [(59.9, 1), (60.0, 2)])
def test_an_hour_apart_is_another_time_in_bed(apart, number):
    assert len(beds(0, 200, 200 + apart, 480)) == number


def test_the_longest_time_in_bed_is_the_night():
    nap, night, doze = minutes(0, 40), minutes(600, 700, 710, 1100), minutes(1200, 1230)

    assert beds(0, 40, 600, 700, 710, 1100, 1200, 1230)[0] == night
    assert beds(0, 40, 600, 700, 710, 1100, 1200, 1230)[1:] == [nap, doze]


def test_sitting_down_on_the_bed_is_not_going_to_bed():
    assert beds(0, 3, 40, 480, 500, 502) == [minutes(40, 480)]
    assert beds(0, 3, 40, 480, visit_min=2.0) == [minutes(0, 3, 40, 480)]


def test_a_short_return_within_the_night_counts():
    assert beds(0, 200, 210, 213, 220, 480) == [minutes(0, 200, 210, 213, 220, 480)]


def test_visits_alone_are_kept_when_there_is_nothing_else():
    assert beds(0, 2, 200, 203) == [minutes(200, 203), minutes(0, 2)]
    assert beds(0, 2, 200, 300) == [minutes(200, 300)]
    assert beds() == []


spans = st.lists(
    st.tuples(st.floats(-1e5, 2e5), st.floats(0.0, 3e4)).map(lambda p: Span(p[0], p[0] + p[1])),
    max_size=12,
)


@given(spans)
def test_inside_and_outside_make_the_whole(drawn):
    inside = joined(drawn, DAY)
    outside = between(inside, DAY)

    assert overlap_s(inside, DAY) + overlap_s(outside, DAY) == pytest.approx(DAY.length_s)
    assert all(a.end_s < b.start_s for a, b in pairwise(inside))
