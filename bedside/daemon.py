"""The one place where everything meets. Read it top to bottom: that is how data flows."""

import logging
import threading
from dataclasses import replace
from typing import Self

from bedside.config import Config
from bedside.crew import Crew, notify_systemd, stop_on_signals
from bedside.drivers.imu import Imu
from bedside.errors import StoreError
from bedside.hardware import Hardware
from bedside.pipeline.listener import Heard
from bedside.pipeline.samples import Block
from bedside.rooms import Rooms

log = logging.getLogger(__name__)

REPLAYED_S = 600.0
"""Heard again after a restart: enough to know the floor, and who is in bed."""
TICK_S = 1.0


class Bedside(Rooms):
    """A bedside at work.

    `hear` and `tick` are the work: what a block of samples sets in motion, and what is due now
    and then. The daemon does them in two threads; the demo, which has no time to wait, in one.

    Parameters
    ----------
    stop : set to end the work.
    """

    def __init__(self, config: Config, hardware: Hardware, stop: threading.Event) -> None:
        super().__init__(config, hardware)
        self.stop = stop
        self.blocks = self.sampler.blocks(stop)
        self._imu: Imu | None = None
        self._resumed = False
        self._flush_at_s = self.clock.monotonic() + config.store.flush_s
        self._resume()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    # ── what a block of samples sets in motion ──────────────────────────────────────────────

    def hear(self, block: Block) -> None:
        """Take one block from the sensor all the way to what is remembered, and to the light."""
        imu = self.sampler.imu
        if imu is not None and imu is not self._imu:
            self._meet(imu, block)
        if self._resumed:
            block, self._resumed = replace(block, gap=True), False
        self.store.add_block(block)
        self._keep(self.listener.update(block))

    def listen(self) -> None:
        """Hear all that comes, until told to stop; then tell what was still open."""
        for block in self.blocks:
            self.hear(block)
        self._keep(self.listener.flush())

    def _keep(self, heard: Heard) -> None:
        self.store.add_heard(heard)
        for t_s in heard.leavings:
            self.light.on_leaving(t_s)
        for change in heard.presence:
            self.health.note("bed", "occupied" if change.present else "empty")
            self.light.on_presence(change)
        for movement in heard.movements:
            self.light.on_movement(movement)

    def _meet(self, imu: Imu, block: Block) -> None:
        """Get to know a chip that was set up, which may be another than the one before."""
        if imu.odr_hz != self.listener.odr_hz:
            self._keep(self.listener.flush())
            self.listener = self.new_listener(imu.odr_hz)
        self.store.add_sensor(float(block.t[0]), imu.name, imu.odr_hz, imu.lsb_per_g)
        self._imu = imu

    def _resume(self) -> None:
        """Hear the end of a recording that broke off, so that the night goes on as one."""
        try:
            for block in self.store.tail(REPLAYED_S):
                self._keep(self.listener.update(block))
                self._resumed = True
        except StoreError as error:
            self.health.raise_fault("disk", str(error))

    # ── what is due now and then ────────────────────────────────────────────────────────────

    def tick(self) -> None:
        """Do what is due: look at the clock, write what waits, close a night that is over."""
        self._watch_clock()
        if self.schedule is not None:
            self.schedule.tick()
        now_s = self.clock.monotonic()
        if now_s < self._flush_at_s:
            return
        self._flush_at_s = now_s + self.config.store.flush_s
        self.write()

    def keep(self) -> None:
        """Tick until told to stop."""
        while not self.clock.wait(self.clock.monotonic() + TICK_S, self.stop):
            self.tick()
            notify_systemd(f"WATCHDOG=1\nSTATUS={self._status()}")

    def write(self) -> None:
        """Write what waits; a disk that does not take it is a fault, and is asked again."""
        try:
            self.nights.close_finished()
            self.store.flush()
        except StoreError as error:
            self.health.raise_fault("disk", str(error))
        else:
            self.health.clear_fault("disk")
        self._judge_store()

    def _watch_clock(self) -> None:
        if self.clock.known():
            self.health.clear_fault("clock")
        else:
            self.health.raise_fault(
                "clock",
                "the time of day is not known yet; what is recorded now is moved to its true time"
                " as soon as a time server answers",
            )

    def _judge_store(self) -> None:
        if self.store.set_aside is not None:
            self.health.raise_fault(
                "database",
                f"the database could not be read; it was put aside as {self.store.set_aside}"
                " and a new one begun",
            )
        if self.store.short_of_space:
            self.health.raise_fault(
                "space",
                "the disk is nearly full, so the oldest raw nights are deleted before their time;"
                " delete other files, or set a lower [store] raw_nights",
            )
        else:
            self.health.clear_fault("space")

    def _status(self) -> str:
        faults = self.health.faults()
        return faults[0].sentence if faults else f"listening; bed {self.health.facts().get('bed')}"


def run(config: Config, hardware: Hardware) -> None:
    """Listen, remember and tell until SIGTERM or SIGINT; raise what a part that failed raised."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    stop = threading.Event()
    stop_on_signals(stop)
    with Bedside(config, hardware, stop) as bedside:
        work(bedside)


def work(bedside: Bedside) -> None:
    """Let all threads of `bedside` work until it is told to stop: all of them, or none."""
    stop = bedside.stop
    crew = Crew(stop)
    crew.start("listen", bedside.listen)
    crew.start("keep", bedside.keep)
    crew.start("climate", lambda: bedside.climate.run(stop))
    crew.start("light", lambda: bedside.light.run(stop))
    crew.start("display", lambda: bedside.display.run(stop))
    crew.start("web", lambda: bedside.server.run(stop))
    log.info("the page is at %s", bedside.server.url)
    notify_systemd("READY=1")
    crew.wait()
