"""The room's thermometer: which one would be read, and the settings that say so."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bedside.clock import Clock, pause
from bedside.doctor.findings import Finding
from bedside.drivers import ds18b20
from bedside.drivers.i2c import I2CBus
from bedside.drivers.thermometer import (
    ADDRESSES,
    CHIPS,
    Identity,
    ThermometerSettings,
    identify,
)
from bedside.errors import BusError

_REST_S = 0.02


class _Candidate(NamedTuple):
    chip: str
    text: str
    address: int
    serial: str

    @property
    def lines(self) -> str:
        """Write the settings that choose it."""
        return f'chip = "{self.chip}" and ' + (
            f"address = {self.address:#04x}" if self.address else f'serial = "{self.serial}"'
        )


def examine_room(
    bus: Callable[[], I2CBus],
    clock: Clock,
    wanted: ThermometerSettings,
    w1: Path = ds18b20.DEVICES,
) -> Iterator[Finding]:
    """Look for thermometers by reading alone; what is wrong with the bus itself is told elsewhere.

    Parameters
    ----------
    bus : opens the I2C bus; may raise BusError.
    w1 : where the kernel lists what hangs on its 1-wire buses.
    """
    if wanted.chip == "none":
        yield Finding("ok", "the settings want no thermometer")
        return
    found: dict[int, Identity] = {}
    # Whoever was asked for a serial number a moment ago does not hear another command at once.
    pause(clock, _REST_S)
    try:
        opened = bus()
        for address in ADDRESSES:
            if identity := identify(opened, clock, address):
                found[address] = identity
    except BusError:
        pass
    yield from judge_room(found, ds18b20.serials(w1), wanted)


def judge_room(
    found: Mapping[int, Identity], serials: Sequence[str], wanted: ThermometerSettings
) -> Iterator[Finding]:
    """Say which of the thermometers on the two buses would be read, and how to choose another.

    Parameters
    ----------
    found : who sits at which address of the I2C bus.
    serials : serial numbers of the DS18B20 on the 1-wire bus.
    """
    there = [
        _Candidate(chip, f"{name} at {address:#04x}", address, "")
        for address, (chip, name) in found.items()
    ]
    there += [_Candidate("ds18b20", f"DS18B20 {serial}", 0, serial) for serial in serials]
    there.sort(key=lambda candidate: CHIPS.index(candidate.chip))
    fitting = [candidate for candidate in there if _fits(candidate, wanted)]
    if fitting:
        first, *others = fitting
        mend = f'to be told when it is missing: [climate] chip = "{first.chip}"'
        what = f"the room's temperature would come from the {first.text}"
        yield Finding("ok", what, mend if wanted.chip == "auto" else "")
        for other in others:
            what = f"there is another thermometer, the {other.text}, which would not be read"
            yield Finding("ok", what, f"to choose it: [climate] {other.lines}")
    elif there:
        listed = " and ".join(candidate.text for candidate in there)
        where = f" at {wanted.address:#04x}" if wanted.address else f" {wanted.serial}".rstrip()
        yield Finding(
            "warn",
            f'[climate] asks for chip = "{wanted.chip}"{where}, found {listed}',
            f"set [climate] {there[0].lines}",
        )
    elif wanted.chip == "auto":
        yield Finding("ok", "no thermometer answers: the room's temperature is left out")
    else:
        yield Finding(
            "warn",
            f"no {wanted.chip} answers: the room's temperature would be missing",
            "check its wires, then `bedside doctor` again",
        )


def _fits(candidate: _Candidate, wanted: ThermometerSettings) -> bool:
    if wanted.chip not in ("auto", candidate.chip):
        return False
    if candidate.serial:
        return wanted.serial in ("", candidate.serial) and (
            wanted.chip == "ds18b20" or not wanted.address
        )
    return wanted.address in (0, candidate.address)
