"""The loop: a chip's FIFO becomes a stream of blocks; a chip that fails becomes a gap."""

import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bedside.clock import Clock
from bedside.drivers.fifo import FifoRead
from bedside.drivers.i2c import GONE, REPEAT_S, I2CBus, PatientI2C
from bedside.drivers.imu import Imu, ImuSettings, open_imu
from bedside.drivers.registers import unheard
from bedside.errors import BusError, ChipFrozen, ChipNotFound
from bedside.health import Health
from bedside.pipeline.samples import Block, Timebase

T = TypeVar("T")

READS_PER_FIFO = 4
LONGEST_READ_S = 0.43  # the live page shall feel alive
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0  # before a chip that has gone is looked for again
REOPEN_AFTER = 3  # failures running, and the bus itself may be at fault
CHECK_S = 4.0  # a brown-out is noticed within five seconds
FROZEN_S = 5.0
COARSE_LSB_PER_G = 200.0  # with fewer, a count may swallow the noise, and equal values are fine
RATE_KNOWN_S = 60.0
RATE_LIMIT = 0.12  # free-running oscillators stay within


class Sampler:
    """Keeps a chip sampling, whatever happens to it.

    On `health`, the part `sensor` is at fault while there are no samples to trust, and `sensor
    clock` while the chip's rate is far off; `samples` beats with every block. Facts: sensor,
    set_odr_hz, odr_hz, gaps, overruns, bus_errors.

    Parameters
    ----------
    open_bus : gives the bus, or raises BusError and is asked again later; also when the bus has
        gone, or nothing on it has worked for a while.
    """

    def __init__(
        self,
        open_bus: Callable[[], I2CBus],
        clock: Clock,
        health: Health,
        settings: ImuSettings,
    ) -> None:
        self._open_bus, self._clock, self._health = open_bus, clock, health
        self._settings = settings
        self._bus: I2CBus | None = None
        self._wait_s, self._failures = FIRST_WAIT_S, 0
        self._well = True
        self._started = self._lost = False
        self.imu: Imu | None = None
        """The chip while it is set up; its registers may be read from any thread."""

    def blocks(self, stop: threading.Event) -> Iterator[Block]:
        """Give samples as they come, until `stop` is set; faults of the program come through."""
        while not stop.is_set():
            try:
                self.imu = self._patiently(self._set_up, stop)
                yield from self._listen(self.imu, stop)
            except BusError as error:
                self._health.raise_fault("sensor", str(error))
                self._well, self._lost, self.imu = False, self._started, None
                self._judge_bus(error)
                self._clock.wait(self._clock.monotonic() + self._wait_s, stop)
                self._wait_s = min(2.0 * self._wait_s, LONGEST_WAIT_S)

    def _set_up(self) -> Imu:
        if self._bus is None:
            self._bus = PatientI2C(self._open_bus(), self._clock, self._count_bus_error)
        imu = open_imu(self._bus, self._clock, self._settings)
        self._health.note("sensor", f"{imu.name} at {imu.address:#04x}")
        self._health.note("set_odr_hz", imu.odr_hz)
        return imu

    def _judge_bus(self, error: BusError) -> None:
        """Let the bus be opened anew when it has gone, or when nothing else has helped."""
        self._failures += 1
        gone = isinstance(error.__cause__, OSError) and error.__cause__.errno in GONE
        if self._bus is not None and (gone or self._failures >= REOPEN_AFTER):
            self._bus.close()
            self._bus = None

    def _listen(self, imu: Imu, stop: threading.Event) -> Iterator[Block]:
        """Drain the FIFO several times a fill, at absolute deadlines.

        A slow read delays one block and not all later ones. Time is taken before the read:
        what arrives during the transfer belongs to the next block.
        """
        period_s = min(imu.fifo_s / READS_PER_FIFO, LONGEST_READ_S)
        deadline_s = self._clock.monotonic()
        timebase, pulse = Timebase(imu.odr_hz), _Pulse(imu, deadline_s)
        while not self._clock.wait(deadline_s := deadline_s + period_s, stop):
            read_at_s, read = self._patiently(lambda: self._read(imu), stop)
            alive = pulse.feel(read.accel, read_at_s)
            if pulse.check_due(read_at_s):
                self._patiently(imu.check, stop)
                self._judge_rate(imu, timebase)
            if read.overrun:
                self._health.count("overruns")
            if read.overrun or timebase.slipped:
                timebase.reset()
                self._lost = self._started
            if alive:
                self._recover()
            if len(read.accel):
                t = timebase.stamp(len(read.accel), read_at_s)
                if self._well:
                    yield self._block(t, read.accel)
            deadline_s = max(deadline_s, self._clock.monotonic() - period_s)  # never race

    def _read(self, imu: Imu) -> tuple[float, FifoRead]:
        return self._clock.monotonic(), imu.read_fifo()

    def _patiently(self, ask: Callable[[], T], stop: threading.Event) -> T:
        """Ask again a few times when a transfer broke off, before the chip counts as gone.

        What was not even acknowledged the bus has asked again by itself.
        """
        for pause_s in REPEAT_S:
            try:
                return ask()
            except ChipNotFound as error:
                if unheard(error) or not isinstance(error.__cause__, OSError):
                    raise
                self._count_bus_error()
                self._clock.wait(self._clock.monotonic() + pause_s, stop)
        return ask()

    def _count_bus_error(self) -> None:
        self._health.count("bus_errors")

    def _recover(self) -> None:
        self._health.beat("samples")
        if not self._well:
            self._health.clear_fault("sensor")
            self._well, self._wait_s = True, FIRST_WAIT_S
        self._failures = 0

    def _block(self, t: NDArray[np.float64], accel: NDArray[np.float32]) -> Block:
        gap, self._lost, self._started = self._lost, False, True
        if gap:
            self._health.count("gaps")
        return Block(t, accel, gap)

    def _judge_rate(self, imu: Imu, timebase: Timebase) -> None:
        if timebase.heard_s < RATE_KNOWN_S:
            return
        self._health.note("odr_hz", round(timebase.odr_hz, 3))
        if abs(timebase.odr_hz / imu.odr_hz - 1.0) <= RATE_LIMIT:
            self._health.clear_fault("sensor clock")
            return
        self._health.raise_fault(
            "sensor clock",
            f"{imu.name} gives far from the {imu.odr_hz:g} samples a second it was set to;"
            " times are right, but the chip is likely a poor copy: use another sensor",
        )


class _Pulse:
    """Feels whether a chip that answers is alive: samples come, and they change."""

    def __init__(self, imu: Imu, now_s: float) -> None:
        self._imu = imu
        self._last: NDArray[np.float32] | None = None
        self._felt_s = self._checked_s = now_s
        self._dull_s = 0.0
        self._empty = 0
        self._coarse = imu.lsb_per_g < COARSE_LSB_PER_G

    def feel(self, accel: NDArray[np.float32], now_s: float) -> bool:
        """Whether anything changed with these samples; ChipFrozen if nothing has for long."""
        # A program that stalled says nothing about the chip: no pause counts for much.
        self._dull_s += min(now_s - self._felt_s, 1.0)
        self._felt_s = now_s
        self._empty = 0 if len(accel) else self._empty + 1
        if len(accel):
            last, self._last = accel[0] if self._last is None else self._last, accel[-1]
            if self._coarse or (accel != last).any():
                self._dull_s = 0.0
                return True
        if self._dull_s > FROZEN_S:
            what = "no samples at all" if self._empty else "the same values again and again"
            raise ChipFrozen(
                f"{self._imu.name} at {self._imu.address:#04x} gives {what}: it is set up anew;"
                " if that does not help, take it off its power and put it back"
            )
        return False

    def check_due(self, now_s: float) -> bool:
        """Whether to look at the registers: now and then, and when two reads were empty."""
        if self._empty < 2 and now_s - self._checked_s < CHECK_S:
            return False
        self._checked_s = now_s
        return True
