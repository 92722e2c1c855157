"""One version in an environment of its own: made beside the others, complete or not at all."""

import hashlib
import json
import shutil
import sys
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bedside.errors import InstallError
from bedside.install import wheels
from bedside.install.layout import CURRENT, FILES, HOME, RELEASES, WHEELS
from bedside.install.machine import Machine, last_words

_NOTE = "release.json"
_MAKING = ".making"


@dataclass(frozen=True, slots=True)
class Release:
    """A version on the machine.

    stamp    its folder's name: version, Python, and a digest of the source it was made from
    version  as the program names itself
    """

    stamp: str
    version: str

    @property
    def place(self) -> str:
        """Where its environment lies."""
        return f"{RELEASES}/{self.stamp}"

    @property
    def python(self) -> str:
        """Its interpreter."""
        return f"{self.place}/bin/python"

    @property
    def share(self) -> str:
        """Its files for the system, its settings manual and its papers."""
        return f"{self.place}/share/bedside"


def current(machine: Machine) -> Release | None:
    """Give the version in force; None where there is none, or only half of one."""
    link = machine.path(CURRENT)
    return find(machine, Path(link.readlink()).name) if link.is_symlink() else None


def find(machine: Machine, stamp: str) -> Release | None:
    """Give the version of this stamp, if it is there and complete."""
    note = machine.path(f"{RELEASES}/{stamp}/{_NOTE}")
    try:
        return Release(stamp, str(json.loads(note.read_text())["version"]))
    except (OSError, ValueError, KeyError):
        return None


def stamped(source: Path) -> Release:
    """Tell which version the source would become; the same source gives the same stamp."""
    version = _version(source)
    digest = hashlib.sha256()
    for file in _sources(source):
        digest.update(f"{file.relative_to(source)}\0".encode() + file.read_bytes() + b"\0")
    python = f"py{sys.version_info[0]}.{sys.version_info[1]}"
    return Release(f"{version}-{python}-{digest.hexdigest()[:10]}", version)


def make(machine: Machine, source: Path) -> Release:
    """Make the version of the source, unless it is there; what runs is not touched.

    Raises
    ------
    InstallError : its packages cannot be had, or the result does not run.
    """
    release = stamped(source)
    if find(machine, release.stamp):
        machine.say(f"bedside {release.version} is there already, made from the same source.")
        return release
    if not machine.do(f"make {release.place} from {source}, with wheels from {WHEELS}"):
        return release
    making = machine.path(f"{RELEASES}/{_MAKING}")
    fresh = machine.path(f"{WHEELS}.new")
    try:
        _clear(making, fresh)
        _fill(machine, source, making, fresh)
        _check(machine, making)
        (making / _NOTE).write_text(json.dumps({"version": release.version}))
        place = machine.path(release.place)
        _clear(place)
        making.rename(place)
        _clear(machine.path(WHEELS))
        fresh.rename(machine.path(WHEELS))
    except OSError as error:
        raise InstallError(f"{release.place} cannot be made: {error.strerror or error}") from error
    finally:
        _clear(making, fresh)
        fresh.with_name(f"{fresh.name}.txt").unlink(missing_ok=True)
        for folder in (machine.path(RELEASES), machine.path(HOME)):  # of a first one that failed
            with suppress(OSError):
                folder.rmdir()
    return release


def prune(machine: Machine, keep: set[str]) -> None:
    """Remove the versions that nobody would go back to."""
    releases = machine.path(RELEASES)
    for folder in sorted(releases.iterdir()) if releases.is_dir() else []:
        if folder.name not in keep:
            machine.remove(f"{RELEASES}/{folder.name}")


def tidy(machine: Machine) -> None:
    """Remove the wheels, which a package has no use for."""
    machine.remove(WHEELS)


def _fill(machine: Machine, source: Path, making: Path, fresh: Path) -> None:
    """Make the environment; it sees the system's packages, for lgpio."""
    making.parent.mkdir(parents=True, exist_ok=True)
    fresh.mkdir(parents=True)
    machine.must(
        *(sys.executable, "-I", "-m", "venv", "--system-site-packages", making),
        why="the environment cannot be made",
    )
    python = making / "bin" / "python"
    fetched = wheels.fetch(machine, python, source, fresh)
    wheels.install(machine, python, fresh, fetched.wanted)
    if machine.ask(python, "-I", "-c", wheels.LGPIO_WORKS).status:
        if wheels.fetch_lgpio(machine, python, fresh):
            wheels.install(machine, python, fresh, "lgpio")
        else:
            machine.say("There is no lgpio here: the night light and its button stay out.")
    share = making / "share" / "bedside"
    for item in FILES:
        (share / item.source).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / "systemd" / item.source, share / item.source)
    for paper in ("config/bedside.toml", "docs/install.md", "LICENSE"):
        shutil.copyfile(source / paper, share / Path(paper).name)


def _check(machine: Machine, making: Path) -> None:
    """Try the new version before anything is touched for it."""
    python = making / "bin" / "python"
    (package,) = making.glob("lib/python*/site-packages/bedside")
    for words in (("-m", "compileall", "-q", str(package)), ("-c", "import bedside.daemon")):
        answer = machine.ask(python, "-I", *words, timeout_s=600.0)
        if answer.status:
            raise InstallError(
                f"the new version does not even start here, so nothing was changed; it says:"
                f" {last_words(answer.out)}"
            )


def _sources(source: Path) -> list[Path]:
    """List what a version is made from."""
    named = [source / name for name in ("pyproject.toml", "uv.lock", "config/bedside.toml")]
    trees = [*(source / "bedside").rglob("*"), *(source / "systemd").rglob("*")]
    found = [path for path in trees if "__pycache__" not in path.parts]
    return sorted(path for path in [*named, *found] if path.is_file())


def _version(source: Path) -> str:
    """Read the version as the build does: from where pyproject.toml says it stands."""
    project = tomllib.loads((source / "pyproject.toml").read_text())
    text = Path(source, project["tool"]["hatch"]["version"]["path"]).read_text()
    return text.split('__version__ = "')[1].split('"')[0]


def _clear(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
