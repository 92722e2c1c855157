"""Raw nights make room: for newer ones, and when the disk is short of space."""

import shutil

import attrs
import pytest

from bedside.errors import StoreError
from bedside.pipeline.recorded import Temperature
from bedside.store import Store

EVER = (0.0, 4e9)
HUGE_MB = 1_000_000


@pytest.fixture
def record(clock, block):
    """Let a store record one short block each ten minutes for some hours, and write it."""

    def write(store, hours):
        store.add_sensor(clock.monotonic(), "MPU-6050", 100.0, 16384.0)
        for _ in range(int(hours * 6)):
            store.add_block(block(clock.monotonic(), seconds=30.0))
            clock.advance(600.0)
            store.flush()
        store.flush(full=True)

    return write


def recorded_h(store):
    blocks = list(store.raw(*EVER))
    return round(sum(len(b.t) for b in blocks) / 3000 / 6)


def test_the_newest_raw_nights_are_kept(settings, clock, record):
    with Store(attrs.evolve(settings, raw_nights=1), clock) as store:
        record(store, 24)
        assert recorded_h(store) == 24
        record(store, 6)

        assert 23 <= recorded_h(store) <= 26
        newest = [b.t[-1] for b in store.raw(*EVER)][-1]
        assert clock.wall() - newest < 3600.0


def test_a_clock_that_is_wrong_by_years_costs_no_night(settings, clock, record):
    with Store(attrs.evolve(settings, raw_nights=2), clock) as store:
        record(store, 24)
        clock.step_wall(3e8)
        record(store, 2)
        clock.step_wall(-6e8)
        record(store, 2)

        assert recorded_h(store) == 28


def test_only_raw_samples_are_deleted(settings, clock, record, jerk, heard):
    with Store(attrs.evolve(settings, raw_nights=1), clock) as store:
        store.add_heard(heard(jerk(200.0), presence=[(150.0, True)], minutes=[120.0]))
        store.add_temperature(Temperature(200.0, 18.0))
        record(store, 60)
        night = store.recorded(*EVER)

    assert len(night.movements) == len(night.minutes) == len(night.temperatures) == 1


def test_a_disk_short_of_space_gets_back_that_of_the_oldest_raw_nights(settings, clock, record):
    with Store(settings, clock) as store:
        record(store, 24)
        assert not store.short_of_space
    size = settings.path.stat().st_size

    with Store(attrs.evolve(settings, min_free_mb=HUGE_MB), clock) as store:
        assert store.short_of_space
        left = recorded_h(store)
        assert 19 <= left <= 21
        for _ in range(10):
            store.flush()

        assert recorded_h(store) == 1
        assert settings.path.stat().st_size < size / 5


def test_a_disk_that_does_not_answer_is_told(settings, clock, monkeypatch):
    def silent(_path):
        raise OSError(5, "Input/output error")

    with Store(settings, clock) as store, monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", silent)
        with pytest.raises(StoreError, match="Input/output error"):
            store.flush()


def test_nothing_is_deleted_where_there_is_nothing(settings, clock):
    with Store(attrs.evolve(settings, min_free_mb=HUGE_MB, raw_nights=1), clock) as store:
        store.flush()

        assert list(store.raw(*EVER)) == []
