"""`bedside rescore`: a night heard anew from the terminal."""

import numpy as np
import pytest
from click.testing import CliRunner

from bedside.cli import cli
from bedside.clock import SteppedClock
from bedside.errors import BedsideError
from bedside.pipeline.listener import Heard, Minute
from bedside.pipeline.samples import Block
from bedside.simulator.recording import record as simulated
from bedside.store import Store, StoreSettings

ODR_HZ = 100.0


@pytest.fixture
def recorded(tmp_path):
    """A quarter of an hour of raw samples in which nobody heard anything yet; the settings."""
    xyz = simulated("twitchy", "mpu6050", 4, duration_s=900.0).xyz
    clock = SteppedClock(wall=1_795_200_000.0)
    with Store(StoreSettings(folder=str(tmp_path), min_free_mb=0), clock) as store:
        zero_s = clock.monotonic()
        store.add_sensor(zero_s, "mpu6050", ODR_HZ, 16384.0)
        for at in range(0, len(xyz), 1000):
            part = xyz[at : at + 1000]
            store.add_block(Block(zero_s + (at + np.arange(len(part))) / ODR_HZ, part))
            clock.advance(10.0)
            store.flush()
        store.add_heard(Heard(minutes=[Minute(zero_s // 60 * 60, 40.0, 0.0, 1.0, 4.0)]))
    path = tmp_path / "bedside.toml"
    path.write_text(
        f'[store]\nfolder = "{tmp_path}"\nmin_free_mb = 0\n[clock]\ntime_zone = "UTC"\n'
    )
    return path


def run(config, day):
    return CliRunner().invoke(cli, ["rescore", day, "--config", str(config)])


def test_a_night_is_heard_anew(recorded):
    answer = run(recorded, "2026-11-20")

    assert answer.exit_code == 0, answer.output
    assert "movements are on record now, 0 were before." in answer.output
    assert "100%" in answer.output or "h were heard anew" in answer.output


@pytest.mark.parametrize(
    ("day", "words"), [("yesterday", "is no date"), ("2026-01-01", "no night of 2026-01-01")]
)
def test_a_night_that_is_none(recorded, day, words):
    answer = run(recorded, day)

    assert isinstance(answer.exception, BedsideError)
    assert words in str(answer.exception)


def test_not_while_the_daemon_records(recorded, tmp_path):
    with Store(StoreSettings(folder=str(tmp_path), min_free_mb=0), SteppedClock()):
        answer = run(recorded, "2026-11-20")

    assert "another bedside is recording" in str(answer.exception)
