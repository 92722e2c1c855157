"""Migrations: each once, each whole, and never backwards."""

import sqlite3

import pytest

from bedside.errors import StoreError
from bedside.store.schema import MIGRATIONS, check_version, migrate

FIRST = ("CREATE TABLE boots (id INTEGER PRIMARY KEY) STRICT",)
SECOND = ("ALTER TABLE boots ADD COLUMN known INTEGER", "UPDATE boots SET known = 0")
BROKEN = ("CREATE TABLE later (id INTEGER) STRICT", "UPDATE nothing SET at = 'all'")


@pytest.fixture
def db():
    with sqlite3.connect(":memory:", isolation_level=None) as connection:
        yield connection
    connection.close()


def tables(db):
    return {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}


def test_a_new_database_gets_every_table(db):
    migrate(db)

    assert check_version(db) == len(MIGRATIONS)
    assert {"boots", "movements", "minutes", "raw", "nights"} <= tables(db)


def test_an_older_database_is_brought_up_to_date(db):
    migrate(db, [FIRST])
    db.execute("INSERT INTO boots VALUES (7)")

    migrate(db, [FIRST, SECOND])

    assert db.execute("SELECT id, known FROM boots").fetchall() == [(7, 0)]
    assert check_version(db, [FIRST, SECOND]) == 2


def test_a_migration_is_done_once(db):
    migrate(db, [FIRST, SECOND])
    migrate(db, [FIRST, SECOND])

    assert check_version(db, [FIRST, SECOND]) == 2


def test_a_migration_that_fails_leaves_nothing_behind(db):
    with pytest.raises(sqlite3.OperationalError, match="nothing"):
        migrate(db, [FIRST, BROKEN])

    assert check_version(db, [FIRST, BROKEN]) == 1
    assert "later" not in tables(db)


def test_a_newer_database_is_refused(db):
    migrate(db, [FIRST, SECOND])

    with pytest.raises(StoreError, match=r"newer bedside \(database version 2, .* knows 1\)"):
        migrate(db, [FIRST])


def test_the_database_of_another_program_is_refused(db):
    db.execute("CREATE TABLE songs (title TEXT)")

    with pytest.raises(StoreError, match="another program"):
        migrate(db)
    assert tables(db) == {"songs"}
