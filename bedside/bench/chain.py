"""Our own chain over a recording, as the daemon runs it over a night."""

import time
from collections.abc import Iterable
from typing import NamedTuple

from bedside.bench import states
from bedside.pipeline.listener import Heard, Listener
from bedside.pipeline.night import Night, score
from bedside.pipeline.recorded import Recorded
from bedside.pipeline.samples import Block, Span
from bedside.recordings import Recording


class Told(NamedTuple):
    """What the chain said of a recording, and the processor seconds it took."""

    heard: Heard
    presence: list[Span]
    night: Night
    cpu_s: float = 0.0


def listen(recording: Recording, blocks: Iterable[Block]) -> Told:
    """Run the listener over a recording cut into blocks, then score the night."""
    began_s = time.process_time()
    listener = Listener(recording.odr_hz)
    heard = Heard()
    for block in blocks:
        _append(heard, listener.update(block))
    _append(heard, listener.flush())
    told = tell(recording, heard)
    return told._replace(cpu_s=time.process_time() - began_s)


def tell(recording: Recording, heard: Heard) -> Told:
    """Score the night of what was heard of a recording."""
    start_s, end_s = float(recording.t[0]), float(recording.t[-1])
    presence = states.present(heard.presence, end_s)
    edges = [start_s, *(t for gap in recording.gaps for t in gap), end_s]
    recorded = Recorded(
        start_s=start_s,
        end_s=end_s,
        movements=tuple(heard.movements),
        presence=tuple(presence),
        heard=tuple(Span(*edge) for edge in zip(edges[::2], edges[1::2], strict=True)),
        minutes=tuple(heard.minutes),
        odr_hz=recording.odr_hz,
    )
    return Told(heard, presence, score(recorded))


def _append(heard: Heard, more: Heard) -> None:
    heard.movements += more.movements
    heard.presence += more.presence
    heard.minutes += more.minutes
