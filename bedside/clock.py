"""The only module that asks the time.

Monotonic seconds are for durations and for stamps; wall seconds (Unix time) are for people,
and may be wrong or jump: a Pi has no battery clock.
"""

import ctypes
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

_TIME_ERROR = 5  # adjtimex(2): the kernel's clock is not synchronised
_SYNCHRONIZED = Path("/run/systemd/timesync/synchronized")
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_RTC = Path("/dev/rtc0")


class Clock(Protocol):
    """What every part is given instead of asking the time itself."""

    boot_id: str
    """Names the stretch in which `monotonic` may be compared: one boot of the machine."""

    def monotonic(self) -> float:
        """Seconds since some start; never jumps."""

    def wall(self) -> float:
        """Unix seconds, as far as the machine knows them."""

    def known(self) -> bool:
        """Whether `wall` can be believed: set by a time server or a battery clock."""

    def wait(self, deadline: float, stop: threading.Event) -> bool:
        """Wait until `monotonic` reaches `deadline`; True at once when `stop` is set."""


class SystemClock:
    """The machine's own clocks."""

    def __init__(self) -> None:
        self.boot_id = _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else str(uuid.uuid4())

    def monotonic(self) -> float:
        """Seconds since boot."""
        return time.monotonic()

    def wall(self) -> float:
        """Unix seconds."""
        return time.time()

    def known(self) -> bool:
        """Whether a time server has set the clock since boot, or a battery clock has."""
        return _RTC.exists() or _SYNCHRONIZED.exists() or _kernel_says_synchronised()

    def wait(self, deadline: float, stop: threading.Event) -> bool:
        """Wait until `deadline`; True when `stop` was set."""
        return stop.wait(max(0.0, deadline - time.monotonic()))


class SteppedClock:
    """A clock that passes only when somebody waits on it: nights in seconds.

    After `go_live` it keeps pace with the real monotonic clock, from where it stood.

    Parameters
    ----------
    wall : Unix seconds at the start.
    monotonic : seconds at the start.
    known : whether the wall time counts as known.
    """

    def __init__(
        self, wall: float = 1_790_000_000.0, monotonic: float = 100.0, *, known: bool = True
    ) -> None:
        self.boot_id = f"simulated-{uuid.uuid4()}"
        self._now = monotonic
        self._offset = wall - monotonic
        self._known = known
        self._live_since: float | None = None
        self.on_wait: Callable[[float], None] = lambda _now: None

    def monotonic(self) -> float:
        """Seconds that were waited for, or have passed since `go_live`."""
        if self._live_since is None:
            return self._now
        return self._now + time.monotonic() - self._live_since

    def wall(self) -> float:
        """Unix seconds."""
        return self.monotonic() + self._offset

    def known(self) -> bool:
        """Whether the wall time counts as known."""
        return self._known

    def wait(self, deadline: float, stop: threading.Event) -> bool:
        """Let the time pass to `deadline`, at once; True when `stop` was set."""
        if self._live_since is not None:
            return stop.wait(max(0.0, deadline - self.monotonic()))
        self._now = max(self._now, deadline)
        self.on_wait(self._now)
        return stop.is_set()

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass, as if a transfer or a stall had taken them."""
        self._now += seconds

    def step_wall(self, seconds: float, *, known: bool | None = None) -> None:
        """Let the wall clock jump, as when a time server answers."""
        self._offset += seconds
        if known is not None:
            self._known = known

    def go_live(self) -> None:
        """Pass at the pace of the real clock from now on."""
        if self._live_since is None:
            self._live_since = time.monotonic()


def pause(clock: Clock, seconds: float) -> None:
    """Let a short while pass which nothing need cut short."""
    clock.wait(clock.monotonic() + seconds, threading.Event())


def _kernel_says_synchronised() -> bool:
    """Whether adjtimex(2) calls the kernel's clock synchronised; False where it cannot say."""
    timex = ctypes.create_string_buffer(512)  # struct timex, modes = 0: read only
    try:
        state = int(ctypes.CDLL(None, use_errno=True).adjtimex(timex))
    except (OSError, AttributeError):
        return False
    return 0 <= state < _TIME_ERROR
