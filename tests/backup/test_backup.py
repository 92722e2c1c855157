"""Nights carried away in one file, and brought back."""

import hashlib
import json
import sqlite3
import stat
import tarfile
from contextlib import closing
from io import BytesIO

import numpy as np
import pytest

from bedside.backup import making, restoring
from bedside.backup.contents import MANIFEST, NIGHTS, PHONES, SETTINGS
from bedside.backup.making import Sources, back_up
from bedside.backup.restoring import Targets, restore
from bedside.clock import SteppedClock
from bedside.config import load
from bedside.errors import BackupError, ConfigError, StoreError
from bedside.pipeline.listener import Heard, Minute
from bedside.pipeline.recorded import Temperature
from bedside.pipeline.samples import Block
from bedside.store import Archive, Store, StoreSettings

WALL_S = 1_793_500_000.0


class House:
    """A folder of nights, with phones and settings."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.settings = StoreSettings(folder=str(folder), min_free_mb=0)
        self.clock = SteppedClock(wall=WALL_S)
        self.phones = folder / "access.db"
        with closing(sqlite3.connect(self.phones)) as db:
            db.execute("CREATE TABLE sessions (label TEXT)")
            db.execute("INSERT INTO sessions VALUES (?)", (folder.name,))
            db.commit()
        self.file = folder / "bedside.toml"
        self.file.write_text("[comfort]\nlow_c = 17.0\n")

    @property
    def nights(self):
        return self.settings.path

    def record(self, minutes=30):
        store = Store(self.settings, self.clock)
        self.fill(store, minutes)
        store.close()

    def fill(self, store, minutes):
        store.add_sensor(self.clock.monotonic(), "mpu6050", 100.0, 16384.0)
        for _ in range(minutes):
            t_s = self.clock.monotonic()
            t = t_s + np.arange(6000) / 100.0
            accel = np.random.default_rng(int(t_s)).integers(-9, 9, (6000, 3)) / 16384.0
            store.add_block(Block(t, accel.astype(np.float32)))
            store.add_heard(Heard(minutes=[Minute(t_s, 60.0, 1.0, 0.8, 3.0, 14.0, 0.9)]))
            store.add_temperature(Temperature(t_s, 19.5, 40.0))
            self.clock.advance(60.0)
            store.flush()

    def told(self):
        with Archive(self.settings) as archive:
            recorded = archive.recorded(0.0, 4e9)
            raw = sum(len(block.t) for block in archive.raw(0.0, 4e9))
        return recorded.minutes, recorded.temperatures, raw

    def phone(self):
        with closing(sqlite3.connect(self.phones)) as db:
            return db.execute("SELECT label FROM sessions").fetchone()[0]


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path / "house")
    made.record()
    return made


@pytest.fixture
def other(tmp_path):
    made = House(tmp_path / "other")
    made.record(minutes=3)
    return made


@pytest.fixture
def file(tmp_path):
    return tmp_path / "nights.tar"


def all_of(house, **more):
    return Sources(house.nights, house.phones, house.file, **more)


def names(path):
    with tarfile.open(path) as tar:
        return tar.getnames()


def test_what_was_backed_up_comes_back_whole(house, other, file):
    before = house.told()
    size = back_up(all_of(house), file, WALL_S)

    restore(file, Targets(other.nights, other.phones, other.file), WALL_S, load)

    assert other.told() == before
    assert before[2] == 30 * 6000
    assert other.phone() == "house"
    assert other.file.read_text() == house.file.read_text()
    assert size == file.stat().st_size


def test_nights_go_on_being_recorded_meanwhile(house, other, file):
    store = Store(house.settings, house.clock)
    house.fill(store, 5)
    back_up(Sources(house.nights), file, WALL_S)
    house.fill(store, 5)
    store.close()

    restore(file, Targets(other.nights), WALL_S, load)

    assert len(other.told()[0]) == 35
    assert len(house.told()[0]) == 40


def test_phones_and_settings_are_in_it_only_by_choice(house, other, file):
    back_up(Sources(house.nights), file, WALL_S)
    before = other.phone(), other.file.read_text()

    restore(file, Targets(other.nights), WALL_S, load)

    assert names(file) == [MANIFEST, NIGHTS]
    assert (other.phone(), other.file.read_text()) == before


def test_phones_in_it_are_taken_back_only_by_choice(house, other, file):
    back_up(all_of(house), file, WALL_S)

    restore(file, Targets(other.nights), WALL_S, load)

    assert names(file) == [MANIFEST, NIGHTS, PHONES, SETTINGS]
    assert other.phone() == "other"


def test_without_raw_samples_it_is_small_and_all_else_is_there(house, other, file):
    back_up(Sources(house.nights), file, WALL_S)
    whole = file.stat().st_size
    back_up(Sources(house.nights, raw=False), file, WALL_S)

    restore(file, Targets(other.nights), WALL_S, load)

    assert file.stat().st_size < whole / 3
    minutes, temperatures, raw = other.told()
    assert (len(minutes), len(temperatures), raw) == (30, 30, 0)


def test_nobody_else_may_read_it(house, file):
    back_up(all_of(house), file, WALL_S)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_was_there_is_kept(house, other, file):
    back_up(Sources(house.nights), file, WALL_S)
    before = other.told()
    restore(file, Targets(other.nights), WALL_S, load)

    [kept] = other.folder.glob("bedside.db.before-*Z")
    kept.rename(other.nights)
    assert other.told() == before


# ── bad input ───────────────────────────────────────────────────────────────────────────────


def refused(house, file, kind=BackupError, **targets):
    """Try to restore; nothing may be other than before."""
    before = house.told(), house.phone(), house.file.read_text()
    found = {path.name for path in house.folder.iterdir()}
    with pytest.raises(kind) as caught:
        restore(file, Targets(house.nights, **targets), WALL_S, load)
    assert (house.told(), house.phone(), house.file.read_text()) == before
    assert {path.name for path in house.folder.iterdir()} == found
    return str(caught.value)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.6, 0.95])
def test_one_that_was_cut_short_replaces_nothing(house, other, file, share):
    back_up(all_of(house), file, WALL_S)
    file.write_bytes(file.read_bytes()[: int(share * file.stat().st_size)])

    said = refused(other, file)

    assert str(file) in said
    assert "is no backup" in said or "cut short" in said


@pytest.mark.parametrize("at", [0.2, 0.5, 0.8])
def test_one_that_is_damaged_replaces_nothing(house, other, file, at):
    back_up(all_of(house), file, WALL_S)
    content = bytearray(file.read_bytes())
    content[int(at * len(content))] ^= 0xFF
    file.write_bytes(content)

    assert "damaged" in refused(other, file)


def packed(file, manifest, **members):
    with tarfile.open(file, "w") as tar:
        for name, content in {MANIFEST: json.dumps(manifest).encode(), **members}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, BytesIO(content))


@pytest.mark.parametrize(
    "manifest",
    [
        {},
        [],
        "house",
        {"format": 1, "version": "1", "made_wall": 0, "raw": True, "parts": {}},
        {"format": 1, "version": "1", "made_wall": 0, "raw": True, "parts": {"../x": [1, ""]}},
        {"format": 1, "version": "1", "made_wall": 0, "raw": True, "parts": {NIGHTS: "x"}},
    ],
)
def test_a_strange_archive_is_no_backup(other, file, manifest):
    packed(file, manifest)

    assert "is no backup of bedside" in refused(other, file)


def test_no_name_in_it_leads_out_of_the_folder(house, other, file):
    back_up(Sources(house.nights), file, WALL_S)
    with tarfile.open(file, "a") as tar:
        member = tarfile.TarInfo("../../evil")
        member.size = 4
        tar.addfile(member, BytesIO(b"evil"))

    assert "is no backup" in refused(other, file)
    assert not list(file.parent.rglob("evil"))


def test_one_of_a_newer_bedside_is_told(other, file):
    parts = {NIGHTS: [1, ""]}
    packed(file, {"format": 2, "version": "9.1", "made_wall": 0.0, "raw": True, "parts": parts})

    assert "made by a newer bedside (9.1)" in refused(other, file)


def test_nights_of_a_newer_bedside_are_told(house, other, file):
    with closing(sqlite3.connect(house.nights)) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
    back_up(Sources(house.nights), file, WALL_S)
    with tarfile.open(file) as tar:
        content = bytearray(tar.extractfile(NIGHTS).read())
        manifest = json.loads(tar.extractfile(MANIFEST).read())
    content[60:64] = (version + 1).to_bytes(4, "big")  # the database's own header
    manifest["parts"][NIGHTS] = [len(content), hashlib.sha256(content).hexdigest()]
    packed(file, manifest, **{NIGHTS: bytes(content)})

    assert "newer bedside" in refused(other, file, StoreError)


def test_settings_with_mistakes_replace_nothing(house, other, file):
    house.file.write_text("[comfort]\nlow_c = 99.0\n")
    back_up(all_of(house), file, WALL_S)

    assert "low_c" in refused(other, file, ConfigError, settings=other.file)


@pytest.mark.parametrize("part", ["phones", "settings"])
def test_a_part_that_is_not_in_it_is_told(house, other, file, part):
    back_up(Sources(house.nights), file, WALL_S)
    target = {"phones": other.phones, "settings": other.file}[part]

    assert f"made without the {part}" in refused(other, file, **{part: target})


def test_while_a_bedside_records_nothing_is_replaced(house, other, file):
    back_up(Sources(house.nights), file, WALL_S)
    store = Store(other.settings, other.clock)
    try:
        with pytest.raises(StoreError, match="another bedside is recording"):
            restore(file, Targets(other.nights), WALL_S, load)
    finally:
        store.close()


def test_a_disk_that_refuses_half_way_leaves_all_as_it_was(house, other, file, monkeypatch):
    back_up(all_of(house), file, WALL_S)
    moved = []
    move = restoring.shutil.move

    def refuse(source, target):
        moved.append(target)
        if len(moved) == 2:
            raise OSError(5, "Input/output error")
        return move(source, target)

    monkeypatch.setattr(restoring.shutil, "move", refuse)
    said = refused(other, file, phones=other.phones)
    assert "Input/output error" in said


def test_no_room_is_told_before_anything_is_written(house, other, file, monkeypatch):
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(making.shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(BackupError, match="no room for the backup"):
        back_up(Sources(house.nights), file, WALL_S)
    assert not file.exists()
    monkeypatch.undo()
    back_up(Sources(house.nights), file, WALL_S)
    monkeypatch.setattr(restoring.shutil, "disk_usage", lambda _folder: usage)

    assert "no room" in refused(other, file)


def test_a_place_that_cannot_be_written_is_told(house, file):
    with pytest.raises(BackupError, match="there is no folder"):
        back_up(Sources(house.nights), file / "nights.tar", WALL_S)
    with pytest.raises(BackupError, match="is a folder"):
        back_up(Sources(house.nights), house.folder, WALL_S)


def test_without_nights_there_is_nothing_to_back_up(tmp_path, file):
    with pytest.raises(StoreError, match="no nights on record"):
        back_up(Sources(tmp_path / "bedside.db"), file, WALL_S)


def test_no_file_is_told(other, tmp_path):
    assert "there is no file" in refused(other, tmp_path / "none.tar")
