"""The support bundle: what helps to find a fault from afar, and nothing about the sleeper.

What goes in is chosen by name, so that what is added to the program later stays out until
somebody has thought about it.
"""

import io
import json
import platform
import re
import socket
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bedside import __version__
from bedside.doctor import Examination
from bedside.health import Fact
from bedside.machine_state import MachineState
from bedside.pipeline.recorded import Fault
from bedside.settings import SettingsTold, SettingTold
from bedside.store.condition import Condition

MOST_FAULTS = 2000
DAYS = 30
FACTS = (
    "sensor",
    "set_odr_hz",
    "odr_hz",
    "gaps",
    "overruns",
    "bus_errors",
    "light",
    "thermometer",
)
"""Of what the parts note on `Health`; whether the bed is occupied is not among them."""
TABLES = ("boots", "anchors", "sensors", "minutes", "temperatures", "light", "faults", "nights")
TEXTS = (
    ("sensor", "chip"),
    ("light", "pins"),
    ("light", "pwm"),
    ("light", "colours"),
    ("climate", "chip"),
    ("clock", "time_zone"),
    ("series", "rule"),
    ("display", "panel"),
)
"""Settings whose text names nobody; other text is left out once it is not the default."""
ABOUT_PEOPLE = (("series", "child"),)
"""Settings that are no text and all the same tell something of the sleeper."""

_README = """\
This is a support bundle of bedside, made by its owner to be read by whoever helps.

Inside: versions; the settings in force; how sensor, disk, clock and computer fare; the faults
of the last {days} days with their times; what `bedside doctor` finds; how many rows the database
holds.

Not inside: movements, sleep, presence in bed and their times; the diary and its tags; names of
this machine, of phones, networks and users; addresses, passwords and keys; log files. Texts in
the settings are left out unless they are known to name nobody, and so are bedtime and alarm.

Every file is plain text: read it before you pass it on.
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a bundle is made of.

    facts     as the parts noted them; None where no daemon was asked
    machine   how the computer fares
    database  None where it could not be read; `counts` and `faults` are then empty
    """

    settings: SettingsTold
    machine: MachineState
    examination: Examination
    clock_known: bool
    facts: Mapping[str, Fact] | None = None
    database: Condition | None = None
    counts: Mapping[str, int] | None = None
    faults: Sequence[Fault] = ()

    def with_database(
        self, database: Condition, counts: Mapping[str, int], faults: Sequence[Fault]
    ) -> "Evidence":
        """Add what the database tells."""
        return replace(self, database=database, counts=counts, faults=faults)


def bundle(evidence: Evidence, folder: Path) -> bytes:
    """Pack it as a ZIP file.

    Parameters
    ----------
    folder : of the database; its name is taken out of every sentence.
    """
    scrub = scrubber(folder)
    files = {
        "README.txt": _README.format(days=DAYS),
        "versions.json": _json(versions()),
        "settings.toml": _settings(evidence.settings),
        "health.json": _json(_health(evidence, scrub)),
        "faults.json": _json(_faults(evidence.faults, scrub)),
        "doctor.txt": scrub(evidence.examination.as_text()) + "\n",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"bedside-support/{name}", text)
    return packed.getvalue()


def versions() -> dict[str, str]:
    """Give the versions of the program and of what it stands on; never the machine's name."""
    found = {
        "bedside": __version__,
        "python": sys.version.split()[0],
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }
    for name in ("apscheduler", "attrs", "cattrs", "flask", "gpiozero", "lgpio", "numpy",
                 "smbus2", "waitress", "werkzeug"):  # fmt: skip
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not there"
    return found


def scrubber(folder: Path) -> Callable[[str], str]:
    """Give what takes names, addresses, folders and times of day out of a sentence."""
    names = {socket.gethostname(), socket.gethostname().partition(".")[0], Path.home().name}
    patterns = [
        (re.compile(re.escape(str(folder))), "FOLDER"),
        (re.compile(r"(/home|/Users)/[^/\s:;,]+"), r"\1/USER"),
        (re.compile(r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b", re.I), "ADDRESS"),
        (re.compile(r"\b\d{1,2}:\d\d\b(?!:)"), "TIME"),
        (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "ADDRESS"),
        (re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}", re.I), "ADDRESS"),
        (re.compile(r"\b[\w-]+\.(?:local|lan|home|fritz\.box)\b", re.I), "NAME"),
        *(
            (re.compile(rf"\b{re.escape(name)}\b", re.I), "NAME")
            for name in names - {"", "root", "bedside", "localhost"}
        ),
    ]

    def scrub(text: str) -> str:
        for pattern, instead in patterns:
            text = pattern.sub(instead, text)
        return text

    return scrub


def unquoted(problem: str) -> str:
    """Leave out of a fault of the settings file what was written there."""
    place, found, _rest = problem.partition("]")
    if found:
        return f"{place}] {_rest.partition(':')[0].strip()}: is wrong"
    return f"{problem.partition(': ')[0]}: cannot be used"


def _settings(told: SettingsTold) -> str:
    """Write the settings as TOML; what may tell of people stands there as left out."""
    lines = []
    for name, _sentence in told.sections:
        lines.append(f"[{name}]")
        lines += map(_setting, (each for each in told.settings if each.section == name))
        lines.append("")
    return "\n".join(lines)


def _setting(told: SettingTold) -> str:
    origin = f"line {told.line}" if told.line else "default"
    if told.changed and not _harmless(told):
        return f"# {told.name}: set, and left out here  # {origin}"
    return f"{told.name} = {told.value}  # {origin}"


def _harmless(told: SettingTold) -> bool:
    """Whether a setting tells nothing of people: numbers and switches do not, text may."""
    if (told.section, told.name) in ABOUT_PEOPLE:
        return False
    return not told.value.startswith(('"', "'", "[")) or (told.section, told.name) in TEXTS


def _health(evidence: Evidence, scrub: Callable[[str], str]) -> dict[str, Any]:
    facts = evidence.facts or {}
    counts = evidence.counts or {}
    return {
        "clock_known": evidence.clock_known,
        "facts": {
            name: scrub(fact) if isinstance(fact := facts[name], str) else fact
            for name in FACTS
            if name in facts
        },
        "machine": {
            name: round(value, 1) if isinstance(value, float) else value
            for name, value in asdict(evidence.machine).items()
        },
        "database": None if evidence.database is None else _database(evidence.database),
        "rows": {name: counts[name] for name in TABLES if name in counts},
    }


def _database(condition: Condition) -> dict[str, Any]:
    steps = [
        {"at": _time(at_s), "forward_s": round(forward_s, 1)}
        for at_s, forward_s in condition.clock_steps
    ]
    told = asdict(condition) | {"clock_steps": steps}
    del told["newest_s"]  # near the moment somebody got up, on a machine that was then cut off
    return told


def _faults(faults: Iterable[Fault], scrub: Callable[[str], str]) -> list[dict[str, Any]]:
    newest = sorted(faults, key=lambda fault: fault.start_s)[-MOST_FAULTS:]
    return [
        {
            "part": fault.part,
            "sentence": scrub(fault.sentence),
            # A missed alarm tells when somebody gets up.
            "start": _time(fault.start_s)[: 10 if fault.part == "schedule" else None],
            "for_s": None if fault.end_s is None else round(fault.end_s - fault.start_s, 1),
        }
        for fault in newest
    ]


def _time(wall_s: float) -> str:
    return datetime.fromtimestamp(wall_s, UTC).isoformat(timespec="seconds")


def _json(told: object) -> str:
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"
