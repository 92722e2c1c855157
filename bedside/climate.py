"""The room's temperature: read now and then, judged, and never told once it is old."""

import math
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bedside.clock import Clock
from bedside.drivers import ds18b20
from bedside.drivers.i2c import I2CBus
from bedside.drivers.reading import Reading, percent
from bedside.drivers.thermometer import Thermometer, ThermometerSettings, open_thermometer
from bedside.errors import BadReading, BusError, ChipNotFound
from bedside.health import Health
from bedside.pipeline.comfort import ComfortSettings, band
from bedside.pipeline.recorded import Temperature

COLDEST_C, HOTTEST_C = -10.0, 50.0
STEP_C_PER_MIN = 2.0  # faster no room changes
HYSTERESIS_C = 0.3
ATTEMPTS, RETRY_S = 3, 2.0  # some chips must not be asked more often
FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 120.0  # before one that has gone is looked for again
STALE_PERIODS = 3.0

State = Literal["cool", "comfortable", "warm"]


@dataclass(frozen=True, slots=True)
class Room:
    """The room at this moment.

    c         degrees Celsius; None when no reading is new enough to be told
    humidity  percent, where the thermometer tells it
    age_s     of the newest reading, even of one too old to be told; None before the first
    state     c against the comfort band, None with it
    """

    c: float | None = None
    humidity: float | None = None
    age_s: float | None = None
    state: State | None = None


class Climate:
    """Keeps a thermometer read, whatever happens to it.

    On `health` the part `thermometer` is at fault while it gives nothing to be believed. Where
    the settings say `auto` and none was ever found, there is no fault: not everybody has one.
    Facts: thermometer.

    Parameters
    ----------
    open_bus : gives the I2C bus, or raises BusError and is asked again later.
    comfort : the band.
    on_reading : takes each reading that is believed; called in the thread that reads.
    taken : gives the addresses at which others sit: the motion sensor.
    w1 : where the kernel lists what hangs on its 1-wire buses.
    """

    def __init__(
        self,
        open_bus: Callable[[], I2CBus],
        clock: Clock,
        health: Health,
        settings: ThermometerSettings,
        comfort: ComfortSettings,
        on_reading: Callable[[Temperature], None],
        *,
        taken: Callable[[], Collection[int]] = tuple,
        w1: Path = ds18b20.DEVICES,
    ) -> None:
        self._open_bus, self._clock, self._health = open_bus, clock, health
        self._settings, self._on_reading = settings, on_reading
        self._taken, self._w1 = taken, w1
        self._gate, self._band = _Gate(), _Band(comfort)
        self._bus: I2CBus | None = None
        self._thermometer: Thermometer | None = None
        self._met = self._look_anew = False
        self._misses, self._wait_s = 0, FIRST_WAIT_S
        self._due_s = clock.monotonic()
        self._newest: tuple[Temperature, State] | None = None

    def use(self, settings: ThermometerSettings, comfort: ComfortSettings) -> None:
        """Take other settings into force, from the next reading on."""
        if settings != self._settings:
            self._look_anew = True
        self._settings, self._band = settings, _Band(comfort)

    @property
    def now(self) -> Room:
        """The room as last read; may be asked from any thread."""
        newest = self._newest
        if newest is None:
            return Room()
        (t_s, c, humidity), state = newest
        age_s = self._clock.monotonic() - t_s
        if age_s > STALE_PERIODS * self._settings.period_s:
            return Room(age_s=age_s)
        return Room(c, humidity, age_s, state)

    def run(self, stop: threading.Event) -> None:
        """Read until `stop` is set."""
        while not self._clock.wait(self._due_s, stop):
            self.tick()

    def tick(self) -> None:
        """Read if it is time to; takes up to two seconds then."""
        now_s = self._clock.monotonic()
        if now_s < self._due_s:
            return
        if self._look_anew:
            self._look_anew, self._thermometer, self._met = False, None, False
        if self._settings.chip == "none":
            self._health.clear_fault("thermometer")
            self._due_s = now_s + self._settings.period_s
            return
        try:
            temperature = self._read()
        except BusError as error:
            self._miss(error)
        else:
            self._take(temperature)

    def _read(self) -> Temperature:
        if self._thermometer is None:
            self._thermometer = self._found()
        reading = self._thermometer.read()
        t_s = self._clock.monotonic()
        c, humidity = corrected(reading, self._settings.offset_c)
        self._gate.judge(t_s, c)
        return Temperature(t_s, c, humidity)

    def _found(self) -> Thermometer:
        thermometer = open_thermometer(
            self._the_bus, self._clock, self._settings, taken=self._taken(), w1=self._w1
        )
        self._met = True
        self._health.note("thermometer", f"{thermometer.name} {thermometer.place}")
        return thermometer

    def _the_bus(self) -> I2CBus:
        if self._bus is None:
            self._bus = self._open_bus()
        return self._bus

    def _take(self, temperature: Temperature) -> None:
        self._newest = temperature, self._band.place(temperature.c)
        self._misses, self._wait_s = 0, FIRST_WAIT_S
        self._due_s += self._settings.period_s
        if self._due_s < temperature.t_s + RETRY_S:  # the program stalled, or the search was long
            self._due_s = temperature.t_s + self._settings.period_s
        self._health.clear_fault("thermometer")
        self._on_reading(temperature)

    def _miss(self, error: BusError) -> None:
        """Ask again soon; then call it a fault, and look for the chip as if it were new."""
        now_s = self._clock.monotonic()
        self._misses += 1
        if self._thermometer is not None and self._misses < ATTEMPTS:
            self._due_s = now_s + RETRY_S
            return
        if self._met or not self._may_be_missing(error):
            self._health.raise_fault("thermometer", str(error))
        self._thermometer, self._misses = None, 0
        self._due_s = now_s + self._wait_s
        self._wait_s = min(2.0 * self._wait_s, LONGEST_WAIT_S)

    def _may_be_missing(self, error: BusError) -> bool:
        """Whether an error only says that there is no thermometer, which nobody asked for."""
        return self._settings.chip == "auto" and type(error) in (BusError, ChipNotFound)


class _Gate:
    """Lets through what a room can be."""

    def __init__(self) -> None:
        self._last: tuple[float, float] | None = None

    def judge(self, t_s: float, c: float) -> None:
        """Raise BadReading on a temperature that no bedroom has, or cannot have come to so soon.

        The longer a reading differs from the last one believed, the more it may: a window that
        was opened is believed after some minutes.
        """
        if not COLDEST_C <= c <= HOTTEST_C:
            raise BadReading(
                f"the thermometer says {c:.1f} °C, which no bedroom has: look where it lies, or"
                " replace it"
            )
        if self._last is not None:
            last_s, last_c = self._last
            minutes = max(1.0, (t_s - last_s) / 60.0)
            if abs(c - last_c) > STEP_C_PER_MIN * minutes:
                raise BadReading(
                    f"the thermometer went from {last_c:.1f} to {c:.1f} °C faster than a room can:"
                    " it is believed if it stays so; keep it away from lamp, heater and breath"
                )
        self._last = t_s, c


class _Band:
    """Says where the room lies against the comfort band, without wavering at its edges."""

    def __init__(self, comfort: ComfortSettings) -> None:
        self._comfort = comfort
        self._margin_c = min(HYSTERESIS_C, (comfort.high_c - comfort.low_c) / 2.0)
        self._state: State = "comfortable"

    def place(self, c: float) -> State:
        """Take the next temperature."""
        where = band(c, self._comfort)
        if where == "below":
            self._state = "cool"
        elif where == "above":
            self._state = "warm"
        elif not self._near_where_it_was(c):
            self._state = "comfortable"
        return self._state

    def _near_where_it_was(self, c: float) -> bool:
        if self._state == "cool":
            return c < self._comfort.low_c + self._margin_c
        return self._state == "warm" and c > self._comfort.high_c - self._margin_c


def corrected(reading: Reading, offset_c: float) -> Reading:
    """Take the thermometer's own warmth off a reading.

    The air holds as much water as it did beside the warm chip, which in cooler air is a larger
    share of what it could hold; saturation by Magnus' formula.
    """
    c = reading.c + offset_c
    if reading.humidity is None or not offset_c:
        return Reading(c, reading.humidity)
    return Reading(c, percent(reading.humidity * _saturation(reading.c) / _saturation(c)))


def _saturation(c: float) -> float:
    """Vapour pressure of air that can hold no more, hPa (WMO-No. 8, Magnus over water)."""
    return 6.112 * math.exp(17.62 * c / (243.12 + c))
