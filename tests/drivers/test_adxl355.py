"""What only this chip does; the rest is in test_contract.py."""

import numpy as np
import pytest

from bedside.errors import WriteLost

GRAVITY = [0.3, -0.8, 0.5]


@pytest.fixture
def bed(make_bed):
    return make_bed(chip="adxl355")


def test_reading_costs_two_transfers(bed):
    imu = bed.open()
    bed.wait(0.2)
    before = bed.bus.transfers
    assert len(imu.read_fifo().accel) == 25
    assert bed.bus.transfers == before + 2


def test_twenty_bits_survive(make_bed):
    fine = np.array([1, -1, 255999]) / 256000.0
    bed = make_bed(chip="adxl355", motion=lambda t: np.tile(fine, (len(t), 1)))
    imu = bed.open()
    bed.wait(0.1)
    counts = imu.read_fifo().accel.astype(np.float64) * imu.lsb_per_g
    assert np.unique(np.rint(counts), axis=0).tolist() == [[1, -1, 255999]]


@pytest.mark.parametrize("words", [1, 2, 4, 5])
def test_it_finds_the_x_again_after_a_word_was_taken(bed, words):
    imu = bed.open()
    bed.wait(0.1)
    bed.bus.transfer(0x1D, b"\x11", 3 * words)
    accel, overrun = imu.read_fifo()
    assert overrun
    assert len(accel) == 0
    bed.wait(0.1)
    accel, overrun = imu.read_fifo()
    assert not overrun
    np.testing.assert_allclose(accel, np.tile(GRAVITY, (len(accel), 1)), atol=1e-5)


def test_whole_samples_that_somebody_else_took_do_not_misalign_it(bed):
    imu = bed.open()
    imu.read_fifo()
    bed.wait(0.096)
    bed.bus.transfer(0x1D, b"\x11", 9 * 3)
    assert len(imu.read_fifo().accel) == 9


def test_words_that_call_themselves_empty_are_not_believed(bed):
    imu = bed.open()
    bed.wait(0.1)
    read = bed.chip.read
    bed.chip.read = lambda length: (
        read(length)[:-3] + b"\x00\x00\x02" if length > 9 else read(length)
    )
    assert imu.read_fifo().overrun


def test_what_an_overrun_left_is_kept(bed):
    imu = bed.open()
    bed.wait(10.0)
    read = imu.read_fifo()
    assert read.overrun
    assert len(read.accel) == 32
    bed.wait(0.1)
    assert not imu.read_fifo().overrun


def test_the_fast_i2c_bit_and_its_neighbours_stay(bed):
    bed.open(full_scale_g=8)
    assert bed.bus.transfer(0x1D, b"\x2c", 1) == b"\x83"


@pytest.mark.parametrize("bad_resets", [1, 4])
def test_a_reset_that_loses_the_trimming_is_repeated(make_bed, bad_resets):
    bed = make_bed(chip="adxl355", bad_resets=bad_resets)
    imu = bed.open()
    bed.wait(0.1)
    np.testing.assert_allclose(imu.read_fifo().accel[0], GRAVITY, atol=1e-5)


def test_a_chip_that_never_gets_its_trimming_back_is_refused(make_bed):
    with pytest.raises(WriteLost, match=r"ADXL355 at 0x1d does not come back.*power"):
        make_bed(chip="adxl355", bad_resets=50).open()
