"""Moments of the monotonic clock, as people say them."""

from datetime import datetime

from bedside.clock import Clock
from bedside.pipeline.words.english import duration
from bedside.web.house import House


class Moments:
    """Says when something was or will be: by the time of day where that is known."""

    def __init__(self, house: House) -> None:
        self._clock: Clock = house.clock
        self._zone = house.nights.zone

    def at(self, t_s: float) -> str:
        """Say `03:12`, or `4 min ago`."""
        ago_s = self._clock.monotonic() - t_s
        if not self._clock.known():
            return "just now" if ago_s < 60.0 else f"{duration(ago_s // 60.0 * 60.0)} ago"
        return self._wall(-ago_s)

    def since(self, t_s: float) -> str:
        """Say `since 03:12`, or `for 4 min`."""
        if self._clock.known():
            return f"since {self.at(t_s)}"
        ago_s = self._clock.monotonic() - t_s
        return f"for {duration(ago_s // 60.0 * 60.0)}" if ago_s >= 60.0 else "for a moment"

    def ahead(self, seconds: float) -> str:
        """Say `until 03:12`, or `for 4 min`."""
        if self._clock.known():
            return f"until {self._wall(seconds)}"
        return f"for {duration(max(60.0, seconds // 60.0 * 60.0))}"

    def _wall(self, ahead_s: float) -> str:
        # To the nearest second, lest a moment on the minute waver with every look.
        moment = datetime.fromtimestamp(round(self._clock.wall() + ahead_s), self._zone)
        return f"{moment:%H:%M}"
