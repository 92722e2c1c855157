"""Everything that can go wrong outside the program, on one screen.

    BedsideError             one clear sentence: what, where, and how to mend it
    ├── ConfigError          the settings file; carries every problem found, not only the first
    ├── RecordingError       a file that cannot be scored
    ├── StoreError           the database cannot be opened or read
    ├── WebError             the page cannot be served (a port that is taken)
    ├── PinError             a GPIO pin cannot be used: taken, not permitted, no library
    │   └── NoPwm            a pin that has no hardware PWM
    └── BusError             no I2C bus, or no permission to use it
        └── ChipError        a chip on the bus
            ├── ChipNotFound nobody answered, or the answer broke off
            ├── WrongChip    somebody else answered
            ├── WriteLost    a register did not keep what was written
            ├── SettingsLost the chip fell back to its power-up state
            ├── ChipFrozen   the chip answers, but its values never change
            └── BadReading   the chip answers with a value that cannot be true

Whatever is not a BedsideError is a fault of the program: it ends the process, loudly.
"""


class BedsideError(Exception):
    """A fault of the world, said in one sentence that also says how to mend it."""


class ConfigError(BedsideError):
    """The settings file cannot be used; `problems` holds one sentence for each fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class RecordingError(BedsideError):
    """A recording cannot be read, or cannot be scored."""


class StoreError(BedsideError):
    """The database cannot be opened or read."""


class WebError(BedsideError):
    """The page cannot be served."""


class PinError(BedsideError):
    """A GPIO pin cannot be used as asked for; the sentence names the pin."""


class NoPwm(PinError):
    """The pin has no hardware PWM, or its channel is led elsewhere."""


class BusError(BedsideError):
    """There is no I2C bus, or it may not be used."""


class ChipError(BusError):
    """A chip on the bus does not do as it should; the sentence names chip and address."""


class ChipNotFound(ChipError):
    """Nobody answered at the address, or the answer broke off."""


class WrongChip(ChipError):
    """Somebody answered, but not the chip that was asked for."""


class WriteLost(ChipError):
    """A register was written and did not keep the value."""


class SettingsLost(ChipError):
    """The chip lost its settings (a brown-out) and must be set up anew."""


class ChipFrozen(ChipError):
    """The chip answers but gives the same values, or none, for too long."""


class BadReading(ChipError):
    """The chip answers with a value that cannot be true, or that its checksum belies."""
