"""The streaming chain in one piece: Block -> what was heard."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bedside.pipeline.bursts import DetectorSettings
from bedside.pipeline.cautions import Cautions
from bedside.pipeline.ear import Ear
from bedside.pipeline.minutes import Minute
from bedside.pipeline.movements import Movement
from bedside.pipeline.presence import Presence, PresenceSettings
from bedside.pipeline.samples import Block
from bedside.pipeline.slow import SLOWEST_ODR_HZ, SlowEar
from bedside.pipeline.trace import ROOM_S

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
    """What became known with the last block; each list in order of time.

    leavings  s, when the sleeper seems to have got up: a guess, some seconds after it happened.
              The proof, a `bed_exit` among the movements, comes half a minute later, or not.
    """

    movements: list[Movement] = field(default_factory=list)
    presence: list[PresenceChange] = field(default_factory=list)
    minutes: list[Minute] = field(default_factory=list)
    leavings: list[float] = field(default_factory=list)


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
        self._presence = Presence(presence or PresenceSettings(), odr_hz)
        self._cautions = Cautions(odr_hz)
        self._longest = max(1, round(ROOM_S * odr_hz / 2))
        self._bridged_s = BRIDGED_SAMPLES / odr_hz
        self._lost_s = max(LOST_S, 3.0 / odr_hz)
        self._last_s: float | None = None
        self._breaths_per_min: float | None = None
        self._ear: Ear | SlowEar = self._new_ear(None)

    @property
    def too_slow_for_jerks(self) -> bool:
        """Whether only turns and presence can be told at this rate."""
        return self.odr_hz < SLOWEST_ODR_HZ

    @property
    def cautions(self) -> tuple[str, ...]:
        """Sentences about the signal so far: what it lacks, and how to mend it."""
        return self._cautions.sentences

    @property
    def now(self) -> Now:
        """How it is at this moment."""
        return Now(
            self._ear.t_s,
            *self._ear.levels_mg,
            present=self._presence.present,
            breaths_per_min=self._breaths_per_min,
        )

    def update(self, block: Block) -> Heard:
        """Take in samples; give what became known with them."""
        heard, n = Heard(), len(block.t)
        if n == 0:
            return heard
        if self._last_s is not None:
            lost_s = float(block.t[0]) - self._last_s
            if lost_s > (self._bridged_s if block.gap else self._lost_s):
                self._break(heard, lost_s)
        self._last_s = float(block.t[-1])
        if n <= self._longest:
            self._ear.update(block)
        else:
            for piece in self._pieces(block):
                self._ear.update(piece)
        self._cautions.update(block)
        self._collect(heard)
        return heard

    def flush(self) -> Heard:
        """Give what was still open; the stream ends here, another may begin."""
        heard = Heard()
        self._break(heard, 0.0)
        self._last_s = None
        return heard

    def _new_ear(self, before: Ear | SlowEar | None) -> Ear | SlowEar:
        if self.too_slow_for_jerks:
            return SlowEar(self.odr_hz, self._presence)
        heard = before if isinstance(before, Ear) else None
        return Ear(self.odr_hz, self._detector, self._presence, heard)

    def _pieces(self, block: Block) -> Iterator[Block]:
        """Cut a long block, so that memory is bounded."""
        for first in range(0, len(block.t), self._longest):
            part = slice(first, first + self._longest)
            yield replace(block, t=block.t[part], accel=block.accel[part], gap=False)

    def _collect(self, heard: Heard) -> None:
        ear = self._ear
        if ear.movements:
            heard.movements += ear.movements
            ear.movements.clear()
        if ear.changes:
            heard.presence += [PresenceChange(t_s, present) for t_s, present in ear.changes]
            ear.changes.clear()
        if ear.leavings:
            heard.leavings += ear.leavings
            ear.leavings.clear()
        if ear.minutes:
            self._breaths_per_min = ear.minutes[-1].breaths_per_min
            heard.minutes += ear.minutes
            ear.minutes.clear()

    def _break(self, heard: Heard, lost_s: float) -> None:
        """Finish what was open and begin anew, with what was learnt of the room."""
        self._ear.flush()
        self._collect(heard)
        if lost_s > FORGOTTEN_S:
            self._presence.reset()
        self._ear = self._new_ear(self._ear)
