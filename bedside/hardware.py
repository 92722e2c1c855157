"""What the program stands on: the real machine or a simulated bed, the only such branch."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from bedside.clock import Clock, SteppedClock, SystemClock
from bedside.drivers.i2c import I2CBus, LinuxI2C
from bedside.drivers.pins import Pins, PiPins
from bedside.machine_state import MachineState, look, untold

NIGHT_S = 8 * 3600.0
WAKES_AT_HOUR = 7
BUS_PINS = {2: "the I2C bus", 3: "the I2C bus"}
RATE_ERROR = 0.013
"""The simulated chip's clock is this share off, as real ones are."""


@dataclass(frozen=True, slots=True)
class Hardware:
    """A clock, the pins, how to open the bus, which may not be there yet, and the computer."""

    clock: Clock
    open_bus: Callable[[], I2CBus]
    pins: Pins
    machine: Callable[[], MachineState] = untold


@dataclass(frozen=True, slots=True)
class SimulatedHardware(Hardware):
    """A bed whose clock passes only when waited on, until it is let go live."""

    clock: SteppedClock


def real(bus: int) -> Hardware:
    """Give the machine's own clock and `/dev/i2c-BUS`."""
    clock = SystemClock()
    return Hardware(clock, lambda: LinuxI2C(bus), PiPins(clock, BUS_PINS), look)


def simulated(profile: str, seed: int, zone: tzinfo) -> SimulatedHardware:
    """Give an MPU-6050 under a simulated sleeper, an SHT4x in the room, and a clock at bedtime.

    The night is the last one that ended at seven in the morning, local time in `zone`.
    """
    from bedside.simulator.bus import SimulatedI2C
    from bedside.simulator.mpu6050 import Mpu6050Model
    from bedside.simulator.profiles import PROFILES
    from bedside.simulator.pwm import SimulatedPins
    from bedside.simulator.room import night_air
    from bedside.simulator.sensors import SENSORS
    from bedside.simulator.sht4x import Sht4xModel
    from bedside.simulator.sleeper import Sleeper

    clock = SteppedClock(wall=last_morning(SystemClock().wall(), zone) - NIGHT_S)
    sleeper = Sleeper(PROFILES[profile], seed, start_s=clock.monotonic(), duration_s=NIGHT_S)
    chip = Mpu6050Model(
        clock,
        sleeper.motion,
        rate_error=RATE_ERROR,
        noise_ug=SENSORS["mpu6050"].density_ug,
        seed=seed,
    )
    thermometer = Sht4xModel(clock, night_air(clock.monotonic()))
    bus = SimulatedI2C(clock, {0x68: chip, 0x44: thermometer})
    return SimulatedHardware(clock, lambda: bus, SimulatedPins(clock))


def last_morning(now: float, zone: tzinfo) -> float:
    """Unix seconds of the last seven o'clock in `zone` before `now`."""
    local = datetime.fromtimestamp(now, zone)
    morning = local.replace(hour=WAKES_AT_HOUR, minute=0, second=0, microsecond=0)
    if morning > local:
        morning -= timedelta(days=1)  # wall arithmetic: seven o'clock stays seven over a DST change
    return morning.timestamp()
