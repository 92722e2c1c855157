"""What the health page looks at: each part with a verdict in a word, a sentence and figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bedside import __version__
from bedside.health import Fault
from bedside.machine_state import MachineState
from bedside.nights import Nights
from bedside.pipeline.night import Night
from bedside.pipeline.samples import Span
from bedside.pipeline.words.english import duration, in_figures, percent, sentence
from bedside.pipeline.words.opening import LEAST_COVERAGE
from bedside.settings import SettingsTold
from bedside.store.condition import Condition
from bedside.web.house import House
from bedside.web.language import spoken
from bedside.web.now import Now, ago

Level = Literal["well", "note", "look", "bad"]
Rows = tuple[tuple[str, str], ...]

NIGHTS = 7
_GAP_S = 1.0
_PARTS = {
    "sensor": ("sensor", "sensor clock"),
    "disk": ("disk", "space", "database", "card"),
    "clock": ("clock",),
    "computer": ("power", "heat"),
    "around": ("light", "thermometer", "display", "button", "schedule"),
}
_MB_PER_GB = 1000.0


@dataclass(frozen=True, slots=True)
class Check:
    """One part of the house.

    level      well; note: worth knowing; look: to be mended; bad: no night can be recorded
    sentences  what is the matter, and what mends it
    rows       (what, figure)
    """

    key: str
    title: str
    level: Level
    sentences: tuple[str, ...]
    rows: Rows


def checks(house: House, now: Now) -> list[Check]:
    """Look at everything; StoreError when the database cannot be read."""
    condition, machine = house.store.condition(), house.machine()
    found = [
        _check(now, "sensor", "Sensor", now.in_a_word(), sensor_rows(house, now)),
        recording(house.nights),
        _check(now, "disk", "Disk and database", "Nights are being kept.",
               disk_rows(house, condition)),
        _check(now, "clock", "Clock", "The time of day is known.",
               clock_rows(house, condition, machine)),
        _check(now, "computer", "The computer", _computer(machine), computer_rows(machine)),
        _check(now, "around", "Light and room", "Nothing is the matter here.",
               around_rows(house)),
    ]  # fmt: skip
    known = {part for parts in _PARTS.values() for part in parts}
    others = [fault for fault in (*now.faults, *now.notes) if fault.part not in known]
    if others:
        said = tuple(sentence(fault.sentence) for fault in others)
        level: Level = "note" if all(fault.calm for fault in others) else "look"
        found.append(Check("others", "The rest", level, said, ()))
    return found


def _check(now: Now, key: str, title: str, well: str, rows: Iterable[tuple[str, str]]) -> Check:
    """Judge a part by its faults; without any it is well."""
    wrong, notes = (_of(faults, key) for faults in (now.faults, now.notes))
    level: Level = "look" if wrong else "note" if notes else "well"
    if any(fault.part in ("sensor", "disk") for fault in wrong):
        level = "bad"
    if key == "sensor" and not now.recording and level == "well":
        level = "bad" if now.status == "not recording" else "note"
    said = tuple(sentence(fault.sentence) for fault in (*wrong, *notes)) or (well,)
    return Check(key, title, level, said, tuple(rows))


def _of(faults: Sequence[Fault], key: str) -> list[Fault]:
    return [fault for fault in faults if fault.part in _PARTS[key]]


def sensor_rows(house: House, now: Now) -> Rows:
    """Tell the chip, its rate, and what went wrong on its bus since the program started."""
    facts = house.health.facts()
    real, wanted = facts.get("odr_hz"), facts.get("set_odr_hz")
    rate = "not known until it has run for a minute" if real is None else f"{float(real):.1f}"
    if wanted is not None:
        rate += f" (set to {float(wanted):g})"
    counted = (
        ("Bus errors", "bus_errors"),
        ("Overruns", "overruns"),
        ("Gaps", "gaps"),
    )
    return (
        ("Chip and address", str(facts.get("sensor", "none found yet"))),
        ("Samples a second", rate),
        ("Last sample", "none yet" if now.age_s is None else ago(now.age_s)),
        *((f"{label} since the start", str(facts.get(key, 0))) for label, key in counted),
    )


def recording(nights: Nights) -> Check:
    """Tell how much of each of the last nights was recorded."""
    days = nights.dates()[: -NIGHTS - 1 : -1]
    looked = [(day, nights.night(day)) for day in days]
    rows = tuple((spoken().short_day(day), _heard(night)) for day, night in looked)
    poor = [day for day, night in looked if night.bounds and night.coverage < LEAST_COVERAGE]
    if not rows:
        return Check("recording", "Gaps", "well", ("No night has been recorded yet.",), ())
    if poor:
        said = f"In {len(poor)} of the last {len(rows)} nights much is missing."
        return Check("recording", "Gaps", "look", (said,), rows)
    return Check(
        "recording",
        "Gaps",
        "well",
        ("At least four fifths of each of the last nights were recorded.",),
        rows,
    )


def _heard(night: Night) -> str:
    bounds = night.bounds or Span(night.window.end_s, night.window.end_s)
    gaps = [gap for gap in night.gaps if gap.overlap_s(bounds) > _GAP_S]
    if night.bounds is None:
        return "nobody in bed"
    if not gaps:
        return f"{percent(night.coverage)}, no gap"
    longest = max(gap.overlap_s(bounds) for gap in gaps)
    many = "one gap" if len(gaps) == 1 else f"{len(gaps)} gaps, the longest"
    return f"{percent(night.coverage)}, {many} of {duration(longest)}"


def disk_rows(house: House, found: Condition) -> Rows:
    """Tell the space, and what the database holds."""
    settings = house.store.settings
    newest = found.newest_s
    left = found.days_left(settings.raw_nights, settings.min_free_mb)
    lasts = f"about {left:.0f} days, then the oldest raw nights go" if left is not None else (
        "for all that is to be kept"
    )  # fmt: skip
    kept = f"{found.raw_hours / 24:.1f} of {settings.raw_nights}, each of 24 h"
    if not settings.raw:
        kept = "none, by the settings"
    return (
        ("Free space", _size(found.free_mb)),
        ("The space lasts", lasts if settings.raw else "for years"),
        ("Database", _size(found.size_mb)),
        ("Raw nights kept", kept),
        ("Newest minute in it", "none" if newest is None else _since(house, newest)),
        ("Its condition", f"version {found.version}, "
         + ("sound" if house.store.set_aside is None else "begun anew")),
    )  # fmt: skip


def clock_rows(house: House, found: Condition, machine: MachineState) -> Rows:
    """Tell whether the time is known, from where, and when it was last set."""
    known, zone = house.clock.known(), house.nights.zone
    step = "never while it was watched"
    if found.clock_steps:
        at_s, forward_s = found.clock_steps[-1]
        way = "forward" if forward_s > 0 else "back"
        when = datetime.fromtimestamp(at_s, zone)
        step = f"{when:%Y-%m-%d %H:%M}, {duration(abs(forward_s))} {way}"
    return (
        ("Time of day", "known" if known else "not known"),
        ("Told by", machine.clock_source or ("the system" if known else "nobody")),
        ("Last set", step),
        ("Time zone", zone.key or "the machine's"),
        ("It is now", f"{datetime.fromtimestamp(house.clock.wall(), zone):%Y-%m-%d %H:%M}"),
    )


def _computer(machine: MachineState) -> str:
    if machine.weak_power_before:
        return (
            "Power and heat are right at this moment, but the voltage has been too low since the"
            " start: a better power supply and a short cable protect the SD card."
        )
    if machine.slowed_before:
        return "All is right now, but it was so hot since the start that it slowed down."
    if machine == MachineState():
        return "This machine tells nothing of its power and heat."
    return "Nothing is the matter with it."


def computer_rows(machine: MachineState) -> Rows:
    """Tell heat, power, memory and time since the start, as far as the machine does."""
    memory = ""
    if machine.free_mb is not None and machine.memory_mb is not None:
        memory = f"{machine.free_mb:.0f} of {machine.memory_mb:.0f} MB free"
    power = {None: "", True: "too weak", False: "enough"}[machine.weak_power]
    if machine.weak_power_before and not machine.weak_power:
        power = "enough now, too weak at times since the start"
    celsius, errors = machine.temperature_c, machine.card_errors
    rows = (
        ("Version of bedside", __version__),
        ("Model", machine.model or ""),
        ("Processor", "" if celsius is None else f"{celsius:.0f} °C"),
        ("Voltage", power),
        ("Memory", memory),
        ("bedside uses", "" if machine.program_mb is None else f"{machine.program_mb:.0f} MB"),
        ("Faults of the file system", "" if errors is None else in_figures(errors)),
        ("Running for", "" if machine.uptime_s is None else _long(machine.uptime_s)),
    )
    untold = ", ".join(label.lower() for label, figure in rows if not figure)
    told = tuple(row for row in rows if row[1])
    return (*told, ("Not told by this machine", untold)) if untold else told


def around_rows(house: House) -> Rows:
    """Tell what the light, the thermometer and the display are."""
    facts, room = house.health.facts(), house.room()
    reading = "" if room.c is None else f", {room.c:.1f} °C {ago(room.age_s or 0.0)}"
    panel = value_of(house.settings_told(), "display", "panel").strip('"')
    return (
        ("Light", str(facts.get("light", "none is set"))),
        ("Thermometer", f"{facts.get('thermometer', 'none found')}{reading}"),
        ("Display", "none is set" if panel == "none" else panel),
    )


def value_of(told: SettingsTold, section: str, name: str) -> str:
    """Give a setting's value as the file writes it; empty where there is no such setting."""
    found = (s.value for s in told.settings if (s.section, s.name) == (section, name))
    return next(found, "")


def _since(house: House, wall_s: float) -> str:
    return ago(max(0.0, house.clock.wall() - wall_s))


def _size(mb: float) -> str:
    return f"{mb / _MB_PER_GB:.1f} GB" if mb >= _MB_PER_GB else f"{mb:.0f} MB"


def _long(seconds: float) -> str:
    days = int(seconds // 86_400)
    many = "1 day" if days == 1 else f"{days} days"
    return f"{many} {duration(seconds % 86_400)}" if days else duration(seconds)
