"""The shapes of what the API answers, as JSON Schema: read off the classes they are made of."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from bedside.machine_state import MachineState
from bedside.pipeline.report import Report
from bedside.web.tonight import Tonight

Schema = dict[str, Any]

_PLAIN: dict[Any, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}


def schema_of(made: Any) -> Schema:
    """Give the schema of a type that is written as plain JSON: dataclasses, tuples, literals.

    Raises
    ------
    TypeError : nothing is known of such a type.
    """
    if made in _PLAIN:
        return {"type": _PLAIN[made]}
    if is_dataclass(made):
        hints = get_type_hints(made)
        return an_object({field.name: schema_of(hints[field.name]) for field in fields(made)})
    origin, inner = get_origin(made), get_args(made)
    if origin is Literal:
        return {"enum": list(inner)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema_of(each) for each in inner]}
    if origin is tuple and inner[-1] is ...:
        return {"type": "array", "items": schema_of(inner[0])}
    if origin is tuple:
        return row(*(schema_of(each) for each in inner))
    if made is types.NoneType:
        return {"type": "null"}
    raise TypeError(f"no schema is known for {made!r}")


def an_object(properties: Mapping[str, Schema], *, optional: tuple[str, ...] = ()) -> Schema:
    """Give the schema of an object that holds these and nothing else."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def row(*items: Schema) -> Schema:
    """Give the schema of an array in which every place has a meaning of its own.

    `prefixItems` would say which, but few of the tools that read such documents know it.
    """
    different = [item for at, item in enumerate(items) if item not in items[:at]]
    each = different[0] if len(different) == 1 else {"anyOf": different}
    return {"type": "array", "items": each, "minItems": len(items), "maxItems": len(items)}


def a_list(of: Schema) -> Schema:
    """Give the schema of an array of the same."""
    return {"type": "array", "items": of}


def or_null(schema: Schema) -> Schema:
    """Give the schema of what may be missing."""
    return {"anyOf": [schema, {"type": "null"}]}


TEXT, NUMBER, WHOLE, SWITCH = (schema_of(made) for made in (str, float, int, bool))
DAY = {"type": "string", "format": "date", "examples": ["2026-11-21"]}

_FAULT = an_object(
    {
        "part": TEXT,
        "sentence": TEXT,
        "since": {"type": "string", "format": "date-time"},
        "for_s": NUMBER,
    }
)
_HEALTH = an_object(
    {
        "status": {"enum": ["ok", "impaired", "starting", "not recording"]},
        "recording": SWITCH,
        "sensor": or_null(TEXT),
        "last_sample_age_s": or_null(NUMBER),
        "faults": a_list(_FAULT),
        "notes": a_list(_FAULT),
        "clock_known": SWITCH,
        "uptime_s": NUMBER,
        "version": TEXT,
        "facts": {"type": "object", "additionalProperties": {"type": ["string", "number"]}},
        "machine": schema_of(MachineState),
    }
)
_EVENT = an_object(
    {
        "id": TEXT,
        "start_s": NUMBER,
        "end_s": NUMBER,
        "kind": {"enum": ["jerk", "limb_movement", "turn", "bed_exit", "bed_entry", "disturbance"]},
        "peak_mg": NUMBER,
        "peak_jerk_g_s": NUMBER,
        "tilt_mg": NUMBER,
        "far": SWITCH,
        "cause": TEXT,
        "asleep": or_null(SWITCH),
        "hypnic": SWITCH,
        "reflex": SWITCH,
        "marked": or_null({"enum": ["wrong", "partner"]}),
    }
)
_LIVE = an_object(
    {
        "seq": WHOLE,
        "t_s": NUMBER,
        "age_s": or_null(NUMBER),
        "again_s": NUMBER,
        "slots": a_list(row(NUMBER, NUMBER, NUMBER, NUMBER, NUMBER)),
        "quiet_mg": NUMBER,
        "board": TEXT,
        "said": schema_of(Tonight),
    },
    optional=("said",),
)
_PLACING = an_object(
    {
        "seq": WHOLE,
        "age_s": or_null(NUMBER),
        "again_s": NUMBER,
        "step": {"enum": ["sensor", "lies", "tap", "still", "leave"]},
        "steps": a_list(row({"enum": ["done", "now", "later"]}, TEXT)),
        "bars": a_list(WHOLE),
        "night": SWITCH,
    }
)
_WORK = an_object(
    {
        "state": {"enum": ["idle", "going on", "done", "failed", "cancelled"]},
        "title": TEXT,
        "progress": NUMBER,
        "sentence": TEXT,
        "number": WHOLE,
    },
    optional=("title", "progress", "sentence", "number"),
)

SCHEMAS: dict[str, Schema] = {
    "Error": an_object({"error": TEXT}),
    "Report": schema_of(Report),
    "Nights": an_object({"nights": a_list(DAY)}),
    "Events": an_object({"events": a_list(_EVENT)}),
    "Health": _HEALTH,
    "Live": _LIVE,
    "Placing": _PLACING,
    "Light": an_object({"granted": WHOLE, "level": WHOLE, "says": TEXT}),
    "Work": _WORK,
}
