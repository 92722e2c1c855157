"""Analog Devices ADXL345: an accelerometer that gives up its FIFO one sample at a time.

Sources: ADXL345 data sheet (registers, FIFO); Klipper's driver for the bits that must agree.
There is no reset: all that matters is written.
"""

import numpy as np

from bedside.clock import Clock, pause
from bedside.drivers.fifo import NOTHING, Drain, FifoRead
from bedside.drivers.i2c import I2CBus
from bedside.drivers.registers import Field, Registers

OFFSETS = (Field(0x1E), Field(0x1F), Field(0x20))
RATE = Field(0x2C, 4, 0)  # with the bit that saves power
POWER = Field(0x2D, 5, 0)  # link, auto-sleep, measure, sleep, wake-up
DATA_FORMAT = Field(0x31)  # self-test, wires, resolution, justification, range
DATA = 0x32  # six bytes, little-endian; any read of them takes one sample off the FIFO
FIFO_CONTROL = Field(0x38)  # mode, trigger, watermark
FIFO_LEVEL = Field(0x39, 5, 0)

STANDBY, MEASURE = 0x00, 0x08
BYPASS, STREAM = 0x00, 0x80
FULL_RESOLUTION = 0x08
FIFO_SAMPLES, SAMPLE_BYTES = 32, 6
NEARLY_FULL = 31  # from here on nobody can say whether the oldest has been pushed out
RATE_CODE = {50.0: 9, 100.0: 10, 200.0: 11}  # the low-pass is at half of it
RANGE_CODE = {2: 0, 4: 1, 8: 2, 16: 3}
LSB_PER_G = 256.0  # 3.9 mg in every range
COUNTS = {2: 512, 4: 1024, 8: 2048, 16: 4096}  # on each side of zero
START_UP_S = 0.05
CHECKED = ((0x1E, 3), (0x2C, 2), (0x31, 1), (0x38, 1))  # what `check` reads, never the samples


class Adxl345:
    """An ADXL345, set up and sampling.

    Parameters
    ----------
    address : 0x53 or 0x1D.
    odr_hz : 50, 100 or 200.
    full_scale_g : 2, 4, 8 or 16; the counts are equally fine in all.

    Raises
    ------
    ChipError : it cannot be set up.
    """

    name = "ADXL345"
    lsb_per_g = LSB_PER_G

    def __init__(
        self,
        bus: I2CBus,
        clock: Clock,
        *,
        address: int = 0x53,
        odr_hz: float = 100.0,
        full_scale_g: int = 2,
    ) -> None:
        self._clock, self.address, self.odr_hz = clock, address, odr_hz
        self._regs = Registers(bus, address, self.name)
        self._drain = Drain(self._regs, DATA, SAMPLE_BYTES)
        self._widest = COUNTS[full_scale_g]
        self.fifo_s = (NEARLY_FULL - 1) / odr_hz
        self._settings = {
            **dict.fromkeys(OFFSETS, 0),
            DATA_FORMAT: FULL_RESOLUTION | RANGE_CODE[full_scale_g],
            RATE: RATE_CODE[odr_hz],
            FIFO_CONTROL: STREAM,
            POWER: MEASURE,
        }
        self._set_up()

    def read_fifo(self) -> FifoRead:
        """Give what came since the last read: a transfer for the count, and one for each.

        Raises
        ------
        ChipNotFound : no answer; the samples are still there, and the next read brings them.
        SettingsLost : a brown-out.
        """
        if self._drain.broken:
            return self._start_over()
        began_s = self._clock.monotonic()
        level = self._regs.read(FIFO_LEVEL)
        if level >= NEARLY_FULL:
            return self._start_over()
        raw, overran = self._drain.take(level * SAMPLE_BYTES, self.check)
        room_s = (FIFO_SAMPLES - level) / self.odr_hz
        if self._clock.monotonic() - began_s > room_s:  # held up: samples fell out between these
            return self._start_over()
        counts = np.frombuffer(raw, "<i2").reshape(-1, 3)
        if (np.abs(counts) > self._widest).any():  # the upper bits do not agree: garbled
            return self._start_over()
        return FifoRead(counts.astype(np.float32) / np.float32(self.lsb_per_g), overran)

    def check(self) -> None:
        """Compare the registers with what was set up: four transfers."""
        self._regs.compare(self._settings, CHECKED)

    def die_temperature_c(self) -> None:
        """None: it has no thermometer."""
        return

    def _set_up(self) -> None:
        regs = self._regs
        regs.write(POWER, STANDBY)
        for field, value in self._settings.items():
            regs.write(field, value)
        pause(self._clock, START_UP_S)
        self._restart_fifo()

    def _restart_fifo(self) -> None:
        self._drain.broken = True
        self._regs.write(FIFO_CONTROL, BYPASS)
        self._regs.write(FIFO_CONTROL, STREAM)
        self._drain.restart()

    def _start_over(self) -> FifoRead:
        self._restart_fifo()
        return FifoRead(NOTHING, overrun=True)
