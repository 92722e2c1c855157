"""Clocks that are wrong, become known, or step: a night stays whole and moves as one."""

import sqlite3

import pytest

from bedside.clock import SteppedClock
from bedside.store import Store

EVER = (0.0, 4e9)
BEDTIME = 1_790_000_000.0


def starts(store):
    return [movement.start_s for movement in store.recorded(*EVER).movements]


def logged(store):
    with sqlite3.connect(store.path) as db:
        rows = db.execute("SELECT t_s, wall_s, known FROM anchors ORDER BY t_s").fetchall()
    db.close()
    return rows


@pytest.mark.parametrize("step_s", [3 * 3600.0, -20 * 60.0])
def test_a_step_in_mid_night_moves_the_whole_night(store, clock, jerk, heard, step_s):
    store.add_heard(heard(jerk(200.0), presence=[(150.0, True)], minutes=range(120, 3720, 60)))
    clock.advance(3600.0)
    store.flush()
    before = store.recorded(*EVER)
    moved = store.clock_version()

    clock.step_wall(step_s)
    store.add_heard(heard(jerk(3800.0), minutes=range(3720, 7320, 60)))
    store.flush()

    after = store.recorded(*EVER)
    assert [m.start_s for m in after.movements] == [
        before.movements[0].start_s + step_s,
        before.movements[0].start_s + step_s + 3600.0,
    ]
    assert len(after.heard) == len(after.presence) == 1
    assert after.presence[0].start_s == before.presence[0].start_s + step_s
    assert store.clock_version() == moved + 1


def test_what_was_recorded_before_the_clock_was_known_moves_to_its_true_time(settings, jerk, heard):
    clock = SteppedClock(wall=1_000_000.0, known=False)
    with Store(settings, clock) as store:
        store.add_heard(heard(jerk(200.0), minutes=[120.0]))
        store.flush()
        assert starts(store) == [1_000_100.0]
        assert not store.recorded(*EVER).clock_known

        clock.step_wall(BEDTIME - clock.wall(), known=True)
        store.flush()

        assert starts(store) == [BEDTIME + 100.0]
        assert store.recorded(*EVER).clock_known
        assert store.recorded(0.0, 2_000_000.0).movements == ()


def test_a_clock_that_is_no_longer_known_moves_nothing(store, clock, jerk, heard):
    store.add_heard(heard(jerk(200.0), minutes=[120.0]))
    store.flush()
    before = starts(store), store.clock_version()

    clock.step_wall(-5e8, known=False)
    store.flush()
    store.flush()

    assert (starts(store), store.clock_version()) == before
    assert store.recorded(*EVER).clock_known


def test_among_unknown_clocks_the_newest_is_believed(settings, jerk, heard):
    clock = SteppedClock(wall=1_000_000.0, known=False)
    with Store(settings, clock) as store:
        store.add_heard(heard(jerk(200.0)))
        store.flush()
        clock.step_wall(500.0)
        store.flush()

        assert starts(store) == [1_000_600.0]


def test_a_slow_drift_is_logged_and_moves_nothing(store, clock):
    moved = store.clock_version()
    for _ in range(180):
        clock.advance(20.0)
        clock.step_wall(0.0001)
        store.flush()

    assert store.clock_version() == moved
    assert [t_s for t_s, _wall_s, _known in logged(store)] == [100.0 + 600.0 * k for k in range(7)]


def test_a_step_is_logged_at_once(store, clock):
    clock.advance(20.0)
    clock.step_wall(3600.0)
    store.flush()

    assert [(t_s, known) for t_s, _wall_s, known in logged(store)] == [(100.0, 1), (120.0, 1)]


def test_a_restart_of_the_program_goes_on_with_its_boot(settings, clock, jerk, heard):
    with Store(settings, clock) as store:
        store.add_heard(heard(jerk(200.0), presence=[(150.0, True)], minutes=range(120, 1200, 60)))
    clock.advance(1300.0)
    with Store(settings, clock) as store:
        store.add_heard(heard(jerk(1500.0), minutes=range(1440, 3000, 60)))
        store.flush()
        night = store.recorded(*EVER)

    assert [m.start_s - night.movements[0].start_s for m in night.movements] == [0.0, 1300.0]
    assert len(night.presence) == 1
    assert len(night.heard) == 2


def test_a_restart_of_the_machine_goes_on_with_the_night(settings, jerk, heard):
    first = SteppedClock(wall=BEDTIME, monotonic=5000.0)
    with Store(settings, first) as store:
        store.add_heard(
            heard(jerk(5200.0), presence=[(5100.0, True)], minutes=range(5040, 8640, 60))
        )
    second = SteppedClock(wall=BEDTIME + 4000.0, monotonic=20.0, known=False)
    with Store(settings, second) as store:
        store.add_heard(heard(jerk(90.0), presence=[(80.0, True)], minutes=range(60, 3660, 60)))
        store.flush()
        assert not store.recorded(*EVER).clock_known
        second.step_wall(100.0, known=True)
        store.flush()
        night = store.recorded(*EVER)

    assert [m.start_s for m in night.movements] == [BEDTIME + 200.0, BEDTIME + 4170.0]
    assert night.presence == ((BEDTIME + 100.0, BEDTIME + 4140.0 + 3600.0),)
    assert night.clock_known


def test_only_the_boot_whose_clock_stepped_moves(settings, jerk, heard):
    with Store(settings, SteppedClock(wall=BEDTIME)) as store:
        store.add_heard(heard(jerk(200.0)))
    later = SteppedClock(wall=BEDTIME + 86_400.0)
    with Store(settings, later) as store:
        store.add_heard(heard(jerk(200.0)))
        later.step_wall(3600.0)
        store.flush()

        assert starts(store) == [BEDTIME + 100.0, BEDTIME + 86_400.0 + 3600.0 + 100.0]


def test_the_stretches_on_record(settings, heard):
    with Store(settings, SteppedClock(wall=BEDTIME)) as store:
        assert store.stretches() == []
        store.add_heard(heard(minutes=[120.0, 180.0]))
    with Store(settings, SteppedClock(wall=BEDTIME + 86_400.0)) as store:
        store.add_heard(heard(minutes=[240.0]))
        store.flush()

        assert store.stretches() == [
            (BEDTIME + 20.0, BEDTIME + 140.0),
            (BEDTIME + 86_540.0, BEDTIME + 86_600.0),
        ]
        assert store.holds(BEDTIME, BEDTIME + 30.0)
        assert not store.holds(BEDTIME, BEDTIME + 10.0)
        assert not store.holds(BEDTIME + 81.0, BEDTIME + 86_540.0)
