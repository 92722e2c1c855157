"""Texas Instruments TMP117: temperature alone, measured once a second by itself.

Source: Texas Instruments, data sheet SNOSD82.  Its registers are words, high byte first.
"""

from typing import ClassVar

from bedside.clock import Clock, pause
from bedside.drivers.i2c import I2CBus
from bedside.drivers.reading import Reading, answer_of, refuse_stuck
from bedside.drivers.registers import Registers
from bedside.errors import BadReading, SettingsLost, WrongChip

TEMPERATURE = 0x00
CONFIG = 0x01
DEVICE = 0x0F

IDENTITY = b"\x01\x17"
ONCE_A_SECOND = b"\x02\x20"  # always measuring, mean of 8; as it comes from the factory
ASLEEP = 0x0400  # in the word CONFIG
READY = 0x2000  # in the word CONFIG: a value that nobody has fetched
NOT_MEASURED = -0x8000
C_PER_LSB = 0.0078125
PATIENCE, LOOK_S = 10, 0.15  # looks for a new value: longer than a second


class Tmp117:
    """One chip.

    Raises
    ------
    WrongChip : somebody else sits at the address.
    ChipError : nobody answers there.
    """

    ADDRESSES: ClassVar[tuple[int, ...]] = (0x48, 0x49, 0x4A, 0x4B)
    name = "TMP117"

    def __init__(self, bus: I2CBus, clock: Clock, *, address: int) -> None:
        self.place = f"at {address:#04x}"
        self._regs, self._clock = Registers(bus, address, self.name), clock
        if not _is_one(self._regs):
            raise WrongChip(f"who answers at {address:#04x} is no TMP117: `bedside doctor` says")
        self._regs.transfer(bytes((CONFIG,)) + ONCE_A_SECOND)

    def read(self) -> Reading:
        """Give a measurement that was not given before; may wait for it up to a second."""
        self._wait_until_ready()
        frame = self._regs.burst(TEMPERATURE, 2)
        refuse_stuck(frame, self._regs)
        raw = int.from_bytes(frame, "big", signed=True)
        if raw == NOT_MEASURED:
            raise BadReading(f"{self._regs} has not measured yet: its power has just come back")
        return Reading(raw * C_PER_LSB)

    @staticmethod
    def recognise(bus: I2CBus, clock: Clock, address: int) -> str | None:
        """Look at its identity."""
        regs = Registers(bus, address, Tmp117.name)
        return Tmp117.name if answer_of(lambda: _is_one(regs)) else None

    def _wait_until_ready(self) -> None:
        for _ in range(PATIENCE):
            config = int.from_bytes(self._regs.burst(CONFIG, 2), "big")
            if config & ASLEEP:
                raise SettingsLost(f"{self._regs} has fallen asleep; it is set up anew")
            if config & READY:
                return
            pause(self._clock, LOOK_S)
        raise BadReading(f"{self._regs} has stopped measuring; it is set up anew")


def _is_one(regs: Registers) -> bool:
    return regs.burst(DEVICE, 2) == IDENTITY
