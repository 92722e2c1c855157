"""Taking a backup back: everything is checked before anything is replaced."""

import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bedside.backup.contents import (
    NIGHTS,
    PHONES,
    SETTINGS,
    Manifest,
    copy,
    read_manifest,
    strange,
)
from bedside.errors import BackupError
from bedside.store.opening import lock_folder
from bedside.store.schema import check_version

_MB = 1_000_000
_JOURNALS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Targets:
    """What is replaced.

    nights    the database
    phones    who was let in; None: stays as it is
    settings  the settings file; None: stays as it is
    """

    nights: Path
    phones: Path | None = None
    settings: Path | None = None


def restore(
    path: Path, targets: Targets, wall_s: float, check_settings: Callable[[Path], object]
) -> Manifest:
    """Put what a backup holds in the place of what there is, which is kept beside it.

    Parameters
    ----------
    check_settings : reads a settings file; raises ConfigError for one with mistakes.

    Raises
    ------
    BackupError : it is no backup, is damaged or newer, lacks a part, or there is no room.
    StoreError : a bedside is recording into the folder.
    ConfigError : its settings have mistakes.
    """
    folder = targets.nights.parent
    lock = lock_folder(targets.nights)
    try:
        with _told(path), tarfile.open(path, "r:") as tar:
            manifest = read_manifest(path, tar)
            wanted = _wanted(path, manifest, targets)
            _need_room(folder, manifest)
            with tempfile.TemporaryDirectory(dir=folder, prefix=".restore-") as name:
                found = _unpack(path, tar, manifest, Path(name))
                _check_database(path, found[NIGHTS], check_version)
                if PHONES in wanted:
                    _check_database(path, found[PHONES])
                if SETTINGS in wanted:
                    check_settings(found[SETTINGS])
                _replace({found[part]: target for part, target in wanted.items()}, wall_s)
    finally:
        os.close(lock)
    return manifest


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except tarfile.ReadError as error:
        raise strange(path) from error
    except (EOFError, tarfile.TarError) as error:
        raise _damaged(path) from error
    except FileNotFoundError as error:
        raise BackupError(f"there is no file {error.filename or path}") from error
    except OSError as error:
        raise BackupError(f"the backup {path} cannot be restored: {error}") from error


def _damaged(path: Path) -> BackupError:
    return BackupError(f"{path} is cut short or damaged; nothing was replaced: use another backup")


def _wanted(path: Path, manifest: Manifest, targets: Targets) -> dict[str, Path]:
    wanted = {NIGHTS: targets.nights}
    for part, target, word in (
        (PHONES, targets.phones, "phones"),
        (SETTINGS, targets.settings, "settings"),
    ):
        if target is None:
            continue
        if part not in manifest.parts:
            raise BackupError(f"{path} was made without the {word}; restore it without them")
        wanted[part] = target
    return wanted


def _need_room(folder: Path, manifest: Manifest) -> None:
    size = sum(size for size, _ in manifest.parts.values())
    free = shutil.disk_usage(folder).free
    if free < size:
        raise BackupError(
            f"there is no room in {folder}: the backup takes {size / _MB:.0f} MB and"
            f" {free / _MB:.0f} MB are free; nothing was replaced"
        )


def _unpack(path: Path, tar: tarfile.TarFile, manifest: Manifest, scratch: Path) -> dict[str, Path]:
    """Copy every part and compare it with what the manifest says of it."""
    found: dict[str, Path] = {}
    while (member := tar.next()) is not None:
        expected = manifest.parts.get(member.name)
        if expected is None or member.name in found or not member.isreg():
            raise strange(path)
        file = tar.extractfile(member)
        assert file is not None
        found[member.name] = scratch / member.name
        if (member.size, copy(file, found[member.name], member.size)) != expected:
            raise _damaged(path)
    if found.keys() != manifest.parts.keys():
        raise _damaged(path)
    return found


def _check_database(
    path: Path, part: Path, check: Callable[[sqlite3.Connection], object] | None = None
) -> None:
    try:
        with closing(sqlite3.connect(part)) as db:
            (verdict,) = db.execute("PRAGMA integrity_check").fetchone()
            if check is not None:
                check(db)
    except sqlite3.Error as error:
        raise _damaged(path) from error
    if verdict != "ok":
        raise _damaged(path)


def _replace(places: dict[Path, Path], wall_s: float) -> None:
    """Put every file in its place, or none: what was there is kept under another name."""
    stamp = datetime.fromtimestamp(wall_s, UTC).strftime("%Y%m%dT%H%M%SZ")
    undo: list[tuple[Path, Path]] = []
    try:
        for new, target in places.items():
            _own(new, target)
            for suffix in (*_JOURNALS, ""):
                old = Path(f"{target}{suffix}")
                if old.exists():
                    aside = Path(f"{target}.before-{stamp}{suffix}")
                    old.rename(aside)
                    undo.append((aside, old))
            shutil.move(new, target)
            undo.append((target, new))
    except BaseException:
        for now, before in reversed(undo):
            with suppress(OSError):
                shutil.move(now, before)
        raise


def _own(new: Path, target: Path) -> None:
    """Give a file the owner and the rights of the one it replaces; of the folder where none is."""
    state = (target if target.exists() else target.parent).stat()
    if target.exists():
        new.chmod(state.st_mode & 0o777)
    if os.geteuid() == 0:
        os.chown(new, state.st_uid, state.st_gid)
