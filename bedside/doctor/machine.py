"""What a night needs besides the bus: numpy, a place to write, the time, right settings."""

import importlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from bedside.clock import Clock
from bedside.doctor.findings import Finding
from bedside.drivers.pwm_gpio import load_lgpio
from bedside.errors import PinError

_NIGHT_MB = 50
_ROOMY_MB = 500
_MB = 1_000_000


def examine_numpy() -> Iterator[Finding]:
    """Whether numpy can be loaded: on a Pi it may lack a library of the system."""
    try:
        numpy = importlib.import_module("numpy")
    except ImportError as error:
        first_line = (str(error).strip().splitlines() or ["ImportError"])[0]
        yield Finding(
            "fail",
            f"numpy cannot be loaded ({first_line})",
            "sudo apt-get install -y libopenblas0, then pip install --force-reinstall numpy",
        )
    else:
        yield Finding("ok", f"numpy {numpy.__version__} is there")


def examine_lgpio() -> Iterator[Finding]:
    """Whether the pins of the light and the button can be used as far as the library goes."""
    try:
        load_lgpio()
    except PinError as error:
        what, _, mend = str(error).partition(": ")
        yield Finding("warn", f"the light and the button will not work: {what}", mend)
    else:
        yield Finding("ok", "lgpio is there, and makes PWM")


def examine_settings(
    file: Path | None, problems: Sequence[str], conflicts: Sequence[str] = ()
) -> Iterator[Finding]:
    """Whether the settings file can be used; each fault is a finding of its own."""
    for conflict in conflicts:
        what, _, mend = conflict.rpartition(": ")
        yield Finding("warn", what, mend)
    for problem in problems:
        what, _, mend = problem.rpartition("; ")
        yield Finding("fail", what or mend, mend if what else "")
    if not problems and not conflicts:
        where = f"the settings in {file} are right" if file else "no settings file: all is default"
        yield Finding("ok", where)


def examine_folder(folder: Path) -> Iterator[Finding]:
    """Whether nights can be kept in `folder`."""
    mend = f"sudo install -d -o $USER {folder}; or set another [store] folder"
    if not folder.is_dir():
        what = "is a file, no folder" if folder.exists() else "is not there"
        yield Finding("fail", f"the folder for the nights, {folder}, {what}", mend)
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        what = f"the folder for the nights, {folder}, may not be written by this user"
        yield Finding("fail", what, f"sudo chown $USER {folder}; or set another [store] folder")
        return
    yield room(folder, free_mb(folder))


def free_mb(folder: Path) -> float:
    """Space that this user may fill, MB."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize / _MB


def room(folder: Path, free: float) -> Finding:
    """Judge the MB that are left in a folder."""
    what = f"{folder} can be written and has {free:.0f} MB left"
    if free < _NIGHT_MB:
        return Finding("fail", f"{what}, too little for a night", f"free {_NIGHT_MB} MB or more")
    if free < _ROOMY_MB:
        return Finding("warn", f"{what}, enough for some nights", "free some space soon")
    return Finding("ok", what)


def examine_clock(clock: Clock) -> Iterator[Finding]:
    """Whether the wall clock can be believed."""
    if clock.known():
        yield Finding("ok", "the time is known")
    else:
        yield Finding(
            "warn",
            "the time is not known yet: nights are recorded, and moved to it once it is",
            "sudo timedatectl set-ntp true, with the network up",
        )
