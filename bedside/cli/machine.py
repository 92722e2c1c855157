"""Commands about the machine: its settings, its sensor, its light."""

import json
from contextlib import closing
from pathlib import Path

import click

from bedside.cli.options import CONFIG, FILE, config_option, json_option, settings_of
from bedside.errors import BedsideError, ConfigError


@click.group()
def config() -> None:
    """Look at the settings: check the file, show what is in force, print the manual."""


@config.command()
@click.argument("file", type=FILE, required=False)
@config_option
def check(file: Path | None, config_path: Path | None) -> None:
    """Name every mistake in the settings FILE, with its line."""
    from bedside.config import load
    from bedside.config.conflicts import conflicts

    path = file or config_path or CONFIG
    if problems := conflicts(load(path)):
        raise ConfigError(problems)
    click.echo(f"{path}: no mistakes.")


@config.command()
@config_option
def show(config_path: Path | None) -> None:
    """Print the settings in force, and which of them the file gives."""
    from bedside.config import show as shown

    click.echo(shown(settings_of(config_path)), nl=False)


@config.command()
def manual() -> None:
    """Print every setting with its default, unit, limits and meaning: a file to start from."""
    from bedside.config import manual as printed

    click.echo(printed(), nl=False)


@config.command()
@click.argument("file", type=FILE, required=False)
@config_option
def upgrade(file: Path | None, config_path: Path | None) -> None:
    """Bring an older settings FILE up to date: new names, new settings, every comment kept."""
    from bedside.config import sections
    from bedside.config.upgrade import upgrade as bring_up_to_date

    path = file or config_path or CONFIG
    for done in bring_up_to_date(path, sections()):
        click.echo(f"{path}: {done}.")
    click.echo(f"{path}: is up to date.")


@click.command()
@config_option
@json_option
@click.pass_context
def doctor(context: click.Context, config_path: Path | None, as_json: bool) -> None:
    """Look for the sensor and all else a night needs; say what is missing and what mends it.

    The exit status is 0 when a night could be recorded, and 1 when not.
    """
    from bedside.clock import SystemClock
    from bedside.config import Config
    from bedside.config.conflicts import conflicts
    from bedside.doctor import bus_numbers, examine
    from bedside.drivers.i2c import LinuxI2C

    problems: list[str] = []
    try:
        settings = settings_of(config_path)
    except ConfigError as error:
        settings, problems = Config(), error.problems
    path = config_path or (CONFIG if CONFIG.exists() else None)
    folder = Path(settings.store.folder)
    found = examine(
        bus_numbers(),
        LinuxI2C,
        settings.sensor,
        folder,
        SystemClock(),
        path,
        problems,
        conflicts(settings),
        settings.climate,
        pins=bool(settings.light.channels or settings.button.pin),
    )
    click.echo(json.dumps(found.as_json()) if as_json else found.as_text())
    context.exit(0 if found.can_record else 1)


@click.group()
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

    settings = settings_of(config_path)
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

    settings = settings_of(config_path)
    if settings.light.channels:
        with closing(hardware.real(settings.sensor.bus).pins) as pins:
            open_lamp(pins, settings.light).close()


@click.command()
@config_option
def schedule(config_path: Path | None) -> None:
    """Print what the light will do next, and when."""
    from bedside.clock import SystemClock
    from bedside.light.jobs import appointments
    from bedside.schedule import upcoming

    settings = settings_of(config_path)
    zone = settings.clock.zone
    coming = upcoming(appointments(settings.light).values(), SystemClock().wall(), zone)
    for due in coming:
        click.echo(f"{due.at(zone):%a %d %b %H:%M}  {due.name}")
    if not coming:
        click.echo("Nothing: set [light] pins, and bedtime or alarm.")
