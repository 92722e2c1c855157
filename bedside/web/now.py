"""How the appliance stands at this moment, as the pages and `/api/health` tell it."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from bedside.health import Fault, Health
from bedside.pipeline.words.english import sentence

# A night cannot be recorded while one of these fails; anything else only makes it poorer.
_NEEDED = ("sensor", "disk")
_FRESH_S = 10.0


@dataclass(frozen=True, slots=True)
class Now:
    """Whether a night could be recorded, and what stands in the way.

    status  `ok`; `impaired`: with faults, but recording; `starting`; `not recording`
    age_s   of the last sample, s; None before the first
    faults  to be mended; notes  that have lasted and do no harm to what is recorded
    """

    status: Literal["ok", "impaired", "starting", "not recording"]
    age_s: float | None
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...] = ()

    @property
    def recording(self) -> bool:
        """Whether what moves the bed now is kept."""
        return self.status in ("ok", "impaired")

    def in_a_word(self) -> str:
        """Say it in one sentence, without an age, so that a page need not change for it."""
        if self.status == "starting":
            return "bedside has just started and is looking for the sensor."
        if self.recording and any(note.part == "clock" for note in self.notes):
            return "The sensor is listening; the time of day is not known."
        if self.recording:
            return "The sensor is listening."
        return "Nothing can be recorded at this moment; bedside goes on trying."

    def warnings(self, zone: tzinfo, *, clock_known: bool) -> tuple[str, ...]:
        """Give one sentence for each fault, with the time it began where that is known."""
        said = []
        for fault in self.faults:
            began = datetime.fromtimestamp(fault.since_wall, zone)
            since = f"Since {began:%H:%M}: " if clock_known else ""
            said.append(since + sentence(fault.sentence))
        if self.status == "not recording" and not said:
            said.append(self.in_a_word())
        return tuple(said)


def look(health: Health) -> Now:
    """Read the board."""
    age_s = health.age_s("samples")
    notes = tuple(fault for fault in health.faults() if fault.calm)
    faults = tuple(fault for fault in health.faults() if not fault.calm)
    if any(fault.part in _NEEDED for fault in faults):
        return Now("not recording", age_s, faults, notes)
    if age_s is None:
        return Now("starting", age_s, faults, notes)
    if age_s > _FRESH_S:
        return Now("not recording", age_s, faults, notes)
    return Now("impaired" if faults else "ok", age_s, faults, notes)


def ago(age_s: float) -> str:
    """Say `a moment ago`, `12 s ago`, `5 min ago`, `3 h ago`."""
    if age_s < 2:
        return "a moment ago"
    for length_s, unit in ((3600, "h"), (60, "min")):
        if age_s >= 2 * length_s:
            return f"{age_s // length_s:.0f} {unit} ago"
    return f"{age_s:.0f} s ago"
