"""The one place where everything meets. Read it top to bottom: that is how data flows."""

import logging
import threading
from dataclasses import replace
from functools import partial
from typing import Self

from bedside.config import Config
from bedside.crew import Crew, reload_on_signal, stop_on_signals
from bedside.drivers.imu import Imu
from bedside.errors import AccessError, StoreError
from bedside.hardware import Hardware
from bedside.logs import set_up
from bedside.machine_state import judge
from bedside.pipeline.listener import Heard
from bedside.pipeline.samples import Block
from bedside.rooms import Rooms
from bedside.vigil import AttendedClock, Vigil

log = logging.getLogger(__name__)

REPLAYED_S = 600.0
"""Heard again after a restart: enough to know the floor, and who is in bed."""
TICK_S = 0.5
"""A saved settings file is seen at one look and read at the next: in force within 2 s."""
CREW = frozenset({"listen", "climate", "light", "display"})
"""Threads whose hanging is noticed; `keep` is the one that looks, and systemd watches that."""
CLOCK_PATIENCE_S = 3600.0
"""For so long a time server is waited for; a machine without one does well all the same."""


class Bedside(Rooms):
    """A bedside at work.

    `hear` and `tick` are the work: what a block of samples sets in motion, and what is due now
    and then. The daemon does them in two threads; the demo, which has no time to wait, in one.

    Parameters
    ----------
    stop : set to end the work.
    problems : of the settings file, when these are not its settings but the last good ones.
    """

    def __init__(
        self,
        config: Config,
        hardware: Hardware,
        stop: threading.Event,
        problems: tuple[str, ...] = (),
    ) -> None:
        super().__init__(config, hardware, problems)
        self.stop = stop
        self.blocks = self.sampler.blocks(stop)
        self.vigil = Vigil(self.clock, self.health, CREW)
        self._imu: Imu | None = None
        self._resumed = False
        self._begun_s = self.clock.monotonic()
        self._flush_at_s = self._begun_s
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
        if self.listen_anew:
            self._listen_anew(self.listener.odr_hz)
        if self._resumed:
            block, self._resumed = replace(block, gap=True), False
        self.store.add_block(block)
        self.live.hear(block, self.listener.odr_hz)
        self._keep(self.listener.update(block))

    def listen(self) -> None:
        """Hear all that comes, until told to stop; then tell what was still open."""
        for block in self.blocks:
            self.hear(block)
        self._keep(self.listener.flush())

    def _keep(self, heard: Heard) -> None:
        self.store.add_heard(heard)
        self.live.take(heard)
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
            self._listen_anew(imu.odr_hz)
        self.store.add_sensor(float(block.t[0]), imu.name, imu.odr_hz, imu.lsb_per_g)
        self._imu = imu

    def _listen_anew(self, odr_hz: float) -> None:
        """Go on with another listener, which has yet to learn how quiet the room is."""
        self._keep(self.listener.flush())
        self.listener, self.listen_anew = self.new_listener(odr_hz), False

    def _resume(self) -> None:
        """Hear the end of a recording that broke off, so that the night goes on as one.

        What an earlier boot had recorded and not yet told, nobody but a new listener can tell.
        """
        try:
            for ending in self.store.endings():
                listener = self.new_listener(ending.odr_hz)
                here = ending.boot_id == self.clock.boot_id
                if here:
                    self.listener, self._resumed = listener, True
                keep = self._keep if here else partial(self.store.add_heard, ending=ending)
                for block in self.store.tail(REPLAYED_S, ending):
                    keep(listener.update(block))
                if not here:
                    keep(listener.flush())
        except StoreError as error:
            self.health.raise_fault("disk", str(error))

    # ── what is due now and then ────────────────────────────────────────────────────────────

    def tick(self) -> None:
        """Do what is due: look at the clock, sum up and close nights, write what waits."""
        self._watch_clock()
        self.reloading.look()
        if self.schedule is not None:
            self.schedule.tick()
        now_s = self.clock.monotonic()
        if now_s >= self._flush_at_s:
            self._flush_at_s = now_s + self.config.store.flush_s
            self.write()
        self._sum_up()

    def keep(self) -> None:
        """Tick until told to stop."""
        while not self.clock.wait(self.clock.monotonic() + TICK_S, self.stop):
            self.tick()
            self.vigil.look()

    def write(self) -> None:
        """Write what waits; a disk that does not take it is a fault, and is asked again."""
        try:
            self.store.flush()  # first, as it begins a database where there was no room for one
            self.nights.close_finished()
        except StoreError as error:
            self.health.raise_fault("disk", str(error))
        else:
            self.health.clear_fault("disk")
        self._judge_store()
        self._judge_doors()
        judge(self.hardware.machine(), self.health)

    def _sum_up(self) -> None:
        try:
            self.summaries.tick()
        except StoreError as error:
            if all(fault.part != "disk" for fault in self.health.faults()):
                self.health.raise_fault("disk", str(error))

    def _watch_clock(self) -> None:
        if self.clock.known():
            self.health.clear_fault("clock")
        elif self.clock.monotonic() - self._begun_s < CLOCK_PATIENCE_S:
            self.health.raise_fault(
                "clock",
                "the time of day is not known yet; what is recorded now is moved to its true time"
                " as soon as a time server answers",
            )
        else:
            self.health.raise_fault(
                "clock",
                "no time server answers and there is no battery clock, so nights are recorded"
                " whole but their times of day may be wrong; let the device reach the internet"
                " once after each start, or add a battery clock (DS3231)",
                calm=True,
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

    def _judge_doors(self) -> None:
        """Tell when phones cannot be known again, or the certificate is no good."""
        why = ""
        try:
            self.access.keep()
        except AccessError as error:
            why = str(error)
        if not why and (aside := self.access.set_aside) is not None:
            why = (
                f"who may open the page could not be read; it was put aside as {aside}: let the"
                " phones in anew with `bedside pair`"
            )
        known_s = self.clock.wall() if self.clock.known() else None
        for part, sentence in (("access", why), ("certificate", self.server.trouble(known_s))):
            if sentence:
                self.health.raise_fault(part, sentence)
            else:
                self.health.clear_fault(part)


def run(config: Config, hardware: Hardware, problems: tuple[str, ...] = ()) -> None:
    """Listen, remember and tell until SIGTERM or SIGINT; raise what a part that failed raised.

    SIGHUP has the settings file read again. `problems` as for `Bedside`.
    """
    set_up(config.log)
    hardware = replace(hardware, clock=AttendedClock(hardware.clock))
    stop = threading.Event()
    stop_on_signals(stop)
    with Bedside(config, hardware, stop, problems) as bedside:
        reload_on_signal(bedside.reloading.ask)
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
    if (mqtt := bedside.mqtt) is not None:
        crew.start("mqtt", lambda: mqtt.run(stop))
    log.info("the page is at %s", bedside.server.url)
    crew.wait()
