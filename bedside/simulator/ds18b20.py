"""A model of a DS18B20 as the kernel shows it: a folder with a file that tells its scratchpad."""

from pathlib import Path

SERIAL = "28-0316a2794bff"


class Ds18b20Model:
    """One chip on the wire; each change is seen with the next reading.

    Parameters
    ----------
    devices : the folder in which the kernel lists what hangs on its 1-wire buses.
    """

    def __init__(self, devices: Path, c: float = 20.0, serial: str = SERIAL) -> None:
        self._folder = devices / serial
        self.plug(c)

    def plug(self, c: float = 20.0) -> None:
        """Hang it on the wire, in air of `c` degrees."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self.set(c)

    def unplug(self) -> None:
        """Take it off the wire."""
        (self._folder / "w1_slave").unlink()
        self._folder.rmdir()

    def set(self, c: float) -> None:
        """Measure `c` degrees, to a sixteenth."""
        sixteenths = round(c * 16)
        scratchpad = bytearray((*(sixteenths & 0xFFFF).to_bytes(2, "little"), 0x4B, 0x46, 0x7F))
        scratchpad += bytes((0xFF, (-sixteenths & 0xF) or 0x10, 0x10))
        self.show(bytes(scratchpad), sixteenths * 1000 // 16)

    def power_up(self) -> None:
        """Lose the supply for a moment, and be asked before it has measured."""
        self.show(bytes.fromhex("50 05 4b 46 7f ff 0c 10"), 85000)

    def starve(self) -> None:
        """Get too little power to measure."""
        self.show(bytes.fromhex("ff 07 4b 46 7f ff 0c 10"), 127937)

    def short(self) -> None:
        """Pull the wire to ground: all that is read is zero, and so is its checksum."""
        self.show(bytes(8), 0)

    def corrupt(self) -> None:
        """Disturb the wire, so that the checksum does not fit."""
        text = (self._folder / "w1_slave").read_text()
        self.write(text.replace("YES", "NO"))

    def show(self, scratchpad: bytes, thousandths: int) -> None:
        """Let the kernel tell these eight bytes and what it makes of them."""
        whole = scratchpad + bytes((maxim_crc8(scratchpad),))
        words = whole.hex(" ")
        self.write(f"{words} : crc={whole[-1]:02x} YES\n{words} t={thousandths}\n")

    def write(self, text: str) -> None:
        """Let the kernel tell anything at all."""
        (self._folder / "w1_slave").write_text(text)


def maxim_crc8(data: bytes) -> int:
    """Give Maxim's checksum: x8 + x5 + x4 + 1, bits reflected, start 0."""
    crc = 0
    for byte in data:
        for bit in range(8):
            mixed = (crc ^ byte >> bit) & 1
            crc = crc >> 1 ^ (0x8C if mixed else 0)
    return crc
