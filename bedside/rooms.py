"""All the rooms of one bedside, put together. Read it top to bottom: who is given what."""

import logging
from contextlib import ExitStack, closing

from bedside.climate import Climate
from bedside.config import Config
from bedside.config.conflicts import conflicts
from bedside.display import Display
from bedside.errors import PinError
from bedside.hardware import Hardware
from bedside.health import Fault, Health
from bedside.light.hours import Hours
from bedside.light.jobs import work
from bedside.light.light import Light
from bedside.pipeline import recorded
from bedside.pipeline.listener import Listener
from bedside.sampling import Sampler
from bedside.scoring import nights_of
from bedside.store import Store
from bedside.web import create_app
from bedside.web.house import House
from bedside.web.serve import Server

log = logging.getLogger(__name__)


class Rooms:
    """What a bedside is made of.

    Raises
    ------
    BedsideError : the store cannot be opened, or the page cannot be served.
    """

    def __init__(self, config: Config, hardware: Hardware) -> None:
        self.config, self.clock = config, hardware.clock
        with ExitStack() as opened:
            # What remembers, and what is known to be wrong
            self.store = opened.enter_context(closing(Store(config.store, self.clock)))
            self.health = Health(self.clock, on_change=[self._remember_fault, _log_fault])
            for sentence in conflicts(config):
                self.health.raise_fault("settings", sentence)
            self._sense(hardware)
            self._shine(hardware, opened)
            # What tells
            self.nights = nights_of(self.store, self.clock, config)
            app = create_app(self._house())
            self.server = opened.enter_context(closing(Server(app, config.web)))
            self._opened = opened.pop_all()

    def _sense(self, hardware: Hardware) -> None:
        """Make what feels the bed, what understands it, and what feels the room."""
        config, open_bus = self.config, hardware.open_bus
        self.sampler = Sampler(open_bus, self.clock, self.health, config.sensor)
        self.listener = self.new_listener(config.sensor.odr_hz)
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
            Hours(config.light, zone).night,
        )
        if config.button.pin:
            self._listen_to_button(hardware)
        self.schedule = None
        if appointments := work(light, config.light):
            # APScheduler costs memory that nobody without a timed light should pay.
            from bedside.schedule.schedule import Schedule

            schedule = Schedule(appointments, self.clock, self.health, zone)
            self.schedule = opened.enter_context(closing(schedule))

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

    def _house(self) -> House:
        """Show the pages around."""
        return House(
            nights=self.nights,
            store=self.store,
            health=self.health,
            clock=self.clock,
            settings=self.config.web,
            light=self.light,
            heard=lambda: self.listener.now,
            room=lambda: self.climate.now,
        )

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
