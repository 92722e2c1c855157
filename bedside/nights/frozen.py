"""A scored night as bytes and back, so that a closed night is scored once and not each time."""

import json
import zlib
from dataclasses import fields
from typing import Any, get_type_hints

import cattrs

from bedside.pipeline.comfort import ComfortSettings
from bedside.pipeline.night import Night
from bedside.pipeline.recorded import Recorded

_LEFT_OUT = ("recorded", "room")  # on record already, and in the settings
_plain = cattrs.Converter(detailed_validation=False)


def freeze(night: Night) -> bytes:
    """Pack all that scoring found out."""
    hints = get_type_hints(Night)
    found = {
        field.name: _plain.unstructure(getattr(night, field.name), hints[field.name])
        for field in fields(Night)
        if field.name not in _LEFT_OUT
    }
    return zlib.compress(json.dumps(found, separators=(",", ":")).encode())


def thaw(frozen: bytes, recorded: Recorded, room: ComfortSettings) -> Night | None:
    """Unpack a night; None when it was packed by a program that knew nights otherwise."""
    hints = get_type_hints(Night)
    try:
        packed: dict[str, Any] = json.loads(zlib.decompress(frozen))
        found = {name: _plain.structure(value, hints[name]) for name, value in packed.items()}
        return Night(recorded=recorded, room=room, **found)
    except (zlib.error, KeyError, TypeError, ValueError):
        return None
