"""Whether the service is well: started, alive, and without faults it did not have before."""

import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from bedside.clock import Clock, pause
from bedside.install import settings, system
from bedside.install.layout import UNIT
from bedside.install.machine import Machine

SETTLE_S = 12.0
"""So long it must live without a restart."""
PATIENCE_S = 45.0
"""So long a fault that is new may take to pass: a chip is looked for again after each start."""

_PACE_S = 1.0
_SHOWN = ("ActiveState", "MainPID", "NRestarts", "StatusText")


@dataclass(frozen=True, slots=True)
class Look:
    """The service at one moment.

    faults  what is wrong by its own account, by part; None where it gives none
    """

    active: bool
    pid: str = "0"
    restarts: str = "0"
    said: str = ""
    version: str | None = None
    faults: dict[str, str] | None = None


@dataclass(slots=True)
class Watch:
    """Looks at the service of a machine."""

    machine: Machine
    clock: Clock

    def look(self) -> Look:
        """Ask systemd, and the page."""
        asked = [f"--property={name}" for name in _SHOWN]
        out = self.machine.ask("systemctl", "show", UNIT, *asked).out
        told = dict(line.split("=", 1) for line in out.splitlines() if "=" in line)
        active = told.get("ActiveState") == "active"
        page = _page(settings.page(self.machine)) if active else {}
        faults = page.get("faults")
        return Look(
            active,
            told.get("MainPID", "0"),
            told.get("NRestarts", "0"),
            told.get("StatusText", ""),
            page.get("version"),
            None if faults is None else {each["part"]: each["sentence"] for each in faults},
        )

    def trouble(self, version: str, before: Look | None) -> str | None:
        """Start the service and see whether it comes up as `version`; what is wrong, or None.

        Parameters
        ----------
        before : how the version before was doing; its faults are not held against this one.
        """
        if not system.start(self.machine):
            return self._last_log() or "it did not start"
        first = self.look()
        since_s = self.clock.monotonic()
        while True:
            pause(self.clock, _PACE_S)
            now, passed_s = self.look(), self.clock.monotonic() - since_s
            if (wrong := _wrong(first, now, version)) and passed_s > _PACE_S * 3:
                return self._last_log() if not now.active else wrong
            new = {} if before is None else _new_faults(before, now)
            if passed_s >= SETTLE_S and not wrong and not new:
                return None
            if passed_s >= PATIENCE_S:
                return wrong or next(iter(new.values()))

    def _last_log(self) -> str:
        """Give the last line that the service wrote, without its stamp."""
        out = self.machine.ask(
            "journalctl", "-q", "-u", UNIT, "-t", "bedside", "-n", "1", "-o", "cat"
        )
        return out.out.strip() if not out.status else ""


def _wrong(first: Look, now: Look, version: str) -> str | None:
    if not now.active:
        return "it ended by itself"
    if (now.pid, now.restarts) != (first.pid, first.restarts):
        return "it had to be started again"
    if now.version is not None and now.version != version:
        return f"its page says it is version {now.version}"
    if now.version is None and now.faults is None:
        return "its page does not answer"
    return None


def _new_faults(before: Look, now: Look) -> dict[str, str]:
    if before.faults is None or now.faults is None:
        return {}
    return {part: said for part, said in now.faults.items() if part not in before.faults}


def _page(address: str) -> dict[str, Any]:
    """Ask the page how it is; an empty answer when there is none."""
    context = None
    if address.startswith("https:"):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it is ourselves
    url = f"{address}/api/health"
    try:
        with urllib.request.urlopen(url, timeout=5.0, context=context) as answer:
            body = answer.read()
    except urllib.error.HTTPError as error:
        body = error.read()  # 503: alive, and not recording
    except OSError:
        return {}
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    # A page that answers and does not tell, as to a stranger, is alive all the same.
    return told if isinstance(told, dict) and "faults" in told else {"faults": []}
