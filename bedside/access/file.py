"""The file that says who may open the page: small, private, and shared with the commands.

The daemon and the commands write it at the same time, so every change is one short transaction.
The nights lie in another file: a change here must not wait for one there, and who carries the
nights away in a backup does not carry the keys to the page.
"""

import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from bedside.clock import Clock
from bedside.errors import AccessError
from bedside.store.opening import set_aside, unreadable

NAME = "access.db"

_VERSION = 1
_PATIENCE_S = 2.0
_SECRET_BYTES = 32
_SCHEMA = (
    "CREATE TABLE house (secret BLOB NOT NULL, password TEXT, lived_s REAL NOT NULL) STRICT",
    # The time of a pairing is monotonic and bound to its boot: no step of the clock moves it.
    "CREATE TABLE pairings (hash BLOB PRIMARY KEY, boot TEXT NOT NULL, made_s REAL NOT NULL)"
    " STRICT, WITHOUT ROWID",
    "CREATE TABLE sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE,"
    " label TEXT NOT NULL, by TEXT NOT NULL, made_wall REAL, seen_wall REAL,"
    " seen_lived_s REAL NOT NULL) STRICT",
    f"PRAGMA user_version = {_VERSION}",
)


class AccessFile:
    """One connection to the file, made when first needed and again when the file is another.

    Parameters
    ----------
    folder : the store's; it must exist.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.path = folder / NAME
        self.set_aside: Path | None = None
        self._clock = clock
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self._inode: tuple[int, int] | None = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend the file to one reader.

        Raises
        ------
        AccessError : it cannot be opened, or was broken; a broken one has then been set aside.
        """
        with self._lock:
            try:
                yield self._opened()
            except (sqlite3.Error, OSError) as error:
                raise self._failed(error) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the file for one change, which is made as a whole or not at all.

        Raises
        ------
        AccessError : as for `reading`, or the disk refuses.
        """
        with self.reading() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._drop()

    def _opened(self) -> sqlite3.Connection:
        """Give the connection; a file that was put in the place of the other is opened anew."""
        if self._db is not None and self._inode == _inode(self.path):
            return self._db
        self._drop()
        _claim(self.path)
        try:
            self._db = _open(self.path)
        except sqlite3.DatabaseError as error:
            if not unreadable(error):
                raise
            self.set_aside = set_aside(self.path, self._clock.wall())
            _claim(self.path)
            self._db = _open(self.path)
        self._inode = _inode(self.path)
        return self._db

    def _failed(self, error: Exception) -> AccessError:
        """Let go of what failed, so that the next to ask finds a whole file; say what failed."""
        self._drop()
        if isinstance(error, sqlite3.Error) and unreadable(error) and _inode(self.path):
            self.set_aside = set_aside(self.path, self._clock.wall())
            return AccessError(
                f"who may open the page could not be read; it was put aside as {self.set_aside}:"
                " let the phones in anew with `bedside pair`"
            )
        folder = self.path.parent
        if not folder.is_dir():
            return AccessError(
                f"there is no folder {folder}; create it, or name another in [store] folder = …"
            )
        if isinstance(error, PermissionError):
            return AccessError(
                f"{self.path} may not be used by this user; be the one that runs bedside, as in"
                " `sudo -u bedside bedside …`"
            )
        return AccessError(f"{self.path}: {error}; mend the disk, or its permissions")

    def _drop(self) -> None:
        if self._db is not None:
            self._db.close()
        self._db = self._inode = None


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _claim(path: Path) -> None:
    """Make the file where there is none; in any case let nobody but its owner read it.

    A command run by root must not leave a file which the daemon, another user, cannot open.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    found, folder = path.lstat(), path.parent.stat()
    astray = os.geteuid() == 0 and found.st_uid != folder.st_uid
    if not astray and found.st_mode & 0o177 == 0:
        return
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)  # no link to elsewhere
    try:
        os.fchmod(descriptor, 0o600)
        if astray:
            os.fchown(descriptor, folder.st_uid, folder.st_gid)
    finally:
        os.close(descriptor)


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE_S, check_same_thread=False)
    try:
        # A link that was used up must stay so when the power fails: every commit is synced.
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")
        db.execute("BEGIN IMMEDIATE")
        with closing(db.execute("PRAGMA user_version")) as asked:
            (version,) = asked.fetchone()
        if version == 0 and not db.execute("SELECT 1 FROM sqlite_schema").fetchone():
            for statement in _SCHEMA:
                db.execute(statement)
            secret = secrets.token_bytes(_SECRET_BYTES)
            db.execute("INSERT INTO house VALUES (?, NULL, 0)", [secret])
        elif version != _VERSION:
            raise _broken(f"it is of version {version}")
        db.execute("COMMIT")
        _check(db)
    except BaseException:
        db.close()
        raise
    return db


def _check(db: sqlite3.Connection) -> None:
    """Find what is broken before somebody stands at the door."""
    (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise _broken(verdict)
    if db.execute("SELECT count(*) FROM house WHERE length(secret) = 32").fetchone() != (1,):
        raise _broken("it holds no secret")


def _broken(why: str) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(why)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error
