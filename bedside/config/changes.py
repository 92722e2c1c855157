"""What another settings file changes, and how much of it a running bedside can take over."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import attrs

from bedside.config.words import as_toml

if TYPE_CHECKING:
    from bedside.config import Config

Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Changes:
    """From one settings file to the next.

    config         what can be in force without a restart
    sections       those of it that are other than before
    changed        a sentence for each setting that is now another
    needs_restart  a sentence for each that is not yet
    """

    config: "Config"
    sections: frozenset[str]
    changed: tuple[str, ...]
    needs_restart: tuple[str, ...]


def compare(now: "Config", wanted: "Config", fixed: Collection[Name]) -> Changes:
    """Take over what can be.

    Parameters
    ----------
    now : in force.
    wanted : as the file has it.
    fixed : (section, setting) of those that need a restart; (section, "*") is all of a section.
    """
    parts: dict[str, Any] = {}
    changed, late = [], []
    for section in _sections(now):
        old, new = getattr(now, section), getattr(wanted, section)
        kept = {}
        for name in _differing(old, new):
            told = f"[{section}] {name}: {_value(old, name)} → {_value(new, name)}"
            if (section, name) in fixed or (section, "*") in fixed:
                kept[name] = getattr(old, name)
                late.append(told)
            else:
                changed.append(told)
        parts[section] = attrs.evolve(new, **kept)  # of old and new values, each is within limits
    config = attrs.evolve(now, **parts, origin=wanted.origin)
    touched = frozenset(name for name in parts if parts[name] != getattr(now, name))
    return Changes(config, touched, tuple(changed), tuple(late))


def _sections(config: "Config") -> Iterator[str]:
    fields = attrs.fields(type(config))
    return (field.name for field in fields if attrs.has(type(getattr(config, field.name))))


def _differing(old: Any, new: Any) -> Iterator[str]:
    names = (attribute.name for attribute in attrs.fields(type(old)))
    return (name for name in names if getattr(old, name) != getattr(new, name))


def _value(section: Any, name: str) -> str:
    return as_toml(getattr(section, name))
