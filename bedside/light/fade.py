"""A fade: from one brightness to another, evenly for the eye."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fade:
    """Perceived brightness (0-1) over time, s; before and after it stays as it was and became."""

    start_s: float
    start: float
    end_s: float
    end: float

    @staticmethod
    def at(now_s: float, level: float) -> "Fade":
        """Stay at a level."""
        return Fade(now_s, level, now_s, level)

    def level(self, now_s: float) -> float:
        """Brightness at a moment."""
        if now_s >= self.end_s:
            return self.end
        if now_s <= self.start_s:
            return self.start
        share = (now_s - self.start_s) / (self.end_s - self.start_s)
        return self.start + share * (self.end - self.start)

    def done(self, now_s: float) -> bool:
        """Whether it has arrived."""
        return now_s >= self.end_s

    def toward(self, now_s: float, end: float, length_s: float) -> "Fade":
        """Go elsewhere from where it is now, so that nobody sees a jump."""
        return Fade(now_s, self.level(now_s), now_s + length_s, end)

    def below(self, now_s: float, ceiling: float, length_s: float) -> "Fade":
        """End no higher than a ceiling; what is above it by now goes down to it."""
        if self.end <= ceiling:
            return self
        if self.level(now_s) >= ceiling:
            return self.toward(now_s, ceiling, length_s)
        share = (ceiling - self.start) / (self.end - self.start)
        arrival_s = self.start_s + share * (self.end_s - self.start_s)
        return Fade(self.start_s, self.start, arrival_s, ceiling)
