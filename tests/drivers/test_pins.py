"""Which pin does what, and in hardware or in software."""

import sys

import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from bedside.clock import SteppedClock
from bedside.drivers.button import ButtonSettings
from bedside.drivers.pins import PiPins, PwmWish
from bedside.drivers.pwm_gpio import Gpio
from bedside.errors import NoPwm, PinError
from bedside.simulator.pwm import PwmTree


@pytest.fixture
def tree(tmp_path):
    return PwmTree(tmp_path, SteppedClock())


@pytest.fixture
def pins(tree):
    factory = MockFactory(pin_class=MockPWMPin)
    taken = {2: "the I2C bus"}
    pins = PiPins(SteppedClock(), taken, gpio=Gpio(factory), root=tree.root, write=tree.write)
    yield pins
    pins.close()
    factory.reset()


def test_hardware_is_taken_where_the_pin_has_it(pins, tree):
    tree.add_chip(0, "fe20c000.pwm", 2)
    assert pins.open_pwm(18, "the light", PwmWish()).name == "GPIO 18 (hardware PWM, 2000 Hz)"
    assert pins.open_pwm(17, "the light", PwmWish()).name == "GPIO 17 (software PWM, 200 Hz)"


def test_software_where_the_overlay_is_missing(pins):
    assert pins.open_pwm(18, "the light", PwmWish()).name == "GPIO 18 (software PWM, 200 Hz)"


def test_software_where_it_is_asked_for(pins, tree):
    tree.add_chip(0, "fe20c000.pwm", 2)
    wish = PwmWish("software", software_hz=100.0)
    assert pins.open_pwm(18, "the light", wish).name == "GPIO 18 (software PWM, 100 Hz)"


@pytest.mark.parametrize(("pin", "told"), [(17, "has no hardware PWM"), (18, "not turned on")])
def test_hardware_that_is_asked_for_and_not_there(pins, pin, told):
    with pytest.raises(NoPwm, match=told):
        pins.open_pwm(pin, "the light", PwmWish("hardware"))


def test_neither_hardware_nor_software_says_how_to_have_either(tree, monkeypatch):
    monkeypatch.setitem(sys.modules, "lgpio", None)
    pins = PiPins(SteppedClock(), root=tree.root, write=tree.write)
    with pytest.raises(PinError, match=r"add the line `dtoverlay.*in software: lgpio is not inst"):
        pins.open_pwm(18, "the light", PwmWish())


def test_a_taken_channel_is_told_and_not_gone_round(pins, tree):
    tree.take(tree.add_chip(0, "fe20c000.pwm", 2), 0)
    with pytest.raises(PinError, match="in use by a driver of the kernel"):
        pins.open_pwm(18, "the light", PwmWish())


def test_two_jobs_on_one_pin(pins):
    pins.open_pwm(18, "the light", PwmWish())
    with pytest.raises(PinError, match="GPIO 18 has two jobs, the light and the button: move one"):
        pins.open_button(ButtonSettings(pin=18), lambda: None, lambda: None)
    with pytest.raises(PinError, match="GPIO 2 has two jobs, the I2C bus and the light"):
        pins.open_pwm(2, "the light", PwmWish())
    pins.open_button(ButtonSettings(pin=23), lambda: None, lambda: None).close()


def test_two_pins_that_are_one_channel(pins, tree):
    tree.add_chip(0, "fe20c000.pwm", 2)
    pins.open_pwm(18, "the light", PwmWish())
    with pytest.raises(PinError, match="GPIO 18 and GPIO 12 are one and the same PWM channel"):
        pins.open_pwm(12, "the light", PwmWish())


def test_on_a_pi_5_they_are_two(pins, tree):
    tree.add_chip(0, "1f00098000.pwm", 4)
    for pin in (12, 13, 18):
        pins.open_pwm(pin, "the light", PwmWish())


def test_the_same_part_may_open_its_pin_again(pins, tree):
    tree.add_chip(0, "fe20c000.pwm", 2)
    pins.open_pwm(18, "the light", PwmWish()).close()
    pins.open_pwm(18, "the light", PwmWish()).close()
