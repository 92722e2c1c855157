"""A night in the words of the sheet that is taken to a doctor."""

from collections.abc import Callable
from typing import NamedTuple

from bedside.pipeline.night import Night
from bedside.pipeline.words.english import (
    a_minute,
    an_hour,
    counted,
    duration,
    in_figures,
    percent,
    rate,
    sentence,
)
from bedside.pipeline.words.meaning import jerks_throughout
from bedside.pipeline.words.times import Times

NOT_TOLD = "–"
_RULES = {"wasm": "WASM 2016: 10 to 90 s", "aasm": "AASM: 5 to 90 s"}

Written = Callable[[float], str]


class Term(NamedTuple):
    """A word of the sheet and what it means."""

    word: str
    meaning: str


class Index(NamedTuple):
    """One index of a night, as printed."""

    label: str
    value: str


def definitions(rule: str, threshold_per_hour: float) -> list[Term]:
    """Say what is counted, and how, by the rule in force."""
    return [
        Term("Jerk", "one brief push on the mattress that leaves the body lying as it was."),
        Term("Limb movement", "0.5 to 10 s, body lying as before; legs and arms look alike."),
        Term("Turn", "leaves the body lying differently, or lasts longer."),
        Term(
            "Jerk while falling asleep",
            "from 15 min before to 10 min after sleep onset, at most 1 s (hypnic jerk, a normal "
            "thing); counted apart, in no rate.",
        ),
        Term(
            "Periodic series",
            f"at least 4 limb movements, onset to onset ({_RULES[rule]}); "
            f"{'in sleep alone' if rule == 'aasm' else 'a longer movement ends it'}.",
        ),
        Term(
            "Periodic index",
            "movements in periodic series per hour of sleep. Felt on a mattress and not measured "
            f"on leg muscles: no PLMS index. Named from {threshold_per_hour:g} an hour on.",
        ),
        Term(
            "Periodicity",
            "share of the intervals between limb movements in sleep that belong to a series.",
        ),
        Term(
            "Asleep",
            "estimated from movement, 30 s epochs (Oakley, then Webster's rules); lying awake "
            "and still counts as sleep.",
        ),
    ]


LIMITS = (
    "One sensor under the mattress, no EMG, no EEG, no breathing or oxygen signal: what is too "
    "small to move the mattress is missed, respiratory events are unknown and not excluded, and "
    "a partner or an animal in the bed may be taken for the sleeper."
)


def in_short(night: Night, clock: Times) -> list[str]:
    """Say the night in three sentences."""
    if night.tst_s is None:
        return [*_no_sleep(night), _recorded(night, clock)]
    jerks, limbs = night.counts["jerk"], night.counts["limb_movement"]
    said = [
        f"In {duration(night.tst_s)} of sleep (estimated) "
        f"{counted(limbs.asleep, 'limb movement')} and {counted(jerks.asleep, 'jerk')}: "
        f"{rate(limbs.asleep_per_hour or 0)} and {an_hour(jerks.asleep_per_hour or 0)}. "
        + _periodic(night),
        sentence(
            f"{counted(jerks.hypnic, 'jerk')} while falling asleep, counted apart; jerks "
            f"{'came all through the sleep' if jerks_throughout(night) else 'were occasional'}"
            if jerks.asleep
            else f"{counted(jerks.hypnic, 'jerk')} while falling asleep, counted apart"
        ),
    ]
    return [*said, _recorded(night, clock)]


def _no_sleep(night: Night) -> list[str]:
    if night.bounds is None:
        return ["Nobody lay in the bed."]
    return [f"{duration(night.tib_s)} in bed, in which no sleep could be told."]


def _periodic(night: Night) -> str:
    series = sum(each.kind == "periodic" for each in night.series)
    if not series:
        return "No periodic series."
    index = night.indices.periodic_index or 0.0
    side = "above" if index > night.indices.threshold_per_hour else "below"
    return (
        f"{sentence(counted(series, 'periodic series', 'periodic series'))[:-1]}: periodic index "
        f"{an_hour(index)}, {side} the {night.indices.threshold_per_hour:g} from which it is named."
    )


def _recorded(night: Night, clock: Times) -> str:
    gaps = [gap for gap in night.gaps if night.bounds and gap.overlap_s(night.bounds) > 0]
    said = f"Recorded: {percent(night.coverage)} of the time in bed"
    if gaps:
        longest = max(gaps, key=lambda gap: gap.length_s)
        which = "" if len(gaps) == 1 else ", the longest"
        said += f", {counted(len(gaps), 'gap')}{which} {clock.span(longest)}"
    if not night.recorded.clock_known:
        said += "; the clock was not set, so times count from the beginning"
    return sentence(said)


def indices(night: Night) -> list[Index]:
    """Give the indices of periodic movement, and the series by kind."""
    found = night.indices
    kinds = [series.kind for series in night.series]
    longest = max((s.end_s - s.start_s for s in night.series if s.kind == "periodic"), default=None)
    return [
        Index("Periodic index, asleep", _told(found.periodic_index, an_hour)),
        Index("Periodic index, awake in bed", _told(found.periodic_awake_index, an_hour)),
        Index("Periodicity", _told(found.periodicity_index, percent)),
        Index("Periodic series", in_figures(kinds.count("periodic"))),
        Index("Longest of them", _told(longest, duration)),
        Index("Rhythmic series (0.3 to 4 Hz)", in_figures(kinds.count("rhythmic"))),
        Index("Clusters of jerks", in_figures(kinds.count("cluster"))),
        Index("Breathing, asleep", _told(night.breathing.per_min, a_minute)),
    ]


def _told(value: float | None, written: Written) -> str:
    return NOT_TOLD if value is None else written(value)
