"""Nights, as people count them: from noon to noon, by the date of their evening."""

from bedside.nights.days import ClockSettings
from bedside.nights.nights import Nights

__all__ = ["ClockSettings", "Nights"]
