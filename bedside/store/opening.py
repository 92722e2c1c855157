"""Where the database lies, and how it is opened: checked, brought up to date, or begun anew."""

import fcntl
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import attrs

from bedside.errors import StoreError
from bedside.settings import setting
from bedside.store.schema import MIGRATIONS, check_version, migrate

PAGE_BYTES = 1024
"""Small, because what a commit writes is mostly half-filled last pages of many tables."""
CHECKPOINT_PAGES = 4000  # seldom, since only a sync that fails in a checkpoint can do harm
JOURNAL_BYTES = 4 << 20
PATIENCE_S = 2.0

_CACHE_KB = 1024
_READER_CACHE_KB = 512

_UNREADABLE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@attrs.frozen
class StoreSettings:
    """Where the nights are kept, and for how long."""

    folder: str = setting("/var/lib/bedside", "Folder of the database; it must exist.")
    flush_s: float = setting(
        20.0,
        "Written to disk this often: seldom is kind to the SD card, often loses less when the "
        "power fails.",
        unit="s",
        low=5.0,
        high=60.0,
    )
    raw: bool = setting(
        True,
        "Keep the raw samples too, some 30 MB a day, so that every movement can be looked at and "
        "every night scored again.",
    )
    raw_nights: int = setting(
        14,
        "Nights whose raw samples are kept, each counted as 24 hours of recording; movements and "
        "reports are kept for ever.",
        low=1,
        high=1000,
    )
    min_free_mb: int = setting(
        500,
        "Below this much free space the oldest raw samples are deleted.",
        unit="MB",
        low=0,
        high=1_000_000,
    )

    @property
    def path(self) -> Path:
        """The database file."""
        return Path(self.folder) / "bedside.db"


class Opened(NamedTuple):
    """A connection, and where the unreadable file went that it had to replace, if any."""

    db: sqlite3.Connection
    set_aside: Path | None


def lock_folder(path: Path, *, patient: bool = False) -> int:
    """Claim the folder of the database at `path` for one writer; give the descriptor to close.

    Raises
    ------
    StoreError : there is no such folder, it is not writable, or another writer has it. A
        `patient` writer does not mind that the whole disk is read-only, as a worn card may be.
    """
    folder = path.parent
    mend = "or set another folder under [store]"
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} is a file where the store's folder should be; {mend[3:]}")
    if not folder.exists():
        raise StoreError(f"the store's folder {folder} does not exist; create it, {mend}")
    wanted = os.R_OK | os.X_OK | (0 if patient and _read_only(folder) else os.W_OK)
    if not os.access(folder, wanted):
        raise StoreError(f"the store's folder {folder} is not writable; make it so, {mend}")
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise StoreError(f"another bedside is recording into {folder}; end it, {mend}") from None
    return descriptor


def open_for_writing(path: Path, wall_s: float) -> Opened:
    """Open or begin the database; an unreadable one is set aside under the time `wall_s`.

    Raises
    ------
    StoreError : the file is of a newer version or another program, or the disk refuses.
    """
    try:
        try:
            return Opened(_open_checked(path), None)
        except sqlite3.DatabaseError as error:
            if not unreadable(error):
                raise
            aside = set_aside(path, wall_s)
            return Opened(_open_checked(path), aside)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            f"cannot open the database {path}: {error}; mend the disk or the permissions, "
            "or set another folder under [store]"
        ) from error


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open a connection of its own for one reader at a time.

    Raises
    ------
    StoreError : there is no database, or it cannot be read.
    """
    if not path.exists():
        raise StoreError(f"no nights on record: there is no {path}; `bedside run` begins it")
    address = f"file:{quote(str(path.resolve()))}?mode=ro"
    # Who may not write the folder cannot make the shared memory of a journal that is not there.
    if not _journal(path).exists() and not os.access(path.parent, os.W_OK):
        address += "&immutable=1"
    try:
        db = sqlite3.connect(
            address, uri=True, isolation_level=None, timeout=PATIENCE_S, check_same_thread=False
        )
        try:
            db.execute(f"PRAGMA cache_size = -{_READER_CACHE_KB}")
            if check_version(db) < len(MIGRATIONS):
                raise StoreError(
                    f"{path} was written by an older bedside; start `bedside run` once, "
                    "which brings it up to date"
                )
        except BaseException:
            db.close()
            raise
    except sqlite3.Error as error:
        raise StoreError(
            f"cannot read the database {path}: {error}; `bedside run` sets an unreadable one aside"
        ) from error
    return db


def unreadable(error: sqlite3.Error) -> bool:
    """Whether the file itself is broken, and not its disk or what was asked of it."""
    return _code(error) in _UNREADABLE


def of_the_world(error: sqlite3.Error) -> bool:
    """Whether the file or its disk is at fault, and not the program."""
    asked_wrong = _code(error) == sqlite3.SQLITE_ERROR
    return unreadable(error) or (isinstance(error, sqlite3.OperationalError) and not asked_wrong)


def set_aside(path: Path, wall_s: float) -> Path:
    """Rename the database and its journal, never deleting anything; give the new name."""
    stamp = datetime.fromtimestamp(wall_s, UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.name}.unreadable-{stamp}")
    count = 1
    while aside.exists():
        count += 1
        aside = path.with_name(f"{path.name}.unreadable-{stamp}-{count}")
    # The journal first: it must not meet the new database.
    for suffix in ("-wal", "-shm", "-journal", ""):
        if (part := Path(f"{path}{suffix}")).exists():
            part.rename(f"{aside}{suffix}")
    return aside


def _open_checked(path: Path) -> sqlite3.Connection:
    unclean = _journal(path).exists() and _journal(path).stat().st_size > 0
    db = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE_S, check_same_thread=False)
    try:
        check_version(db)
        if unclean:
            _check(db)
        for pragma in (
            f"page_size = {PAGE_BYTES}",
            "auto_vacuum = INCREMENTAL",  # so that raw nights deleted for space give it back
            "journal_mode = WAL",
            "synchronous = NORMAL",
            f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
            f"journal_size_limit = {JOURNAL_BYTES}",
            "secure_delete = FAST",  # Debian's default overwrites deleted nights with zeros
            "temp_store = MEMORY",
            f"cache_size = -{_CACHE_KB}",
        ):
            db.execute(f"PRAGMA {pragma}")
        migrate(db)
    except BaseException:
        db.close()
        raise
    return db


def _check(db: sqlite3.Connection) -> None:
    """Look through the small tables; the raw nights are large, and each carries a checksum."""
    names = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name != 'raw'")
    for (name,) in names.fetchall():
        (verdict,) = db.execute(f"PRAGMA quick_check({name})").fetchone()
        if verdict != "ok":
            error = sqlite3.DatabaseError(verdict)
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error


def disk_failed(error: BaseException | None, folder: Path) -> bool:
    """Whether the disk is full, read-only or silent: a state that may pass, not a wrong setting."""
    if not isinstance(error, sqlite3.Error):
        return False
    return _code(error) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR) or _read_only(folder)


def _read_only(folder: Path) -> bool:
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; 1, an error of the program, where there is none."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _journal(path: Path) -> Path:
    return Path(f"{path}-wal")
