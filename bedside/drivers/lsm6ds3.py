"""ST LSM6DS3 and LSM6DS3TR-C: accelerometers whose FIFO is a pattern of bare words.

Sources: both data sheets (registers), AN4650 for the FIFO, the drivers of ST and of the Linux
kernel.  With the gyro off and not stored, the pattern is x, y, z.
"""

from dataclasses import dataclass

import numpy as np

from bedside.clock import Clock, pause
from bedside.drivers.fifo import NOTHING, Drain, FifoRead
from bedside.drivers.i2c import I2CBus
from bedside.drivers.registers import Field, Registers
from bedside.errors import WrongChip

ACCEL_DECIMATION = Field(0x08, 2, 0)
GYRO_DECIMATION = Field(0x08, 5, 3)
FIFO_RATE = Field(0x0A, 6, 3)  # codes as of RATE
FIFO_MODE = Field(0x0A, 2, 0)
WHO_AM_I = Field(0x0F)
RATE = Field(0x10, 7, 4)
FULL_SCALE = Field(0x10, 3, 2)
LOW_PASS = Field(0x10, 1, 0)
GYRO_RATE = Field(0x11, 7, 4)
BLOCK_UPDATE = Field(0x12, 6, 6)  # both bytes of an output are of one sample
COUNT_UP = Field(0x12, 2, 2)
RESET = Field(0x12, 0, 0)  # clears itself
LOW_PASS_BY_HAND = Field(0x13, 7, 7)  # LSM6DS3 only
HIGH_PERFORMANCE_OFF = Field(0x15, 4, 4)
SECOND_LOW_PASS = Field(0x17, 7, 7)
TEMPERATURE = 0x20  # two bytes, little-endian
FIFO_STATUS = 0x3A  # four bytes: words and flags, then the place in the pattern
FIFO_DATA = 0x3E  # two bytes; a burst goes round within them

BYPASS, CONTINUOUS = 0, 6
OVERRUN = 0x60  # full, or about to be
KEEP_ALL, KEEP_NONE = 1, 0
FRAME_BYTES = 6
BURST_BYTES = 30  # five samples; as far as the kernel's driver goes in one transfer
RATE_CODE = {50.0: 3, 100.0: 4, 200.0: 5}
NOMINAL_HZ = {50.0: 52.0, 100.0: 104.0, 200.0: 208.0}
FULL_SCALE_CODE = {2: 0, 4: 2, 8: 3, 16: 1}  # in this odd order
MG_PER_LSB = {2: 0.061, 4: 0.122, 8: 0.244, 16: 0.488}
ANALOG_CODE = {50.0: 3, 100.0: 3, 200.0: 2}  # 50, 50, 100 Hz
HALF_THE_RATE = 0
RESET_S, START_UP_S = 0.05, 0.1
UNSETTLED = 2  # samples after a change of mode
CHECKED = ((0x08, 16),)  # (address, bytes): the burst that holds what `check` wants


@dataclass(frozen=True, slots=True)
class Variant:
    """What tells one from the other.

    chip         its word in the settings
    identity     what WHO_AM_I holds
    fifo_words   of 16 bits
    lsb_per_c    of the thermometer, which gives 0 at 25 C
    analog_pass  the low-pass is an analog one, with codes of its own
    """

    chip: str
    name: str
    identity: int
    fifo_words: int
    lsb_per_c: float
    analog_pass: bool


VARIANTS = (
    Variant("lsm6ds3", "LSM6DS3", 0x69, 4096, lsb_per_c=16.0, analog_pass=True),
    Variant("lsm6ds3trc", "LSM6DS3TR-C", 0x6A, 2048, lsb_per_c=256.0, analog_pass=False),
)


class Lsm6ds3:
    """One of the two, set up and sampling.

    Parameters
    ----------
    address : 0x6A or 0x6B.
    odr_hz : 50, 100 or 200; the chip's own are 52, 104 and 208.
    full_scale_g : 2, 4, 8 or 16.

    Raises
    ------
    WrongChip : it is neither.
    ChipError : it cannot be set up.
    """

    def __init__(
        self,
        bus: I2CBus,
        clock: Clock,
        *,
        address: int = 0x6A,
        odr_hz: float = 100.0,
        full_scale_g: int = 2,
    ) -> None:
        self._clock, self.address, self.odr_hz = clock, address, NOMINAL_HZ[odr_hz]
        self._regs = Registers(bus, address, "the motion sensor")
        self._variant = self._who()
        self._regs.chip = self.name = self._variant.name
        self._drain = Drain(self._regs, FIFO_DATA, BURST_BYTES)
        self.lsb_per_g = 1000.0 / MG_PER_LSB[full_scale_g]
        self.fifo_s = 2 * self._variant.fifo_words // FRAME_BYTES / self.odr_hz
        self._settings = self._plan(odr_hz, full_scale_g)
        self._set_up()

    def read_fifo(self) -> FifoRead:
        """Give what came since the last read: a transfer for the count, and one for each five.

        Raises
        ------
        ChipNotFound : no answer; the samples are still there, and the next read brings them.
        SettingsLost : a brown-out.
        """
        if self._drain.broken:
            return self._start_over()
        low, high, place, more_place = self._regs.burst(FIFO_STATUS, 4)
        if high & OVERRUN or place or more_place & 3:  # the next word is not an x
            return self._start_over()
        words = (high << 8 | low) & (self._variant.fifo_words - 1)
        raw, overran = self._drain.take(2 * words // FRAME_BYTES * FRAME_BYTES, self.check)
        counts = np.frombuffer(raw, "<i2").reshape(-1, 3)
        return FifoRead(counts.astype(np.float32) / np.float32(self.lsb_per_g), overran)

    def check(self) -> None:
        """Compare the registers with what was set up: one transfer."""
        self._regs.compare(self._settings, CHECKED)

    def die_temperature_c(self) -> float:
        """Temperature of the chip, degrees Celsius."""
        raw = int.from_bytes(self._regs.burst(TEMPERATURE, 2), "little", signed=True)
        return raw / self._variant.lsb_per_c + 25.0

    def _who(self) -> Variant:
        identity = self._regs.read(WHO_AM_I)
        for variant in VARIANTS:
            if variant.identity == identity:
                return variant
        raise WrongChip(
            f"{self._regs} is no LSM6DS3 (register {WHO_AM_I.address:#04x} holds {identity:#04x}):"
            ' set [sensor] chip to "auto"'
        )

    def _plan(self, odr_hz: float, full_scale_g: int) -> dict[Field, int]:
        """Give what every setting shall hold while sampling, in the order of writing."""
        analog = {LOW_PASS_BY_HAND: 1, LOW_PASS: ANALOG_CODE[odr_hz]}
        return {
            BLOCK_UPDATE: 1,
            COUNT_UP: 1,
            GYRO_RATE: 0,
            HIGH_PERFORMANCE_OFF: 0,
            FULL_SCALE: FULL_SCALE_CODE[full_scale_g],
            **(analog if self._variant.analog_pass else {LOW_PASS: HALF_THE_RATE}),
            SECOND_LOW_PASS: 0,
            RATE: RATE_CODE[odr_hz],
            GYRO_DECIMATION: KEEP_NONE,
            ACCEL_DECIMATION: KEEP_ALL,
            FIFO_RATE: RATE_CODE[odr_hz],
            FIFO_MODE: CONTINUOUS,
        }

    def _set_up(self) -> None:
        regs = self._regs
        regs.write(RESET, 1, sticks=False)
        pause(self._clock, RESET_S)
        for field, value in self._settings.items():
            regs.write(field, value)
        pause(self._clock, START_UP_S)
        self._restart_fifo()

    def _restart_fifo(self) -> None:
        self._drain.broken = True
        self._regs.write(FIFO_MODE, BYPASS)
        self._regs.write(FIFO_MODE, CONTINUOUS)
        self._drain.restart(skip=UNSETTLED * FRAME_BYTES)

    def _start_over(self) -> FifoRead:
        self._restart_fifo()
        return FifoRead(NOTHING, overrun=True)
