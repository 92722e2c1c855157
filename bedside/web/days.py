"""Days as an address may name them; how people write them is in `language`."""

from datetime import date


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
