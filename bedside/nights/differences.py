"""How nights with a word of the diary differ from those without it, and what chance would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal

from bedside.nights import chance
from bedside.nights.measures import ASLEEP, FALLING_ASLEEP, RATES, Measure
from bedside.nights.summary import Summary
from bedside.pipeline.words.english import counted, in_words, sentence

LEAST_NIGHTS = 5
"""With fewer on one side, even the clearest difference could be chance."""
UNLIKELY = 0.05
"""After all questions asked at once are allowed for."""
SMALL_SUPERIORITY = 0.64
"""A night with it exceeds one without it in so few of 100 pairs: a small effect (Cohen's 0.5)."""
MEASURES = (RATES["all"], ASLEEP, FALLING_ASLEEP)

Verdict = Literal["early", "chance", "small", "clear"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of the nights with a tag beside that of the nights without it.

    middle, middle_without  medians; None where there is no night
    p         how often chance alone parts them so far, all questions allowed for; None if early
    verdict   what may be made of it
    text      the same as a sentence
    """

    measure: Measure
    nights: int
    nights_without: int
    middle: float | None
    middle_without: float | None
    p: float | None
    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True)
class TagDifference:
    """One tag: nights with it, nights whose diary does not name it, and their figures."""

    tag: str
    nights: int
    nights_without: int
    differences: tuple[Difference, ...]

    @property
    def early(self) -> bool:
        """Whether nothing can be said of it yet."""
        return all(each.verdict == "early" for each in self.differences)

    @property
    def plain(self) -> str:
        """The one thing to say where the same holds for all figures."""
        said = {each.text for each in self.differences}
        return said.pop() if len(said) == 1 else ""


def differences(
    nights: Sequence[Summary], diary: Mapping[str, Sequence[str]]
) -> tuple[list[TagDifference], int]:
    """Compare for each tag, the most frequent first; and tell how many questions were asked.

    Only nights whose diary was kept take part: of the others nobody knows.
    """
    kept = [night for night in nights if night.fit and night.evening.isoformat() in diary]
    names = {tag for night in kept for tag in diary[night.evening.isoformat()]}
    sides = {
        tag: (
            [night for night in kept if tag in diary[night.evening.isoformat()]],
            [night for night in kept if tag not in diary[night.evening.isoformat()]],
        )
        for tag in names
    }
    found = {
        (tag, measure.key): _compare(*_figures(sides[tag], measure), measure)
        for tag in names
        for measure in MEASURES
    }
    asked = [at for at, difference in found.items() if difference.p is not None]
    allowed = chance.holm([found[at].p or 0.0 for at in asked])
    for at, p in zip(asked, allowed, strict=True):
        found[at] = _judged(found[at], p, *_figures(sides[at[0]], found[at].measure))
    told = [
        TagDifference(
            tag,
            len(sides[tag][0]),
            len(sides[tag][1]),
            tuple(found[tag, measure.key] for measure in MEASURES),
        )
        for tag in names
    ]
    return sorted(told, key=lambda each: (-each.nights, each.tag)), len(asked)


def _figures(
    sides: tuple[list[Summary], list[Summary]], measure: Measure
) -> tuple[list[float], list[float]]:
    one, other = (
        [value for night in side if (value := measure.of(night)) is not None] for side in sides
    )
    return one, other


def _compare(one: Sequence[float], other: Sequence[float], measure: Measure) -> Difference:
    """Count and sum up; the probability is of this question alone as yet."""
    few = min(len(one), len(other)) < LEAST_NIGHTS
    return Difference(
        measure,
        len(one),
        len(other),
        median(one) if one else None,
        median(other) if other else None,
        None if few else chance.difference_p(one, other),
        "early" if few else "chance",
        _early(len(one), len(other)) if few else "",
    )


def _early(one: int, other: int) -> str:
    if one < LEAST_NIGHTS:
        return (
            f"Too early to say: {counted(one, 'night')} with it, {in_words(LEAST_NIGHTS)} needed."
        )
    return (
        f"Too early to say: {counted(other, 'night')} without it, {in_words(LEAST_NIGHTS)} needed."
    )


def _judged(
    difference: Difference, p: float, one: Sequence[float], other: Sequence[float]
) -> Difference:
    """Say what may be made of a difference, once all questions are allowed for."""
    if p > UNLIKELY or difference.middle is None or difference.middle_without is None:
        return replace(difference, p=p, text="No difference that could not be chance.")
    measure, by = difference.measure, difference.middle - difference.middle_without
    above = chance.superiority(one, other)
    way = measure.up if above > 0.5 else measure.down
    if max(above, 1 - above) < SMALL_SUPERIORITY or abs(by) < measure.small:
        said = f"a little {way} with it; hardly chance, but small beside how nights differ anyway"
        return replace(difference, p=p, verdict="small", text=sentence(said))
    share = round(100 * max(above, 1 - above))
    said = (
        f"{way} with it, by about {measure.written(abs(by))}: so in {share} of 100 pairs of "
        "nights. Hardly chance, yet what else was different on those evenings is not known"
    )
    return replace(difference, p=p, verdict="clear", text=sentence(said))
