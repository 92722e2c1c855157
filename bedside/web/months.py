"""The nights month by month: a table with a cell for each, and what it says without colour."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from bedside.nights.summary import Summary
from bedside.pipeline.words.english import between, counted, duration, rate
from bedside.pipeline.words.opening import LEAST_COVERAGE

SHADES = (5.0, 10.0, 20.0, 30.0)
"""Movements an hour of sleep at which a cell gets darker; a calm night has at most 10."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """One night of the calendar.

    value   movements an hour of sleep; None where it could not be told
    state   `counted`, `partly` recorded, `ongoing`, `tonight`, `unread` (not summed up yet),
            `empty` (nobody slept), `none` (no data) or `ahead`
    shade   0 to 4
    words   the same for those who do not see it
    """

    day: date
    state: str
    value: float | None = None
    shade: int = 0
    words: str = ""
    tags: tuple[str, ...] = ()

    @property
    def linked(self) -> bool:
        """Whether there is a report to open."""
        return self.state not in ("none", "ahead", "tonight")


@dataclass(frozen=True, slots=True)
class Month:
    """A month by its weeks, which begin on Monday; None is a day of another month."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]
    sentence: str
    diary: tuple[Cell, ...]


class Calendar:
    """What is known of each evening.

    Parameters
    ----------
    dates : nights on record, in order.
    current : the night that it is now, or that comes next.
    """

    def __init__(
        self,
        summaries: Sequence[Summary],
        dates: Sequence[date],
        diary: Mapping[str, tuple[str, ...]],
        current: date,
    ) -> None:
        self._known = {summary.evening: summary for summary in summaries}
        self._dates, self._diary, self._current = set(dates), diary, current

    def months(self, newest: date, count: int) -> list[Month]:
        """Give `count` months down from that of `newest`."""
        found, first = [], newest.replace(day=1)
        for _ in range(count):
            found.append(self._month(first))
            first = (first - _DAY).replace(day=1)
        return found

    def _month(self, first: date) -> Month:
        cells = [self._cell(first + at * _DAY) for at in range(monthrange(*_ym(first))[1])]
        padded = [None] * first.weekday() + [*cells]
        padded += [None] * (-len(padded) % 7)
        weeks = tuple(tuple(padded[at : at + 7]) for at in range(0, len(padded), 7))
        nights = [self._known[cell.day] for cell in cells if cell.state == "counted"]
        return Month(first, weeks, _sum_up(nights), tuple(cell for cell in cells if cell.tags))

    def _cell(self, day: date) -> Cell:
        tags = self._diary.get(day.isoformat(), ())
        if day not in self._dates:
            if day == self._current:
                return Cell(day, "tonight", words="tonight, nothing recorded yet", tags=tags)
            if day > self._current:
                return Cell(day, "ahead")
            return Cell(day, "none", words="no data", tags=tags)
        summary = self._known.get(day)
        if summary is None:
            return Cell(day, "unread", words="not summed up yet", tags=tags)
        return _cell(summary, tags)


def _cell(summary: Summary, tags: tuple[str, ...]) -> Cell:
    value = summary.per_hour()
    if value is None:
        in_bed = "in bed, no sleep told" if summary.start_s is not None else "nobody in bed"
        if summary.ongoing:
            return Cell(summary.evening, "ongoing", words=f"going on, {in_bed}", tags=tags)
        return Cell(summary.evening, "empty", words=in_bed, tags=tags)
    words, state = f"{rate(value)} movements an hour", "counted"
    if summary.ongoing:
        state, words = "ongoing", f"going on, {words} so far"
    elif summary.coverage < LEAST_COVERAGE:
        state, words = "partly", f"{words}, only partly recorded"
    shade = sum(value >= limit for limit in SHADES)
    return Cell(summary.evening, state, value, shade, words, tags)


def _sum_up(nights: Sequence[Summary]) -> str:
    """Say the month in a sentence, of the nights that may be compared."""
    rates = [value for night in nights if (value := night.per_hour()) is not None]
    slept = [night.tst_s for night in nights if night.tst_s is not None]
    if not rates:
        return ""
    if len(rates) == 1:
        return f"One night: {rate(rates[0])} movements an hour of sleep."
    return (
        f"{counted(len(rates), 'night').capitalize()}: "
        f"{between(rate(min(rates)), rate(max(rates)))} movements an hour of sleep, "
        f"{rate(median(rates))} in the middle; asleep for {duration(median(slept))}, as a rule."
    )


def _ym(day: date) -> tuple[int, int]:
    return day.year, day.month
