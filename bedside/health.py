"""What is wrong and what is well, for the page, the log and `/api/health`."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bedside.clock import Clock

Fact = str | float | int


@dataclass(frozen=True, slots=True)
class Fault:
    """A part that does not do as it should.

    part      short name: sensor, clock, disk, settings...
    sentence  what is wrong and how to mend it
    since_s, since_wall   since when, monotonic s and Unix s
    calm     it has lasted, may last for ever, and nights are recorded all the same
    """

    part: str
    sentence: str
    since_s: float
    since_wall: float
    calm: bool = False


OnChange = Callable[[Fault, bool], None]
"""(fault, whether it is over), called in the thread that noticed, with no lock held."""


class Health:
    """One board for all threads.

    Parameters
    ----------
    on_change : called when a fault is raised, when its sentence changes, and when it is over.
    """

    def __init__(self, clock: Clock, on_change: Sequence[OnChange] = ()) -> None:
        self._clock, self._on_change = clock, tuple(on_change)
        self._lock = threading.Lock()
        self._faults: dict[str, Fault] = {}
        self._beats: dict[str, float] = {}
        self._facts: dict[str, Fact] = {}

    def raise_fault(self, part: str, sentence: str, *, calm: bool = False) -> None:
        """Say what is wrong with `part`; it replaces what was said before."""
        with self._lock:
            old = self._faults.get(part)
            if old is not None and old.sentence == sentence:
                return
            if old is None:
                since = self._clock.monotonic(), self._clock.wall()
                fault = Fault(part, sentence, *since, calm)
            else:
                fault = replace(old, sentence=sentence, calm=calm)
            self._faults[part] = fault
        self._tell(fault, over=False)

    def clear_fault(self, part: str) -> None:
        """Say that `part` is well; nothing happens if it was."""
        with self._lock:
            fault = self._faults.pop(part, None)
        if fault is not None:
            self._tell(fault, over=True)

    def faults(self) -> tuple[Fault, ...]:
        """Give what is wrong now, the oldest first."""
        with self._lock:
            return tuple(sorted(self._faults.values(), key=lambda fault: fault.since_s))

    def beat(self, part: str) -> None:
        """Say that `part` has just done its work."""
        self._beats[part] = self._clock.monotonic()

    def age_s(self, part: str) -> float | None:
        """Seconds since the last beat of `part`; None if there was none."""
        last_s = self._beats.get(part)
        return None if last_s is None else self._clock.monotonic() - last_s

    def note(self, name: str, value: Fact) -> None:
        """Keep the newest value of something worth knowing."""
        with self._lock:
            self._facts[name] = value

    def count(self, name: str) -> None:
        """Count one more of something."""
        with self._lock:
            self._facts[name] = int(self._facts.get(name, 0)) + 1

    def facts(self) -> dict[str, Fact]:
        """All that was noted and counted."""
        with self._lock:
            return dict(self._facts)

    def _tell(self, fault: Fault, *, over: bool) -> None:
        for tell in self._on_change:
            tell(fault, over)
