"""How soon the daemon hears after a start, and how soon it ends, as systemd sees it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bedside.bench.goal import Goal, at_most
from bedside.bench.measure import MeasureFailed

FIRST_SAMPLE_S, STOP_S, IMPORT_S = 3.0, 3.0, 1.0
REPEATS = 3
_PATIENCE_S = 30.0


def starting(repeats: int = REPEATS) -> list[Goal]:
    """Return the verdict on starts and ends, the median of a few each.

    Raises
    ------
    MeasureFailed : it never said that it was ready, or did not end.
    """
    times = [_start_and_stop() for _ in range(repeats)]
    imports = [_import_s() for _ in range(repeats)]
    return [
        at_most("start to the first sample", median(up for up, _ in times), FIRST_SAMPLE_S, " s"),
        at_most("stop", median(down for _, down in times), STOP_S, " s"),
        at_most("import of the daemon", median(imports), IMPORT_S, " s"),
    ]


def _start_and_stop() -> tuple[float, float]:
    """Return seconds from start to READY=1, which is told with the first samples; and to stop."""
    with tempfile.TemporaryDirectory() as folder, _notified(Path(folder) / "notify") as wire:
        began_s = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "bedside.bench.alone", folder, "0"],
            stderr=subprocess.DEVNULL,
            env={**os.environ, "NOTIFY_SOCKET": str(Path(folder) / "notify")},
        )
        try:
            while b"READY=1" not in wire.recv(4096).split(b"\n"):
                pass
            ready_s = time.perf_counter()
            process.send_signal(signal.SIGTERM)
            process.wait(_PATIENCE_S)
        except (TimeoutError, subprocess.TimeoutExpired) as error:
            raise MeasureFailed("The daemon was not ready in time, or did not end.") from error
        finally:
            process.kill()
            process.wait()
        return ready_s - began_s, time.perf_counter() - ready_s


def _notified(place: Path) -> socket.socket:
    """Listen as systemd does."""
    wire = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    wire.bind(str(place))
    wire.settimeout(_PATIENCE_S)
    return wire


def _import_s() -> float:
    """Return seconds of a process that imports the daemon, less those of one that does nothing."""
    return _python_s("import bedside.daemon") - _python_s("pass")


def _python_s(code: str) -> float:
    began_s = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began_s
