"""Everything that can go wrong outside the program, on one screen.

    BedsideError             one clear sentence: what, where, and how to mend it
    ├── ConfigError          the settings file; carries every problem found, not only the first
    ├── RecordingError       a file that cannot be scored
    ├── StoreError           the database cannot be opened or read
    ├── AccessError          who may open the page cannot be read or changed
    ├── DiaryError           words for an evening that cannot be kept
    ├── WebError             the page cannot be served (a port that is taken)
    ├── MqttError            the MQTT broker cannot be told, or it passed on what is no order
    │   └── BrokerAway       it cannot be reached, or the connection broke off
    ├── InstallError         the appliance cannot be installed, upgraded or removed here
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


class AccessError(BedsideError):
    """Who may open the page cannot be read or changed, or a password will not do."""


class WebError(BedsideError):
    """The page cannot be served."""


class MqttError(BedsideError):
    """The MQTT broker cannot be told of anything, or what it passed on is no order."""


class BrokerAway(MqttError):
    """The broker cannot be reached, or the connection to it broke off; it may come back."""


class DiaryError(BedsideError):
    """What was typed into the diary cannot be kept so; the sentence says why."""


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


class InstallError(BedsideError):
    """The appliance cannot be installed, upgraded or removed as this machine stands."""


class BackupError(BedsideError):
    """A backup cannot be made or taken back."""
