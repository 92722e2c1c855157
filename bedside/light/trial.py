"""A slow fade to look at, and what was really sent to the pins meanwhile."""

import threading
from collections.abc import Iterator
from typing import NamedTuple

from bedside.clock import Clock
from bedside.light.fade import Fade
from bedside.light.lamp import Lamp


class Sent(NamedTuple):
    """From `t_s` after the start on, every channel had this duty, 0-1; `level` was wanted."""

    t_s: float
    level: float
    duties: tuple[float, ...]


def slow_fade(
    lamp: Lamp, clock: Clock, stop: threading.Event, top: float = 0.2, length_s: float = 20.0
) -> Iterator[Sent]:
    """Fade up to `top` (0-1) and down again; yield each change of the duties; end dark."""
    start_s = clock.monotonic()
    up = Fade(start_s, 0.0, start_s + length_s, top)
    down = Fade(up.end_s, top, up.end_s + length_s, 0.0)
    before: tuple[float, ...] | None = None
    try:
        while not stop.is_set() and (now_s := clock.monotonic()) < down.end_s:
            level = (up if now_s < up.end_s else down).level(now_s)
            lamp.show(level)
            if lamp.duties != before:
                before = lamp.duties
                yield Sent(now_s - start_s, level, before)
            clock.wait(now_s + lamp.frame_s, stop)
    finally:
        lamp.rest(0.0)
    if lamp.duties != before:
        yield Sent(clock.monotonic() - start_s, 0.0, lamp.duties)
