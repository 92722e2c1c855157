"""Who sits on the bus, found out by reading alone.

Accelerometers are named by the drivers' own table; thermometers and clocks are known here, from
their data sheets, so that they are not taken for something else.
"""

import errno
import os
from dataclasses import dataclass
from typing import NamedTuple

from bedside.drivers.i2c import I2CBus
from bedside.drivers.identity import identify
from bedside.errors import ChipNotFound

_UNHEARD = (errno.EREMOTEIO, errno.ENXIO)
_PASSING = (errno.EIO, errno.EAGAIN)
_ATTEMPTS = 3

_CLOCK_AT = 0x68
_CLOCK_REGISTERS = 7


@dataclass(frozen=True, slots=True)
class Chip:
    """Somebody who answered.

    chip    the driver's word for it; `clone` for an unknown one where an MPU may be; else empty
    motion  an accelerometer, or somebody unknown where one may be
    clock   tells the time, and nothing else
    use     the settings that put it to use, where they are not a matter of course
    """

    address: int
    name: str
    chip: str = ""
    motion: bool = False
    clock: bool = False
    use: str = ""


class _Trace(NamedTuple):
    """What is asked at some addresses, and the answer that gives a chip away.

    Without a `value` the address alone must do: the chip has no identity to read.
    """

    addresses: tuple[int, ...]
    name: str
    write: bytes
    read: int
    value: bytes = b""
    use: str = ""


# At each address the surer trace comes first.
_TRACES = (
    _Trace((0x76, 0x77), "BME280 thermometer", b"\xd0", 1, b"\x60"),
    _Trace((0x76, 0x77), "BMP280 thermometer", b"\xd0", 1, b"\x58"),
    _Trace((0x76, 0x77), "BME680 thermometer", b"\xd0", 1, b"\x61"),
    _Trace(tuple(range(0x18, 0x20)), "MCP9808 thermometer", b"\x06", 2, b"\x00\x54"),
    _Trace(tuple(range(0x48, 0x4C)), "TMP117 thermometer", b"\x0f", 2, b"\x01\x17"),
    _Trace(tuple(range(0x48, 0x50)), "LM75 or TMP102 thermometer, by its address", b"\x00", 2),
    # Asked for its serial number, which changes nothing; unasked it would not acknowledge a read.
    _Trace((0x44, 0x45, 0x46), "SHT3x or SHT4x thermometer, by its address", b"\x89", 0),
    _Trace((0x40,), "HTU21D or Si7021 thermometer, by its address", b"\xe7", 1),
    _Trace((0x38,), "AHT20 thermometer, by its address", b"", 1),
    _Trace(
        (0x3C, 0x3D),
        "OLED display (SSD1306 or SH1106), by its address",
        b"",
        1,
        use='to use it: [display] panel = "ssd1306", or "sh1106" where that stands to the side',
    ),
)
_MOTION_AT = (0x68, 0x69, 0x6A, 0x6B, 0x18, 0x19, 0x1C, 0x1D, 0x53)
ADDRESSES = tuple(sorted({*_MOTION_AT, *(a for trace in _TRACES for a in trace.addresses)}))


def look(bus: I2CBus, address: int, attempts: int = _ATTEMPTS) -> Chip | None:
    """Name who answers at `address`; None when nobody does.

    Raises
    ------
    OSError : the bus itself is at fault; what passes by itself was tried again.
    """
    try:
        return _look(bus, address)
    except OSError as error:
        if error.errno in _UNHEARD:
            return None
        if error.errno not in _PASSING or attempts <= 1:
            raise
    return look(bus, address, attempts - 1)


def _look(bus: I2CBus, address: int) -> Chip | None:
    if address == _CLOCK_AT and _tells_the_time(_ask(bus, address, b"\x00", _CLOCK_REGISTERS)):
        return Chip(address, "clock chip (DS3231 or DS1307)", clock=True)
    stranger = None
    if address in _MOTION_AT:
        try:
            found = identify(bus, address)
        except ChipNotFound as error:
            raise _fault_below(error) from error
        if found is None:
            return None
        # Any clock has been told apart above.
        name = found.name.removesuffix(" or a DS3231 clock")
        stranger = Chip(address, name, found.chip, motion=True)
        if not name.startswith("an unknown chip"):
            return stranger
    return _traced(bus, address) or stranger


def _traced(bus: I2CBus, address: int) -> Chip | None:
    for trace in _TRACES:
        if address in trace.addresses:
            answer = _ask(bus, address, trace.write, trace.read)
            if not trace.value or answer == trace.value:
                return Chip(address, trace.name, use=trace.use)
    return None


def _ask(bus: I2CBus, address: int, write: bytes, read: int) -> bytes:
    answer = bus.transfer(address, write, read)
    if len(answer) != read:
        raise OSError(errno.EIO, os.strerror(errno.EIO))
    return answer


def _fault_below(error: ChipNotFound) -> OSError:
    """Give the OSError that a driver's sentence stands on; an answer cut short has none."""
    below = error.__cause__
    return below if isinstance(below, OSError) else OSError(errno.EIO, os.strerror(errno.EIO))


def _tells_the_time(registers: bytes) -> bool:
    """Whether seconds to year hold a time of day and a date, as a clock chip's first seven do.

    Its seconds pass every identity below 0x60 that an accelerometer has, 0x24 of the BMI270 and
    0x12 of the ICM-20602 included, so a clock is ruled out before any identity is believed.
    """
    second, minute, hour, weekday, day, month, year = registers
    hours = _decimal(hour & 0x1F, 1, 12) if hour & 0x40 else _decimal(hour, 0, 23)
    return (
        _decimal(second & 0x7F, 0, 59)
        and _decimal(minute, 0, 59)
        and hours
        and _decimal(weekday, 1, 7)
        and _decimal(day, 1, 31)
        and _decimal(month & 0x7F, 1, 12)
        and _decimal(year, 0, 99)
    )


def _decimal(byte: int, low: int, high: int) -> bool:
    """Whether a byte holds two decimal digits (BCD) between `low` and `high`."""
    tens, ones = byte >> 4, byte & 0x0F
    return tens <= 9 and ones <= 9 and low <= 10 * tens + ones <= high
