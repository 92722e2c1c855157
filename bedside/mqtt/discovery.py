"""How the bed is announced to Home Assistant: one device, in one retained message.

Keys as its MQTT integration documents them (device discovery, since 2024.11).
"""

from collections.abc import Iterator
from typing import Any

from bedside import __version__
from bedside.mqtt import MqttSettings
from bedside.mqtt.orders import EFFECTS
from bedside.mqtt.topics import Topics

# Home Assistant reads the word None as: not known.
_BOOL = "{{{{ {{true: 'ON', false: 'OFF'}}.get(value_json.{key}, 'None') }}}}"
_VALUE = "{{{{ value_json.{key} }}}}"
_LONGEST_STATE = 250
"""Home Assistant takes no state of more than 255 characters."""
_PER_HOUR, _MINUTES = "1/h", "min"


def discovery(settings: MqttSettings, topics: Topics, *, light: bool) -> dict[str, Any]:
    """Announce the bed; `light` is whether it has one."""
    found = {**dict(_parts(topics)), **dict(_diagnostics(topics))}
    if light:
        found["light"] = _light(topics)
    for key, part in found.items():
        part |= {"unique_id": f"bedside_{settings.id}_{key}", "qos": 1}
    return {
        "dev": {
            "identifiers": [f"bedside_{settings.id}"],
            "name": settings.name,
            "manufacturer": "bedside",
            "model": "under-mattress sensor",
            "sw_version": __version__,
        },
        "o": {"name": "bedside", "sw": __version__},
        "availability": [{"topic": topics.status}],
        "cmps": found,
    }


def _parts(topics: Topics) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the bed, the room and the last night."""
    yield (
        "presence",
        {
            "p": "binary_sensor",
            "name": "In bed",
            "device_class": "occupancy",
            "state_topic": topics.bed,
            "value_template": _BOOL.format(key="present"),
        },
    )
    yield "temperature", _sensor(topics.room, "temperature_c", "Room", "temperature", "°C", 1)
    yield "humidity", _sensor(topics.room, "humidity", "Room humidity", "humidity", "%", 0)
    yield from _night(topics)


def _diagnostics(topics: Topics) -> Iterator[tuple[str, dict[str, Any]]]:
    """Say what is wrong, and what runs here."""
    yield (
        "problem",
        {
            "p": "binary_sensor",
            "name": "Problem",
            "device_class": "problem",
            "entity_category": "diagnostic",
            "state_topic": topics.faults,
            "value_template": _BOOL.format(key="problem"),
            "json_attributes_topic": topics.faults,
        },
    )
    yield (
        "fault",
        {
            "p": "sensor",
            "name": "Fault",
            "entity_category": "diagnostic",
            "state_topic": topics.faults,
            "value_template": f"{{{{ value_json.sentence[:{_LONGEST_STATE}] or 'none' }}}}",
        },
    )
    yield (
        "version",
        {
            "p": "sensor",
            "name": "Version",
            "entity_category": "diagnostic",
            "state_topic": topics.about,
            "value_template": _VALUE.format(key="version"),
        },
    )


def _night(topics: Topics) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give last night's figures."""
    counts = (
        ("jerks", "Last night: jerks asleep", ""),
        ("limb_movements", "Last night: limb movements asleep", ""),
        ("turns", "Last night: turns asleep", ""),
        ("movements_per_hour", "Last night: movements an hour asleep", _PER_HOUR),
        ("periodic_index", "Last night: periodic movements an hour asleep", _PER_HOUR),
        ("asleep_min", "Last night: asleep", _MINUTES),
        ("in_bed_min", "Last night: in bed", _MINUTES),
        ("falling_asleep_min", "Last night: falling asleep", _MINUTES),
        ("awake_min", "Last night: awake in between", _MINUTES),
        ("recorded_percent", "Last night: recorded", "%"),
    )
    for key, name, unit in counts:
        device_class = "duration" if unit == _MINUTES else ""
        yield key, _sensor(topics.night, key, name, device_class, unit, 0 if not unit else 1)
    yield (
        "evening",
        {
            "p": "sensor",
            "name": "Last night: evening",
            "device_class": "date",
            "state_topic": topics.night,
            "value_template": _VALUE.format(key="evening"),
        },
    )


def _sensor(
    topic: str, key: str, name: str, device_class: str, unit: str, digits: int
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "p": "sensor",
        "name": name,
        "state_topic": topic,
        "value_template": _VALUE.format(key=key),
        "state_class": "measurement",
        "suggested_display_precision": digits,
    }
    if device_class:
        made["device_class"] = device_class
    if unit:
        made["unit_of_measurement"] = unit
    return made


def _light(topics: Topics) -> dict[str, Any]:
    return {
        "p": "light",
        "schema": "json",
        "name": "Night light",
        "state_topic": topics.light,
        "command_topic": topics.light_set,
        "availability": [{"topic": topics.status}, {"topic": topics.light_there}],
        "availability_mode": "all",
        "brightness": True,
        "brightness_scale": 100,
        "supported_color_modes": ["brightness"],
        "effect": True,
        "effect_list": list(EFFECTS),
        "optimistic": False,
    }
