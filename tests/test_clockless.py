"""A machine without time server and battery clock, and one whose power supply is too weak."""

import threading
from datetime import UTC

import attrs
import pytest

from bedside import hardware
from bedside.config import Config
from bedside.daemon import CLOCK_PATIENCE_S, Bedside
from bedside.machine_state import MachineState


@pytest.fixture
def machine():
    """Hold what the simulated computer tells of itself."""
    return [MachineState()]


@pytest.fixture
def bedside(tmp_path, machine):
    plain = Config()
    config = attrs.evolve(
        plain,
        store=attrs.evolve(plain.store, folder=str(tmp_path), min_free_mb=0),
        web=attrs.evolve(plain.web, port=0),
    )
    bed = hardware.simulated("quiet", 1, UTC)
    bed = hardware.SimulatedHardware(bed.clock, bed.open_bus, bed.pins, lambda: machine[0])
    with Bedside(config, bed, threading.Event()) as made:
        yield made


def test_a_clock_that_stays_unknown_is_told_calmly_after_an_hour(bedside):
    bedside.clock.step_wall(0.0, known=False)

    bedside.tick()
    (early,) = bedside.health.faults()
    bedside.clock.advance(CLOCK_PATIENCE_S + 1.0)
    bedside.tick()
    (late,) = bedside.health.faults()

    assert not early.calm
    assert late.calm
    assert "DS3231" in late.sentence
    bedside.clock.step_wall(0.0, known=True)
    bedside.tick()
    assert bedside.health.faults() == ()


def test_it_stays_one_fault_in_the_record(bedside):
    bedside.clock.step_wall(0.0, known=False)
    bedside.tick()
    bedside.clock.advance(CLOCK_PATIENCE_S + 1.0)
    bedside.tick()
    bedside.write()

    wall_s = bedside.clock.wall()
    faults = bedside.store.faults(wall_s - 1e5, wall_s + 1e5)

    assert [fault.part for fault in faults] == ["clock"]


def test_a_supply_that_is_too_weak_is_a_fault_while_it_is(bedside, machine):
    machine[0] = MachineState(weak_power=True)
    bedside.write()
    (fault,) = bedside.health.faults()
    machine[0] = MachineState(weak_power=False)
    bedside.write()

    assert fault.part == "power"
    assert bedside.health.faults() == ()
