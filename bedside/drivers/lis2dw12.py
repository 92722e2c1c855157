"""ST LIS2DW12: an accelerometer of 14 bits when it runs at its best.

Sources: LIS2DW12 data sheet (registers), AN5038 for the FIFO, the drivers of ST and of Klipper.
"""

import numpy as np

from bedside.clock import Clock, pause
from bedside.drivers.fifo import NOTHING, Drain, FifoRead
from bedside.drivers.i2c import I2CBus
from bedside.drivers.registers import Field, Registers

TEMPERATURE = 0x0D  # two bytes, little-endian
RATE = Field(0x20, 7, 4)
MODE = Field(0x20, 3, 0)
RESET = Field(0x21, 6, 6)  # clears itself
BLOCK_UPDATE = Field(0x21, 3, 3)  # both bytes of an output are of one sample
COUNT_UP = Field(0x21, 2, 2)
LOW_PASS = Field(0x25, 7, 6)
FULL_SCALE = Field(0x25, 5, 4)
HIGH_PASS = Field(0x25, 3, 3)  # off: breathing is slow
LOW_NOISE = Field(0x25, 2, 2)
OUTPUT = 0x28  # x, y, z, little-endian; a burst goes round within them, sample after sample
FIFO_MODE = Field(0x2E, 7, 5)
FIFO_LEVEL = Field(0x2F, 5, 0)
OVERRUN = Field(0x2F, 6, 6)

BYPASS, CONTINUOUS = 0, 6
HIGH_PERFORMANCE = 0b0100
HALF_THE_RATE = 0
FIFO_SAMPLES, SAMPLE_BYTES = 32, 6
BURST_BYTES = 48  # as far as a public driver goes in one transfer
RATE_CODE = {50.0: 4, 100.0: 5, 200.0: 6}
FULL_SCALE_CODE = {2: 0, 4: 1, 8: 2, 16: 3}
MG_PER_LSB = {2: 0.244, 4: 0.488, 8: 0.976, 16: 1.952}
SHIFT = 2  # fourteen bits, from the left
RESET_S, START_UP_S = 0.01, 0.1
CHECKED = ((0x20, 6), (0x2E, 1))  # (address, bytes): the bursts that hold what `check` wants


class Lis2dw12:
    """A LIS2DW12, set up and sampling.

    Parameters
    ----------
    address : 0x18 or 0x19.
    odr_hz : 50, 100 or 200.
    full_scale_g : 2, 4, 8 or 16.

    Raises
    ------
    ChipError : it cannot be set up.
    """

    name = "LIS2DW12"

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
        self._regs = Registers(bus, address, self.name)
        self._drain = Drain(self._regs, OUTPUT, BURST_BYTES)
        self.lsb_per_g = 1000.0 / MG_PER_LSB[full_scale_g]
        self.fifo_s = FIFO_SAMPLES / odr_hz
        self._settings = {
            BLOCK_UPDATE: 1,
            COUNT_UP: 1,
            LOW_PASS: HALF_THE_RATE,
            FULL_SCALE: FULL_SCALE_CODE[full_scale_g],
            HIGH_PASS: 0,
            LOW_NOISE: 1,
            MODE: HIGH_PERFORMANCE,
            RATE: RATE_CODE[odr_hz],
            FIFO_MODE: CONTINUOUS,
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
        if OVERRUN.of(told):
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

    def die_temperature_c(self) -> float:
        """Temperature of the chip, degrees Celsius."""
        raw = int.from_bytes(self._regs.burst(TEMPERATURE, 2), "little", signed=True)
        return raw / 256.0 + 25.0

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
        self._drain.restart()

    def _start_over(self) -> FifoRead:
        self._restart_fifo()
        return FifoRead(NOTHING, overrun=True)
