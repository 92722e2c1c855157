"""Analog Devices ADXL355: the quietest of all, 20 bits a word, the x words marked in its FIFO.

Sources: ADXL354/ADXL355 data sheet (registers, FIFO); the drivers of Analog Devices and of the
Linux kernel, the latter for resets that go wrong.
"""

import numpy as np
from numpy.typing import NDArray

from bedside.clock import Clock, pause
from bedside.drivers.fifo import NOTHING, Drain, FifoRead
from bedside.drivers.i2c import I2CBus
from bedside.drivers.registers import Field, Registers
from bedside.errors import ChipError, WriteLost

STATUS = 0x04  # flags, and in the next register the words in the FIFO; reading puts the flags out
TEMPERATURE = 0x06  # two bytes, big-endian, twelve bits
FIFO_DATA = 0x11  # a burst stays on this address
HIGH_PASS = Field(0x28, 6, 4)  # off: breathing is slow
RATE = Field(0x28, 3, 0)
RANGE = Field(0x2C, 1, 0)  # bit 7, the fast I2C, stays as it is
POWER = Field(0x2D, 2, 0)  # data-ready off, thermometer off, standby
RESET = Field(0x2F)
SHADOW = (0x50, 5)  # the factory's trimming, which a reset may fail to load

RESET_CODE = 0x52
MEASURE = 0b000
OVERRUN = 0x04
FIFO_WORDS, WORD_BYTES = 96, 3
FRAME_BYTES = 3 * WORD_BYTES
X_MARK, EMPTY_MARK = 0x01, 0x02
X_FIRST = np.array([X_MARK, 0, 0])
RATE_CODE = {50.0: 6, 100.0: 5, 200.0: 4}
NOMINAL_HZ = {50.0: 62.5, 100.0: 125.0, 200.0: 250.0}  # the low-pass is at a quarter of it
RANGE_CODE = {2: 1, 4: 2, 8: 3}
LSB_PER_G = {2: 256000.0, 4: 128000.0, 8: 64000.0}
RESETS = 5
RESET_S, START_UP_S = 0.01, 0.1
CHECKED = ((0x28, 1), (0x2C, 2))  # (address, bytes): the bursts that hold what `check` wants


class Adxl355:
    """An ADXL355, set up and sampling.

    Parameters
    ----------
    address : 0x1D or 0x53.
    odr_hz : 50, 100 or 200; the chip's own are 62.5, 125 and 250.
    full_scale_g : 2, 4 or 8.

    Raises
    ------
    ChipError : it cannot be set up.
    """

    name = "ADXL355"

    def __init__(
        self,
        bus: I2CBus,
        clock: Clock,
        *,
        address: int = 0x1D,
        odr_hz: float = 100.0,
        full_scale_g: int = 2,
    ) -> None:
        self._clock, self.address, self.odr_hz = clock, address, NOMINAL_HZ[odr_hz]
        self._regs = Registers(bus, address, self.name)
        if full_scale_g not in RANGE_CODE:
            raise ChipError(
                f"{self._regs} measures no more than +-8 g: set [sensor] full_scale_g to 2, 4 or 8"
            )
        self._drain = Drain(self._regs, FIFO_DATA, FIFO_WORDS * WORD_BYTES)
        self.lsb_per_g = LSB_PER_G[full_scale_g]
        self.fifo_s = (FIFO_WORDS // 3 - 1) / self.odr_hz
        self._settings = {
            HIGH_PASS: 0,
            RATE: RATE_CODE[odr_hz],
            RANGE: RANGE_CODE[full_scale_g],
            POWER: MEASURE,
        }
        self._set_up()

    def read_fifo(self) -> FifoRead:
        """Give what came since the last read: two transfers.

        Raises
        ------
        ChipNotFound : no answer; the samples are still there, and the next read brings them.
        SettingsLost : a brown-out.
        """
        if self._drain.broken:
            return self._start_over()
        began_s = self._clock.monotonic()
        flags, words = self._regs.burst(STATUS, 2)
        if flags & OVERRUN or words >= FIFO_WORDS:  # the flag may have gone out in a broken read
            self._drain.overran()
        raw, overran = self._drain.take(words // 3 * FRAME_BYTES, self.check)
        frames = np.frombuffer(raw, np.uint8).reshape(-1, 3, WORD_BYTES)
        if ((frames[:, :, 2] & (X_MARK | EMPTY_MARK)) != X_FIRST).any():
            self.check()
            return self._start_over()
        room_s = (FIFO_WORDS - words) / 3 / self.odr_hz
        held_up = self._clock.monotonic() - began_s > room_s  # and samples fell out before these
        return FifoRead(self._accel(frames), overran or held_up)

    def check(self) -> None:
        """Compare the registers with what was set up: two transfers."""
        self._regs.compare(self._settings, CHECKED)

    def die_temperature_c(self) -> float:
        """Temperature of the chip, degrees Celsius."""
        raw = int.from_bytes(self._regs.burst(TEMPERATURE, 2), "big") & 0x0FFF
        return 25.0 - (raw - 1885) / 9.05

    def _accel(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Acceleration (n, 3), g, from words (n, 3, 3): 20 bits from the left, signed."""
        high, middle, low = (frames[:, :, at].astype(np.int32) for at in range(3))
        counts = (high << 24 | middle << 16 | low << 8) >> 12
        accel: NDArray[np.float32] = counts.astype(np.float32) / np.float32(self.lsb_per_g)
        return accel

    def _set_up(self) -> None:
        self._reset()
        for field, value in self._settings.items():
            self._regs.write(field, value)
        pause(self._clock, START_UP_S)
        self._restart_fifo()

    def _reset(self) -> None:
        """Reset until the trimming is as it was: a chip without it measures wrongly."""
        trimming = self._regs.burst(*SHADOW)
        for _ in range(RESETS):
            self._regs.write(RESET, RESET_CODE, sticks=False)
            pause(self._clock, RESET_S)
            if self._regs.burst(*SHADOW) == trimming:
                return
        raise WriteLost(
            f"{self._regs} does not come back from a reset as it was: take it off its power and"
            " put it back"
        )

    def _restart_fifo(self) -> None:
        """Read all that is there: samples come in whole, so an x is next."""
        self._drain.broken = True
        _, words = self._regs.burst(STATUS, 2)
        if words:
            self._regs.burst(FIFO_DATA, words * WORD_BYTES)
        self._drain.restart()

    def _start_over(self) -> FifoRead:
        self._restart_fifo()
        return FifoRead(NOTHING, overrun=True)
