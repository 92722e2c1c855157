"""What only this chip does; the rest is in test_contract.py."""

import numpy as np
import pytest

from bedside.errors import SettingsLost


@pytest.fixture
def bed(make_bed):
    return make_bed(chip="lis3dh")


def test_a_read_costs_one_transfer_and_one_for_each_eight_samples(bed):
    imu = bed.open()
    bed.wait(0.2)
    before = bed.bus.transfers
    assert len(imu.read_fifo().accel) == 20
    assert bed.bus.transfers == before + 1 + 3


def test_bursts_ask_to_count_up(bed):
    asked = []
    transfer = bed.bus.transfer

    def watched(address, write, read=0):
        asked.append((write, read))
        return transfer(address, write, read)

    bed.bus.transfer = watched
    imu = bed.open()
    bed.wait(0.1)
    imu.read_fifo()
    imu.check()
    bursts = [write[0] for write, read in asked if read > 1]
    assert len(bursts) >= 3
    assert all(register & 0x80 for register in bursts)


@pytest.mark.parametrize(("samples", "overrun"), [(31, False), (32, True), (500, True)])
def test_a_full_fifo_may_have_overrun(bed, samples, overrun):
    imu = bed.open()
    bed.wait(samples / 100.0)
    read = imu.read_fifo()
    assert read.overrun == overrun
    assert len(read.accel) == (0 if overrun else samples)


def test_the_widest_range_has_its_odd_scale(bed):
    imu = bed.open(full_scale_g=16)
    assert imu.lsb_per_g == pytest.approx(1000 / 12)
    bed.wait(0.1)
    np.testing.assert_allclose(imu.read_fifo().accel[0], [0.3, -0.8, 0.5], atol=0.007)


def test_what_another_program_left_behind_is_undone(bed):
    for register, value in ((0x20, 0x5F), (0x21, 0x8F), (0x23, 0x36), (0x24, 0x48), (0x2E, 0xDF)):
        bed.bus.transfer(0x18, bytes([register, value]))
    imu = bed.open()
    bed.wait(0.1)
    accel = imu.read_fifo().accel
    np.testing.assert_allclose(accel, np.tile([0.3, -0.8, 0.5], (10, 1)), atol=0.001)
    assert bed.bus.transfer(0x18, b"\x20", 1) + bed.bus.transfer(0x18, b"\xa3", 1) == b"\x57\x88"


def test_the_trimming_is_loaded_first_and_given_its_time(bed):
    written = []
    write = bed.chip.write

    def watched(data):
        if len(data) > 1:
            written.append((data, bed.clock.monotonic()))
        write(data)

    bed.chip.write = watched
    bed.open()
    assert written[0][0] == b"\x24\x80"
    assert written[1][1] - written[0][1] >= 0.005


def test_a_high_pass_that_came_on_is_noticed(bed):
    imu = bed.open()
    bed.bus.transfer(0x18, b"\x21\x08")
    with pytest.raises(SettingsLost, match="register 0x21"):
        imu.check()
