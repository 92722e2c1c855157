"""What two sections of a settings file want at once and cannot both have.

Each section is right by itself, so this is no reason not to start: one of the two parts is
refused when it asks, and the rest goes on.
"""

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from bedside.hardware import BUS_PINS

if TYPE_CHECKING:
    from bedside.config import Config


class _Wish(NamedTuple):
    section: str
    setting: str
    job: str


def conflicts(config: "Config") -> list[str]:
    """Give a sentence for each pin with two jobs, and for each address with two chips."""
    return [*_pins(config), *_addresses(config)]


def _pins(config: "Config") -> list[str]:
    wishes: dict[int, list[_Wish]] = defaultdict(list)
    for pin in config.light.channels:
        wishes[pin].append(_Wish("light", "pins", "the light"))
    if config.button.pin:
        wishes[config.button.pin].append(_Wish("button", "pin", "the button"))
    told = []
    for pin, [first, *others] in sorted(wishes.items()):
        jobs = [BUS_PINS[pin]] if pin in BUS_PINS and config.sensor.bus == 1 else []
        jobs += [first.job]
        if len(jobs) + len(others) > 1:
            last = others[-1] if others else first
            listed = " and ".join(jobs + [each.job for each in others])
            told.append(
                f"{_place(config, last)}: GPIO {pin} has two jobs, {listed}:"
                " move one to another pin"
            )
    return told


def _addresses(config: "Config") -> list[str]:
    wishes: dict[int, list[_Wish]] = defaultdict(list)
    for section, address, job in (
        ("sensor", config.sensor.address, "the motion sensor"),
        ("climate", 0 if config.climate.chip == "ds18b20" else config.climate.address,
         "the thermometer"),
        ("display", 0 if config.display.panel == "none" else config.display.address,
         "the display"),
    ):  # fmt: skip
        if address:
            wishes[address].append(_Wish(section, "address", job))
    return [
        f"{_place(config, found[-1])}: {' and '.join(each.job for each in found)} cannot both sit"
        f" at {address:#04x}: strap one of them to another address and set it, or set 0 to have"
        " it looked for"
        for address, found in sorted(wishes.items())
        if len(found) > 1
    ]


def _place(config: "Config", wish: _Wish) -> str:
    line = config.origin.lines.get((wish.section, wish.setting))
    where = f"{config.origin.file}:{line}: " if config.origin.file and line else ""
    return f"{where}[{wish.section}] {wish.setting}"
