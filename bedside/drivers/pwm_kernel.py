"""Hardware PWM through /sys/class/pwm (kernel: pwm/sysfs.c, pwm-bcm2835.c, pwm-rp1.c).

Chips are found by the device they stand for: their numbers change from kernel to kernel.
"""

import errno
import fcntl
import os
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from bedside.clock import Clock
from bedside.errors import NoPwm, PinError

ROOT = Path("/sys/class/pwm")
_BLOCKS = (  # how the name of the device ends, and which pin is which of its channels
    ("20c000.pwm", {12: 0, 18: 0, 13: 1, 19: 1}),  # Pi 0-4: 2020c000, 3f20c000, fe20c000
    ("1f00098000.pwm", {12: 0, 13: 1, 14: 2, 15: 3, 18: 2, 19: 3}),  # Pi 5: the RP1's first
)
_USUAL_TICK_NS = 20  # 50 MHz on every Pi since 2024, and a multiple of the 10 ns before
_LEAST_STEPS = 7000  # 12.8 bits: two hundred pulses of their own below 20 % perceived brightness
_PATIENCE_S, _PAUSE_S = 2.0, 0.02  # udev hands the files to the group after the export
_CONFIG = "/boot/firmware/config.txt"

Write = Callable[[Path, str], None]


class Channel(NamedTuple):
    """One channel of a PWM chip: the chip's folder, the channel's own, its number, its tick."""

    chip: Path
    folder: Path
    number: int
    tick_ns: int


def write_file(path: Path, text: str) -> None:
    """Write to a file of sysfs, in one call, as the kernel wants it; raises OSError."""
    file = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)


def find_channel(pin: int, root: Path = ROOT) -> Channel:
    """Find the channel that drives a pin.

    Raises
    ------
    NoPwm : the pin has none, the overlay is missing, or it leads the channel to another pin.
    """
    if not any(pin in pins for _, pins in _BLOCKS):
        raise NoPwm(f"GPIO {pin} has no hardware PWM: use GPIO 12, 13, 18 or 19")
    for chip in sorted(root.glob("pwmchip*")):
        device = (chip / "device").resolve()
        for ending, channels in _BLOCKS:
            if device.name.endswith(ending) and pin in channels:
                _check_route(pin, device)
                number = channels[pin]
                return Channel(chip, chip / f"pwm{number}", number, _tick_ns(device))
    raise NoPwm(f"the hardware PWM of GPIO {pin} is not turned on: {_overlay(pin)}")


def _overlay(pin: int) -> str:
    options = ",pin=12,func=4,pin2=13,func2=4" if pin in (12, 13) else ""
    return f"add the line `dtoverlay=pwm-2chan{options}` to {_CONFIG} and reboot"


def _check_route(pin: int, device: Path) -> None:
    """Compare with the pins the overlay names; a device tree without them says nothing."""
    routed: set[int] = set()
    for file in (device / "of_node").resolve().parent.glob("gpio@*/pwm_pins/brcm,pins"):
        routed.update(number for (number,) in struct.iter_unpack(">I", file.read_bytes()))
    if routed and pin not in routed:
        pins = " and ".join(f"GPIO {number}" for number in sorted(routed))
        raise NoPwm(f"hardware PWM is led to {pins}, not to GPIO {pin}: {_overlay(pin)}")


def _tick_ns(device: Path) -> int:
    """Smallest step of a pulse, ns, by the clock that the device tree asks for."""
    try:
        (rate_hz,) = struct.unpack_from(
            ">I", (device / "of_node/assigned-clock-rates").read_bytes()
        )
    except (OSError, struct.error):
        return _USUAL_TICK_NS
    return max(1, round(1e9 / rate_hz)) if rate_hz else _USUAL_TICK_NS


class KernelPwm:
    """A channel of the SoC's own PWM: exact to the tick, and no work for the processor.

    Parameters
    ----------
    hz : rounded to a whole number of ticks, and slower where these would be too few.
    write : writes a file of sysfs.

    Raises
    ------
    NoPwm : see `find_channel`.
    PinError : the channel is taken, or may not be used.
    """

    def __init__(
        self, pin: int, hz: float, clock: Clock, root: Path = ROOT, write: Write = write_file
    ) -> None:
        self._pin, self._clock, self._write_file = pin, clock, write
        self.channel = find_channel(pin, root)
        self._steps = max(_LEAST_STEPS, round(1e9 / hz / self.channel.tick_ns))
        self._period_ns = self._steps * self.channel.tick_ns
        self.step = 1.0 / self._steps
        self.name = f"GPIO {pin} (hardware PWM, {1e9 / self._period_ns:.4g} Hz)"
        self._lit = False
        self._lock: int | None = None
        try:
            self._take()
        except PinError:
            self._let_go()
            raise

    def set_duty(self, duty: float) -> None:
        """Be on for this share of the time, 0-1."""
        self._set("duty_cycle", round(duty * self._steps) * self.channel.tick_ns)
        if not self._lit:
            self._set("enable", 1)
            self._lit = True

    def off(self) -> None:
        """Rest dark: a channel that is disabled holds its pin low."""
        self._set("duty_cycle", 0)
        if self._lit:
            self._set("enable", 0)
            self._lit = False

    def close(self) -> None:
        """Leave the pin dark and give the channel back."""
        with suppress(PinError):
            self.off()
        with suppress(OSError):
            self._write_file(self.channel.chip / "unexport", str(self.channel.number))
        self._let_go()

    def _take(self) -> None:
        """Export the channel, or take one back that a crash left behind; then turn it off."""
        left_behind = self.channel.folder.is_dir()
        if not left_behind:
            self._write(self.channel.chip / "export", str(self.channel.number))
        self._claim()
        if left_behind and self._get("enable") and self._get("period") != self._period_ns:
            raise self._busy("another program")
        self._patiently(lambda: self._set("enable", 0) if self._get("enable") else None)
        if self._get("duty_cycle") > self._period_ns:  # else the kernel refuses the period
            self._set("duty_cycle", 0)
        self._patiently(lambda: self._set("period", self._period_ns))
        self._set("duty_cycle", 0)

    def _claim(self) -> None:
        """Keep a second bedside off the channel; the lock dies with the process."""
        try:
            self._lock = os.open(self.channel.folder / "period", os.O_RDONLY | os.O_CLOEXEC)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise self._busy("another bedside, or by another of its pins") from error
        except OSError as error:
            raise self._refused(error) from error

    def _let_go(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _patiently(self, do: Callable[[], None]) -> None:
        """Try again while udev has not yet handed the files over."""
        until_s = self._clock.monotonic() + _PATIENCE_S
        while True:
            try:
                return do()
            except PinError as error:
                cause = error.__cause__
                denied = isinstance(cause, OSError) and cause.errno in (errno.EACCES, errno.EPERM)
                if not denied or self._clock.monotonic() >= until_s:
                    raise
            self._clock.wait(self._clock.monotonic() + _PAUSE_S, threading.Event())

    def _get(self, name: str) -> int:
        try:
            return int((self.channel.folder / name).read_text())
        except OSError as error:
            raise self._refused(error) from error

    def _set(self, name: str, value: int) -> None:
        self._write(self.channel.folder / name, str(value))

    def _write(self, path: Path, text: str) -> None:
        try:
            self._write_file(path, text)
        except OSError as error:
            raise self._refused(error) from error

    def _busy(self, user: str) -> PinError:
        return PinError(f"the hardware PWM of GPIO {self._pin} is in use by {user}: stop that one")

    def _refused(self, error: OSError) -> PinError:
        where = f"the hardware PWM of GPIO {self._pin}"
        if error.errno == errno.EBUSY:
            return self._busy("a driver of the kernel (a fan, the sound, a backlight)")
        if error.errno in (errno.EACCES, errno.EPERM):
            return PinError(
                f"{where} may not be used by this user: run `sudo usermod -aG gpio $USER`, then"
                " log in again; where there is no udev rule for it, see docs/light.md"
            )
        if error.errno == errno.EROFS:
            return PinError(f"{where} is read-only here: let the service write to /sys/class/pwm")
        if error.errno in (errno.ENOENT, errno.ENODEV):
            return PinError(f"{where} has gone: its driver or overlay was unloaded; reboot")
        return PinError(f"{where} refuses: {error.strerror or error} (error {error.errno})")
