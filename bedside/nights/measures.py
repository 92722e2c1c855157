"""What nights are held against each other by: one figure each, and how it is written."""

from collections.abc import Callable
from dataclasses import dataclass

from bedside.nights.summary import Summary
from bedside.pipeline.words.english import duration, rate


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a night.

    key      names it in addresses
    label    for people, as a heading
    noun     what is counted, within a sentence
    per      what follows a number: ` an hour of sleep`, or nothing
    of       the figure; None where it could not be told
    written  prints it
    small    a difference below this is none that anybody would notice
    up, down what a larger and a smaller one is called
    """

    key: str
    label: str
    noun: str
    per: str
    of: Callable[[Summary], float | None]
    written: Callable[[float], str]
    small: float
    up: str = "more"
    down: str = "fewer"


def _rate(key: str, label: str, kind: str) -> Measure:
    def of(night: Summary) -> float | None:
        return night.per_hour(kind)

    return Measure(key, label, label.lower(), " an hour of sleep", of, rate, 1.0)


RATES = {
    measure.key: measure
    for measure in (
        _rate("all", "Movements", ""),
        _rate("jerk", "Jerks", "jerk"),
        _rate("limb_movement", "Limb movements", "limb_movement"),
        _rate("turn", "Turns", "turn"),
        Measure(
            *("periodic", "Periodic movements", "periodic movements", " an hour of sleep"),
            lambda night: night.periodic_index,
            rate,
            small=1.0,
        ),
    )
}
"""What a trend can be drawn of, by key; the first is shown unless another is asked for."""

ASLEEP = Measure(
    *("tst", "Asleep", "time asleep", ""),
    lambda night: night.tst_s,
    duration,
    900.0,
    *("longer", "shorter"),
)
FALLING_ASLEEP = Measure(
    *("sol", "Falling asleep", "time to fall asleep", ""),
    lambda night: night.sol_s,
    duration,
    300.0,
    *("longer", "shorter"),
)
