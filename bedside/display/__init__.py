"""The small display by the bed: what it shows, and when it is bright, dim or dark."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, tzinfo
from typing import Literal

import attrs

from bedside.climate import Room
from bedside.clock import Clock
from bedside.display.panel import KINDS, Panel, open_panel
from bedside.display.picture import View, render, shifted
from bedside.drivers.i2c import I2CBus
from bedside.errors import BedsideError
from bedside.health import Health
from bedside.settings import setting

__all__ = ["Display", "DisplaySettings"]

LOOK_S = 0.25  # a press of the button is answered within
FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 120.0  # before a display that has gone is looked for again
IDLE_S = 600.0

Light = Literal["bright", "dim", "dark"]


@attrs.frozen
class DisplaySettings:
    """The display by the bed, an OLED on the bus of [sensor], with temperature and time."""

    panel: str = setting(
        "none",
        "Its controller; `sh1106` where with `ssd1306` the picture stands two columns to the side.",
        choices=("none", *KINDS),
    )
    address: int = setting(0, "Its I2C address; 0 looks at 0x3C and 0x3D.", low=0, high=0x77)
    height: int = setting(64, "Rows of pixels.", choices=(64, 32))
    flipped: bool = setting(False, "Turns the picture upside down.")
    brightness: float = setting(40.0, "Brightness by day.", unit="%", low=0, high=100)
    dim_brightness: float = setting(
        1.0, "Brightness in the night of [light].", unit="%", low=0, high=100
    )
    dark_after_s: float = setting(
        180.0, "Goes dark when somebody has been in bed for so long.", unit="s", low=0, high=7200
    )
    lit_s: float = setting(
        15.0, "Is lit for so long after the button was pressed.", unit="s", low=1, high=600
    )


class Display:
    """Keeps the display true, whatever happens to it; nothing at all where there is none.

    On `health` the part `display` is at fault while one that the settings name cannot be used.

    Parameters
    ----------
    open_bus : gives the I2C bus, or raises BusError and is asked again later.
    zone : local time.
    room : gives the room at this moment.
    in_bed : whether somebody lies in the bed.
    night : whether it is night at a moment, Unix s; None where nobody knows the time.
    """

    def __init__(
        self,
        open_bus: Callable[[], I2CBus],
        clock: Clock,
        zone: tzinfo,
        health: Health,
        settings: DisplaySettings,
        room: Callable[[], Room],
        in_bed: Callable[[], bool],
        night: Callable[[float | None], bool],
    ) -> None:
        self._open_bus, self._clock, self._zone, self._health = open_bus, clock, zone, health
        self._settings, self._room, self._in_bed, self._night = settings, room, in_bed, night
        self._percent = _percent(settings)
        self._bus: I2CBus | None = None
        self._panel: Panel | None = None
        self._shown: tuple[Light, View] | None = None
        self._in_bed_since_s: float | None = None
        self._lit_until_s = float("-inf")
        self._look_at_s, self._wait_s = clock.monotonic(), FIRST_WAIT_S

    def use(self, settings: DisplaySettings) -> None:
        """Take other settings into force; the panel itself stays as it was opened."""
        self._settings, self._percent = settings, _percent(settings)
        self._shown = None

    def wake(self) -> None:
        """Light up for a while: the button was pressed. May be called from any thread."""
        self._lit_until_s = self._clock.monotonic() + self._settings.lit_s

    def run(self, stop: threading.Event) -> None:
        """Show what there is to show until `stop` is set, then go dark."""
        while not self._clock.wait(self._look_at_s, stop):
            self.tick()
        self.close()

    def tick(self) -> None:
        """Show what there is to show."""
        now_s = self._clock.monotonic()
        if now_s < self._look_at_s:
            return
        if self._settings.panel == "none":
            self._look_at_s = now_s + IDLE_S
            return
        self._look_at_s = now_s + LOOK_S
        try:
            self._show(self._light(now_s), self._view(now_s))
        except BedsideError as error:
            self._health.raise_fault("display", str(error))
            self._shown = None
            self._look_at_s = now_s + self._wait_s
            self._wait_s = min(2.0 * self._wait_s, LONGEST_WAIT_S)
        else:
            self._wait_s = FIRST_WAIT_S
            self._health.clear_fault("display")

    def close(self) -> None:
        """Go dark."""
        if self._panel is not None:
            with suppress(BedsideError):  # it has gone, and so has its light
                self._panel.darken()
        self._shown = None

    def _light(self, now_s: float) -> Light:
        """Say how bright it may be: dark while somebody sleeps, unless it was asked for."""
        if not self._in_bed():
            self._in_bed_since_s = None
        elif self._in_bed_since_s is None:
            self._in_bed_since_s = now_s
        since_s = self._in_bed_since_s
        asleep = since_s is not None and now_s - since_s >= self._settings.dark_after_s
        if asleep and now_s >= self._lit_until_s:
            return "dark"
        return "dim" if self._night(self._wall_s()) else "bright"

    def _view(self, now_s: float) -> View:
        room, wall_s = self._room(), self._wall_s()
        return View(
            c=room.c,
            state=room.state,
            clock="" if wall_s is None else f"{datetime.fromtimestamp(wall_s, self._zone):%H:%M}",
            fault=any(fault.part != "clock" for fault in self._health.faults()),
            shift=shifted(int(now_s // 60.0)),
        )

    def _show(self, light: Light, view: View) -> None:
        panel = self._panel or self._open()
        was_dark = self._shown is None or self._shown[0] == "dark"
        if light == "dark":
            if self._shown is None or not was_dark:
                panel.darken()
        elif self._shown != (light, view):
            if was_dark:
                panel.set_up_again()
            panel.show(render(view, self._settings.height), self._percent[light])
        self._shown = light, view

    def _open(self) -> Panel:
        if self._bus is None:
            self._bus = self._open_bus()
        settings = self._settings
        self._panel = open_panel(
            self._bus,
            settings.panel,
            address=settings.address,
            height=settings.height,
            flipped=settings.flipped,
        )
        return self._panel

    def _wall_s(self) -> float | None:
        return self._clock.wall() if self._clock.known() else None


def _percent(settings: DisplaySettings) -> dict[Light, float]:
    return {"bright": settings.brightness, "dim": settings.dim_brightness}
