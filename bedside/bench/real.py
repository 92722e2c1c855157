"""Real recordings, where BEDSIDE_RECORDINGS names the folder that holds them.

A chip that lay still must give no event at all; the slow nights have no truth, so what is said
of them is shown, and only nonsense is called a miss.
"""

import os
from collections import Counter
from pathlib import Path

from bedside.bench.chain import Told, listen
from bedside.bench.goal import Goal, compare
from bedside.recordings import Recording, blocks, read

VARIABLE = "BEDSIDE_RECORDINGS"
STILL = "mpu6050-still.csv.gz"
SLOW = ("bed-night-1.csv.gz", "bed-night-2.csv.gz")

TURNS_PER_HOUR = (0.3, 8.0)
"""Turns of a sleeper: 1-2 an hour are usual, and a restless night has a few times as many."""


def folder() -> Path | None:
    """Return the folder of recordings; None where the variable is not set."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def recordings(where: Path | None) -> list[Goal]:
    """Return the verdict on each recording that is in the folder.

    Raises
    ------
    RecordingError : where one cannot be read.
    """
    goals = []
    for name, verdict in ((STILL, still), *((slow, slow_night) for slow in SLOW)):
        path = None if where is None else where / name
        if path is None or not path.exists():
            goals.append(Goal(name, "to be heard", f"not there; set {VARIABLE}", None))
            continue
        recording = read(path)
        goals += verdict(name, recording, listen(recording, blocks(recording)))
    return goals


def still(name: str, recording: Recording, told: Told) -> list[Goal]:
    """Return the verdict on a chip that lay still."""
    count = len(told.heard.movements)
    what = f"{name}: events in {recording.duration_s:.0f} s"
    return [Goal(what, "0", f"{count}{_counted(told)}", count == 0)]


def slow_night(name: str, recording: Recording, told: Told) -> list[Goal]:
    """Return the verdict on a night that was recorded too slowly for jerks."""
    counts = Counter(movement.kind for movement in told.heard.movements)
    lain_s = sum(span.length_s for span in told.presence)
    jerks = counts["jerk"] + counts["limb_movement"]
    low, high = TURNS_PER_HOUR
    rate = counts["turn"] / (lain_s / 3600.0) if lain_s else 0.0
    share = lain_s / recording.duration_s
    return [
        Goal(f"{name}: jerks at {recording.odr_hz:.1f} Hz", "0", str(jerks), jerks == 0),
        Goal(f"{name}: turns an hour", f"{low:g}-{high:g}", f"{rate:.1f}", low <= rate <= high),
        compare(f"{name}: share of the night in bed", share, _counted(told)),
    ]


def _counted(told: Told) -> str:
    counts = Counter(movement.kind for movement in told.heard.movements)
    return "".join(f", {count} {kind}" for kind, count in counts.most_common())
