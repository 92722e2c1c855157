"""The room's temperature, from chips that are spoilt in every way."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bedside.climate import Climate, Room, corrected
from bedside.clock import SteppedClock
from bedside.drivers.i2c import I2CBus
from bedside.drivers.thermometer import Reading, ThermometerSettings
from bedside.errors import BusError
from bedside.health import Health
from bedside.pipeline.comfort import ComfortSettings
from bedside.pipeline.recorded import Temperature
from bedside.simulator.bus import SimulatedI2C
from bedside.simulator.ds18b20 import Ds18b20Model
from bedside.simulator.mcp9808 import Mcp9808Model
from bedside.simulator.room import Air, night_air
from bedside.simulator.sht4x import Sht4xModel


class Bedroom:
    """An SHT4x in a room, and what happens there at which second."""

    def __init__(self, folder: Any, *, plugged: bool = True, **settings: Any) -> None:
        self.clock = SteppedClock()
        self.start_s = self.clock.monotonic()
        self.air = Air(19.5, 45.0)
        self.chip = Sht4xModel(self.clock, lambda _t: self.air)
        self.bus = SimulatedI2C(self.clock, {0x44: self.chip} if plugged else {})
        self.told: list[tuple[float, str, bool]] = []
        self.health = Health(self.clock, [self._note])
        self.readings: list[Temperature] = []
        self.plan: list[tuple[float, Callable[[], object]]] = []
        self.folder = folder / "w1"
        self.climate = self.make(**settings)

    def make(self, open_bus: Callable[[], I2CBus] | None = None, **settings: Any) -> Climate:
        taken = settings.pop("taken", ())
        return Climate(
            open_bus or (lambda: self.bus),
            self.clock,
            self.health,
            ThermometerSettings(**settings),
            ComfortSettings(),
            self.readings.append,
            taken=lambda: taken,
            w1=self.folder,
        )

    def _note(self, fault: Any, over: bool) -> None:
        assert fault.part == "thermometer"
        self.told.append((self.now_s, fault.sentence, over))

    @property
    def now_s(self) -> float:
        return self.clock.monotonic() - self.start_s

    def at(self, second: float, happen: Callable[[], object]) -> None:
        self.plan.append((second, happen))

    def warm(self, c: float, humidity: float = 45.0) -> None:
        self.air = Air(c, humidity)

    def run(self, until_s: float) -> list[Temperature]:
        """Tick once a second, as a keeper would."""
        while self.now_s < until_s:
            due = [happen for second, happen in self.plan if second <= self.now_s]
            self.plan = [entry for entry in self.plan if entry[0] > self.now_s]
            for happen in due:
                happen()
            self.climate.tick()
            self.clock.advance(1.0 - self.now_s % 1.0)
        return self.readings

    @property
    def sentences(self) -> list[str]:
        return [sentence for _, sentence, over in self.told if not over]


@pytest.fixture
def make(tmp_path) -> Callable[..., Bedroom]:
    return lambda **settings: Bedroom(tmp_path, **settings)


def test_the_room_is_read_twice_a_minute(make):
    room = make()
    readings = room.run(600.0)
    assert len(readings) == 20
    t_s = np.array([reading.t_s for reading in readings]) - room.start_s
    assert np.diff(t_s) == pytest.approx(30.0, abs=1.0)
    assert t_s[-1] == pytest.approx(570.0, abs=1.0)  # deadlines do not drift
    assert readings[0].c == pytest.approx(19.5, abs=0.002)
    assert readings[0].humidity == pytest.approx(45.0, abs=0.002)
    assert room.told == []
    assert room.health.facts() == {"thermometer": "SHT4x at 0x44"}


def test_now_tells_the_newest_reading_and_its_age(make):
    room = make()
    assert room.climate.now == Room(None, None, None, None)
    room.run(605.0)
    now = room.climate.now
    assert now.c == pytest.approx(19.5, abs=0.002)
    assert now.age_s == pytest.approx(5.0, abs=0.1)
    assert now.state == "comfortable"


def test_a_whole_night_in_the_thread_of_its_own(make):
    room = make(period_s=60.0)
    stop = threading.Event()
    room.chip.room = night_air(room.start_s)
    room.clock.on_wait = lambda _now: stop.set() if room.now_s > 8 * 3600.0 else None
    room.climate.run(stop)
    c = [reading.c for reading in room.readings]
    assert len(c) == pytest.approx(480, abs=2)
    assert 21.0 < c[0] < 21.5
    assert 17.0 < c[-1] < 17.9
    assert room.told == []


def test_a_single_wrong_reading_is_asked_again_and_nobody_hears_of_it(make):
    room = make()
    room.at(100.0, lambda: setattr(room.chip, "damaged", True))
    room.at(121.5, lambda: setattr(room.chip, "damaged", False))
    readings = room.run(300.0)
    assert len(readings) == 10
    assert {round(reading.c, 1) for reading in readings} == {19.5}
    assert room.told == []


def test_a_chip_that_is_damaged_is_a_fault_and_its_value_is_never_told(make):
    room = make()
    room.at(100.0, lambda: setattr(room.chip, "damaged", True))
    room.at(1000.0, lambda: setattr(room.chip, "damaged", False))
    readings = room.run(2000.0)
    assert {round(reading.c, 1) for reading in readings} == {19.5}
    [(noticed_s, sentence, over), (_, _, cleared)] = room.told
    assert 120.0 < noticed_s < 130.0
    assert sentence == "SHT4x at 0x44 is damaged and measures nothing any more: replace it"
    assert (over, cleared) == (False, True)


def test_one_that_vanishes_is_a_fault_never_an_old_value_and_is_found_again(make):
    room = make()
    seen: list[tuple[float, Room]] = []
    room.at(100.0, lambda: room.bus.unplug(0x44))
    for second in (115.0, 150.0, 179.0, 200.0, 700.0):
        room.at(second, lambda: seen.append((room.now_s, room.climate.now)))
    room.at(800.0, lambda: room.bus.plug(0x44, room.chip))
    readings = room.run(1200.0)
    assert [now.c is None for _, now in seen] == [False, False, False, True, True]
    for second, now in seen:
        assert now.age_s == pytest.approx(second - 90.0, abs=1.0)
        assert (now.humidity is None) == (now.state is None) == (now.c is None)
    [(noticed_s, sentence, _), (found_s, _, over)] = [room.told[0], room.told[-1]]
    assert 120.0 < noticed_s < 130.0
    assert "SHT4x at 0x44: nobody answers" in sentence
    assert over
    assert 800.0 < found_s < 925.0
    assert not any(100.0 < reading.t_s - room.start_s < 800.0 for reading in readings)
    assert room.health.faults() == ()


def test_waits_grow_before_it_is_looked_for_again(make):
    room = make(chip="sht4x", address=0x44, plugged=False)
    looked: list[float] = []
    transfer = room.bus.transfer

    def watched(address: int, write: bytes, read: int = 0) -> bytes:
        looked.append(round(room.now_s))
        return transfer(address, write, read)

    room.bus.transfer = watched
    room.run(700.0)
    assert np.diff(looked).tolist() == [2, 4, 8, 16, 32, 64, 120, 120, 120, 120]
    assert len(room.sentences) == 1


def test_a_thermometer_that_was_asked_for_is_missed(make):
    room = make(chip="bme280", plugged=False)
    room.run(10.0)
    assert room.sentences[0].startswith("no bme280 answers at 0x76 or 0x77 on the I2C bus: check")


def test_auto_is_quiet_where_there_is_none_and_takes_what_is_plugged_in_later(make):
    room = make(plugged=False)
    room.at(500.0, lambda: room.bus.plug(0x44, room.chip))
    room.run(490.0)
    assert room.told == []
    assert room.climate.now == Room()
    assert len(room.run(700.0)) >= 3
    room.bus.unplug(0x44)
    room.run(900.0)
    assert len(room.sentences) >= 1  # now it is known that there should be one


def test_none_never_looks(make):
    room = make(chip="none")
    room.run(2000.0)
    assert room.bus.transfers == 0
    assert (room.told, room.readings) == ([], [])


def test_a_bus_that_is_not_there_is_asked_for_again(make):
    room = make()
    opened = []

    def open_bus() -> I2CBus:
        opened.append(room.now_s)
        if room.now_s < 20.0:
            raise BusError("there is no I2C bus /dev/i2c-1: turn it on")
        return room.bus

    room.climate = room.make(open_bus, chip="sht4x")
    assert len(room.run(120.0)) >= 3
    assert room.sentences == ["there is no I2C bus /dev/i2c-1: turn it on"]
    assert [round(second) for second in opened] == [0, 2, 6, 14, 30]


def test_a_ds18b20_takes_the_same_way(make):
    room = make(plugged=False)
    wire = Ds18b20Model(room.folder, 20.0)
    room.at(100.0, wire.power_up)
    room.at(300.0, lambda: wire.set(20.5))
    readings = room.run(500.0)
    assert {reading.c for reading in readings} == {20.0, 20.5}
    assert all(reading.humidity is None for reading in readings)
    assert "85 °C, as after a loss of power" in room.sentences[0]
    assert room.health.faults() == ()


@pytest.mark.parametrize("c", [-10.5, 50.5, 85.0, -45.0])
def test_what_no_bedroom_has_is_refused(c, make):
    room = make()
    room.warm(c)
    room.run(60.0)
    assert room.readings == []
    assert room.sentences[0].startswith(f"the thermometer says {c:.1f} °C, which no bedroom has")


def test_a_spike_is_refused(make):
    room = make()
    room.at(100.0, lambda: room.warm(22.0))
    room.at(121.0, lambda: room.warm(19.6))
    readings = room.run(300.0)
    assert {round(reading.c, 1) for reading in readings} == {19.5, 19.6}
    assert room.told == []


def test_a_change_that_lasts_is_believed_in_the_end_and_meanwhile_a_fault(make):
    room = make()
    room.at(100.0, lambda: room.warm(25.5))
    readings = room.run(600.0)
    assert "went from 19.5 to 25.5 °C faster than a room can" in room.sentences[0]
    first = next(reading for reading in readings if reading.c > 20.0)
    assert 180.0 < first.t_s - room.start_s < 460.0  # six degrees: three minutes at the least
    assert room.health.faults() == ()


def test_a_slow_change_of_two_degrees_a_minute_is_believed(make):
    room = make()
    room.chip.room = lambda t_s: Air(10.0 + 1.9 * (t_s - room.start_s) / 60.0)
    assert len(room.run(600.0)) == 20
    assert room.told == []


def test_its_own_warmth_is_taken_off(make):
    room = make(offset_c=-2.0)
    [reading] = room.run(20.0)
    assert reading.c == pytest.approx(17.5, abs=0.002)
    assert reading.humidity == pytest.approx(51.0, abs=0.3)  # the same water in cooler air


def test_humidity_moves_with_the_offset_as_the_air_does():
    assert corrected(Reading(20.0, 50.0), 0.0) == (20.0, 50.0)
    assert corrected(Reading(20.0), -1.5) == (18.5, None)
    # Saturation at 25 and 20 °C, hPa, from the tables: 31.7 and 23.4.
    assert corrected(Reading(25.0, 50.0), -5.0).humidity == pytest.approx(67.8, abs=0.3)
    assert corrected(Reading(25.0, 95.0), -5.0).humidity == 100.0


def test_the_state_does_not_waver_at_the_edge_of_the_band(make):
    room = make()
    states = []
    for c in (19.0, 18.1, 17.95, 18.1, 18.25, 17.9, 18.35, 18.1, 20.9, 21.1, 20.9, 20.75, 20.65):
        room.warm(c)
        room.run(room.now_s + 60.0)
        states.append(room.climate.now.state)
    assert states == [
        "comfortable", "comfortable", "cool", "cool", "cool", "cool", "comfortable",
        "comfortable", "comfortable", "warm", "warm", "warm", "comfortable",
    ]  # fmt: skip


def test_a_band_without_width_has_no_hysteresis(make):
    room = make()
    room.climate = Climate(
        lambda: room.bus, room.clock, room.health, ThermometerSettings(),
        ComfortSettings(low_c=19.0, high_c=19.0), room.readings.append, w1=room.folder,
    )  # fmt: skip
    states = []
    for c in (18.9, 19.1, 18.9):
        room.warm(c)
        room.run(room.now_s + 60.0)
        states.append(room.climate.now.state)
    assert states == ["cool", "warm", "cool"]


def test_sensor_and_thermometer_at_one_address_is_one_sentence(make):
    room = make()
    room.bus.plug(0x18, Mcp9808Model(room.clock, lambda _t: room.air))
    room.climate = room.make(chip="mcp9808", address=0x18, taken=(0x18,))
    room.run(20.0)
    assert room.sentences == [
        "[climate] address = 0x18 is where the motion sensor sits: strap one of the two to another"
        " address, and set it there; or set address = 0"
    ]


def test_a_program_that_stalled_does_not_ask_twice_at_once(make):
    room = make()
    room.at(100.0, lambda: room.clock.advance(500.0))
    readings = room.run(800.0)
    assert min(np.diff([reading.t_s for reading in readings])) > 2.0


def test_a_fault_of_the_program_is_loud(make):
    room = make()

    def broken() -> I2CBus:
        raise ZeroDivisionError

    room.climate = room.make(broken)
    with pytest.raises(ZeroDivisionError):
        room.climate.tick()


@pytest.mark.parametrize("error", [5, 110, 121])
def test_a_bus_that_often_fails_never_brings_a_wrong_number(error, make):
    room = make()
    room.bus.fail_sometimes(0.1, seed=3, error=error)
    readings = room.run(3600.0)
    assert {round(reading.c, 1) for reading in readings} == {19.5}
    assert len(readings) > 90
