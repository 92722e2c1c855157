"""Lets phones in, knows them again, and shows them out."""

import hashlib
import secrets
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from bedside.access.attempts import Attempts
from bedside.access.file import AccessFile
from bedside.access.passwords import fits, kept, weakness
from bedside.clock import Clock
from bedside.errors import AccessError

LINK_LASTS_S = 600.0
SESSION_LASTS_S = 400 * 86_400.0
"""Without a visit, in seconds in which the appliance ran: the longest a browser keeps a cookie."""

_LINK_BYTES, _SESSION_BYTES = 16, 32
_MOST_LINKS, _MOST_SESSIONS = 20, 100
_LONGEST_LABEL = 60
_SEEN_EVERY_S = 12 * 3600.0
_LIVED_EVERY_S = 6 * 3600.0
_COLUMNS = "id, label, by, made_wall, seen_wall"
_GOOD = "hash = ? AND boot = ? AND made_s > ? AND made_s <= ?"

By = Literal["link", "password"]


@dataclass(frozen=True, slots=True)
class Session:
    """A phone that was let in.

    by    by a `link` of `bedside pair`, or by the `password`
    made_wall, seen_wall   when, Unix s; None where the time was not known
    noted   whether this very visit was written down, as is done twice a day
    """

    id: int
    label: str
    by: By
    made_wall: float | None
    seen_wall: float | None
    noted: bool = False


class Access:
    """Who may open the page; made for the daemon and, on the same file, for the commands.

    No time of day decides who is let in, since that of a Pi may be wrong by years. A link lasts
    ten minutes of monotonic time within the boot it was made in. A session lasts by the seconds
    in which the appliance ran, which `keep` counts.

    Parameters
    ----------
    folder : the store's.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._file, self._clock = AccessFile(folder, clock), clock
        self._attempts = Attempts(clock)
        self._counted_s = clock.monotonic()
        self._makeshift = secrets.token_bytes(32)

    @property
    def path(self) -> Path:
        """The file."""
        return self._file.path

    @property
    def set_aside(self) -> Path | None:
        """Where a broken file went that had to be begun anew, if any."""
        return self._file.set_aside

    def secret(self) -> bytes:
        """Give what was drawn by lot at the first start; another while that cannot be read."""
        try:
            with self._file.reading() as db:
                (secret,) = db.execute("SELECT secret FROM house").fetchone()
        except AccessError:
            return self._makeshift
        return bytes(secret)

    # ── by a link ───────────────────────────────────────────────────────────────────────────

    def invite(self) -> str:
        """Give the token of a new link; only its hash is kept.

        Raises
        ------
        AccessError : it cannot be written down.
        """
        token, now_s = secrets.token_urlsafe(_LINK_BYTES), self._clock.monotonic()
        with self._file.writing() as db:
            db.execute(
                "DELETE FROM pairings WHERE boot != ? OR made_s <= ? OR hash IN"
                " (SELECT hash FROM pairings ORDER BY made_s DESC LIMIT -1 OFFSET ?)",
                [self._clock.boot_id, now_s - LINK_LASTS_S, _MOST_LINKS - 1],
            )
            values = [_hash(token), self._clock.boot_id, now_s]
            db.execute("INSERT INTO pairings VALUES (?, ?, ?)", values)
        return token

    def invited(self, token: str) -> bool:
        """Whether a link could be used now; looking does not use it up."""
        with self._file.reading() as db:
            sql = f"SELECT 1 FROM pairings WHERE {_GOOD}"
            return db.execute(sql, self._good(token)).fetchone() is not None

    def accept(self, token: str, label: str) -> str | None:
        """Use a link up and let in who followed it; None where the link is no good.

        Of two who follow it at once, one is let in.
        """
        with self._file.writing() as db:
            used = db.execute(f"DELETE FROM pairings WHERE {_GOOD}", self._good(token))
            return self._let_in(db, label, "link") if used.rowcount == 1 else None

    def _good(self, token: str) -> list[object]:
        now_s = self._clock.monotonic()
        return [_hash(token), self._clock.boot_id, now_s - LINK_LASTS_S, now_s]

    # ── by the password ─────────────────────────────────────────────────────────────────────

    def has_password(self) -> bool:
        """Whether a password has been set."""
        return self._password() is not None

    def set_password(self, password: str | None) -> int:
        """Set the password, or remove it; end the sessions it had opened, and say how many.

        Raises
        ------
        AccessError : the password will not do, or cannot be written down.
        """
        if password is not None and (why := weakness(password)):
            raise AccessError(why)
        written = None if password is None else kept(password)
        with self._file.writing() as db:
            db.execute("UPDATE house SET password = ?", [written])
            return db.execute("DELETE FROM sessions WHERE by = 'password'").rowcount

    def admit(self, address: str, password: str, label: str) -> "str | float | None":
        """Let in who knows the password: a session's token, None, or seconds to wait first.

        Parameters
        ----------
        address : the client's, by which its tries are counted.
        """
        written = self._password()
        if written is None:
            return None
        if wait_s := self._attempts.begin(address):
            return wait_s
        verdict = fits(password, written)
        if verdict is None:
            return 1.0
        if not verdict:
            return None
        self._attempts.forgive(address)
        with self._file.writing() as db:
            still = db.execute("SELECT 1 FROM house WHERE password = ?", [written]).fetchone()
            return self._let_in(db, label, "password") if still else None

    def _password(self) -> str | None:
        with self._file.reading() as db:
            (written,) = db.execute("SELECT password FROM house").fetchone()
        return None if written is None else str(written)

    # ── who is in ───────────────────────────────────────────────────────────────────────────

    def session(self, token: str) -> Session | None:
        """Know a phone again by its token; None for a stranger."""
        with self._file.reading() as db:
            found = db.execute(
                f"SELECT {_COLUMNS}, seen_lived_s FROM sessions WHERE hash = ?", [_hash(token)]
            ).fetchone()
            lived_s = self._lived_s(db)
        if found is None or lived_s - found[-1] > SESSION_LASTS_S:
            return None
        *told, seen_lived_s = found
        noted = lived_s - seen_lived_s > _SEEN_EVERY_S and self._note(told[0], lived_s)
        return replace(Session(*told), noted=noted)

    def sessions(self) -> list[Session]:
        """List who is in, the last to be seen first."""
        with self._file.reading() as db:
            sql = f"SELECT {_COLUMNS} FROM sessions ORDER BY seen_lived_s DESC, id DESC"
            return [Session(*row) for row in db.execute(sql).fetchall()]

    def revoke(self, number: int) -> bool:
        """Show one out; whether it was in."""
        with self._file.writing() as db:
            return db.execute("DELETE FROM sessions WHERE id = ?", [number]).rowcount == 1

    def revoke_others(self, number: int) -> int:
        """Show out all but one; how many that were."""
        with self._file.writing() as db:
            return db.execute("DELETE FROM sessions WHERE id != ?", [number]).rowcount

    def keep(self) -> None:
        """Count the seconds the appliance runs, and forget who has not come for too long.

        To be called now and then; it writes four times a day.

        Raises
        ------
        AccessError : the file cannot be read, or not written.
        """
        self.has_password()  # whether the file can be read
        if self._clock.monotonic() - self._counted_s < _LIVED_EVERY_S:
            return
        with self._file.writing() as db:
            lived_s, self._counted_s = self._lived_s(db), self._clock.monotonic()
            db.execute("UPDATE house SET lived_s = ?", [lived_s])
            gone_s = lived_s - SESSION_LASTS_S
            db.execute("DELETE FROM sessions WHERE seen_lived_s < ?", [gone_s])

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _let_in(self, db: sqlite3.Connection, label: str, by: By) -> str:
        token, wall = secrets.token_urlsafe(_SESSION_BYTES), self._wall()
        # A program that logs in each time must not fill the disk.
        db.execute(
            "DELETE FROM sessions WHERE id IN"
            " (SELECT id FROM sessions ORDER BY seen_lived_s DESC, id DESC LIMIT -1 OFFSET ?)",
            [_MOST_SESSIONS - 1],
        )
        db.execute(
            "INSERT INTO sessions (hash, label, by, made_wall, seen_wall, seen_lived_s)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [_hash(token), label[:_LONGEST_LABEL], by, wall, wall, self._lived_s(db)],
        )
        return token

    def _note(self, number: int, lived_s: float) -> bool:
        """Write down a visit; a disk that does not take it keeps nobody out."""
        try:
            with self._file.writing() as db:
                db.execute(
                    "UPDATE sessions SET seen_lived_s = ?, seen_wall = coalesce(?, seen_wall)"
                    " WHERE id = ?",
                    [lived_s, self._wall(), number],
                )
        except AccessError:
            return False
        return True

    def _lived_s(self, db: sqlite3.Connection) -> float:
        (lived_s,) = db.execute("SELECT lived_s FROM house").fetchone()
        return float(lived_s) + self._clock.monotonic() - self._counted_s

    def _wall(self) -> float | None:
        return self._clock.wall() if self._clock.known() else None


def _hash(token: str) -> bytes:
    """Give what is kept of a token: it was drawn from 128 bits or more, so one pass will do."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
