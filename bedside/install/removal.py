"""Takes the appliance off a machine; the nights stay unless they are to go too."""

import pwd

from bedside.install import checks, settings, system
from bedside.install.layout import (
    BACKUPS,
    FILES,
    HOME,
    NIGHTS,
    SETTINGS_FOLDER,
    USER,
)
from bedside.install.machine import Machine


def uninstall(machine: Machine, *, purge: bool) -> None:
    """Remove the program, its units and its rules; with `purge` nights, settings and user too."""
    checks.check_root(machine)
    nights = settings.nights(machine)
    system.retire(machine)
    removed = [machine.remove(item.here) for item in FILES]
    removed.append(machine.remove(HOME))
    if system.runs(machine):
        machine.run("systemctl", "daemon-reload")
        machine.run("udevadm", "control", "--reload")
    if purge:
        removed += [machine.remove(place) for place in (NIGHTS, BACKUPS, SETTINGS_FOLDER)]
        _remove_user(machine)
    machine.say("bedside is removed." if any(removed) else "There is no bedside here to remove.")
    if not purge and nights.is_dir():
        machine.say(
            f"The nights stay in {nights} and the settings in {SETTINGS_FOLDER}; `sudo make"
            " uninstall PURGE=1` removes them too."
        )
    elif purge and nights.is_dir():
        machine.say(f"Nights that the settings kept elsewhere are still there: {nights}")


def _remove_user(machine: Machine) -> None:
    """Remove the appliance's user and group; an account of a person is left alone."""
    if machine.staged:
        return
    try:
        number = pwd.getpwnam(USER).pw_uid
    except KeyError:
        return
    if number < checks.FIRST_PERSON:
        machine.run("userdel", USER)
        machine.run("groupdel", USER)
