"""Which nights are on record: found once, and then only looked for where the record has grown."""

from datetime import date
from zoneinfo import ZoneInfo

from bedside.nights import days
from bedside.pipeline.samples import Span
from bedside.store import Archive

_WINDOWS = 4096


class Dates:
    """The evenings of all nights on record; not for several threads at a time.

    Parameters
    ----------
    store : where the records are.
    zone : whose noon it is.
    """

    newest_s = float("-inf")
    """How far the record goes, wall s."""

    def __init__(self, store: Archive, zone: ZoneInfo) -> None:
        self._store, self._zone = store, zone
        self._found: set[date] = set()
        self._listed: list[date] = []
        self._found_at = (-1, -1)
        self._walked: dict[float, tuple[float, date]] = {}
        self._windows: dict[date, Span] = {}

    def __contains__(self, evening: date) -> bool:
        return evening in self._found

    def listed(self) -> list[date]:
        """Bring up to date which nights there are, and give them in order."""
        at = self._store.version(), self._store.clock_version()
        if at != self._found_at:
            if at[1] != self._found_at[1]:
                self._found, self._walked = set(), {}
            stretches = self._store.stretches()
            for stretch in stretches:
                self._walk(stretch)
            self.newest_s = max((stretch.end_s for stretch in stretches), default=float("-inf"))
            if at[1] != self._found_at[1] or len(self._listed) != len(self._found):
                self._listed = sorted(self._found)
            self._found_at = at
        return self._listed.copy()

    def window(self, evening: date) -> Span:
        """From noon to noon, Unix seconds."""
        found = self._windows.get(evening)
        if found is None:
            if len(self._windows) >= _WINDOWS:
                self._windows.clear()
            found = self._windows[evening] = days.window(evening, self._zone)
        return found

    def _walk(self, stretch: Span) -> None:
        """Look for nights in what is new of a boot since the last look."""
        walked_s, evening = self._walked.get(stretch.start_s) or (
            float("-inf"),
            days.night_of(stretch.start_s, self._zone),
        )
        if stretch.end_s == walked_s:
            return
        last = days.night_of(stretch.end_s, self._zone)
        while evening <= last:
            if evening not in self._found and self._store.holds(*self.window(evening)):
                self._found.add(evening)
            evening += days.DAY
        # The last night may go on, and the one before it may still be given a late minute.
        self._walked[stretch.start_s] = stretch.end_s, last - days.DAY
