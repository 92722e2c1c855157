"""Notices that the settings file was saved."""

from pathlib import Path

_Stamp = tuple[int, int, int] | None


class Watch:
    """Tells once of each change of a file, when it has come to rest.

    Editors write a file in pieces, or put a new one in its place: it is looked at again before
    anybody reads it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = self._seen = self._stamp()

    def changed(self) -> bool:
        """Whether the file is another than before, and has been since the last look."""
        stamp = self._stamp()
        rests, self._seen = stamp == self._seen, stamp
        if not rests or stamp == self._known:
            return False
        self._known = stamp
        return True

    def _stamp(self) -> _Stamp:
        try:
            state = self._path.stat()
        except OSError:
            return None
        return state.st_mtime_ns, state.st_size, state.st_ino
