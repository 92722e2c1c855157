"""A bedside appliance: feels twitches, fades a night light, reports in the morning."""

__version__ = "0.1.0"
