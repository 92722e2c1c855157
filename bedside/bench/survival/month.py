"""Many nights in one life: whether memory and open files stay as they are.

    python -m bedside.bench.survival.month NIGHTS HOURS

plays nights of so many hours each in one process, every room at work, with all pages loaded each
morning and the room left empty for the day. It prints a JSON list: what it took after each.
"""

import json
import os
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bedside.bench.measure import snapshot
from bedside.bench.survival.life import FIRST, machine, settings, sleeper
from bedside.daemon import Bedside
from bedside.web import create_app

DAY_S = 86_400.0
PAGES = ("/", "/live", "/nights", "/nights/trend", "/more", "/health", "/api/health")


@dataclass(frozen=True, slots=True)
class Morning:
    """What the process has by then: resident MiB, open files, threads, nights on record."""

    resident_mib: float
    files: int
    threads: int
    nights: int


def month(folder: Path, nights: int, hours: float) -> list[Morning]:
    """Live through so many nights; the machine sleeps through the days."""
    motion = sleeper("twitchy", 3, hours)

    def again(t: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sleep each night as the one before; chunks never span two."""
        return motion(t - DAY_S * np.floor(t[0] / DAY_S))

    bed = machine(again, FIRST)
    mornings = []
    with Bedside(settings(folder), bed, threading.Event()) as bedside:
        browser = create_app(bedside.house()).test_client()
        for number in range(nights):
            for block in bedside.blocks:
                bedside.hear(block)
                bedside.climate.tick()
                bedside.light.step()
                bedside.tick()
                now_s = bed.clock.monotonic() - FIRST.monotonic_s
                if now_s >= number * DAY_S + hours * 3600.0:
                    break
            evening = bedside.nights.dates()[-1]
            for path in (*PAGES, f"/night/{evening}", f"/night/{evening}/events"):
                status = browser.get(path, base_url="http://localhost", buffered=True).status_code
                if status >= 400:
                    raise SystemExit(f"{path} answers {status}")
            mornings.append(_morning(len(bedside.nights.dates())))
            bed.clock.advance((number + 1) * DAY_S - now_s)
    return mornings


def _morning(nights: int) -> Morning:
    files = len(list(Path("/proc/self/fd").iterdir()))
    return Morning(snapshot(os.getpid()).resident_mib, files, threading.active_count(), nights)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        told = month(Path(place), int(sys.argv[1]), float(sys.argv[2]))
    print(json.dumps([asdict(morning) for morning in told]))
