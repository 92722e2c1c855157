"""The loss of the whole machine, with what its disk had not taken yet: as many as wanted.

    python -m bedside.bench.survival.losses COUNT HOURS SEED

A night is played once, and every write to its database is noted. From those notes, what the
disk would hold is put together for random moments, with unsynced sectors lost at random; half
of the moments lie within the few writes that copy the journal into the database.
"""

import json
import random
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from bedside.bench.survival.cuts import NEWEST
from bedside.bench.survival.disklog import Disk, Event, TraceRefused, traced
from bedside.bench.survival.life import FIRST, TIME
from bedside.clock import SteppedClock
from bedside.store import Store, StoreSettings

DATABASE, NOW = "bedside.db", "now"
FATES: tuple[Literal["none", "all", "some"], ...] = ("none", "all", "some")


@dataclass(slots=True)
class Lost:
    """What became of the databases: how many were not sound, and the most that one lacked, s."""

    losses: int = 0
    in_checkpoints: int = 0
    corrupt: int = 0
    most_lost_s: float = 0.0


def lose(losses: int, hours: float, seed: int) -> Lost:
    """Play a night and lose its machine at so many moments.

    Raises
    ------
    TraceRefused : what is written cannot be noted on this machine.
    """
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "night"
        folder.mkdir()
        command = [sys.executable, "-m", "bedside.bench.survival.life", str(folder), str(hours)]
        events = traced(command, folder, Path(place) / "log")
    moments = _moments(events, losses, dice)
    result, disk, now_s = Lost(losses), Disk(), 0.0
    for number, event in enumerate(events):
        if event.name == NOW:
            now_s = TIME.unpack(event.data)[0]
            continue
        disk.take(event)
        for _ in range(moments.count(number)):
            result.in_checkpoints += event.name == DATABASE
            _judge(disk, now_s, dice, result)
    return result


def _moments(events: Sequence[Event], losses: int, dice: random.Random) -> list[int]:
    """Choose calls after which the power fails, the last ones of an orderly end left out."""
    begun = next(i for i, event in enumerate(events) if event.name == NOW)
    ended = max(i for i, event in enumerate(events) if event.name == NOW)
    calls = [i for i in range(begun, ended) if events[i].name.startswith(DATABASE)]
    copying = [i for i in calls if events[i].name == DATABASE]
    chosen = dice.choices(copying, k=losses // 2) if copying else []
    return [*chosen, *dice.choices(calls, k=losses - len(chosen))]


def _judge(disk: Disk, now_s: float, dice: random.Random, result: Lost) -> None:
    """Open what is left, as another boot does, and look how much is missing."""
    with tempfile.TemporaryDirectory() as place:
        for name, file in disk.files.items():
            if name.startswith(DATABASE):
                (Path(place) / name).write_bytes(file.left(dice.choice(FATES), dice))
        (Path(place) / f"{DATABASE}-shm").write_bytes(dice.randbytes(32768))
        settings = StoreSettings(folder=place, min_free_mb=0)
        with Store(settings, SteppedClock()) as store, closing(sqlite3.connect(store.path)) as db:
            sound = db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            result.corrupt += not sound or store.set_aside is not None
            row = db.execute(NEWEST, (FIRST.boot_id,)).fetchone() or (None, None)
    newest_s = max((s for s in row if s is not None), default=FIRST.monotonic_s)
    result.most_lost_s = max(result.most_lost_s, now_s - (newest_s - FIRST.monotonic_s))


if __name__ == "__main__":
    try:
        lost = lose(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
    except TraceRefused as refused:
        raise SystemExit(str(refused)) from refused
    print(json.dumps(asdict(lost)))
