import json
import sqlite3
from contextlib import closing

import pytest

from bedside.errors import InstallError
from bedside.install import checks, deploy, packages, release, system
from bedside.install.layout import COMMAND, SETTINGS, TRIAL
from bedside.install.machine import Answer


@pytest.fixture(autouse=True)
def _outside(monkeypatch):
    """Leave out what asks the real machine; each has tests of its own."""
    monkeypatch.setattr(checks, "check", lambda machine, source: None)
    monkeypatch.setattr(checks, "check_root", lambda machine: None)
    monkeypatch.setattr(packages, "provide", lambda machine: None)
    monkeypatch.setattr(system, "turn_on_i2c", lambda machine: False)


@pytest.fixture
def put(house, watch, have, monkeypatch, tmp_path):
    """Install a version as if the checkout were of it."""

    def put(version, **more):
        monkeypatch.setattr(release, "make", lambda machine, source: have(version, **more))
        deploy.install(house, tmp_path, watch)

    return put


def nights(house, version):
    """Give the machine a database of so many migrations."""
    folder = house.path("/var/lib/bedside")
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / "bedside.db")) as db:
        db.execute("CREATE TABLE IF NOT EXISTS seen (by TEXT)")
        db.execute(f"PRAGMA user_version = {version}")
        db.execute("INSERT INTO seen VALUES (?)", (f"migration {version}",))
        db.commit()


def seen(house):
    with closing(sqlite3.connect(house.path("/var/lib/bedside/bedside.db"))) as db:
        return [by for (by,) in db.execute("SELECT by FROM seen")]


def test_a_first_installation_is_in_force_enabled_and_running(house, put, in_force):
    put("1.0")

    assert in_force() == "1.0-py"
    assert house.enabled
    assert house.running == "1.0"
    assert house.path("/etc/systemd/system/bedside.service").read_text().startswith("bedside")
    assert house.path(COMMAND).stat().st_mode & 0o111
    assert not house.path(TRIAL).exists()
    assert any("1.0 is installed and runs" in each for each in house.said)


def test_the_same_again_restarts_nothing(house, put):
    put("1.0")
    house.commands.clear()
    put("1.0")

    assert not [
        each
        for each in house.commands
        if each.startswith(("systemctl stop", "systemctl start bedside.service"))
    ]


def test_the_same_again_mends_what_was_half_done(house, put):
    put("1.0")
    house.path("/etc/systemd/system/bedside.service").unlink()
    put("1.0")

    assert house.path("/etc/systemd/system/bedside.service").exists()
    assert house.running == "1.0"


def test_settings_are_never_overwritten_and_what_is_new_is_said(house, put):
    put("1.0")
    mine = "[web]\nport = 80\n"
    house.path(SETTINGS).write_text(mine)
    house.said.clear()
    put("2.0", manual="[sensor]\nbus = 1\n[web]\nport = 8080\n[log]\nlevel = 'info'\n")

    assert house.path(SETTINGS).read_text() == mine
    assert any("[log] level" in each for each in house.said)
    assert not any("[web] port" in each for each in house.said)
    assert "<port>80</port>" in house.path("/etc/avahi/services/bedside.service").read_text()


def test_a_first_page_is_open_to_the_house(house, put):
    put("1.0")

    assert 'host = "0.0.0.0"' in house.path(SETTINGS).read_text()


def test_an_upgrade_keeps_the_version_before_and_drops_older_ones(house, put, in_force):
    for version in ("1.0", "2.0", "3.0"):
        put(version)

    kept = sorted(each.name for each in house.path("/opt/bedside/releases").iterdir())
    assert in_force() == "3.0-py"
    assert kept == ["2.0-py", "3.0-py"]


def test_a_version_that_does_not_come_up_gives_way_to_the_one_before(house, put, in_force):
    put("1.0")
    house.good = lambda version: version == "1.0"
    with pytest.raises(InstallError, match=r"2\.0 did not come up healthy .*1\.0 is in force"):
        put("2.0")

    assert in_force() == "1.0-py"
    assert house.running == "1.0"
    assert "of 1.0" in house.path("/etc/systemd/system/bedside.service").read_text()
    assert not house.path(TRIAL).exists()


def test_the_database_goes_back_too_and_the_migrated_one_is_kept(house, put):
    put("1.0")
    nights(house, 1)
    house.answers[str(house.path("/opt/bedside/releases/2.0-py/bin/python")) + " -I -c"] = Answer(
        0, "2\n"
    )

    def good(version):
        if version == "2.0":
            nights(house, 2)  # it migrates, and then fails
        return version == "1.0"

    house.good = good
    with pytest.raises(InstallError, match="did not come up"):
        put("2.0")

    folder = house.path("/var/lib/bedside")
    assert seen(house) == ["migration 1"]
    assert (folder / "before-2.0-py-migrated" / "bedside.db").exists()


def test_a_database_of_the_same_form_is_not_copied(house, put):
    put("1.0")
    nights(house, 1)
    house.answers[str(house.path("/opt/bedside/releases/2.0-py/bin/python")) + " -I -c"] = Answer(
        0, "1\n"
    )
    put("2.0")

    assert [each.name for each in house.path("/var/lib/bedside").iterdir()] == ["bedside.db"]


def test_without_room_for_the_copy_nothing_changes(house, put, in_force, monkeypatch):
    put("1.0")
    nights(house, 1)
    monkeypatch.setattr(
        "bedside.install.database.os.statvfs",
        lambda _path: type("Disk", (), {"f_bavail": 1, "f_frsize": 1})(),
    )
    with pytest.raises(InstallError, match="no room for a copy"):
        put("2.0")

    assert in_force() == "1.0-py"
    assert house.running == "1.0"


def test_a_fault_that_was_not_there_before_is_a_reason_to_go_back(
    house, put, in_force, monkeypatch
):
    put("1.0")

    def page(_port):
        part = "clock" if house.running == "1.0" else "sensor"
        return {
            "version": house.running,
            "faults": [{"part": part, "sentence": f"the {part} is wrong"}],
        }

    monkeypatch.setattr("bedside.install.watch._page", page)
    with pytest.raises(InstallError, match="the sensor is wrong"):
        put("2.0")

    assert in_force() == "1.0-py"


def test_a_first_version_that_does_not_come_up_says_where_to_look(house, put):
    house.good = lambda _version: False
    with pytest.raises(InstallError, match="journalctl -u bedside"):
        put("1.0")


def test_settings_with_mistakes_stop_nothing(house, put, in_force):
    put("1.0")
    python = house.path("/opt/bedside/releases/2.0-py/bin/python")
    house.answers[f"{python} -I -m bedside config check"] = Answer(1, "bedside: line 3: no such")
    with pytest.raises(InstallError, match="the settings have mistakes"):
        put("2.0")

    assert in_force() == "1.0-py"
    assert house.running == "1.0"
    assert "bedside: line 3: no such" in house.said


def broken_off(house, put, have, copy=None):
    """Leave things as a power cut leaves them in the middle of an upgrade from 1.0 to 2.0."""
    put("1.0")
    have("2.0")
    house.link("/opt/bedside/current", "releases/2.0-py")
    told = {"release": "2.0-py", "before": "1.0-py", "copy": copy}
    house.path(TRIAL).write_text(json.dumps(told))


def test_an_upgrade_that_broke_off_is_judged_first(house, put, have, in_force):
    broken_off(house, put, have)
    house.good = lambda version: version == "1.0"
    with pytest.raises(InstallError):
        put("2.0")

    assert in_force() == "1.0-py"
    assert house.running == "1.0"


def test_an_upgrade_that_broke_off_and_is_well_stays(house, put, have, in_force):
    broken_off(house, put, have)
    put("2.0")

    assert in_force() == "2.0-py"
    assert house.running == "2.0"
    assert not house.path(TRIAL).exists()


@pytest.mark.parametrize("note", ["", "{}", "[]", '{"release": 3, "before": null}'])
def test_a_torn_note_is_no_trouble(house, put, in_force, note):
    put("1.0")
    house.path(TRIAL).write_text(note)
    put("2.0")

    assert in_force() == "2.0-py"


def test_there_must_be_something_to_upgrade(house, watch, tmp_path):
    with pytest.raises(InstallError, match="no bedside here to upgrade"):
        deploy.upgrade(house, tmp_path, watch)


def test_in_a_root_that_does_not_run_nothing_is_started(house, put, in_force, monkeypatch):
    monkeypatch.setattr(system, "runs", lambda machine: False)
    put("1.0")

    assert in_force() == "1.0-py"
    assert house.enabled
    assert not any(each.startswith("systemctl start") for each in house.commands)
    assert "starts with the next boot" in house.said[-1]
