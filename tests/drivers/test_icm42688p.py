"""What only this chip does; the rest is in test_contract.py."""

import errno

import numpy as np
import pytest

from bedside.drivers.icm42688p import Icm42688p
from bedside.errors import ChipNotFound, SettingsLost, WriteLost


@pytest.fixture
def bed(make_bed):
    return make_bed(chip="icm42688p")


def spoil(bed, change):
    """Change what is read from the FIFO, the packets (n, 8) being given."""
    read = bed.chip.read

    def spoilt(length):
        raw = read(length)
        if length <= 2 or length % 8:
            return raw
        packets = np.frombuffer(raw, np.uint8).reshape(-1, 8).copy()
        change(packets)
        return packets.tobytes()

    bed.chip.read = spoilt


def test_reading_costs_two_transfers(bed):
    imu = bed.open()
    bed.wait(0.3)
    before = bed.bus.transfers
    assert len(imu.read_fifo().accel) == 30
    assert bed.bus.transfers == before + 2


def test_what_an_overrun_left_is_kept(bed):
    imu = bed.open()
    bed.wait(60.0)
    read = imu.read_fifo()
    assert read.overrun
    assert len(read.accel) == 256


def test_a_chip_left_in_another_bank_is_brought_back(bed):
    bed.bus.transfer(0x69, b"\x76\x01")
    imu = Icm42688p(bed.bus, bed.clock, address=0x69)
    bed.wait(0.1)
    assert len(imu.read_fifo().accel) == 10


@pytest.mark.parametrize("header", [0x80, 0x60, 0x50, 0x20, 0x00])
def test_a_packet_of_another_kind_is_not_believed(bed, header):
    imu = bed.open()
    bed.wait(0.1)

    def change(packets):
        packets[4, 0] = header

    spoil(bed, change)
    accel, overrun = imu.read_fifo()
    assert overrun
    assert len(accel) == 0


def test_starting_anew_leaves_nothing_old_behind(bed):
    imu = bed.open()
    bed.wait(0.1)
    bed.bus.fail_at = {bed.bus.transfers + 2: errno.EIO}
    with pytest.raises(ChipNotFound):
        imu.read_fifo()
    bed.wait(0.1)
    assert imu.read_fifo().overrun
    assert len(imu.read_fifo().accel) == 0


def test_a_header_may_tell_that_the_rate_has_changed(bed):
    imu = bed.open()
    bed.wait(0.1)

    def change(packets):
        packets[:, 0] |= 0x02

    spoil(bed, change)
    assert len(imu.read_fifo().accel) == 10


def test_an_invalid_sample_is_a_hole_and_what_follows_is_kept(bed):
    imu = bed.open()
    bed.wait(0.1)

    def change(packets):
        packets[[2, 6], 1:3] = 0x80, 0x00

    spoil(bed, change)
    accel, overrun = imu.read_fifo()
    assert overrun
    assert accel == pytest.approx(np.tile([0.3, -0.8, 0.5], (3, 1)), abs=1e-4)


def test_a_chip_that_does_not_come_back_from_a_reset(bed):
    bed.chip._status = lambda: 0
    with pytest.raises(WriteLost, match="ICM-42688-P at 0x69 does not come back"):
        bed.open()


def test_another_bank_is_noticed(bed):
    imu = bed.open()
    bed.bus.transfer(0x69, b"\x76\x02")
    with pytest.raises(SettingsLost):
        imu.check()


def test_power_comes_last_since_it_makes_the_chip_deaf(bed):
    written = []
    write = bed.chip.write

    def watched(data):
        if len(data) > 1:
            written.append((data[0], bed.clock.monotonic()))
        write(data)

    bed.chip.write = watched
    bed.open()
    registers, times = zip(*written, strict=True)
    at = registers.index(0x4E)
    assert registers[at + 1] == 0x4B  # only the flush follows
    assert times[at + 1] - times[at] >= 0.02
