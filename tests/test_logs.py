import logging
import os
import signal
import subprocess
import sys

import pytest

from bedside.logs import Journal, LogSettings, journal_listens, set_level

SCRIPT = """
import logging, os, sys
from bedside.logs import LogSettings, set_up
if sys.argv[1] == "journal":
    file = os.fstat(2)
    os.environ["JOURNAL_STREAM"] = f"{file.st_dev}:{file.st_ino}"
set_up(LogSettings(level=sys.argv[2]))
log = logging.getLogger("bedside.somewhere")
log.debug("finely"), log.info("calmly"), log.warning("two\\nlines"), log.error("badly")
"""


def written(*words):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *words],
        stderr=subprocess.PIPE,
        text=True,
        check=True,
        env={name: value for name, value in os.environ.items() if name != "JOURNAL_STREAM"},
    )
    return done.stderr.splitlines()


def test_the_journal_gets_a_priority_for_every_line():
    assert written("journal", "debug") == [
        "<7>finely",
        "<6>calmly",
        "<4>two",
        "<4>lines",
        "<3>badly",
    ]


def test_a_terminal_gets_level_and_place():
    assert written("terminal", "warning") == [
        "WARNING bedside.somewhere: two",
        "lines",
        "ERROR bedside.somewhere: badly",
    ]


def test_a_trace_has_its_priority_on_every_line():
    try:
        raise RuntimeError("broken")
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "it broke", (), sys.exc_info())

    lines = Journal("%(message)s").format(record).splitlines()

    assert len(lines) > 3
    assert all(line.startswith("<3>") for line in lines)


def test_another_level_is_in_force_at_once():
    root = logging.getLogger()
    before = root.level
    try:
        set_level(LogSettings(level="error"))
        quiet = root.level, logging.getLogger("apscheduler").level
        set_level(LogSettings(level="debug"))
        loud = root.level, logging.getLogger("apscheduler").level
    finally:
        root.setLevel(before)

    assert quiet == (logging.ERROR, logging.ERROR)
    assert loud == (logging.DEBUG, logging.WARNING)


@pytest.mark.parametrize("stream", ["", "1:2", "nonsense"])
def test_other_streams_are_not_the_journal(stream):
    assert not journal_listens(stream)


def test_a_hang_that_is_ended_tells_where_every_thread_stood():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, signal\n"
            "from bedside.logs import LogSettings, set_up\n"
            "set_up(LogSettings())\n"
            "def stuck():\n    os.kill(os.getpid(), signal.SIGABRT)\n"
            "stuck()\n",
        ],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )

    assert done.returncode == -signal.SIGABRT
    assert "in stuck" in done.stderr
