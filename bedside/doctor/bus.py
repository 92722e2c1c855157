"""The bus: whether it is there and may be used, and whether a sensor on it can be used."""

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bedside.doctor.chips import ADDRESSES, Chip, look
from bedside.doctor.findings import Finding, Level
from bedside.drivers.i2c import I2CBus
from bedside.errors import BusError

if TYPE_CHECKING:
    from bedside.drivers.imu import ImuSettings

_TURN_ON = "sudo raspi-config nonint do_i2c 0 && sudo reboot (elsewhere: sudo modprobe i2c-dev)"
_WIRES = (
    "wire its 3.3 V, GND, SDA and SCL to pins 1, 6, 3 and 5 of a Raspberry Pi, then"
    " `bedside doctor` again"
)
_STRAP = "strap the sensor's AD0 to 3.3 V, so that it answers at 0x69"
_TROUBLE = {
    errno.EIO: ("transfers break off", "shorten the cable, or slow the bus down:"
                " dtparam=i2c_arm_baudrate=50000 in /boot/firmware/config.txt"),
    errno.EAGAIN: ("something disturbs the bus", "keep SDA away from other wires, and leave one"
                   " controller on it"),
    errno.ETIMEDOUT: ("the bus is stuck: a line is held low", "take the sensor off its 3.3 V and"
                      " put it back; if that does not help, look for a short of SDA or SCL"),
    errno.EBUSY: ("a kernel driver owns the chip", "take its dtoverlay line out of"
                  " /boot/firmware/config.txt and reboot"),
    errno.ENODEV: ("the bus has gone", "plug its adapter in again, or reboot"),
    errno.EOPNOTSUPP: ("the bus cannot do such transfers", "use another bus, see [sensor] bus"),
}  # fmt: skip


def bus_numbers(devices: Path = Path("/dev")) -> list[int]:
    """Numbers of the I2C buses that this machine has."""
    names = (path.name.removeprefix("i2c-") for path in devices.glob("i2c-*"))
    return sorted(int(name) for name in names if name.isdecimal())


def examine_bus(
    numbers: Sequence[int], open_bus: Callable[[int], I2CBus], wanted: "ImuSettings"
) -> Iterator[Finding]:
    """Look at the bus of the settings alone: what hangs on others is not ours to touch."""
    if wanted.bus not in numbers:
        yield _no_bus(numbers, wanted.bus)
        return
    try:
        bus = open_bus(wanted.bus)
    except BusError as error:
        what, _, mend = str(error).partition(": ")
        yield Finding("fail", what, mend)
        return
    yield Finding("ok", f"the I2C bus /dev/i2c-{wanted.bus} is there and may be used")
    chips: list[Chip] = []
    for address in ADDRESSES:
        try:
            found = look(bus, address)
        except OSError as error:
            yield _trouble(address, error)
            if error.errno == errno.EBUSY:  # one chip's matter: the others may still answer
                continue
            yield from _who(chips, wanted)
            return
        if found is not None:
            chips.append(found)
    yield from _who(chips, wanted)
    yield from _sensor(chips, wanted)


def _no_bus(numbers: Sequence[int], number: int) -> Finding:
    if not numbers:
        return Finding("fail", "there is no I2C bus (no /dev/i2c-*)", _TURN_ON)
    others = ", ".join(f"/dev/i2c-{other}" for other in numbers)
    return Finding(
        "fail",
        f"there is no /dev/i2c-{number}, but {others}",
        f"{_TURN_ON}; or set another [sensor] bus",
    )


def _trouble(address: int, error: OSError) -> Finding:
    number = error.errno or 0
    what, mend = _TROUBLE.get(number, (os.strerror(number), "reboot, and look at the wires"))
    level: Level = "warn" if number == errno.EBUSY else "fail"
    return Finding(level, f"at {address:#04x}: {what} (error {number})", mend)


def _usable(chip: Chip) -> bool:
    return chip.motion and chip.chip not in ("", "clone")


def _who(chips: list[Chip], wanted: "ImuSettings") -> Iterator[Finding]:
    """Name everybody who answers."""
    for chip in chips:
        who = f"at {chip.address:#04x} answers: {chip.name}"
        if not chip.motion or _usable(chip):
            yield Finding("ok", who, chip.use)
        elif chip.chip == "clone":
            tried = (
                "" if wanted.chip == "clone" else 'if it is an MPU copy: [sensor] chip = "clone"'
            )
            yield Finding("warn", who, tried)
        else:
            yield Finding("warn", f"{who}; bedside has no driver for it yet")
    if any(chip.clock for chip in chips) and not any(chip.address == 0x69 for chip in chips):
        yield Finding("warn", "where the clock chip sits, at 0x68, no motion sensor can", _STRAP)


def _sensor(chips: list[Chip], wanted: "ImuSettings") -> Iterator[Finding]:
    """Say which one would listen through the night, or why none can."""
    usable = [chip for chip in chips if _usable(chip) or _tried(chip, wanted)]
    fitting = [
        chip
        for chip in usable
        if wanted.address in (0, chip.address) and wanted.chip in ("auto", chip.chip)
    ]
    if fitting:
        first = fitting[0]
        mend = f'to be told when it is missing: [sensor] chip = "{first.chip}"'
        yield Finding(
            "ok",
            f"bedside would listen to the sensor at {first.address:#04x}",
            mend if wanted.chip == "auto" else "",
        )
        if len(fitting) > 1:
            others = " and ".join(f"{chip.address:#04x}" for chip in fitting[1:])
            yield Finding(
                "warn",
                f"there is another one at {others}, which would not be heard",
                f"choose with [sensor] address = {fitting[1].address} or {first.address}",
            )
    elif usable:
        there = " and ".join(f"{chip.chip} at {chip.address:#04x}" for chip in usable)
        where = f" at {wanted.address:#04x}" if wanted.address else ""
        yield Finding(
            "fail",
            f'the settings ask for chip = "{wanted.chip}"{where}, found {there}',
            'set [sensor] chip = "auto" and address = 0',
        )
    else:
        yield Finding("fail", "no motion sensor answers that bedside can use", _WIRES)


def _tried(chip: Chip, wanted: "ImuSettings") -> bool:
    return chip.chip == wanted.chip == "clone"
