"""A stream too slow for jerks: when the sensor was tilted for good, and who is in bed by it."""

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from bedside.pipeline.features import MG
from bedside.pipeline.minutes import MINUTE_S, Minute
from bedside.pipeline.movements import Movement
from bedside.pipeline.presence import Presence
from bedside.pipeline.samples import Block

Vector = NDArray[np.float64]

SLOWEST_ODR_HZ = 10.0
"""Below this rate the body's band is lost."""

SIDE_S, GAP_S = 15.0, 4.0
"""Levels are averaged over so long on both sides of a turn, which may itself last so long."""

TURN_MG, SHIFT_MG = 10.0, 6.5
"""Lasting step of the level of a turn, and of any motion; the noise of an MPU-6050 makes 5."""

STIRRED = 4.5
"""Step from sample to sample over the usual one, from which somebody moves; noise reaches 4."""

LEARNING = 0.01
"""By how much the usual step gives way to each sample."""

STILL_S = 4 * 3600.0
"""Sleepers shift their posture 1.6 times an hour, but not each shift is felt: a bed that is still
for longer is empty."""


class SlowEar:
    """As `Ear`, for rates below SLOWEST_ODR_HZ: turns, and presence by motion alone.

    Somebody lies in the bed from the first motion on, until nothing has moved for STILL_S.
    """

    def __init__(self, odr_hz: float, presence: Presence) -> None:
        self._side, gap = (max(2, round(s * odr_hz)) for s in (SIDE_S, GAP_S))
        self._presence = presence
        self._window: deque[tuple[float, Vector, float]] = deque(maxlen=2 * self._side + gap)
        self._usual: float | None = None
        self._moved_s: float | None = None
        self._highest: tuple[float, float, Movement] | None = None
        self._armed, self._told_s = True, -math.inf
        self._minute_s: float | None = None
        self._steps: list[float] = []
        self._period_s = 1.0 / odr_hz
        self.movements: list[Movement] = []
        self.changes: list[tuple[float, bool]] = []
        self.minutes: list[Minute] = []
        self.leavings: list[float] = []

    def update(self, block: Block) -> None:
        """Take in samples."""
        levels = block.accel.astype(np.float64) * MG
        for t_s, level in zip(block.t.tolist(), levels, strict=True):
            last = self._window[-1][1] if self._window else level
            step = math.dist(level, last)
            self._window.append((t_s, level, step))
            self._note_minute(t_s, step)
            self._note_motion(t_s, step)
            self._look_for_turn()

    def flush(self) -> None:
        """Find what was still open: the stretch ends here."""
        self._tell_turn()
        if self._steps:
            self._tell_minute()

    @property
    def t_s(self) -> float | None:
        """Time of the newest sample, s."""
        return self._window[-1][0] if self._window else None

    @property
    def levels_mg(self) -> tuple[float, float, float]:
        """How loud it is now, usually, and from where on something moves, mg."""
        usual = self._usual or 0.0
        return (self._window[-1][2] if self._window else 0.0), usual, STIRRED * usual

    def _note_motion(self, t_s: float, step: float) -> None:
        """Follow the usual step, and who is in bed by what is beyond it."""
        if self._usual is None:
            if len(self._window) > self._side:
                steps = sorted(each for _, _, each in self._window)
                self._usual = steps[len(steps) // 2]
            return
        if step > STIRRED * self._usual:
            self._see_motion(t_s)
        # Half of the steps are above the usual one, half below: a running median.
        self._usual *= 1.0 + (LEARNING if step > self._usual else -LEARNING)
        if self._moved_s is not None and t_s - self._moved_s > STILL_S and self._presence.present:
            self._presence.present = False
            self.changes.append((self._moved_s, False))

    def _see_motion(self, t_s: float) -> None:
        self._moved_s = max(t_s, self._moved_s or t_s)
        if not self._presence.present:
            self._presence.present = True
            self.changes.append((t_s, True))

    def _look_for_turn(self) -> None:
        """Compare the levels on both sides of the middle of the window."""
        if len(self._window) != self._window.maxlen:
            return
        levels = np.array([level for _, level, _ in self._window])
        before, after = levels[: self._side].mean(axis=0), levels[-self._side :].mean(axis=0)
        tilt = math.dist(before, after)
        if tilt >= SHIFT_MG:
            self._see_motion(self._window[len(self._window) // 2][0])
        if tilt < SHIFT_MG:
            self._tell_turn()
            self._armed = True
        elif self._armed and tilt >= TURN_MG and (self._highest is None or tilt > self._highest[0]):
            self._highest = tilt, self._window[-1][0], self._turn(tilt)
        elif self._highest is not None and self._window[-1][0] > self._highest[1] + SIDE_S:
            self._tell_turn()

    def _turn(self, tilt: float) -> Movement:
        """Return the movement in the middle of the window."""
        middle = [
            (t_s, step)
            for i, (t_s, _, step) in enumerate(self._window)
            if self._side // 2 <= i < len(self._window) - self._side // 2
        ]
        largest = max(step for _, step in middle)
        clear = max(0.5 * largest, 0.75 * STIRRED * (self._usual or 0.0))
        centre_s = self._window[len(self._window) // 2][0]
        moving = [t_s for t_s, step in middle if step > clear] or [centre_s]
        return Movement(moving[0] - self._period_s, moving[-1], "turn", largest, 0.0, tilt)

    def _tell_turn(self) -> None:
        if self._highest is None:
            return
        turn = self._highest[2]
        self._highest, self._armed = None, False
        if turn.start_s >= self._told_s:
            self.movements.append(turn)
            self._told_s = turn.end_s

    def _note_minute(self, t_s: float, step: float) -> None:
        start_s = math.floor(t_s / MINUTE_S) * MINUTE_S
        if self._minute_s is not None and start_s != self._minute_s:
            self._tell_minute()
        self._minute_s = start_s
        self._steps.append(step)

    def _tell_minute(self) -> None:
        assert self._minute_s is not None
        steps, self._steps = sorted(self._steps), []
        self.minutes.append(
            Minute(
                start_s=self._minute_s,
                heard_s=min(MINUTE_S, len(steps) * self._period_s),
                present=float(self._presence.present is True),
                floor_mg=steps[len(steps) // 2] / math.sqrt(2.0),
                peak_mg=steps[-1] / math.sqrt(2.0),
            )
        )
