"""What stands on the sheets for the doctor: one night, and a span of nights."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bedside.nights import Nights
from bedside.pipeline.night import Night
from bedside.pipeline.recorded import Fault
from bedside.pipeline.samples import Span
from bedside.pipeline.words import clinical, several
from bedside.pipeline.words.english import percent, rate, sentence
from bedside.pipeline.words.method import DISCLAIMER
from bedside.store import Store
from bedside.web import sheet_drawings as drawings
from bedside.web.language import spoken
from bedside.web.strip import clock_of, summary

_MOST_FAULTS = 2
_HOURS = (("jerks", "Jerks"), ("limb_movements", "Limb movements"), ("turns", "Turns"))
_LONGER_S = 90.0
_ROOMY, _CLOSE = 16, 31  # rows on a page: up to so many have much room, or still some
_NONE = clinical.NOT_TOLD


@dataclass(frozen=True, slots=True)
class NightRow:
    """A line of the span's table; `counted` tells whether it is in the figures above it."""

    day: date
    bed: str
    strip: Markup
    asleep: str
    jerks: str
    hypnic: str
    limbs: str
    periodic: str
    many_periodic: bool
    recorded: str
    counted: bool


def night_sheet(nights: Nights, store: Store, day: date) -> dict[str, Any]:
    """Gather what stands on the sheet of one night."""
    night, report = nights.night(day), nights.report(day)
    clock, window = clock_of(report), nights.window(day)
    rule, threshold = night.indices.rule, night.indices.threshold_per_hour
    heard = [hour for hour in report.hours if hour.heard_s > 0]
    return {
        "day": day,
        "report": report,
        "short": clinical.in_short(night, clock),
        "kinds": [(line, night.counts[line.kind]) for line in report.kinds],
        "rate": lambda value: _NONE if value is None else spoken().decimal(value),
        "indices": clinical.indices(night) if night.bounds else [],
        "strip": drawings.night_strip(report),
        "summary": summary(report),
        "hours": heard,
        "hour_rows": [(label, [getattr(each, key) for each in heard]) for key, label in _HOURS],
        "longer": sum(n for from_s, n in night.indices.imi_histogram if from_s >= _LONGER_S),
        "intervals": drawings.intervals(night.indices.imi_histogram),
        "terms": clinical.definitions(rule, threshold),
        "limits": clinical.LIMITS,
        "disclaimer": DISCLAIMER,
        "device": store.sensors(window.start_s, window.end_s),
        "faults": faults_told(night.recorded.faults, night.bounds or window),
    }


def span_sheet(nights: Nights, store: Store, days: Sequence[date]) -> dict[str, Any]:
    """Gather what stands on the sheet of a span; `days` are nights on record, in order."""
    every = [(day, nights.night(day)) for day in days]
    fit = several.fit([night for _day, night in every])
    found = [_row(night, day, nights.zone) for day, night in every]
    hours = drawings.axis(found)
    height = 24.0 if len(days) <= _ROOMY else 16.0 if len(days) <= _CLOSE else 9.5
    strips = [drawings.row_strip(row, hours, height) for row in found]
    rules = every[-1][1].indices
    bounds = Span(nights.window(days[0]).start_s, nights.window(days[-1]).end_s)
    after = several.after_onset(fit)
    return {
        "days": days,
        "fit": len(fit),
        "short": several.over_nights(fit),
        "spreads": several.spreads(fit),
        "after": after,
        "after_bars": drawings.after_onset_bars(after),
        "rows": [
            _night_row(day, night, strip, nights.zone, night in fit)
            for (day, night), strip in zip(every, strips, strict=True)
        ],
        "row_hours": drawings.row_hours(hours),
        "crowd": "roomy" if len(days) <= _ROOMY else "close" if len(days) <= _CLOSE else "tight",
        "terms": clinical.definitions(rules.rule, rules.threshold_per_hour),
        "limits": clinical.LIMITS,
        "disclaimer": DISCLAIMER,
        "device": store.sensors(bounds.start_s, bounds.end_s),
        "faults": faults_told([each for _, n in every for each in n.recorded.faults], bounds),
    }


def faults_told(faults: Sequence[Fault], within: Span) -> list[str]:
    """Say each fault of the span once, the most frequent first, and only some of them."""
    sentences = [
        fault.sentence
        for fault in dict.fromkeys(faults)
        if fault.start_s <= within.end_s and (fault.end_s is None or fault.end_s >= within.start_s)
    ]
    counts = {text: sentences.count(text) for text in sentences}
    told = sorted(counts, key=lambda text: -counts[text])
    said = [
        f"{counts[text]} times: {sentence(_first(text))}"
        if counts[text] > 1
        else sentence(_first(text))
        for text in told[:_MOST_FAULTS]
    ]
    more = len(told) - _MOST_FAULTS
    return [*said, f"And {more} of other kinds."] if more > 0 else said


def _first(text: str) -> str:
    """Leave the mend out: it is not the doctor's to do."""
    return text.partition(";")[0]


def _row(night: Night, day: date, zone: ZoneInfo) -> drawings.Row:
    """Put a night on the clock, hours since noon of its evening; empty where it has none."""
    if not night.recorded.clock_known or night.bounds is None:
        return drawings.Row((), (), (), (), (), ())
    noon = datetime.combine(day, time(12))

    def at(t_s: float) -> float:
        local = datetime.fromtimestamp(t_s, zone).replace(tzinfo=None)
        return (local - noon) / timedelta(hours=1)

    def spans(found: Sequence[Span]) -> tuple[tuple[float, float], ...]:
        return tuple((at(span.start_s), at(span.end_s)) for span in found)

    def moments(kind: str, hypnic: bool = False) -> tuple[float, ...]:
        return tuple(
            at(each.movement.start_s)
            for each in night.movements
            if each.movement.kind == kind and not each.movement.far and each.hypnic is hypnic
            and bounds.start_s <= each.movement.start_s <= bounds.end_s
        )  # fmt: skip

    bounds = night.bounds
    gaps = [gap for gap in night.gaps if gap.overlap_s(bounds) > 0]
    cut = [Span(max(g.start_s, bounds.start_s), min(g.end_s, bounds.end_s)) for g in gaps]
    asleep = night.sleep.spans("asleep") if night.sleep else []
    return drawings.Row(
        bed=spans(night.in_bed),
        asleep=spans(asleep),
        gaps=spans(cut),
        jerks=moments("jerk"),
        limbs=moments("limb_movement"),
        hypnic=moments("jerk", hypnic=True),
    )


def _night_row(day: date, night: Night, strip: Markup, zone: ZoneInfo, counted: bool) -> NightRow:
    jerks, limbs = night.counts["jerk"], night.counts["limb_movement"]
    bed = _NONE
    if night.bounds is not None and night.recorded.clock_known:
        ends = (datetime.fromtimestamp(t_s, zone) for t_s in night.bounds)
        bed = "–".join(f"{end:%H:%M}" for end in ends)
    return NightRow(
        day=day,
        bed=bed,
        strip=strip,
        asleep=_NONE if night.tst_s is None else several.hours(night.tst_s),
        jerks=_rate(jerks.asleep_per_hour),
        hypnic=str(jerks.hypnic) if night.bounds else _NONE,
        limbs=_rate(limbs.asleep_per_hour),
        periodic=_rate(night.indices.periodic_index),
        many_periodic=(night.indices.periodic_index or 0.0) > night.indices.threshold_per_hour,
        recorded=percent(night.coverage),
        counted=counted,
    )


def _rate(per_hour: float | None) -> str:
    return _NONE if per_hour is None else spoken().text(rate(per_hour))
