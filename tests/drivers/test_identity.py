import errno

import pytest

from bedside.clock import SteppedClock
from bedside.drivers import identity
from bedside.drivers.identity import identify
from bedside.drivers.imu import CHIPS
from bedside.errors import ChipNotFound
from bedside.simulator.bus import SimulatedI2C


class Stranger:
    """A chip of which only some registers are known; writing to it is an accident."""

    def __init__(self, registers: dict[int, int], otherwise: int = 0x5A) -> None:
        self.registers, self.otherwise, self.pointer = registers, otherwise, 0

    def write(self, data: bytes) -> None:
        assert len(data) == 1, "a stranger was written to"
        self.pointer = data[0]

    def read(self, length: int) -> bytes:
        return bytes([self.registers.get(self.pointer, self.otherwise)]) * length


def name_at(address: int, registers: dict[int, int], otherwise: int = 0x5A):
    chip = Stranger(registers, otherwise)
    return identify(SimulatedI2C(SteppedClock(), {address: chip}), address)


@pytest.mark.parametrize(
    ("address", "registers", "name"),
    [
        (0x68, {0x75: 0x68}, "MPU-6050"),
        (0x69, {0x75: 0x70}, "MPU-6500"),
        (0x68, {0x75: 0x71}, "MPU-9250"),
        (0x68, {0x75: 0x98}, "ICM-20689"),
        (0x68, {0x75: 0x47}, "ICM-42688-P"),
        (0x69, {0x00: 0xEA}, "ICM-20948"),
        (0x68, {0x00: 0xD1}, "BMI160"),
        (0x6B, {0x0F: 0x6C}, "LSM6DSO"),
        (0x6A, {0x0F: 0x69}, "LSM6DS3"),
        (0x6A, {0x0F: 0x6A}, "LSM6DS3TR-C"),
        (0x6A, {0x0F: 0x6B}, "ISM330DHCX"),
        (0x18, {0x0F: 0x33}, "LIS3DH"),
        (0x19, {0x0F: 0x44}, "LIS2DW12"),
        (0x53, {0x00: 0xE5}, "ADXL345"),
        (0x53, {0x00: 0xAD, 0x02: 0xED}, "ADXL355"),
        (0x1D, {0x00: 0xAD, 0x02: 0xED}, "ADXL355"),
        (0x1D, {0x0D: 0x1A}, "MMA8451"),
    ],
)
def test_chips_are_named_by_reading_alone(address, registers, name):
    found = name_at(address, registers)
    assert found is not None
    assert found.name == name


def test_a_stranger_where_an_mpu_may_be_is_told_by_what_it_holds():
    found = name_at(0x68, {0x75: 0x72})
    assert found is not None
    assert found.chip == "clone"
    assert "register 0x75 holds 0x72" in found.name
    assert not found.silent


def test_a_stranger_elsewhere_has_no_driver():
    found = name_at(0x44, {})
    assert found == ("", "an unknown chip", False)


@pytest.mark.parametrize("level", [0x00, 0xFF])
def test_a_line_that_is_stuck_is_recognised(level):
    found = name_at(0x68, {}, otherwise=level)
    assert found is not None
    assert found.silent


def test_another_chip_of_the_same_maker_is_not_taken_for_an_adxl355():
    found = name_at(0x1D, {0x00: 0xAD, 0x01: 0x1D, 0x02: 0xFA})  # an ADXL372
    assert found is not None
    assert found.chip == ""
    assert found.name.startswith("an unknown chip")


def test_every_chip_with_a_driver_is_named_with_its_word():
    assert {sign.chip for sign in identity._SIGNS if sign.chip} | {"clone"} == set(CHIPS)


def test_it_is_looked_for_wherever_a_chip_with_a_driver_may_sit():
    assert set(identity.ADDRESSES) == {0x68, 0x69, 0x6A, 0x6B, 0x18, 0x19, 0x53, 0x1D}


def test_nobody_is_none_but_a_fault_of_the_bus_is_said():
    bus = SimulatedI2C(SteppedClock(), {0x68: Stranger({})})
    assert identify(bus, 0x69) is None
    bus.fail_at = {2: errno.ETIMEDOUT}
    with pytest.raises(ChipNotFound, match="stuck"):
        identify(bus, 0x68)
