"""A setting is written once: default, unit, limits and the sentence of the manual."""

from typing import Any

import attrs


def setting(
    default: Any,
    doc: str,
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    choices: tuple[Any, ...] = (),
) -> Any:
    """Give an attrs field that carries its own documentation and limits.

    Parameters
    ----------
    default : the value in force when the file does not say otherwise.
    doc : one sentence for the manual.
    unit : as printed, `s`, `Hz`, `mg`; empty for a bare number or text.
    low, high : inclusive limits; None where there is none.
    choices : the only values allowed; empty where any will do.

    Raises
    ------
    ValueError : on a value outside the limits or choices; the sentence names the bound.
    """

    def within(_owner: object, _field: "attrs.Attribute[Any]", value: Any) -> None:
        if choices and value not in choices:
            raise ValueError(f"{value!r} is not one of {', '.join(map(repr, choices))}")
        if low is not None and not value >= low:
            raise ValueError(f"{value!r} is below the lowest value, {low:g}")
        if high is not None and not value <= high:
            raise ValueError(f"{value!r} is above the highest value, {high:g}")

    metadata = {"doc": doc, "unit": unit, "low": low, "high": high, "choices": choices}
    return attrs.field(default=default, validator=within, metadata=metadata, kw_only=True)
