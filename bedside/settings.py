"""A setting is written once: default, unit, limits and the sentence of the manual."""

from dataclasses import dataclass
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
    was: tuple[str, ...] = (),
) -> Any:
    """Give an attrs field that carries its own documentation and limits.

    Parameters
    ----------
    default : the value in force when the file does not say otherwise.
    doc : one sentence for the manual.
    unit : as printed, `s`, `Hz`, `mg`; empty for a bare number or text.
    low, high : inclusive limits; None where there is none.
    choices : the only values allowed; empty where any will do.
    was : names it had before, in the same section, by which older files still give it.

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

    metadata = {
        "doc": doc,
        "unit": unit,
        "low": low,
        "high": high,
        "choices": choices,
        "was": was,
    }
    return attrs.field(default=default, validator=within, metadata=metadata, kw_only=True)


@dataclass(frozen=True, slots=True)
class SettingTold:
    """One setting as it is in force.

    value, default  as the settings file writes them
    unit, sentence  of the manual, with what is allowed
    line            where the file gives it; None where it does not
    """

    section: str
    name: str
    value: str
    default: str
    unit: str
    sentence: str
    line: int | None = None

    @property
    def changed(self) -> bool:
        """Whether it is anything but the default."""
        return self.value != self.default


@dataclass(frozen=True, slots=True)
class Reload:
    """What came of reading the settings file again.

    at_s           when, Unix s
    errors         a sentence for each fault, with its line; the old settings then stay in force
    changed        a sentence for each setting that is now another
    needs_restart  a sentence for each that will be after a restart
    """

    at_s: float
    errors: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    needs_restart: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the file could be used."""
        return not self.errors


@dataclass(frozen=True, slots=True)
class SettingsTold:
    """Every setting in force, for the page that shows them.

    file      None where there is none, and all is default
    sections  (name, sentence) in the order of the manual
    reload    the last time the file was read again; None before the first
    """

    file: str | None
    sections: tuple[tuple[str, str], ...]
    settings: tuple[SettingTold, ...]
    reload: Reload | None = None
