"""The movements of a night one by one, and what follows when one is marked."""

import threading
from datetime import date

import pytest

from bedside.nights import ClockSettings, Nights
from bedside.nights.events import events_of, mark, surroundings
from bedside.pipeline.listener import Heard
from bedside.pipeline.movements import Movement
from bedside.pipeline.recorded import Marked

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)


@pytest.fixture
def nights(store, clock):
    return Nights(store, clock, ClockSettings(time_zone="UTC"))


@pytest.fixture
def two(record, at):
    record(at("2026-11-21 13:00"), at("2026-11-20 23:00"), at("2026-11-21 07:00"))
    record(at("2026-11-22 13:00"), at("2026-11-21 22:30"), at("2026-11-22 06:00"))


def test_every_movement_has_a_name_of_its_own(nights, store, two):
    events = events_of(nights, store, FRIDAY)

    assert len(events) == 30
    assert len({event.key for event in events}) == 30
    assert [event.heard.start_s for event in events] == sorted(e.heard.start_s for e in events)
    assert all(event.scored.asleep is not None for event in events)
    assert {event.key for event in events}.isdisjoint(
        event.key for event in events_of(nights, store, SATURDAY)
    )


def test_a_name_stays_when_the_clock_is_set(nights, store, two, clock):
    before = [event.key for event in events_of(nights, store, FRIDAY)]
    clock.step_wall(90.0)
    store.flush()

    assert [event.key for event in events_of(nights, store, FRIDAY)] == before


def test_a_marked_one_is_counted_no_more(nights, store, two):
    jerks = counted(nights)
    events = events_of(nights, store, FRIDAY)
    chosen = [event for event in events if event.scored.asleep and not event.scored.hypnic]

    mark(nights, store, chosen[0], "wrong")
    mark(nights, store, chosen[1], "partner")

    assert counted(nights) == jerks - 2
    night = nights.night(FRIDAY)
    assert night.disturbances == (("partner", 1),)
    assert night.recorded.marked == (
        Marked(chosen[0].heard, "wrong"), Marked(chosen[1].heard, "partner")
    )  # fmt: skip
    assert nights.report(FRIDAY).marked == (
        "Marked by hand, and not counted: one as no movement and one as somebody else's.",
    )
    assert "somebody else in the bed" in " ".join(m.text for m in nights.report(FRIDAY).marks)
    assert len(events_of(nights, store, FRIDAY)) == 30, "they stay on the list"


def test_it_is_as_before_when_taken_back(nights, store, two):
    before = nights.report(FRIDAY)
    event = events_of(nights, store, FRIDAY)[5]

    mark(nights, store, event, "wrong")
    assert nights.report(FRIDAY) != before

    mark(nights, store, events_of(nights, store, FRIDAY)[5], None)
    assert nights.report(FRIDAY) == before


def test_the_ranges_of_later_nights_follow(nights, store, two):
    before = nights.report(SATURDAY).kinds[0]
    for event in events_of(nights, store, FRIDAY):
        mark(nights, store, event, "wrong")

    after = nights.report(SATURDAY).kinds[0]
    assert before.high > 0
    assert (after.low, after.high) == (0.0, 0.0)


def test_a_closed_night_is_kept_anew_and_the_same_after_a_restart(nights, store, two, clock):
    nights.close_finished()
    kept = store.scored("2026-11-20")
    mark(nights, store, events_of(nights, store, FRIDAY)[3], "wrong")
    nights.close_finished()

    assert store.scored("2026-11-20")[0] != kept[0]
    again = Nights(store, clock, ClockSettings(time_zone="UTC"))
    assert again.report(FRIDAY) == nights.report(FRIDAY)
    assert len(again.night(FRIDAY).movements) == 29


def test_a_mark_in_a_night_that_goes_on(nights, store, record, at, clock):
    record(at("2026-11-21 02:00"), at("2026-11-20 23:00"))
    event = events_of(nights, store, FRIDAY)[4]

    mark(nights, store, event, "wrong")
    later_s = clock.monotonic() + 10.0
    store.add_heard(Heard([Movement(later_s, later_s + 0.4, "jerk", 30.0, 1.0, 0.5)]))
    clock.advance(60.0)
    store.flush()

    assert nights.night(FRIDAY).ongoing
    assert len(nights.night(FRIDAY).movements) == 30
    assert events_of(nights, store, FRIDAY)[4].verdict == "wrong"


def test_marks_nights_that_close_and_readers_do_not_tread_on_each_other(nights, store, two):
    """Whatever the order, what is kept of a night in the end fits its marks."""
    errors = []

    def work(what):
        try:
            for turn in range(12):
                what(turn)
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    def judge(turn):
        event = events_of(nights, store, FRIDAY)[turn]
        mark(nights, store, event, "wrong" if turn % 3 else "partner")

    works = [judge, lambda _: nights.close_finished(), lambda _: nights.report(SATURDAY)]
    threads = [threading.Thread(target=work, args=(what,)) for what in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30.0)
    nights.close_finished()

    assert errors == []
    again = Nights(store, nights._clock, ClockSettings(time_zone="UTC"))
    assert again.report(FRIDAY) == nights.report(FRIDAY)
    assert len(again.night(FRIDAY).movements) == 30 - 8


def test_what_surrounds_a_movement(nights, store, two):
    events, night = events_of(nights, store, FRIDAY), nights.night(FRIDAY)
    around = surroundings(night, events, 7)

    assert around.floor_mg == 1.0
    assert around.before_s == events[7].heard.start_s - events[6].heard.end_s
    assert around.after_s == events[8].heard.start_s - events[7].heard.end_s
    assert surroundings(night, events, 0).before_s is None
    assert surroundings(night, events, 29).after_s is None


def counted(nights):
    count = nights.night(FRIDAY).counts["jerk"]
    return count.asleep + count.awake + count.hypnic
