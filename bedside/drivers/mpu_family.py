"""The MPU family: one register map, many identities.

Names are not to be trusted: an MPU-6500 is often sold as an MPU-9250, and what carries
identity 0x98 may be an ICM-20689 or a copy sold as an MPU-6050. So tables go by the identity
that the chip itself gives.  Sources: RM-MPU-6000A, RM-MPU-6500A, RM-MPU-9250A, and for the
rest the drivers of the Linux kernel, Klipper and ESPHome where at least one accepts them.
"""

from dataclasses import dataclass

ADDRESSES = (0x68, 0x69)  # AD0 low, high
IDENTITY_REGISTER = 0x75


@dataclass(frozen=True, slots=True)
class Variant:
    """What tells one member of the family from the next.

    chip         its word in the settings
    identity     what WHO_AM_I holds; None for a chip that is in no table
    fifo_bytes   size after reset; the smallest where nobody knows
    own_filter   the accelerometer has its own low-pass register, 0x1D
    lsb_per_c, zero_c   die temperature: raw / lsb_per_c + zero_c
    proven       known well enough to be used without a test first
    """

    chip: str
    name: str
    identity: int | None
    fifo_bytes: int = 512
    own_filter: bool = True
    lsb_per_c: float = 333.87
    zero_c: float = 21.0
    proven: bool = True


VARIANTS = (
    Variant("mpu6050", "MPU-6050", 0x68, 1024, own_filter=False, lsb_per_c=340.0, zero_c=36.53),
    Variant("mpu6500", "MPU-6500", 0x70),
    Variant("mpu9250", "MPU-9250", 0x71),
    Variant("mpu9255", "MPU-9255", 0x73),
    Variant("mpu6515", "MPU-6515", 0x74),
    Variant("mpu6880", "MPU-6880", 0x78, proven=False),
    Variant("icm20689", "ICM-20689", 0x98, lsb_per_c=326.8, zero_c=25.0, proven=False),
    Variant("icm20608", "ICM-20608", 0xAF, lsb_per_c=326.8, zero_c=25.0, proven=False),
    Variant("icm20602", "ICM-20602", 0x12, lsb_per_c=326.8, zero_c=25.0, proven=False),
    Variant("icm20600", "ICM-20600", 0x11, lsb_per_c=326.8, zero_c=25.0, proven=False),
    Variant("mpu6886", "MPU-6886", 0x19, lsb_per_c=326.8, zero_c=25.0, proven=False),
)
# Of the two temperature formulas the 6050's errs to the warm side, so the test may pass.
CLONE = Variant("clone", "MPU clone", None, lsb_per_c=340.0, zero_c=36.53, proven=False)


def variant_of(identity: int) -> Variant:
    """Return the member that carries `identity`; CLONE for one that is in no table."""
    return next((variant for variant in VARIANTS if variant.identity == identity), CLONE)
