"""Settings printed as TOML: the manual with every default, and what is in force."""

import inspect
from collections.abc import Iterable, Mapping
from textwrap import wrap
from typing import Any

import attrs

from bedside.config.reading import Origin
from bedside.config.words import allowed, as_toml

_WIDTH = 100
_UNBROKEN = "\u00a0"
_HEAD = (
    "Every setting of bedside, at its default. Change what you like and leave out what you do not:"
    " what is missing here stays as it is. `bedside config check` finds mistakes,"
    " `bedside config show` prints what is in force. A running bedside takes over what is saved"
    ' within two seconds; the page "Settings" says so, and what needs a restart.'
)


def manual_of(sections: Mapping[str, type]) -> str:
    """Print every setting at its default, each under its sentence, unit and limits."""
    parts = ["\n".join(wrapped(_HEAD))]
    for name, made in sections.items():
        parts.append("\n".join((f"[{name}]", *wrapped(heading(made)))))
        parts += ["\n".join(_explained(attribute)) for attribute in attrs.fields(made)]
    return "\n\n".join(parts) + "\n"


def heading(made: type) -> str:
    """Give the sentence that heads a section: the first of its class."""
    return inspect.cleandoc(made.__doc__ or "").split("\n\n")[0].replace("\n", " ")


def shown(sections: Mapping[str, Any], origin: Origin) -> str:
    """Print the settings in force, and which of them the file gives."""
    head = f"The settings in force; those of {origin.file} are marked with their line there."
    if origin.file is None:
        head = "The settings in force: all of them defaults."
    parts = ["\n".join(wrapped(head))]
    for name, section in sections.items():
        lines = [f"[{name}]", *(_in_force(name, section, origin))]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _in_force(name: str, section: Any, origin: Origin) -> Iterable[str]:
    pairs = {
        attribute.name: f"{attribute.name} = {as_toml(getattr(section, attribute.name))}"
        for attribute in attrs.fields(type(section))
    }
    width = max(map(len, pairs.values()), default=0)
    for key, pair in pairs.items():
        line = origin.lines.get((name, key))
        yield f"{pair:<{width}}  # {f'line {line}' if line else 'default'}"


def _explained(attribute: "attrs.Attribute[Any]") -> list[str]:
    return [*explanation(attribute), f"{attribute.name} = {as_toml(attribute.default)}"]


def explanation(attribute: "attrs.Attribute[Any]") -> list[str]:
    """Give the comment above a setting, line by line: its sentence and what is allowed."""
    limits = allowed(attribute)
    if len(limits) < _WIDTH // 2:  # a long list of choices may break, a range may not
        limits = limits.replace(" ", _UNBROKEN)
    sentence = attribute.metadata["doc"] + (f" ({limits})" if limits else "")
    return wrapped(sentence)


def wrapped(text: str) -> list[str]:
    """Give a text as lines of a comment."""
    lines = wrap(
        text, _WIDTH, initial_indent="# ", subsequent_indent="# ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return [line.replace(_UNBROKEN, " ") for line in lines]
