"""Register maps are data, so slips in them can be looked for."""

from itertools import combinations

import pytest

from bedside.drivers import (
    adxl345,
    adxl355,
    icm42688p,
    lis2dw12,
    lis3dh,
    lsm6ds3,
    lsm6dso,
    mpu6050,
    mpu_family,
)
from bedside.drivers.registers import Field

MAPS = [adxl345, adxl355, icm42688p, lis2dw12, lis3dh, lsm6ds3, lsm6dso, mpu6050]
BURSTS = ("DATA", "FIFO_COUNT", "FIFO_DATA", "FIFO_STATUS", "FINE_RATE", "OUTPUT", "TEMPERATURE")


def fields_of(module: object) -> dict[str, Field]:
    return {name: value for name, value in vars(module).items() if isinstance(value, Field)}


@pytest.mark.parametrize("module", MAPS)
def test_no_two_fields_overlap(module):
    fields = fields_of(module)
    assert len(fields) >= 5
    for (name, one), (other_name, other) in combinations(fields.items(), 2):
        clash = one.address == other.address and one.mask & other.mask
        assert not clash, f"{name} and {other_name} overlap"


@pytest.mark.parametrize("module", MAPS)
def test_every_field_lies_within_its_chip(module):
    for name, field in fields_of(module).items():
        assert 0 <= field.low <= field.high <= 7, name
        assert 0 <= field.address < 128, name


@pytest.mark.parametrize("module", MAPS)
def test_no_field_lies_where_a_burst_begins(module):
    starts = {name: value for name, value in vars(module).items() if name in BURSTS}
    assert len(set(starts.values())) == len(starts) >= 1
    taken = {field.address for field in fields_of(module).values()}
    assert not taken & set(starts.values())


@pytest.mark.parametrize("module", MAPS)
def test_what_is_checked_is_never_what_reading_would_take(module):
    """A burst of `check` may pass over no register that reading changes, the FIFO's above all."""
    touched = {at for start, length in module.CHECKED for at in range(start, start + length)}
    starts = {value for name, value in vars(module).items() if name in BURSTS}
    assert not touched & starts
    assert max(touched) < 128


@pytest.mark.parametrize("module", MAPS)
def test_tables_are_whole(module):
    """Tables by rate and by range know all that the settings allow, each with a code of its own."""
    tables = {name: value for name, value in vars(module).items() if name.endswith("_CODE")}
    for name, table in tables.items():
        if isinstance(table, dict):
            assert set(table) in ({50.0, 100.0, 200.0}, {2, 4, 8, 16}, {2, 4, 8}), name
    for name in ("FULL_SCALE_CODE", "RANGE_CODE", "RATE_CODE"):
        codes = tables.get(name, {})
        assert len(set(codes.values())) == len(codes), name


@pytest.mark.parametrize("variants", [mpu_family.VARIANTS, lsm6ds3.VARIANTS])
def test_no_two_variants_share_an_identity_or_a_word(variants):
    identities = [variant.identity for variant in variants]
    words = [variant.chip for variant in variants]
    assert len(set(identities)) == len(identities)
    assert len(set(words)) == len(words)


def test_a_variant_is_found_by_its_identity_and_a_stranger_is_a_clone():
    for variant in mpu_family.VARIANTS:
        assert mpu_family.variant_of(variant.identity) is variant
    assert mpu_family.variant_of(0x72) is mpu_family.CLONE
