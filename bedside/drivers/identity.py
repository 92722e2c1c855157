"""Names a chip by reading alone, so that a stranger on the bus comes to no harm.

Sources: the identity registers in each chip's data sheet.
"""

from typing import NamedTuple

from bedside.drivers import lsm6ds3, mpu_family
from bedside.drivers.i2c import I2CBus
from bedside.drivers.registers import Registers, unheard
from bedside.errors import ChipNotFound


class Identity(NamedTuple):
    """Who answers at an address.

    chip     its word in the settings; `clone` for a stranger where an MPU may be;
             empty when there is no driver for it
    name     as printed on the part, or what little is known
    silent   it gave only 0x00 or only 0xFF, as a bus line does that is stuck
    """

    chip: str
    name: str
    silent: bool = False


class _Sign(NamedTuple):
    addresses: tuple[int, ...]
    register: int
    value: int
    name: str
    chip: str = ""


_MPU, _LSM, _LIS = mpu_family.ADDRESSES, (0x6A, 0x6B), (0x18, 0x19)  # AD0 or SA0 low, high
_ADXL, _MMA = (0x53, 0x1D), (0x1C, 0x1D)
_SIGNS = (
    *(
        _Sign(_MPU, mpu_family.IDENTITY_REGISTER, variant.identity, variant.name, variant.chip)
        for variant in mpu_family.VARIANTS
        if variant.identity is not None
    ),
    _Sign(_MPU, 0x75, 0x47, "ICM-42688-P", "icm42688p"),
    _Sign(_MPU, 0x75, 0x42, "ICM-42605"),
    _Sign(_MPU, 0x75, 0x44, "ICM-42686"),
    _Sign(_MPU, 0x00, 0xEA, "ICM-20948"),
    _Sign(_MPU, 0x00, 0xE1, "ICM-20649"),
    _Sign(_MPU, 0x00, 0xD1, "BMI160"),
    _Sign(_MPU, 0x00, 0xD3, "BMI120"),
    _Sign(_MPU, 0x00, 0x24, "BMI270 or a DS3231 clock"),  # a clock's seconds pass 24 too
    *(
        _Sign(_LSM, lsm6ds3.WHO_AM_I.address, variant.identity, variant.name, variant.chip)
        for variant in lsm6ds3.VARIANTS
    ),
    _Sign(_LSM, 0x0F, 0x6C, "LSM6DSO", "lsm6dso"),  # and the LSM6DSOX
    _Sign(_LSM, 0x0F, 0x6B, "ISM330DHCX"),
    _Sign(_LSM, 0x0F, 0x70, "LSM6DSV16X"),
    _Sign(_LIS, 0x0F, 0x33, "LIS3DH", "lis3dh"),
    _Sign(_LIS, 0x0F, 0x44, "LIS2DW12", "lis2dw12"),
    _Sign(_ADXL, 0x00, 0xE5, "ADXL345", "adxl345"),
    _Sign(_ADXL, 0x02, 0xED, "ADXL355", "adxl355"),  # 0x00 is the same in many of its maker's
    _Sign(_MMA, 0x0D, 0x1A, "MMA8451"),
    _Sign(_MMA, 0x0D, 0x2A, "MMA8452"),
    _Sign(_MMA, 0x0D, 0x3A, "MMA8453"),
)
ADDRESSES = tuple(dict.fromkeys(at for sign in _SIGNS if sign.chip for at in sign.addresses))
"""Where a chip may sit that has a driver."""


def identify(bus: I2CBus, address: int) -> Identity | None:
    """Name the chip at `address`; None when nobody acknowledges.

    Raises
    ------
    ChipNotFound : the bus itself is at fault, or the answer broke off.
    """
    registers = Registers(bus, address, "the chip")
    seen: dict[int, int] = {}
    try:
        for sign in _SIGNS:
            if address not in sign.addresses:
                continue
            if sign.register not in seen:
                seen[sign.register] = registers.burst(sign.register, 1)[0]
            if seen[sign.register] == sign.value:
                return Identity(sign.chip, sign.name)
        if not seen:
            registers.burst(0x00, 1)
    except ChipNotFound as error:
        if unheard(error):
            return None
        raise
    told = ", ".join(f"register {register:#04x} holds {seen[register]:#04x}" for register in seen)
    return Identity(
        chip=mpu_family.CLONE.chip if address in _MPU else "",
        name=f"an unknown chip ({told})" if told else "an unknown chip",
        silent=set(seen.values()) in ({0x00}, {0xFF}),
    )
