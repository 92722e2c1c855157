"""What only this chip does; the rest is in test_contract.py."""

import pytest


@pytest.fixture
def bed(make_bed):
    return make_bed(chip="lis2dw12")


def test_a_read_costs_one_transfer_and_one_for_each_eight_samples(bed):
    imu = bed.open()
    bed.wait(0.2)
    before = bed.bus.transfers
    assert len(imu.read_fifo().accel) == 20
    assert bed.bus.transfers == before + 1 + 3


@pytest.mark.parametrize(("samples", "overrun"), [(32, False), (33, True), (500, True)])
def test_a_full_fifo_has_overrun_only_when_it_says_so(bed, samples, overrun):
    imu = bed.open()
    bed.wait(samples / 100.0)
    read = imu.read_fifo()
    assert read.overrun == overrun
    assert len(read.accel) == (0 if overrun else samples)


def test_it_runs_at_its_best(bed):
    bed.open()
    control1, control2 = bed.bus.transfer(0x19, b"\x20", 2)
    assert control1 & 0x0F == 0x04  # high performance: 14 bits
    assert control2 & 0x08  # both bytes of one sample
    assert bed.bus.transfer(0x19, b"\x25", 1)[0] & 0x04  # low noise
