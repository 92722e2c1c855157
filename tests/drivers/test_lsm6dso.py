"""What only this chip does; the rest is in test_contract.py."""

import errno

import numpy as np
import pytest

from bedside.errors import ChipNotFound, SettingsLost

GRAVITY = [0.3, -0.8, 0.5]


@pytest.fixture
def bed(make_bed):
    return make_bed(chip="lsm6dso")


def test_a_read_costs_one_transfer_and_one_for_each_four_samples(bed):
    imu = bed.open()
    bed.wait(0.2)
    before = bed.bus.transfers
    assert len(imu.read_fifo().accel) == 18  # the first two were of no use
    assert bed.bus.transfers == before + 1 + 5
    imu.read_fifo()
    assert bed.bus.transfers == before + 7


@pytest.mark.parametrize(("rate_error", "odr_hz"), [(0.015, 105.56), (-0.03, 100.88), (0.0, 104.0)])
def test_the_rate_starts_from_what_the_factory_measured(make_bed, rate_error, odr_hz):
    imu = make_bed(chip="lsm6dso", rate_error=rate_error).open()
    assert imu.odr_hz == pytest.approx(odr_hz)
    assert imu.fifo_s == pytest.approx(511 / odr_hz)


def test_what_an_overrun_left_is_kept(bed):
    imu = bed.open()
    bed.wait(60.0)
    read = imu.read_fifo()
    assert read.overrun
    assert len(read.accel) == 512 - 2
    assert not imu.read_fifo().overrun


def test_the_fifo_is_emptied_before_the_reset(bed):
    """Full of data it would hold INT1 high, and a reset then leaves the chip in I3C for good."""
    written = []
    write = bed.chip.write

    def watched(data):
        if len(data) > 1:
            written.append(tuple(data))
        write(data)

    bed.chip.write = watched
    bed.open()
    assert written[0] == (0x0A, 0x00)
    assert written[1][0] == 0x12
    assert written[1][1] & 0x01
    assert any(register == 0x18 and value & 0x02 for register, value in written)


def test_a_tag_of_another_sensor_is_not_taken_for_acceleration(bed):
    imu = bed.open()
    bed.wait(0.1)
    read = bed.chip.read
    bed.chip.read = lambda length: b"\x09" + read(length)[1:] if length == 28 else read(length)
    assert imu.read_fifo() == (pytest.approx(np.empty((0, 3))), True)
    bed.chip.read = read
    bed.wait(0.1)
    accel, overrun = imu.read_fifo()
    assert not overrun
    np.testing.assert_allclose(accel, np.tile(GRAVITY, (len(accel), 1)), atol=1e-4)


def test_a_burst_that_does_not_go_round_is_seen_by_its_tags(bed):
    """As it would be if the address went on to 0x7F instead of back to the tag."""
    imu = bed.open()
    bed.wait(0.1)
    read = bed.chip.read
    bed.chip.read = lambda length: read(7) + bytes(length - 7) if length == 28 else read(length)
    assert imu.read_fifo().overrun


def test_a_brown_out_between_count_and_words_is_called_so(bed):
    imu = bed.open()
    bed.wait(0.2)
    bed.before_transfer(3, bed.chip.brown_out)
    with pytest.raises(SettingsLost):
        imu.read_fifo()


def test_words_that_were_read_before_an_unheard_transfer_are_kept(bed):
    imu = bed.open()
    imu.read_fifo()
    bed.wait(0.2)
    bed.bus.fail_at = {bed.bus.transfers + 4: errno.ENXIO}
    with pytest.raises(ChipNotFound):
        imu.read_fifo()
    before = bed.bus.transfers
    assert len(imu.read_fifo().accel) == 18
    assert bed.bus.transfers == before + 1 + 3
