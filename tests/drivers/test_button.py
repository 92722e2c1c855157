"""A button on gpiozero's own simulated pin."""

import threading

import pytest
from gpiozero.pins.mock import MockFactory

from bedside.drivers.button import Button, ButtonSettings
from bedside.drivers.pwm_gpio import Gpio
from bedside.errors import PinError

LONG_S = 0.3


class Presses:
    """Notes what is told."""

    def __init__(self):
        self.told, self.long = [], threading.Event()

    def on_short(self):
        self.told.append("short")

    def on_long(self):
        self.told.append("long")
        self.long.set()


@pytest.fixture
def factory():
    factory = MockFactory()
    yield factory
    factory.reset()


@pytest.fixture
def presses():
    return Presses()


@pytest.fixture
def button(factory, presses):
    settings = ButtonSettings(pin=23, long_press_s=LONG_S)
    button = Button(Gpio(factory), settings, presses.on_short, presses.on_long)
    yield button
    button.close()


def test_a_short_press_is_told_when_it_is_let_go(factory, presses, button):
    pin = factory.pin(23)
    assert (pin.pull, pin.bounce) == ("up", pytest.approx(0.03))
    pin.drive_low()
    assert presses.told == []
    pin.drive_high()
    assert presses.told == ["short"]


def test_a_long_press_is_told_while_the_button_is_down_and_only_once(factory, presses, button):
    pin = factory.pin(23)
    pin.drive_low()
    assert presses.long.wait(5.0)
    assert presses.told == ["long"]
    pin.drive_high()
    assert presses.told == ["long"]
    pin.drive_low()
    pin.drive_high()
    assert presses.told == ["long", "short"]


def test_a_closed_button_gives_its_pin_back(factory, presses):
    settings = ButtonSettings(pin=23)
    first = Button(Gpio(factory), settings, presses.on_short, presses.on_long)
    with pytest.raises(PinError, match="GPIO 23 is already in use"):
        Button(Gpio(factory), settings, presses.on_short, presses.on_long)
    first.close()
    Button(Gpio(factory), settings, presses.on_short, presses.on_long).close()
