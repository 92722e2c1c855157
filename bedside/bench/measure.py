"""Other programs, measured whole: time, processor, memory, bytes to disk.

A child's peak memory, as the kernel keeps it, starts from that of the process it was forked
from. So a program is started by a small process of its own, which is what this module is when
it is run: `python -m bedside.bench.measure COMMAND...` prints one JSON object.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bedside.errors import BedsideError

MIB = 1024.0 * 1024.0
_TICKS = os.sysconf("SC_CLK_TCK")


class MeasureFailed(BedsideError):
    """A program that should be measured did not run to its end."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A whole process: wall and processor seconds, peak resident MiB, MB written to disk.

    `written_mb` is None where the kernel does not tell.
    """

    wall_s: float
    cpu_s: float
    peak_mib: float
    written_mb: float | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A running process so far: processor seconds, resident MiB now and at most, MB written."""

    cpu_s: float
    resident_mib: float
    peak_mib: float
    written_mb: float | None


def run_and_measure(
    command: Sequence[str], timeout_s: float = 600.0, environment: Mapping[str, str] | None = None
) -> Measured:
    """Run a command to its end, its own output thrown away.

    Raises
    ------
    MeasureFailed : when it ended with a status or took too long; says its last words.
    """
    helper = [sys.executable, "-m", "bedside.bench.measure", *command]
    process = subprocess.Popen(
        helper,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
        start_new_session=True,
    )
    try:
        said, complained = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        sentence = f"`{' '.join(command)}` was still running after {timeout_s:g} s."
        raise MeasureFailed(sentence) from error
    if process.returncode:
        last = complained.strip().splitlines()[-1:] or ["it said nothing"]
        raise MeasureFailed(f"`{' '.join(command)}` failed: {last[0]}")
    return Measured(**json.loads(said.splitlines()[-1]))


def snapshot(pid: int) -> Snapshot:
    """Return what a running process has used so far (Linux: /proc).

    Raises
    ------
    MeasureFailed : where there is no such process.
    """
    folder = Path("/proc") / str(pid)
    try:
        status = dict(
            line.split(":", 1)
            for line in (folder / "status").read_text().splitlines()
            if ":" in line
        )
        times = (folder / "stat").read_text().rpartition(")")[2].split()
        resident, peak = status["VmRSS"], status["VmHWM"]  # not there once it has ended
    except (OSError, KeyError) as error:
        raise MeasureFailed(f"Process {pid} is not running any more.") from error
    return Snapshot(
        cpu_s=(int(times[11]) + int(times[12])) / _TICKS,
        resident_mib=int(resident.split()[0]) / 1024.0,
        peak_mib=int(peak.split()[0]) / 1024.0,
        written_mb=written_mb(pid),
    )


def written_mb(pid: int) -> float | None:
    """Return MB that a process caused to be written to disk; None where that is not told."""
    try:
        lines = (Path("/proc") / str(pid) / "io").read_text().splitlines()
    except OSError:
        return None
    counts = dict(line.split(": ") for line in lines)
    return int(counts["write_bytes"]) / 1e6


def _run(command: Sequence[str]) -> Measured:
    """Run a command from this small process and wait for it."""
    began_s = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    wall_s = time.perf_counter() - began_s
    written = written_mb(process.pid)  # of the ended process, which is not yet reaped
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(process.returncode)
    return Measured(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024.0, written)


if __name__ == "__main__":
    print(json.dumps(asdict(_run(sys.argv[1:]))))
