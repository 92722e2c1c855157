"""The command that carries nights away as files."""

from pathlib import Path

import click

from bedside.cli.options import config_option, settings_of
from bedside.errors import BedsideError


@click.command()
@click.argument("words", nargs=-1, metavar="[DATE] TARGET")
@click.option("--from", "first", metavar="DATE", help="All nights from this evening on.")
@click.option("--to", "last", metavar="DATE", help="All nights up to this evening.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["csv", "edf"]),
    help="What is written.  [default: as the file is called, else csv]",
)
@config_option
def export(
    words: tuple[str, ...],
    first: str | None,
    last: str | None,
    kind: str | None,
    config_path: Path | None,
) -> None:
    """Write nights into files that other programs read.

    `bedside export 2026-11-21 night.edf` writes one night, and `bedside export --from 2026-11-01
    nights` many into a folder. CSV is a table of the movements; into a folder, one of the nights
    as well. EDF+ holds the raw samples where they are kept, and every movement and series as an
    annotation.
    """
    several = first is not None or last is not None
    if len(words) != (1 if several else 2):
        raise click.UsageError(
            "give the DATE of an evening and a TARGET, or --from and --to with a TARGET alone"
        )
    from bedside.clock import SystemClock
    from bedside.nights.files import TABLE, evenings, named, write_night, write_table
    from bedside.scoring import nights_of
    from bedside.store import Archive

    settings, target = settings_of(config_path), Path(words[-1])
    folder = several or target.is_dir() or words[-1].endswith("/")
    kind = kind or _kind_of(target, folder)
    with Archive(settings.store) as archive:
        nights = nights_of(archive, SystemClock(), settings)
        days = evenings(nights, first, last) if several else [named(nights, words[0])]
        if folder:
            _make(target)
        for evening in days:
            name = f"bedside-{evening}{'-movements' if kind == 'csv' else ''}.{kind}"
            file = target / name if folder else target
            said = write_night(nights, archive, evening, file, kind)
            click.echo(f"{file}: {said}.")
        if folder and kind == "csv":
            write_table(nights, days, target / TABLE)
            click.echo(f"{target / TABLE}: the figures of {len(days)} nights.")


def _kind_of(target: Path, folder: bool) -> str:
    suffix = target.suffix.lower()
    if folder or suffix == ".csv":
        return "csv"
    if suffix == ".edf":
        return "edf"
    raise BedsideError(f"{target} ends neither in .csv nor in .edf; say which with --format")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise BedsideError(f"the folder {folder} cannot be made: {error.strerror}") from error
