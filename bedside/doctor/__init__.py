"""Says whether a night could be recorded on this machine as it stands, or what mends it.

Nothing is changed by looking: chips are only read, files are left alone.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bedside.clock import Clock
from bedside.doctor.bus import bus_numbers, examine_bus
from bedside.doctor.findings import Examination, Finding
from bedside.doctor.machine import (
    examine_clock,
    examine_folder,
    examine_lgpio,
    examine_numpy,
    examine_settings,
)
from bedside.doctor.room import examine_room
from bedside.drivers.i2c import I2CBus
from bedside.drivers.thermometer import ThermometerSettings

if TYPE_CHECKING:
    from bedside.drivers.imu import ImuSettings

__all__ = ["Examination", "Finding", "bus_numbers", "examine"]


def examine(
    numbers: Sequence[int],
    open_bus: Callable[[int], I2CBus],
    wanted: "ImuSettings",
    folder: Path,
    clock: Clock,
    settings_file: Path | None = None,
    problems: Sequence[str] = (),
    conflicts: Sequence[str] = (),
    climate: ThermometerSettings | None = None,
    *,
    pins: bool = False,
) -> Examination:
    """Look at everything that a night needs.

    Parameters
    ----------
    numbers : I2C buses of this machine, see `bus_numbers`.
    open_bus : opens one of them; may raise BusError.
    wanted : the sensor that the settings ask for.
    folder : where the nights are kept.
    settings_file, problems : the file in use, if any, and what is wrong in it, a sentence each.
    conflicts : what its sections cannot both have, a sentence each.
    climate : the thermometer that the settings ask for; any, if not given.
    pins : whether the settings ask for a light or a button.
    """
    return Examination(
        (
            *examine_settings(settings_file, problems, conflicts),
            *examine_numpy(),
            *examine_bus(numbers, open_bus, wanted),
            *examine_room(lambda: open_bus(wanted.bus), clock, climate or ThermometerSettings()),
            *(examine_lgpio() if pins else ()),
            *examine_folder(folder),
            *examine_clock(clock),
        )
    )
