from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from bedside import hardware
from bedside.drivers.imu import ImuSettings, open_imu
from bedside.errors import BusError

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-22 12:00", "2026-11-22 07:00"),
        ("2026-11-22 07:00", "2026-11-22 07:00"),
        ("2026-11-22 06:59", "2026-11-21 07:00"),
        ("2026-10-25 09:00", "2026-10-25 07:00"),  # the clocks went back that night
        ("2026-10-26 02:00", "2026-10-25 07:00"),
        ("2026-03-29 06:00", "2026-03-28 07:00"),  # they went forward that night
    ],
)
def test_the_simulated_night_ended_on_the_last_morning(now, morning):
    now_s, morning_s = (
        datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp() for text in (now, morning)
    )

    assert hardware.last_morning(now_s, BERLIN) == morning_s


def test_a_simulated_bed_has_a_chip_that_feels_gravity():
    bed = hardware.simulated("quiet", 7, UTC)

    imu = open_imu(bed.open_bus(), bed.clock, ImuSettings())
    bed.clock.advance(0.5)

    felt_g = np.linalg.norm(imu.read_fifo().accel.mean(axis=0))
    assert 0.9 < felt_g < 1.1


def test_a_simulated_bed_starts_eight_hours_before_the_morning():
    bed = hardware.simulated("quiet", 7, BERLIN)

    asleep_until = datetime.fromtimestamp(bed.clock.wall() + hardware.NIGHT_S, BERLIN)

    assert (asleep_until.hour, asleep_until.minute) == (7, 0)


def test_real_hardware_without_a_bus_says_so():
    bed = hardware.real(98)

    with pytest.raises(BusError, match="/dev/i2c-98"):
        bed.open_bus()
