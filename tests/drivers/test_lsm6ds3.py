"""What only these two do; the rest is in test_contract.py."""

import pytest

from bedside.drivers.lsm6ds3 import Lsm6ds3
from bedside.errors import WrongChip


@pytest.fixture(params=["lsm6ds3", "lsm6ds3trc"])
def bed(make_bed, request):
    return make_bed(chip=request.param)


def test_a_read_costs_one_transfer_and_one_for_each_five_samples(bed):
    imu = bed.open()
    bed.wait(0.2)
    before = bed.bus.transfers
    assert len(imu.read_fifo().accel) == 18  # the first two were of no use
    assert bed.bus.transfers == before + 1 + 4


def test_fifo_sizes_differ(make_bed):
    assert make_bed(chip="lsm6ds3").open().fifo_s == pytest.approx(1365 / 104)
    assert make_bed(chip="lsm6ds3trc").open().fifo_s == pytest.approx(682 / 104)


@pytest.mark.parametrize("words", [1, 2])
def test_a_word_that_somebody_else_took_is_noticed_by_its_place(bed, words):
    imu = bed.open()
    imu.read_fifo()
    bed.wait(0.1)
    bed.bus.transfer(bed.address, b"\x3e", 2 * words)
    assert imu.read_fifo().overrun
    bed.wait(0.1)
    read = imu.read_fifo()
    assert not read.overrun
    assert len(read.accel) == pytest.approx(8, abs=1)


def test_a_fifo_so_full_that_its_count_reads_zero_is_an_overrun(bed):
    imu = bed.open()
    bed.wait(3600.0)
    low, high, _, _ = bed.bus.transfer(bed.address, b"\x3a", 4)
    assert (high & 0x0F) << 8 | low == 0
    assert imu.read_fifo().overrun


def test_the_analog_low_pass_is_chosen_by_hand_where_there_is_one(make_bed):
    for odr_hz, corner_hz in ((50.0, 50.0), (100.0, 50.0), (200.0, 100.0)):
        bed = make_bed(chip="lsm6ds3")
        bed.open(odr_hz=odr_hz)
        assert bed.chip.low_pass_hz == corner_hz
        assert bed.bus.transfer(0x6B, b"\x13", 1)[0] & 0x80
    bed = make_bed(chip="lsm6ds3trc")
    bed.open()
    assert not bed.bus.transfer(0x6A, b"\x13", 1)[0] & 0x80  # there this bit is another


def test_it_is_not_taken_for_another_when_opened_without_looking_first(make_bed):
    bed = make_bed(chip="lsm6dso")
    with pytest.raises(WrongChip, match=r"at 0x6a is no LSM6DS3 .*holds 0x6c.*auto"):
        Lsm6ds3(bed.bus, bed.clock, address=0x6A)
