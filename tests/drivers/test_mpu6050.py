"""What only this family does; the rest is in test_contract.py."""

import errno

import numpy as np
import pytest

from bedside.drivers.mpu6050 import Mpu6050
from bedside.errors import ChipError, ChipNotFound, SettingsLost, WriteLost, WrongChip
from bedside.simulator.mpu6050 import SILICON, Silicon

SMALL = Silicon(512, own_filter=False, lsb_per_c=340.0, zero_c=36.53)


def test_reading_costs_two_transfers(bed):
    imu = bed.open()
    bed.wait(0.3)
    before = bed.bus.transfers
    assert len(imu.read_fifo().accel) == 30
    assert bed.bus.transfers == before + 2
    imu.read_fifo()
    assert bed.bus.transfers == before + 3  # nothing to drain


def test_fifo_sizes_go_by_the_identity(make_bed):
    assert make_bed(identity=0x68).open().fifo_s == pytest.approx(1.70)
    assert make_bed(identity=0x70).open().fifo_s == pytest.approx(0.85)


def test_a_genuine_identity_with_half_the_fifo_is_never_misread(make_bed):
    bed = make_bed(silicon=SMALL)
    imu = bed.open()
    bed.wait(1.2)  # overflowed already, though a real one would hold on
    assert imu.read_fifo().overrun
    bed.wait(0.3)
    accel, overrun = imu.read_fifo()
    assert not overrun
    np.testing.assert_allclose(accel, np.tile([0.3, -0.8, 0.5], (len(accel), 1)), atol=1e-4)


def test_half_a_frame_is_left_for_the_next_read(bed):
    imu = bed.open()
    bed.wait(0.2)
    pieces = bed.bus.transfer(0x68, b"\x74", 4)  # somebody else took part of a frame
    assert len(pieces) == 4
    first = imu.read_fifo()
    bed.wait(0.1)
    assert len(first.accel) == 19
    assert imu.read_fifo().overrun  # odd twice running: out of step


def test_bytes_read_while_the_power_fails_are_not_believed(bed):
    imu = bed.open()
    bed.wait(0.2)
    read = bed.chip.read

    def read_and_fail(length):
        if length == 120:
            bed.chip.brown_out()
        return read(length) if length != 120 else bytes([0xFF]) * 120

    bed.chip.read = read_and_fail
    with pytest.raises(SettingsLost):
        imu.read_fifo()


def test_equal_bytes_are_fine_if_the_chip_is(make_bed):
    bed = make_bed(motion=lambda t: np.zeros((len(t), 3)))
    imu = bed.open()
    bed.wait(0.2)
    assert not imu.read_fifo().accel.any()


def test_a_stuck_line_while_sampling_is_a_chip_error(bed):
    imu = bed.open()
    bed.wait(0.2)
    bed.chip.read = lambda length: b"\xff" * length
    with pytest.raises(WriteLost, match="did not keep"):
        imu.read_fifo()


def test_bytes_that_could_not_be_confirmed_are_lost_and_that_is_said(make_bed):
    bed = make_bed(motion=lambda t: np.zeros((len(t), 3)))
    imu = bed.open()
    bed.wait(0.2)
    bed.bus.fail_at = {bed.bus.transfers + 3: errno.EREMOTEIO}
    with pytest.raises(ChipNotFound):
        imu.read_fifo()
    assert imu.read_fifo().overrun


def test_resets_are_given_their_time(bed):
    written = []
    write = bed.chip.write

    def watched(data):
        if len(data) > 1:
            written.append((data[0], bed.clock.monotonic()))
        write(data)

    bed.chip.write = watched
    bed.open()
    registers, times = zip(*written, strict=True)
    assert registers[:3] == (0x6B, 0x68, 0x6B)  # reset, signal reset, wake
    assert np.diff(times)[:2] == pytest.approx(0.1)
    assert registers[-1] == 0x23
    assert times[-1] - times[2] >= 0.03


@pytest.mark.parametrize("register", [0x19, 0x1A, 0x1C, 0x23, 0x6A, 0x6B, 0x6C])
def test_check_sees_every_setting_that_matters(bed, register):
    imu = bed.open()
    kept = bed.bus.transfer(0x68, bytes([register]), 1)[0]
    bed.bus.transfer(0x68, bytes([register, kept ^ 0b0101_1001]))
    with pytest.raises(SettingsLost, match=f"register {register:#04x}"):
        imu.check()


def test_the_own_filter_of_newer_ones_is_checked(make_bed):
    bed = make_bed(identity=0x71)
    imu = bed.open()
    bed.bus.transfer(0x68, b"\x1d\x0b")
    with pytest.raises(SettingsLost, match="0x1d"):
        imu.check()


def test_a_chip_that_was_left_running_is_set_up_all_the_same(bed):
    first = bed.open(odr_hz=200.0, full_scale_g=16)
    bed.wait(3.0)
    second = bed.open()
    bed.wait(0.5)
    accel, overrun = second.read_fifo()
    assert first.odr_hz == 200.0
    assert not overrun
    assert len(accel) == 50
    np.testing.assert_allclose(accel[0], [0.3, -0.8, 0.5], atol=1e-4)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"motion": lambda t: np.full((len(t), 3), 0.2)}, "0.35 g of gravity"),
        ({"rate_error": 0.4}, "fills in another way"),
        ({"temperature_c": 80.0}, "temperature"),
    ],
)
@pytest.mark.parametrize("identity", [0x98, 0x75])
def test_a_clone_that_does_not_behave_is_refused(make_bed, identity, fault, words):
    chip = "clone" if identity == 0x75 else "auto"
    with pytest.raises(WrongChip, match=f"fails the test: .*{words}"):
        make_bed(identity=identity, **fault).open(chip=chip)


def test_a_clone_with_another_frame_is_refused(make_bed):
    bed = make_bed(identity=0x98)
    write = bed.chip.write
    # Like an ICM-20602: asking for acceleration brings the temperature along.
    bed.chip.write = lambda data: write(b"\x23\x88" if data == b"\x23\x08" else data)
    with pytest.raises(ChipError):
        bed.open()


def test_the_genuine_ones_are_not_kept_waiting_by_the_test(make_bed):
    for identity in SILICON:
        bed = make_bed(identity=identity)
        before = bed.clock.monotonic()
        bed.open()
        quick = bed.clock.monotonic() - before < 0.35
        assert quick == (identity in (0x68, 0x70, 0x71, 0x73, 0x74))


def test_it_may_be_opened_without_looking_first(bed):
    assert Mpu6050(bed.bus, bed.clock).name == "MPU-6050"
