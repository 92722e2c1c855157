"""TDK ICM-42688-P: an accelerometer whose FIFO holds packets, each with a header.

Sources: ICM-42688-P data sheet (registers), the drivers of the Linux kernel and of Zephyr.  The
gyro stays off; all that is needed lies in bank 0 of the registers.
"""

import numpy as np

from bedside.clock import Clock, pause
from bedside.drivers.fifo import NOTHING, Drain, FifoRead
from bedside.drivers.i2c import I2CBus
from bedside.drivers.registers import Field, Registers
from bedside.errors import WriteLost

RESET = Field(0x11, 0, 0)  # clears itself
FIFO_MODE = Field(0x16, 7, 6)
TEMPERATURE = 0x1D  # two bytes, big-endian
RESET_DONE = Field(0x2D, 4, 4)  # reading clears it
FIFO_COUNT = 0x2E  # two bytes in one read: the high byte latches the low one
FIFO_DATA = 0x30  # a burst stays on this address
FIFO_FLUSH = Field(0x4B, 1, 1)  # clears itself
COUNT_FORM = Field(0x4C, 6, 4)
POWER = Field(0x4E, 5, 0)
FULL_SCALE = Field(0x50, 7, 5)
RATE = Field(0x50, 3, 0)
LOW_PASS = Field(0x52, 7, 4)
FIFO_SOURCES = Field(0x5F, 4, 0)
BANK = Field(0x76, 2, 0)  # a plain number, whichever bank is chosen

STREAM = 1
BYTES_BIG_ENDIAN = 0b011
ACCEL_LOW_NOISE = 0b000011  # gyro off, thermometer on
HALF_THE_RATE = 0
ACCEL_TO_FIFO = 0x01
FIFO_BYTES, PACKET_BYTES = 2048, 8
HEADER, HEADER_MASK = 0x40, 0xF0  # accelerometer alone, 16 bits; the rest tells of changed rates
INVALID = -32768
NEARLY_FULL = FIFO_BYTES - 2 * PACKET_BYTES
RATE_CODE = {50.0: 9, 100.0: 8, 200.0: 7}
FULL_SCALE_CODE = {2: 3, 4: 2, 8: 1, 16: 0}
LSB_PER_G = {2: 16384.0, 4: 8192.0, 8: 4096.0, 16: 2048.0}
RESET_S, START_UP_S = 0.01, 0.1
POWER_S = 0.001  # after a change of power no register may be written for a while
CHECKED = ((0x16, 1), (0x4C, 20), (0x76, 1))  # (address, bytes): the bursts that `check` wants


class Icm42688p:
    """An ICM-42688-P, set up and sampling.

    Parameters
    ----------
    address : 0x68 or 0x69.
    odr_hz : 50, 100 or 200.
    full_scale_g : 2, 4, 8 or 16.

    Raises
    ------
    ChipError : it cannot be set up.
    """

    name = "ICM-42688-P"

    def __init__(
        self,
        bus: I2CBus,
        clock: Clock,
        *,
        address: int = 0x68,
        odr_hz: float = 100.0,
        full_scale_g: int = 2,
    ) -> None:
        self._clock, self.address, self.odr_hz = clock, address, odr_hz
        self._regs = Registers(bus, address, self.name)
        self._drain = Drain(self._regs, FIFO_DATA, FIFO_BYTES)
        self.lsb_per_g = LSB_PER_G[full_scale_g]
        self.fifo_s = NEARLY_FULL // PACKET_BYTES / odr_hz
        self._settings = {
            BANK: 0,
            COUNT_FORM: BYTES_BIG_ENDIAN,
            FULL_SCALE: FULL_SCALE_CODE[full_scale_g],
            RATE: RATE_CODE[odr_hz],
            LOW_PASS: HALF_THE_RATE,
            FIFO_SOURCES: ACCEL_TO_FIFO,
            FIFO_MODE: STREAM,
            POWER: ACCEL_LOW_NOISE,  # the last, see POWER_S
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
        count = int.from_bytes(self._regs.burst(FIFO_COUNT, 2), "big")
        if count >= NEARLY_FULL:
            self._drain.overran()
        raw, overran = self._drain.take(count - count % PACKET_BYTES, self.check)
        packets = np.frombuffer(raw, np.uint8).reshape(-1, PACKET_BYTES)
        if (packets[:, 0] & HEADER_MASK != HEADER).any():
            self.check()
            return self._start_over()
        counts = np.ascontiguousarray(packets[:, 1:7]).view(">i2")
        holes = np.flatnonzero((counts == INVALID).any(axis=1))
        if len(holes):
            counts, overran = counts[holes[-1] + 1 :], True
        room_s = (FIFO_BYTES - count) / PACKET_BYTES / self.odr_hz
        held_up = self._clock.monotonic() - began_s > room_s  # and samples fell out before these
        accel = counts.astype(np.float32) / np.float32(self.lsb_per_g)
        return FifoRead(accel, overran or held_up)

    def check(self) -> None:
        """Compare the registers with what was set up: three transfers."""
        self._regs.compare(self._settings, CHECKED)

    def die_temperature_c(self) -> float:
        """Temperature of the chip, degrees Celsius."""
        raw = int.from_bytes(self._regs.burst(TEMPERATURE, 2), "big", signed=True)
        return raw / 132.48 + 25.0

    def _set_up(self) -> None:
        regs = self._regs
        pause(self._clock, POWER_S)  # an attempt before this one may have got just so far
        regs.write(BANK, 0)
        regs.write(RESET, 1, sticks=False)
        pause(self._clock, RESET_S)
        if not regs.read(RESET_DONE):
            raise WriteLost(f"{regs} does not come back from a reset: check the 3.3 V wire")
        for field, value in self._settings.items():
            regs.write(field, value)
        pause(self._clock, START_UP_S)
        self._restart_fifo()

    def _restart_fifo(self) -> None:
        self._drain.broken = True
        self._regs.write(FIFO_FLUSH, 1, sticks=False)
        self._drain.restart()

    def _start_over(self) -> FifoRead:
        self._restart_fifo()
        return FifoRead(NOTHING, overrun=True)
