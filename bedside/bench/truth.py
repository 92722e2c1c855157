"""The simulator's truth, as the judge needs it."""

from bedside.bench.states import spans
from bedside.bench.verdict import Happened
from bedside.pipeline.samples import Span
from bedside.simulator.recording import FAINT
from bedside.simulator.truth import Happening, Truth


def happened(truth: Truth) -> list[Happened]:
    """Return each happening with its peak over the quiet level around it.

    The quiet level is the simulator's own: root mean square of |acceleration|, 1-20 Hz, of
    heartbeat and sensor noise together, when nothing happens. A disturbance is faint by the
    same measure as a movement; but a glitch of the chip, which may hold still, never is.
    """
    return [
        Happened(_span(each), each.kind, each.cause, _faint(each), _level(each))
        for each in truth.happenings
    ]


def _span(each: Happening) -> Span:
    return Span(float(each.start_s), float(each.end_s))


def _faint(each: Happening) -> bool:
    return each.faint or (
        each.kind == "disturbance" and each.cause != "glitch" and _level(each) < FAINT
    )


def _level(each: Happening) -> float:
    return each.peak_mg / each.quiet_mg if each.quiet_mg else 0.0


def periodic_index(truth: Truth) -> float:
    """Return movements of true periodic series while truly asleep, per hour of sleep."""
    asleep = spans(truth.asleep)
    hours = sum(span.length_s for span in asleep) / 3600.0
    members = [
        each.start_s
        for each in truth.happenings
        if each.cause == "periodic" and each.kind != "disturbance"
    ]
    counted = sum(any(a <= start_s <= b for a, b in asleep) for start_s in members)
    return counted / hours if hours else 0.0
