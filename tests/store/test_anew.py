"""A stretch heard anew takes the place of what was on record there, and of nothing else."""

from dataclasses import replace

import pytest

from bedside.pipeline.samples import Span
from bedside.store.anew import Anew, anew_rows

DATE = "2026-09-21"


@pytest.fixture
def told(store, clock, jerk, heard):
    """A quarter of an hour on record: a jerk and a minute each minute, somebody in bed."""
    zero_s = clock.monotonic() // 60 * 60 + 60.0
    minutes = [zero_s + 60.0 * n for n in range(15)]
    found = heard(
        *(jerk(t_s + 30.0) for t_s in minutes), presence=((zero_s + 5.0, True),), minutes=minutes
    )
    store.add_heard(found)
    store.keep_night(DATE, "as it was", b"")
    store.flush()
    return zero_s


@pytest.fixture
def look(store, clock, told):
    """What is on record now, as monotonic seconds from its start."""

    def now():
        offset_s = clock.wall() - clock.monotonic()
        window = told + offset_s - 60.0, told + offset_s + 1200.0
        recorded = store.recorded(*window)
        shift_s = -told - offset_s
        return (
            [round(m.start_s + shift_s, 3) for m in recorded.movements],
            [round(m.start_s + shift_s) for m in recorded.minutes],
            [tuple(round(s + shift_s) for s in span) for span in recorded.presence],
        )

    return now


@pytest.fixture
def put(store, clock, told):
    """Put what was heard in the place of a span, given in seconds from the start."""

    def change(start_s, end_s, found):
        span = Span(told + start_s, told + end_s)
        store.change(anew_rows(store, [Anew(1, clock.boot_id, span, found)], DATE))

    return change


def test_movements_within_are_replaced_and_others_stay(put, look, told, heard, jerk):
    put(120.0, 300.0, heard(jerk(told + 100.0), jerk(told + 140.0), jerk(told + 310.0)))

    movements, _, _ = look()
    assert movements == [30.0, 90.0, 140.0, *(30.0 + 60.0 * n for n in range(5, 15))]


def test_only_whole_minutes_are_replaced(put, look, told, heard, store):
    put(130.0, 310.0, heard(minutes=[told + 60.0 * n for n in range(8)], present=0.25))

    _, minutes, _ = look()
    assert minutes == [60 * n for n in range(15)]
    with store._reader() as db:
        quarter = db.execute("SELECT start_s FROM minutes WHERE present = 0.25").fetchall()
    assert [start_s - told for (start_s,) in quarter] == [180.0, 240.0]


def test_one_that_reaches_into_the_record_beside_is_left_out(put, look, told, heard, jerk):
    before = jerk(told + 89.0, end_s=told + 91.0)
    store_has, _, _ = look()
    put(60.0, 120.0, heard(before))
    assert look()[0] == [30.0, 89.0, *store_has[2:]]

    put(90.0, 120.0, heard(jerk(told + 90.5), jerk(told + 95.0), jerk(told + 119.8)))
    assert look()[0][:4] == [30.0, 89.0, 95.0, 119.8]

    put(120.0, 149.9, heard(jerk(told + 149.8)))
    assert look()[0][:5] == [30.0, 89.0, 95.0, 119.8, 150.0], "it reaches into the next"


def test_who_is_in_bed_is_right_beyond_the_stretch_too(put, look, told, heard):
    assert look()[2] == [(5, 900)]

    put(120.0, 300.0, heard(presence=((told + 60.0, False), (told + 200.0, True))))
    assert look()[2] == [(5, 120), (200, 900)]

    put(120.0, 300.0, heard(presence=((told + 60.0, True), (told + 250.0, False))))
    assert look()[2] == [(5, 250), (300, 900)], "the record after it holds again"


def test_how_the_night_was_scored_is_forgotten(put, heard, store):
    assert store.scored(DATE) is not None
    put(120.0, 300.0, heard())
    assert store.scored(DATE) is None


def test_another_boot_is_left_alone(store, clock, told, look, heard):
    span = Span(told, told + 600.0)
    store.change(anew_rows(store, [Anew(7, "another", span, heard())], DATE))

    assert len(look()[0]) == 15


def test_another_name_alone_changes_the_fingerprint(store, clock, told, look, put, heard, jerk):
    offset_s = clock.wall() - clock.monotonic()
    window = told + offset_s, told + offset_s + 900.0
    seen = {store.fingerprint(*window)}
    minutes = [told + 60.0 * n for n in range(15)]
    for changes in ({"kind": "turn"}, {"kind": "limb_movement"}, {"kind": "disturbance"},
                    {"kind": "disturbance", "cause": "door"}, {"kind": "jerk"}):  # fmt: skip
        one = replace(jerk(told + 90.0), **changes)
        put(60.0, 120.0, heard(one, minutes=minutes[1:2]))
        seen.add(store.fingerprint(*window))

    assert len(seen) == 5, "the last is as it was at first"
