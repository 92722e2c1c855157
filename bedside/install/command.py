"""What make calls: a verb, and how to do it."""

import argparse
import fcntl
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bedside.clock import SystemClock
from bedside.errors import BedsideError, InstallError
from bedside.install import deb, deploy, removal
from bedside.install.machine import Machine
from bedside.install.watch import Watch

LOCK = "/run/lock/bedside-install.lock"


def main(words: Sequence[str]) -> None:
    """Do what make was asked for; a fault of the world becomes one sentence and status 1."""
    asked = _parser().parse_args(words)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a lost connection is no reason to stop half-way
    machine = Machine(Path(os.path.abspath(asked.root)), dry=asked.dry)  # noqa: PTH100
    try:
        with _alone(machine):
            _do(asked, machine)
    except BedsideError as error:
        sys.exit(f"bedside: {error}")
    except KeyboardInterrupt:
        sys.exit("bedside: broken off; say the same again to go on where it stood")
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        sys.exit(f"bedside: {where}{error.strerror}; mend that and say the same again")


def _do(asked: argparse.Namespace, machine: Machine) -> None:
    source = Path(asked.source).resolve()
    match asked.verb:
        case "install":
            deploy.install(machine, source, Watch(machine, SystemClock()))
        case "upgrade":
            deploy.upgrade(machine, source, Watch(machine, SystemClock()))
        case "uninstall":
            removal.uninstall(machine, purge=asked.purge)
        case "deb":
            deb.build(source, Path(asked.to))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bedside.install", description=__doc__)
    parser.add_argument("verb", choices=("install", "upgrade", "uninstall", "deb"))
    parser.add_argument("--source", default=".", help="the checkout to install from")
    parser.add_argument("--root", default="/", help="lay files out under another root (DESTDIR)")
    parser.add_argument("--dry", action="store_true", help="say what would be done, and do nothing")
    parser.add_argument("--purge", action="store_true", help="remove nights, settings and user too")
    parser.add_argument("--to", default="dist", help="the folder for the Debian package")
    return parser


@contextmanager
def _alone(machine: Machine) -> Iterator[None]:
    """Keep a second installation off the same machine."""
    if machine.dry or machine.staged or os.geteuid():
        yield
        return
    lock = machine.path(LOCK)
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InstallError("bedside is being installed already: wait for that one") from None
        yield
