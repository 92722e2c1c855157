"""The night, between two local times."""

from datetime import datetime, tzinfo

from bedside.light.layers import CEILING_FADE_S
from bedside.light.settings import LightSettings
from bedside.schedule import Appointment, time_of_day

_HEED_S = CEILING_FADE_S + 2.0  # it has come down when the night begins


class Hours:
    """When it is night; while the time of day is not known, it always may be."""

    def __init__(self, settings: LightSettings, zone: tzinfo) -> None:
        self._from = time_of_day(settings.night_from)
        self._until = time_of_day(settings.night_until)
        self._ceiling = settings.night_ceiling / 100.0
        self._zone = zone

    def night(self, wall_s: float | None) -> bool:
        """Whether it is night at a moment, Unix s; None: nobody knows the time."""
        if wall_s is None:
            return True
        now = datetime.fromtimestamp(wall_s, self._zone).time()
        if self._from < self._until:
            return self._from <= now < self._until
        return now >= self._from or now < self._until

    def ceiling(self, wall_s: float | None) -> float:
        """Brightest the light may be now and in a moment, 0-1."""
        if self.night(wall_s) or (wall_s is not None and self.night(wall_s + _HEED_S)):
            return self._ceiling
        return 1.0

    def left_s(self, wall_s: float | None) -> float:
        """How long it is until the night ends, s; twelve hours while nobody knows the time."""
        if wall_s is None:
            return 12 * 3600.0
        return Appointment("", self._until, 0.0).next(wall_s, self._zone).wall_s - wall_s
