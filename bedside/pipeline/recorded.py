"""What is known of a night before anybody scores it."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from bedside.pipeline.listener import Minute
from bedside.pipeline.movements import Movement
from bedside.pipeline.samples import Span

Verdict = Literal["wrong", "partner"]
"""What the sleeper may say of a movement: it was none, or it was somebody else's."""


class Marked(NamedTuple):
    """A movement, as it was heard, that somebody marked by hand."""

    movement: Movement
    verdict: Verdict


class Temperature(NamedTuple):
    """The room at `t_s`: degrees Celsius, and percent of relative humidity where known."""

    t_s: float
    c: float
    humidity: float | None = None


class LightChange(NamedTuple):
    """From `t_s` on the lamp glows at `level` (0-1), because of `cause`."""

    t_s: float
    level: float
    cause: str = ""


class Fault(NamedTuple):
    """A part did not do as it should, from `start_s`; `end_s` None while it lasts."""

    start_s: float
    end_s: float | None
    part: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """Everything known of one night; all times s, on one axis, each tuple in order of time.

    start_s, end_s  bounds of the window (noon to noon; the whole of a recording)
    until_s         how far it is known: now, while the window is still open; None: all of it
    movements       as the listener named them, less what was marked wrong by hand; what was
                    marked as the partner's is a far-off disturbance
    marked          those movements, as the listener had named them
    presence        somebody lay in the bed; a span that goes on ends at until_s
    heard           there are data
    minutes         as the listener gave them
    stimuli_s       moments at which the appliance's own light changed
    light, temperatures, faults  what the other parts recorded
    odr_hz          rate of the sensor, Hz; None where nobody knows
    cautions        sentences about the signal: a clipped axis, a dead one, a board that slides
    clock_known     False: the times of day are not to be trusted
    """

    start_s: float
    end_s: float
    movements: tuple[Movement, ...] = ()
    presence: tuple[Span, ...] = ()
    heard: tuple[Span, ...] = ()
    minutes: tuple[Minute, ...] = ()
    stimuli_s: tuple[float, ...] = ()
    light: tuple[LightChange, ...] = ()
    temperatures: tuple[Temperature, ...] = ()
    faults: tuple[Fault, ...] = ()
    until_s: float | None = None
    odr_hz: float | None = None
    cautions: tuple[str, ...] = ()
    clock_known: bool = True
    marked: tuple[Marked, ...] = ()

    @property
    def known_s(self) -> float:
        """How far the night is known, s."""
        return self.end_s if self.until_s is None else min(self.until_s, self.end_s)
