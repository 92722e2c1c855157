"""Days as people write them, and as an address may."""

from datetime import date


def long_day(day: date) -> str:
    """Write `Saturday 21 November 2026`."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_day(day: date) -> str:
    """Write `Sat 21 Nov`."""
    return f"{day:%a} {day.day} {day:%b}"


def parse_day(text: str) -> date | None:
    """Read `2026-11-21`, the one form that is understood; None for anything else."""
    parts = text.split("-")
    if [len(part) for part in parts] != [4, 2, 2]:
        return None
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None
