"""Let the n-th transfer fail, for every n: a driver raises, and never makes a number up."""

import errno

import numpy as np
import pytest

from bedside.errors import BusError, ChipError, ChipNotFound

ERRORS = [errno.EREMOTEIO, errno.EIO, errno.ETIMEDOUT]
CHIPS = [
    "mpu6050",
    "mpu6500",
    "icm20689",
    "icm42688p",
    "lsm6dso",
    "lsm6ds3",
    "lsm6ds3trc",
    "adxl345",
    "adxl355",
    "lis3dh",
    "lis2dw12",
]
TURN = 180  # steps
RAMP_G = 0.01

pytestmark = pytest.mark.parametrize("chip", CHIPS)


def ramp(t):
    """Acceleration that tells its time: a step of x each hundredth of a second."""
    x = (t * 100.0 % TURN - TURN / 2) * RAMP_G
    return np.column_stack([x, np.zeros(len(t)), np.full(len(t), 0.9)])


@pytest.mark.parametrize("error", ERRORS)
def test_any_transfer_may_fail_in_set_up(make_bed, chip, error):
    bed = make_bed(chip=chip)
    bed.open(address=bed.address)
    total = bed.bus.transfers
    assert total > 15
    for n in range(1, total + 1):
        bed = make_bed(chip=chip)
        bed.bus.fail_at = {n: error}
        with pytest.raises(ChipError, match=f"{bed.address:#04x}"):
            bed.open(address=bed.address)
        bed.bus.fail_at.clear()
        bed.open().check()  # and the next attempt succeeds


def test_any_answer_may_break_off_in_set_up(make_bed, chip):
    bed = make_bed(chip=chip)
    bed.open(address=bed.address)
    for n in range(1, bed.bus.transfers + 1):
        bed = make_bed(chip=chip)
        bed.bus.short_at = {n}
        try:
            bed.open(address=bed.address).check()  # a write has no answer that could break off
        except ChipError as fault:
            assert "broke off" in str(fault)  # noqa: PT017


def sampled(bed, imu, *, reads=7):
    """x of all samples, in steps, asking again after each fault as the sampler does."""
    steps, gaps = [], 0
    for _ in range(reads):
        bed.wait(min(0.25, imu.fifo_s / 3))
        for _ in range(4):
            try:
                read = imu.read_fifo()
                break
            except ChipNotFound:
                bed.wait(0.005)
        gaps += read.overrun
        steps.append(read.accel[:, 0] / RAMP_G)
        assert np.allclose(read.accel[:, 1:], [0.0, 0.9], atol=3e-3)
    return np.concatenate(steps), gaps


@pytest.mark.parametrize("error", [*ERRORS, "short"])
def test_any_transfer_may_fail_in_sampling(make_bed, chip, error):
    bed = make_bed(chip=chip, motion=ramp)
    imu = bed.open(address=bed.address)
    start = bed.bus.transfers
    expected, gaps = sampled(bed, imu)
    assert gaps == 0
    assert len(expected) > 40
    for n in range(start + 1, bed.bus.transfers + 1):
        bed = make_bed(chip=chip, motion=ramp)
        imu = bed.open(address=bed.address)
        if error == "short":
            bed.bus.short_at = {n}
        else:
            bed.bus.fail_at = {n: error}
        found, gaps = sampled(bed, imu)
        smooth = np.isclose(np.diff(found) % TURN, 100.0 / imu.odr_hz, atol=0.6)
        if error == errno.EREMOTEIO:  # nothing happened in the chip: nothing is lost
            assert gaps == 0
            assert smooth.all()
        assert np.count_nonzero(~smooth) <= gaps <= 1
        assert np.abs(found).max() <= TURN / 2 + 1
        assert len(found) >= len(expected) - 35


@pytest.mark.parametrize("error", ERRORS)
def test_what_follows_an_overrun_may_fail_anywhere(make_bed, chip, error):
    for n in range(1, 25):
        bed = make_bed(chip=chip, motion=ramp)
        imu = bed.open(chip=chip)
        bed.wait(2.0 * imu.fifo_s)
        bed.bus.fail_at = {bed.bus.transfers + n: error}
        overruns = 0
        for _ in range(3):
            try:
                overruns += imu.read_fifo().overrun
            except ChipNotFound:
                continue
        bed.bus.fail_at.clear()
        assert overruns >= 1
        imu.check()
        bed.wait(0.2)
        read = imu.read_fifo()
        assert not read.overrun
        assert len(read.accel) == pytest.approx(0.2 * imu.odr_hz, abs=3)


@pytest.mark.parametrize("error", ERRORS)
def test_a_restart_may_fail_anywhere(make_bed, chip, error):
    """After a transfer that broke off, the FIFO is started anew, however often that fails."""
    for n in range(1, 8):
        bed = make_bed(chip=chip, motion=ramp)
        imu = bed.open(chip=chip)
        bed.wait(0.1)
        bed.bus.fail_at = {bed.bus.transfers + 2: errno.EIO, bed.bus.transfers + 2 + n: error}
        reads = []
        for _ in range(4):
            try:
                reads.append(imu.read_fifo())
            except BusError:
                continue
        assert reads[0].overrun
        assert len(reads[0].accel) == 0
        bed.bus.fail_at.clear()
        bed.wait(0.1)
        read = imu.read_fifo()
        assert not read.overrun
        assert len(read.accel) == pytest.approx(0.1 * imu.odr_hz, abs=3)
