"""ST LSM6DSO and LSM6DSOX: accelerometers whose FIFO says of each word what it is.

Sources: LSM6DSO data sheet (registers), AN5192 for the FIFO, the Linux kernel's driver for
the reach of INTERNAL_FREQ_FINE.  The gyro stays off.
"""

import numpy as np

from bedside.clock import Clock, pause
from bedside.drivers.fifo import NOTHING, Drain, FifoRead
from bedside.drivers.i2c import I2CBus
from bedside.drivers.registers import Field, Registers

FIFO_RATE = Field(0x09, 3, 0)  # codes as of RATE
FIFO_MODE = Field(0x0A, 2, 0)
RATE = Field(0x10, 7, 4)
FULL_SCALE = Field(0x10, 3, 2)
SECOND_LOW_PASS = Field(0x10, 1, 1)  # off, the first one cuts at half the rate
GYRO_RATE = Field(0x11, 7, 4)
BLOCK_UPDATE = Field(0x12, 6, 6)  # both bytes of an output are of one sample
COUNT_UP = Field(0x12, 2, 2)
RESET = Field(0x12, 0, 0)  # clears itself
I3C_OFF = Field(0x18, 1, 1)
TEMPERATURE = 0x20  # two bytes, little-endian
FIFO_STATUS = 0x3A  # two bytes: words, little-endian, below the flags
FINE_RATE = 0x63  # signed: how far the factory found the clock off
FIFO_DATA = 0x78  # tag and six bytes; a burst goes round within them

BYPASS, CONTINUOUS = 0, 6
OVERRUN = 0x48  # full now, or words were lost since the last look
ACCEL_TAG = 2
FIFO_WORDS, WORD_BYTES = 512, 7
# No public driver reads more in one transfer than an SMBus block holds, so how far the burst
# goes round is known for these four words only; the tags would show it if it did not.
BURST_WORDS = 4
RATE_CODE = {50.0: 3, 100.0: 4, 200.0: 5}
NOMINAL_HZ = {50.0: 52.0, 100.0: 104.0, 200.0: 208.0}
FINE_STEP = 0.0015
FULL_SCALE_CODE = {2: 0, 4: 2, 8: 3, 16: 1}  # in this odd order
MG_PER_LSB = {2: 0.061, 4: 0.122, 8: 0.244, 16: 0.488}
RESET_S, START_UP_S = 0.05, 0.1
UNSETTLED = 2  # samples after a change of mode
CHECKED = ((0x09, 16),)  # (address, bytes): the burst that holds what `check` wants


class Lsm6dso:
    """An LSM6DSO or LSM6DSOX, set up and sampling.

    Parameters
    ----------
    address : 0x6A or 0x6B.
    odr_hz : 50, 100 or 200; the chip's own are 52, 104 and 208, as far as its clock is right.
    full_scale_g : 2, 4, 8 or 16.

    Raises
    ------
    ChipError : it cannot be set up.
    """

    name = "LSM6DSO"  # the LSM6DSOX gives the same identity

    def __init__(
        self,
        bus: I2CBus,
        clock: Clock,
        *,
        address: int = 0x6A,
        odr_hz: float = 100.0,
        full_scale_g: int = 2,
    ) -> None:
        self._clock, self.address = clock, address
        self._regs = Registers(bus, address, self.name)
        self._drain = Drain(self._regs, FIFO_DATA, BURST_WORDS * WORD_BYTES)
        self.lsb_per_g = 1000.0 / MG_PER_LSB[full_scale_g]
        self._settings = {
            I3C_OFF: 1,
            BLOCK_UPDATE: 1,
            COUNT_UP: 1,
            GYRO_RATE: 0,
            FULL_SCALE: FULL_SCALE_CODE[full_scale_g],
            SECOND_LOW_PASS: 0,
            RATE: RATE_CODE[odr_hz],
            FIFO_RATE: RATE_CODE[odr_hz],
            FIFO_MODE: CONTINUOUS,
        }
        self._set_up()
        self.odr_hz = NOMINAL_HZ[odr_hz] * (1.0 + FINE_STEP * self._signed(FINE_RATE, 1))
        self.fifo_s = (FIFO_WORDS - 1) / self.odr_hz

    def read_fifo(self) -> FifoRead:
        """Give what came since the last read: a transfer for the count, and one for each four.

        Raises
        ------
        ChipNotFound : no answer; the samples are still there, and the next read brings them.
        SettingsLost : a brown-out.
        """
        if self._drain.broken:
            return self._start_over()
        low, high = self._regs.burst(FIFO_STATUS, 2)
        if high & OVERRUN:
            self._drain.overran()
        raw, overran = self._drain.take(((high & 3) << 8 | low) * WORD_BYTES, self.check)
        words = np.frombuffer(raw, np.uint8).reshape(-1, WORD_BYTES)
        if (words[:, 0] >> 3 != ACCEL_TAG).any():
            self.check()
            return self._start_over()
        counts = np.ascontiguousarray(words[:, 1:]).view("<i2")
        return FifoRead(counts.astype(np.float32) / np.float32(self.lsb_per_g), overran)

    def check(self) -> None:
        """Compare the registers with what was set up: one transfer."""
        self._regs.compare(self._settings, CHECKED)

    def die_temperature_c(self) -> float:
        """Temperature of the chip, degrees Celsius."""
        return self._signed(TEMPERATURE, 2) / 256.0 + 25.0

    def _signed(self, address: int, length: int) -> int:
        return int.from_bytes(self._regs.burst(address, length), "little", signed=True)

    def _set_up(self) -> None:
        regs = self._regs
        # A reset while INT1 is high, as a FIFO with data may hold it, can leave the chip in I3C.
        regs.write(FIFO_MODE, BYPASS)
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
        self._regs.burst(FIFO_STATUS, 2)  # reading puts the latched flag out
        self._drain.restart(skip=UNSETTLED * WORD_BYTES)

    def _start_over(self) -> FifoRead:
        self._restart_fifo()
        return FifoRead(NOTHING, overrun=True)
