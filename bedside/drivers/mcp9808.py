"""Microchip MCP9808: temperature alone, measured four times a second by itself.

Source: Microchip, data sheet DS25095.  Its registers are words, high byte first, but for the
resolution.  What is written here is also what it holds at power-up: nothing can be lost.
"""

from typing import ClassVar

from bedside.clock import Clock, pause
from bedside.drivers.i2c import I2CBus
from bedside.drivers.reading import Reading, answer_of, refuse_stuck
from bedside.drivers.registers import Registers
from bedside.errors import WrongChip

CONFIG = 0x01
TEMPERATURE = 0x05  # bits 15-13 are alerts, 12 the sign, the rest 1/16 °C
MAKER = 0x06
DEVICE = 0x07  # the high byte alone: the low one counts revisions
RESOLUTION = 0x08  # a single byte

MICROCHIP, MCP9808 = 0x0054, 0x04
MEASURE_ALWAYS, FINEST = b"\x00\x00", b"\x03"
FIRST_S = 0.3  # the finest measurement takes 250 ms
SIGN, LSB_PER_C = 0x1000, 16.0


class Mcp9808:
    """One chip.

    Raises
    ------
    WrongChip : somebody else sits at the address.
    ChipError : nobody answers there.
    """

    ADDRESSES: ClassVar[tuple[int, ...]] = tuple(range(0x18, 0x20))
    name = "MCP9808"

    def __init__(self, bus: I2CBus, clock: Clock, *, address: int) -> None:
        self.place = f"at {address:#04x}"
        self._regs = Registers(bus, address, self.name)
        if not _is_one(self._regs):
            raise WrongChip(f"who answers at {address:#04x} is no MCP9808: `bedside doctor` says")
        self._regs.transfer(bytes((CONFIG,)) + MEASURE_ALWAYS)
        self._regs.transfer(bytes((RESOLUTION,)) + FINEST)
        pause(clock, FIRST_S)

    def read(self) -> Reading:
        """Give the newest measurement."""
        frame = self._regs.burst(TEMPERATURE, 2)
        refuse_stuck(frame, self._regs)  # before the first measurement it holds 0x0000
        raw = int.from_bytes(frame, "big") & 0x1FFF
        return Reading((raw - 2 * SIGN if raw & SIGN else raw) / LSB_PER_C)

    @staticmethod
    def recognise(bus: I2CBus, clock: Clock, address: int) -> str | None:
        """Look who made it, and what."""
        regs = Registers(bus, address, Mcp9808.name)
        return Mcp9808.name if answer_of(lambda: _is_one(regs)) else None


def _is_one(regs: Registers) -> bool:
    maker = int.from_bytes(regs.burst(MAKER, 2), "big")
    return maker == MICROCHIP and regs.burst(DEVICE, 2)[0] == MCP9808
