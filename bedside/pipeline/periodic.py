"""Periodic movements, by the timing rules of WASM 2016 and of AASM, read for a mattress."""

from collections.abc import Callable, Iterator, Sequence

from bedside.pipeline.movements import Movement
from bedside.pipeline.timing import ROUNDING_S, in_order, intervals_s, within

Asleep = Callable[[float], bool | None]
"""Whether the sleeper slept at a time; None where nobody can tell."""

CANDIDATE_S = (0.5, 10.0)
"""How long a limb movement lasts to be a candidate, s."""
INTERVAL_S: dict[str, tuple[float, float]] = {"wasm": (10.0, 90.0), "aasm": (5.0, 90.0)}
"""Shortest and longest interval within a series, s, both inclusive."""
LEAST = 4
HISTOGRAM_BIN_S = 2.0
HISTOGRAM_END_S = 90.0


def periodic_runs(
    movements: Sequence[Movement], rule: str = "wasm", asleep: Asleep | None = None
) -> list[list[Movement]]:
    """Movements of every periodic series, each of at least four.

    WASM 2016 (Ferri et al.): a limb movement is any movement of the sleeper of 0.5 s or more,
    and a candidate if it lasts at most 10 s and is a limb movement or a long jerk. A run ends
    at an interval, onset to onset, below 10 s or above 90 s, and at a limb movement that is no
    candidate: one that is too long, a turn, a way out of or into bed. The movement after a
    wrong interval may begin the next run. A jerk below 0.5 s is no limb movement: it is passed
    over, as are disturbances and far-off movements. Sleep does not matter.

    AASM: intervals of 5-90 s; onsets less than 5 s apart count as one movement, the first;
    whatever is not of 0.5-10 s is no limb movement at all and passed over; only movements in
    sleep take part, so a stretch awake splits a series once its interval exceeds 90 s.
    """
    own = in_order(movements)
    low_s, high_s = INTERVAL_S[rule]
    if rule == "aasm":
        own = [m for m in own if is_candidate(m) and (asleep is None or asleep(m.start_s))]
        own = list(_apart(own, low_s))
    runs: list[list[Movement]] = [[]]
    for movement in own:
        if not is_candidate(movement):
            if not _too_short(movement):
                runs.append([])
        elif runs[-1] and not within(movement.start_s - runs[-1][-1].start_s, low_s, high_s):
            runs.append([movement])
        else:
            runs[-1].append(movement)
    return [run for run in runs if len(run) >= LEAST]


def is_candidate(movement: Movement) -> bool:
    """Tell whether it can be part of a periodic series."""
    return _small(movement) and within(movement.end_s - movement.start_s, *CANDIDATE_S)


def candidate_intervals_s(movements: Sequence[Movement], asleep: Asleep) -> list[float]:
    """Intervals, s, between successive candidates whose later one is in sleep."""
    candidates = [m for m in in_order(movements) if is_candidate(m)]
    imi_s = intervals_s(candidates)
    return [s for s, later in zip(imi_s, candidates[1:], strict=False) if asleep(later.start_s)]


def periodicity_index(
    movements: Sequence[Movement], runs: Sequence[Sequence[Movement]], asleep: Asleep
) -> float | None:
    """Share (0-1) of the intervals in sleep that belong to a periodic run; None without any."""
    every = len(candidate_intervals_s(movements, asleep))
    if not every:
        return None
    periodic = sum(1 for run in runs for later in run[1:] if asleep(later.start_s))
    return min(1.0, periodic / every)


def imi_histogram(imi_s: Sequence[float]) -> tuple[tuple[float, int], ...]:
    """(from_s, count) in bins of 2 s; the last one, from 90 s, holds all longer intervals."""
    bins = int(HISTOGRAM_END_S / HISTOGRAM_BIN_S)
    counts = [0] * (bins + 1)
    for interval_s in imi_s:
        # 90 s is still periodic, so it belongs to the bin below, not to "longer".
        longer = interval_s > HISTOGRAM_END_S + ROUNDING_S
        at = bins if longer else min(int((interval_s + ROUNDING_S) / HISTOGRAM_BIN_S), bins - 1)
        counts[at] += 1
    return tuple((at * HISTOGRAM_BIN_S, count) for at, count in enumerate(counts))


def _small(movement: Movement) -> bool:
    return movement.kind in ("limb_movement", "jerk")


def _too_short(movement: Movement) -> bool:
    return _small(movement) and movement.end_s - movement.start_s < CANDIDATE_S[0]


def _apart(movements: Sequence[Movement], least_s: float) -> Iterator[Movement]:
    """Leave out what begins less than `least_s` after the last one kept."""
    last_s: float | None = None
    for movement in movements:
        if last_s is None or movement.start_s - last_s >= least_s - ROUNDING_S:
            last_s = movement.start_s
            yield movement
