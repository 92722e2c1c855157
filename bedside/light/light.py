"""The night light: one lamp, one lock, and whoever wants something of it."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import tzinfo

from bedside.clock import Clock
from bedside.drivers.pins import Pins
from bedside.errors import PinError
from bedside.health import Health
from bedside.light.glow import Glow
from bedside.light.hours import Hours
from bedside.light.lamp import Lamp, open_lamp
from bedside.light.now import LightNow
from bedside.light.settings import LightSettings
from bedside.pipeline.listener import PresenceChange
from bedside.pipeline.movements import Movement
from bedside.pipeline.recorded import LightChange

log = logging.getLogger(__name__)

IDLE_S = 1.0
"""Between looks while nothing moves."""

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0  # before a lamp that failed is tried again
_STARTED, _STOPPED, _FAILED = "off at the start", "off at the end", "fault of the light"

OnChange = Callable[[LightChange], None]
"""Called with every change, in the thread that made it, with no lock held."""


class Light:
    """The lamp and what it is meant to do; every method may be called from any thread.

    On `health`, the part `light` is at fault while the lamp cannot be used; it is tried again.
    The lamp is dark until somebody wants light, and after `close`.

    Parameters
    ----------
    zone : in which the hours of the night are meant.
    on_change : told of every change and its cause.
    """

    def __init__(
        self,
        pins: Pins,
        clock: Clock,
        health: Health,
        settings: LightSettings,
        zone: tzinfo,
        on_change: Sequence[OnChange] = (),
    ) -> None:
        self._pins, self._clock, self._health = pins, clock, health
        self._zone = zone
        self._settings, self._hours = settings, Hours(settings, zone)
        self._on_change = tuple(on_change)
        self._lock, self._wake = threading.Lock(), threading.Event()
        self._glow = Glow(settings)
        self._lamp: Lamp | None = None
        self._resting: float | None = None
        self._refusal = "the light is not lit yet: it has just started"
        self._retry_at_s, self._wait_s = -1.0, FIRST_WAIT_S
        self._closed = not settings.channels
        if self._closed:
            self._refusal = "there is no light: name its pins in [light] pins"

    def use(self, settings: LightSettings) -> None:
        """Take other settings into force; the lamp itself stays as it was opened."""
        with self._lock:
            self._settings, self._hours = settings, Hours(settings, self._zone)
            self._glow.use(settings)
        self._wake.set()

    def night(self, wall_s: float | None) -> bool:
        """Whether it is night at a moment, Unix s; None: nobody knows the time."""
        return self._hours.night(wall_s)

    @property
    def now(self) -> LightNow:
        """How it stands."""
        with self._lock:
            lamp = "" if self._lamp is None else self._lamp.name
            return self._glow.now(self._clock.monotonic(), lamp)

    @property
    def refusal(self) -> str:
        """Why there is no lamp to set; empty where there is one."""
        with self._lock:
            return self._refusal if self._lamp is None else ""

    @property
    def usual(self) -> float:
        """How bright it is when it is just turned on, 0-1."""
        return self._settings.button_level / 100.0

    # ── by hand ─────────────────────────────────────────────────────────────────────────────

    def set_by_hand(self, level: float, cause: str, hold_s: float | None = None) -> float:
        """Take a change by hand and hold it, by default as long as the settings say.

        Returns
        -------
        float : the brightness granted: less than `level` where the night's ceiling is lower.

        Raises
        ------
        PinError : there is no lamp to set.
        """
        held_s = self._settings.hold_min * 60.0 if hold_s is None else hold_s
        level = min(1.0, max(0.0, level))
        with self._lock:
            if self._lamp is None:
                raise PinError(self._refusal)
            change = self._glow.by_hand(self._clock.monotonic(), level, cause, held_s)
            granted = self._glow.layers.target
        self._tell(change)
        return granted

    def press(self) -> None:
        """Turn it on or off, as a short press of the button does."""
        self._lit(lambda glow, now_s: glow.press(now_s))

    def hold_off(self, cause: str, until_s: float | None = None) -> None:
        """Let nothing but a hand or the sunrise light it until then, monotonic s.

        None: until the night ends. A long press of the button does this.
        """

        def off(glow: Glow, now_s: float) -> LightChange | None:
            night_s = self._hours.left_s(self._wall_s())
            return glow.hold_off(now_s, now_s + night_s if until_s is None else until_s, cause)

        self._lit(off)

    def let_go(self, cause: str) -> None:
        """End every hold: make it automatic again."""
        self._lit(lambda glow, now_s: glow.let_go(now_s, cause))

    # ── by the bed ──────────────────────────────────────────────────────────────────────────

    def on_presence(self, change: PresenceChange) -> None:
        """Hear that somebody came to bed, or left it."""

        def heard(glow: Glow, now_s: float) -> LightChange | None:
            return glow.presence(now_s, change.t_s, change.present)

        if not self._lit(heard):
            self.know_presence(change.present)

    def know_presence(self, present: bool) -> None:
        """Learn who is in bed without making anything of it, as from samples heard again."""
        with self._lock:
            self._glow.present = present

    def on_leaving(self, since_s: float) -> None:
        """Hear that somebody seems to be leaving the bed, monotonic s, before it is proven."""
        self._lit(lambda glow, now_s: glow.leaving(now_s, since_s))

    def on_movement(self, movement: Movement) -> None:
        """Hear of a movement."""
        self._lit(lambda glow, now_s: glow.movement(now_s, movement))

    # ── by the clock ────────────────────────────────────────────────────────────────────────

    def evening(self, late_s: float = 0.0) -> None:
        """Begin the evening's light."""
        self._lit(lambda glow, now_s: glow.evening(now_s, late_s))

    def lights_out(self, _late_s: float = 0.0) -> None:
        """Let the evening's light go out."""
        self._lit(lambda glow, now_s: glow.lights_out(now_s))

    def sunrise(self, late_s: float = 0.0) -> None:
        """Begin the sunrise."""
        self._lit(lambda glow, now_s: glow.sunrise(now_s, late_s))

    # ── its own thread ──────────────────────────────────────────────────────────────────────

    def run(self, stop: threading.Event) -> None:
        """Fade until `stop` is set, then go dark; nearly no work while nothing moves."""
        try:
            while not stop.is_set():
                wait_s = self.step()
                # Whoever wants something wakes it; `stop` is looked at once a second.
                self._clock.wait(self._clock.monotonic() + wait_s, self._wake)
                self._wake.clear()
        finally:
            self.close()

    def step(self) -> float:
        """Show what is to be shown now; how long until the next look, s."""
        if self._closed or (self._lamp is None and not self._open()):
            return IDLE_S
        now_s, wall_s, fault = self._clock.monotonic(), self._wall_s(), None
        ceiling, night = self._hours.ceiling(wall_s), self._hours.night(wall_s)
        with self._lock:
            if self._lamp is None:
                return IDLE_S
            change = self._glow.advance(now_s, ceiling, night)
            moving, wait_s = self._glow.layers.moving(now_s), self._lamp.frame_s
            try:
                self._show(self._lamp, self._glow.layers.level(now_s), moving)
            except PinError as error:
                fault = error
                change = self._put_out(now_s, _FAILED) or change
        self._tell(change)
        if fault is not None:
            self._failed(fault)
        return wait_s if moving else IDLE_S

    def close(self) -> None:
        """Go dark, for good."""
        with self._lock:
            self._closed = True
            change = self._put_out(self._clock.monotonic(), _STOPPED)
        self._tell(change)

    def _open(self) -> bool:
        """Try to open the lamp, if it is time to."""
        now_s = self._clock.monotonic()
        if now_s < self._retry_at_s:
            return False
        try:
            lamp = open_lamp(self._pins, self._settings)
        except PinError as error:
            self._failed(error)
            return False
        with self._lock:
            self._lamp, self._resting = lamp, None
        self._wait_s = FIRST_WAIT_S
        self._health.note("light", lamp.name)
        self._health.clear_fault("light")
        self._tell(LightChange(now_s, 0.0, _STARTED))
        return True

    def _show(self, lamp: Lamp, level: float, moving: bool) -> None:
        if moving:
            lamp.show(level)
            self._resting = None
        elif level != self._resting:
            lamp.rest(level)
            self._resting = level

    def _put_out(self, now_s: float, cause: str) -> LightChange | None:
        """Close the lamp, with the lock held."""
        if self._lamp is not None:
            self._lamp.close()
        self._lamp = None
        return self._glow.dark(now_s, cause)

    def _failed(self, error: PinError) -> None:
        self._refusal = str(error)
        self._retry_at_s = self._clock.monotonic() + self._wait_s
        self._wait_s = min(2.0 * self._wait_s, LONGEST_WAIT_S)
        self._health.raise_fault("light", str(error))

    def _lit(self, do: Callable[[Glow, float], LightChange | None]) -> bool:
        """Do something with the light; False where there is no lamp."""
        with self._lock:
            if self._lamp is None:
                return False
            change = do(self._glow, self._clock.monotonic())
        self._tell(change)
        return True

    def _tell(self, change: LightChange | None) -> None:
        self._wake.set()
        if change is None:
            return
        log.info("light at %.0f %% (%s)", 100.0 * change.level, change.cause)
        for tell in self._on_change:
            tell(change)

    def _wall_s(self) -> float | None:
        return self._clock.wall() if self._clock.known() else None
