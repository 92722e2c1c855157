"""Backups that are made by themselves."""

from datetime import date, timedelta

import pytest

from bedside.backup.daily import forget_old, today
from bedside.errors import BackupError

DAY = date(2026, 11, 21)


def test_each_day_has_its_own_file(tmp_path):
    assert today(tmp_path, DAY).name == "bedside-2026-11-21.tar"


def test_a_stick_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BackupError, match="plug its stick in"):
        today(tmp_path / "stick", DAY)


def test_the_oldest_go_and_nothing_else_does(tmp_path):
    for back in range(10):
        today(tmp_path, DAY - timedelta(back)).write_text("")
    for name in ("bedside-2020-01-01.tar.old", "holiday.tar", "bedside-old.tar"):
        (tmp_path / name).write_text("")

    gone = forget_old(tmp_path, keep=4)

    assert [path.name for path in gone] == [f"bedside-2026-11-{day}.tar" for day in range(12, 18)]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "bedside-2020-01-01.tar.old",
        *(f"bedside-2026-11-{day}.tar" for day in range(18, 22)),
        "bedside-old.tar",
        "holiday.tar",
    ]
