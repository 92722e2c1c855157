"""What is remembered: one SQLite file, one writer, any number of readers.

Rows carry the boot and its monotonic seconds; reading turns them into wall seconds with what is
believed about that boot by then, so a clock that is set late, or steps, never tears a night.
"""

from bedside.store.opening import StoreSettings
from bedside.store.reading import Archive
from bedside.store.writing import Store

__all__ = ["Archive", "Store", "StoreSettings"]
