"""The contract on a real chip: `pytest -m hardware` on a Raspberry Pi that lies still."""

from pathlib import Path
from threading import Event

import numpy as np
import pytest

from bedside.clock import SystemClock
from bedside.drivers.i2c import LinuxI2C
from bedside.drivers.imu import ImuSettings, open_imu
from bedside.errors import BusError


@pytest.mark.hardware
@pytest.mark.skipif(not Path("/dev/i2c-1").exists(), reason="there is no /dev/i2c-1")
def test_a_real_chip_feels_one_g_at_its_rate_and_says_when_it_overruns():
    clock = SystemClock()
    try:
        imu = open_imu(LinuxI2C(1), clock, ImuSettings())
    except BusError as error:
        pytest.skip(str(error))

    def wait(seconds: float) -> None:
        clock.wait(clock.monotonic() + seconds, Event())

    imu.read_fifo()
    wait(0.5)
    accel, overrun = imu.read_fifo()
    assert not overrun
    assert len(accel) == pytest.approx(0.5 * imu.odr_hz, rel=0.15)
    assert 0.8 < np.linalg.norm(accel.mean(axis=0)) < 1.2
    wait(1.5 * imu.fifo_s)
    assert imu.read_fifo().overrun
    imu.check()
