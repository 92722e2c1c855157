"""Appointments at local times of day: when they come due, in nights of any length."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

EVERY_DAY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))
_DAY = timedelta(days=1)
_LOOK_DAYS = 8  # the rarest appointment comes once a week


def time_of_day(text: str) -> time:
    """Read a time such as 22:30; ValueError for anything else."""
    hours, colon, minutes = text.strip().partition(":")
    try:
        if colon and len(minutes) == 2 and hours.isdecimal() and minutes.isdecimal():
            return time(int(hours), int(minutes))
    except ValueError:
        pass
    raise ValueError(f'"{text}" is no time of day; write hours and minutes, as in "22:30"')


def instant(day: date, at: time, zone: tzinfo) -> float:
    """Give the moment, Unix s, of a local time.

    A time that comes twice on that day is its first; one that the clocks skip is the moment
    of their shift.
    """
    meant = datetime.combine(day, at, zone)
    moment = int(meant.timestamp())
    if datetime.fromtimestamp(moment, zone).time() == at:
        return float(moment)
    before, after = int(meant.replace(fold=1).timestamp()), moment  # the shift lies between
    offset = datetime.fromtimestamp(before, zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return float(after)


@dataclass(frozen=True, slots=True)
class Appointment:
    """Something to be done at a local time, once a day.

    name    for people and for the log; no two have the same
    at      the local time
    late_s  done later than this, it would make no sense any more
    ahead_s begun this long before `at`
    days    on which it comes, Monday is 0
    """

    name: str
    at: time
    late_s: float
    ahead_s: float = 0.0
    days: frozenset[int] = EVERY_DAY

    def begins_s(self, day: date, zone: tzinfo) -> float:
        """When it begins for that day, Unix s."""
        return instant(day, self.at, zone) - self.ahead_s

    def next(self, wall_s: float, zone: tzinfo) -> "Due":
        """Give the first one that begins after `wall_s`."""
        today = datetime.fromtimestamp(wall_s, zone).date()
        days = (today + _DAY * n for n in range(-1, _LOOK_DAYS + 1))
        return next(due for due in self._on(days, zone) if due.wall_s > wall_s)

    def last(self, wall_s: float, zone: tzinfo) -> "Due":
        """Give the last one that began by `wall_s`."""
        today = datetime.fromtimestamp(wall_s, zone).date()
        days = (today - _DAY * n for n in range(-2, _LOOK_DAYS + 1))
        return next(due for due in self._on(days, zone) if due.wall_s <= wall_s)

    def _on(self, days: Iterable[date], zone: tzinfo) -> "Iterable[Due]":
        for day in days:
            if day.weekday() in self.days:
                yield Due(self.begins_s(day, zone), day, self.name)


class Due(NamedTuple):
    """One coming of an appointment: when it begins, Unix s, and the local day it belongs to."""

    wall_s: float
    day: date
    name: str

    def at(self, zone: tzinfo) -> datetime:
        """When it begins, in local time."""
        return datetime.fromtimestamp(self.wall_s, zone)

    @property
    def utc(self) -> datetime:
        """When it begins; UTC, whose moments can be compared in every night."""
        return datetime.fromtimestamp(self.wall_s, UTC)


def upcoming(appointments: Iterable[Appointment], wall_s: float, zone: tzinfo) -> tuple[Due, ...]:
    """Give the next coming of each appointment, the earliest first."""
    return tuple(sorted(appointment.next(wall_s, zone) for appointment in appointments))
