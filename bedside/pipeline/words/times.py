"""The clock on the wall in one night: it may jump an hour, and it may be unknown."""

import math
from dataclasses import dataclass
from itertools import pairwise

from bedside.pipeline.samples import Span

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Times:
    """Times of day for people.

    offsets  (from_s, UTC offset s) in order; empty: no time of day is known, and times count
             from `zero_s`
    """

    offsets: tuple[tuple[float, float], ...]
    zero_s: float

    @property
    def known(self) -> bool:
        """Whether these are times of day."""
        return bool(self.offsets)

    def at(self, t_s: float) -> str:
        """`23:05`; `+1:05` where no time of day is known."""
        minutes = math.floor(self._wall_s(t_s) / 60.0)
        if self.known:
            return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
        sign = "-" if minutes < 0 else "+"
        return f"{sign}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"

    def to_the_second(self, t_s: float) -> str:
        """`23:05:07`; `+1:05:07` where no time of day is known."""
        return f"{self.at(t_s)}:{math.floor(self._wall_s(t_s)) % 60:02d}"

    def span(self, span: Span) -> str:
        """`from 23:05 to 06:40`."""
        return f"from {self.at(span.start_s)} to {self.at(span.end_s)}"

    def seams(self, span: Span) -> list[tuple[float, float]]:
        """(t_s, seconds the wall clock jumps forward) for each change within the span."""
        return [
            (from_s, after_s - before_s)
            for (_, before_s), (from_s, after_s) in pairwise(self.offsets)
            if span.start_s < from_s < span.end_s and after_s != before_s
        ]

    def hours(self, span: Span) -> list[tuple[str, Span]]:
        """Cut a span at the full hours of the wall and at its seams.

        An hour is labelled by its number, one that comes a second time `2 again`.
        """
        seams_s = [t_s for t_s, _ in self.seams(span)]
        found: list[tuple[str, Span]] = []
        for start_s, end_s in pairwise([span.start_s, *seams_s, span.end_s]):
            ahead_s = self._wall_s(start_s) - start_s
            while start_s < end_s:
                hour = math.floor((start_s + ahead_s) / HOUR_S + 1e-9)
                stop_s = min(end_s, (hour + 1) * HOUR_S - ahead_s)
                label = str(hour % 24 if self.known else hour)
                again = any(label == told for told, _ in found)
                found.append((f"{label} again" if again else label, Span(start_s, stop_s)))
                start_s = stop_s
        return found

    def _wall_s(self, t_s: float) -> float:
        if not self.offsets:
            return t_s - self.zero_s
        earlier = [offset_s for from_s, offset_s in self.offsets if from_s <= t_s]
        return t_s + (earlier[-1] if earlier else self.offsets[0][1])
