"""What has to come from Debian, and nothing more."""

import platform
import shutil
import sys

from bedside.errors import InstallError
from bedside.install.layout import PYTHON
from bedside.install.machine import Machine, last_words
from bedside.install.wheels import LGPIO_WORKS

_QUIETLY = {"DEBIAN_FRONTEND": "noninteractive"}
_GET = ("apt-get", "-qq", "-y", "-o", "Dpkg::Use-Pty=0")


def provide(machine: Machine) -> None:
    """Install what is missing from Debian's archive; nothing is asked for twice.

    Raises
    ------
    InstallError : what is needed cannot be had.
    """
    needed = _needed(machine)
    wished = _wished(machine)
    if not needed and not wished:
        return
    if not shutil.which("apt-get"):
        if not needed:
            return
        raise InstallError(
            f"{' and '.join(needed)} is missing, and this system has no apt-get: install what your"
            " distribution calls it, and say the same again"
        )
    if any(not _known(machine, name) for name in needed) or not _lists(machine):
        machine.run(*_GET, "update", env=_QUIETLY)
    wanted = [*needed, *(name for name in wished if _known(machine, name))]
    if wanted:
        machine.say(f"Installing {', '.join(wanted)} from Debian.")
        answer = machine.run(*_GET, "install", "--no-install-recommends", *wanted, env=_QUIETLY)
        if answer.status and needed:
            raise InstallError(
                f"{' and '.join(needed)} cannot be installed: apt-get says:"
                f" {last_words(answer.out)}; connect the network, try `sudo apt-get update`, and"
                " say the same again; nothing was changed"
            )


def _needed(machine: Machine) -> list[str]:
    """List what nothing works without."""
    needed = []
    if machine.ask(sys.executable, "-I", "-c", "import venv, ensurepip").status:
        needed.append("python3-venv")
    if platform.machine() in ("armv6l", "armv7l") and not _installed(machine, "libopenblas0"):
        needed.append("libopenblas0")  # the numpy of 32-bit Raspberry Pi OS links to the system's
    return needed


def _wished(machine: Machine) -> list[str]:
    """List what is better had from the system: Raspberry Pi OS has lgpio, Debian has not."""
    for python in (sys.executable, machine.path(PYTHON)):
        if not machine.ask(python, "-I", "-c", LGPIO_WORKS).status:
            return []
    return ["python3-lgpio"]


def _lists(machine: Machine) -> bool:
    """Whether apt has looked at the archive before: a fresh system knows no package at all."""
    return any(machine.path("/var/lib/apt/lists").glob("*_Packages*"))


def _known(machine: Machine, name: str) -> bool:
    policy = machine.ask("apt-cache", "policy", name, env={"LC_ALL": "C"}).out
    return "Candidate:" in policy and "Candidate: (none)" not in policy


def _installed(machine: Machine, name: str) -> bool:
    told = machine.ask("dpkg-query", "--show", "--showformat=${Status}", name)
    return not told.status and told.out.endswith("ok installed")
