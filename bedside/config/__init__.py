"""Gathers every part's settings; reads them from TOML, and prints the manual.

A section is an attribute of `Config`; what is in it stands in the class of its part.
"""

from pathlib import Path
from typing import Any

import attrs

from bedside.backup import BackupSettings
from bedside.config.manual import manual_of, shown
from bedside.config.reading import Origin, read_sections
from bedside.display import DisplaySettings
from bedside.drivers.button import ButtonSettings
from bedside.drivers.imu import ImuSettings
from bedside.drivers.thermometer import ThermometerSettings
from bedside.light.settings import LightSettings
from bedside.logs import LogSettings
from bedside.mqtt import MqttSettings
from bedside.nights import ClockSettings
from bedside.pipeline.bedtime import NightSettings
from bedside.pipeline.bursts import DetectorSettings
from bedside.pipeline.comfort import ComfortSettings
from bedside.pipeline.presence import PresenceSettings
from bedside.pipeline.series import SeriesSettings
from bedside.pipeline.sleep import SleepSettings
from bedside.store import StoreSettings
from bedside.web import WebSettings

__all__ = ["Config", "Origin", "load", "manual", "sections", "show"]


@attrs.frozen
class Config:
    """Every setting, by section; and where they came from."""

    sensor: ImuSettings = attrs.field(factory=ImuSettings)
    detector: DetectorSettings = attrs.field(factory=DetectorSettings)
    presence: PresenceSettings = attrs.field(factory=PresenceSettings)
    sleep: SleepSettings = attrs.field(factory=SleepSettings)
    night: NightSettings = attrs.field(factory=NightSettings)
    series: SeriesSettings = attrs.field(factory=SeriesSettings)
    light: LightSettings = attrs.field(factory=LightSettings)
    button: ButtonSettings = attrs.field(factory=ButtonSettings)
    climate: ThermometerSettings = attrs.field(factory=ThermometerSettings)
    comfort: ComfortSettings = attrs.field(factory=ComfortSettings)
    display: DisplaySettings = attrs.field(factory=DisplaySettings)
    clock: ClockSettings = attrs.field(factory=ClockSettings)
    store: StoreSettings = attrs.field(factory=StoreSettings)
    backup: BackupSettings = attrs.field(factory=BackupSettings)
    web: WebSettings = attrs.field(factory=WebSettings)
    mqtt: MqttSettings = attrs.field(factory=MqttSettings)
    log: LogSettings = attrs.field(factory=LogSettings)
    origin: Origin = attrs.field(factory=Origin, eq=False, repr=False)


def sections() -> dict[str, type]:
    """Give the class of each section, by its name, in the order of the manual."""
    fields = attrs.fields(attrs.resolve_types(Config))
    return {field.name: field.type for field in fields if field.type and attrs.has(field.type)}


def load(path: Path) -> Config:
    """Read the settings file; what it does not say is default.

    Raises
    ------
    ConfigError : `problems` holds a sentence for each fault of the file.
    """
    made, origin = read_sections(path, sections())
    return Config(**made, origin=origin)


def manual() -> str:
    """Print the manual: TOML with every setting at its default."""
    return manual_of(sections())


def show(config: Config) -> str:
    """Print the settings in force as TOML, and which of them the file gives."""
    current: dict[str, Any] = {name: getattr(config, name) for name in sections()}
    return shown(current, config.origin)
