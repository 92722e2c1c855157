import attrs
import pytest

from bedside.drivers import lsm6ds3
from bedside.drivers.imu import CHIPS, ImuSettings
from bedside.drivers.mpu_family import VARIANTS
from bedside.errors import ChipNotFound, WrongChip
from bedside.simulator.mpu6050 import Mpu6050Model


class Other:
    """Answers every register with `value`, but for those in `registers`."""

    def __init__(self, value: int, registers: dict[int, int] | None = None) -> None:
        self.value, self.registers, self.pointer = value, registers or {}, 0

    def write(self, data: bytes) -> None:
        self.pointer = data[0]

    def read(self, length: int) -> bytes:
        return bytes([self.registers.get(self.pointer, self.value)]) * length


@pytest.mark.parametrize("address", [0x68, 0x69])
def test_auto_finds_the_chip_at_either_address(make_bed, address):
    imu = make_bed(address).open()
    assert (imu.name, imu.address) == ("MPU-6050", address)


def test_a_clock_at_one_address_does_not_hide_the_chip_at_the_other(make_bed):
    bed = make_bed(0x69)
    bed.bus.plug(0x68, Other(0x12, {0x75: 0x31}))
    assert bed.open().address == 0x69


def test_nobody_at_all_says_what_was_looked_for_and_what_to_check(bed):
    bed.bus.unplug(0x68)
    with pytest.raises(ChipNotFound, match=r"answers on I2C bus 1.*wires.*CS pin.*doctor"):
        bed.open()


def test_a_thermometer_where_a_chip_may_sit_does_not_hide_it(make_bed):
    bed = make_bed(chip="lis2dw12")
    bed.bus.plug(0x18, Other(0x04))  # an MCP9808
    assert bed.open().name == "LIS2DW12"


def test_what_answers_without_a_driver_is_named_with_its_address(make_bed):
    bed = make_bed()
    bed.bus.unplug(0x68)
    bed.bus.plug(0x6A, Other(0x6B))
    with pytest.raises(WrongChip, match=r"found ISM330DHCX at 0x6a .*does not know how to use"):
        bed.open()


def test_only_the_address_asked_for_is_looked_at(make_bed):
    with pytest.raises(ChipNotFound, match=r"answers at 0x69 on"):
        make_bed(0x68).open(address=0x69)


def test_the_wrong_member_of_the_family_is_named(make_bed):
    with pytest.raises(WrongChip, match=r'found MPU-6500 at 0x68 .*mpu6050.*"mpu6500" or.*"auto"'):
        make_bed(identity=0x70).open(chip="mpu6050")


def test_a_chip_without_a_driver_is_named(bed):
    bed.bus.plug(0x68, Other(0x00, {0x00: 0xEA}))
    with pytest.raises(WrongChip, match="ICM-20948 at 0x68"):
        bed.open()


def test_a_chip_without_a_driver_is_not_tried_as_a_clone(bed):
    bed.bus.plug(0x68, Other(0x00, {0x00: 0xEA}))
    with pytest.raises(WrongChip, match="ICM-20948"):
        bed.open(chip="clone")


@pytest.mark.parametrize("level", [0x00, 0xFF])
def test_a_line_that_is_stuck_is_called_so(bed, level):
    bed.bus.plug(0x68, Other(level))
    with pytest.raises(WrongChip, match="stuck"):
        bed.open()


def test_an_unknown_identity_is_refused_with_the_way_to_allow_it(make_bed):
    with pytest.raises(WrongChip, match=r'register 0x75 holds 0x75.*chip = "clone"'):
        make_bed(identity=0x75).open()
    assert make_bed(identity=0x75).open(chip="clone").name == "MPU clone"


def test_every_variant_has_a_driver_and_a_word_in_the_settings():
    assert {variant.chip for variant in (*VARIANTS, *lsm6ds3.VARIANTS)} < set(CHIPS)
    for chip in ("auto", *CHIPS):
        assert ImuSettings(chip=chip).chip == chip


@pytest.mark.parametrize(
    "wrong", [{"chip": "mpu"}, {"odr_hz": 120.0}, {"full_scale_g": 3}, {"bus": -1}]
)
def test_settings_have_limits(wrong):
    with pytest.raises(ValueError, match=r"not one of|below"):
        ImuSettings(**wrong)


def test_every_setting_has_its_sentence():
    assert all(field.metadata["doc"].endswith(".") for field in attrs.fields(ImuSettings))
    assert ImuSettings.__doc__


def test_models_know_their_address_by_the_bus_alone(make_bed):
    bed = make_bed()
    other = Mpu6050Model(bed.clock, lambda t: t[:, None] * [0.0, 0.0, 0.0], identity=0x71)
    bed.bus.plug(0x69, other)
    assert bed.open(address=0x69, chip="mpu9250").name == "MPU-9250"
