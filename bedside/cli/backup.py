"""Commands that carry the nights away, and bring them back."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bedside.cli.options import CONFIG, FILE, config_option, settings_of

if TYPE_CHECKING:
    from bedside.config import Config

_MB = 1_000_000


@click.command()
@click.argument("file", type=FILE, required=False)
@click.option("--auto", is_flag=True, help="Into the folder of [backup], and let the oldest go.")
@click.option("--raw/--no-raw", default=True, show_default=True, help="With the raw samples.")
@click.option(
    "--settings/--no-settings", default=True, show_default=True, help="With the settings file."
)
@click.option(
    "--pairing/--no-pairing",
    default=False,
    show_default=True,
    help="With the phones that were let in: who has the file can then let himself in.",
)
@config_option
def backup(
    file: Path | None,
    auto: bool,
    raw: bool,
    settings: bool,
    pairing: bool,
    config_path: Path | None,
) -> None:
    """Write all nights into FILE, while they go on being recorded."""
    if auto == (file is not None):
        raise click.UsageError("name a FILE, or say --auto")
    config = settings_of(config_path)
    if auto:
        _daily(config)
    else:
        assert file is not None
        _make(config, file, raw=raw, settings=settings, pairing=pairing)


@click.command()
@click.argument("file", type=FILE)
@click.option("--settings", is_flag=True, help="Take back the settings file too.")
@click.option("--pairing", is_flag=True, help="Take back the phones that were let in too.")
@config_option
def restore(file: Path, settings: bool, pairing: bool, config_path: Path | None) -> None:
    """Take the nights of FILE back; what there is now is kept beside them.

    Everything is checked before anything is replaced. bedside must not run meanwhile:
    `sudo systemctl stop bedside` ends it.
    """
    from bedside.access.file import NAME
    from bedside.backup.restoring import Targets, restore
    from bedside.clock import SystemClock
    from bedside.config import load

    config = settings_of(config_path)
    folder = Path(config.store.folder)
    wall_s = SystemClock().wall()
    targets = Targets(
        config.store.path,
        folder / NAME if pairing else None,
        (config_path or CONFIG) if settings else None,
    )
    manifest = restore(file, targets, wall_s, load)
    made = datetime.fromtimestamp(manifest.made_wall, config.clock.zone)
    click.echo(f"Restored: the nights until {made:%Y-%m-%d %H:%M}.")
    if not manifest.raw:
        click.echo("The backup was made without raw samples: movements cannot be looked at.")
    click.echo(f"What was there before is kept in {folder}, under names with `before`.")
    if pairing:
        click.echo("If your phone is not let in any more: `bedside pair` lets it in again.")


def _daily(config: "Config") -> None:
    from bedside.backup.daily import forget_old, today
    from bedside.clock import SystemClock

    if not config.backup.folder:
        click.echo("No backups are wanted: [backup] folder is empty.")
        return
    folder = Path(config.backup.folder)
    # Where the time of day is not known the date may be wrong: better than no backup.
    day = datetime.fromtimestamp(SystemClock().wall(), config.clock.zone).date()
    _make(
        config,
        today(folder, day),
        raw=config.backup.raw,
        settings=True,
        pairing=config.backup.pairing,
    )
    for old in forget_old(folder, config.backup.keep):
        click.echo(f"Deleted, being the oldest: {old}")


def _make(config: "Config", file: Path, *, raw: bool, settings: bool, pairing: bool) -> None:
    from bedside.access.file import NAME
    from bedside.backup.making import Sources, back_up
    from bedside.clock import SystemClock

    sources = Sources(
        config.store.path,
        Path(config.store.folder) / NAME if pairing else None,
        config.origin.file if settings else None,
        raw,
    )
    size = back_up(sources, file, SystemClock().wall())
    click.echo(f"{file}: {size / _MB:.1f} MB.")
