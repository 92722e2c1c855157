"""ST LIS3DH: an accelerometer whose bursts must be asked for by a bit of the register's address.

Sources: LIS3DH data sheet (registers), AN3308 for the FIFO, the drivers of ST and of the Linux
kernel.  There is no reset: BOOT loads the trimming anew, and all that matters is written.
"""

import numpy as np

from bedside.clock import Clock, pause
from bedside.drivers.fifo import NOTHING, Drain, FifoRead
from bedside.drivers.i2c import I2CBus
from bedside.drivers.registers import Field, Registers

RATE = Field(0x20, 7, 4)
LOW_POWER = Field(0x20, 3, 3)
AXES = Field(0x20, 2, 0)
HIGH_PASS = Field(0x21)  # off: breathing is slow
BLOCK_UPDATE = Field(0x23, 7, 7)  # both bytes of an output are of one sample
FULL_SCALE = Field(0x23, 5, 4)
HIGH_RESOLUTION = Field(0x23, 3, 3)
SELF_TEST = Field(0x23, 2, 1)
BOOT = Field(0x24, 7, 7)  # clears itself
FIFO_ENABLE = Field(0x24, 6, 6)
OUTPUT = 0x28  # x, y, z, little-endian; a burst goes round within them, sample after sample
FIFO_MODE = Field(0x2E, 7, 6)
FIFO_LEVEL = Field(0x2F, 4, 0)
FIFO_FULL = Field(0x2F, 6, 6)

BURST_BIT = 0x80
BYPASS, STREAM = 0, 2
ALL_AXES = 0b111
FIFO_SAMPLES, SAMPLE_BYTES = 32, 6
BURST_BYTES = 48  # as far as a public driver goes in one transfer
RATE_CODE = {50.0: 4, 100.0: 5, 200.0: 6}  # the low-pass is at half of it
FULL_SCALE_CODE = {2: 0, 4: 1, 8: 2, 16: 3}
MG_PER_LSB = {2: 1.0, 4: 2.0, 8: 4.0, 16: 12.0}  # the last one does not go on doubling
SHIFT = 4  # twelve bits, from the left
BOOT_S, START_UP_S = 0.01, 0.1
CHECKED = ((0x20, 5), (0x2E, 1))  # (address, bytes): the bursts that hold what `check` wants


class Lis3dh:
    """A LIS3DH, set up and sampling.

    Parameters
    ----------
    address : 0x18 or 0x19.
    odr_hz : 50, 100 or 200.
    full_scale_g : 2, 4, 8 or 16.

    Raises
    ------
    ChipError : it cannot be set up.
    """

    name = "LIS3DH"

    def __init__(
        self,
        bus: I2CBus,
        clock: Clock,
        *,
        address: int = 0x18,
        odr_hz: float = 100.0,
        full_scale_g: int = 2,
    ) -> None:
        self._clock, self.address, self.odr_hz = clock, address, odr_hz
        self._regs = Registers(bus, address, self.name, burst_bit=BURST_BIT)
        self._drain = Drain(self._regs, OUTPUT, BURST_BYTES)
        self.lsb_per_g = 1000.0 / MG_PER_LSB[full_scale_g]
        self.fifo_s = (FIFO_SAMPLES - 1) / odr_hz
        self._settings = {
            HIGH_PASS: 0,
            BLOCK_UPDATE: 1,
            FULL_SCALE: FULL_SCALE_CODE[full_scale_g],
            HIGH_RESOLUTION: 1,
            SELF_TEST: 0,
            LOW_POWER: 0,
            AXES: ALL_AXES,
            RATE: RATE_CODE[odr_hz],
            FIFO_ENABLE: 1,
            FIFO_MODE: STREAM,
        }
        self._set_up()

    def read_fifo(self) -> FifoRead:
        """Give what came since the last read: a transfer for the count, and one for each eight.

        Raises
        ------
        ChipNotFound : no answer; the samples are still there, and the next read brings them.
        SettingsLost : a brown-out.
        """
        if self._drain.broken:
            return self._start_over()
        began_s = self._clock.monotonic()
        [told] = self._regs.burst(FIFO_LEVEL.address, 1)
        if FIFO_FULL.of(told):  # and nobody can say for how long
            return self._start_over()
        level = FIFO_LEVEL.of(told)
        raw, overran = self._drain.take(level * SAMPLE_BYTES, self.check)
        room_s = (FIFO_SAMPLES - level) / self.odr_hz
        if self._clock.monotonic() - began_s > room_s:  # held up: samples fell out between these
            return self._start_over()
        counts = np.frombuffer(raw, "<i2").reshape(-1, 3) >> SHIFT
        return FifoRead(counts.astype(np.float32) / np.float32(self.lsb_per_g), overran)

    def check(self) -> None:
        """Compare the registers with what was set up: two transfers."""
        self._regs.compare(self._settings, CHECKED)

    def die_temperature_c(self) -> None:
        """None: its thermometer only tells changes, from a zero that nobody knows."""
        return

    def _set_up(self) -> None:
        regs = self._regs
        regs.write(BOOT, 1, sticks=False)
        pause(self._clock, BOOT_S)
        for field, value in self._settings.items():
            regs.write(field, value)
        pause(self._clock, START_UP_S)
        self._restart_fifo()

    def _restart_fifo(self) -> None:
        self._drain.broken = True
        self._regs.write(FIFO_MODE, BYPASS)
        self._regs.write(FIFO_MODE, STREAM)
        self._drain.restart()

    def _start_over(self) -> FifoRead:
        self._restart_fifo()
        return FifoRead(NOTHING, overrun=True)
