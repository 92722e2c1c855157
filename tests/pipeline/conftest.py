"""Hand-made movements and nights."""

import pytest

from bedside.pipeline.listener import Heard, Listener
from bedside.pipeline.movements import Movement
from bedside.pipeline.night import Recorded, score
from bedside.pipeline.samples import Block, Span

HOUR = 3600.0
LENGTHS = {"jerk": 0.2, "limb_movement": 2.0, "turn": 8.0}
PEAKS = {"jerk": 30.0, "limb_movement": 30.0, "turn": 300.0}


@pytest.fixture(scope="session")
def move():
    """Make a movement; lengths and peaks are those usual for its kind."""

    def make(start_s, kind="limb_movement", length_s=None, *, peak_mg=None, far=False, cause=""):
        length_s = LENGTHS.get(kind, 5.0) if length_s is None else length_s
        peak_mg = PEAKS.get(kind, 500.0) if peak_mg is None else peak_mg
        return Movement(start_s, start_s + length_s, kind, peak_mg, 1.0, 0.0, far, cause)

    return make


@pytest.fixture(scope="session")
def recorded(move):
    """Make an 8 h night in bed from 0 s on, asleep from 20 min to 7 h 40 min.

    A turn every 2 min before and after keeps the sleeper awake; the quiet level is 4 mg, as the
    smallest movement is not far above it.
    """

    def make(*movements, **changes):
        fidgets = [move(t, "turn") for t in range(0, 1200, 120)]
        fidgets += [move(27600.0 + t, "turn") for t in range(0, 1200, 120)]
        moved = sorted([*fidgets, *movements], key=lambda m: m.start_s)
        whole = Span(0.0, 8 * HOUR)
        parts = {"start_s": 0.0, "end_s": 8 * HOUR, "movements": tuple(moved)}
        parts |= {"presence": (whole,), "heard": (whole,)}
        return Recorded(**(parts | changes))

    return make


@pytest.fixture(scope="session")
def night(recorded):
    """Score such a night."""

    def make(*movements, **changes):
        return score(recorded(*movements, **changes))

    return make


@pytest.fixture(scope="session")
def listen():
    """Hear blocks, one after the other, to the end; all that was told."""

    def hear(blocks, odr_hz=100.0):
        listener, heard = Listener(odr_hz), Heard()
        for block in blocks:
            add(heard, listener.update(block))
        add(heard, listener.flush())
        return heard

    def add(heard, more):
        heard.movements += more.movements
        heard.presence += more.presence
        heard.minutes += more.minutes
        heard.leavings += more.leavings

    return hear


@pytest.fixture(scope="session")
def hear(listen):
    """Hear a recording in one piece."""
    return lambda night: listen([Block(night.t, night.xyz)], night.odr_hz)
