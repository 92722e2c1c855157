"""The last words of an installation: where the page is, how to get in, and what is missing."""

import socket
from pathlib import Path

from bedside.install import settings, system
from bedside.install.layout import COMMAND, SETTINGS
from bedside.install.machine import Machine
from bedside.install.release import Release


def farewell(machine: Machine, release: Release, before: Release | None, *, reboot: bool) -> None:
    """Tell the address, the pairing code and what the doctor thinks; or what comes next."""
    manual = machine.path(release.share) / "bedside.toml"
    old = machine.path(before.share) / "bedside.toml" if before else None
    if new := settings.news(manual, old):
        machine.say(f"New settings, not yet in {SETTINGS}: {', '.join(new)}.")
        machine.say("`sudo bedside config upgrade` adds them and changes nothing else.")
    if machine.dry:
        return
    if machine.staged:
        machine.say(f"bedside {release.version} is laid out under {machine.root}.")
        return
    if not system.runs(machine):
        machine.say(
            f"bedside {release.version} is installed. systemd does not run here, so nothing was"
            " started: it starts with the next boot."
        )
        return
    machine.say(f"bedside {release.version} is installed and runs.\n")
    for address in addresses(settings.scheme(machine), settings.port(machine)):
        machine.say(f"  {address}")
    _tell(machine, "pair")
    _tell(machine, "doctor")
    if reboot:
        machine.say("I2C was off until now: `sudo reboot` once, and the sensor can be found.")


def addresses(scheme: str, port: int) -> list[str]:
    """List where a browser in the house finds the page: by name, and by number."""
    shown = "" if port == {"http": 80, "https": 443}[scheme] else f":{port}"
    name = socket.gethostname().split(".")[0]
    found = [f"{scheme}://{name}.local{shown}/"] if _announces() else []
    if number := _number():
        found.append(f"{scheme}://{number}{shown}/")
    return found or [f"{scheme}://127.0.0.1{shown}/"]


def _announces() -> bool:
    """Whether avahi runs, which makes the name known."""
    return Path("/run/avahi-daemon/pid").exists()


def _number() -> str | None:
    """Give this machine's address towards the house; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # a documentation address: any route will do
        except OSError:
            return None
        number: str = asked.getsockname()[0]
        return number


def _tell(machine: Machine, word: str) -> None:
    """Let the installed program say something itself; one that cannot yet is not asked."""
    command = machine.path(COMMAND)
    if machine.ask(command, word, "--help").status == 0:
        machine.say("\n" + machine.ask(command, word).out.strip("\n"))
