"""The copy of the last settings file that could be read."""

import pytest

from bedside.config.lastgood import NAME, load_or_last_good, state_folder
from bedside.errors import ConfigError


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "bedside.toml"
    path.write_text("[light]\npath_level = 12.0\n")
    return path


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "state"
    made.mkdir()
    return made


def test_a_file_that_can_be_read_is_copied(file, folder):
    config, problems = load_or_last_good(file, folder)

    assert (config.light.path_level, problems) == (12.0, ())
    assert (folder / NAME).read_text() == file.read_text()
    assert [path.name for path in folder.iterdir()] == [NAME]


def test_a_copy_that_is_the_same_is_not_written_again(file, folder):
    load_or_last_good(file, folder)
    before = (folder / NAME).stat()
    load_or_last_good(file, folder)
    after = (folder / NAME).stat()

    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.parametrize("broken", ["[light]\npath_level = 'dim'\n", "[light\n", None])
def test_a_broken_file_leaves_the_last_good_settings_in_force(file, folder, broken):
    load_or_last_good(file, folder)
    if broken is None:
        file.unlink()
    else:
        file.write_text(broken)

    config, problems = load_or_last_good(file, folder)

    assert config.light.path_level == 12.0
    assert config.origin.file == file
    assert len(problems) == 1
    assert problems[0].startswith(str(file))


def test_the_last_good_settings_light_no_lamp_by_themselves(file, folder):
    file.write_text(
        '[light]\npins = "18"\nbedtime = "21:30"\nlights_out = "22:00"\nalarm = "07:00"\n'
    )
    load_or_last_good(file, folder)
    file.write_text("[light\n")

    config, _ = load_or_last_good(file, folder)

    light = config.light
    assert (light.pins, light.bedtime, light.alarm) == ("18", "", "")
    assert (light.path, light.soothe) == (False, False)


def test_without_a_copy_a_broken_file_is_refused(file, folder):
    file.write_text("[light\n")

    with pytest.raises(ConfigError, match=r"bedside\.toml:1"):
        load_or_last_good(file, folder)


def test_a_copy_that_is_broken_too_is_no_help(file, folder):
    file.write_text("[light\n")
    (folder / NAME).write_text("[web\n")

    with pytest.raises(ConfigError, match=r"bedside\.toml:1"):
        load_or_last_good(file, folder)


def test_a_folder_that_cannot_be_written_is_no_reason_not_to_start(file, folder):
    config, problems = load_or_last_good(file, folder / "gone")

    assert (config.light.path_level, problems) == (12.0, ())


def test_the_folder_is_the_one_that_systemd_gives(monkeypatch, tmp_path):
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    assert state_folder() is None
    monkeypatch.setenv("STATE_DIRECTORY", f"{tmp_path}:/elsewhere")
    assert state_folder() == tmp_path
