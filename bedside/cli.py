"""The commands: one thin function each."""

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bedside import __version__
from bedside.errors import BedsideError, ConfigError

if TYPE_CHECKING:
    from bedside.config import Config
    from bedside.nights import Nights

CONFIG = Path("/etc/bedside/bedside.toml")

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
FILE = click.Path(path_type=Path)
config_option = click.option(
    "--config", "config_path", type=FILE, metavar="FILE", help=f"The settings.  [default: {CONFIG}]"
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


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
    from bedside.config import load

    config = load(config_path or CONFIG)
    daemon.run(config, hardware.real(config.sensor.bus))


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

    scored = scoring.score(recording, rate, _settings(config_path))
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


@cli.group()
def config() -> None:
    """Look at the settings: check the file, show what is in force, print the manual."""


@config.command()
@click.argument("file", type=FILE, required=False)
@config_option
def check(file: Path | None, config_path: Path | None) -> None:
    """Name every mistake in the settings FILE, with its line."""
    from bedside.config import load

    path = file or config_path or CONFIG
    load(path)
    click.echo(f"{path}: no mistakes.")


@config.command()
@config_option
def show(config_path: Path | None) -> None:
    """Print the settings in force, and which of them the file gives."""
    from bedside.config import show as shown

    click.echo(shown(_settings(config_path)), nl=False)


@config.command()
def manual() -> None:
    """Print every setting with its default, unit, limits and meaning: a file to start from."""
    from bedside.config import manual as printed

    click.echo(printed(), nl=False)


@cli.command()
@config_option
@json_option
@click.pass_context
def doctor(context: click.Context, config_path: Path | None, as_json: bool) -> None:
    """Look for the sensor and all else a night needs; say what is missing and what mends it.

    The exit status is 0 when a night could be recorded, and 1 when not.
    """
    from bedside.clock import SystemClock
    from bedside.config import Config
    from bedside.doctor import bus_numbers, examine
    from bedside.drivers.i2c import LinuxI2C

    problems: list[str] = []
    try:
        settings = _settings(config_path)
    except ConfigError as error:
        settings, problems = Config(), error.problems
    path = config_path or (CONFIG if CONFIG.exists() else None)
    folder = Path(settings.store.folder)
    found = examine(bus_numbers(), LinuxI2C, settings.sensor, folder, SystemClock(), path, problems)
    click.echo(json.dumps(found.as_json()) if as_json else found.as_text())
    context.exit(0 if found.can_record else 1)


@cli.group()
def light() -> None:
    """Try the night light, or put it out; not while `bedside run` holds its pins."""


@light.command("test")
@config_option
def light_test(config_path: Path | None) -> None:
    """Fade slowly to a fifth of full brightness and back, and print the duties really sent."""
    import threading

    from bedside import hardware
    from bedside.crew import stop_on_signals
    from bedside.light.lamp import open_lamp
    from bedside.light.trial import slow_fade

    settings = _settings(config_path)
    if not settings.light.channels:
        raise BedsideError("there is no light to test: name its pins in [light] pins")
    stop = threading.Event()
    stop_on_signals(stop)
    machine = hardware.real(settings.sensor.bus)
    with closing(machine.pins), closing(open_lamp(machine.pins, settings.light)) as lamp:
        click.echo(f"{lamp.name}: seconds, brightness wanted in %, duty sent in %")
        sent = set()
        for step in slow_fade(lamp, machine.clock, stop):
            sent.add(step.duties)
            duties = "  ".join(f"{100.0 * duty:8.4f}" for duty in step.duties)
            click.echo(f"{step.t_s:7.2f}  {100.0 * step.level:6.2f}  {duties}")
        click.echo(f"{len(sent)} different duties.")


@light.command("off")
@config_option
def light_off(config_path: Path | None) -> None:
    """Put the light out, as after a crash."""
    from bedside import hardware
    from bedside.light.lamp import open_lamp

    settings = _settings(config_path)
    if settings.light.channels:
        with closing(hardware.real(settings.sensor.bus).pins) as pins:
            open_lamp(pins, settings.light).close()


@cli.command()
@config_option
def schedule(config_path: Path | None) -> None:
    """Print what the light will do next, and when."""
    from bedside.clock import SystemClock
    from bedside.light.jobs import appointments
    from bedside.schedule import upcoming

    settings = _settings(config_path)
    zone = settings.clock.zone
    coming = upcoming(appointments(settings.light).values(), SystemClock().wall(), zone)
    for due in coming:
        click.echo(f"{due.at(zone):%a %d %b %H:%M}  {due.name}")
    if not coming:
        click.echo("Nothing: set [light] pins, and bedtime or alarm.")


def main() -> None:
    """Run a command; a fault of the world becomes one sentence and status 1."""
    try:
        cli()
    except ConfigError as error:
        sys.exit("\n".join(f"bedside: {problem}" for problem in error.problems))
    except BedsideError as error:
        sys.exit(f"bedside: {error}")


def _settings(path: Path | None) -> "Config":
    """Give the settings of `path`; without one those of the machine, or the defaults."""
    from bedside.config import Config, load

    if path is None and not CONFIG.exists():
        return Config()
    return load(path or CONFIG)


@contextmanager
def _nights(config_path: Path | None) -> "Iterator[Nights]":
    """Lend the nights on record, for reading."""
    from bedside.clock import SystemClock
    from bedside.scoring import nights_of
    from bedside.store import Archive

    settings = _settings(config_path)
    with Archive(settings.store) as archive:
        yield nights_of(archive, SystemClock(), settings)


# The bench is a command of its own kind: it is loaded only when it is asked for.
@cli.command(add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def bench(words: tuple[str, ...]) -> None:
    """Measure accuracy and speed on simulated nights, beside a peer."""
    from bedside.bench.command import bench as command

    command(args=list(words), prog_name="bedside bench")
