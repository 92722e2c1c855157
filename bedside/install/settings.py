"""The owner's settings file: never overwritten, only read."""

import tomllib
from pathlib import Path
from typing import Any

from bedside.install.layout import NIGHTS, SETTINGS
from bedside.install.machine import Machine

PORT = 8080

ALONE, HOUSE = 'host = "127.0.0.1"', 'host = "0.0.0.0"'
"""An appliance is there for the phones of the house, which have to be let in (`bedside pair`)."""


def port(machine: Machine) -> int:
    """Give the port of the page as the file says it; the default where it says nothing usable."""
    value = _value(machine, "web", "port")
    return value if isinstance(value, int) and 0 < value < 65536 else PORT


def page(machine: Machine) -> str:
    """Give the page's address as this machine itself reaches it."""
    host = _value(machine, "web", "host")
    if not isinstance(host, str) or host in ("", "0.0.0.0", "::", "localhost"):
        host = "127.0.0.1"
    host = f"[{host}]" if ":" in host else host
    return f"{scheme(machine)}://{host}:{port(machine)}"


def scheme(machine: Machine) -> str:
    """Tell whether the page has a certificate of its own."""
    return "https" if _value(machine, "web", "certificate") else "http"


def nights(machine: Machine) -> Path:
    """Give the folder of the nights, on this machine."""
    value = _value(machine, "store", "folder")
    return machine.path(value if isinstance(value, str) and value.startswith("/") else NIGHTS)


def lay(machine: Machine, manual: Path) -> None:
    """Give the machine the manual as its settings, open to the house, where it has none yet."""
    if not machine.path(SETTINGS).exists():
        text = manual.read_text() if manual.is_file() else ""
        machine.write(SETTINGS, text.replace(ALONE, HOUSE, 1))


def news(manual: Path, before: Path | None) -> list[str]:
    """Name the settings that this version knows and the one before did not, as [section] name."""
    if before is None or not before.is_file() or not manual.is_file():
        return []
    old = _names(before)
    return [name for name in _names(manual) if name not in old]


def _names(manual: Path) -> list[str]:
    tables = tomllib.loads(manual.read_text())
    return [f"[{section}] {name}" for section, table in tables.items() for name in table]


def _value(machine: Machine, section: str, name: str) -> Any:
    """Look a value up; a file with mistakes says nothing: `bedside config check` names them."""
    try:
        table = tomllib.loads(machine.path(SETTINGS).read_text()).get(section)
    except (OSError, ValueError):
        return None
    return table.get(name) if isinstance(table, dict) else None
