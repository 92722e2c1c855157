"""Making a backup while the nights go on being recorded."""

import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from bedside import __version__
from bedside.backup.contents import FORMAT, MANIFEST, NIGHTS, PHONES, SETTINGS, Manifest, digest
from bedside.errors import BackupError
from bedside.store.opening import open_for_reading
from bedside.store.schema import migrate

_ROOM = 2.2  # the copy of the database and the file made of it lie side by side for a moment
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Sources:
    """What is backed up.

    nights    the database
    phones    who was let in; None: left out
    settings  the settings file; None: left out
    raw       with the raw samples
    """

    nights: Path
    phones: Path | None = None
    settings: Path | None = None
    raw: bool = True


def back_up(sources: Sources, target: Path, wall_s: float) -> int:
    """Write everything into one file; it is there whole, or not at all.

    Returns
    -------
    int : its size, bytes.

    Raises
    ------
    BackupError : there is no room, or the place cannot be written.
    StoreError : there are no nights, or they cannot be read.
    """
    with _told(target), closing(open_for_reading(sources.nights)) as db:
        _need_room(sources, target, db)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".bedside-") as name:
            scratch = Path(name)
            parts = {NIGHTS: scratch / NIGHTS}
            _copy_nights(sources, parts[NIGHTS])
            if sources.phones is not None and sources.phones.exists():
                parts[PHONES] = scratch / PHONES
                _copy_phones(sources.phones, parts[PHONES])
            if sources.settings is not None and sources.settings.exists():
                parts[SETTINGS] = scratch / SETTINGS
                shutil.copyfile(sources.settings, parts[SETTINGS])
            whole = scratch / "whole"
            _pack(whole, parts, wall_s, raw=sources.raw)
            whole.replace(target)
        return target.stat().st_size


@contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"the backup cannot be written to {target}: {error}") from error


def _need_room(sources: Sources, target: Path, db: sqlite3.Connection) -> None:
    if target.is_dir():
        raise BackupError(f"{target} is a folder; name a file in it")
    if not target.parent.is_dir():
        raise BackupError(f"there is no folder {target.parent}; make it, or name another")
    size = sources.nights.stat().st_size
    if not sources.raw:
        (raw,) = db.execute("SELECT total(length(samples)) FROM raw").fetchone()
        size -= int(raw)
    free = shutil.disk_usage(target.parent).free
    if free < _ROOM * size:
        raise BackupError(
            f"there is no room for the backup in {target.parent}: it takes up to"
            f" {_ROOM * size / _MB:.0f} MB and {free / _MB:.0f} MB are free; free some, or leave"
            " out the raw samples (--no-raw)"
        )


def _copy_nights(sources: Sources, target: Path) -> None:
    """Copy the tables as they are at one moment; recording goes on meanwhile."""
    with closing(_private_database(target)) as copy:
        copy.execute("PRAGMA page_size = 1024")
        copy.execute("PRAGMA auto_vacuum = INCREMENTAL")
        migrate(copy)
        copy.execute(f"ATTACH 'file:{quote(str(sources.nights.resolve()))}?mode=ro' AS nights")
        copy.execute("BEGIN")
        names = copy.execute("SELECT name FROM nights.sqlite_schema WHERE type = 'table'")
        for (name,) in names.fetchall():
            if sources.raw or name != "raw":
                copy.execute(f"INSERT INTO main.{name} SELECT * FROM nights.{name}")
        copy.execute("COMMIT")


def _copy_phones(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as db, closing(_private_database(target)) as copy:
        db.backup(copy)


def _private_database(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    return sqlite3.connect(f"file:{quote(str(path))}", uri=True, isolation_level=None)


def _pack(whole: Path, parts: dict[str, Path], wall_s: float, *, raw: bool) -> None:
    digests = {name: digest(path) for name, path in parts.items()}
    manifest = Manifest(FORMAT, __version__, wall_s, raw, digests).as_bytes()
    whole.touch(mode=0o600)
    with whole.open("r+b") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            head = _member(MANIFEST, len(manifest), wall_s)
            tar.addfile(head, BytesIO(manifest))
            for name, path in parts.items():
                with path.open("rb") as part:
                    tar.addfile(_member(name, digests[name][0], wall_s), part)
        file.flush()
        os.fsync(file.fileno())


def _member(name: str, size: int, wall_s: float) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, int(wall_s), 0o600
    return member
