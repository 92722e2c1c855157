"""The forty-pin header: who uses which pin, and how a pin becomes a lamp or a button."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol

from bedside.clock import Clock
from bedside.drivers.button import Button, ButtonSettings
from bedside.drivers.pwm import Pwm, PwmKind
from bedside.drivers.pwm_gpio import Gpio, GpioPwm
from bedside.drivers.pwm_kernel import ROOT, KernelPwm, Write, find_channel, write_file
from bedside.errors import NoPwm, PinError

log = logging.getLogger(__name__)


class PwmWish(NamedTuple):
    """How PWM is to be made: in which way, and how fast in each, Hz."""

    kind: PwmKind = "auto"
    hardware_hz: float = 2000.0
    software_hz: float = 200.0


class Closable(Protocol):
    """What holds a pin until it is closed."""

    def close(self) -> None:
        """Give the pin back."""


class Pins(Protocol):
    """The pins of the machine, or of a simulated one."""

    def open_pwm(self, pin: int, job: str, wish: PwmWish) -> Pwm:
        """Make a dark PWM pin; PinError when that cannot be."""

    def open_button(
        self, settings: ButtonSettings, on_short: Callable[[], None], on_long: Callable[[], None]
    ) -> Closable:
        """Listen to a button; PinError when that cannot be."""

    def close(self) -> None:
        """Give all pins back."""


class PiPins:
    """The header of a Raspberry Pi; nothing is opened before it is asked for.

    Parameters
    ----------
    taken : pins with a job of their own, such as {2: "the I2C bus"}.
    gpio, root, write : what the pins stand on; the machine's own.
    """

    def __init__(
        self,
        clock: Clock,
        taken: dict[int, str] | None = None,
        *,
        gpio: Gpio | None = None,
        root: Path = ROOT,
        write: Write = write_file,
    ) -> None:
        self._clock, self._root, self._write = clock, root, write
        self._gpio = gpio or Gpio()
        self._jobs = dict(taken or {})
        self._channels: dict[Path, int] = {}

    def open_pwm(self, pin: int, job: str, wish: PwmWish) -> Pwm:
        """Make a dark PWM pin, in hardware where the pin has it.

        Raises
        ------
        PinError : the pin has another job, is taken, or may not be used.
        NoPwm : hardware was asked for and the pin has none.
        """
        self._claim(pin, job)
        if wish.kind == "software":
            return GpioPwm(self._gpio, pin, wish.software_hz)
        try:
            return self._hardware(pin, wish.hardware_hz)
        except NoPwm as reason:
            if wish.kind == "hardware":
                raise
            return self._in_software(pin, wish.software_hz, reason)

    def open_button(
        self, settings: ButtonSettings, on_short: Callable[[], None], on_long: Callable[[], None]
    ) -> Button:
        """Listen to a button; PinError when its pin has another job, or cannot be used."""
        self._claim(settings.pin, "the button")
        return Button(self._gpio, settings, on_short, on_long)

    def close(self) -> None:
        """Give all pins back."""
        self._gpio.close()

    def _claim(self, pin: int, job: str) -> None:
        """Give a pin its job; the same part may open it again."""
        other = self._jobs.setdefault(pin, job)
        if other != job:
            raise PinError(f"GPIO {pin} has two jobs, {other} and {job}: move one to another pin")

    def _in_software(self, pin: int, hz: float, reason: NoPwm) -> GpioPwm:
        """Do without hardware, and say why it is not used."""
        try:
            pwm = GpioPwm(self._gpio, pin, hz)
        except PinError as error:
            raise PinError(f"{reason}; in software: {error}") from error
        log.info("GPIO %d is dimmed in software: %s", pin, reason)
        return pwm

    def _hardware(self, pin: int, hz: float) -> KernelPwm:
        channel = find_channel(pin, self._root)
        other = self._channels.setdefault(channel.folder, pin)
        if other != pin:
            raise PinError(
                f"GPIO {other} and GPIO {pin} are one and the same PWM channel on this Pi:"
                " use 12 or 18 for one lamp and 13 or 19 for the other"
            )
        return KernelPwm(pin, hz, self._clock, self._root, self._write)
