"""A bed on a simulated bus, and a bedside on it, in time-lapse."""

import threading
from datetime import UTC

import attrs
import pytest

from bedside import hardware
from bedside.config import Config
from bedside.daemon import Bedside

ENTRY_S = 900.0  # by then this sleeper is known to be in bed


@pytest.fixture
def entry_s():
    """By then the sleeper is in bed."""
    return ENTRY_S


@pytest.fixture
def bed():
    return hardware.simulated("twitchy", 3, UTC)


@pytest.fixture
def folder(tmp_path):
    """Where the nights are kept."""
    place = tmp_path / "nights"
    place.mkdir()
    return place


@pytest.fixture
def config():
    """Give settings with a folder of their own, in a time zone."""

    def make(folder, zone="UTC"):
        plain = Config()
        return attrs.evolve(
            plain,
            store=attrs.evolve(plain.store, folder=str(folder), min_free_mb=0),
            web=attrs.evolve(plain.web, port=0),
            clock=attrs.evolve(plain.clock, time_zone=zone),
        )

    return make


@pytest.fixture
def bedside(bed, folder, config):
    with Bedside(config(folder), bed, threading.Event()) as made:
        yield made


@pytest.fixture
def live():
    """Let time pass as the demo does: every block, then whatever is due."""

    def play(bedside, seconds, happen=lambda: None):
        until_s = bedside.clock.monotonic() + seconds
        for block in bedside.blocks:
            bedside.hear(block)
            bedside.tick()
            happen()
            if bedside.clock.monotonic() >= until_s:
                break

    return play


@pytest.fixture
def tonight():
    """Give all that is on record of the night that goes on."""

    def look(bedside):
        bedside.write()
        return bedside.store.recorded(*bedside.nights.window(bedside.nights.current()))

    return look
