"""The daemon as it lives: on the real clock, with its page loaded again and again."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from typing import Any

from bedside.bench.crowd import PHONES, SLOW, crowd
from bedside.bench.goal import Goal, at_most, compare
from bedside.bench.measure import MeasureFailed, snapshot

SETTLE_S, QUIET_S, LOADED_S, CROWDED_S = 60.0, 120.0, 600.0, 60.0
LOADS_HZ = 20.0
RUN_MIB, RUN_CORE, CROWDED_MIB = 64.0, 0.02, 80.0
POLL_S, POLL_P99_S = 0.05, 0.15
ENVIRONMENT = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "65536",
    "MALLOC_MMAP_THRESHOLD_": "65536",
}
"""As bedside.service has it."""


def living(
    settle_s: float = SETTLE_S,
    quiet_s: float = QUIET_S,
    loaded_s: float = LOADED_S,
    crowded_s: float = CROWDED_S,
) -> list[Goal]:
    """Return the verdict on `bedside run` at 100 Hz: memory, processor, gaps under load.

    The chip is simulated in the same process; all else is as on a Pi.

    Raises
    ------
    MeasureFailed : it ended by itself, or its page did not answer.
    """
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bedside.bench.alone", folder, str(port)]
        environment = {**os.environ, **ENVIRONMENT}
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment) as process:
            try:
                _pass(settle_s)
                before = snapshot(process.pid)
                _pass(quiet_s)
                quiet = snapshot(process.pid)
                loads = _load(f"http://127.0.0.1:{port}/", loaded_s)
                loaded = snapshot(process.pid)
                met = crowd(port, crowded_s)
                crowded = snapshot(process.pid)
                facts = _health(port)["facts"]
            finally:
                process.terminate()
    return [
        at_most("bedside run: memory", loaded.peak_mib, RUN_MIB, " MiB"),
        at_most("bedside run: share of one core", (quiet.cpu_s - before.cpu_s) / quiet_s, RUN_CORE),
        compare("the same under load", (loaded.cpu_s - quiet.cpu_s) / loaded_s),
        at_most(
            f"{PHONES} phones poll, {SLOW} hang: memory", crowded.peak_mib, CROWDED_MIB, " MiB"
        ),
        at_most("the same: half of the polls take", met.median_s, POLL_S, " s"),
        at_most("the same: 99 of 100 take", met.p99_s, POLL_P99_S, " s"),
        at_most("the same: polls without an answer", float(met.failed), 0.0),
        at_most(
            f"gaps in {loaded_s + crowded_s:g} s with {loads} page loads and a crowd",
            facts.get("gaps", 0),
            0.0,
        ),
    ]


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def _pass(seconds: float) -> None:
    threading.Event().wait(seconds)


def _load(url: str, seconds: float) -> int:
    """Load the page at an even pace; return how often."""
    count = round(seconds * LOADS_HZ)
    for _ in range(count):
        _pass(1.0 / LOADS_HZ)
        _get(url)
    return count


def _health(port: int) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(_get(f"http://127.0.0.1:{port}/api/health"))
    return told


def _get(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=10.0) as answer:
            body: bytes = answer.read()
            return body
    except urllib.error.HTTPError as error:
        return error.read()
    except OSError as error:
        raise MeasureFailed(f"the daemon's page does not answer at {url}: {error}") from error
