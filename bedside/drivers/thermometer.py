"""What every room thermometer does, which ones there are, and how the right one is found."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import ClassVar, NamedTuple, Protocol

import attrs

from bedside.clock import Clock
from bedside.drivers import ds18b20
from bedside.drivers.aht20 import Aht20
from bedside.drivers.bme280 import Bme280
from bedside.drivers.ds18b20 import Ds18b20
from bedside.drivers.i2c import I2CBus
from bedside.drivers.mcp9808 import Mcp9808
from bedside.drivers.reading import Reading
from bedside.drivers.registers import unheard
from bedside.drivers.sht3x import Sht3x
from bedside.drivers.sht4x import Sht4x
from bedside.drivers.tmp117 import Tmp117
from bedside.errors import BusError, ChipNotFound, WrongChip
from bedside.settings import setting

__all__ = [
    "ADDRESSES",
    "CHIPS",
    "Identity",
    "Reading",
    "Thermometer",
    "ThermometerSettings",
    "identify",
    "open_thermometer",
]


class Thermometer(Protocol):
    """A thermometer that is set up.

    name   as printed on the part
    place  where it was found: `at 0x44`, or its serial number
    """

    name: str
    place: str

    def read(self) -> Reading:
        """Measure, which may take a second; raises ChipError and never makes a value up."""


class I2CThermometer(Thermometer, Protocol):
    """A class of ON_I2C: sets up the chip at `address`; raises ChipError.

    ADDRESSES  where it may sit
    """

    ADDRESSES: ClassVar[tuple[int, ...]]

    def __init__(self, bus: I2CBus, clock: Clock, *, address: int) -> None:
        """Set the chip up."""

    @staticmethod
    def recognise(bus: I2CBus, clock: Clock, address: int) -> str | None:
        """Name the chip as printed, by reading alone; None when nobody, or another, sits there.

        Raises
        ------
        ChipNotFound : the bus is at fault.
        """


# The surest first: where there are several, `auto` takes it.
ON_I2C: dict[str, type[I2CThermometer]] = {
    "tmp117": Tmp117,
    "sht4x": Sht4x,
    "sht3x": Sht3x,
    "mcp9808": Mcp9808,
    "aht20": Aht20,
    "bme280": Bme280,
}
CHIPS = (*ON_I2C, "ds18b20")
ADDRESSES = tuple(sorted({address for chip in ON_I2C.values() for address in chip.ADDRESSES}))


@attrs.frozen
class ThermometerSettings:
    """The room's thermometer."""

    chip: str = setting(
        "auto",
        "Which chip it is; `auto` finds out by reading and says nothing where there is none,"
        " `none` does not look.",
        choices=("auto", "none", *CHIPS),
    )
    address: int = setting(
        0, "Its address on the bus of [sensor]; 0 looks wherever it may be.", low=0, high=0x77
    )
    serial: str = setting(
        "", "Serial number of a DS18B20 (28-...), where several hang on the 1-wire bus."
    )
    period_s: float = setting(30.0, "Time from reading to reading.", unit="s", low=5, high=600)
    offset_c: float = setting(
        0.0,
        "Added to what the chip says: -1.5 where the Pi beside it makes it 1.5 °C too warm.",
        unit="°C",
        low=-10,
        high=10,
    )


class Identity(NamedTuple):
    """Who sits at an address: its word in the settings, and its name as printed."""

    chip: str
    name: str


def identify(bus: I2CBus, clock: Clock, address: int) -> Identity | None:
    """Name the thermometer at `address` by reading alone; None when there is none.

    Raises
    ------
    ChipNotFound : the bus is at fault.
    """
    for chip, driver in ON_I2C.items():
        if address in driver.ADDRESSES and (name := driver.recognise(bus, clock, address)):
            return Identity(chip, name)
    return None


def open_thermometer(
    open_bus: Callable[[], I2CBus],
    clock: Clock,
    settings: ThermometerSettings,
    *,
    taken: Collection[int] = (),
    w1: Path = ds18b20.DEVICES,
) -> Thermometer:
    """Find the chip that the settings ask for, and set it up.

    Parameters
    ----------
    open_bus : gives the I2C bus; not asked for a DS18B20.
    taken : addresses at which others sit, the motion sensor for one.
    w1 : where the kernel lists what hangs on its 1-wire buses.

    Raises
    ------
    ChipNotFound : nobody answers where the chip may be.
    WrongChip : somebody else sits there.
    BusError : there is no bus.
    """
    if settings.address and settings.address in taken and settings.chip != "ds18b20":
        raise WrongChip(
            f"[climate] address = {settings.address:#04x} is where the motion sensor sits: strap"
            " one of the two to another address, and set it there; or set address = 0"
        )
    if settings.chip == "ds18b20":
        return Ds18b20(settings.serial, devices=w1)
    if settings.chip == "auto":
        return _any(open_bus, clock, settings, taken, w1)
    return _named(open_bus(), clock, settings, taken)


def _named(
    bus: I2CBus, clock: Clock, settings: ThermometerSettings, taken: Collection[int]
) -> Thermometer:
    """Set up the chip of the settings at the first of its addresses where it answers."""
    driver = ON_I2C[settings.chip]
    where = (settings.address,) if settings.address else driver.ADDRESSES
    mistaken: WrongChip | None = None
    for address in where:
        if address in taken:
            continue
        try:
            return driver(bus, clock, address=address)
        except ChipNotFound as error:
            if not unheard(error):
                raise
        except WrongChip as error:
            mistaken = mistaken or error
    raise mistaken or ChipNotFound(
        f"no {settings.chip} answers at {_listed(where)} on the I2C bus: check its four"
        " wires (3.3 V, GND, SDA, SCL); `bedside doctor` shows what is there"
    )


def _any(
    open_bus: Callable[[], I2CBus],
    clock: Clock,
    settings: ThermometerSettings,
    taken: Collection[int],
    w1: Path,
) -> Thermometer:
    """Set up the first thermometer that shows itself, on either bus."""
    try:
        bus = open_bus()
        for driver in ON_I2C.values():
            for address in driver.ADDRESSES:
                if address in taken or settings.address not in (0, address):
                    continue
                if driver.recognise(bus, clock, address):
                    return driver(bus, clock, address=address)
    except BusError:
        if settings.address or not ds18b20.serials(w1):
            raise
    if not settings.address and ds18b20.serials(w1):
        return Ds18b20(settings.serial, devices=w1)
    where = f"at {settings.address:#04x}" if settings.address else "on the I2C or the 1-wire bus"
    raise ChipNotFound(
        f"no thermometer answers {where}: check its wires; `bedside doctor` shows what is there"
    )


def _listed(addresses: Collection[int]) -> str:
    if len(addresses) > 4:
        return f"{min(addresses):#04x} to {max(addresses):#04x}"
    return " or ".join(f"{address:#04x}" for address in addresses)
