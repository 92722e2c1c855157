"""What every accelerometer driver does, which ones there are, and how the right one is found."""

from typing import Protocol

import attrs

from bedside.clock import Clock
from bedside.drivers import lsm6ds3, mpu_family
from bedside.drivers.adxl345 import Adxl345
from bedside.drivers.adxl355 import Adxl355
from bedside.drivers.fifo import FifoRead
from bedside.drivers.i2c import I2CBus
from bedside.drivers.icm42688p import Icm42688p
from bedside.drivers.identity import ADDRESSES, Identity, identify
from bedside.drivers.lis2dw12 import Lis2dw12
from bedside.drivers.lis3dh import Lis3dh
from bedside.drivers.lsm6ds3 import Lsm6ds3
from bedside.drivers.lsm6dso import Lsm6dso
from bedside.drivers.mpu6050 import Mpu6050
from bedside.errors import ChipNotFound, WrongChip
from bedside.settings import setting

__all__ = ["ADDRESSES", "CHIPS", "FifoRead", "Imu", "ImuSettings", "open_imu"]


class Imu(Protocol):
    """An accelerometer that is set up and fills its FIFO.

    name       as printed on the part
    odr_hz     rate as far as the chip knows it; the true one is tracked, see Timebase
    fifo_s     what the FIFO holds at that rate
    lsb_per_g  counts for one g: `accel * lsb_per_g` is whole
    """

    name: str
    address: int
    odr_hz: float
    fifo_s: float
    lsb_per_g: float

    def read_fifo(self) -> FifoRead:
        """Whole samples since the last read; raises ChipError."""

    def check(self) -> None:
        """Raise SettingsLost when the chip is no longer as it was set up (a brown-out)."""

    def die_temperature_c(self) -> float | None:
        """Temperature of the chip itself, degrees Celsius; None where it cannot tell."""


class ImuDriver(Protocol):
    """A class of CHIPS: resets the chip at `address` and sets it up; raises ChipError."""

    def __call__(
        self, bus: I2CBus, clock: Clock, *, address: int, odr_hz: float, full_scale_g: int
    ) -> Imu:
        """Set the chip up."""


CHIPS: dict[str, ImuDriver] = {
    **dict.fromkeys((variant.chip for variant in mpu_family.VARIANTS), Mpu6050),
    "icm42688p": Icm42688p,
    "lsm6dso": Lsm6dso,
    **dict.fromkeys((variant.chip for variant in lsm6ds3.VARIANTS), Lsm6ds3),
    "adxl345": Adxl345,
    "adxl355": Adxl355,
    "lis3dh": Lis3dh,
    "lis2dw12": Lis2dw12,
    mpu_family.CLONE.chip: Mpu6050,
}


@attrs.frozen
class ImuSettings:
    """The motion sensor under the mattress."""

    bus: int = setting(1, "Number of the I2C bus: 1 is /dev/i2c-1.", low=0, high=99)
    chip: str = setting(
        "auto",
        "Which chip it is; `auto` finds out by reading. `clone` takes an MPU-like chip that is"
        " in no table, after a test.",
        choices=("auto", *CHIPS),
    )
    address: int = setting(
        0, "I2C address; 0 looks wherever such a chip may sit.", low=0, high=0x77
    )
    odr_hz: float = setting(
        100.0,
        "Samples a second; a chip that has other rates takes the next one up.",
        unit="Hz",
        choices=(50.0, 100.0, 200.0),
    )
    full_scale_g: int = setting(
        2,
        "Largest acceleration, plus or minus; 2 resolves best. An ADXL355 ends at 8.",
        unit="g",
        choices=(2, 4, 8, 16),
    )


def open_imu(bus: I2CBus, clock: Clock, settings: ImuSettings) -> Imu:
    """Find the chip by reading alone, then set it up.

    Raises
    ------
    ChipNotFound : nobody answers where a chip may be.
    WrongChip : somebody else answers; the sentence says who.
    """
    looked_at = (settings.address,) if settings.address else ADDRESSES
    strangers: list[tuple[int, Identity]] = []
    for address in looked_at:
        found = identify(bus, address)
        if found is None:
            continue
        if _wanted(found, settings.chip):
            return CHIPS[found.chip](
                bus,
                clock,
                address=address,
                odr_hz=settings.odr_hz,
                full_scale_g=settings.full_scale_g,
            )
        strangers.append((address, found))
    if strangers:
        raise WrongChip(_mistaken(strangers, settings))
    where = f"at {settings.address:#04x} " if settings.address else ""
    raise ChipNotFound(
        f"no motion sensor answers {where}on I2C bus {settings.bus}: check its four wires"
        " (3.3 V, GND, SDA, SCL), and that its CS pin, if it has one, is tied to 3.3 V;"
        " `bedside doctor` shows what is there"
    )


def _wanted(found: Identity, chip: str) -> bool:
    if chip == "auto":
        return found.chip not in ("", mpu_family.CLONE.chip)
    return found.chip == chip


def _mistaken(strangers: list[tuple[int, Identity]], settings: ImuSettings) -> str:
    """Say who answered instead, and what to set or to rewire."""
    who = " and ".join(f"{found.name} at {address:#04x}" for address, found in strangers)
    sentence = f"found {who} on I2C bus {settings.bus}, "
    known = [found.chip for _, found in strangers if _wanted(found, "auto")]
    if known:
        return (
            sentence + f"not the {settings.chip} that [sensor] chip asks for:"
            f' set it to "{known[0]}" or to "auto"'
        )
    if all(found.silent for _, found in strangers):
        return sentence + "which looks like a bus line that is stuck: check SDA, SCL and the power"
    return (
        sentence + "which bedside does not know how to use. If it is a clock (DS3231), strap the"
        ' sensor\'s AD0 high for 0x69; if it is an MPU copy, [sensor] chip = "clone" tries it'
    )
