"""A push-button between a pin and ground: short and long presses."""

from collections.abc import Callable

import attrs

from bedside.drivers.pwm_gpio import Gpio, asking
from bedside.settings import setting


@attrs.frozen
class ButtonSettings:
    """A push-button by the bed, between a GPIO pin and ground."""

    pin: int = setting(0, "GPIO number of its pin; 0: there is no button.", low=0, high=27)
    long_press_s: float = setting(
        1.0,
        "Pressed this long, it holds the light off for the night.",
        unit="s",
        low=0.3,
        high=10.0,
    )
    debounce_ms: float = setting(
        30.0, "Contacts bounce for less than this.", unit="ms", low=1.0, high=300.0
    )


class Button:
    """Tells short presses from long ones.

    A long press is told while the button is still down, so that a hand in the dark feels it
    work; a short one when it is let go. Both are told in a thread of gpiozero's.

    Raises
    ------
    PinError : no lgpio, no permission, or the pin is taken.
    """

    def __init__(
        self,
        gpio: Gpio,
        settings: ButtonSettings,
        on_short: Callable[[], None],
        on_long: Callable[[], None],
    ) -> None:
        from gpiozero import Button as Contact

        self._on_short, self._on_long = on_short, on_long
        self._held = False
        factory = gpio.factory()
        with asking(settings.pin):
            self._contact = Contact(
                settings.pin,
                pull_up=True,
                bounce_time=settings.debounce_ms / 1000.0,
                hold_time=settings.long_press_s,
                pin_factory=factory,
            )
        self._contact.when_pressed = self._pressed
        self._contact.when_held = self._long
        self._contact.when_released = self._released

    def close(self) -> None:
        """Give the pin back."""
        self._contact.close()

    def _pressed(self) -> None:
        self._held = False

    def _long(self) -> None:
        self._held = True
        self._on_long()

    def _released(self) -> None:
        if not self._held:
            self._on_short()
