"""A program that goes on for good, watched for a while: memory, processor, bytes to disk."""

import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from bedside.bench.goal import Goal, at_most, compare
from bedside.bench.measure import MeasureFailed, snapshot

RUN_MIB, DEMO_MIB = 64.0, 96.0
"""Resident memory of `bedside run`, and of the demo, which carries the sleeper, MiB."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a program used: share of one core, most resident MiB, MB written an hour."""

    core: float
    peak_mib: float
    written_mb_h: float | None


def watch(command: Sequence[str], settle_s: float, span_s: float) -> Watched:
    """Start a program, let it settle, watch it for `span_s`, and end it with SIGTERM.

    Raises
    ------
    MeasureFailed : when it ended by itself; says its last words.
    """
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said) as process,
    ):
        try:
            _let_run(process, settle_s)
            before, began_s = snapshot(process.pid), time.perf_counter()
            _let_run(process, span_s)
            after, passed_s = snapshot(process.pid), time.perf_counter() - began_s
        except MeasureFailed as error:
            said.seek(0)
            last = said.read().strip().splitlines()[-1:] or ["it said nothing"]
            raise MeasureFailed(f"`{' '.join(command)}` ended by itself: {last[0]}") from error
        finally:
            process.terminate()
    written = None
    if before.written_mb is not None and after.written_mb is not None:
        written = (after.written_mb - before.written_mb) / passed_s * 3600.0
    return Watched((after.cpu_s - before.cpu_s) / passed_s, after.peak_mib, written)


def _let_run(process: subprocess.Popen[bytes], span_s: float) -> None:
    """Wait while it runs; there is nobody to tell us how it is doing."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(span_s)


def goals(what: str, watched: Watched, limit_mib: float) -> list[Goal]:
    """Return the verdict on a daemon that was watched while it listened at 100 Hz."""
    return [
        at_most(f"{what}: memory", watched.peak_mib, limit_mib, " MiB"),
        at_most(f"{what}: share of one core", watched.core, 0.02),
        compare(f"{what}: written to disk, MB an hour", watched.written_mb_h),
    ]
