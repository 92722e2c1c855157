"""The verdict on what must survive."""

import json
import subprocess
import sys
from typing import Any

from bedside.bench.goal import Goal, at_most
from bedside.bench.measure import MeasureFailed
from bedside.bench.speed import ran

CUTS, HOURS, SEED = 50, 8.0, 1
LOSS_HOURS = 3.0
MONTH, MONTH_HOURS, SETTLED = 30, 1.0, 10
LOST_S, FLAT = 60.0, 0.05


def survival(hours: float = HOURS) -> list[Goal]:
    """Return the verdict on everything here; in shorter nights there are fewer cuts."""
    cuts = max(2, round(CUTS * hours / HOURS))
    return [
        *ran("a night with cuts", lambda: cut(cuts, hours)),
        *ran("losses of power", lambda: lost(cuts, min(LOSS_HOURS, hours))),
        *ran("a month in one go", lambda: lasted(hours=MONTH_HOURS * hours / HOURS)),
    ]


def cut(cuts: int = CUTS, hours: float = HOURS) -> list[Goal]:
    """Return the verdict on a night in which the process was killed again and again."""
    told = _ran("cuts", cuts, hours, SEED)
    what = f"{cuts} kills in one night"
    return [
        at_most(f"{what}: corrupt databases", told["corrupt"] + told["set_aside"], 0.0),
        at_most(f"{what}: most lost at one", told["most_lost_s"], LOST_S, " s"),
        at_most(f"{what}: nights and stays in bed more than one", _more(told), 0.0),
        at_most(f"{what}: s on record twice", told["doubled_s"], 0.0),
    ]


def lost(losses: int = CUTS, hours: float = LOSS_HOURS) -> list[Goal]:
    """Return the verdict on disks that lost what had not been synced."""
    told = _ran("losses", losses, hours, SEED)
    what = f"{losses} power cuts"
    return [
        at_most(f"{what}: corrupt databases", told["corrupt"], 0.0),
        at_most(f"{what}: most lost at one", told["most_lost_s"], LOST_S, " s"),
    ]


def lasted(nights: int = MONTH, hours: float = MONTH_HOURS, settled: int = SETTLED) -> list[Goal]:
    """Return the verdict on a process that lives through many nights."""
    told = _ran("month", nights, hours)
    before, after = told[settled - 1], told[-1]
    what = f"night {settled} to night {nights}"
    return [
        _flat(f"memory, {what}", before["resident_mib"], after["resident_mib"], "MiB"),
        _flat(f"open files, {what}", before["files"], after["files"], "files"),
        _flat(f"threads, {what}", before["threads"], after["threads"], "threads"),
    ]


def _flat(what: str, before: float, after: float, unit: str) -> Goal:
    detail = f" ({before:.1f} to {after:.1f} {unit})"
    return at_most(f"{what}, growth", after / before - 1.0, FLAT, "", detail)


def _more(told: dict[str, Any]) -> float:
    return float(abs(told["nights"] - 1) + abs(told["stays"] - 1))


def _ran(module: str, *words: float) -> Any:
    """Run a module of this package, each in a process of its own; return what it prints."""
    command = [sys.executable, "-m", f"{__package__}.{module}", *(f"{word:g}" for word in words)]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    if process.returncode:
        last = process.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise MeasureFailed(f"`{' '.join(command[1:])}` failed: {last[0]}")
    return json.loads(process.stdout)
