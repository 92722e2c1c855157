"""The night light."""

from bedside.light.light import Light
from bedside.light.now import LightNow
from bedside.light.settings import LightSettings

__all__ = ["Light", "LightNow", "LightSettings"]
