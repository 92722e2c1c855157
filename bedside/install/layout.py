"""Where everything lies on the machine."""

from typing import NamedTuple

HOME = "/opt/bedside"
RELEASES = f"{HOME}/releases"
CURRENT = f"{HOME}/current"
WHEELS = f"{HOME}/wheels"
TRIAL = f"{HOME}/trial.json"
"""There while an upgrade is on trial: which versions, and where the database was copied to."""

SETTINGS_FOLDER = "/etc/bedside"
SETTINGS = f"{SETTINGS_FOLDER}/bedside.toml"
NIGHTS = "/var/lib/bedside"
BACKUPS = "/var/backups/bedside"
COMMAND = "/usr/local/bin/bedside"
PYTHON = f"{CURRENT}/bin/python"
USER = "bedside"
UNIT = "bedside.service"
TIMER = "bedside-backup.timer"


class Item(NamedTuple):
    """A file of the system: its place below systemd/, here, and in a Debian package."""

    source: str
    here: str
    packaged: str
    mode: int = 0o644


FILES = (
    Item(UNIT, f"/etc/systemd/system/{UNIT}", f"/usr/lib/systemd/system/{UNIT}"),
    *(
        Item(name, f"/etc/systemd/system/{name}", f"/usr/lib/systemd/system/{name}")
        for name in ("bedside-backup.service", TIMER)
    ),
    *(
        Item(f"{kind}/bedside.conf", f"/etc/{kind}/bedside.conf", f"/usr/lib/{kind}/bedside.conf")
        for kind in ("sysusers.d", "tmpfiles.d", "modules-load.d")
    ),
    Item(
        "udev/60-bedside.rules",
        "/etc/udev/rules.d/60-bedside.rules",
        "/usr/lib/udev/rules.d/60-bedside.rules",
    ),
    Item(
        "avahi/bedside.service",
        "/etc/avahi/services/bedside.service",
        "/etc/avahi/services/bedside.service",
    ),
    Item("bin/bedside", COMMAND, "/usr/bin/bedside", 0o755),
)
