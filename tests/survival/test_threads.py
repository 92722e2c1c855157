"""A thread that dies takes the process down, and who restarts it has it back in five seconds."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

BACK_S = 5.0

LIFE = """
import sys, threading
import attrs
from bedside import daemon
from bedside.bench.alone import still
from bedside.clock import SystemClock
from bedside.config import Config
from bedside.drivers.pins import PiPins
from bedside.hardware import Hardware
from bedside.simulator.bus import SimulatedI2C
from bedside.simulator.mpu6050 import Mpu6050Model
from bedside.simulator.room import night_air
from bedside.simulator.sht4x import Sht4xModel

folder, spoilt = sys.argv[1], int(sys.argv[2], 16)


class Spoilt:
    # answers for three seconds, then what nobody foresaw happens
    def __init__(self, chip):
        self.chip, self.end_s = chip, clock.monotonic() + 3.0

    def write(self, data):
        self.chip.write(data)

    def read(self, length):
        if spoilt == 0x44:  # is asked seldom, and so holds its answer back
            clock.wait(self.end_s, threading.Event())
        if clock.monotonic() >= self.end_s:
            raise RuntimeError("a slip of the program")
        return self.chip.read(length)


clock = SystemClock()
chips = {
    0x68: Mpu6050Model(clock, still, noise_ug=0.0),
    0x44: Sht4xModel(clock, night_air(clock.monotonic())),
}
if spoilt:
    chips[spoilt] = Spoilt(chips[spoilt])
bus = SimulatedI2C(clock, chips)
plain = Config()
config = attrs.evolve(
    plain,
    store=attrs.evolve(plain.store, folder=folder, min_free_mb=0),
    web=attrs.evolve(plain.web, port=0),
)
daemon.run(config, Hardware(clock, lambda: bus, PiPins(clock)))
"""


@pytest.fixture
def wire(tmp_path):
    """What systemd listens on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
        made.bind(str(tmp_path / "notify"))
        made.settimeout(15.0)
        yield made


def started(folder, wire, spoilt):
    return subprocess.Popen(
        [sys.executable, "-c", LIFE, str(folder), f"{spoilt:x}"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NOTIFY_SOCKET": wire.getsockname()},
    )


def ready(wire):
    while b"READY=1" not in wire.recv(4096).split(b"\n"):
        pass


def kept(folder):
    """Give seconds of raw samples, and of minutes that were heard."""
    with closing(sqlite3.connect(folder / "bedside.db")) as db:
        (raw_s,) = db.execute("SELECT total(end_s - start_s) FROM raw").fetchone()
        (heard_s,) = db.execute("SELECT total(heard_s) FROM minutes").fetchone()
    return raw_s, heard_s


@pytest.mark.parametrize("address", [0x68, 0x44], ids=["listen", "climate"])
def test_a_thread_that_dies_ends_all_and_all_is_back_soon(folder, wire, address):
    with started(folder, wire, address) as first:
        ready(wire)
        _, complaint = first.communicate(timeout=30.0)
    died_s = time.perf_counter()
    kept_s, _ = kept(folder)

    with started(folder, wire, 0) as second:
        ready(wire)
        back_s = time.perf_counter() - died_s
        second.terminate()
        second.communicate(timeout=30.0)

    assert first.returncode not in (0, None)
    assert "a slip of the program" in complaint
    assert kept_s > 1.0  # of three seconds, less what the start took
    assert kept(folder)[1] >= kept_s - 1.0
    assert back_s <= BACK_S
    assert second.returncode == 0
