"""An I2C bus whose chips are Python objects.  Drivers cannot tell."""

import errno
import os
from collections.abc import Mapping
from random import Random
from typing import NamedTuple, Protocol

from bedside.clock import Clock

_UNHEARD = (errno.EREMOTEIO, errno.ENXIO)


class ChipModel(Protocol):
    """What the bus sees of a chip."""

    def write(self, data: bytes) -> None:
        """Take what the controller writes."""

    def read(self, length: int) -> bytes:
        """Give what the controller reads."""


class _Outage(NamedTuple):
    start_s: float
    end_s: float
    error: int


class SimulatedI2C:
    """Routes transfers to chip models, counts them, and fails on demand.

    A transfer that fails with EREMOTEIO or ENXIO was not acknowledged: the chip never heard of
    it.  With any other error it broke off half-way, and the chip gave away half of its answer.

    Parameters
    ----------
    clock : times `fail_between`.
    chips : who sits at which address.
    """

    def __init__(self, clock: Clock, chips: Mapping[int, ChipModel] | None = None) -> None:
        self._clock = clock
        self._chips = dict(chips or {})
        self._outages: list[_Outage] = []
        self._probability, self._probability_error = 0.0, errno.EREMOTEIO
        self._dice = Random(0)
        self.transfers = 0
        self.fail_at: dict[int, int] = {}
        """Which transfers fail, counted from 1, and with what error."""
        self.short_at: set[int] = set()
        """Which transfers end without an error but after half of the answer."""

    def plug(self, address: int, chip: ChipModel) -> None:
        """Put a chip on the bus, in place of whatever sat there."""
        self._chips[address] = chip

    def unplug(self, address: int) -> None:
        """Take the chip off the bus."""
        del self._chips[address]

    def fail_between(self, start_s: float, end_s: float, error: int = errno.EREMOTEIO) -> None:
        """Let every transfer fail from `start_s` to before `end_s`, monotonic."""
        self._outages.append(_Outage(start_s, end_s, error))

    def fail_sometimes(
        self, probability: float, seed: int = 0, error: int = errno.EREMOTEIO
    ) -> None:
        """Let each transfer fail with a probability, 0 to 1."""
        self._probability, self._probability_error = probability, error
        self._dice = Random(seed)

    def transfer(self, address: int, write: bytes, read: int = 0) -> bytes:
        """Write, then read; OSError when nobody acknowledges, or on demand."""
        self.transfers += 1
        chip = self._chips.get(address)
        error = self._fault() if chip is not None else errno.EREMOTEIO
        if chip is None or error in _UNHEARD:
            raise OSError(error, os.strerror(error))
        if write:
            chip.write(write)
        if error:
            chip.read(read // 2)
            raise OSError(error, os.strerror(error))
        if self.transfers in self.short_at:
            return chip.read(read // 2)
        return chip.read(read) if read else b""

    def close(self) -> None:
        """Give the bus back: there is nothing to give."""

    def _fault(self) -> int:
        """Error number that this transfer shall fail with; 0 for none."""
        if self.transfers in self.fail_at:
            return self.fail_at[self.transfers]
        if self._probability and self._dice.random() < self._probability:
            return self._probability_error
        if self._outages:
            now = self._clock.monotonic()
            for outage in self._outages:
                if outage.start_s <= now < outage.end_s:
                    return outage.error
        return 0
