"""Software PWM on any pin through gpiozero and lgpio, with the duty passed on as a float."""

import importlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bedside.errors import PinError

_INSTALL = (
    "on Raspberry Pi OS `sudo apt install python3-lgpio` and a venv made with"
    " --system-site-packages, elsewhere `pip install lgpio`"
)


class Gpio:
    """The machine's GPIO lines as gpiozero sees them, opened when first asked for.

    Parameters
    ----------
    factory : gpiozero's pin factory; None for lgpio's, with pins that dim finely.
    """

    def __init__(self, factory: Any = None) -> None:
        self._factory = factory

    def factory(self) -> Any:
        """Give gpiozero's pin factory; PinError without lgpio or a gpiochip."""
        if self._factory is None:
            self._factory = _lgpio_factory()
        return self._factory

    def close(self) -> None:
        """Give all lines back."""
        if self._factory is not None:
            self._factory.close()
            self._factory = None


@contextmanager
def asking(pin: int) -> Iterator[None]:
    """Turn what gpiozero and lgpio refuse into a PinError; faults of the program come through."""
    try:
        yield
    except Exception as error:
        told = _refused(error, pin)
        if told is None:
            raise
        raise told from error


def _refused(error: Exception, pin: int) -> PinError | None:
    from gpiozero import GPIOPinInUse, GPIOZeroError, PinInvalidPin

    if isinstance(error, GPIOPinInUse):
        return PinError(f"GPIO {pin} is already in use by another part of bedside: move one")
    if isinstance(error, PinInvalidPin):
        return PinError(f"GPIO {pin} is on no pin of this board's header: use 2 to 27")
    if isinstance(error, GPIOZeroError):
        return PinError(f"GPIO {pin} cannot be used: {error}")
    if type(error).__module__ != "lgpio":
        return None
    if "busy" in str(error).lower():
        return PinError(
            f"GPIO {pin} is already in use by another program or an overlay: free it, or take"
            " another pin; `gpioinfo` says who has it"
        )
    return PinError(f"GPIO {pin} cannot be used: {_said(error)}")


def _said(error: Exception) -> str:
    return str(error).strip("'")  # lgpio's errors print as if quoted


class GpioPwm:
    """PWM made by a thread of lgpio, to the whole microsecond.

    Slow is fine here: the pulses of 1 kHz have a thousand lengths, thirty of them below 20 %
    perceived brightness; at 200 Hz there are five times as many.

    Raises
    ------
    PinError : no lgpio, no permission, or the pin is taken.
    """

    def __init__(self, gpio: Gpio, pin: int, hz: float) -> None:
        from gpiozero import PWMOutputDevice

        self._hz, self._pin = hz, pin
        self.step = 1.0 / round(1e6 / hz)
        self.name = f"GPIO {pin} (software PWM, {hz:g} Hz)"
        factory = gpio.factory()
        with asking(pin):
            self._device = PWMOutputDevice(pin, frequency=hz, pin_factory=factory)

    def set_duty(self, duty: float) -> None:
        """Be on for this share of the time, 0-1."""
        with asking(self._pin):
            if self._device.frequency is None:
                self._device.frequency = self._hz
            self._device.value = duty

    def off(self) -> None:
        """Rest dark, without a thread at work."""
        with asking(self._pin):
            self._device.value = 0.0
            self._device.frequency = None

    def close(self) -> None:
        """Leave the pin dark and give it back."""
        with suppress(PinError):
            self.off()
        with suppress(PinError), asking(self._pin):
            self._device.close()


def load_lgpio() -> Any:
    """Give lgpio's module; PinError where it is missing, empty, or may not make its pipe."""
    # lgpio makes a pipe in its working directory when imported, and fails where it may not.
    os.environ.setdefault("LG_WD", tempfile.gettempdir())
    try:
        lgpio = importlib.import_module("lgpio")
    except ImportError as error:
        raise PinError(f"lgpio is not installed: {_INSTALL}") from error
    except OSError as error:
        folder = os.environ["LG_WD"]
        raise PinError(f"lgpio cannot write to {folder}: set LG_WD to a folder it may") from error
    if not hasattr(lgpio, "tx_pwm"):  # PyPI's 0.0.0.2 is an empty file
        raise PinError(
            "the lgpio that is installed is empty or too old: `pip uninstall lgpio`, then"
            f" {_INSTALL}"
        )
    return lgpio


def _lgpio_factory() -> Any:
    lgpio = load_lgpio()
    from gpiozero import PinUnknownPi
    from gpiozero.pins.lgpio import LGPIOFactory

    try:
        factory = LGPIOFactory()
    except PinUnknownPi as error:
        raise PinError("this machine is no Raspberry Pi, it has no GPIO pins to use") from error
    except lgpio.error as error:
        raise _no_chip(error) from error
    factory.pin_class = _fine_pin(lgpio)
    return factory


def _no_chip(error: Exception) -> PinError:
    chips = sorted(Path("/dev").glob("gpiochip*"))
    if chips and not any(os.access(chip, os.R_OK | os.W_OK) for chip in chips):
        return PinError(
            "the GPIO pins may not be used by this user: run `sudo usermod -aG gpio $USER`, then"
            " log in again"
        )
    return PinError(f"the GPIO pins cannot be opened: {_said(error)}; is /dev/gpiochip0 there?")


def _fine_pin(lgpio: Any) -> Any:
    """Give a pin that dims finely, and that stays low when it is left."""
    from gpiozero.pins.lgpio import LGPIOPin

    class FinePin(LGPIOPin):  # type: ignore[misc]
        """gpiozero's own pin cuts the duty to whole percents, and floats when closed."""

        _pwm: tuple[float, float] | None

        def _set_state(self, value: float) -> None:
            if not self._pwm:
                super()._set_state(value)
                return
            self._pwm = (self._pwm[0], value * 100.0)
            lgpio.tx_pwm(self.factory._handle, self._number, *self._pwm)

        def _set_frequency(self, value: float | None) -> None:
            super()._set_frequency(value)
            if self._pwm is None and self.function == "output":
                self._low()  # a pulse may have been cut off in its middle

        def close(self) -> None:
            if self.factory._handle is not None and self.function == "output":
                self._low()
            else:
                super().close()

        def _low(self) -> None:
            lgpio.gpio_write(self.factory._handle, self._number, 0)

    return FinePin
