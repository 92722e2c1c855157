"""A night of a simulated sleeper in seconds, then its morning report, then live."""

import threading
from pathlib import Path

import attrs
import click

from bedside import hardware
from bedside.config import Config
from bedside.crew import stop_on_signals
from bedside.daemon import Bedside, work
from bedside.errors import BedsideError

PROGRESS_S = 60.0
LAMP_PIN = "18"
OURS = ("bedside.db*", "access.db*", "*.lock")
"""What a demo leaves in its folder, and may clear away."""


def play(*, profile: str, seed: int, folder: Path, port: int, once: bool) -> None:
    """Play the night, print the report's opening sentence and the address, and go on live.

    Parameters
    ----------
    once : end after the opening sentence.

    Raises
    ------
    BedsideError : the folder or the port cannot be used.
    """
    stop = threading.Event()
    stop_on_signals(stop)
    config = _config(folder, port)
    _clear(folder)
    bed = hardware.simulated(profile, seed, config.clock.zone)
    with Bedside(config, bed, stop) as bedside:
        click.echo(f"Eight hours of a simulated sleeper ({profile}), from bed to report:")
        _lapse(bedside, bed.clock.monotonic() + hardware.NIGHT_S)
        if stop.is_set():
            return
        click.echo(f"\n{bedside.nights.report().opening}\n")
        if once:
            return
        bed.clock.go_live()
        click.echo(
            f"The morning report: {bedside.server.url}\nThe sleeper goes on live. Ctrl-C ends."
        )
        work(bedside)
        click.echo("\nGood night.")


def _lapse(bedside: Bedside, until_s: float) -> None:
    """Let the night pass as fast as it can be computed."""
    start_s = shown_s = bedside.clock.monotonic()
    with click.progressbar(length=round(until_s - start_s), show_eta=False) as bar:
        for block in bedside.blocks:
            bedside.hear(block)
            bedside.climate.tick()
            bedside.light.step()
            bedside.tick()
            now_s = bedside.clock.monotonic()
            if now_s - shown_s >= PROGRESS_S:
                bar.update(round(now_s - shown_s))
                shown_s = now_s
            if now_s >= until_s:
                break
        bar.update(round(until_s - shown_s))
    bedside.write()


def _config(folder: Path, port: int) -> Config:
    config = Config()
    return attrs.evolve(
        config,
        store=attrs.evolve(config.store, folder=str(folder), min_free_mb=0),
        web=attrs.evolve(config.web, port=port),
        light=attrs.evolve(config.light, pins=LAMP_PIN, bedtime="", alarm=""),
    )


def _clear(folder: Path) -> None:
    """Make the demo's folder, empty; refuse one that holds anything else."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ours = {path for pattern in OURS for path in folder.glob(pattern)}
        others = sorted(set(folder.iterdir()) - ours)
        if others:
            raise BedsideError(
                f"{folder} holds {others[0].name}, which no demo put there: give an empty folder"
                " with --folder"
            )
        for path in ours:
            path.unlink()
    except OSError as error:
        raise BedsideError(
            f"the demo cannot use the folder {folder}: {error.strerror}; give another with --folder"
        ) from error
