"""Maxim DS18B20 on a 1-wire bus, through the kernel's w1 driver.

Sources: Maxim, data sheet DS18B20; the kernel's Documentation/w1/slaves/w1_therm.rst.  Reading
its file measures, and takes up to 750 ms.
"""

import re
from pathlib import Path

from bedside.drivers.reading import Reading, refuse_stuck
from bedside.errors import BadReading, ChipNotFound

DEVICES = Path("/sys/bus/w1/devices")
FAMILY = "28"
SCRATCHPAD = re.compile(
    r"(?P<bytes>(?:[0-9a-f]{2} ){9}): crc=[0-9a-f]{2} (?P<agrees>YES|NO)\n"
    r"(?:[0-9a-f]{2} ){9}t=(?P<thousandths>-?\d+)\s*"
)
POWER_UP_C, STARVED_C = 85.0, 127.937
HOT_C = 80.0  # from here on 85 °C may be true
COLDEST_C, HOTTEST_C = -55.0, 125.0


class Ds18b20:
    """One chip, by its serial number (28-0316a2794bff).

    Parameters
    ----------
    serial : empty for the first one on the wire.
    devices : where the kernel lists what hangs on its 1-wire buses.

    Raises
    ------
    ChipNotFound : there is no 1-wire bus, or not this chip on it.
    """

    name = "DS18B20"

    def __init__(self, serial: str = "", *, devices: Path = DEVICES) -> None:
        there = serials(devices)
        if not there or (serial and serial not in there):
            raise ChipNotFound(_absent(serial, there, devices))
        self.place = serial or there[0]
        self._file = devices / self.place / "w1_slave"
        self._last_c: float | None = None

    def read(self) -> Reading:
        """Measure; takes up to 750 ms."""
        try:
            text = self._file.read_text("ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise ChipNotFound(f"{self}: nobody answers; check its three wires") from error
        found = SCRATCHPAD.fullmatch(text)
        if found is None:
            raise ChipNotFound(f"{self}: the answer broke off; check its three wires")
        if found["agrees"] != "YES":
            raise BadReading(f"{self} sends a value with a wrong checksum: shorten its cable")
        refuse_stuck(bytes.fromhex(found["bytes"]), self)
        c = int(found["thousandths"]) / 1000.0
        self._refuse_empty(c)
        self._last_c = c
        return Reading(c)

    def _refuse_empty(self, c: float) -> None:
        """Refuse what it says when it has not measured."""
        hot = self._last_c is not None and self._last_c > HOT_C
        if c == POWER_UP_C and not hot:
            raise BadReading(f"{self} says 85 °C, as after a loss of power: check its wires")
        if c == STARVED_C:
            raise BadReading(f"{self} gets too little power: wire its VDD to 3.3 V")
        if not COLDEST_C <= c <= HOTTEST_C:
            raise BadReading(f"{self} says {c:g} °C, which it cannot measure: replace it")

    def __str__(self) -> str:
        return f"{self.name} {self.place}"


def serials(devices: Path = DEVICES) -> list[str]:
    """List what hangs on the machine's 1-wire buses, by serial number."""
    return sorted(path.name for path in devices.glob(f"{FAMILY}-*"))


def _absent(serial: str, there: list[str], devices: Path) -> str:
    if there:
        return f"there is no DS18B20 {serial}, but {', '.join(there)}: see [climate] serial"
    if not devices.is_dir():
        return (
            "there is no 1-wire bus: add dtoverlay=w1-gpio to /boot/firmware/config.txt, then"
            " reboot"
        )
    return (
        "no DS18B20 hangs on the 1-wire bus: check its three wires (3.3 V, GND, data on GPIO4) and"
        " the 4.7 kΩ resistor between data and 3.3 V"
    )
