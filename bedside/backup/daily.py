"""Backups made by themselves: one a day, and the oldest go."""

import re
from datetime import date
from pathlib import Path

from bedside.errors import BackupError

_NAME = re.compile(r"bedside-\d{4}-\d{2}-\d{2}\.tar")


def today(folder: Path, day: date) -> Path:
    """Give the file of a day.

    Raises
    ------
    BackupError : there is no such folder: the stick is not plugged in.
    """
    if not folder.is_dir():
        raise BackupError(
            f"there is no folder {folder} for the backup: plug its stick in and mount it, or set"
            " another [backup] folder"
        )
    return folder / f"bedside-{day.isoformat()}.tar"


def forget_old(folder: Path, keep: int) -> list[Path]:
    """Delete the oldest backups above `keep`, and nothing else; give what was deleted."""
    ours = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    old = ours[: max(0, len(ours) - keep)]
    for path in old:
        path.unlink()
    return old
