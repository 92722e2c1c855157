"""A Debian package of the same files, built with dpkg-deb.

It holds the ready environment, so installing it needs no network; it fits the kind of processor
and the Python of the machine that builds it. Going back is apt's matter, not ours.
"""

import sys
import tempfile
from pathlib import Path

from bedside.errors import InstallError
from bedside.install import release, settings, system
from bedside.install.layout import CURRENT
from bedside.install.machine import Machine, last_words

_CONTROL = """\
Package: bedside
Version: {version}
Architecture: {architecture}
Maintainer: the bedside project <bedside@localhost>
Depends: python3 (>= 3.{minor}), python3 (<< 3.{next}~), systemd, adduser
Recommends: python3-lgpio, avahi-daemon
Section: misc
Priority: optional
Description: appliance that feels twitches through the mattress
 Records an accelerometer under the mattress, counts movements and series of the
 night, fades a night light and shows a report in the morning, all in the house.
"""
_SCRIPTS = {
    "preinst": """\
#!/bin/sh
set -e
if [ -e /etc/systemd/system/bedside.service ]; then
  echo "bedside is here by make, and two would quarrel: sudo make uninstall (nights stay)" >&2
  exit 1
fi
""",
    "postinst": """\
#!/bin/sh
set -e
[ "$1" = configure ] || exit 0
if [ ! -e /etc/bedside/bedside.toml ]; then
  mkdir -p /etc/bedside
  sed 's/^{alone}$/{house}/' \\
    /opt/bedside/current/share/bedside/bedside.toml >/etc/bedside/bedside.toml
fi
systemd-sysusers bedside.conf
systemd-tmpfiles --create bedside.conf
deb-systemd-helper enable bedside.service bedside-backup.timer >/dev/null || true
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  udevadm control --reload || true
  udevadm trigger --subsystem-match=i2c-dev --subsystem-match=gpio --action=add || true
  modprobe -q i2c-dev || true
  deb-systemd-invoke restart bedside.service bedside-backup.timer >/dev/null || true
fi
""",
    "prerm": """\
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
  deb-systemd-invoke stop bedside-backup.timer bedside.service >/dev/null || true
fi
""",
    "postrm": """\
#!/bin/sh
set -e
if [ "$1" = purge ]; then
  deb-systemd-helper purge bedside-backup.timer bedside.service >/dev/null || true
  rm -rf /etc/bedside /var/lib/bedside /var/backups/bedside
fi
if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
""",
}


def build(source: Path, folder: Path) -> Path:
    """Build the package of the source into `folder`; where it is.

    Raises
    ------
    InstallError : it cannot be built here.
    """
    with tempfile.TemporaryDirectory(prefix="bedside-deb-") as made:
        root = Path(made) / "root"
        root.mkdir(mode=0o755)
        machine = Machine(root)
        architecture = machine.ask("dpkg", "--print-architecture").out.strip()
        version = _lay_out(machine, source, architecture)
        folder.mkdir(parents=True, exist_ok=True)
        package = folder / f"bedside_{version}_{architecture}.deb"
        answer = machine.ask(
            *("dpkg-deb", "--root-owner-group", "-Zxz", "-z2", "--build", root, package),
            timeout_s=900.0,
        )
        if answer.status:
            raise InstallError(f"dpkg-deb cannot build the package: {last_words(answer.out)}")
    machine.say(f"{package} is ready: sudo apt-get install ./{package}")
    return package


def _lay_out(machine: Machine, source: Path, architecture: str) -> str:
    made = release.make(machine, source)
    release.tidy(machine)
    system.put(machine, made, packaged=True)
    machine.link(CURRENT, f"releases/{made.stamp}")
    minor = sys.version_info[1]
    control = {"version": made.version, "architecture": architecture, "minor": minor}
    machine.write("/DEBIAN/control", _CONTROL.format(**control, next=minor + 1))
    for name, text in _SCRIPTS.items():
        script = text.replace("{alone}", settings.ALONE).replace("{house}", settings.HOUSE)
        machine.write(f"/DEBIAN/{name}", script, 0o755)
    return made.version
