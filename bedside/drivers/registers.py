"""Registers as data: a field is an address and a bit range, a map is a list of fields."""

import errno
import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bedside.drivers.i2c import UNHEARD, I2CBus
from bedside.errors import ChipNotFound, SettingsLost, WriteLost

_MEANING = {
    errno.EREMOTEIO: "nobody answers; check that the four wires sit and the address is right",
    errno.ENXIO: "nobody answers; check that the four wires sit and the address is right",
    errno.EIO: "the transfer broke off; shorten the cable or slow the bus down",
    errno.ETIMEDOUT: "the bus is stuck; take the sensor off its power and put it back",
    errno.EAGAIN: "the bus was disturbed; look for noise on SDA or a second master",
    errno.EBUSY: "the bus is busy; unload the kernel driver that owns the chip",
    errno.EOPNOTSUPP: "this bus cannot do such a transfer",
    errno.EINVAL: "the kernel refused the transfer",
    errno.ENODEV: "the bus has gone",
    errno.ESHUTDOWN: "the bus has gone",
}


class Field(NamedTuple):
    """Bits `high`..`low` of the register at `address`."""

    address: int
    high: int = 7
    low: int = 0

    @property
    def mask(self) -> int:
        """The field's bits within its byte."""
        return ((1 << (self.high - self.low + 1)) - 1) << self.low

    def of(self, byte: int) -> int:
        """Return the field's value in a register that holds `byte`."""
        return (byte & self.mask) >> self.low


class Registers:
    """Reads and writes the registers of one chip, and says which chip when it cannot.

    Every method raises ChipNotFound when nobody acknowledged or the answer broke off.

    Parameters
    ----------
    burst_bit : a bit of the register's address that lets it count up through a burst; 0 where
        chips count up unasked.
    """

    def __init__(self, bus: I2CBus, address: int, chip: str, *, burst_bit: int = 0) -> None:
        self._bus, self._address, self.chip = bus, address, chip
        self._burst_bit = burst_bit

    def burst(self, address: int, length: int) -> bytes:
        """`length` bytes from the register at `address` on."""
        start = address | self._burst_bit if length > 1 else address
        return self.transfer(bytes((start,)), length)

    def read(self, field: Field) -> int:
        """Value of one field."""
        return field.of(self.burst(field.address, 1)[0])

    def write(self, field: Field, value: int, *, sticks: bool = True) -> None:
        """Set one field, leave its neighbours alone, and read it back if it is meant to stick.

        Raises
        ------
        WriteLost : the register did not keep the value.
        """
        if value << field.low & ~field.mask:
            raise ValueError(f"{value} does not fit {field}")
        old = 0 if field.mask == 0xFF else self.burst(field.address, 1)[0]
        self.transfer(bytes((field.address, old & ~field.mask | value << field.low)))
        if sticks and (kept := self.read(field)) != value:
            raise WriteLost(
                f"{self} did not keep a setting (register {field.address:#04x} holds {kept:#04x},"
                f" not {value:#04x}): check the wires, shorten the cable or slow the bus down"
            )

    def compare(self, settings: Mapping[Field, int], spans: Iterable[tuple[int, int]]) -> None:
        """Compare the registers with what was set up, a transfer for each span.

        Parameters
        ----------
        settings : what each field shall hold.
        spans : (address, bytes) of bursts that hold all of them, and nothing that minds reading.

        Raises
        ------
        SettingsLost : a field holds something else.
        """
        held = {
            start + offset: byte
            for start, length in spans
            for offset, byte in enumerate(self.burst(start, length))
        }
        for field, value in settings.items():
            if field.of(held[field.address]) != value:
                raise SettingsLost(
                    f"{self} lost its settings (register {field.address:#04x} holds"
                    f" {held[field.address]:#04x}): its power failed for a moment; check the"
                    " 3.3 V wire"
                )

    def __str__(self) -> str:
        return f"{self.chip} at {self._address:#04x}"

    def transfer(self, write: bytes, read: int = 0) -> bytes:
        """Write, then read, where a register of one byte is not what the chip has."""
        try:
            answer = self._bus.transfer(self._address, write, read)
        except OSError as error:
            meaning = _MEANING.get(error.errno or 0, str(error))
            raise ChipNotFound(f"{self}: {meaning} (error {error.errno})") from error
        if len(answer) != read:
            raise ChipNotFound(
                f"{self}: the answer broke off after {len(answer)} of {read} bytes;"
                " shorten the cable or slow the bus down"
            ) from OSError(errno.EIO, os.strerror(errno.EIO))
        return answer


def unheard(error: ChipNotFound) -> bool:
    """Whether the chip did not even acknowledge, so that nothing happened inside it."""
    return isinstance(error.__cause__, OSError) and error.__cause__.errno in UNHEARD
