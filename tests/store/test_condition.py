"""What the database tells of itself."""

import pytest

from bedside.pipeline.listener import Heard, Minute
from bedside.store import Store
from bedside.store.condition import Condition
from bedside.store.schema import MIGRATIONS


def minute(t_s):
    return Minute(t_s, 60.0, 1.0, 1.0, 5.0, None, 0.0)


def test_a_new_database(store):
    found = store.condition()

    assert found.version == len(MIGRATIONS)
    assert found.size_mb > 0
    assert found.free_mb > 0
    assert (found.raw_hours, found.newest_s, found.clock_steps) == (0, None, ())


def test_what_it_holds(store, clock):
    start_s = clock.monotonic()
    store.add_heard(Heard([], [], [minute(start_s), minute(start_s + 60.0)]))
    store.flush()

    assert store.condition().newest_s == pytest.approx(clock.wall() + 120.0)
    assert store.row_counts()["minutes"] == 2
    assert "raw" not in store.row_counts()


def test_a_clock_that_was_set_is_told_and_one_that_was_trimmed_is_not(store, clock):
    for step_s in (0.5, 3600.0, -1.0, -7200.0):
        clock.advance(60.0)
        clock.step_wall(step_s)
        store.flush()

    steps = [forward_s for _at_s, forward_s in store.condition().clock_steps]

    assert steps == [pytest.approx(3600.0), pytest.approx(-7200.0)]


def test_each_boot_has_its_own_clock(settings, clock, store):
    store.close()
    clock.boot_id = "another"
    clock.step_wall(1e6)

    with Store(settings, clock) as again:
        assert again.condition().clock_steps == ()


def test_the_sensor_of_a_night_is_known_by_its_minutes(store, clock):
    start_s, wall_s = clock.monotonic(), clock.wall()
    store.add_sensor(start_s, "mpu6050", 100.0, 16384.0)
    store.add_heard(Heard([], [], [minute(start_s)]))
    store.add_sensor(start_s + 1000.0, "adxl355", 125.0, 256000.0)
    store.add_heard(Heard([], [], [minute(start_s + 2000.0)]))
    store.flush()

    assert store.sensors(wall_s, wall_s + 500.0) == [("mpu6050", 100.0)]
    assert store.sensors(wall_s + 1500.0, wall_s + 2500.0) == [("adxl355", 125.0)]
    assert len(store.sensors(wall_s, wall_s + 2500.0)) == 2
    assert store.sensors(wall_s + 5000.0, wall_s + 6000.0) == []


@pytest.mark.parametrize(
    ("size_mb", "free_mb", "days"),
    [
        (60.0, 10_000.0, None),  # 30 MB a day: room for all that is wanted
        (60.0, 800.0, 10.0),
        (60.0, 500.0, 0.0),
        (60.0, 100.0, 0.0),
    ],
)
def test_how_long_the_space_lasts(size_mb, free_mb, days):
    found = Condition(size_mb=size_mb, free_mb=free_mb, raw_hours=48)

    assert found.days_left(raw_nights=14, min_free_mb=500) == days


def test_without_raw_samples_nothing_can_be_foretold():
    assert Condition(size_mb=10.0, free_mb=1.0).days_left(14, 500) is None
