"""Channels of several colours made one lamp: the dimmer, the redder, as fire does it."""

from collections.abc import Sequence
from typing import NamedTuple

from bedside.light.curve import luminance


class Colour(NamedTuple):
    """A channel's colour.

    blueness  its place from the colour that least disturbs sleep to the one that most does
    light     what it gives to the eye at full duty, beside white of the same power
    share     its duty when the lamp is at its brightest, a warm white
    """

    blueness: int
    light: float
    share: float


COLOURS = {
    "red": Colour(0, 0.3, 1.0),
    "amber": Colour(1, 0.5, 1.0),
    "warm": Colour(2, 1.0, 1.0),
    "white": Colour(3, 1.0, 1.0),
    "green": Colour(4, 0.6, 0.25),  # red, green and blue in these shares are near 2000 K
    "blue": Colour(5, 0.1, 0.01),
}


class Mixture:
    """Shares the light among the channels.

    Parameters
    ----------
    names : colour of each channel.
    alone_below : perceived brightness (0-1) up to which the reddest channel glows alone; at
        twice that the lamp has its full colour.
    """

    def __init__(self, names: Sequence[str], alone_below: float) -> None:
        colours = [COLOURS[name] for name in names]
        reddest = min(colours)
        self._alone_below = alone_below
        self._light = [colour.light for colour in colours]
        self._share = [colour.share for colour in colours]
        self._reddest = [float(colour is reddest) for colour in colours]
        self._most = sum(c.light * c.share for c in colours)
        self._alone = reddest.light * reddest.share

    def duties(self, level: float) -> list[float]:
        """Duty of each channel, 0-1, for a perceived brightness."""
        wanted = luminance(level) * self._most
        joined = max(self._joined(level), self._needed(wanted))
        mix = [r + joined * (s - r) for r, s in zip(self._reddest, self._share, strict=True)]
        scale = wanted / sum(part * duty for part, duty in zip(self._light, mix, strict=True))
        return [min(1.0, scale * duty) for duty in mix]

    def _joined(self, level: float) -> float:
        """How far the other channels have joined the reddest: 0 alone, 1 fully; smooth."""
        if self._alone_below <= 0.0:
            return 1.0
        x = min(1.0, max(0.0, level / self._alone_below - 1.0))
        return x * x * (3.0 - 2.0 * x)

    def _needed(self, wanted: float) -> float:
        """How far they must have joined because the reddest cannot give so much alone."""
        others = self._most - self._alone
        return max(0.0, (wanted - self._alone) / others) if others > 0.0 else 0.0
