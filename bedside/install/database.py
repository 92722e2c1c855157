"""The nights while a version is on trial: a copy is kept before anything changes their form."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from bedside.errors import InstallError
from bedside.install import settings
from bedside.install.machine import Machine
from bedside.install.release import Release

NAME = "bedside.db"
_PARTS = ("", "-wal", "-shm")
_KNOWS = "from bedside.store.schema import MIGRATIONS; print(len(MIGRATIONS))"


def keep(machine: Machine, release: Release) -> Path | None:
    """Copy the database if `release` will migrate it; where to, or None if it will not.

    The service has to be stopped.

    Raises
    ------
    InstallError : there is no room for the copy.
    """
    folder = settings.nights(machine)
    if not (folder / NAME).is_file():
        return None
    told = machine.ask(machine.path(release.python), "-I", "-c", _KNOWS).out.strip()
    has = version(folder / NAME)
    if has is not None and told == str(has):
        return None
    copy = folder / f"before-{release.stamp}"
    if not machine.do(f"copy the database to {copy}, since it will be migrated"):
        return None
    parts = [folder / f"{NAME}{part}" for part in _PARTS if (folder / f"{NAME}{part}").exists()]
    _check_room(folder, sum(part.stat().st_size for part in parts))
    for old in folder.glob("before-*"):
        shutil.rmtree(old)
    copy.mkdir(mode=0o700)
    _own_as(folder, copy)
    for part in parts:
        shutil.copy2(part, copy / part.name)
        _own_as(part, copy / part.name)
    os.sync()
    return copy


def put_back(machine: Machine, copy: Path) -> None:
    """Give the version before the database it knows; the migrated one is put aside, not lost."""
    folder = copy.parent
    if not copy.is_dir() or not machine.do(f"put the database of {copy} back"):
        return
    aside = folder / f"{copy.name}-migrated"
    aside.mkdir(mode=0o700, exist_ok=True)
    _own_as(folder, aside)
    for part in _PARTS:
        live = folder / f"{NAME}{part}"
        if live.exists():
            live.replace(aside / live.name)
        kept = copy / live.name
        if kept.exists():
            shutil.copy2(kept, live)
            _own_as(kept, live)
    os.sync()


def version(file: Path) -> int | None:
    """Tell how many migrations a database has had; None when it cannot be read."""
    try:
        # Read as its owner would leave it: files that root made beside it would lock them out.
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
            found = int(db.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error:
        return None
    for part in _PARTS:
        if file.with_name(f"{NAME}{part}").exists():
            _own_as(file, file.with_name(f"{NAME}{part}"))
    return found


def _own_as(pattern: Path, other: Path) -> None:
    stat = pattern.stat()
    os.chown(other, stat.st_uid, stat.st_gid)


def _check_room(folder: Path, size: int) -> None:
    disk = os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize
    if free < 1.2 * size:
        raise InstallError(
            f"{folder} has no room for a copy of the database ({free / 1e6:.0f} MB left,"
            f" {size / 1e6:.0f} MB needed), without which there would be no way back: free some"
            " space, or lower [store] raw_nights for a day; the version before stays in force"
        )
