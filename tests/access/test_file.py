"""The file of who may open the page: private, shared, and begun anew when it is broken."""

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing

import pytest

from bedside.access import Access
from bedside.errors import AccessError

WORDS = "correct horse battery"


def test_nobody_else_can_read_it(access):
    access.keep()

    assert stat.S_IMODE(access.path.stat().st_mode) == 0o600


def test_one_that_others_can_read_is_closed_to_them(access, tmp_path, clock):
    access.keep()
    access.close()
    access.path.chmod(0o644)

    with closing(Access(tmp_path, clock)) as again:
        again.keep()

    assert stat.S_IMODE(access.path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_what_root_makes_belongs_to_the_owner_of_the_folder(tmp_path, clock):
    os.chown(tmp_path, 12345, 12346)
    with closing(Access(tmp_path, clock)) as access:
        access.invite()

        assert access.path.stat().st_uid == 12345
        assert access.path.stat().st_gid == 12346


def test_a_link_in_its_place_is_not_followed(tmp_path, clock):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"")
    elsewhere.chmod(0o644)
    (tmp_path / "access.db").symlink_to(elsewhere)

    with closing(Access(tmp_path, clock)) as access, pytest.raises(AccessError):
        access.invite()

    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644


@pytest.mark.parametrize("content", [b"no database" * 500, b"SQLite format 3\0" + b"\xff" * 8000])
def test_a_broken_file_is_set_aside_and_strangers_stay_out(tmp_path, clock, content):
    (tmp_path / "access.db").write_bytes(content)

    with closing(Access(tmp_path, clock)) as access:
        access.keep()

        assert access.set_aside.read_bytes() == content
        assert access.session("x") is None
        assert access.accept("x", "stranger") is None
        assert not access.has_password()
        assert access.accept(access.invite(), "the owner") is not None


def test_one_that_breaks_while_it_is_used_is_said_once_and_begun_anew(access):
    token = access.accept(access.invite(), "phone")
    access.path.write_bytes(b"\0" * access.path.stat().st_size)

    with pytest.raises(AccessError, match=r"put aside as .*let the phones in anew"):
        access.session(token)

    assert access.session(token) is None
    assert access.accept(access.invite(), "the owner") is not None


def test_one_of_another_version_is_set_aside(access, tmp_path, clock):
    access.keep()
    access.close()
    with closing(sqlite3.connect(access.path)) as db:
        db.execute("PRAGMA user_version = 99")

    with closing(Access(tmp_path, clock)) as again:
        again.keep()
        assert again.set_aside.name.startswith("access.db.unreadable-")


@pytest.mark.parametrize("wreck", ["DELETE FROM house", "UPDATE house SET secret = x'00'"])
def test_one_without_a_secret_is_set_aside(access, tmp_path, clock, wreck):
    access.keep()
    access.close()
    with closing(sqlite3.connect(access.path)) as db, db:
        db.execute(wreck)

    with closing(Access(tmp_path, clock)) as again:
        assert len(again.secret()) == 32
        assert again.set_aside is not None


def test_an_empty_file_is_begun(tmp_path, clock):
    (tmp_path / "access.db").touch()

    with closing(Access(tmp_path, clock)) as access:
        access.keep()

        assert access.set_aside is None


def test_one_that_was_deleted_is_begun_anew(access):
    token = access.accept(access.invite(), "phone")
    access.path.unlink()

    assert access.session(token) is None
    assert access.path.exists()


def test_no_folder_is_told(tmp_path, clock):
    with closing(Access(tmp_path / "none", clock)) as access:
        with pytest.raises(AccessError, match=r"there is no folder .*none; create it"):
            access.invite()
        assert len(access.secret()) == 32


def test_a_folder_in_its_place_is_told(tmp_path, clock):
    (tmp_path / "access.db").mkdir()

    with closing(Access(tmp_path, clock)) as access, pytest.raises(AccessError, match="mend"):
        access.invite()


def test_another_users_file_is_told(tmp_path, clock, monkeypatch):
    def refuse(*_args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)

    with (
        closing(Access(tmp_path, clock)) as access,
        pytest.raises(AccessError, match="sudo -u bedside"),
    ):
        access.invite()


def test_a_full_disk_is_told_and_keeps_nobody_out(access, clock):
    token = access.accept(access.invite(), "phone")
    db = access._file._db
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages}")

    def fill():
        for _ in range(200):
            access.accept(access.invite(), "x" * 60)

    with pytest.raises(AccessError, match="full"):
        fill()

    assert access.session(token) is not None


def test_a_locked_file_is_waited_for_and_then_told(access, monkeypatch):
    access.keep()
    access._file._db.execute("PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(access.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(AccessError, match="locked"):
            access.invite()
        other.execute("ROLLBACK")

    assert access.invite()


def test_two_processes_may_begin_it_at_once(tmp_path):
    code = (
        "import sys; from pathlib import Path; from bedside.access import Access;"
        "from bedside.clock import SystemClock;"
        "print(Access(Path(sys.argv[1]), SystemClock()).secret().hex())"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", code, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]

    secrets = {process.communicate(timeout=30)[0] for process in both}

    assert len(secrets) == 1
    assert len(secrets.pop().strip()) == 64
