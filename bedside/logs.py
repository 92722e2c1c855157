"""The log: sentences for the journal, or for the terminal that bedside was started from."""

import faulthandler
import logging
import os
import sys

import attrs

from bedside.settings import setting

_PRIORITIES = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (logging.DEBUG, 7))
"""From which level on which priority of syslog(3) holds; the first that fits."""

_LOUD_LIBRARIES = ("apscheduler", "waitress")


@attrs.frozen
class LogSettings:
    """What is written to the journal: `journalctl -u bedside`."""

    level: str = setting(
        "info",
        "The least that is written: `warning` is kind to a small journal, `debug` is for looking"
        " for a fault.",
        choices=("debug", "info", "warning", "error"),
    )


class Journal(logging.Formatter):
    """Writes a message as the journal wants it: each line with its priority, no time, no name."""

    def format(self, record: logging.LogRecord) -> str:
        """Put the priority before every line, as sd-daemon(3) has it."""
        level = record.levelno
        priority = next((number for least, number in _PRIORITIES if level >= least), 7)
        return "\n".join(f"<{priority}>{line}" for line in super().format(record).splitlines())


def set_up(settings: LogSettings) -> None:
    """Write to standard error from now on, for the journal where it listens there."""
    handler = logging.StreamHandler()
    if journal_listens(os.environ.get("JOURNAL_STREAM", "")):
        handler.setFormatter(Journal("%(message)s"))
    else:
        handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], force=True)
    faulthandler.enable()  # where every thread hung, when the watchdog of systemd ends it (SIGABRT)
    set_level(settings)


def set_level(settings: LogSettings) -> None:
    """Put another level in force."""
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    logging.getLogger().setLevel(level)
    for name in _LOUD_LIBRARIES:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def journal_listens(stream: str) -> bool:
    """Whether standard error is the stream that systemd named: device:inode."""
    try:
        file = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):
        return False
    return stream == f"{file.st_dev}:{file.st_ino}"
