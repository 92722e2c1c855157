"""The I2C bus as drivers see it: one method that matters, so anything can stand in for it."""

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from bedside.clock import Clock, pause
from bedside.errors import BusError

UNHEARD = (errno.EREMOTEIO, errno.ENXIO)
"""Errors of a transfer that nobody acknowledged: nothing has happened, it may be repeated."""
GONE = (errno.ENODEV, errno.ESHUTDOWN)
"""Errors of a bus that is there no more, as when its adapter was pulled out."""
REPEAT_S = (0.005, 0.02, 0.05)  # a loose contact is over by then


class I2CBus(Protocol):
    """Whatever carries bytes to a chip and back."""

    def transfer(self, address: int, write: bytes, read: int = 0) -> bytes:
        """Write, then read with a repeated start; OSError when nobody acknowledges."""

    def close(self) -> None:
        """Give the bus back; a transfer after that is an OSError."""


class LinuxI2C:
    """The kernel's /dev/i2c-N, for any number of threads.

    Write and read travel as one combined transfer, the read last (the controller of a Pi 0-4
    allows no other order); SMBus block calls would stop at 32 bytes.

    Raises
    ------
    BusError : there is no such bus, or it may not be opened.
    """

    def __init__(self, number: int) -> None:
        from smbus2 import SMBus, i2c_msg

        self._msg = i2c_msg
        self._lock, self._closed = threading.Lock(), False
        try:
            self._bus = SMBus(number)
        except OSError as error:
            raise _unopened(number, error) from error

    def transfer(self, address: int, write: bytes, read: int = 0) -> bytes:
        """Write, then read with a repeated start; an empty write only reads."""
        messages = [self._msg.write(address, write)] if write else []
        if read:
            messages.append(self._msg.read(address, read))
        with self._lock:
            if self._closed:
                raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
            self._bus.i2c_rdwr(*messages)
        return bytes(messages[-1]) if read else b""

    def close(self) -> None:
        """Give the bus back."""
        with self._lock:
            self._closed = True
            self._bus.close()


class PatientI2C:
    """A bus that asks again when a chip which has answered before does not acknowledge.

    A loose wire then costs some milliseconds, and neither a sample nor a set-up.  Where nobody
    has ever answered nobody is waited for, so looking for chips stays quick.

    Parameters
    ----------
    bus : the bus itself.
    on_repeat : called for each transfer that is asked again.
    """

    def __init__(self, bus: I2CBus, clock: Clock, on_repeat: Callable[[], None]) -> None:
        self._bus, self._clock, self._on_repeat = bus, clock, on_repeat
        self._known: set[int] = set()

    def transfer(self, address: int, write: bytes, read: int = 0) -> bytes:
        """Write, then read with a repeated start; OSError when nobody acknowledges."""
        for pause_s in REPEAT_S if address in self._known else ():
            try:
                return self._bus.transfer(address, write, read)
            except OSError as error:
                if error.errno not in UNHEARD:
                    raise
            self._on_repeat()
            pause(self._clock, pause_s)
        answer = self._bus.transfer(address, write, read)
        self._known.add(address)
        return answer

    def close(self) -> None:
        """Give the bus back."""
        self._bus.close()


def _unopened(number: int, error: OSError) -> BusError:
    """Say why /dev/i2c-N could not be opened, and the command that mends it."""
    device = f"/dev/i2c-{number}"
    if error.errno == errno.EACCES:
        return BusError(
            f"{device} may not be used by this user: run `sudo usermod -aG i2c $USER`,"
            " then log in again"
        )
    if error.errno != errno.ENOENT:
        return BusError(f"{device} cannot be opened: {error.strerror}")
    others = ", ".join(sorted(str(path) for path in Path("/dev").glob("i2c-*")))
    hint = f"; this machine has {others} (see [sensor] bus)" if others else ""
    return BusError(
        f"there is no I2C bus {device}: turn it on with `sudo raspi-config nonint do_i2c 0`,"
        f" then reboot{hint}"
    )
