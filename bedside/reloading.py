"""A saved settings file is in force at once, as far as that goes without a restart."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from bedside.clock import Clock
from bedside.config import Config, load
from bedside.config.changes import Changes, compare
from bedside.config.conflicts import conflicts
from bedside.config.lastgood import keep
from bedside.config.watch import Watch
from bedside.errors import ConfigError
from bedside.health import Health
from bedside.settings import Reload

log = logging.getLogger(__name__)

NEEDS_RESTART = frozenset(
    {
        *((section, "*") for section in ("sensor", "button", "clock", "web", "mqtt")),
        *(("light", name) for name in ("pins", "colours", "pwm", "hardware_hz", "software_hz")),
        *(("display", name) for name in ("panel", "address", "height", "flipped")),
        ("store", "folder"),
    }
)
"""Settings whose parts are opened once: the bus, the pins, the port, the database."""


class Reloading:
    """Reads the settings file again when it was saved, or when it is asked to.

    On `health` the part `settings` is at fault while the file cannot be used; what was in force
    before stays so.

    Parameters
    ----------
    in_force : gives the settings in force.
    take_over : puts others in force; called only from `look`.
    copies : folder for a copy of each file that could be read; None for none.
    problems : sentences about the file as it was at the start, when it could not be used.
    """

    def __init__(
        self,
        clock: Clock,
        health: Health,
        in_force: Callable[[], Config],
        take_over: Callable[[Changes], None],
        copies: Path | None = None,
        problems: tuple[str, ...] = (),
    ) -> None:
        self._clock, self._health = clock, health
        self._in_force, self._take_over, self._copies = in_force, take_over, copies
        self._path = in_force().origin.file
        self._watch = None if self._path is None else Watch(self._path)
        self._asked = threading.Event()
        self.last: Reload | None = None
        """What came of the last time; None before the first."""
        if problems:
            self._refuse(problems)
        else:
            self._judge(in_force())

    def ask(self) -> None:
        """Have the file read at the next look, saved or not; safe in a signal's handler."""
        self._asked.set()

    def look(self) -> None:
        """Read the file if there is a reason to."""
        saved = self._watch is not None and self._watch.changed()
        if not (saved or self._asked.is_set()):
            return
        self._asked.clear()
        if self._path is None:
            log.info("there is no settings file to read again: all is default")
            return
        try:
            wanted = load(self._path)
        except ConfigError as error:
            self._refuse(tuple(error.problems))
        else:
            self._accept(self._path, wanted)

    def _refuse(self, problems: tuple[str, ...]) -> None:
        for problem in problems:
            log.error("%s", problem)
        self.last = Reload(self._clock.wall(), errors=problems)
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        self._health.raise_fault(
            "settings", f"{problems[0]}{more}; until then the settings of before stay in force"
        )

    def _accept(self, path: Path, wanted: Config) -> None:
        changes = compare(self._in_force(), wanted, NEEDS_RESTART)
        for change in changes.changed:
            log.info("changed: %s", change)
        for change in changes.needs_restart:
            log.warning("needs a restart (sudo systemctl restart bedside): %s", change)
        self._take_over(changes)
        self.last = Reload(
            self._clock.wall(), changed=changes.changed, needs_restart=changes.needs_restart
        )
        self._judge(wanted)
        if self._copies is not None:
            keep(path, self._copies)

    def _judge(self, config: Config) -> None:
        """Say what two sections cannot both have, and what should be written otherwise."""
        for hint in config.origin.hints:
            log.warning("%s", hint)
        if told := conflicts(config):
            self._health.raise_fault("settings", told[0])
        else:
            self._health.clear_fault("settings")
