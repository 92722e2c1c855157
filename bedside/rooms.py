"""All the rooms of one bedside, put together. Read it top to bottom: who is given what."""

import logging
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from bedside.access import Access
from bedside.climate import Climate
from bedside.config import Config
from bedside.config.changes import Changes
from bedside.config.lastgood import state_folder
from bedside.config.told import told
from bedside.display import Display
from bedside.doctor import Examination, examine
from bedside.drivers.i2c import I2CBus
from bedside.errors import PinError
from bedside.hardware import Hardware
from bedside.health import Fault, Health
from bedside.light.jobs import appointments, work
from bedside.light.light import Light
from bedside.live import Live
from bedside.logs import set_level
from bedside.mqtt.mqtt import Mqtt
from bedside.mqtt.telling import Bed
from bedside.nights.summaries import Summaries
from bedside.pipeline import recorded
from bedside.pipeline.listener import Listener
from bedside.reloading import Reloading
from bedside.sampling import Sampler
from bedside.scoring import nights_of
from bedside.store import Store
from bedside.web import create_app
from bedside.web.house import House
from bedside.web.jobs import Jobs
from bedside.web.serve import Server

if TYPE_CHECKING:
    from bedside.schedule.schedule import Schedule

log = logging.getLogger(__name__)


class Rooms:
    """What a bedside is made of.

    Raises
    ------
    BedsideError : the store cannot be opened, or the page cannot be served.
    """

    def __init__(self, config: Config, hardware: Hardware, problems: tuple[str, ...] = ()) -> None:
        self.config, self.clock, self.hardware = config, hardware.clock, hardware
        with ExitStack() as opened:
            # What remembers, and what is known to be wrong
            self.store = opened.enter_context(closing(Store(config.store, self.clock)))
            access = Access(Path(config.store.folder), self.clock)
            self.access = opened.enter_context(closing(access))
            self.health = Health(self.clock, on_change=[self._remember_fault, _log_fault])
            self._sense(hardware)
            self._shine(hardware, opened)
            self.reloading = Reloading(
                self.clock,
                self.health,
                lambda: self.config,
                self.take_over,
                state_folder(),
                problems,
            )
            # What tells
            self.nights = nights_of(self.store, self.clock, config)
            self.summaries = Summaries(self.nights, self.store, self.clock)
            self.jobs = opened.enter_context(closing(Jobs(self.clock)))
            self.mqtt = self._telling()
            app = create_app(self.house())
            self.server = opened.enter_context(closing(Server(app, config.web)))
            self._opened = opened.pop_all()

    def _sense(self, hardware: Hardware) -> None:
        """Make what feels the bed, what understands it, and what feels the room."""
        config, open_bus = self.config, hardware.open_bus
        self.sampler = Sampler(open_bus, self.clock, self.health, config.sensor)
        self.listener = self.new_listener(config.sensor.odr_hz)
        self.listen_anew = False
        self.live = Live(self.health)
        self.climate = Climate(
            open_bus,
            self.clock,
            self.health,
            config.climate,
            config.comfort,
            self.store.add_temperature,
            taken=self._taken,
        )

    def _shine(self, hardware: Hardware, opened: ExitStack) -> None:
        """Make the light, its button and its appointments, and the display."""
        config, zone = self.config, self.config.clock.zone
        pins = opened.enter_context(closing(hardware.pins))
        light = Light(pins, self.clock, self.health, config.light, zone, [self.store.add_light])
        self.light = opened.enter_context(closing(light))
        self.display = Display(
            hardware.open_bus,
            self.clock,
            zone,
            self.health,
            config.display,
            lambda: self.climate.now,
            lambda: bool(self.listener.now.present),
            self.light.night,
        )
        if config.button.pin:
            self._listen_to_button(hardware)
        self.schedule: Schedule | None = None
        opened.callback(self._end_schedule)
        self._begin_schedule()

    def _begin_schedule(self) -> None:
        if due := work(self.light, self.config.light):
            # APScheduler costs memory that nobody without a timed light should pay.
            from bedside.schedule.schedule import Schedule

            zone = self.config.clock.zone
            self.schedule = Schedule(due, self.clock, self.health, zone)

    def _end_schedule(self) -> None:
        if self.schedule is not None:
            self.schedule.close()
        self.schedule = None

    def _listen_to_button(self, hardware: Hardware) -> None:
        def short() -> None:
            self.light.press()
            self.display.wake()

        def long() -> None:
            self.light.hold_off("button")
            self.display.wake()

        try:
            hardware.pins.open_button(self.config.button, short, long)
        except PinError as error:
            self.health.raise_fault("button", str(error))

    def house(self) -> House:
        """Show the pages around."""
        return House(
            nights=self.nights,
            summaries=self.summaries,
            store=self.store,
            health=self.health,
            clock=self.clock,
            settings=self.config.web,
            access=self.access,
            light=self.light,
            heard=lambda: self.listener.now,
            room=lambda: self.climate.now,
            comfort=lambda: self.config.comfort,
            live=self.live,
            machine=self.hardware.machine,
            examined=self._examined,
            settings_told=lambda: told(self.config, self.reloading.last),
            new_listener=self.new_listener,
            jobs=self.jobs,
        )

    def _telling(self) -> Mqtt | None:
        """Make what tells an MQTT broker; None where none is named: nothing is sent then."""
        if not self.config.mqtt.broker:
            return None
        bed = Bed(
            present=lambda: self.listener.now.present,
            room=lambda: self.climate.now,
            light=self.light,
            health=self.health,
            nights=self.nights,
            clock=self.clock,
        )
        has_light = bool(self.config.light.channels)
        return Mqtt(self.config.mqtt, self.clock, bed, has_light=has_light)

    def _examined(self) -> Examination:
        """Look at what a night needs, as `bedside doctor` does; chips in use are only read."""
        config = self.config
        with ExitStack() as opened:

            def open_bus(_number: int) -> I2CBus:
                return opened.enter_context(closing(self.hardware.open_bus()))

            return examine(
                [config.sensor.bus],
                open_bus,
                config.sensor,
                Path(config.store.folder),
                self.clock,
                config.origin.file,
                climate=config.climate,
            )

    def take_over(self, changes: Changes) -> None:
        """Put other settings in force, in the thread that ticks."""
        config, touched, before = changes.config, changes.sections, self.config
        self.config = config
        if touched & {"detector", "presence"}:
            self.listen_anew = True
        if touched & {"sleep", "night", "series", "comfort"}:
            self.nights.use(config.night, config.sleep, config.series, config.comfort)
            self.summaries.doubt()
        if touched & {"climate", "comfort"}:
            self.climate.use(config.climate, config.comfort)
        if "light" in touched:
            self.light.use(config.light)
            if appointments(config.light) != appointments(before.light):
                self._end_schedule()
                self._begin_schedule()
        if "display" in touched:
            self.display.use(config.display)
        if touched & {"store", "log"}:
            self.store.settings = config.store
            set_level(config.log)

    def new_listener(self, odr_hz: float) -> Listener:
        """Give a listener for samples at this rate."""
        return Listener(odr_hz, self.config.detector, self.config.presence)

    def _taken(self) -> set[int]:
        """Addresses on the bus at which no thermometer is to be looked for."""
        imu = self.sampler.imu
        return {imu.address} if imu is not None else {self.config.sensor.address} - {0}

    def _remember_fault(self, fault: Fault, over: bool) -> None:
        end_s = self.clock.monotonic() if over else None
        self.store.add_fault(recorded.Fault(fault.since_s, end_s, fault.part, fault.sentence))

    def close(self) -> None:
        """Let go of everything; the last records are written, the light is dark."""
        self._opened.close()


def _log_fault(fault: Fault, over: bool) -> None:
    if over:
        log.info("%s is well again", fault.part)
    else:
        log.warning("%s: %s", fault.part, fault.sentence)
