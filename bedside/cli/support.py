"""The command that packs a support bundle, without the daemon and beside it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bedside.cli.options import CONFIG, FILE, config_option, settings_of
from bedside.errors import BedsideError, ConfigError, StoreError

if TYPE_CHECKING:
    from bedside.config import Config
    from bedside.support import Evidence

_DAY_S = 86_400.0


@click.command()
@click.argument("file", type=FILE)
@config_option
def support(file: Path, config_path: Path | None) -> None:
    """Write a bundle for whoever helps to FILE, a .zip of plain text.

    It holds versions, settings, faults and what `bedside doctor` finds; nothing of your nights,
    no names and no addresses.
    """
    from bedside.config import Config
    from bedside.support import bundle

    problems: list[str] = []
    try:
        settings = settings_of(config_path)
    except ConfigError as error:
        settings, problems = Config(), error.problems
    path = config_path or (CONFIG if CONFIG.exists() else None)
    packed = bundle(_evidence(settings, path, problems), Path(settings.store.folder))
    try:
        file.write_bytes(packed)
    except OSError as error:
        raise BedsideError(f"{file}: cannot be written: {error.strerror}") from error
    click.echo(f"{file}: read it before you pass it on.")


def _evidence(settings: "Config", path: Path | None, problems: list[str]) -> "Evidence":
    from bedside.clock import SystemClock
    from bedside.config.told import told
    from bedside.doctor import bus_numbers, examine
    from bedside.drivers.i2c import LinuxI2C
    from bedside.machine_state import look
    from bedside.store import Archive
    from bedside.support import DAYS, Evidence, unquoted

    clock, folder = SystemClock(), Path(settings.store.folder)
    found = examine(
        bus_numbers(), LinuxI2C, settings.sensor, folder, clock, path, [*map(unquoted, problems)]
    )
    evidence = Evidence(told(settings), look(), found, clock.known())
    now_s = clock.wall()
    try:
        with Archive(settings.store) as archive:
            return evidence.with_database(
                archive.condition(),
                archive.row_counts(),
                archive.faults(now_s - DAYS * _DAY_S, now_s),
            )
    except StoreError:  # said by the doctor
        return evidence
