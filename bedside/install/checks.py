"""Looks before anything is changed: whether this machine can have the appliance at all."""

import grp
import os
import pwd
import shutil
import socket
from contextlib import suppress
from pathlib import Path

from bedside.errors import InstallError
from bedside.install import settings
from bedside.install.layout import CURRENT, HOME, UNIT, USER
from bedside.install.machine import Machine

ROOM_MB = 400
FIRST_PERSON = 1000
"""User and group numbers from here on belong to people."""

_PACKAGED = f"/usr/lib/systemd/system/{UNIT}"


def check(machine: Machine, source: Path) -> None:
    """Raise InstallError, with what mends it, when the appliance cannot be installed here."""
    check_root(machine)
    if not (source / "systemd" / UNIT).is_file():
        raise InstallError(f"{source} is no checkout of bedside: call make where its Makefile is")
    if not machine.staged:
        check_systemd(machine)
        _check_package(machine)
        _check_account()
        if not machine.path(CURRENT).is_symlink():
            _check_port(settings.port(machine))
    _check_room(machine.path(HOME))


def check_root(machine: Machine) -> None:
    """Only root may install; a folder of one's own may be filled by anybody."""
    if os.geteuid() and not machine.staged and not machine.dry:
        raise InstallError("only root may do that: put `sudo` before it")


def check_systemd(machine: Machine) -> None:
    """Systemd starts the appliance and brings it back; there is no other way yet."""
    if not shutil.which("systemctl") or not (
        machine.path("/run/systemd/system").is_dir() or jailed()
    ):
        raise InstallError(
            "the appliance is started and watched by systemd, which does not run this machine: use"
            " Raspberry Pi OS or Debian; in a container, `bedside run` can be started by hand"
        )


def jailed() -> bool:
    """Whether this is a changed root, as when an image is made: nothing can be started then."""
    try:
        outside, inside = Path("/proc/1/root").stat(), Path("/").stat()
    except FileNotFoundError:  # no /proc was mounted: not a machine that runs
        return True
    except OSError:
        return False
    return (outside.st_dev, outside.st_ino) != (inside.st_dev, inside.st_ino)


def _check_package(machine: Machine) -> None:
    if machine.path(_PACKAGED).exists():
        raise InstallError(
            "bedside is here as a Debian package, and two would quarrel: `sudo apt-get remove"
            " bedside` first (the nights stay), or go on with the package"
        )


def _check_account() -> None:
    """Refuse a name that is a person's: it must be free, or ours from before."""
    number = None
    with suppress(KeyError):
        number = grp.getgrnam(USER).gr_gid
    with suppress(KeyError):
        number = pwd.getpwnam(USER).pw_uid
    if number is not None and number >= FIRST_PERSON:
        raise InstallError(
            f"the name {USER!r} belongs to a person on this machine (number {number}), and the"
            " appliance needs a user and a group of that name for itself: rename that account,"
            f" `usermod -l NEWNAME {USER} && groupmod -n NEWNAME {USER}`, and install again"
        )


def _check_port(port: int) -> None:
    with socket.socket() as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind(("", port))
        except OSError as error:
            raise InstallError(
                f"the page's port {port} cannot be had ({error.strerror}): stop the program that"
                " has it (`sudo ss -ltnp` names it), or set another [web] port in"
                " /etc/bedside/bedside.toml beforehand"
            ) from error


def _check_room(folder: Path) -> None:
    while not folder.exists():
        folder = folder.parent
    disk = os.statvfs(folder)
    free_mb = disk.f_bavail * disk.f_frsize / 1e6
    if free_mb < ROOM_MB:
        raise InstallError(
            f"{folder} has {free_mb:.0f} MB left, and a version takes up to {ROOM_MB}: free some"
            " (`sudo apt-get clean` often does)"
        )
