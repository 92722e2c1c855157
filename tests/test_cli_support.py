"""`bedside support`: the bundle without the daemon, and beside it."""

import zipfile

import pytest

from bedside.clock import SteppedClock
from bedside.pipeline.recorded import Fault
from bedside.store import Store, StoreSettings


@pytest.fixture
def machine(tmp_path):
    """Give a settings file whose folder holds a database with one fault in it."""
    clock = SteppedClock(wall=4e9)
    with Store(StoreSettings(folder=str(tmp_path), min_free_mb=0), clock) as store:
        store.add_fault(Fault(clock.monotonic(), None, "sensor", f"{tmp_path} is gone"))
    file = tmp_path / "bedside.toml"
    file.write_text(f"[sensor]\nbus = 98\n[store]\nfolder = '{tmp_path}'\n")
    return file


def unpacked(path):
    with zipfile.ZipFile(path) as archive:
        return {name.partition("/")[2]: archive.read(name).decode() for name in archive.namelist()}


def test_a_bundle_is_written(bedside, machine, tmp_path):
    answer = bedside("support", tmp_path / "help.zip", "--config", machine)
    files = unpacked(tmp_path / "help.zip")

    assert answer.status == 0
    assert "read it before you pass it on" in answer.out
    assert '"minutes": 0' in files["health.json"]
    assert "fail" in files["doctor.txt"]  # there is no bus 98
    assert str(tmp_path) not in "".join(files.values())


def test_without_a_database_the_rest_is_written(bedside, tmp_path):
    file = tmp_path / "bedside.toml"
    file.write_text(f"[store]\nfolder = '{tmp_path}/nowhere'\n")

    answer = bedside("support", tmp_path / "help.zip", "--config", file)

    assert answer.status == 0
    assert '"database": null' in unpacked(tmp_path / "help.zip")["health.json"]


def test_settings_that_are_wrong_are_named_by_their_place_alone(bedside, tmp_path):
    file = tmp_path / "bedside.toml"
    file.write_text("[web]\nhost = 5\nnames = 'liselotte'\n")

    answer = bedside("support", tmp_path / "help.zip", "--config", file)
    files = unpacked(tmp_path / "help.zip")

    assert answer.status == 0
    assert "[web] host: is wrong" in files["doctor.txt"]
    assert "liselotte" not in "".join(files.values())


def test_a_file_that_cannot_be_written_is_one_sentence(bedside, machine, tmp_path):
    answer = bedside("support", tmp_path / "no" / "help.zip", "--config", machine)

    assert answer.status == 1
    assert answer.err.startswith("bedside: ")
    assert "cannot be written: No such file or directory" in answer.err
