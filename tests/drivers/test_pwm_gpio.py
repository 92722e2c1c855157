"""Software PWM: through gpiozero's own simulated pins, and through a model of lgpio."""

import gc
import importlib
import sys
import warnings
from types import ModuleType, SimpleNamespace

import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from bedside.drivers.button import Button, ButtonSettings
from bedside.drivers.pwm_gpio import Gpio, GpioPwm
from bedside.errors import PinError

PI3 = 0xA02082


@pytest.fixture(autouse=True)
def _pins_given_back():
    """gpiozero holds a pin for as long as its device lives, and a caught error keeps that alive."""
    gc.collect()


class LgpioModel(ModuleType):
    """lgpio as its C source has it: whole microseconds, lines that are busy or free.

    pins     (on, off) microseconds of each line with PWM; an int is a level
    sent     what each line was sent, in order
    """

    SET_PULL_NONE, SET_PULL_UP, SET_PULL_DOWN = 128, 32, 64
    BOTH_EDGES, RISING_EDGE, FALLING_EDGE = 3, 1, 2

    def __init__(self, *, chip=True):
        super().__init__("lgpio")
        words = {"__module__": "lgpio", "__str__": lambda error: repr(error.args[0])}
        self.error = type("error", (Exception,), words)
        self.chip, self.busy, self.refusing = chip, set(), False
        self.outputs, self.pins, self.sent = set(), {}, {}
        self.debounced, self.listeners = {}, {}

    def gpiochip_open(self, _number):
        if not self.chip:
            raise self.error("can not open gpiochip")
        return 0

    def gpiochip_close(self, _handle):
        return 0

    def gpio_claim_input(self, _handle, line, _flags=0):
        if line in self.busy:
            raise self.error("GPIO busy")
        self.outputs.discard(line)
        self.pins[line] = "floating"

    def gpio_claim_output(self, _handle, line, level=0):
        self.outputs.add(line)
        self._send(line, level)

    def gpio_free(self, _handle, line):
        self.pins.pop(line)

    def gpio_set_debounce_micros(self, _handle, line, micros):
        self.debounced[line] = micros

    def gpio_claim_alert(self, _handle, line, _edges, _flags):
        self.pins[line] = "alert"

    def callback(self, _handle, line, _edges, tell):
        self.listeners[line] = tell
        return SimpleNamespace(cancel=lambda: self.listeners.pop(line))

    def gpio_read(self, _handle, _line):
        return 1

    def gpio_get_mode(self, _handle, line):
        return 2 if line in self.outputs else 0

    def gpio_write(self, _handle, line, level):
        assert line in self.outputs
        self._send(line, level)

    def tx_pwm(self, _handle, line, frequency, duty):
        if self.refusing:
            raise self.error("bad PWM duty cycle")
        if frequency == 0:
            self._send(line, 1)  # the pulse was cut off while it was high
            return
        micros = int(1e6 / frequency + 0.5)
        on = int(duty / 100.0 * micros + 0.5)
        self._send(line, (on, micros - on))

    def _send(self, line, state):
        self.pins[line] = state
        self.sent.setdefault(line, []).append(state)


@pytest.fixture
def install(monkeypatch):
    """Put a module in the place of lgpio, on a Pi 3."""

    def put(module):
        monkeypatch.setitem(sys.modules, "lgpio", module)
        monkeypatch.delitem(sys.modules, "gpiozero.pins.lgpio", raising=False)
        monkeypatch.setattr("gpiozero.pins.local.get_pi_revision", lambda: PI3)
        return module

    yield put
    sys.modules.pop("gpiozero.pins.lgpio", None)


@pytest.fixture
def lgpio(install):
    return install(LgpioModel())


@pytest.fixture
def gpio(lgpio):
    gpio = Gpio()
    yield gpio
    gpio.close()


@pytest.fixture
def mock_factory():
    factory = MockFactory(pin_class=MockPWMPin)
    yield factory
    factory.reset()


def test_gpiozero_pins_get_every_duty(mock_factory):
    pwm = GpioPwm(Gpio(mock_factory), 17, 200.0)
    pin = mock_factory.pin(17)
    assert (pin.frequency, pin.state, pwm.step) == (200.0, 0.0, 1 / 5000)
    assert pwm.name == "GPIO 17 (software PWM, 200 Hz)"
    for n in range(1, 151):
        pwm.set_duty(n * pwm.step)
    assert len({state.state for state in pin.states}) == 151
    pwm.off()
    assert (pin.frequency, pin.state) == (None, 0.0)
    pwm.set_duty(0.25)
    assert (pin.frequency, pin.state) == (200.0, 0.25)
    pwm.close()
    assert pin.state == 0.0
    assert pin.function == "input"


def test_the_duty_reaches_lgpio_as_a_fraction_of_a_percent(gpio, lgpio):
    pwm = GpioPwm(gpio, 17, 200.0)
    for n in range(1, 151):
        pwm.set_duty(n * pwm.step)
    assert [state[0] for state in lgpio.sent[17][-150:]] == list(range(1, 151))


@pytest.mark.parametrize(("hz", "distinct"), [(100.0, 299), (200.0, 149), (1000.0, 30)])
def test_slower_pulses_have_more_lengths_below_a_fifth_of_the_brightness(gpio, lgpio, hz, distinct):
    """0.0299 of the light is 20 % perceived: why 200 Hz and not 1 kHz."""
    pwm = GpioPwm(gpio, 17, hz)
    lgpio.sent[17].clear()
    for n in range(1, 20_000):
        pwm.set_duty(0.0299 * n / 20_000)
    pulses = {state[0] for state in lgpio.sent[17]} - {0}
    assert len(pulses) == pytest.approx(distinct, abs=1)


def test_off_leaves_the_pin_low_and_no_pulses(gpio, lgpio):
    pwm = GpioPwm(gpio, 17, 200.0)
    pwm.set_duty(0.5)
    pwm.off()
    assert lgpio.pins[17] == 0
    pwm.set_duty(0.5)
    assert lgpio.pins[17] == (2500, 2500)


def test_closing_leaves_a_low_output_and_no_floating_gate(gpio, lgpio):
    pwm = GpioPwm(gpio, 17, 200.0)
    pwm.set_duty(0.5)
    pwm.close()
    assert lgpio.pins[17] == 0
    assert 17 in lgpio.outputs
    gpio.close()
    assert lgpio.pins[17] == 0


def test_nothing_is_sent_but_low_when_it_starts(gpio, lgpio):
    pwm = GpioPwm(gpio, 17, 200.0)
    assert [state for state in lgpio.sent[17] if state not in (0, (0, 5000))] == []
    pwm.close()


def test_a_button_beside_it(gpio, lgpio):
    pwm = GpioPwm(gpio, 17, 200.0)
    told = []
    settings = ButtonSettings(pin=23)
    button = Button(gpio, settings, lambda: told.append("short"), lambda: told.append("long"))
    assert lgpio.debounced == {23: 30_000}
    for level, tick in ((0, 1_000_000_000), (1, 1_200_000_000)):
        lgpio.listeners[23](0, 23, level, tick)
    assert told == ["short"]
    button.close()
    assert lgpio.pins[23] == "floating"
    pwm.close()


def test_a_pin_that_another_program_holds(gpio, lgpio):
    lgpio.busy.add(17)
    with pytest.raises(PinError, match="GPIO 17 is already in use by another program"):
        GpioPwm(gpio, 17, 200.0)
    GpioPwm(gpio, 27, 200.0).close()


def test_a_pin_that_another_part_holds(gpio):
    pwm = GpioPwm(gpio, 17, 200.0)
    with pytest.raises(PinError, match="GPIO 17 is already in use by another part of bedside"):
        GpioPwm(gpio, 17, 200.0)
    pwm.close()
    GpioPwm(gpio, 17, 200.0).close()


def test_a_pin_that_is_not_there(gpio):
    with pytest.raises(PinError, match="GPIO 99 is on no pin"):
        GpioPwm(gpio, 99, 200.0)


def test_what_lgpio_refuses_later(gpio, lgpio):
    pwm = GpioPwm(gpio, 17, 200.0)
    lgpio.refusing = True
    with pytest.raises(PinError, match="GPIO 17 cannot be used: bad PWM duty cycle"):
        pwm.set_duty(0.5)
    pwm.close()  # tells nobody
    lgpio.refusing = False
    pwm.close()
    assert lgpio.pins[17] == 0


def test_a_pin_without_software_pwm():
    plain = MockFactory()
    with pytest.raises(PinError, match="GPIO 17 cannot be used"):
        GpioPwm(Gpio(plain), 17, 200.0)
    plain.reset()


def test_a_fault_of_the_program_comes_through(mock_factory):
    pwm = GpioPwm(Gpio(mock_factory), 17, 200.0)
    with pytest.raises(TypeError):
        pwm.set_duty("bright")
    pwm.close()


def test_no_lgpio_says_how_to_install_it(install):
    install(None)
    with pytest.raises(PinError, match=r"lgpio is not installed.*apt install python3-lgpio"):
        GpioPwm(Gpio(), 17, 200.0)


def test_the_empty_lgpio_of_pypi_is_told_from_a_true_one(install):
    install(ModuleType("lgpio"))
    with pytest.raises(PinError, match=r"empty or too old: `pip uninstall lgpio`.*apt install"):
        GpioPwm(Gpio(), 17, 200.0)


def test_a_working_directory_that_cannot_be_written(install, monkeypatch):
    install(LgpioModel())
    monkeypatch.setenv("LG_WD", "/proc")

    def failing(_name):
        raise FileNotFoundError(2, "No such file or directory", ".lgd-nfy-3")

    monkeypatch.setattr(importlib, "import_module", failing)
    with pytest.raises(PinError, match="lgpio cannot write to /proc: set LG_WD"):
        Gpio().factory()


def test_no_gpiochip(install):
    install(LgpioModel(chip=False))
    with pytest.raises(PinError, match=r"cannot be opened: can not open gpiochip|may not be used"):
        Gpio().factory()


def test_no_raspberry_pi(install, monkeypatch):
    install(LgpioModel())

    def unknown():
        from gpiozero import PinUnknownPi

        raise PinUnknownPi("unable to locate Pi revision")

    monkeypatch.setattr("gpiozero.pins.local.get_pi_revision", unknown)
    with pytest.raises(PinError, match="no Raspberry Pi"):
        Gpio().factory()


def test_no_other_pin_factory_is_ever_fallen_back_to(install):
    install(None)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(PinError):
            Gpio().factory()
