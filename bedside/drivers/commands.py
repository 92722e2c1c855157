"""Chips without registers: a command goes out, and after a while an answer can be fetched."""

from bedside.clock import Clock, pause
from bedside.drivers.i2c import I2CBus
from bedside.drivers.registers import Registers


class Commands:
    """Sends commands to one chip; raises ChipNotFound, saying which chip, when it cannot.

    The answer is fetched in a transfer of its own: a chip that is not ready yet refuses it, and
    does not hold the clock line down, which a Pi 0-3 cannot bear.
    """

    def __init__(self, bus: I2CBus, clock: Clock, address: int, chip: str) -> None:
        self._wires, self._clock = Registers(bus, address, chip), clock

    def send(self, command: bytes, wait_s: float) -> None:
        """Send a command and give the chip time for it."""
        self._wires.transfer(command)
        self.wait(wait_s)

    def fetch(self, length: int) -> bytes:
        """Fetch what the chip has ready."""
        return self._wires.transfer(b"", length)

    def ask(self, command: bytes, wait_s: float, length: int) -> bytes:
        """Send a command, wait, and fetch the answer."""
        self.send(command, wait_s)
        return self.fetch(length)

    def wait(self, seconds: float) -> None:
        """Let the chip work."""
        pause(self._clock, seconds)

    def __str__(self) -> str:
        return str(self._wires)
