"""Pins that remember what was sent to them, and a /sys/class/pwm that behaves like the kernel's.

Written from the kernel's pwm/core.c and pwm/sysfs.c, not from the driver.
"""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bedside.clock import Clock

_USUAL_CLOCK_HZ = 50_000_000


class SimulatedPwm:
    """A pin that is as fine as wanted; `sent` holds (s, duty) for each change."""

    def __init__(self, clock: Clock, pin: int, step: float) -> None:
        self.name = f"GPIO {pin} (simulated PWM)"
        self.step = step
        self.sent: list[tuple[float, float]] = []
        self.closed = False
        self._clock = clock
        self.refuse: Callable[[], None] = lambda: None
        """Called before every change; may raise."""

    @property
    def duty(self) -> float:
        """What the pin gives now."""
        return self.sent[-1][1] if self.sent else 0.0

    def set_duty(self, duty: float) -> None:
        """Note the duty."""
        self.refuse()
        if duty != self.duty:
            self.sent.append((self._clock.monotonic(), duty))

    def off(self) -> None:
        """Go dark."""
        self.set_duty(0.0)

    def close(self) -> None:
        """Go dark for good."""
        if self.duty:
            self.sent.append((self._clock.monotonic(), 0.0))
        self.closed = True


class _Contact:
    """The simulated button's hold on its pin."""

    def __init__(self, pins: "SimulatedPins") -> None:
        self._pins = pins

    def close(self) -> None:
        """Hear no more presses."""
        self._pins.press = self._pins.hold = _nobody


def _nobody() -> None:
    """Nobody listens to the button."""


class SimulatedPins:
    """A header for beds without hardware.

    pwm          the pin's PWM, once it was opened
    press, hold  what a short and a long press of the button do
    refuse       called before a pin is opened; may raise
    """

    def __init__(self, clock: Clock, step: float = 1.0 / 25_000) -> None:
        self._clock, self._step = clock, step
        self.pwm: dict[int, SimulatedPwm] = {}
        self.press: Callable[[], None] = _nobody
        self.hold: Callable[[], None] = _nobody
        self.refuse: Callable[[], None] = lambda: None

    def open_pwm(self, pin: int, _job: str, _wish: Any) -> SimulatedPwm:
        """Give a dark pin."""
        self.refuse()
        self.pwm[pin] = SimulatedPwm(self._clock, pin, self._step)
        return self.pwm[pin]

    def open_button(
        self, _settings: Any, on_short: Callable[[], None], on_long: Callable[[], None]
    ) -> _Contact:
        """Let `press` and `hold` reach the handlers."""
        self.refuse()
        self.press, self.hold = on_short, on_long
        return _Contact(self)

    def close(self) -> None:
        """Give all pins back."""


class PwmTree:
    """A /sys/class/pwm in a folder, with real files and links to read.

    `write` stands in for writing to them: it does to the files what the kernel would do, and
    raises the kernel's errors.

    Parameters
    ----------
    folder : where the tree is made.
    clock : times what is sent, and the delays of udev.
    udev_s : so long after an export do the channel's files belong to root alone.
    """

    def __init__(self, folder: Path, clock: Clock, udev_s: float = 0.0) -> None:
        self.root, self._machine, self._clock = folder / "class", folder / "devices", clock
        self._udev_s = udev_s
        self.root.mkdir(parents=True)
        self._ours_from_s: dict[Path, float] = {}
        self._clock_hz: dict[Path, int] = {}
        self._kernel_has: set[Path] = set()
        self.sent: dict[str, list[tuple[float, int]]] = {}
        """(s, pulse in ns) at the pin, by the name of chip and channel: `pwmchip0/pwm0`."""
        self.error: int | None = None
        """Every write fails with this error number."""

    def add_chip(
        self,
        number: int,
        device: str,
        channels: int,
        clock_hz: int | None = None,
        routed: tuple[int, ...] = (),
    ) -> Path:
        """Add a chip.

        Parameters
        ----------
        device : such as fe20c000.pwm.
        clock_hz : what it counts with, as the device tree says; None: it says nothing.
        routed : the pins that an overlay leads the channels to.
        """
        node = self._machine / "tree/soc" / f"pwm@{number}"
        node.mkdir(parents=True)
        if clock_hz:
            (node / "assigned-clock-rates").write_bytes(clock_hz.to_bytes(4, "big"))
        if routed:
            pins = self._machine / "tree/soc/gpio@7e200000/pwm_pins"
            pins.mkdir(parents=True, exist_ok=True)
            (pins / "brcm,pins").write_bytes(b"".join(pin.to_bytes(4, "big") for pin in routed))
        home = self._machine / device
        chip = home / "pwm" / f"pwmchip{number}"
        chip.mkdir(parents=True)
        (home / "of_node").symlink_to(node)
        (chip / "device").symlink_to(home)
        (chip / "npwm").write_text(f"{channels}\n")
        (self.root / f"pwmchip{number}").symlink_to(chip)
        self._clock_hz[chip.resolve()] = clock_hz or _USUAL_CLOCK_HZ
        return self.root / f"pwmchip{number}"

    def take(self, chip: Path, channel: int) -> None:
        """Let a driver of the kernel have a channel."""
        self._kernel_has.add(chip.resolve() / f"pwm{channel}")

    def write(self, path: Path, text: str) -> None:
        """Do what the kernel does when `text` is written to `path`; OSError as it would say."""
        if self.error is not None:
            raise _os_error(self.error)
        path = path.resolve()
        try:
            value = int(text)
        except ValueError:
            raise _os_error(errno.EINVAL) from None
        if path.name in ("export", "unexport"):
            (self._export if path.name == "export" else self._unexport)(path.parent, value)
            return
        if not path.exists():
            raise _os_error(errno.ENOENT)
        if self._clock.monotonic() < self._ours_from_s[path.parent]:
            raise _os_error(errno.EACCES)
        self._apply(path.parent, path.name, value)

    def pulse_ns(self, channel: Path) -> int:
        """How long the pin is high in each period, ns: a whole number of the clock's ticks."""
        state, clock_hz = self._state(channel), self._clock_hz[channel.resolve().parent]
        ticks = round(state["duty_cycle"] * clock_hz / 1e9)
        return round(ticks * 1e9 / clock_hz) if state["enable"] else 0

    def _export(self, chip: Path, number: int) -> None:
        channel = chip / f"pwm{number}"
        if number >= int((chip / "npwm").read_text()):
            raise _os_error(errno.ENODEV)
        if channel.exists() or channel in self._kernel_has:
            raise _os_error(errno.EBUSY)
        channel.mkdir()
        for name in ("period", "duty_cycle", "enable"):
            (channel / name).write_text("0\n")
        self._ours_from_s[channel] = self._clock.monotonic() + self._udev_s

    def _unexport(self, chip: Path, number: int) -> None:
        channel = chip / f"pwm{number}"
        if not channel.exists():
            raise _os_error(errno.ENODEV)
        (channel / "enable").write_text("0\n")
        self._note(channel)
        for file in channel.iterdir():
            file.unlink()
        channel.rmdir()

    def _apply(self, channel: Path, name: str, value: int) -> None:
        state = {**self._state(channel), name: value}
        if value < 0 or (name == "enable" and value > 1):
            raise _os_error(errno.EINVAL)
        if not state["period"] or state["duty_cycle"] > state["period"]:
            raise _os_error(errno.EINVAL)  # pwm_apply_might_sleep
        (channel / name).write_text(f"{value}\n")
        self._note(channel)

    def _state(self, channel: Path) -> dict[str, int]:
        names = ("period", "duty_cycle", "enable")
        return {name: int((channel / name).read_text()) for name in names}

    def _note(self, channel: Path) -> None:
        sent = self.sent.setdefault(f"{channel.parent.name}/{channel.name}", [])
        pulse_ns = self.pulse_ns(channel)
        if pulse_ns != (sent[-1][1] if sent else 0):
            sent.append((self._clock.monotonic(), pulse_ns))


def _os_error(number: int) -> OSError:
    return OSError(number, os.strerror(number))
