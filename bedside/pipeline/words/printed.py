"""The report on a terminal of 80 columns."""

from collections.abc import Sequence
from textwrap import wrap

from bedside.pipeline.words.english import percent, rate
from bedside.pipeline.words.told import Hour, Report

WIDTH = 80
STRIP = {"asleep": "#", "awake": "-", "away": " ", "unknown": "?"}
STRIP_WIDTH = 64


def as_text(report: Report) -> str:
    """Lay the report out; warnings come before everything else."""
    night = f"Night of {report.date}" if report.date else "Night"
    parts = [
        [night, "=" * len(night)],
        *(_wrapped(warning, "! ") for warning in report.warnings),
        _wrapped(report.opening),
        _figures(report),
        _kinds(report),
        _strip(report),
        _hours(report.hours),
        _lines("Stretches", report.stretches),
        _lines("Out of bed", report.away),
        _lines("At other times", report.naps),
        _lines("The room", report.comfort),
        _lines("The light", report.light),
        _lines("Around the bed", report.noises),
        _lines("Marked by hand", report.marked),
        _lines("What to make of it", report.meaning),
        _lines("How it was told", (*report.method, *report.limits)),
        _wrapped(report.disclaimer),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest or " " * len(first))


def _lines(head: str, sentences: Sequence[str]) -> list[str]:
    lines = [line for each in sentences for line in _wrapped(each, "  ")]
    return [head, *lines] if lines else []


def _figures(report: Report) -> list[str]:
    heads = [figure.earlier.partition(": ")[0] for figure in report.figures if figure.earlier]
    lines = [f"{'Figures':<24}{'this night':<20}{heads[0]}"] if heads else ["Figures"]
    for figure in report.figures:
        before = figure.earlier.partition(": ")[2]
        lines.append(f"  {figure.label:<22}{figure.value:<20}{before}".rstrip())
    return lines


def _kinds(report: Report) -> list[str]:
    if not report.kinds:
        return []
    lines = [f"{'Movements per hour':<24}{'asleep':>8}{'awake':>8}{'hypnic':>8}   nights before"]
    for kind in report.kinds:
        rates = "".join(f"{_rate(each):>8}" for each in (kind.asleep_per_hour, kind.awake_per_hour))
        before = ""
        if kind.low is not None and kind.high is not None:
            before = f"   {rate(kind.low)} to {rate(kind.high)}"
        lines.append(f"  {kind.label:<22}{rates}{kind.hypnic:>8}{before}".rstrip())
    return lines


def _rate(per_hour: float | None) -> str:
    return "-" if per_hour is None else rate(per_hour)


def _strip(report: Report) -> list[str]:
    """One character for each 64th of the night: the state that fills most of it."""
    if not report.asleep:
        return []
    states = [mark for mark in report.marks if mark.lane == "sleep"]
    step_s = (report.end_s - report.start_s) / STRIP_WIDTH
    cells = []
    for at in range(STRIP_WIDTH):
        middle_s = report.start_s + (at + 0.5) * step_s
        found = (m.kind for m in states if m.start_s <= middle_s < m.end_s)
        cells.append(STRIP[next(found, "away")])
    return [f"  [{''.join(cells)}]", "  # asleep   - awake in bed   ? no data"]


def _hours(hours: Sequence[Hour]) -> list[str]:
    if not hours:
        return []
    lines = [f"{'Hour':<12}{'recorded':>9}{'asleep':>8}{'jerks':>7}{'limbs':>7}{'turns':>7}"]
    for hour in hours:
        heard = percent(hour.heard_s / (hour.end_s - hour.start_s))
        asleep = f"{hour.asleep_s / 60:.0f} min"
        lines.append(
            f"  {hour.label:<10}{heard:>9}{asleep:>8}{hour.jerks:>7}{hour.limb_movements:>7}"
            f"{hour.turns:>7}"
        )
    return lines
