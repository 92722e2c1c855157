"""The tables, as numbered migrations in plain SQL.

Stamps are seconds on the monotonic clock of the row's boot; `boots.offset_s` turns them into
Unix seconds. A released migration is never edited: the next change is the next entry.
"""

import sqlite3
from collections.abc import Sequence

from bedside.errors import StoreError

APPLICATION_ID = 0x62656473  # "beds", so that another program's file is told from ours

Migration = tuple[str, ...]

MIGRATIONS: tuple[Migration, ...] = (
    (
        """
        CREATE TABLE boots (
            id INTEGER PRIMARY KEY,
            boot_id TEXT NOT NULL UNIQUE,
            offset_s REAL NOT NULL,  -- wall - monotonic, as believed now
            known INTEGER NOT NULL  -- whether a time server or a battery clock said so
        ) STRICT
        """,
        """
        CREATE TABLE anchors (  -- how that belief came about
            boot INTEGER NOT NULL REFERENCES boots,
            t_s REAL NOT NULL,
            wall_s REAL NOT NULL,
            known INTEGER NOT NULL,
            PRIMARY KEY (boot, t_s)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE sensors (
            boot INTEGER NOT NULL REFERENCES boots,
            t_s REAL NOT NULL,
            chip TEXT NOT NULL,
            odr_hz REAL NOT NULL,
            lsb_per_g REAL NOT NULL,
            PRIMARY KEY (boot, t_s)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE movements (
            boot INTEGER NOT NULL REFERENCES boots,
            start_s REAL NOT NULL,
            end_s REAL NOT NULL,
            kind TEXT NOT NULL,
            peak_mg REAL NOT NULL,
            peak_jerk_g_s REAL NOT NULL,
            tilt_mg REAL NOT NULL,
            far INTEGER NOT NULL,
            cause TEXT NOT NULL,
            PRIMARY KEY (boot, start_s, kind)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE presence (
            boot INTEGER NOT NULL REFERENCES boots,
            t_s REAL NOT NULL,
            present INTEGER NOT NULL,
            PRIMARY KEY (boot, t_s)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE minutes (
            boot INTEGER NOT NULL REFERENCES boots,
            start_s REAL NOT NULL,
            heard_s REAL NOT NULL,
            present REAL NOT NULL,
            floor_mg REAL NOT NULL,
            peak_mg REAL NOT NULL,
            breaths_per_min REAL,
            breathing_quality REAL NOT NULL,
            PRIMARY KEY (boot, start_s)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE temperatures (
            boot INTEGER NOT NULL REFERENCES boots,
            t_s REAL NOT NULL,
            c REAL NOT NULL,
            humidity REAL,
            PRIMARY KEY (boot, t_s)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE light (
            boot INTEGER NOT NULL REFERENCES boots,
            t_s REAL NOT NULL,
            level REAL NOT NULL,
            cause TEXT NOT NULL,
            PRIMARY KEY (boot, t_s)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE faults (
            boot INTEGER NOT NULL REFERENCES boots,
            start_s REAL NOT NULL,
            end_s REAL,
            part TEXT NOT NULL,
            sentence TEXT NOT NULL,
            PRIMARY KEY (boot, start_s, part)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE raw (
            boot INTEGER NOT NULL REFERENCES boots,
            start_s REAL NOT NULL,  -- first sample
            end_s REAL NOT NULL,  -- last sample
            gap INTEGER NOT NULL,
            n INTEGER NOT NULL,
            lsb_per_g REAL NOT NULL,
            samples BLOB NOT NULL,
            PRIMARY KEY (boot, start_s)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE nights (  -- closed nights as scored; good while the fingerprint fits
            date TEXT PRIMARY KEY,
            fingerprint TEXT NOT NULL,
            scored BLOB NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
    ),
    (
        """
        CREATE TABLE marks (  -- what somebody who knows better said of a movement
            boot INTEGER NOT NULL REFERENCES boots,
            start_s REAL NOT NULL,
            kind TEXT NOT NULL,
            end_s REAL NOT NULL,  -- finds the movement again when the night was heard anew
            verdict TEXT NOT NULL,  -- wrong, or partner
            PRIMARY KEY (boot, start_s, kind)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE diary (  -- what the evening was like; no row where nobody wrote
            date TEXT PRIMARY KEY,
            tags TEXT NOT NULL  -- a JSON list
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE summaries (  -- a few figures of each closed night, for many at once
            date TEXT PRIMARY KEY,
            fingerprint TEXT NOT NULL,
            figures TEXT NOT NULL  -- JSON
        ) STRICT, WITHOUT ROWID
        """,
    ),
)


def migrate(db: sqlite3.Connection, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring the database up to date, one transaction for each migration.

    Raises
    ------
    StoreError : it was written by a newer version, or by another program.
    """
    for number in range(check_version(db, migrations) + 1, len(migrations) + 1):
        db.execute("BEGIN IMMEDIATE")
        try:
            for statement in migrations[number - 1]:
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {number}")
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:  # a full disk rolls back by itself
                db.execute("ROLLBACK")
            raise


def check_version(db: sqlite3.Connection, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Return how many migrations the database has had; 0 when it is new.

    Raises
    ------
    StoreError : it was written by a newer version, or by another program.
    """
    path = db.execute("PRAGMA database_list").fetchone()[2]
    (version,) = db.execute("PRAGMA user_version").fetchone()
    (application_id,) = db.execute("PRAGMA application_id").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if tables and application_id != APPLICATION_ID:
        raise StoreError(
            f"{path} is a database of another program; "
            "move it away, or set another folder under [store]"
        )
    if version > len(migrations):
        raise StoreError(
            f"{path} was written by a newer bedside (database version {version}, this program "
            f"knows {len(migrations)}); install that version, or set another folder under [store]"
        )
    return int(version)
