"""The system around the program: its user, its devices, its files, and its service."""

import re
import shutil
from pathlib import Path

from bedside.install import settings
from bedside.install.checks import jailed
from bedside.install.layout import FILES, TIMER, UNIT, Item
from bedside.install.machine import Machine
from bedside.install.release import Release

SYSUSERS = "/etc/sysusers.d/bedside.conf"
TMPFILES = "/etc/tmpfiles.d/bedside.conf"


def put(machine: Machine, release: Release, *, packaged: bool = False) -> bool:
    """Lay the files of a version into the system; whether any was another."""
    changed = False
    for item in FILES:
        place = item.packaged if packaged else item.here
        changed |= machine.write(place, _text(machine, release, item), item.mode)
    return changed


def prepare(machine: Machine) -> None:
    """Make the user and the folders, and hand over the devices that are there."""
    machine.must("systemd-sysusers", SYSUSERS, why="the user bedside cannot be made")
    if not runs(machine):
        return  # the boot does the rest
    machine.must("systemd-tmpfiles", "--create", TMPFILES, why="the folders cannot be made")
    machine.run("systemctl", "daemon-reload")
    if shutil.which("udevadm"):
        machine.run("udevadm", "control", "--reload")
        for kind in ("i2c-dev", "gpio", "pwm"):
            machine.run("udevadm", "trigger", f"--subsystem-match={kind}", "--action=add")
    machine.run("modprobe", "-q", "i2c-dev")


def turn_on_i2c(machine: Machine) -> bool:
    """Switch the sensor's bus on where raspi-config can; whether a reboot is due."""
    if not shutil.which("raspi-config"):
        return False
    if machine.ask("raspi-config", "nonint", "get_i2c").out.strip() == "0":
        return False
    machine.say("Switching I2C on.")
    machine.run("raspi-config", "nonint", "do_i2c", "0")
    return not Path("/dev/i2c-1").exists()


def runs(machine: Machine) -> bool:
    """Whether systemd runs the machine, so that something can be started now."""
    return not machine.staged and not jailed() and Path("/run/systemd/system").is_dir()


def enable(machine: Machine) -> None:
    """Start the service, and the timer for backups, at every boot."""
    machine.must("systemctl", "enable", UNIT, TIMER, why="the service cannot be enabled")
    if runs(machine):
        machine.run("systemctl", "start", TIMER)


def stop(machine: Machine) -> None:
    """End the service, so that nothing reads its files; no matter whether it ran."""
    machine.run("systemctl", "stop", UNIT)


def start(machine: Machine) -> bool:
    """Begin it, whatever happened before; whether it said it was ready."""
    machine.run("systemctl", "reset-failed", UNIT)
    return not machine.run("systemctl", "start", UNIT).status


def retire(machine: Machine) -> None:
    """End the service and the timer, and start them never again."""
    if runs(machine):
        for unit in (TIMER, UNIT):
            machine.run("systemctl", "disable", "--now", unit)
        machine.run("systemctl", "reset-failed", UNIT)
    elif not machine.staged and shutil.which("systemctl"):
        machine.run("systemctl", "disable", TIMER, UNIT)


def _text(machine: Machine, release: Release, item: Item) -> str:
    file = machine.path(release.share) / item.source
    if not file.is_file() and machine.dry:
        return ""
    text = file.read_text()
    if item.source.startswith("avahi/"):
        port = settings.port(machine)
        return re.sub(r"<port>\d+</port>", f"<port>{port}</port>", text)
    return text
