"""When the display is bright, dim or dark, and what reaches the glass of its panel."""

import errno
import sys
import threading
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from bedside.climate import Room
from bedside.clock import SteppedClock
from bedside.display import Display, DisplaySettings
from bedside.display.picture import View, render
from bedside.drivers.i2c import I2CBus
from bedside.errors import BusError
from bedside.health import Health
from bedside.simulator.bus import SimulatedI2C
from bedside.simulator.oled import Sh1106Model, Ssd1306Model

# What luma 3.16 asks of Pillow is there until Pillow 14, which pyproject.toml keeps out.
pytestmark = pytest.mark.filterwarnings("ignore:Image.Image.getdata is deprecated")

ZONE = ZoneInfo("Europe/Berlin")
EVENING = 1_790_017_200.0  # 21 September 2026, 21:00 in Berlin
MODELS = {"ssd1306": Ssd1306Model, "sh1106": Sh1106Model}
WARM = Room(22.5, 40.0, 3.0, "warm")


class Bedside:
    """A display, and all that it looks at."""

    def __init__(self, kind: str = "ssd1306", address: int = 0x3C, **settings: Any) -> None:
        self.clock = SteppedClock(EVENING, monotonic=120.0)
        self.panel = MODELS[kind](settings.get("height", 64))
        self.bus = SimulatedI2C(self.clock, {address: self.panel})
        self.health = Health(self.clock)
        self.room, self.in_bed, self.night = WARM, False, False
        self.asked: list[float | None] = []
        self.display = self.make(panel=kind, **settings)

    def make(self, open_bus: Any = None, **settings: Any) -> Display:
        return Display(
            open_bus or (lambda: self.bus),
            self.clock,
            ZONE,
            self.health,
            DisplaySettings(**settings),
            lambda: self.room,
            lambda: self.in_bed,
            self._is_night,
        )

    def _is_night(self, wall_s: float | None) -> bool:
        self.asked.append(wall_s)
        return self.night or wall_s is None

    def wait(self, seconds: float) -> None:
        end_s = self.clock.monotonic() + seconds
        while self.clock.monotonic() < end_s - 1e-9:
            self.clock.advance(0.25)
            self.display.tick()

    def shows(self, clock: str, **view: Any) -> bool:
        told = View(**{"c": 22.5, "state": "warm", "clock": clock, **view})
        return np.array_equal(self.panel.picture(), render(told, len(self.panel.picture())))


@pytest.fixture
def make():
    return Bedside


@pytest.mark.parametrize("address", [0x3C, 0x3D])
@pytest.mark.parametrize("height", [64, 32])
@pytest.mark.parametrize("kind", MODELS)
def test_what_is_drawn_is_what_glows(kind, height, address, make):
    bedside = make(kind, address, height=height)
    bedside.wait(0.25)
    assert bedside.shows("21:00", shift=(2, 0))
    assert bedside.health.faults() == ()


def test_upside_down(make):
    bedside = make(flipped=True)
    bedside.wait(0.25)
    upright = render(View(22.5, "warm", "21:00", shift=(2, 0)), 64)
    np.testing.assert_array_equal(bedside.panel.picture()[::-1, ::-1], upright)


def test_it_keeps_up_with_time_room_and_faults_and_wanders(make):
    bedside = make()
    bedside.wait(60.0)
    assert bedside.shows("21:01", shift=(3, 1))
    bedside.room = Room(17.25, None, 3.0, "cool")
    bedside.wait(0.25)
    assert bedside.shows("21:01", shift=(3, 1), c=17.25, state="cool")
    bedside.health.raise_fault("thermometer", "nobody answers")
    bedside.room = Room(age_s=500.0)
    bedside.wait(0.25)
    assert bedside.shows("21:01", shift=(3, 1), c=None, state=None, fault=True)
    bedside.health.clear_fault("thermometer")
    bedside.room = WARM
    bedside.wait(30.0)
    assert bedside.shows("21:01", shift=(3, 1))


def test_it_draws_only_what_has_changed(make):
    bedside = make()
    bedside.wait(0.25)
    before = bedside.bus.transfers
    bedside.wait(59.0)
    assert bedside.bus.transfers == before
    bedside.wait(1.0)
    assert bedside.bus.transfers == before + 19  # 16 pieces of picture, and three commands


def test_while_the_time_is_not_known_none_is_shown_and_it_is_dim(make):
    bedside = make()
    bedside.clock.step_wall(0.0, known=False)
    bedside.health.raise_fault("clock", "the time of day is not known yet")
    bedside.wait(0.25)
    assert bedside.shows("", shift=(2, 0))
    assert bedside.asked == [None]
    assert bedside.panel.contrast == 3


def test_local_time_follows_the_clock_when_it_steps(make):
    bedside = make()
    bedside.clock.step_wall(35 * 86400.0)  # into winter time
    bedside.wait(0.25)
    assert bedside.shows("20:00", shift=(2, 0))


def test_dim_at_night_and_bright_by_day(make):
    bedside = make(brightness=100.0, dim_brightness=0.0)
    bedside.wait(0.25)
    assert bedside.panel.contrast == 255
    bedside.night = True
    bedside.wait(0.25)
    assert bedside.panel.contrast == 0
    assert bedside.shows("21:00", shift=(2, 0))


def test_dark_while_somebody_sleeps(make):
    bedside = make(dark_after_s=180.0)
    bedside.in_bed = True
    bedside.wait(179.0)
    assert bedside.panel.lit
    bedside.wait(2.0)
    assert not bedside.panel.lit
    before = bedside.bus.transfers
    bedside.wait(600.0)
    assert not bedside.panel.lit
    assert bedside.bus.transfers == before


def test_leaving_the_bed_wakes_it_dimly_until_some_time_after_the_return(make):
    bedside = make(dark_after_s=180.0)
    bedside.in_bed = bedside.night = True
    bedside.wait(600.0)
    bedside.in_bed = False
    bedside.wait(0.5)
    assert bedside.panel.lit
    assert bedside.panel.contrast == 3
    assert bedside.shows("21:10", shift=(4, 4))
    bedside.wait(60.0)
    bedside.in_bed = True
    bedside.wait(179.0)
    assert bedside.panel.lit
    bedside.wait(2.0)
    assert not bedside.panel.lit


def test_the_button_wakes_it_for_a_while(make):
    bedside = make(lit_s=15.0)
    bedside.in_bed = True
    bedside.wait(600.0)
    bedside.display.wake()
    bedside.wait(0.25)
    assert bedside.panel.lit
    assert bedside.shows("21:10", shift=(4, 4))
    bedside.wait(10.0)
    bedside.display.wake()
    bedside.wait(14.0)
    assert bedside.panel.lit
    bedside.wait(1.5)
    assert not bedside.panel.lit


class Watched(SimulatedI2C):
    """Notes how bright the panel glowed after each transfer: contrast, and lit pixels."""

    def __init__(self, clock: Any, panel: Any) -> None:
        super().__init__(clock, {0x3C: panel})
        self.panel, self.glowed = panel, []

    def transfer(self, address: int, write: bytes, read: int = 0) -> bytes:
        answer = super().transfer(address, write, read)
        if lit := int(self.panel.picture().sum()):
            self.glowed.append((self.panel.contrast, lit))
        return answer


@pytest.mark.parametrize("kind", MODELS)
def test_nothing_flashes_when_it_starts_or_wakes_at_night(kind, make):
    bedside = make(kind)
    bedside.panel.memory[:] = 0xFF
    bedside.bus = Watched(bedside.clock, bedside.panel)
    bedside.night = bedside.in_bed = True
    bedside.wait(600.0)
    bedside.display.wake()
    bedside.wait(20.0)
    assert {contrast for contrast, _ in bedside.bus.glowed} == {3}


def test_a_panel_that_lost_its_power_in_the_dark_wakes_all_the_same(make):
    bedside = make()
    bedside.in_bed = True
    bedside.wait(600.0)
    bedside.panel.brown_out()
    bedside.in_bed = False
    bedside.wait(0.25)
    assert bedside.shows("21:10", shift=(4, 4))


def test_no_display_no_complaint(make):
    bedside = make()
    bedside.bus.unplug(0x3C)
    bedside.display = bedside.make()
    bedside.wait(2000.0)
    bedside.display.close()
    assert bedside.bus.transfers == 0
    assert bedside.health.faults() == ()


def test_one_that_is_not_there_is_a_sentence_and_is_looked_for_again(make):
    bedside = make()
    bedside.bus.unplug(0x3C)
    bedside.wait(0.25)
    [fault] = bedside.health.faults()
    assert fault.part == "display"
    assert fault.sentence == (
        "no display answers at 0x3c or 0x3d: check its four wires (3.3 V, GND, SDA, SCL), or set"
        ' [display] panel = "none"'
    )
    bedside.wait(300.0)
    assert bedside.bus.transfers == 2 * 8  # after 2, 4, 8, 16, 32, 64 and 120 s more
    bedside.bus.plug(0x3C, bedside.panel)
    bedside.wait(125.0)
    assert bedside.health.faults() == ()
    assert bedside.panel.lit


def test_one_that_is_pulled_off_and_put_back(make):
    bedside = make()
    bedside.wait(1.0)
    bedside.bus.unplug(0x3C)
    bedside.wait(61.0)
    [fault] = bedside.health.faults()
    assert "the display at 0x3c: nobody answers" in fault.sentence
    bedside.panel.brown_out()
    bedside.bus.plug(0x3C, bedside.panel)
    bedside.wait(70.0)
    assert bedside.health.faults() == ()
    assert bedside.shows("21:02", shift=(4, 1))


@pytest.mark.parametrize("error", [errno.EREMOTEIO, errno.EIO, errno.ETIMEDOUT])
def test_any_transfer_may_fail(error, make):
    bedside = make()
    bedside.wait(0.25)
    for n in range(1, bedside.bus.transfers + 1):
        bedside = make()
        bedside.bus.fail_at = {n: error}
        bedside.wait(0.25)
        assert [fault.part for fault in bedside.health.faults()] == ["display"]
        bedside.wait(3.0)
        assert bedside.health.faults() == ()
        assert bedside.shows("21:00", shift=(2, 0))


def test_a_bus_that_is_not_there_is_asked_for_again(make):
    bedside, opened = make(), []

    def open_bus() -> I2CBus:
        opened.append(bedside.clock.monotonic())
        if len(opened) < 3:
            raise BusError("there is no I2C bus /dev/i2c-1: turn it on")
        return bedside.bus

    bedside.display = bedside.make(open_bus, panel="ssd1306")
    bedside.wait(1.0)
    assert "no I2C bus" in bedside.health.faults()[0].sentence
    bedside.wait(60.0)
    assert len(opened) == 3
    assert bedside.health.faults() == ()


def test_luma_that_is_not_installed_is_a_sentence(make, monkeypatch):
    monkeypatch.setitem(sys.modules, "luma.oled", None)
    bedside = make()
    bedside.wait(0.25)
    [fault] = bedside.health.faults()
    assert fault.sentence == (
        '[display] panel = "ssd1306" needs luma.oled, which is not installed:'
        " pip install 'bedside[display]'"
    )


def test_in_a_thread_of_its_own_it_ends_dark(make):
    bedside, stop = make(), threading.Event()
    bedside.clock.on_wait = lambda now_s: stop.set() if now_s > 300.0 else None
    bedside.display.run(stop)
    assert not bedside.panel.lit
    assert bedside.bus.transfers > 30


def test_it_ends_even_when_the_panel_has_gone(make):
    bedside = make()
    bedside.wait(0.25)
    bedside.bus.unplug(0x3C)
    bedside.display.close()


def test_a_picture_never_holds_the_bus_for_long(make):
    bedside = make()
    longest = []
    transfer = bedside.bus.transfer

    def watched(address: int, write: bytes, read: int = 0) -> bytes:
        longest.append(len(write))
        return transfer(address, write, read)

    bedside.bus.transfer = watched
    bedside.wait(120.0)
    assert max(longest) <= 65


def test_a_fault_of_the_program_is_loud(make):
    bedside = make()

    def broken() -> I2CBus:
        raise ZeroDivisionError

    bedside.display = bedside.make(broken, panel="sh1106")
    bedside.clock.advance(1.0)
    with pytest.raises(ZeroDivisionError):
        bedside.display.tick()
