"""Everything that can happen to a cable under a mattress, in one night, through the real driver."""

import errno
import os
import threading
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from bedside.daemon import Bedside
from bedside.drivers.i2c import LinuxI2C
from bedside.simulator.bus import SimulatedI2C
from bedside.simulator.lsm6dso import Lsm6dsoModel
from bedside.simulator.mpu6050 import Mpu6050Model
from bedside.simulator.profiles import PROFILES
from bedside.simulator.sleeper import Sleeper

LONGEST_WAIT_S = 30.0  # before a chip that was gone for long is looked for again
ERRNOS = [
    errno.EREMOTEIO,
    errno.ENXIO,
    errno.EIO,
    errno.ETIMEDOUT,
    errno.EAGAIN,
    errno.EBUSY,
    errno.EOPNOTSUPP,
    errno.EINVAL,
    errno.ENOENT,
    errno.EACCES,
]


def gaps(recorded):
    """Lengths of the gaps between what was heard, s."""
    return [later.start_s - earlier.end_s for earlier, later in pairwise(recorded.heard)]


def raw_gaps(bedside, recorded):
    """Lengths of the gaps in the samples, s."""
    blocks = list(bedside.store.raw(recorded.start_s, recorded.end_s))
    return [b.t[0] - a.t[-1] for a, b in pairwise(blocks) if b.t[0] - a.t[-1] > 0.1]


@pytest.mark.parametrize("length_s", [1.0, 60.0, 3600.0])
def test_a_chip_that_is_unplugged_and_put_back(bedside, bed, live, tonight, entry_s, length_s):
    live(bedside, entry_s)
    bus = bed.open_bus()
    chip = bus._chips[0x68]
    plug_s = bed.clock.monotonic() + length_s
    shown = set()

    def pass_(now_s):
        shown.update(fault.part for fault in bedside.health.faults())
        if now_s >= plug_s and 0x68 not in bus._chips:
            chip.brown_out()
            bus.plug(0x68, chip)

    bus.unplug(0x68)
    bed.clock.on_wait = pass_
    live(bedside, length_s + 900.0)

    recorded = tonight(bedside)
    (gap_s,) = raw_gaps(bedside, recorded)
    (fault,) = [fault for fault in recorded.faults if fault.part == "sensor"]
    assert length_s <= gap_s <= length_s + min(2.0 * length_s, LONGEST_WAIT_S) + 2.0
    assert fault.end_s - fault.start_s == pytest.approx(gap_s, abs=2.0)
    assert shown == {"sensor"}
    assert bedside.health.faults() == ()
    assert len(recorded.presence) == 1
    assert recorded.presence[0].end_s == recorded.heard[-1].end_s
    assert len(bedside.nights.dates()) == 1


def test_every_error_of_the_kernel_in_turn(bedside, bed, live, tonight, entry_s):
    live(bedside, entry_s)
    bus, begin_s = bed.open_bus(), bed.clock.monotonic()
    shown = []
    bed.clock.on_wait = lambda _now: shown.extend(bedside.health.faults())
    for turn, error in enumerate(ERRNOS):
        start_s = begin_s + 60.0 + 150.0 * turn
        bus.fail_between(start_s, start_s + 20.0, error)
        live(bedside, 150.0)
        sentences = {fault.sentence for fault in shown if fault.part == "sensor"}
        assert any("0x68" in sentence for sentence in sentences), os.strerror(error)
        assert bedside.health.faults() == ()
        shown.clear()

    live(bedside, 300.0)
    recorded = tonight(bedside)
    lengths = raw_gaps(bedside, recorded)
    assert len(lengths) == len(ERRNOS)
    assert all(20.0 <= length_s <= 40.0 for length_s in lengths)
    assert len(recorded.presence) == 1


class Stuck(SimulatedI2C):
    """A bus whose data line is held low: each transfer takes a second and comes to nothing."""

    def __init__(self, clock, chips):
        super().__init__(clock, chips)
        self.clock, self.stuck = clock, False

    def transfer(self, address, write, read=0):
        if self.stuck:
            self.clock.advance(1.0)
            raise OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
        return super().transfer(address, write, read)


@pytest.fixture
def chips(bed):
    return {0x68: bed.open_bus()._chips[0x68]}


def test_a_data_line_that_is_held_low_for_long(bed, chips, folder, config, live, tonight, entry_s):
    bus = Stuck(bed.clock, chips)
    with Bedside(config(folder), replace(bed, open_bus=lambda: bus), threading.Event()) as bedside:
        live(bedside, entry_s)
        bus.stuck = True
        free_s = bed.clock.monotonic() + 1200.0
        shown = set()

        def pass_(now_s):
            shown.update(fault.sentence for fault in bedside.health.faults())
            bus.stuck = now_s < free_s

        bed.clock.on_wait = pass_
        live(bedside, 1800.0)
        recorded = tonight(bedside)

        (gap_s,) = raw_gaps(bedside, recorded)
        assert 1200.0 <= gap_s <= 1260.0
        assert any("the bus is stuck" in sentence for sentence in shown)
        assert bedside.health.faults() == ()
        assert len(recorded.presence) == 1


def test_a_bus_that_is_turned_on_late(bed, folder, config, live, tonight):
    at_s = bed.clock.monotonic() + 40.0
    simulated = bed.open_bus

    def open_bus():
        return LinuxI2C(98) if bed.clock.monotonic() < at_s else simulated()

    with Bedside(config(folder), replace(bed, open_bus=open_bus), threading.Event()) as bedside:
        bed.clock.on_wait = lambda _now: None
        live(bedside, 300.0)
        recorded = tonight(bedside)

    (fault,) = [fault for fault in recorded.faults if fault.part == "sensor"]
    assert "/dev/i2c-98" in fault.sentence
    assert fault.end_s is not None
    assert gaps(recorded) == []


def test_a_chip_that_is_swapped_for_one_of_another_kind(bedside, bed, live, tonight, entry_s):
    live(bedside, entry_s)
    bus, swap_s = bed.open_bus(), bed.clock.monotonic()
    sleeper = Sleeper(PROFILES["twitchy"], 3, start_s=100.0)
    other = Lsm6dsoModel(bed.clock, sleeper.motion, noise_ug=70.0)

    def pass_(now_s):
        if now_s >= swap_s + 30.0:
            bus.plug(0x6A, other)

    bus.unplug(0x68)
    bed.clock.on_wait = pass_
    live(bedside, 900.0)
    bus.unplug(0x6A)
    bed.clock.on_wait = lambda _now: None
    bus.plug(0x68, Mpu6050Model(bed.clock, sleeper.motion, noise_ug=400.0))
    live(bedside, 900.0)

    recorded = tonight(bedside)
    blocks = list(bedside.store.raw(recorded.start_s, recorded.end_s))
    kept = {chip for chip, _ in bedside.store.sensors(recorded.start_s, recorded.end_s)}
    assert kept == {"MPU-6050", "LSM6DSO"}
    assert bedside.listener.odr_hz == 100.0
    for block in blocks:
        assert np.median(np.linalg.norm(block.accel, axis=1)) == pytest.approx(1.0, abs=0.06)
    rates = [len(block.t) / (block.t[-1] - block.t[0]) for block in blocks if len(block.t) > 1000]
    assert {round(rate / 2.0) * 2 for rate in rates} >= {102, 104}
    assert all(gap_s < 70.0 for gap_s in raw_gaps(bedside, recorded))
    assert bedside.health.faults() == ()
    assert len(recorded.presence) == 1
    assert recorded.presence[0].end_s == recorded.heard[-1].end_s
