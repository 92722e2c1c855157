"""What one look at a thermometer gives, and what never is a reading."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from bedside.drivers.registers import unheard
from bedside.errors import BadReading, ChipNotFound

T = TypeVar("T")


class Reading(NamedTuple):
    """Degrees Celsius, and percent of relative humidity where the chip tells it."""

    c: float
    humidity: float | None = None


def refuse_stuck(frame: bytes, whose: object) -> None:
    """Raise BadReading on only 0x00 or only 0xFF: a line that is stuck, or a chip just waking."""
    if set(frame) in ({0x00}, {0xFF}):
        raise BadReading(
            f"{whose} gives nothing but {frame[0]:#04x}, as a line does that is stuck:"
            " check SDA, SCL and the power"
        )


def percent(humidity: float) -> float:
    """Bring what the formula makes of very dry or very damp air back to 0 to 100."""
    return min(max(humidity, 0.0), 100.0)


def answer_of(ask: Callable[[], T]) -> T | None:
    """Ask a chip who it is; None when nobody, or one who does not understand, sits there.

    Raises
    ------
    ChipNotFound : the bus is at fault, so nothing can be told.
    """
    try:
        return ask()
    except BadReading:
        return None
    except ChipNotFound as error:
        if unheard(error):
            return None
        raise
