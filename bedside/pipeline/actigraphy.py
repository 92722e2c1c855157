"""Wake from activity: the published rules, on one value for each 30-s epoch.

Oakley's rule (1997) for 30-s epochs with the automatic wake threshold of Actiware, which scales
itself to the sensor, the mattress and the sleeper:

    weighted_i = 2.00 A_i + 0.20 (A_i-2 + A_i-1 + A_i+1 + A_i+2)
                          + 0.04 (A_i-4 + A_i-3 + A_i+3 + A_i+4)
    threshold  = 0.88888 * (activity of mobile epochs) / (minutes in mobile epochs)
    awake      where weighted > threshold

then Webster's rescoring (1982). Two things are our own, for a mattress: the threshold has a
floor, `LEAST_WAKE`, without which a night of few small twitches would be scaled up to one of
wake; and sleep too short to be any, between two epochs awake, is wake (`bridged`).

When sleep begins and ends is told by Page's cumulative sum (1954), see `sleep_period`: the usual
rule, some immobile minutes, takes a pause between two fidgets for sleep, and a twitch soon after
falling asleep for wake.
"""

import math
from collections.abc import Iterator
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]

EPOCH_S = 30.0
OAKLEY = (0.04, 0.04, 0.20, 0.20, 2.00, 0.20, 0.20, 0.04, 0.04)
ACTIWARE = 0.88888
LEAST_WAKE = 15.0
"""Activity of an epoch that no threshold lies below: 5 s of movement at 7 times the quiet level,
or 2 s at 180 times."""
AWAKE_PER_HOUR = 40.0
"""Stirs of somebody who lies awake: one in 90 s."""
STEADY = 4.0
"""So many times fewer come in sleep, at least, however restless the night."""
BRIDGE_MIN = 2.0
WEBSTER_AFTER_MIN = ((4.0, 1.0), (10.0, 3.0), (15.0, 4.0))
"""After so many minutes of wake, so many of the sleep that follows are wake."""
WEBSTER_BETWEEN_MIN = ((6.0, 15.0), (10.0, 20.0))
"""Sleep of at most so many minutes with so many of wake on both sides is wake."""


def wake_by_oakley(activity: NDArray[np.float64]) -> Flags:
    """Tell for each epoch (n,) whether it is awake; activity is 0 or more."""
    mobile = activity[activity > 0]
    if not len(mobile):
        return np.zeros(len(activity), dtype=bool)
    threshold = max(ACTIWARE * float(mobile.mean()), LEAST_WAKE) * 60.0 / EPOCH_S
    weighted = np.convolve(activity, OAKLEY)[len(OAKLEY) // 2 :][: len(activity)]
    return np.asarray(weighted > threshold)


def bridged(awake: Flags, unknown: Flags) -> Flags:
    """Rescore sleep of at most `BRIDGE_MIN` between two epochs awake."""
    rescored = awake.copy()
    runs = list(_runs(awake, unknown))
    for at, (state, first, last) in enumerate(runs):
        around_min = min(_wake_min(runs, at - 1), _wake_min(runs, at + 1))
        if state == 0 and around_min and last - first <= _epochs(BRIDGE_MIN):
            rescored[first:last] = True
    return rescored


def webster(awake: Flags, unknown: Flags) -> Flags:
    """Rescore sleep that follows long wake, or lies between two of them.

    The rules look at the scoring as it came, not at each other's results; epochs without data
    end a stretch of wake as sleep does, and stay as they are.
    """
    rescored = awake.copy()
    runs = list(_runs(awake, unknown))
    for at, (state, first, last) in enumerate(runs):
        before_min = _wake_min(runs, at - 1)
        if state != 0 or not before_min:
            continue
        length = last - first
        for least_min, changed_min in WEBSTER_AFTER_MIN:
            if before_min >= least_min:
                rescored[first : first + min(length, _epochs(changed_min))] = True
        around_min = min(before_min, _wake_min(runs, at + 1))
        for most_min, least_min in WEBSTER_BETWEEN_MIN:
            if length <= _epochs(most_min) and around_min >= least_min:
                rescored[first:last] = True
    return rescored


def sleep_period(
    stirs: NDArray[np.float64], away: Flags, unknown: Flags, stillness_min: float
) -> tuple[int, int]:
    """First epoch of sleep and the one after the last; both 0 when sleep never came.

    Each epoch in bed speaks for wake or for sleep by the log likelihood of its stirs, awake at
    `AWAKE_PER_HOUR` or asleep at the rate of this night's own middle half. These are summed up,
    and sleep has begun when the sum has fallen below its highest as far as `stillness_min`
    minutes of stillness take it; its onset is where it was highest. The same from the end.

    Parameters
    ----------
    stirs : (n,) movements that begin in an epoch and are more than a twitch.
    """
    heard = ~away & ~unknown
    asleep_per_hour: float = min(_in_the_middle(stirs, heard), AWAKE_PER_HOUR / STEADY)
    still = (AWAKE_PER_HOUR - asleep_per_hour) * EPOCH_S / 3600.0
    speaks = np.where(heard, stirs * math.log(AWAKE_PER_HOUR / asleep_per_hour) - still, 0.0)
    speaks[away] = still
    enough = still * (_epochs(stillness_min) - 0.5)
    onset, final = _onset(speaks, enough), _onset(speaks[::-1], enough)
    return (0, 0) if onset is None or final is None else (onset, len(stirs) - final)


def _in_the_middle(stirs: NDArray[np.float64], heard: Flags) -> float:
    """Stirs per hour in the middle half of a night, a little above none."""
    middle = slice(len(stirs) // 4, len(stirs) - len(stirs) // 4)
    hours = max(1, int(np.count_nonzero(heard[middle]))) * EPOCH_S / 3600.0
    return float((stirs[middle] * heard[middle]).sum() + 0.5) / hours


def _onset(speaks: NDArray[np.float64], enough: float) -> int | None:
    total = np.concatenate(([0.0], np.cumsum(speaks)))
    fallen = np.flatnonzero(np.maximum.accumulate(total) - total >= enough)
    return int(np.argmax(total[: fallen[0]])) if len(fallen) else None


def _runs(awake: Flags, unknown: Flags) -> Iterator[tuple[int, int, int]]:
    """(state, first epoch, epoch after the last) of each stretch: 0 asleep, 1 awake, 2 unknown."""
    first = 0
    for state, run in groupby(np.where(unknown, 2, awake.astype(int)).tolist()):
        last = first + len(list(run))
        yield state, first, last
        first = last


def _wake_min(runs: list[tuple[int, int, int]], at: int) -> float:
    """Minutes of the run at an index, if it is one of wake; else 0."""
    if not 0 <= at < len(runs) or runs[at][0] != 1:
        return 0.0
    return (runs[at][2] - runs[at][1]) * EPOCH_S / 60.0


def _epochs(minutes: float) -> int:
    return round(minutes * 60.0 / EPOCH_S)
