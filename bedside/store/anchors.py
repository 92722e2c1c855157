"""What is believed about the wall clock, and when the database has to be told."""

from typing import NamedTuple

from bedside.clock import Clock
from bedside.store.rows import ANCHOR, BOOT, Row

STEP_S = 0.25
"""A wall clock that moves by more than this against the monotonic one has been set."""
EVERY_S = 600.0
MOST_BEHIND_S = 6 * 3600.0
"""A machine without a battery clock starts from a time it once saved, which is earlier."""


class Anchor(NamedTuple):
    """One look at both clocks; `known` tells whether the wall's can be believed."""

    t_s: float
    wall_s: float
    known: bool

    @property
    def offset_s(self) -> float:
        """Wall less monotonic, s."""
        return self.wall_s - self.t_s


def look(clock: Clock) -> Anchor:
    """Read both clocks as one moment."""
    before_s = clock.monotonic()
    wall_s = clock.wall()
    return Anchor((before_s + clock.monotonic()) / 2, wall_s, clock.known())


class Anchors:
    """Anchors of one boot: the newest known one holds for all its rows, else the newest.

    Parameters
    ----------
    least_offset_s : wall less monotonic must be more, or the boot began before the last had ended.
        A clock that is not known is put right by this.
    """

    def __init__(self, clock: Clock, least_offset_s: float = float("-inf")) -> None:
        self._clock = clock
        self._logged: Anchor | None = None
        self._believed: Anchor | None = None
        behind_s = least_offset_s - look(clock).offset_s
        self._behind_s = behind_s if 0.0 < behind_s <= MOST_BEHIND_S else 0.0
        self._seen = self._look()

    def news(self) -> list[Row]:
        """Look at the clocks; give the rows that are due, none most of the time."""
        self._seen = seen = self._look()
        boot_id, known = self._clock.boot_id, int(seen.known)
        due: list[Row] = []
        if self._moves(seen):
            due.append(Row(BOOT, (boot_id, seen.offset_s, known)))
        if due or self._logged is None or seen.t_s - self._logged.t_s >= EVERY_S:
            due.append(Row(ANCHOR, (boot_id, seen.t_s, seen.wall_s, known)))
        return due

    def written(self) -> bool:
        """Take in that the last news are on disk; return whether they moved earlier rows."""
        moved = self._moves(self._seen)
        if moved:
            self._believed = self._logged = self._seen
        elif self._logged is None or self._seen.t_s - self._logged.t_s >= EVERY_S:
            self._logged = self._seen
        return moved

    def _look(self) -> Anchor:
        seen = look(self._clock)
        return seen if seen.known else seen._replace(wall_s=seen.wall_s + self._behind_s)

    def _moves(self, seen: Anchor) -> bool:
        before = self._believed
        if before is None or seen.known > before.known:
            return True
        return seen.known == before.known and abs(seen.offset_s - before.offset_s) > STEP_S
