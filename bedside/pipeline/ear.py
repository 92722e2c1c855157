"""One unbroken stretch of the stream, from samples to what was heard in it."""

import math

import numpy as np
from numpy.typing import NDArray

from bedside.pipeline.bursts import BurstFinder, DetectorSettings
from bedside.pipeline.features import BODY, FeatureMeter, Features
from bedside.pipeline.leaving import Leaving
from bedside.pipeline.minutes import Minute, Minutes
from bedside.pipeline.movements import Movement
from bedside.pipeline.naming import Namer
from bedside.pipeline.presence import Presence
from bedside.pipeline.samples import Block
from bedside.pipeline.trace import Trace


class Ear:
    """Samples to movements, to comings and goings, and to minutes, at 10 Hz and above.

    What it has found waits in `movements`, `changes`, `minutes` and `leavings` until somebody
    takes it.

    Parameters
    ----------
    odr_hz : rate of the samples, Hz.
    settings : what counts as a movement.
    presence : who is in bed; outlives a gap.
    before : of the stretch before a gap; what it learnt of the room is kept.
    """

    def __init__(
        self,
        odr_hz: float,
        settings: DetectorSettings,
        presence: Presence,
        before: "Ear | None" = None,
    ) -> None:
        self._meter = meter = FeatureMeter(odr_hz)
        self._presence = presence
        self._trace = trace = Trace(meter.hop, meter.hop_s)
        finder, namer = (before._finder, before._namer) if before else (None, None)
        self._finder: BurstFinder = BurstFinder(trace, meter.unit_hops, settings, finder)
        self._namer: Namer = Namer(trace, presence, namer)
        self._leaving = Leaving(trace, presence)
        self._stood_mg = before.level_mg if before else None
        self._unit = meter.unit_hops
        self._minutes = Minutes(trace, present=presence.present is True)
        self.movements: list[Movement] = self._namer.movements
        self.changes: list[tuple[float, bool]] = []
        self.minutes: list[Minute] = []
        self.leavings: list[float] = self._leaving.guesses

    def update(self, block: Block) -> None:
        """Take in samples."""
        features = self._meter.update(block)
        if features is not None:
            self._hear(features)

    def flush(self) -> None:
        """Find what was still open: the stretch ends here."""
        features = self._meter.flush()
        if features is not None:
            self._hear(features)
        self._finder.flush()
        self._namer.flush(self._finder.take())
        self._note_changes()
        self.minutes += self._minutes.flush(self._presence.noise_mg2_hz)

    @property
    def t_s(self) -> float | None:
        """Time of the newest sample looked at, s."""
        return self._trace.t(self._trace.end - 1) if self._trace.end else None

    @property
    def level_mg(self) -> NDArray[np.float64] | None:
        """Where the sensor pointed at last (3,), mg; None where nothing was heard."""
        levels = self._trace.level_mg(self._trace.end - self._unit, self._trace.end)
        return levels.mean(axis=0) if len(levels) else None

    @property
    def levels_mg(self) -> tuple[float, float, float]:
        """How loud it is now, usually at most, and from where on something moves, mg."""
        trace = self._trace
        if trace.end == 0:
            return 0.0, 0.0, 0.0
        newest = float(np.sqrt(trace.energy(trace.end - 1, trace.end)[BODY, 0]))
        return newest, *self._finder.levels_mg()

    def _hear(self, features: Features) -> None:
        self._trace.append(features)
        if self._stood_mg is not None:
            stands_mg = features.level_mg[: self._unit].mean(axis=0)
            self._presence.see_gap(math.dist(self._stood_mg, stands_mg))
            self._stood_mg = None
        finder = self._finder
        while finder.step():
            # All looks no further than what is heard here, however much has been appended.
            heard = finder.heard
            self._namer.update(finder.take(), heard, finder.open_since)
            self._leaving.update(finder.newest_log, heard - self._unit, heard, self._namer.quiet)
            if self._namer.changes:
                self._note_changes()
            told = self._minutes.update(heard, self._presence.noise_mg2_hz)
            if told:
                self.minutes += told

    def _note_changes(self) -> None:
        changes = self._namer.changes
        self._minutes.follow(changes)
        self.changes += changes
        changes.clear()
