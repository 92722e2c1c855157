"""Local days: which night a moment belongs to, and where the clocks change in it."""

import os
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import attrs

from bedside.pipeline.samples import Span
from bedside.settings import setting

_LOCALTIME = Path("/etc/localtime")
_NOON = time(12)
_QUARTER_S = 900.0  # every zone's offset changes at a quarter of an hour, if at all
DAY = timedelta(days=1)


@attrs.frozen
class ClockSettings:
    """The time of day."""

    time_zone: str = setting(
        "", "Time zone, as in `Europe/Berlin`; empty for the one the machine is set to."
    )

    @time_zone.validator
    def _exists(self, _field: "attrs.Attribute[str]", name: Any) -> None:
        if name and _zone(name) is None:
            near = get_close_matches(str(name), sorted(available_timezones()), 1, 0.6)
            hint = f"; did you mean {near[0]!r}?" if near else "; one is `Europe/Berlin`"
            raise ValueError(f"{name!r} is no time zone{hint}")

    @property
    def zone(self) -> ZoneInfo:
        """The time zone meant."""
        return _zone(self.time_zone) or machine_zone()


def machine_zone() -> ZoneInfo:
    """Give the time zone the machine is set to; UTC where it is set to none."""
    named = _zone(os.environ.get("TZ", "").removeprefix(":"))
    if named is not None:
        return named
    _before, found, name = str(_LOCALTIME.resolve()).partition("/zoneinfo/")
    linked = _zone(name) if found else None
    if linked is not None:
        return linked
    if _LOCALTIME.exists():
        with _LOCALTIME.open("rb") as rules:
            return ZoneInfo.from_file(rules, "local")
    return ZoneInfo("UTC")


def night_of(wall_s: float, zone: ZoneInfo) -> date:
    """Return the date of the evening of the night that a moment, Unix seconds, belongs to."""
    local = datetime.fromtimestamp(wall_s, zone)
    return local.date() if local.time() >= _NOON else local.date() - DAY


def window(evening: date, zone: ZoneInfo) -> Span:
    """Bounds of a night, Unix seconds: noon to noon, 23 to 25 hours where the clocks change."""
    noons = (datetime.combine(day, _NOON, zone) for day in (evening, evening + DAY))
    start_s, end_s = (noon.timestamp() for noon in noons)
    return Span(start_s, end_s)


def offsets(span: Span, zone: ZoneInfo) -> tuple[tuple[float, float], ...]:
    """Give (from, UTC offset), s: the one in force at the start, and each change after it."""
    found = [(span.start_s, _utc_offset_s(span.start_s, zone))]
    t_s = (span.start_s // _QUARTER_S + 1) * _QUARTER_S
    while t_s < span.end_s:
        offset_s = _utc_offset_s(t_s, zone)
        if offset_s != found[-1][1]:
            found.append((t_s, offset_s))
        t_s += _QUARTER_S
    return tuple(found)


def _utc_offset_s(wall_s: float, zone: ZoneInfo) -> float:
    offset = datetime.fromtimestamp(wall_s, zone).utcoffset()
    return 0.0 if offset is None else offset.total_seconds()


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder
        return None
