"""Settings in words: values as TOML writes them, and what a setting allows."""

import math
from typing import Any

import attrs

_KINDS: dict[type, str] = {
    bool: "a switch",
    int: "a whole number",
    float: "a number with a decimal point",
    str: "text",
    list: "a list",
    dict: "a table",
}
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def as_toml(value: Any) -> str:
    """Write a value so that tomllib reads the same one back."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return '"' + "".join(map(_escaped, value)) + '"'
    raise TypeError(f"no setting can hold {value!r}")


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    return char if char.isprintable() else f"\\U{ord(char):08x}"


def allowed(attribute: "attrs.Attribute[Any]") -> str:
    """Say what a setting may hold: `1 to 60 s`, `50, 100 or 200 Hz`; empty where anything goes."""
    unit, choices = attribute.metadata.get("unit", ""), attribute.metadata.get("choices", ())
    low, high = attribute.metadata.get("low"), attribute.metadata.get("high")
    if choices:
        *most, last = [_short(choice) for choice in choices]
        text = f"{', '.join(most)} or {last}" if most else last
    elif low is not None and high is not None:
        text = f"{_short(low)} to {_short(high)}"
    elif low is not None:
        return f"{_short(low)} {unit}".rstrip() + " or more"
    elif high is not None:
        return f"{_short(high)} {unit}".rstrip() + " or less"
    else:
        text = ""
    return f"{text} {unit}".strip()


def _short(value: Any) -> str:
    return as_toml(value) if isinstance(value, str | bool) else f"{value:.10g}"


def kind(value: Any) -> str:
    """Name the kind of a TOML value for people."""
    return _KINDS.get(type(value), "a date or a time")


def as_bool(value: Any) -> bool:
    """Take true and false alone."""
    if isinstance(value, bool):
        return value
    raise _misfit(value, "true or false")


def as_int(value: Any) -> int:
    """Take whole numbers alone; true is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _misfit(value, "a whole number")


def as_float(value: Any) -> float:
    """Take finite numbers, whole ones too."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
        raise ValueError("it is no finite number")
    raise _misfit(value, "a number")


def as_str(value: Any) -> str:
    """Take text alone."""
    if isinstance(value, str):
        return value
    raise _misfit(value, "text in quotes")


def _misfit(value: Any, wanted: str) -> ValueError:
    shown = as_toml(value) if isinstance(value, str | int | float) else str(value)
    return ValueError(f"{shown[:60]} is {kind(value)}, {wanted} is wanted")
