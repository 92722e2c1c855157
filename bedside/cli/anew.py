"""The command that hears a night anew."""

from contextlib import closing
from datetime import date
from pathlib import Path

import click

from bedside.cli.options import config_option, settings_of


@click.command()
@click.argument("day", metavar="DATE")
@config_option
def rescore(day: str, config_path: Path | None) -> None:
    """Hear the night of DATE (its evening, 2026-11-21) anew, with the detector of today.

    The raw samples of the night are played once more, by the settings in force now. What was
    marked by hand stays. While `bedside run` records, use the page of the night instead.
    """
    from bedside.clock import SystemClock
    from bedside.nights.rescoring import rescoring
    from bedside.pipeline.listener import Listener
    from bedside.scoring import nights_of
    from bedside.store import Store

    settings, clock = settings_of(config_path), SystemClock()
    with closing(Store(settings.store, clock)) as store:
        nights = nights_of(store, clock, settings)
        evening = date.fromisoformat(nights.report(day).date)

        def new_listener(odr_hz: float) -> Listener:
            return Listener(odr_hz, settings.detector, settings.presence)

        work, shown = rescoring(nights, store, evening, new_listener), 0
        with click.progressbar(length=100, show_eta=False) as bar:
            try:
                while True:
                    done = round(100 * next(work))
                    bar.update(done - shown)
                    shown = done
            except StopIteration as over:
                said = str(over.value)
        click.echo(said)
