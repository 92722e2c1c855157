"""Pulse-width modulation: what every way of making it on a pin can do."""

from typing import Literal, Protocol, get_args

PwmKind = Literal["auto", "hardware", "software"]
PWM_KINDS: tuple[PwmKind, ...] = get_args(PwmKind)


class Pwm(Protocol):
    """One pin that is switched on and off too fast to see; dark until told otherwise.

    name  which pin, made how and how fast, for people
    step  the smallest change of the duty
    """

    name: str
    step: float

    def set_duty(self, duty: float) -> None:
        """Be on for this share of the time, 0-1; raises PinError."""

    def off(self) -> None:
        """Rest dark until the next `set_duty`; raises PinError."""

    def close(self) -> None:
        """Leave the pin dark and give it back; never raises."""
