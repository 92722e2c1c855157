"""How the computer itself fares: its power, heat, memory, card and clock.

All of it is read from files that the kernel keeps under /proc and /sys; what a machine does not
tell is None, since only a Raspberry Pi knows whether its power supply is too weak.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bedside.health import Health

HOT_C = 80.0
"""A Pi slows down from here on."""

_THROTTLED = "sys/devices/platform/soc/soc:firmware/get_throttled"
_WEAK_NOW, _WEAK_BEFORE = 1 << 0, 1 << 16
_SLOW_NOW, _SLOW_BEFORE = 0b1110, 0b1110 << 16
_KB_PER_MB = 1000.0


@dataclass(frozen=True, slots=True)
class MachineState:
    """The computer at this moment; None is what it does not tell.

    model              `Raspberry Pi 4 Model B Rev 1.4`
    temperature_c      of the processor
    weak_power         whether the supply's voltage is too low now
    weak_power_before  whether it was since the machine started
    slowed             whether heat or weak power slows the processor now
    memory_mb, free_mb all there is, and what may still be used
    program_mb         what this program holds
    uptime_s           since the machine started
    clock_source       what sets the clock: a time server, a battery clock
    card_errors        faults that the file systems have noted
    """

    model: str | None = None
    temperature_c: float | None = None
    weak_power: bool | None = None
    weak_power_before: bool | None = None
    slowed: bool | None = None
    slowed_before: bool | None = None
    memory_mb: float | None = None
    free_mb: float | None = None
    program_mb: float | None = None
    uptime_s: float | None = None
    clock_source: str | None = None
    card_errors: int | None = None


def look(root: Path = Path("/")) -> MachineState:
    """Read it all; `root` is where proc, sys, dev and run are found."""
    flags = _flags(root)
    weak = _alarm(root) if flags is None else bool(flags & _WEAK_NOW)
    memory, program = _table(root / "proc/meminfo"), _table(root / "proc/self/status")
    milli_c = _number(root / "sys/class/thermal/thermal_zone0/temp")
    return MachineState(
        model=_text(root / "proc/device-tree/model"),
        temperature_c=None if milli_c is None else milli_c / 1000.0,
        weak_power=weak,
        weak_power_before=None if flags is None else bool(flags & _WEAK_BEFORE),
        slowed=None if flags is None else bool(flags & _SLOW_NOW),
        slowed_before=None if flags is None else bool(flags & _SLOW_BEFORE),
        memory_mb=memory.get("MemTotal"),
        free_mb=memory.get("MemAvailable"),
        program_mb=program.get("VmRSS"),
        uptime_s=_number(root / "proc/uptime"),
        clock_source=_clock_source(root),
        card_errors=_card_errors(root),
    )


def untold() -> MachineState:
    """Give the state of a machine that tells nothing, as a simulated one does."""
    return MachineState()


def judge(state: MachineState, health: Health) -> None:
    """Raise and clear the faults `power`, `heat` and `card`."""
    for part, wrong in _COMPLAINTS.items():
        if said := wrong(state):
            health.raise_fault(part, said)
        else:
            health.clear_fault(part)


def _power(state: MachineState) -> str:
    if not state.weak_power:
        return ""
    return (
        "the power supply gives too little voltage, which ruins SD cards and loses nights;"
        " use the Pi's own supply and a short, thick cable"
    )


def _heat(state: MachineState) -> str:
    hot = state.temperature_c is not None and state.temperature_c >= HOT_C
    if not hot:
        return ""
    return "the processor is too hot and slows down; let air reach the Pi, or give it a heat sink"


def _card(state: MachineState) -> str:
    if not state.card_errors:
        return ""
    return (
        "the system has noted faults of the SD card's file system; save the nights with a copy of"
        " the folder of the database, and change the card"
    )


_COMPLAINTS: dict[str, Callable[[MachineState], str]] = {
    "power": _power,
    "heat": _heat,
    "card": _card,
}


def _flags(root: Path) -> int | None:
    """Give the firmware's flags on power and heat; only the Pi's kernel has them."""
    text = _text(root / _THROTTLED)
    try:
        return None if text is None else int(text, 16)
    except ValueError:
        return None


def _alarm(root: Path) -> bool | None:
    """Ask the kernel's voltage watch, where the firmware's flags are not shown."""
    for name in sorted(root.glob("sys/class/hwmon/hwmon*/name")):
        if _text(name) == "rpi_volt":
            alarm = _number(name.with_name("in0_lcrit_alarm"))
            return None if alarm is None else bool(alarm)
    return None


def _clock_source(root: Path) -> str | None:
    if (root / "run/systemd/timesync/synchronized").exists():
        return "a time server"
    if (root / "dev/rtc0").exists():
        chip = (_text(root / "sys/class/rtc/rtc0/name") or "").partition(" ")[0]
        return f"a battery clock ({chip})" if chip else "a battery clock"
    return None


def _card_errors(root: Path) -> int | None:
    counts = [_number(path) for path in root.glob("sys/fs/ext4/*/errors_count")]
    known = [int(count) for count in counts if count is not None]
    return sum(known) if known else None


def _table(path: Path) -> dict[str, float]:
    """Read lines of `Name: 123 kB`, into MB."""
    found = {}
    for line in (_text(path) or "").splitlines():
        name, _, rest = line.partition(":")
        number, _, unit = rest.strip().partition(" ")
        if unit == "kB" and number.isdecimal():
            found[name] = int(number) * 1.024 / _KB_PER_MB
    return found


def _number(path: Path) -> float | None:
    """Read the first word of a file as a number."""
    words = (_text(path) or "").split()
    try:
        return float(words[0]) if words else None
    except ValueError:
        return None


def _text(path: Path) -> str | None:
    """Read a small file of the kernel; None where it is missing, forbidden or not answering."""
    try:
        return path.read_bytes().decode(errors="replace").strip("\0 \n") or None
    except OSError:
        return None
