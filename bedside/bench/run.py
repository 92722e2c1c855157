"""The parts of a run: each says its tables and adds to the JSON document."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bedside.bench import picture, real, speed
from bedside.bench.document import accuracy_document
from bedside.bench.goal import Goal, verdict_table
from bedside.bench.goals import goals
from bedside.bench.machine import machine
from bedside.bench.nights import play_all
from bedside.bench.plan import Plan
from bedside.bench.summary import summarise
from bedside.bench.survival.section import survival
from bedside.bench.tables import report
from bedside.bench.tune import tune_all

Say = Callable[[str], None]


def run(
    parts: Sequence[str],
    plan: Plan,
    measured: str,
    *,
    jobs: int = 1,
    listing: bool = False,
    pictures: Path | None = None,
    say: Say = print,
) -> dict[str, Any]:
    """Run parts (accuracy, recordings, speed, survival, tune-peer), say them, return the document.

    Parameters
    ----------
    plan : the nights of accuracy and of tune-peer; its duration is that of speed's and
        survival's nights too.
    measured : when, for the document.
    jobs : processes at a time.
    listing : say every miss and every false alarm.
    pictures : folder for the drawings.

    Raises
    ------
    SeedsRefused, PlanRefused, PeerMissing : before the first night is played.
    """
    document: dict[str, Any] = {"measured": measured, **machine()}
    say("\n".join(f"{key + ':':<11}{value}" for key, value in document.items()))
    if "tune-peer" in parts:
        document["tune-peer"] = tune_peer(plan, jobs, say)
    if "accuracy" in parts:
        document["accuracy"] = accuracy(plan, jobs, listing=listing, pictures=pictures, say=say)
    if "recordings" in parts:
        document["recordings"] = _verdict("Real recordings", real.recordings(real.folder()), say)
    if "speed" in parts:
        figures = speed.speed(plan.duration_s, with_peer=plan.with_peer)
        document["speed"] = _verdict("Speed and size", figures, say)
    if "survival" in parts:
        document["survival"] = _verdict("Survival", survival(plan.duration_s / 3600.0), say)
    return document


def accuracy(
    plan: Plan, jobs: int, *, listing: bool, pictures: Path | None, say: Say
) -> dict[str, Any]:
    """Play the plan's nights, say every table, and return their document."""
    assignments = plan.assignments()
    seeds = plan.seeds()
    say(
        f"\n{len(assignments)} simulated nights of {plan.duration_s / 3600.0:g} h, "
        f"{plan.purpose} seeds {seeds.start} to {seeds.stop - 1}"
    )
    nights = play_all(assignments, jobs, counting(sys.stderr.isatty()))
    summary = summarise(nights)
    verdict = goals(summary)
    if listing:
        for one in nights:
            say(f"\n{one.assignment.profile} {one.assignment.sensor} {one.assignment.seed}")
            say("\n".join(one.notes))
    say("\n" + report(summary, verdict))
    if pictures is not None:
        say("\nDrawn: " + ", ".join(map(str, picture.draw(summary, pictures))))
    return accuracy_document(plan, nights, summary, verdict)


def tune_peer(plan: Plan, jobs: int, say: Say) -> dict[str, Any]:
    """Tune the peer, say its settings as `TUNED` wants them, and return them."""
    tuned = tune_all(plan, jobs)
    for sensor, (settings, f1) in tuned.items():
        say(f'    "{sensor}": {settings},  # F1 {f1:.3f} on the tuning seeds')
    return {sensor: {**asdict(settings), "f1": f1} for sensor, (settings, f1) in tuned.items()}


def _verdict(title: str, goals: list[Goal], say: Say) -> list[dict[str, Any]]:
    say(f"\n{title}\n{'-' * len(title)}\n{verdict_table(goals)}")
    return [asdict(goal) for goal in goals]


def counting(wanted: bool) -> Callable[[int, int], None]:
    """Return a progress line on stderr, or nothing where nobody looks at it."""

    def show(done: int, of: int) -> None:
        if wanted:
            print(f"\r{done} of {of} nights", end="\n" if done == of else "", file=sys.stderr)

    return show
