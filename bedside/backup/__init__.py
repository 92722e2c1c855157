"""Nights, settings and phones in one file, and back: consistent, checked, all or nothing."""

import attrs

from bedside.settings import setting

__all__ = ["BackupSettings"]


@attrs.frozen
class BackupSettings:
    """Backups made by themselves: `bedside backup --auto`, which a timer calls every day."""

    folder: str = setting(
        "",
        "Where to, a USB stick as a rule (`/media/backup`); empty: none are made by themselves.",
    )
    keep: int = setting(7, "So many are kept; the oldest go.", low=1, high=1000)
    raw: bool = setting(False, "With the raw samples, which are nearly all of its size.")
    pairing: bool = setting(
        False, "With the phones that were let in; whoever has such a file can let himself in."
    )
