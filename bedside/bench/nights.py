"""Many nights on all cores."""

from collections.abc import Callable, Sequence
from concurrent.futures import as_completed

from bedside.bench.accuracy import play
from bedside.bench.plan import Assignment, Played
from bedside.bench.workers import workers


def play_all(
    assignments: Sequence[Assignment],
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[Played]:
    """Play nights in `jobs` processes; the order of the result is the order asked for."""
    if jobs <= 1:
        played = []
        for done, assignment in enumerate(assignments, 1):
            played.append(play(assignment))
            progress(done, len(assignments))
        return played
    with workers(jobs) as pool:
        futures = [pool.submit(play, assignment) for assignment in assignments]
        for done, _ in enumerate(as_completed(futures), 1):
            progress(done, len(assignments))
        return [future.result() for future in futures]
