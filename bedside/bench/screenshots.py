"""`python -m bedside.bench.screenshots`: every page, on a phone and a desk, in every theme.

A simulated night is played from bed to report, with some before it, and goes on live meanwhile.
"""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from bedside.bench.browser import opened
from bedside.bench.pages import PAGES, Page, first_event
from bedside.config import Config
from bedside.daemon import Bedside, work
from bedside.errors import BedsideError
from bedside.hardware import NIGHT_S, simulated
from bedside.pipeline.listener import Heard, Listener
from bedside.pipeline.samples import Block
from bedside.simulator.recording import record

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SIZES = {"phone": (360, 740), "desktop": (1280, 900)}
THEMES = ("light", "dark", "night")
PROFILES = ("ordinary", "quiet", "periodic", "twitchy")
DAY_S = 86400.0
SEED = 1


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), default="screenshots", show_default=True)
@click.option("--nights", default=5, show_default=True, help="How many, the last of them live.")
@click.option("--only", default="", help="One page, by its name.")
def main(folder: Path, nights: int, only: str) -> None:
    """Take a picture of every page, into FOLDER."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with _alive(nights) as (url, day), opened() as browser:
            listing = browser.new_page()
            listing.goto(f"{url}/night/{day}/events")
            event = first_event(listing.content())
            for page in PAGES:
                if only in ("", page.name):
                    address = url + page.address.format(day=day, event=event)
                    _take(browser, address, page, folder)
    except BedsideError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"The pictures are in {folder}.")


@contextmanager
def _alive(nights: int) -> Iterator[tuple[str, date]]:
    """Let somebody sleep, wake, and go on living; the page's address and the last night's date."""
    config, stop = Config(), threading.Event()
    bed = simulated(PROFILES[0], SEED, config.clock.zone)
    with tempfile.TemporaryDirectory() as folder:
        config = attrs.evolve(
            config,
            store=attrs.evolve(config.store, folder=folder, min_free_mb=0),
            web=attrs.evolve(config.web, port=0),
            light=attrs.evolve(config.light, pins="18"),
        )
        with Bedside(config, bed, stop) as bedside:
            for ago in range(nights - 1, 0, -1):
                bedside.store.add_heard(_night(ago, bed.clock.monotonic()))
            _pass(bedside, bed.clock.monotonic() + NIGHT_S)
            bed.clock.go_live()
            living = threading.Thread(target=work, args=(bedside,))
            living.start()
            try:
                yield bedside.server.url.rstrip("/"), bedside.nights.latest()
            finally:
                stop.set()
                living.join()


def _night(ago: int, start_s: float) -> Heard:
    """Hear a night that began some days before `start_s`."""
    night = record(PROFILES[ago % len(PROFILES)], "mpu6050", SEED + ago)
    listener, back_s = Listener(night.odr_hz), start_s - ago * DAY_S
    parts = (listener.update(Block(night.t, night.xyz)), listener.flush())
    return Heard(
        movements=[
            replace(each, start_s=each.start_s + back_s, end_s=each.end_s + back_s)
            for heard in parts
            for each in heard.movements
        ],
        presence=[
            replace(each, t_s=each.t_s + back_s) for heard in parts for each in heard.presence
        ],
        minutes=[
            replace(each, start_s=each.start_s + back_s)
            for heard in parts
            for each in heard.minutes
        ],
    )


def _pass(bedside: Bedside, until_s: float) -> None:
    """Let the night pass as fast as it can be computed."""
    for block in bedside.blocks:
        bedside.hear(block)
        bedside.climate.tick()
        bedside.light.step()
        bedside.tick()
        if bedside.clock.monotonic() >= until_s:
            break
    bedside.write()


def _take(browser: "Browser", address: str, page: Page, folder: Path) -> None:
    """Take a page in every size and theme; the red one only where it is meant to be."""
    for size, (width, height) in SIZES.items():
        for theme in THEMES:
            if theme == "night" and not page.night:
                continue
            view = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme="light" if theme == "light" else "dark",
            )
            view.goto(address)
            if theme == "night":
                view.evaluate("document.documentElement.dataset.theme = 'night'")
            view.wait_for_timeout(page.settle_s * 1000)
            whole = view.evaluate("document.documentElement.scrollHeight")
            view.set_viewport_size({"width": width, "height": max(height, whole)})
            view.screenshot(path=folder / f"{page.name}-{size}-{theme}.png")
            view.close()


if __name__ == "__main__":
    main()
