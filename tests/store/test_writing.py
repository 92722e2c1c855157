"""What is added comes back; what the disk does not take waits."""

import os
import sqlite3
import threading

import attrs
import numpy as np
import pytest

from bedside.clock import SteppedClock
from bedside.errors import StoreError
from bedside.pipeline.listener import Heard, Minute
from bedside.pipeline.recorded import Fault, LightChange, Temperature
from bedside.store import Archive, Store, StoreSettings
from bedside.store.rows import RowQueue

EVER = (0.0, 4e9)


@pytest.fixture
def offset(clock):
    return clock.wall() - clock.monotonic()


def test_everything_comes_back_on_the_wall_clock(store, clock, offset, jerk, heard):
    turn = jerk(260.0, kind="turn", end_s=263.5, far=True)
    door = jerk(300.0, kind="disturbance", cause="door")
    told = heard(jerk(200.25), turn, door, presence=[(150.0, True)], minutes=[120.0, 180.0])
    store.add_sensor(110.0, "MPU-6050", 100.0, 16384.0)
    store.add_heard(told)
    store.add_temperature(Temperature(130.0, 18.5, 47.0))
    store.add_temperature(Temperature(190.0, 18.25))
    store.add_light(LightChange(140.0, 0.25, "bed exit"))
    store.add_fault(Fault(125.0, 131.0, "sensor", "The sensor does not answer."))
    store.flush()

    night = store.recorded(clock.wall() - 60.0, clock.wall() + 3600.0)

    assert [(m.start_s - offset, m.end_s - offset) for m in night.movements] == [
        (200.25, 200.75),
        (260.0, 263.5),
        (300.0, 300.5),
    ]
    assert [(m.kind, m.far, m.cause) for m in night.movements] == [
        ("jerk", False, ""),
        ("turn", True, ""),
        ("disturbance", False, "door"),
    ]
    assert night.movements[0].peak_mg == 12.5
    assert [m.start_s - offset for m in night.minutes] == [120.0, 180.0]
    assert night.minutes[0].breaths_per_min == 14.0
    assert night.heard == ((120.0 + offset, 240.0 + offset),)
    assert night.presence == ((150.0 + offset, 240.0 + offset),)
    assert night.temperatures == ((130.0 + offset, 18.5, 47.0), (190.0 + offset, 18.25, None))
    assert night.light == ((140.0 + offset, 0.25, "bed exit"),)
    assert night.stimuli_s == (140.0 + offset,)
    assert night.faults == (
        (125.0 + offset, 131.0 + offset, "sensor", "The sensor does not answer."),
    )
    assert night.odr_hz == 100.0
    assert night.clock_known


def test_only_the_window_comes_back(store, offset, jerk, heard):
    store.add_heard(heard(*(jerk(float(t)) for t in range(200, 300, 10))))
    store.flush()

    found = store.recorded(offset + 220.0, offset + 250.0).movements

    assert [m.start_s - offset for m in found] == [220.0, 230.0, 240.0]


def test_numbers_of_numpy_are_numbers(store, jerk, heard):
    store.add_heard(heard(jerk(np.float32(200.5), peak_mg=np.float64(3.0), far=np.bool_(True))))
    store.flush()

    (movement,) = store.recorded(*EVER).movements

    assert (movement.peak_mg, movement.far) == (3.0, True)


def test_nothing_is_visible_before_it_is_written(store, jerk, heard):
    before = store.version()
    store.add_heard(heard(jerk(200.0)))

    assert store.recorded(*EVER).movements == ()
    assert (store.waiting, store.version()) == (1, before)
    store.flush()
    assert len(store.recorded(*EVER).movements) == 1
    assert (store.waiting, store.version()) == (0, before + 1)


def test_a_flush_of_nothing_writes_nothing(store):
    version = store.version()
    journal = store.path.with_name("bedside.db-wal").stat()
    store.flush()

    assert store.version() == version
    assert store.path.with_name("bedside.db-wal").stat() == journal


def test_a_fault_is_open_until_it_ends(store, offset):
    store.add_fault(Fault(200.0, None, "sensor", "The sensor does not answer."))
    store.flush()
    assert store.faults(*EVER) == ((200.0 + offset, None, "sensor", "The sensor does not answer."),)
    assert len(store.faults(offset + 9e5, offset + 9e6)) == 1

    store.add_fault(Fault(200.0, 260.0, "sensor", "The sensor does not answer."))
    store.flush()

    assert [fault.end_s for fault in store.faults(*EVER)] == [260.0 + offset]
    assert store.faults(offset + 300.0, offset + 400.0) == ()


def test_a_fault_left_open_ends_with_its_run(settings, clock, heard):
    with Store(settings, clock) as store:
        store.add_fault(Fault(200.0, None, "sensor", "The sensor does not answer."))
        store.add_heard(heard(minutes=[240.0]))
    later = SteppedClock(wall=clock.wall() + 9000.0)

    with Store(settings, later) as store:
        (fault,) = store.faults(*EVER)

    assert fault.end_s == 240.0 + clock.wall() - clock.monotonic()


def test_of_two_reports_of_a_minute_the_fuller_stays(store):
    whole, part = Minute(120.0, 60.0, 1.0, 1.0, 4.0), Minute(120.0, 20.0, 0.0, 9.0, 9.0)
    store.add_heard(Heard(minutes=[part, whole, part]))
    store.flush()

    (kept,) = store.recorded(*EVER).minutes

    assert (kept.heard_s, kept.floor_mg) == (60.0, 1.0)


def test_raw_samples_come_back_to_the_count(store, clock, offset, add_raw, block):
    store.add_sensor(200.0, "MPU-6050", 100.0, 16384.0)
    add_raw(store, 200.0, 90)
    clock.advance(100.0)
    store.flush()

    blocks = list(store.raw(offset + 210.5, offset + 280.0))

    assert [b.gap for b in blocks] == [False] * len(blocks)
    t = np.concatenate([b.t for b in blocks]) - offset
    assert (len(t), t[0]) == (6950, pytest.approx(210.5))
    assert np.abs(np.diff(t) - 0.01).max() < 1e-6
    accel = np.concatenate([b.accel for b in blocks])
    assert np.array_equal(accel[50:150], block(211.0).accel)


def test_a_gap_in_raw_samples_comes_back(store, offset, add_raw):
    store.add_sensor(200.0, "MPU-6050", 100.0, 16384.0)
    add_raw(store, 200.0, 30)
    add_raw(store, 300.0, 30, gap=True)
    store.flush(full=True)
    add_raw(store, 330.5, 30)
    store.flush(full=True)

    found = [(b.t[0] - offset, b.gap) for b in store.raw(*EVER)]

    assert found == [
        (pytest.approx(200.0), False),
        (pytest.approx(300.0), True),
        (pytest.approx(330.5), True),
    ]


def test_a_damaged_piece_is_a_gap(store, offset, add_raw):
    store.add_sensor(200.0, "MPU-6050", 100.0, 16384.0)
    for start_s in (200.0, 230.0, 260.0):
        add_raw(store, start_s, 30)
        store.flush(full=True)
    with sqlite3.connect(store.path) as db:
        db.execute("UPDATE raw SET samples = zeroblob(500) WHERE start_s = 230.0")
    db.close()

    found = [(round(b.t[0] - offset), b.gap) for b in store.raw(*EVER)]

    assert found == [(200, False), (260, True)]


def test_raw_samples_may_be_deleted_while_they_are_read(store, offset, add_raw):
    store.add_sensor(200.0, "MPU-6050", 100.0, 16384.0)
    add_raw(store, 200.0, 180)
    store.flush(full=True)
    reading = store.raw(*EVER)
    assert next(reading).t[0] - offset == pytest.approx(200.0)
    store._db.execute("DELETE FROM raw WHERE start_s < 310.0")

    assert [round(b.t[0] - offset) for b in reading] == [320]


def test_raw_samples_are_kept_only_where_asked_for(settings, clock, add_raw):
    with Store(attrs.evolve(settings, raw=False), clock) as store:
        store.add_sensor(200.0, "MPU-6050", 100.0, 16384.0)
        add_raw(store, 200.0, 30)
        store.flush(full=True)

        assert list(store.raw(*EVER)) == []
        assert store.endings() == []


def test_raw_samples_wait_for_a_larger_blob_but_not_too_long(store, add_raw):
    store.add_sensor(200.0, "MPU-6050", 100.0, 16384.0)
    written = []
    for i in range(4):
        add_raw(store, 200.0 + 20 * i, 20)
        store.flush()
        written.append(sum(len(b.t) for b in store.raw(*EVER)))

    assert written == [0, 4000, 4000, 8000]


class TestDisk:
    """A disk that is full, or not writable."""

    def full(self, store, spare=0):
        (pages,) = store._db.execute("PRAGMA page_count").fetchone()
        store._db.execute(f"PRAGMA max_page_count = {pages + spare}")

    def empty(self, store):
        store._db.execute("PRAGMA max_page_count = 1000000")

    def test_what_does_not_fit_waits_and_is_written_later(self, store, clock, jerk, heard):
        self.full(store)
        for i in range(20):
            store.add_heard(heard(*(jerk(200.0 + 10 * i + k / 10) for k in range(50))))
            with pytest.raises(StoreError, match=r"full; free some space .* written later"):
                store.flush()
        assert store.recorded(*EVER).movements == ()
        self.empty(store)
        store.flush()

        assert store.waiting == 0
        assert len(store.recorded(*EVER).movements) == 1000

    def test_rows_are_written_where_raw_samples_do_not_fit(self, store, jerk, heard, add_raw):
        store.add_sensor(200.0, "MPU-6050", 100.0, 16384.0)
        store.flush()
        self.full(store)
        add_raw(store, 200.0, 40)
        store.add_heard(heard(jerk(210.0)))

        with pytest.raises(StoreError, match="full"):
            store.flush()

        assert len(store.recorded(*EVER).movements) == 1
        self.empty(store)
        store.flush()
        assert sum(len(b.t) for b in store.raw(*EVER)) == 4000

    def test_it_is_told_when_what_waits_is_too_much(self, store, jerk, heard, monkeypatch):
        monkeypatch.setattr(store, "_rows", RowQueue(3))
        self.full(store)
        store.add_heard(heard(*(jerk(200.0 + i, cause="x" * 1000) for i in range(5))))

        with pytest.raises(StoreError, match="the oldest of it is lost by now"):
            store.flush()

        assert (store.waiting, store.dropped) == (3, 2)
        self.empty(store)

    def test_a_disk_turned_read_only_is_told(self, store, jerk, heard):
        store._db.execute("PRAGMA query_only = 1")
        store.add_heard(heard(jerk(210.0)))

        with pytest.raises(StoreError, match="readonly"):
            store.flush()
        store._db.execute("PRAGMA query_only = 0")
        store.flush()

        assert len(store.recorded(*EVER).movements) == 1

    def test_closing_on_a_full_disk_tells_and_closes(self, settings, clock, jerk, heard):
        store = Store(settings, clock)
        self.full(store)
        store.add_heard(heard(*(jerk(200.0 + i) for i in range(500))))

        with pytest.raises(StoreError, match="full"):
            store.close()

        store.close()
        Store(settings, clock).close()

    def test_a_fault_of_the_program_is_loud(self, store):
        store._db.execute("ALTER TABLE temperatures RENAME TO warmth")
        store.add_temperature(Temperature(1.0, 2.0))

        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            store.flush()
        store._db.execute("ALTER TABLE warmth RENAME TO temperatures")

    def test_a_database_that_breaks_in_use_is_set_aside(self, store, clock, offset, jerk, heard):
        store.add_sensor(150.0, "MPU-6050", 100.0, 16384.0)
        store.add_heard(heard(minutes=range(0, 6000, 60)))
        store.flush(full=True)
        assert len(store.recorded(*EVER).minutes) == 100
        store._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store._db.execute("PRAGMA shrink_memory")
        version = store.version()
        with store.path.open("r+b") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(1024)
            file.write(b"\x55" * (size - 1024))
        store._db.execute("PRAGMA cache_size = 0")
        store.add_heard(heard(jerk(7000.0), minutes=[6960.0]))

        store.flush()

        assert store.set_aside.exists()
        night = store.recorded(*EVER)
        assert [m.start_s for m in night.movements] == [7000.0 + offset]
        assert len(night.minutes) == 1
        assert night.odr_hz == 100.0
        assert store.version() > version


def test_the_newest_rows_are_kept_when_too_many_wait():
    queue = RowQueue(3)
    queue.add(range(2))
    queue.add(range(2, 5))
    queue.give_back([9])

    assert queue.take() == [2, 3, 4]
    assert queue.dropped == 3


def test_readers_and_the_writer_do_not_wait_for_each_other(store, clock, offset, jerk, heard):
    stop, faults, seen = threading.Event(), [], []

    def read():
        try:
            most = 0
            while not stop.is_set():
                found = len(store.recorded(*EVER).movements)
                assert found % 10 == 0, "half a transaction"
                assert found >= most, "it went backwards"
                most = found
            seen.append(most)
        except BaseException as error:  # noqa: BLE001  told below
            faults.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for thread in readers:
        thread.start()
    adders = [
        threading.Thread(
            target=lambda k=k: [
                store.add_heard(heard(*(jerk(1000.0 * k + i + j / 20) for j in range(10))))
                for i in range(50)
            ]
        )
        for k in range(1, 4)
    ]
    for thread in adders:
        thread.start()
    while any(thread.is_alive() for thread in adders):
        store.flush()
    store.flush()
    stop.set()
    for thread in [*readers, *adders]:
        thread.join()

    assert faults == []
    assert len(seen) == 4
    assert len(store.recorded(*EVER).movements) == 1500


def test_another_process_reads_while_one_writes(store, settings, jerk, heard):
    with Archive(settings) as archive:
        store.add_heard(heard(jerk(200.0)))
        store.flush()
        assert len(archive.recorded(*EVER).movements) == 1
        store.add_heard(heard(jerk(300.0)))
        store.flush()
        assert len(archive.recorded(*EVER).movements) == 2
        assert (archive.version(), archive.clock_version()) == (0, 0)


def test_a_closed_night_is_kept(store):
    assert store.scored("2026-11-21") is None
    store.keep_night("2026-11-21", "abc", b"{}")
    store.flush(full=True)
    store.keep_night("2026-11-21", "def", b"{1}")
    store.flush(full=True)

    assert store.scored("2026-11-21") == ("def", b"{1}")


def test_a_fingerprint_changes_with_what_is_on_record(store, clock, jerk, heard):
    window = (clock.wall() - 500.0, clock.wall() + 500.0)
    seen = [store.fingerprint(*window)]
    store.add_heard(heard(jerk(200.0)))
    store.flush()
    seen.append(store.fingerprint(*window))
    clock.step_wall(60.0)
    store.flush()
    seen.append(store.fingerprint(*window))
    store.add_heard(heard(jerk(100_000.0)))
    store.flush()

    assert len(set(seen)) == 3
    assert store.fingerprint(*window) == seen[-1]


def test_the_settings_have_limits():
    with pytest.raises(ValueError, match="below the lowest"):
        StoreSettings(flush_s=1.0)
    with pytest.raises(ValueError, match="above the highest"):
        StoreSettings(flush_s=61.0)
