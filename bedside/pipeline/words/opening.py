"""The opening sentence, and what has to be said before any number.

A *twitch* is a jerk or a limb movement of the sleeper, in sleep or while falling asleep.
"""

from collections.abc import Sequence

from bedside.pipeline.bedtime import overlap_s
from bedside.pipeline.night import Fault, Night
from bedside.pipeline.samples import Span
from bedside.pipeline.words.english import counted, duration, in_words, percent, sentence, times
from bedside.pipeline.words.times import Times

LEAST_COVERAGE = 0.8
"""Below this share of the night with data the report says so first."""
CALM_PER_HOUR, CALM_AWAKE_S = 10.0, 45.0 * 60.0
RESTLESS_PER_HOUR, RESTLESS_AWAKE_S = 30.0, 90.0 * 60.0
JERK_ODR_HZ = 25.0
"""A mattress rings with a jerk at 8-12 Hz: slower sampling cannot tell it."""
LIMB_ODR_HZ = 10.0
MOST_FAULTS = 5


def opening(night: Night) -> str:
    """Say the night in one sentence."""
    if not night.heard:
        return "Nothing was recorded in this night."
    if night.coverage < LEAST_COVERAGE:
        so_far = " so far" if night.ongoing else ""
        return f"Only {percent(night.coverage)} of this night was recorded{so_far}: {_core(night)}."
    if night.ongoing and night.slept:
        return f"The night is still going on: {_core(night)}."
    if night.slept:
        return f"{mood(night)}: {_core(night)}."
    return sentence(_core(night))


def mood(night: Night) -> str:
    """`Calm night` and the like, by fixed limits that look at nobody else's nights."""
    moved = movements_per_hour(night)
    awake_s = night.waso_s or 0.0
    if moved > RESTLESS_PER_HOUR or awake_s > RESTLESS_AWAKE_S:
        return "Restless night"
    calm = moved <= CALM_PER_HOUR and awake_s <= CALM_AWAKE_S
    return "Calm night" if calm else "Fairly calm night"


def movements_per_hour(night: Night) -> float:
    """Twitches and turns per hour of sleep, hypnic jerks left out."""
    kinds = (night.counts[kind] for kind in ("jerk", "limb_movement", "turn"))
    return sum(each.asleep_per_hour or 0.0 for each in kinds)


def twitches(night: Night) -> int:
    """Jerks and limb movements in sleep, and hypnic jerks."""
    jerks, limbs = night.counts["jerk"], night.counts["limb_movement"]
    return jerks.asleep + limbs.asleep + jerks.hypnic


def _core(night: Night) -> str:
    if night.bounds is None:
        open_window = night.recorded.known_s < night.recorded.end_s
        return "the bed has been empty so far" if open_window else "nobody lay in the bed"
    if night.tst_s is None:
        if night.ongoing:
            return f"in bed for {duration(night.tib_s)} so far, and not asleep yet"
        return f"{duration(night.tib_s)} in bed, in which no sleep could be told"
    number = twitches(night)
    # The one count the page is opened for stands in figures, the others in words.
    said = f"{number} twitch{'' if number == 1 else 'es'}" if number else "no twitches"
    return f"{said} in {duration(night.tst_s)}{_which(night, number)}"


def _which(night: Night, number: int) -> str:
    """Say what most twitches were: periodic, or those of falling asleep."""
    hypnic = night.counts["jerk"].hypnic
    periodic = (night.indices.periodic_index or 0.0) * (night.tst_s or 0.0) / 3600.0
    if number and periodic >= 0.5 * number:
        return ", most of them in periodic series"
    if not hypnic:
        return ""
    if hypnic < number:
        return f", {in_words(hypnic)} of them while falling asleep"
    those = {1: "", 2: " both"}.get(number, " all of them")
    return f",{those} while falling asleep"


def warnings(night: Night, clock: Times) -> list[str]:
    """Sentences to be read before any number."""
    said = []
    if night.coverage < LEAST_COVERAGE and night.heard:
        said.append(_coverage(night, clock))
    if not night.recorded.clock_known:
        said.append("The clock was not set in this night: times count from its beginning.")
    odr_hz = night.recorded.odr_hz
    if odr_hz is not None and odr_hz < JERK_ODR_HZ:
        said.append(_slow(odr_hz))
    said += [sentence(caution) for caution in night.recorded.cautions]
    return said + _faults(night.recorded.faults, night.bounds or night.window, clock)


def _coverage(night: Night, clock: Times) -> str:
    bounds = night.bounds or night.window
    missing_s = bounds.length_s - overlap_s(night.heard, bounds)
    gaps = [
        Span(max(gap.start_s, bounds.start_s), min(gap.end_s, bounds.end_s)) for gap in night.gaps
    ]
    longest = max(gaps, key=lambda gap: gap.length_s)
    return (
        f"This report covers only {percent(night.coverage)} of the night: there are no data for "
        f"{duration(missing_s)}, the longest stretch {clock.span(longest)}. "
        "What happened then is not in the counts."
    )


def _slow(odr_hz: float) -> str:
    said = f"The sensor gave only {odr_hz:.3g} samples a second, too few for short jerks, which "
    if odr_hz < LIMB_ODR_HZ:
        return f"{said}need {JERK_ODR_HZ:g}: jerks and most limb movements could not be told."
    return f"{said}need {JERK_ODR_HZ:g}: some or all of them are missing."


def _faults(faults: Sequence[Fault], bounds: Span, clock: Times) -> list[str]:
    """One sentence for each different fault that touched the night."""
    touching: dict[str, list[Fault]] = {}
    for fault in faults:
        end_s = bounds.end_s if fault.end_s is None else fault.end_s
        if fault.start_s <= bounds.end_s and end_s >= bounds.start_s:
            touching.setdefault(fault.sentence, []).append(fault)
    said = [_fault(sentence(text), found, clock) for text, found in touching.items()]
    if len(said) > MOST_FAULTS:
        more = len(said) - MOST_FAULTS
        said[MOST_FAULTS:] = [sentence(f"{counted(more, 'more fault')} of other kinds came up")]
    return said


def _fault(text: str, found: Sequence[Fault], clock: Times) -> str:
    start_s, end_s = found[0].start_s, found[0].end_s
    if len(found) > 1:
        when = f"{times(len(found))}, first at {clock.at(start_s)}"
    elif end_s is None:
        when = f"since {clock.at(start_s)}"
    else:
        when = clock.span(Span(start_s, end_s))
    return f"{when[:1].upper()}{when[1:]}: {text}"
