"""Keeps watch over the threads, and tells systemd what they do: or lets it bring back the whole.

systemd is told that all is well only while samples arrive or a fault that is shown says why they
do not, and while no thread hangs. A hang is what nothing else can mend: a transfer that never
ends, or a lock that is never given back.
"""

import logging
import threading

from bedside.clock import Clock
from bedside.crew import notify_systemd
from bedside.health import Health

log = logging.getLogger(__name__)

SILENT_S = 30.0
"""No samples for so long, and no fault that says why."""
STUCK_S = 30.0
"""No thread works for so long without resting on the clock."""
FEED_S = 5.0

PART = "program"


class AttendedClock:
    """A clock that notes which threads rest on it, and since when the others do not.

    A thread counts from its first rest on; one that has ended has no use for being watched,
    since all end with it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.boot_id = clock.boot_id
        self._busy_since_s: dict[str, float] = {}

    def monotonic(self) -> float:
        """Seconds since some start; never jumps."""
        return self._clock.monotonic()

    def wall(self) -> float:
        """Unix seconds."""
        return self._clock.wall()

    def known(self) -> bool:
        """Whether `wall` can be believed."""
        return self._clock.known()

    def wait(self, deadline: float, stop: threading.Event) -> bool:
        """Rest until `deadline`; True when `stop` was set."""
        name = threading.current_thread().name
        self._busy_since_s.pop(name, None)
        try:
            return self._clock.wait(deadline, stop)
        finally:
            self._busy_since_s[name] = self._clock.monotonic()

    def busy_s(self) -> dict[str, float]:
        """For how long each thread that does not rest has not."""
        now_s = self._clock.monotonic()
        return {name: now_s - since_s for name, since_s in self._busy_since_s.copy().items()}


class Vigil:
    """Looks whether all is well, and tells systemd.

    On `health`, the part `program` is at fault while it is not.

    Parameters
    ----------
    clock : the one on which the threads rest.
    names : of the threads to watch.
    """

    def __init__(self, clock: Clock, health: Health, names: frozenset[str]) -> None:
        self._clock, self._health, self._names = clock, health, names
        self._begun_s = clock.monotonic()
        self._ready = False
        self._told = ""
        self._feed_at_s = self._begun_s

    def look(self) -> None:
        """Tell systemd what there is to tell; to be called about once a second."""
        if trouble := self._trouble():
            self._health.raise_fault(PART, trouble)
        else:
            self._health.clear_fault(PART)
        message = []
        if not self._ready and self._begun():
            self._ready = True
            message.append("READY=1")
        if (status := self.status()) != self._told:
            self._told = status
            message.append(f"STATUS={status}")
        now_s = self._clock.monotonic()
        if not trouble and now_s >= self._feed_at_s:
            self._feed_at_s = now_s + FEED_S
            message.append("WATCHDOG=1")
        if message:
            notify_systemd("\n".join(message))

    def status(self) -> str:
        """Say in a line what bedside does."""
        faults = self._health.faults()
        if faults:
            others = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
            return f"{faults[0].sentence}{others}"
        facts = self._health.facts()
        if "sensor" not in facts:
            return "looking for the sensor"
        bed = {"occupied": "somebody is in bed", "empty": "the bed is empty"}
        told = bed.get(str(facts.get("bed")), "not yet sure whether somebody is in bed")
        gaps = facts.get("gaps")
        lost = f"; {gaps} gap{'s' if gaps != 1 else ''} so far" if gaps else ""
        return f"recording from the {facts['sensor']}; {told}{lost}"

    def _begun(self) -> bool:
        """Whether the first samples have come, or it is known why they do not."""
        return self._health.age_s("samples") is not None or self._explained()

    def _explained(self) -> bool:
        return any(fault.part == "sensor" for fault in self._health.faults())

    def _trouble(self) -> str | None:
        """Say what only a new start can mend; None while there is nothing."""
        busy_s = self._clock.busy_s() if isinstance(self._clock, AttendedClock) else {}
        for name, length_s in busy_s.items():
            if name in self._names and length_s > STUCK_S:
                return (
                    f"the thread `{name}` has not moved for {STUCK_S:.0f} s, as when a transfer"
                    " on the bus never ends: bedside starts itself anew"
                )
        age_s = self._health.age_s("samples")
        silent_s = self._clock.monotonic() - self._begun_s if age_s is None else age_s
        if silent_s > SILENT_S and not self._explained():
            return (
                f"no samples have come for {SILENT_S:.0f} s, and nothing says why: bedside starts"
                " itself anew"
            )
        return None
