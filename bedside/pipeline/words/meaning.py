"""What to make of a night, in calm words that never diagnose.

No score, no comparison with other people: a night is held against fixed limits that are named,
and against the sleeper's own nights.
"""

from collections.abc import Sequence
from statistics import fmean

from bedside.pipeline.night import Night
from bedside.pipeline.samples import Span
from bedside.pipeline.sleep import Sleep
from bedside.pipeline.words.english import an_hour, counted, in_words, listed, rate, sentence
from bedside.pipeline.words.opening import LEAST_COVERAGE
from bedside.pipeline.words.times import HOUR_S

THROUGHOUT_PER_HOUR = 4.0
THROUGHOUT_SHARE = 0.75
THROUGHOUT_LEAST_H = 3
SEVERAL = 3
"""From so many nights on something is called lasting."""

DOCTOR = (
    "If it goes on, and you sleep badly or are tired by day, it is worth showing this page to "
    "a doctor."
)


def meaning(night: Night, last: Sequence[Night]) -> list[str]:
    """Paragraphs, the most reassuring first; none when nobody slept."""
    if night.slept is None:
        return []
    if night.coverage < LEAST_COVERAGE:
        return ["Too much of this night is missing to make anything of it."]
    said = [
        *_hypnic(night),
        *_throughout(night, last),
        *_periodic(night, last),
        *_rhythms(night),
        *_reflexes(night),
    ]
    return [*(said or ["Nothing in this night's movements stands out."]), _several(last)]


def jerks_throughout(night: Night) -> bool:
    """Tell whether jerks came all through the sleep, not only at its beginning.

    That is at least 4 an hour, and some in three quarters of the hours slept, counted from
    sleep onset; hypnic jerks do not count.
    """
    often = (night.counts["jerk"].asleep_per_hour or 0.0) >= THROUGHOUT_PER_HOUR
    hours = _hours_slept(night.sleep)
    if not often or len(hours) < THROUGHOUT_LEAST_H:
        return False
    jerks_s = [
        m.movement.start_s
        for m in night.movements
        if m.movement.kind == "jerk" and m.asleep and not m.hypnic and not m.movement.far
    ]
    with_jerk = sum(any(hour.start_s <= t_s < hour.end_s for t_s in jerks_s) for hour in hours)
    return with_jerk >= THROUGHOUT_SHARE * len(hours)


def _hours_slept(sleep: Sleep | None) -> list[Span]:
    """Hours from sleep onset of which at least half was slept."""
    if not sleep or not sleep.period:
        return []
    onset_s, wake_s = sleep.period
    starts_s = [onset_s + at * HOUR_S for at in range(int((wake_s - onset_s) / HOUR_S) + 1)]
    hours = [Span(start_s, start_s + HOUR_S) for start_s in starts_s]
    return [hour for hour in hours if sleep.seconds("asleep", hour) >= 0.5 * HOUR_S]


def _hypnic(night: Night) -> list[str]:
    count = night.counts["jerk"].hypnic
    if not count or jerks_throughout(night):
        return []
    came = sentence(f"{counted(count, 'jerk')} came while falling asleep")
    return [f"{came} Such hypnic jerks are normal: most people have them now and then."]


def _throughout(night: Night, last: Sequence[Night]) -> list[str]:
    if not jerks_throughout(night):
        return []
    alike = 1 + sum(jerks_throughout(each) for each in last)
    said = "Short jerks came all through this night, not only while falling asleep."
    if alike < SEVERAL:
        return [f"{said} One night says little: see whether the coming nights are like it."]
    return [
        f"{said} It was so in {in_words(alike)} of {counted(1 + len(last), 'night')}. This has "
        f"many causes, most of them harmless, and a mattress cannot tell them apart. {DOCTOR}"
    ]


def _periodic(night: Night, last: Sequence[Night]) -> list[str]:
    index, threshold = night.indices.periodic_index, night.indices.threshold_per_hour
    if index is None or index <= threshold:
        return []
    every = [index, *(e for n in last if (e := n.indices.periodic_index) is not None)]
    said = [
        f"Limb movements came in regular series, {an_hour(index)} of sleep; above "
        f"{threshold:g} an hour this page mentions it.",
        "It is a finding on a mattress and not a diagnosis: the sensor cannot tell legs from "
        "arms, left from right, or what breathing has to do with it.",
    ]
    if len(every) > 1:
        span = f"from {rate(min(every))} to {rate(max(every))}"
        said.append(
            f"Over {counted(len(every), 'night')} the mean is {rate(fmean(every))}, {span}."
        )
    if len(every) >= SEVERAL and fmean(every) > threshold:
        said.append(DOCTOR)
    else:
        said.append("It differs much from night to night, so one night must not be judged.")
    return [" ".join(said)]


def _rhythms(night: Night) -> list[str]:
    kinds = [series.kind for series in night.series]
    rhythmic, clusters = kinds.count("rhythmic"), kinds.count("cluster")
    parts = []
    if rhythmic:
        many = "series of quick, even bursts, as of a foot"
        parts.append(counted(rhythmic, many, many))
    if clusters:
        parts.append(counted(clusters, "cluster of jerks", "clusters of jerks"))
    if not parts:
        return []
    was = "was" if rhythmic + clusters == 1 else "were"
    return [sentence(f"{listed(parts)} {was} felt; by itself that means nothing")]


def _reflexes(night: Night) -> list[str]:
    count = sum(night.counts[kind].reflex for kind in ("jerk", "limb_movement"))
    if not count:
        return []
    came = f"{counted(count, 'twitch', 'twitches')} came within two seconds of a noise or the light"
    return [f"{sentence(came)} That is a reflex, and normal."]


def _several(last: Sequence[Night]) -> str:
    if not last:
        return "One night alone says little, and there is no earlier one to compare with yet."
    nights = counted(len(last), "night")
    return f"One night alone says little: the range of the last {nights} stands beside the numbers."
