"""`bedside backup` and `bedside restore`, as they are typed."""

import pytest

from bedside.clock import SteppedClock
from bedside.pipeline.listener import Heard, Minute
from bedside.store import Archive, Store, StoreSettings


@pytest.fixture
def settings(tmp_path):
    """Settings of a house with one recorded hour, and a stick."""
    nights, stick = tmp_path / "nights", tmp_path / "stick"
    nights.mkdir()
    stick.mkdir()
    clock = SteppedClock()
    store = Store(StoreSettings(folder=str(nights), min_free_mb=0), clock)
    minutes = [Minute(60.0 * n, 60.0, 1.0, 0.8, 3.0, None, 0.0) for n in range(60)]
    store.add_heard(Heard(minutes=minutes))
    store.close()
    path = tmp_path / "bed.toml"
    path.write_text(f'[store]\nfolder = "{nights}"\n[backup]\nfolder = "{stick}"\nkeep = 2\n')
    return path


def minutes(folder):
    with Archive(StoreSettings(folder=str(folder))) as archive:
        return len(archive.recorded(0.0, 4e9).minutes)


def test_there_and_back(bedside, settings, tmp_path):
    file = tmp_path / "nights.tar"
    there = bedside("backup", file, "--config", settings)
    (tmp_path / "nights" / "bedside.db").unlink()
    back = bedside("restore", file, "--config", settings)

    assert (there.status, back.status) == (0, 0)
    assert "nights.tar:" in there.out
    assert "Restored: the nights until" in back.out
    assert "`before`" in back.out
    assert minutes(tmp_path / "nights") == 60


def test_settings_come_back_where_they_are_asked_for(bedside, settings, tmp_path):
    file = tmp_path / "nights.tar"
    before = settings.read_text()
    bedside("backup", file, "--config", settings)
    settings.write_text(before + "# changed\n")

    answer = bedside("restore", file, "--settings", "--config", settings)

    assert answer.status == 0
    assert settings.read_text() == before


def test_the_backup_of_the_day_goes_to_the_stick(bedside, settings, tmp_path):
    stick = tmp_path / "stick"
    for day in ("01", "02", "03"):
        (stick / f"bedside-2020-01-{day}.tar").write_text("")

    answer = bedside("backup", "--auto", "--config", settings)

    names = sorted(path.name for path in stick.iterdir())
    assert answer.status == 0
    assert names[0] == "bedside-2020-01-03.tar"
    assert len(names) == 2
    assert answer.out.count("Deleted") == 2


def test_without_a_folder_none_is_made_by_itself(bedside, settings, tmp_path):
    settings.write_text(settings.read_text().partition("[backup]")[0])

    answer = bedside("backup", "--auto", "--config", settings)

    assert (answer.status, answer.out.strip()) == (
        0,
        "No backups are wanted: [backup] folder is empty.",
    )


@pytest.mark.parametrize("words", [[], ["nights.tar", "--auto"]])
def test_either_a_file_or_auto(bedside, settings, words):
    answer = bedside("backup", *words, "--config", settings)

    assert answer.status == 2
    assert "name a FILE, or say --auto" in answer.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["backup", "gone/nights.tar"], "there is no folder"),
        (["restore", "none.tar"], "there is no file"),
        (["restore", "bed.toml"], "is no backup of bedside"),
        (["restore", "nights"], "nights"),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence(bedside, settings, tmp_path, words, said):
    command, name = words
    answer = bedside(command, tmp_path / name, "--config", settings)

    assert answer.status == 1
    assert said in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert minutes(tmp_path / "nights") == 60
