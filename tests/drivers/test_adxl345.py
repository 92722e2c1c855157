"""What only this chip does; the rest is in test_contract.py."""

import errno

import numpy as np
import pytest

from bedside.errors import ChipNotFound


@pytest.fixture
def bed(make_bed):
    return make_bed(chip="adxl345")


def test_each_sample_costs_a_transfer(bed):
    imu = bed.open()
    bed.wait(0.1)
    before = bed.bus.transfers
    assert len(imu.read_fifo().accel) == 10
    assert bed.bus.transfers == before + 11


@pytest.mark.parametrize(("samples", "overrun"), [(30, False), (31, True), (32, True), (500, True)])
def test_from_31_on_it_may_have_overrun(bed, samples, overrun):
    imu = bed.open()
    bed.wait(samples / 100.0)
    read = imu.read_fifo()
    assert read.overrun == overrun
    assert len(read.accel) == (0 if overrun else samples)


def test_what_another_program_left_behind_is_undone(bed):
    for register, value in (
        (0x1E, 0x40),
        (0x1F, 0x11),
        (0x20, 0xC0),
        (0x2C, 0x1A),
        (0x31, 0x03),
        (0x38, 0x9F),
    ):
        bed.bus.transfer(0x53, bytes([register, value]))
    bed.bus.transfer(0x53, b"\x2d\x08")
    imu = bed.open()
    bed.wait(0.1)
    accel = imu.read_fifo().accel
    np.testing.assert_allclose(accel, np.tile([0.3, -0.8, 0.5], (10, 1)), atol=0.002)


@pytest.mark.parametrize(("full_scale_g", "most"), [(2, 512), (4, 1024), (8, 2048), (16, 4096)])
def test_bits_that_cannot_be_are_not_believed(bed, full_scale_g, most):
    imu = bed.open(full_scale_g=full_scale_g)
    bed.wait(0.05)
    read = bed.chip.read
    bed.chip.read = lambda length: (
        (most * 2 - 1).to_bytes(2, "little") + read(length)[2:] if length == 6 else read(length)
    )
    accel, overrun = imu.read_fifo()
    assert overrun
    assert len(accel) == 0
    bed.chip.read = read
    bed.wait(0.05)
    assert len(imu.read_fifo().accel) == 5


def test_samples_before_an_unheard_transfer_are_kept_over_several_attempts(bed):
    imu = bed.open()
    bed.wait(0.2)
    now = bed.bus.transfers
    bed.bus.fail_at = dict.fromkeys((now + 4, now + 6, now + 12), errno.EREMOTEIO)
    for _ in range(3):
        with pytest.raises(ChipNotFound):
            imu.read_fifo()
    assert len(imu.read_fifo().accel) == 20


def test_it_has_no_thermometer_and_asks_for_none(bed):
    imu = bed.open()
    before = bed.bus.transfers
    assert imu.die_temperature_c() is None
    assert bed.bus.transfers == before
