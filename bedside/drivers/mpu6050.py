"""InvenSense MPU-6050 and its family: an accelerometer read through its FIFO.

Sources: RM-MPU-6000A (registers), RM-MPU-6500A for the accelerometer's own filter.  The gyro
stays on, though nobody reads it: its oscillator is the family's accurate clock.
"""

import numpy as np

from bedside.clock import Clock, pause
from bedside.drivers.fifo import NOTHING, Drain, FifoRead
from bedside.drivers.i2c import I2CBus
from bedside.drivers.mpu_family import variant_of
from bedside.drivers.registers import Field, Registers
from bedside.errors import WrongChip

RATE_DIVIDER = Field(0x19)  # ODR = 1 kHz / (1 + divider), low-pass on
LOW_PASS = Field(0x1A, 2, 0)  # of the gyro, and of the accelerometer without a filter of its own
FULL_SCALE = Field(0x1C, 4, 3)
ACCEL_LOW_PASS = Field(0x1D, 2, 0)
ACCEL_FILTER_OFF = Field(0x1D, 3, 3)
FIFO_SOURCES = Field(0x23)
INT_ENABLE = Field(0x38)
INT_STATUS = Field(0x3A)  # reading clears it
TEMPERATURE = 0x41  # two bytes, big-endian
SIGNAL_RESET = Field(0x68, 2, 0)
FIFO_RESET = Field(0x6A, 2, 2)  # clears itself; only heard while the FIFO is off
FIFO_ENABLE = Field(0x6A, 6, 6)
DEVICE_RESET = Field(0x6B, 7, 7)  # clears itself
SLEEP = Field(0x6B, 6, 6)
CLOCK_SOURCE = Field(0x6B, 2, 0)
AXES_OFF = Field(0x6C, 5, 0)
FIFO_COUNT = 0x72  # two bytes, big-endian, in one read: the high byte latches the low one
FIFO_DATA = 0x74  # a burst stays on this address
WHO_AM_I = Field(0x75)

ACCEL_TO_FIFO = 0x08
OVERFLOW = 0x10
GYRO_CLOCK = 1
FRAME_BYTES = 6
FULL_SCALE_CODE = {2: 0, 4: 1, 8: 2, 16: 3}
LSB_PER_G = {2: 16384.0, 4: 8192.0, 8: 4096.0, 16: 2048.0}
LOW_PASS_CODE = {50.0: 4, 100.0: 3, 200.0: 2}  # about 20, 42, 95 Hz: below half the ODR
RESET_S, START_UP_S = 0.1, 0.1
CHECKED = ((0x19, 11), (0x6A, 3))  # (address, bytes): the bursts that hold what `check` wants


class Mpu6050:
    """A member of the family, set up and sampling.

    Parameters
    ----------
    address : 0x68 or 0x69.
    odr_hz : 50, 100 or 200.
    full_scale_g : 2, 4, 8 or 16.

    Raises
    ------
    WrongChip : its identity is not well known and it failed the test for such chips.
    ChipError : it cannot be set up.
    """

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
        self._regs = Registers(bus, address, "the motion sensor")
        self._variant = variant = variant_of(self._regs.read(WHO_AM_I))
        self._regs.chip = self.name = variant.name
        self.lsb_per_g = LSB_PER_G[full_scale_g]
        self.fifo_s = variant.fifo_bytes // FRAME_BYTES / odr_hz
        self._drain = Drain(self._regs, FIFO_DATA, variant.fifo_bytes)
        self._odd_before = False
        self._settings = self._plan(full_scale_g)
        self._set_up()
        if not variant.proven:
            self._prove()

    def read_fifo(self) -> FifoRead:
        """Whole samples since the last read: two transfers, unless something is odd.

        Raises
        ------
        ChipNotFound : no answer; the samples are still there, and the next read brings them.
        SettingsLost : a brown-out.
        """
        if self._drain.broken:
            return self._start_over()
        began_s = self._clock.monotonic()
        count = int.from_bytes(self._regs.burst(FIFO_COUNT, 2), "big")
        odd = count % FRAME_BYTES
        # Half full means that somebody slept, or that the FIFO is smaller than we think.
        if (odd or 2 * count >= self._variant.fifo_bytes) and self._overflowed(count):
            return self._start_over()
        self._odd_before = bool(odd)
        raw, overran = self._drain.take(count - odd, self.check)
        room_s = (self._variant.fifo_bytes - count) / FRAME_BYTES / self.odr_hz
        if self._clock.monotonic() - began_s > room_s:  # held up, and it overflowed meanwhile
            return self._start_over()
        counts = np.frombuffer(raw, ">i2").reshape(-1, 3)
        return FifoRead(counts.astype(np.float32) / np.float32(self.lsb_per_g), overran)

    def check(self) -> None:
        """Compare the registers with what was set up: two transfers."""
        self._regs.compare(self._settings, CHECKED)

    def die_temperature_c(self) -> float:
        """Temperature of the chip, degrees Celsius."""
        raw = int.from_bytes(self._regs.burst(TEMPERATURE, 2), "big", signed=True)
        return raw / self._variant.lsb_per_c + self._variant.zero_c

    def _plan(self, full_scale_g: int) -> dict[Field, int]:
        """Give what every setting shall hold while sampling, in the order of writing."""
        code = LOW_PASS_CODE[self.odr_hz]
        own_filter = {ACCEL_LOW_PASS: code, ACCEL_FILTER_OFF: 0}
        return {
            SLEEP: 0,
            CLOCK_SOURCE: GYRO_CLOCK,
            AXES_OFF: 0,
            RATE_DIVIDER: round(1000.0 / self.odr_hz) - 1,
            LOW_PASS: code,
            FULL_SCALE: FULL_SCALE_CODE[full_scale_g],
            **(own_filter if self._variant.own_filter else {}),
            FIFO_SOURCES: ACCEL_TO_FIFO,
            FIFO_ENABLE: 1,
        }

    def _set_up(self) -> None:
        regs = self._regs
        regs.write(DEVICE_RESET, 1, sticks=False)
        pause(self._clock, RESET_S)
        regs.write(SIGNAL_RESET, 0b111, sticks=False)
        pause(self._clock, RESET_S)
        for field, value in self._settings.items():
            regs.write(field, value)
        regs.write(INT_ENABLE, OVERFLOW)
        pause(self._clock, START_UP_S)
        self._restart_fifo()

    def _restart_fifo(self) -> None:
        self._drain.broken = True
        self._regs.write(FIFO_SOURCES, 0)
        self._regs.write(FIFO_ENABLE, 0)
        self._regs.write(FIFO_RESET, 1, sticks=False)
        self._regs.write(FIFO_ENABLE, 1)
        self._regs.write(FIFO_SOURCES, ACCEL_TO_FIFO)
        self._regs.read(INT_STATUS)
        self._drain.restart()
        self._odd_before = False

    def _start_over(self) -> FifoRead:
        self._restart_fifo()
        return FifoRead(NOTHING, overrun=True)

    def _overflowed(self, count: int) -> bool:
        """Whether bytes fell out of the FIFO, so that what is left begins mid-frame."""
        if count >= self._variant.fifo_bytes - 3 * FRAME_BYTES:
            return True
        if count % FRAME_BYTES and self._odd_before:
            return True
        return bool(self._regs.read(INT_STATUS) & OVERFLOW)

    def _prove(self) -> None:
        """Test a chip whose identity promises little: frames, rate, gravity, temperature."""
        self._restart_fifo()
        pause(self._clock, self.fifo_s / 2)
        accel, overrun = self.read_fifo()
        due = self.fifo_s / 2 * self.odr_hz
        gravity_g = float(np.linalg.norm(accel.mean(axis=0))) if len(accel) else 0.0
        for well, what in (
            (not overrun and abs(len(accel) - due) <= 0.15 * due, "its FIFO fills in another way"),
            (0.8 <= gravity_g <= 1.2, f"it feels {gravity_g:.2f} g of gravity"),
            (5.0 <= self.die_temperature_c() <= 60.0, "its temperature makes no sense"),
        ):
            if not well:
                raise WrongChip(
                    f"{self._regs} answers like a copy of an MPU-6050 but fails the test: {what};"
                    " use another sensor"
                )
