"""Cut off at any moment: the database is sound, little is lost, and the night goes on."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace

import attrs
import numpy as np
import pytest

from bedside.clock import SteppedClock
from bedside.errors import StoreError
from bedside.pipeline.listener import Heard
from bedside.store import Store, StoreSettings

EVER = (0.0, 4e9)
FLUSH_S = 20.0
ROUNDS = 6

NIGHT = """
import sys, threading
import numpy as np
from bedside.clock import SteppedClock
from bedside.pipeline.listener import Heard, Minute, PresenceChange
from bedside.pipeline.movements import Movement
from bedside.pipeline.samples import Block
from bedside.store import Store, StoreSettings

folder, start_s = sys.argv[1], float(sys.argv[2])
clock = SteppedClock(wall=1_790_000_000.0 + start_s, monotonic=start_s)
clock.boot_id = "the same"
store = Store(StoreSettings(folder=folder, min_free_mb=0), clock)
print("ready", flush=True)
store.add_sensor(start_s, "MPU-6050", 100.0, 16384.0)
noise = np.random.default_rng(1).normal(0.0, 0.003, (100, 3)).astype(np.float32)
stop, flushed_s = threading.Event(), start_s
while True:
    now_s = clock.monotonic()
    print(now_s, flush=True)
    store.add_block(Block(now_s + np.arange(100) / 100, noise))
    heard = Heard()
    if now_s % 5 == 0:
        heard.movements.append(Movement(now_s, now_s + 0.5, "jerk", 9.0, 1.0, 1.0))
    if now_s % 60 == 0:
        heard.presence.append(PresenceChange(now_s, True))
        heard.minutes.append(Minute(now_s - 60.0, 60.0, 1.0, 1.0, 4.0))
    store.add_heard(heard)
    clock.wait(now_s + 1.0, stop)
    if now_s - flushed_s >= 20.0:
        store.flush()
        flushed_s = now_s
"""


def run_and_kill(folder, start_s, lines):
    """Let the night run from `start_s`, kill it after some lines; give the last time it told."""
    command = [sys.executable, "-c", NIGHT, str(folder), str(start_s)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as night:
        assert night.stdout.readline() == "ready\n"
        for _ in range(lines):
            told = night.stdout.readline()
        night.send_signal(signal.SIGKILL)
        rest = [line for line in night.stdout.read().splitlines(keepends=True) if "\n" in line]
    return float((rest or [told])[-1])


def test_a_killed_night_loses_a_minute_at_most_and_goes_on(tmp_path):
    chance = random.Random(7)
    settings = StoreSettings(folder=str(tmp_path), min_free_mb=0)
    start_s = 60.0
    for _ in range(ROUNDS):
        told_s = run_and_kill(tmp_path, start_s, chance.randint(1, 400))

        with sqlite3.connect(settings.path) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            (newest_s,) = db.execute("SELECT max(start_s) FROM movements").fetchone()
            (raw_s,) = db.execute("SELECT max(end_s) FROM raw").fetchone()
        db.close()
        assert told_s - max(newest_s or 0.0, start_s) <= FLUSH_S + 10.0
        assert told_s - max(raw_s or 0.0, start_s) <= 60.0
        start_s = 60.0 * (told_s // 60.0 + 1)

    clock = SteppedClock(wall=1_790_000_000.0 + start_s, monotonic=start_s)
    clock.boot_id = "the same"
    with Store(settings, clock) as store:
        night = store.recorded(*EVER)
        assert store.set_aside is None
        assert len(night.presence) == 1
        t = np.concatenate([block.t for block in store.raw(*EVER)])
        assert np.all(np.diff(t) > 0)


def test_any_beginning_of_the_journal_is_a_sound_database(settings, clock, tmp_path, jerk, heard):
    """What a power cut leaves of the journal is some beginning of it."""
    left = tmp_path / "left"
    with Store(settings, clock) as store:
        for i in range(30):
            store.add_heard(heard(*(jerk(200.0 + 20 * i + k) for k in range(10))))
            store.flush()
        journal = store.path.with_name("bedside.db-wal").read_bytes()
        database = store.path.read_bytes()
    found = set()
    for length in range(len(journal), 0, -3067):
        shutil.rmtree(left, ignore_errors=True)
        left.mkdir()
        (left / "bedside.db").write_bytes(database)
        (left / "bedside.db-wal").write_bytes(journal[:length])
        with Store(attrs.evolve(settings, folder=str(left)), clock) as store:
            assert store.set_aside is None
            found.add(len(store.recorded(*EVER).movements))

    assert found <= set(range(0, 301, 10))
    assert len(found) > 10


def test_a_replay_of_the_tail_stores_nothing_twice(settings, clock, jerk, heard, add_raw):
    with Store(settings, clock) as store:
        store.add_sensor(100.0, "MPU-6050", 100.0, 16384.0)
        assert store.endings() == []
        add_raw(store, 100.0, 600)
        store.add_heard(heard(jerk(300.0), jerk(640.0), minutes=range(120, 660, 60)))
    clock.advance(620.0)

    with Store(settings, clock) as store:
        (ending,) = store.endings()
        tail = list(store.tail(300.0, ending))
        assert ending.odr_hz == 100.0
        assert tail[-1].t[-1] == pytest.approx(699.99)
        assert 299.9 <= tail[-1].t[-1] - tail[0].t[0] <= 360.0
        # the listener, fresh, hears both again a little late, one that was lost, and one minute
        again = heard(jerk(640.2), jerk(500.0), jerk(690.0), minutes=[415.0, 600.0, 660.0])
        store.add_heard(again)
        store.flush()
        night = store.recorded(*EVER)

    assert [m.start_s - night.movements[0].start_s for m in night.movements] == [0.0, 340.0, 390.0]
    assert len(night.minutes) == 10


def test_a_fresh_listener_does_not_know_better_who_was_in_bed(settings, clock, heard):
    with Store(settings, clock) as store:
        store.add_heard(heard(presence=[(150.0, True)], minutes=range(120, 1320, 60)))
    clock.advance(1300.0)

    with Store(settings, clock) as store:
        store.add_heard(heard(presence=[(780.0, False), (1290.0, False)]))
        store.add_heard(heard(minutes=range(1380, 3000, 60), present=0.0))
        store.flush()
        (there,) = store.recorded(*EVER).presence

    assert there.length_s == 1290.0 - 150.0


def test_another_boot_tells_what_the_one_before_could_not(settings, clock, add_raw, heard, jerk):
    with Store(settings, clock) as store:
        store.add_sensor(100.0, "LSM6DSO", 104.0, 16384.0)
        add_raw(store, 100.0, 170)
        store.add_heard(heard(jerk(130.0), minutes=[120.0, 180.0]))
    for _ in range(2):  # as the first new life may be cut short before it has told
        with Store(settings, SteppedClock(wall=clock.wall() + 400.0)) as store:
            (ending,) = store.endings()
            assert ending.boot_id == clock.boot_id
            assert ending.odr_hz == 104.0
            assert next(iter(store.tail(300.0, ending))).t[0] == 100.0
    with Store(settings, SteppedClock(wall=clock.wall() + 500.0)) as store:
        (ending,) = store.endings()
        again = heard(jerk(130.1), jerk(250.0), minutes=[120.0, 180.0])
        last = replace(again.minutes[0], start_s=240.0, heard_s=30.0)
        store.add_heard(replace(again, minutes=[*again.minutes, last]), ending)
        store.flush()
        assert store.endings() == []
        night = store.recorded(*EVER)

    offset_s = night.movements[0].start_s - 130.0
    assert [m.start_s - offset_s for m in night.movements] == pytest.approx([130.0, 250.0])
    assert [m.heard_s for m in night.minutes] == [60.0, 60.0, 30.0]


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 400 kB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_fills_up_and_is_cleared(small_disk, clock, jerk, heard):
    settings = StoreSettings(folder=str(small_disk), min_free_mb=0)
    filler = small_disk / "filler"
    with Store(settings, clock) as store:
        store.add_heard(heard(jerk(150.0)))
        store.flush()
        filler.write_bytes(b"\0" * _free(small_disk))
        refused = 0
        for i in range(40):
            store.add_heard(heard(*(jerk(200.0 + i + k / 100) for k in range(50))))
            with suppress(StoreError):
                store.flush()
                continue
            refused += 1
        assert refused > 10
        assert len(store.recorded(*EVER).movements) < 2000
        grow = ["mount", "-o", "remount,size=8m", str(small_disk)]
        subprocess.run(grow, check=True, capture_output=True)
        store.flush()

        assert len(store.recorded(*EVER).movements) == 2001


def test_a_start_on_a_full_disk_waits_for_space(small_disk, clock, jerk, heard):
    settings = StoreSettings(folder=str(small_disk), min_free_mb=0)
    filler = small_disk / "filler"
    filler.write_bytes(b"\0" * _free(small_disk))

    with Store(settings, clock) as store:
        assert store.endings() == []
        store.add_heard(Heard([jerk(200.0)]))
        with pytest.raises(StoreError, match=r"full|disk I/O"):
            store.flush()
        filler.unlink()
        store.flush()

        assert len(store.recorded(*EVER).movements) == 1


def _free(folder):
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize
