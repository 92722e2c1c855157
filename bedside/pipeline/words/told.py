"""What a report is made of."""

from dataclasses import dataclass
from typing import Literal

Lane = Literal[
    "presence",  # somebody in bed
    "sleep",  # kind: asleep, awake, away, unknown
    "jerk",  # kind: jerk or hypnic; value: peak, mg, as in the lanes that follow
    "limb_movement",
    "turn",
    "bed_exit",
    "bed_entry",
    "disturbance",  # kind: its cause
    "series",  # kind: periodic, rhythmic, cluster; value: movements in it
    "light",  # kind: its cause; value: level 0-1
    "temperature",  # kind: below, inside, above; value: degrees Celsius, mean
    "gap",  # no data
    "seam",  # the wall clock changed; value: seconds it jumped forward
]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to draw on the night's strip.

    start_s, end_s  equal for a moment
    kind            what it is within its lane, see `Lane`
    text            the same for people, with the time of day: a tooltip, a table row
    value           a height where the lane has one
    """

    lane: Lane
    start_s: float
    end_s: float
    kind: str
    text: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the report.

    key          stable name, for programs: tib, tst, sol, waso, awakenings, se, away,
                 periodic_index, breathing, coverage
    label        for people: `Time in bed`
    value        as printed: `7 h 12 min`, `not told`
    amount       the bare number; None where it could not be told
    unit         of the amount: s, count, share (0-1), per_h, per_min
    explanation  one sentence
    earlier      the last seven nights' range as printed, or empty
    """

    key: str
    label: str
    value: str
    amount: float | None
    unit: str
    explanation: str
    earlier: str = ""


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind of movement, with its rates per hour and those of the last seven nights.

    asleep, awake    counts in the time in bed, hypnic jerks left out of both
    low, mean, high  rates while asleep of the earlier nights; None without any
    nights           how many those are
    text             all of it in one sentence
    """

    kind: str
    label: str
    asleep: int
    awake: int
    hypnic: int
    reflex: int
    asleep_per_hour: float | None
    awake_per_hour: float | None
    low: float | None
    mean: float | None
    high: float | None
    nights: int
    text: str


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the wall clock, cut at lights out and rise.

    label  `23`, `0`, `1`; `2 again` in the hour a clock repeats; hours since the start (`0`,
           `1`, ...) when no time of day is known
    """

    label: str
    start_s: float
    end_s: float
    heard_s: float
    asleep_s: float
    jerks: int
    limb_movements: int
    turns: int
    disturbances: int


@dataclass(frozen=True, slots=True)
class Report:
    """What the morning page, the terminal and the API show.

    date                  of the evening, `2026-11-21`; empty for a recording
    opening               one sentence; where coverage is low it says so
    warnings              sentences to be read before any number; often none
    figures, kinds, hours numbers; empty when the bed was
    stretches, away, naps, comfort, light, noises, marked  sentences, one a line; often empty
    meaning               paragraphs: what to make of it
    marks                 for the drawing, lane by lane, in order of time within each
    start_s, end_s        bounds of the drawing
    offsets               (from_s, utc_offset_s); empty: no time of day is known, and the
                          texts count from start_s
    coverage              share (0-1) of the time in bed with data
    ongoing               somebody still lies in bed
    asleep                sleep was found
    method, limits        sentences
    disclaimer            one sentence, always to be shown
    """

    date: str
    opening: str
    warnings: tuple[str, ...]
    figures: tuple[Figure, ...]
    kinds: tuple[KindLine, ...]
    hours: tuple[Hour, ...]
    stretches: tuple[str, ...]
    away: tuple[str, ...]
    naps: tuple[str, ...]
    comfort: tuple[str, ...]
    light: tuple[str, ...]
    meaning: tuple[str, ...]
    marks: tuple[Mark, ...]
    start_s: float
    end_s: float
    offsets: tuple[tuple[float, float], ...]
    coverage: float
    ongoing: bool
    clock_known: bool
    asleep: bool
    method: tuple[str, ...]
    limits: tuple[str, ...]
    disclaimer: str
    noises: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()
