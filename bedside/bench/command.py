"""The command: `bedside bench`, and `python -m bedside.bench`."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict, Unpack

import click

from bedside.bench.plan import Plan
from bedside.bench.run import run
from bedside.clock import SystemClock
from bedside.errors import BedsideError

PARTS = ("accuracy", "recordings", "speed", "survival")


class Options(TypedDict):
    """What may be said beside the parts."""

    tuning: bool
    profiles: str
    sensors: str
    seeds: int
    first: int | None
    hours: float
    jobs: int
    peer: bool
    quick: bool
    listing: bool
    json_path: Path | None
    pictures: Path | None


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice([*PARTS, "tune-peer"]))
@click.option("--tuning", is_flag=True, help="Read the tuning seeds instead of those held out.")
@click.option("--profiles", default="", help="Which sleepers, with commas.  [default: all]")
@click.option("--sensors", default="", help="Which sensors, with commas.  [default: all]")
@click.option("--seeds", default=3, show_default=True, help="How many nights of each.")
@click.option("--first", type=int, help="The first seed.")
@click.option("--hours", default=8.0, show_default=True, help="Length of a night.")
@click.option("--jobs", default=os.cpu_count() or 1, show_default=True, help="Processes.")
@click.option("--peer/--no-peer", default=True, help="Run ObsPy's STA/LTA on the same nights.")
@click.option("--quick", is_flag=True, help="A few short nights, to see that it runs.")
@click.option("--list", "listing", is_flag=True, help="Name every miss and every false alarm.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write everything here.")
@click.option("--pictures", type=click.Path(path_type=Path), help="Draw into this folder.")
def bench(parts: tuple[str, ...], **options: Unpack[Options]) -> None:
    """Measure how well and how fast it hears, against a truth that is known.

    PARTS: accuracy (simulated nights, beside ObsPy's STA/LTA), recordings (real ones, in the
    folder that BEDSIDE_RECORDINGS names), speed, and survival (of power cuts by the dozen, and of
    a month in one go); all of them without any, accuracy alone with --tuning. tune-peer looks for
    the peer's best settings and prints them.
    """
    document = run(
        parts or (("accuracy",) if options["tuning"] else PARTS),
        _plan(options, tuning=options["tuning"] or "tune-peer" in parts),
        _today(),
        jobs=options["jobs"],
        listing=options["listing"],
        pictures=options["pictures"],
    )
    path = options["json_path"]
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, indent=1), encoding="utf-8")


def _plan(options: Options, *, tuning: bool) -> Plan:
    """Return the nights that the options ask for."""
    if options["quick"]:
        return Plan.quick("tuning" if tuning else "held-out", with_peer=options["peer"])
    return Plan(
        purpose="tuning" if tuning else "held-out",
        profiles=_names(options["profiles"]),
        sensors=_names(options["sensors"]),
        count=options["seeds"],
        first=options["first"],
        duration_s=options["hours"] * 3600.0,
        with_peer=options["peer"],
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _today() -> str:
    return datetime.fromtimestamp(SystemClock().wall(), UTC).isoformat(timespec="seconds")


def main() -> None:
    """Run the command by itself; a fault of the world is one sentence and status 1."""
    try:
        bench()
    except BedsideError as error:
        raise SystemExit(f"bedside: {error}") from error
