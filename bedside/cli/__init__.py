"""The commands: one thin function each."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bedside import __version__
from bedside.cli import access, anew, backup, export, machine, support
from bedside.cli.options import CONFIG, FILE, config_option, json_option, settings_of
from bedside.errors import BedsideError, ConfigError

if TYPE_CHECKING:
    from bedside.nights import Nights

SLEEPERS = (  # named here too, since the simulator is not loaded to print help; a test compares
    "quiet",
    "ordinary",
    "twitchy",
    "periodic",
    "clusters",
    "infant",
    "noisy_house",
    "partner",
    "slat",
    "thick_mattress",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="bedside")
def cli() -> None:
    """Feel twitches through the mattress; report in the morning.

    An accelerometer under the mattress listens all night, and the morning report waits in the
    browser. Start with `bedside demo`: it needs no hardware. bedside counts and shows, it never
    diagnoses: it is not a medical device.
    """


@cli.command()
@config_option
def run(config_path: Path | None) -> None:
    """Record, listen and serve the page, on real hardware, until stopped."""
    from bedside import daemon, hardware
    from bedside.config.lastgood import load_or_last_good, state_folder

    config, problems = load_or_last_good(config_path or CONFIG, state_folder())
    daemon.run(config, hardware.real(config.sensor.bus), problems)


@cli.command()
@click.option("--port", default=8080, show_default=True, help="Where the page is served.")
@click.option(
    "--profile",
    type=click.Choice(SLEEPERS),
    default="ordinary",
    show_default=True,
    help="What kind of sleeper.",
)
@click.option("--seed", default=12, show_default=True, help="Which night; each can be repeated.")
@click.option(
    "--folder",
    type=FILE,
    default=Path("demo-night"),
    show_default=True,
    help="Where the night is stored; made anew each time.",
)
@click.option("--once", is_flag=True, help="End after the night instead of going on live.")
def demo(**options: Any) -> None:
    """Play a simulated night in seconds, serve its morning report, and go on live."""
    from bedside import demo as demonstration

    demonstration.play(**options)


@cli.command()
@click.argument("recording", type=FILE)
@click.option("--rate", type=float, metavar="HZ", help="Samples a second, if the file is silent.")
@config_option
@json_option
def score(recording: Path, rate: float | None, config_path: Path | None, as_json: bool) -> None:
    """Score a recorded night.

    RECORDING is CSV (t_s,ax_g,ay_g,az_g; .gz too; uneven time stamps and gaps are normal), NPZ
    (xyz of shape (n, 3) in g, and fs in Hz) or EDF/EDF+ (three channels in g, mg or m/s2).
    """
    from bedside import scoring

    scored = scoring.score(recording, rate, settings_of(config_path))
    click.echo(json.dumps(scored.as_json()) if as_json else scored.as_text())


@cli.command()
@click.argument("events", type=FILE)
@click.option("--rule", type=click.Choice(["wasm", "aasm"]), help="How periodic ones are found.")
@json_option
def series(events: Path, rule: str | None, as_json: bool) -> None:
    """Find series in a list of movements.

    EVENTS is a JSON list of {"start_s": ..., "end_s": ..., "kind": ...}; kinds are jerk,
    limb_movement, turn, bed_exit, bed_entry and disturbance.
    """
    from bedside import scoring

    found = scoring.series(events, rule)
    click.echo(json.dumps(scoring.series_json(found)) if as_json else scoring.series_text(found))


@cli.command()
@config_option
@json_option
def nights(config_path: Path | None, as_json: bool) -> None:
    """List the nights on record, by the date of their evening."""
    with _nights(config_path) as kept:
        dates = [date.isoformat() for date in kept.dates()]
    lines = "\n".join(dates) or "No night is on record yet."
    click.echo(json.dumps({"nights": dates}) if as_json else lines)


@cli.command()
@click.argument("date", required=False)
@config_option
@json_option
def report(date: str | None, config_path: Path | None, as_json: bool) -> None:
    """Print the report of a night: the latest, or that of DATE, its evening (2026-11-21)."""
    from bedside.pipeline import report as words

    with _nights(config_path) as kept:
        told = kept.report(date)
    click.echo(json.dumps(words.as_json(told)) if as_json else words.as_text(told))


for command in (machine.config, machine.doctor, machine.light, machine.schedule):
    cli.add_command(command)
for command in (access.pair, access.password, support.support, backup.backup, backup.restore):
    cli.add_command(command)
cli.add_command(anew.rescore)
cli.add_command(export.export)


def main() -> None:
    """Run a command; a fault of the world becomes one sentence and status 1."""
    try:
        cli()
    except ConfigError as error:
        sys.exit("\n".join(f"bedside: {problem}" for problem in error.problems))
    except BedsideError as error:
        sys.exit(f"bedside: {error}")


@contextmanager
def _nights(config_path: Path | None) -> "Iterator[Nights]":
    """Lend the nights on record, for reading."""
    from bedside.clock import SystemClock
    from bedside.scoring import nights_of
    from bedside.store import Archive

    settings = settings_of(config_path)
    with Archive(settings.store) as archive:
        yield nights_of(archive, SystemClock(), settings)


# The bench is a command of its own kind: it is loaded only when it is asked for.
@cli.command(add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def bench(words: tuple[str, ...]) -> None:
    """Measure accuracy and speed on simulated nights, beside a peer."""
    from bedside.bench.command import bench as command

    command(args=list(words), prog_name="bedside bench")
