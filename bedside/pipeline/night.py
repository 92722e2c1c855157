"""One night, scored: everything that can be counted, nothing put into words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bedside.pipeline.bedtime import Bedtime, NightSettings, bedtimes, between, joined, overlap_s
from bedside.pipeline.comfort import Breathing, Comfort, ComfortSettings, breathing, comfort
from bedside.pipeline.movements import Movement
from bedside.pipeline.recorded import Fault, LightChange, Recorded, Temperature
from bedside.pipeline.samples import Span
from bedside.pipeline.series import Series, SeriesSettings, find_series
from bedside.pipeline.sleep import Sleep, SleepSettings, State, score_sleep
from bedside.pipeline.stretches import Stretch, quiet_stretches, restless_stretches
from bedside.pipeline.tally import KINDS, Count, Indices, ScoredMovement, count, indices, scored
from bedside.pipeline.timing import in_order

__all__ = [
    "Breathing",
    "Comfort",
    "ComfortSettings",
    "Count",
    "Fault",
    "Indices",
    "LightChange",
    "Nap",
    "Night",
    "NightSettings",
    "Recorded",
    "ScoredMovement",
    "State",
    "Stretch",
    "Temperature",
    "score",
]

ONSET_RATIO = 6.0
"""A movement's peak is at least about this many times the quiet level."""


@dataclass(frozen=True, slots=True)
class Nap:
    """Another time in bed within the window; `asleep_s` is an estimate."""

    start_s: float
    end_s: float
    asleep_s: float


@dataclass(frozen=True, slots=True)
class Night:
    """One night's figures; None, and never 0, is what could not be told.

    recorded      what it was scored from
    in_bed        the main time in bed; empty when the bed was
    heard         spans with data, within the window
    sleep         states of the main time in bed, epoch by epoch
    movements     all of the window, marked
    counts        by kind, of the main time in bed
    series        of the main time in bed
    naps          other times in bed
    room          what is called comfortable
    disturbances  (cause, count) in the main time in bed, most frequent first; `other` where the
                  cause is unknown, `partner` for far-off movements
    """

    recorded: Recorded
    in_bed: Bedtime
    heard: tuple[Span, ...]
    sleep: Sleep | None
    movements: tuple[ScoredMovement, ...]
    counts: Mapping[str, Count]
    series: tuple[Series, ...]
    indices: Indices
    naps: tuple[Nap, ...]
    stretches: tuple[Stretch, ...]
    breathing: Breathing
    room: ComfortSettings
    comfort: Comfort | None
    disturbances: tuple[tuple[str, int], ...]

    @property
    def window(self) -> Span:
        """From the window's start to as far as the night is known."""
        return Span(self.recorded.start_s, self.recorded.known_s)

    @property
    def bounds(self) -> Span | None:
        """From lights out (the start of the time in bed) to the final rise."""
        return Span(self.in_bed[0].start_s, self.in_bed[-1].end_s) if self.in_bed else None

    @property
    def ongoing(self) -> bool:
        """Whether somebody still lies in bed, and the window is open."""
        if self.recorded.known_s >= self.recorded.end_s:
            return False
        return any(span.end_s >= self.recorded.known_s for span in self.recorded.presence)

    @property
    def tib_s(self) -> float:
        """Time in bed: from lights out to the final rise."""
        return self.bounds.length_s if self.bounds else 0.0

    @property
    def coverage(self) -> float:
        """Share (0-1) of the time in bed with data; of the window since the first when empty."""
        if not self.heard:
            return 0.0
        # Whoever starts in the evening has not missed the afternoon.
        bounds = self.bounds or Span(self.heard[0].start_s, self.window.end_s)
        return overlap_s(self.heard, bounds) / bounds.length_s if bounds.length_s else 0.0

    @property
    def gaps(self) -> list[Span]:
        """Spans of the window without data."""
        return between(self.heard, self.window)

    @property
    def away(self) -> list[Span]:
        """Times out of bed between lights out and the final rise."""
        return between(self.in_bed, self.bounds) if self.bounds else []

    @property
    def slept(self) -> Sleep | None:
        """The main sleep, or None if it never came."""
        return self.sleep if self.sleep and self.sleep.period else None

    @property
    def onset_s(self) -> float | None:
        """Estimated sleep onset."""
        return self.sleep.period.start_s if self.sleep and self.sleep.period else None

    @property
    def sol_s(self) -> float | None:
        """Sleep onset latency: from lights out to the first sleep."""
        if self.bounds is None or self.onset_s is None:
            return None
        return self.onset_s - self.bounds.start_s

    @property
    def tst_s(self) -> float | None:
        """Total sleep time."""
        return self.slept.seconds("asleep") if self.slept else None

    @property
    def waso_s(self) -> float | None:
        """Wake, in bed or out of it, between the first and the last sleep."""
        if not self.slept:
            return None
        period = self.slept.period
        return self.slept.seconds("awake", period) + self.slept.seconds("away", period)

    @property
    def se(self) -> float | None:
        """Sleep efficiency (0-1): total sleep time in the time in bed that was listened to."""
        if self.slept is None or self.tst_s is None:
            return None
        return self.tst_s / (self.tib_s - self.slept.seconds("unknown"))

    @property
    def awakenings(self) -> int | None:
        """Awakenings of some length between the first and the last sleep."""
        return self.slept.awakenings if self.slept else None


def score(
    recorded: Recorded,
    settings: NightSettings | None = None,
    sleep: SleepSettings | None = None,
    series: SeriesSettings | None = None,
    room: ComfortSettings | None = None,
) -> Night:
    """Score one night: find the main time in bed, the sleep in it, and count.

    The longest time in bed of the window is the night, the others are naps.
    """
    series, room = series or SeriesSettings(), room or ComfortSettings()
    window = Span(recorded.start_s, recorded.known_s)
    heard = joined(recorded.heard, window)
    presence = joined(recorded.presence, window)
    beds = bedtimes(presence, settings or NightSettings())
    quiet_mg = _quiet_mg(recorded)
    sleeps = [score_sleep(recorded.movements, bed, heard, quiet_mg, sleep) for bed in beds]

    def asleep(onset_s: float) -> bool | None:
        told = (each.asleep_at(onset_s) for each in sleeps)
        return next((state for state in told if state is not None), None)

    onsets_s = [each.period.start_s for each in sleeps if each.period]
    marked = scored(recorded.movements, asleep, onsets_s, recorded.stimuli_s)
    main = sleeps[0] if sleeps else Sleep(window.start_s, window.start_s, (), None, 0)
    within = [m for m in marked if main.start_s <= m.movement.start_s <= main.end_s]
    raw = [m.movement for m in within]
    seconds = main.seconds("asleep"), main.seconds("awake")
    return Night(
        recorded=recorded,
        in_bed=beds[0] if beds else (),
        heard=tuple(heard),
        sleep=sleeps[0] if sleeps else None,
        movements=tuple(marked),
        counts={kind: count(kind, within, *seconds) for kind in KINDS},
        series=tuple(find_series(raw, series, asleep)),
        indices=indices(raw, asleep, *seconds, series),
        naps=_naps(beds[1:], sleeps[1:]),
        stretches=tuple(_stretches(raw, main)),
        breathing=breathing(recorded.minutes, main.spans("asleep")),
        room=room,
        comfort=comfort(recorded.temperatures, beds[0] if beds else (), room),
        disturbances=_causes(raw),
    )


def _quiet_mg(recorded: Recorded) -> float:
    """Median quiet level of the minutes in bed; else a guess from the smallest movements."""
    floors = [m.floor_mg for m in recorded.minutes if m.present >= 0.5 and m.floor_mg > 0]
    peaks = [m.peak_mg for m in in_order(recorded.movements) if m.peak_mg > 0]
    if floors:
        return median(floors)
    return min(peaks) / ONSET_RATIO if peaks else 1.0


def _naps(beds: Sequence[Bedtime], sleeps: Sequence[Sleep]) -> tuple[Nap, ...]:
    naps = [
        Nap(bed[0].start_s, bed[-1].end_s, sleep.seconds("asleep"))
        for bed, sleep in zip(beds, sleeps, strict=True)
    ]
    return tuple(sorted(naps, key=lambda nap: nap.start_s))


def _stretches(movements: Sequence[Movement], sleep: Sleep) -> list[Stretch]:
    if not sleep.period:
        return []
    own = in_order(movements)
    return quiet_stretches(own, sleep.spans("asleep")) + restless_stretches(own, sleep.period)


def _causes(movements: Sequence[Movement]) -> tuple[tuple[str, int], ...]:
    foreign = [m for m in movements if m.far or m.kind == "disturbance"]
    causes = Counter("partner" if m.far else m.cause or "other" for m in foreign)
    return tuple(causes.most_common())
