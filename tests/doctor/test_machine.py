import os
import sys
from types import SimpleNamespace

import pytest

from bedside.clock import SteppedClock
from bedside.doctor import examine
from bedside.doctor.machine import (
    examine_clock,
    examine_folder,
    examine_lgpio,
    examine_numpy,
    examine_settings,
    room,
)
from bedside.drivers.imu import ImuSettings


def only(findings):
    (found,) = findings
    return found


def test_numpy_is_there():
    assert only(examine_numpy()).level == "ok"


def test_numpy_that_cannot_be_loaded(monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy", None)

    found = only(examine_numpy())

    assert found.level == "fail"
    assert found.what.startswith("numpy cannot be loaded (")
    assert "libopenblas0" in found.mend


def test_settings_that_are_right(tmp_path):
    assert "no settings file" in only(examine_settings(None, ())).what
    assert only(examine_settings(tmp_path / "b.toml", ())).level == "ok"


def test_each_fault_of_the_settings_is_a_finding():
    one, two = examine_settings(None, ["b.toml:3: [web] port: no; say yes", "b.toml: is gone"])

    assert (one.level, one.what, one.mend) == ("fail", "b.toml:3: [web] port: no", "say yes")
    assert (two.level, two.what, two.mend) == ("fail", "b.toml: is gone", "")


def test_what_two_sections_want_at_once_keeps_no_night_from_being_recorded():
    found = only(examine_settings(None, (), ["b.toml:4: [button] pin: has two jobs: move one"]))

    assert found.level == "warn"
    assert (found.what, found.mend) == ("b.toml:4: [button] pin: has two jobs", "move one")


def test_a_folder_with_room(tmp_path):
    found = only(examine_folder(tmp_path))

    assert found.level in ("ok", "warn", "fail")  # as much as this disk has left
    assert "can be written and has" in found.what


@pytest.mark.parametrize(
    ("free_mb", "level"), [(0, "fail"), (49, "fail"), (50, "warn"), (499, "warn"), (500, "ok")]
)
def test_what_is_left_in_a_folder(tmp_path, free_mb, level):
    assert room(tmp_path, free_mb).level == level


def test_a_folder_that_is_not_there_or_none(tmp_path):
    (tmp_path / "file").touch()

    missing, file = only(examine_folder(tmp_path / "no")), only(examine_folder(tmp_path / "file"))

    assert (missing.level, file.level) == ("fail", "fail")
    assert missing.what.endswith("no, is not there")
    assert f"sudo install -d -o $USER {tmp_path / 'no'}" in missing.mend
    assert file.what.endswith("is a file, no folder")


def test_a_folder_that_may_not_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)

    found = only(examine_folder(tmp_path))

    assert found.level == "fail"
    assert "may not be written by this user" in found.what
    assert f"sudo chown $USER {tmp_path}" in found.mend


def test_the_clock():
    assert only(examine_clock(SteppedClock())).level == "ok"
    unknown = only(examine_clock(SteppedClock(known=False)))
    assert unknown.level == "warn"
    assert "timedatectl" in unknown.mend


class Mpu:
    """An I2C bus with nothing but an MPU-6050's identity at 0x68."""

    def transfer(self, address, write, read=0):
        if address != 0x68:
            raise OSError(121, "nobody")
        return bytes(0x68 if write == b"\x75" else 0 for _ in range(read))


def whole(tmp_path, monkeypatch, numbers, known=True):
    monkeypatch.setattr("bedside.doctor.machine.free_mb", lambda _folder: 9000.0)
    clock = SteppedClock(known=known)
    return examine(numbers, lambda _number: Mpu(), ImuSettings(), tmp_path, clock)


def test_a_machine_that_can_record(tmp_path, monkeypatch):
    examination = whole(tmp_path, monkeypatch, [1], known=False)

    assert examination.can_record
    text = examination.as_text()
    assert "  ok  at 0x68 answers: MPU-6050\n" in text
    assert "warn  the time is not known yet" in text
    assert "      -> sudo timedatectl" in text
    assert text.endswith("A night can be recorded: `bedside run`.")


def test_a_machine_that_cannot(tmp_path, monkeypatch):
    examination = whole(tmp_path, monkeypatch, [])

    assert not examination.can_record
    assert "No night can be recorded" in examination.as_text()
    told = examination.as_json()
    assert told["can_record"] is False
    assert {"level", "what", "mend"} == set(told["findings"][0])


def test_an_lgpio_that_can_is_fine(monkeypatch):
    monkeypatch.setitem(sys.modules, "lgpio", SimpleNamespace(tx_pwm=None))

    assert only(examine_lgpio()).level == "ok"


@pytest.mark.parametrize("module", [None, SimpleNamespace()])
def test_an_lgpio_that_is_missing_or_empty_is_told_with_what_mends_it(monkeypatch, module):
    monkeypatch.setitem(sys.modules, "lgpio", module)

    found = only(examine_lgpio())

    assert found.level == "warn"
    assert "lgpio that is installed is empty" in found.what or "not installed" in found.what
    assert "lgpio" in found.mend
