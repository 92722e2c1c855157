"""The streaming chain in one piece: Block -> what was heard."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from bedside.pipeline.bursts import BurstFinder, DetectorSettings
from bedside.pipeline.features import BODY, FeatureMeter, Features
from bedside.pipeline.minutes import Minute, Minutes
from bedside.pipeline.movements import Movement
from bedside.pipeline.naming import Namer
from bedside.pipeline.presence import Presence, PresenceSettings
from bedside.pipeline.samples import Block
from bedside.pipeline.trace import ROOM_S, Trace

__all__ = [
    "DetectorSettings",
    "Heard",
    "Listener",
    "Minute",
    "Now",
    "PresenceChange",
    "PresenceSettings",
]

LOST_S = 1.0
"""A jump of the time stamps that is a gap even when nobody says so."""

BRIDGED_SAMPLES = 2.5
"""A gap shorter than this many periods lost one sample: the filters do not notice."""

FORGOTTEN_S = 600.0
"""After a gap this long somebody else may lie in the bed."""


@dataclass(frozen=True, slots=True)
class PresenceChange:
    """From `t_s` on, somebody lies in the bed, or nobody does."""

    t_s: float
    present: bool


@dataclass(slots=True)
class Heard:
    """What became known with the last block; each list in order of time."""

    movements: list[Movement] = field(default_factory=list)
    presence: list[PresenceChange] = field(default_factory=list)
    minutes: list[Minute] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Now:
    """How it is at this moment, for a live page.

    t_s             s, of the newest sample looked at
    level_mg        how loud it is, root mean square of the last fifth of a second, 1-20 Hz
    floor_mg        how loud it usually is at most
    threshold_mg    from where on something moves
    present         None until it is known
    breaths_per_min of the last minute told, None where it could not be told
    """

    t_s: float | None = None
    level_mg: float = 0.0
    floor_mg: float = 0.0
    threshold_mg: float = 0.0
    present: bool | None = None
    breaths_per_min: float | None = None


class Listener:
    """Hears a stream of blocks; any way of cutting it gives the same movements.

    Parameters
    ----------
    odr_hz : rate of the samples, Hz.
    detector, presence : settings; None for the defaults.
    """

    def __init__(
        self,
        odr_hz: float,
        detector: DetectorSettings | None = None,
        presence: PresenceSettings | None = None,
    ) -> None:
        self.odr_hz = odr_hz
        self._detector = detector or DetectorSettings()
        self._meter = FeatureMeter(odr_hz)
        self._presence = Presence(presence or PresenceSettings())
        self._longest = round(ROOM_S * odr_hz / 2)
        self._last_s: float | None = None
        self._breaths_per_min: float | None = None
        self._begin(None, None)

    def _begin(self, finder: BurstFinder | None, namer: Namer | None) -> None:
        """Start a new stream; what was learnt of the room from the one before is kept."""
        meter = self._meter
        self._trace = Trace(meter.hop, meter.hop_s)
        self._finder = BurstFinder(self._trace, meter.unit_hops, self._detector, finder)
        self._namer = Namer(self._trace, meter.unit_hops, self._presence, namer)
        self._minutes = Minutes(self._trace)
        if self._presence.present:
            self._minutes.follow([(-np.inf, True)])

    def update(self, block: Block) -> Heard:
        """Take in samples; give what became known with them."""
        heard = Heard()
        if not len(block.t):
            return heard
        if self._last_s is not None:
            lost_s = float(block.t[0]) - self._last_s
            bridged = lost_s < BRIDGED_SAMPLES / self.odr_hz
            if (block.gap and not bridged) or lost_s > LOST_S:
                self._break(heard, lost_s)
        self._last_s = float(block.t[-1])
        for piece in self._pieces(block):
            features = self._meter.update(piece)
            if features is not None:
                self._digest(features, heard)
        return heard

    def flush(self) -> Heard:
        """Give what was still open; the stream ends here, another may begin."""
        heard = Heard()
        self._end(heard)
        self._begin(self._finder, self._namer)
        self._last_s = None
        return heard

    @property
    def now(self) -> Now:
        """How it is at this moment."""
        trace, finder = self._trace, self._finder
        if trace.end == 0:
            return Now(present=self._presence.present)
        floor_mg, threshold_mg = finder.levels_mg()
        return Now(
            t_s=trace.t(trace.end - 1),
            level_mg=float(np.sqrt(trace.energy(trace.end - 1, trace.end)[BODY, 0])),
            floor_mg=floor_mg,
            threshold_mg=threshold_mg,
            present=self._presence.present,
            breaths_per_min=self._breaths_per_min,
        )

    def _pieces(self, block: Block) -> Iterator[Block]:
        """Cut a long block, so that memory is bounded."""
        if len(block.t) <= self._longest:
            yield block
            return
        for first in range(0, len(block.t), self._longest):
            part = slice(first, first + self._longest)
            yield replace(block, t=block.t[part], accel=block.accel[part], gap=False)

    def _digest(self, features: Features, heard: Heard) -> None:
        self._trace.append(features)
        self._namer.update(self._finder.update())
        self._collect(heard)
        heard.minutes += self._minutes.update(self._presence.noise_mg2_hz)
        if heard.minutes:
            self._breaths_per_min = heard.minutes[-1].breaths_per_min

    def _collect(self, heard: Heard) -> None:
        namer = self._namer
        if namer.movements:
            heard.movements += namer.movements
            namer.movements = []
        if namer.changes:
            heard.presence += [PresenceChange(t_s, present) for t_s, present in namer.changes]
            self._minutes.follow(namer.changes)
            namer.changes = []

    def _end(self, heard: Heard) -> None:
        """Finish the stream that was heard so far."""
        features = self._meter.flush()
        if features is not None:
            self._digest(features, heard)
        self._namer.flush(self._finder.flush())
        self._collect(heard)
        heard.minutes += self._minutes.flush(self._presence.noise_mg2_hz)

    def _break(self, heard: Heard, lost_s: float) -> None:
        """Finish what was open and begin anew, with the old floor, as samples were lost."""
        self._end(heard)
        if lost_s > FORGOTTEN_S:
            self._presence.reset()
        self._begin(self._finder, self._namer)
