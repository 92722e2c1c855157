"""Folders that cannot be used, files that cannot be read."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from bedside.errors import StoreError
from bedside.store import Archive, Store, StoreSettings

AT = "20260921T1"


def test_a_missing_folder_is_told(tmp_path, clock):
    settings = StoreSettings(folder=str(tmp_path / "nowhere"))

    with pytest.raises(StoreError, match=r"nowhere does not exist; create it, or set another"):
        Store(settings, clock)


def test_a_file_in_place_of_the_folder_is_told(tmp_path, clock):
    (tmp_path / "store").write_text("")

    with pytest.raises(StoreError, match="store is a file"):
        Store(StoreSettings(folder=str(tmp_path / "store")), clock)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_told(tmp_path, clock, settings):
    tmp_path.chmod(0o555)

    with pytest.raises(StoreError, match="not writable"):
        Store(settings, clock)


def test_a_second_writer_is_refused(store, settings, clock):
    with pytest.raises(StoreError, match="another bedside is recording"):
        Store(settings, clock)


def test_the_folder_is_free_again_after_a_refusal(settings, clock):
    settings.path.mkdir()
    with pytest.raises(StoreError, match="cannot open the database"):
        Store(settings, clock)
    settings.path.rmdir()

    with Store(settings, clock) as store:
        assert store.set_aside is None


def test_a_newer_database_is_refused_and_left_alone(settings, clock):
    Store(settings, clock).close()
    with sqlite3.connect(settings.path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    before = settings.path.read_bytes()

    with pytest.raises(StoreError, match="newer bedside"):
        Store(settings, clock)
    with pytest.raises(StoreError, match="newer bedside"):
        Archive(settings).stretches()
    assert settings.path.read_bytes() == before


def garbage(path):
    path.write_bytes(bytes(range(256)) * 40)


def short(path):
    path.write_bytes(path.read_bytes()[:100])


def truncated(path):
    path.write_bytes(path.read_bytes()[: 5 * 1024])


def no_header(path):
    path.write_bytes(b"\0" * 1024 + path.read_bytes()[1024:])


@pytest.mark.parametrize("spoil", [garbage, short, truncated, no_header])
def test_an_unreadable_database_is_set_aside(settings, clock, jerk, heard, spoil):
    with Store(settings, clock) as store:
        store.add_heard(heard(*(jerk(200.0 + i) for i in range(300))))
    spoil(settings.path)
    spoilt = settings.path.read_bytes()

    with Store(settings, clock) as store:
        store.add_heard(heard(jerk(900.0)))
        store.flush()

        assert store.set_aside.name.startswith(f"bedside.db.unreadable-{AT}")
        assert store.set_aside.read_bytes() == spoilt
        assert len(store.recorded(0.0, 2e9).movements) == 1


def test_each_unreadable_database_gets_a_name_of_its_own(settings, clock):
    names = set()
    for _ in range(3):
        garbage(settings.path)
        with Store(settings, clock) as store:
            names.add(store.set_aside.name)

    assert len(names) == 3
    assert all((settings.path.parent / name).exists() for name in names)


def test_damage_is_looked_for_after_an_unclean_end(settings, clock, heard, tmp_path):
    with Store(settings, clock) as store:
        store.add_heard(heard(minutes=range(0, 60_000, 60)))
    with Store(settings, clock) as store:
        store.add_heard(heard(minutes=[60_000]))
        store.flush()
        left = tmp_path / "left"
        left.mkdir()
        for part in settings.path.parent.glob("bedside.db*"):
            shutil.copy(part, left)
    pages = bytearray((left / "bedside.db").read_bytes())
    pages[len(pages) // 2 :: 7] = b"\x55" * len(pages[len(pages) // 2 :: 7])
    (left / "bedside.db").write_bytes(pages)

    with Store(attrs.evolve(settings, folder=str(left)), clock) as store:
        assert store.set_aside is not None
        assert store.recorded(0.0, 2e9).minutes == ()
    assert Path(store.set_aside).exists()


def test_an_empty_file_is_a_new_database(settings, clock):
    settings.path.touch()

    with Store(settings, clock) as store:
        assert store.set_aside is None


def test_reading_needs_a_database(settings):
    with Archive(settings) as archive, pytest.raises(StoreError, match="no nights on record"):
        archive.stretches()


def test_reading_garbage_is_told(settings):
    garbage(settings.path)

    with Archive(settings) as archive, pytest.raises(StoreError, match="cannot read"):
        archive.recorded(0.0, 1.0)


def test_a_database_that_breaks_while_it_is_read_is_told(settings, clock, add_raw):
    with Store(settings, clock) as store:
        store.add_sensor(100.0, "MPU-6050", 100.0, 16384.0)
        add_raw(store, 100.0, 3600)
    pages = settings.path.read_bytes()
    with Archive(settings) as archive:
        assert archive.stretches() == []
        settings.path.write_bytes(pages[:20_480] + b"\x55" * (len(pages) - 20_480))
        with pytest.raises(StoreError, match=r"cannot read the database .* malformed"):
            list(archive.raw(0.0, 2e9))


def test_a_database_without_its_tables_is_a_fault_of_the_program(settings, clock):
    Store(settings, clock).close()
    with sqlite3.connect(settings.path) as db:
        db.execute("DROP TABLE faults")
    db.close()

    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError, match="no such table: faults"):
            Store(settings, clock)
    with Archive(settings) as archive, pytest.raises(sqlite3.OperationalError, match="no such"):
        archive.faults(0.0, 2e9)


def test_what_is_in_use_closes_when_it_is_given_back(settings, clock, add_raw):
    with Store(settings, clock) as store:
        store.add_sensor(100.0, "MPU-6050", 100.0, 16384.0)
        add_raw(store, 100.0, 60)
    archive = Archive(settings)
    with archive._reader() as db:
        archive.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        db.execute("SELECT 1")


def test_reading_an_older_database_is_told(settings):
    settings.path.touch()

    with Archive(settings) as archive, pytest.raises(StoreError, match="older bedside"):
        archive.stretches()


def test_who_may_only_read_the_folder_can_read_the_nights(settings, clock, jerk, heard):
    with Store(settings, clock) as store:
        store.add_heard(heard(jerk(200.0)))
    script = (
        "import sys; from bedside.store import *;"
        "print(len(Archive(StoreSettings(folder=sys.argv[1])).recorded(0.0, 2e9).movements))"
    )
    folder = settings.path.parent
    command = [sys.executable, "-c", script, str(folder)]
    shield = _without_capabilities() if os.geteuid() == 0 else []
    folder.chmod(0o555)
    settings.path.chmod(0o444)
    try:
        done = subprocess.run([*shield, *command], capture_output=True, text=True, check=False)
    finally:
        folder.chmod(0o755)

    assert done.stdout == "1\n", done.stderr


def _without_capabilities():
    """Let root be refused like anybody else, where the machine has the tool."""
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and there is no setpriv to stop it")
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
