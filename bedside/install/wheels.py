"""The wheels of a version: taken from those on the machine, or else from the index.

What is fetched is what `uv.lock` names, so every machine runs what the tests ran. Where an index
lacks a locked version (32-bit ARM), the newest that fits is taken, and said.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bedside.errors import InstallError
from bedside.install.layout import WHEELS
from bedside.install.machine import Answer, Machine, last_words

LGPIO = "lgpio>=0.2.2"
"""0.0.0.2 on the index is an empty file."""

LGPIO_WORKS = "import lgpio; lgpio.tx_pwm"

_NEVER_BUILT = "numpy,pillow"  # hours on a Pi, and a compiler that is not there
_NO_NETWORK = re.compile(
    r"NewConnectionError|name resolution|Network is unreachable|timed out|ProxyError|SSLError"
    r"|Connection (refused|reset|aborted)|Max retries",
    re.IGNORECASE,
)


class Attempt(NamedTuple):
    """One way to get the wheels: from here or the index, as locked or not, with what on top."""

    online: bool
    locked: bool
    extras: bool


ATTEMPTS = (
    Attempt(online=False, locked=True, extras=True),
    Attempt(online=True, locked=True, extras=True),
    Attempt(online=True, locked=False, extras=True),
    Attempt(online=True, locked=False, extras=False),
)


class Fetched(NamedTuple):
    """A folder with the wheels of a version, and what to install from it."""

    folder: Path
    wanted: str
    attempt: Attempt


def fetch(machine: Machine, python: Path, source: Path, fresh: Path) -> Fetched:
    """Put every wheel that the project in `source` needs into `fresh`, its own too.

    Raises
    ------
    InstallError : they are not here, and cannot be fetched.
    """
    project = tomllib.loads((source / "pyproject.toml").read_text())
    constraints = fresh.with_name(f"{fresh.name}.txt")
    constraints.write_text(locked(source / "uv.lock"))
    answer = Answer(1, "")
    for attempt in ATTEMPTS:
        if not attempt.online and not any(machine.path(WHEELS).glob("*.whl")):
            continue
        if attempt.online:
            machine.say(_announced(attempt))
        what = source if not attempt.extras else f"{source}[{','.join(extras(project))}]"
        answer = machine.run(
            *_pip(python, "wheel", machine.path(WHEELS), attempt.online),
            *(("--constraint", str(constraints)) if attempt.locked else ()),
            *("--wheel-dir", str(fresh), *project["build-system"]["requires"], str(what)),
        )
        if not answer.status:
            constraints.unlink()
            return Fetched(fresh, _named(fresh, project, attempt), attempt)
        if attempt.online and _NO_NETWORK.search(answer.out):
            raise InstallError(
                "the Python packages are not on this machine and the index cannot be reached:"
                " connect the network and say the same again; nothing was changed"
            )
    raise InstallError(f"the Python packages cannot be had: pip says: {last_words(answer.out)}")


def fetch_lgpio(machine: Machine, python: Path, fresh: Path) -> bool:
    """Put lgpio's wheel into `fresh` where there is one for this Python; whether there was."""
    return any(
        not machine.run(
            *_pip(python, "wheel", machine.path(WHEELS), online),
            *("--only-binary", ":all:", "--no-deps", "--wheel-dir", fresh, LGPIO),
        ).status
        for online in (False, True)
    )


def install(machine: Machine, python: Path, folder: Path, *wanted: str) -> None:
    """Install from the wheels in `folder` alone, whatever the system has of the same."""
    machine.must(
        *_pip(python, "install", folder, online=False),
        *("--no-warn-script-location", "--ignore-installed", *wanted),
        why="the Python packages do not fit together",
    )


def extras(project: dict[str, Any]) -> list[str]:
    """Name what is optional: an appliance has it all, so that a setting is enough to use it."""
    return sorted(project["project"].get("optional-dependencies", {}))


def locked(lock: Path) -> str:
    """Write pip's constraints from uv.lock; what it holds in two versions stays open."""
    if not lock.is_file():
        return ""
    packages = tomllib.loads(lock.read_text()).get("package", [])
    count = Counter(package["name"] for package in packages)
    return "".join(
        f"{package['name']}=={package['version']}\n"
        for package in packages
        if count[package["name"]] == 1 and "registry" in package.get("source", {})
    )


def _pip(python: Path, verb: str, links: Path, online: bool) -> Sequence[str | Path]:
    finding: list[str | Path] = ["--find-links", links] if links.is_dir() else []
    if not online:
        finding.append("--no-index")
    quiet = ["--quiet", "--disable-pip-version-check", "--no-cache-dir", "--no-input"]
    patience = ["--retries", "2", "--timeout", "20"]
    careful = ["--prefer-binary", "--only-binary", _NEVER_BUILT]
    return [python, "-I", "-m", "pip", verb, *quiet, *patience, *careful, *finding]


def _named(folder: Path, project: dict[str, Any], attempt: Attempt) -> str:
    """Name our own wheel with its extras, by its file: versions alone do not tell it apart."""
    name = project["project"]["name"]
    (wheel,) = folder.glob(f"{name}-*.whl") if folder.is_dir() else [folder / f"{name}.whl"]
    chosen = f"[{','.join(extras(project))}]" if attempt.extras and extras(project) else ""
    return f"{name}{chosen} @ {wheel.as_uri()}"


def _announced(attempt: Attempt) -> str:
    if attempt.locked:
        return "Fetching the Python packages; this takes some minutes on a small Pi."
    if attempt.extras:
        return "The index lacks a version that was tested; taking the newest that fits."
    return "Some extras cannot be had here (EDF+ files, the display, MQTT); going on without."
