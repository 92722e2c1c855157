"""A night that is cut off again and again: `python -m bedside.bench.survival.cuts CUTS HOURS SEED`.

Each life is a forked process that plays the night in time-lapse and is killed at a random
moment, with whatever it had not yet written. Half of the time only the program was killed, and
goes on after a few seconds; else the whole machine, which comes back as another boot, its clock
an hour slow until a time server answers.
"""

import json
import mmap
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from bedside.bench.survival.life import (
    FIRST,
    TIME,
    Start,
    live,
    machine,
    settings,
    sleeper,
)
from bedside.daemon import Bedside
from bedside.simulator.stream import Motion

OUTAGE_S = (5.0, 60.0)
LATE_S, SET_AFTER_S = 3600.0, 45.0
_LOOK_S = 0.002

# What is on record of a boot: its newest raw sample, and its newest whole minute.
NEWEST = """SELECT (SELECT max(end_s) FROM raw WHERE boot = b.id),
                   (SELECT max(start_s) + 60 FROM minutes WHERE boot = b.id)
            FROM boots AS b WHERE b.boot_id = ?"""


@dataclass(slots=True)
class Outcome:
    """What became of the night.

    corrupt        databases that were not sound right after a cut
    most_lost_s    the most that was lost at a cut: from the newest sample on record to the cut
    nights, stays  on record in the end: nights, and times that somebody was in bed
    unheard_s      of the time between the first minute on record and the last
    outages_s      of which nobody could have heard
    doubled_s      on record twice
    """

    cuts: int = 0
    corrupt: int = 0
    most_lost_s: float = 0.0
    set_aside: int = 0
    nights: int = 0
    stays: int = 0
    length_s: float = 0.0
    unheard_s: float = 0.0
    outages_s: float = 0.0
    doubled_s: float = 0.0


def cut_night(folder: Path, cuts: int, hours: float, seed: int) -> Outcome:
    """Play one night with so many cuts, and look at what is left of it."""
    dice = random.Random(seed)
    motion = sleeper("twitchy", 3, hours)
    outcome = Outcome(cuts)
    moments = sorted(dice.uniform(60.0, hours * 3600.0 - 60.0) for _ in range(cuts))
    start = FIRST
    with mmap.mmap(-1, TIME.size) as told:
        for number, moment_s in enumerate(moments, 1):
            until_s = max(moment_s, start.true_s + 1.0)
            life = partial(_play, folder, motion, start, told)
            told_s = _killed(life, told, start, until_s)
            lost_s = told_s - _newest(folder, start, outcome)
            outcome.most_lost_s = max(outcome.most_lost_s, lost_s)
            outage_s = dice.uniform(*OUTAGE_S)
            outcome.outages_s += outage_s
            start = _next(start, told_s + outage_s, number, power=dice.random() < 0.5)
    live(folder, motion, start, lambda _s: None, hours * 3600.0)
    _look(folder, motion, hours, outcome)
    return outcome


def _play(folder: Path, motion: Motion, start: Start, told: mmap.mmap) -> None:
    live(folder, motion, start, lambda s: TIME.pack_into(told, 0, s), float("inf"))


def _killed(work: Callable[[], None], told: mmap.mmap, start: Start, until_s: float) -> float:
    """Let `work` go on in a process to a moment of the night, and kill it; tell how far it came."""
    TIME.pack_into(told, 0, start.true_s)
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(1)
    rest = threading.Event()
    while TIME.unpack_from(told)[0] < until_s:
        if os.waitpid(child, os.WNOHANG)[0]:
            raise SystemExit("a life ended by itself")
        rest.wait(_LOOK_S)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return float(TIME.unpack_from(told)[0])


def _next(before: Start, true_s: float, number: int, *, power: bool) -> Start:
    if power:
        return Start(true_s, f"boot {number}", 20.0, LATE_S, SET_AFTER_S)
    return before._replace(
        true_s=true_s,
        monotonic_s=before.monotonic_s + true_s - before.true_s,
        late_s=0.0,
        set_after_s=0.0,
    )


def _newest(folder: Path, start: Start, outcome: Outcome) -> float:
    """Return the newest moment of the night on record, s; look whether the database is sound.

    In a copy: what the cut has left is for the next life to recover from.
    """
    with tempfile.TemporaryDirectory() as copy:
        for path in folder.glob("bedside.db*"):
            if not path.name.endswith("-shm"):
                shutil.copy(path, copy)
        with closing(sqlite3.connect(Path(copy) / "bedside.db")) as db:
            sound = db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            row = db.execute(NEWEST, (start.boot_id,)).fetchone() or (None, None)
    outcome.corrupt += not sound
    newest_s: float = max([start.monotonic_s, *(s for s in row if s is not None)])
    return start.true_s + newest_s - start.monotonic_s


def _look(folder: Path, motion: Motion, hours: float, outcome: Outcome) -> None:
    """Open the record once more, the next morning."""
    bed = machine(motion, Start(hours * 3600.0 + 600.0, "morning", 20.0))
    with Bedside(settings(folder), bed, threading.Event()) as bedside:
        outcome.nights = len(bedside.nights.dates())
        window = bedside.nights.window(bedside.nights.dates()[-1])
        recorded = bedside.store.recorded(*window)
        blocks = sorted((b.t[0], b.t[-1]) for b in bedside.store.raw(*window))
    outcome.set_aside = len(list(folder.glob("*unreadable*")))
    outcome.stays = len(recorded.presence)
    minutes = sorted(recorded.minutes, key=lambda minute: minute.start_s)
    outcome.length_s = minutes[-1].start_s + 60.0 - minutes[0].start_s
    heard_s = sum(minute.heard_s for minute in minutes)
    outcome.unheard_s = outcome.length_s - heard_s
    outcome.doubled_s = sum(max(0.0, end_s - s) for (_, end_s), (s, _) in pairwise(blocks))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        words = sys.argv[1:]
        result = cut_night(Path(place), int(words[0]), float(words[1]), int(words[2]))
        print(json.dumps(asdict(result)))
