"""Reads a settings file into attrs classes and tells every fault of it at once."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

import attrs
import cattrs
from cattrs.gen import make_dict_structure_fn, override

from bedside.config import words
from bedside.config.lines import key_lines
from bedside.errors import ConfigError

_TYPES = {bool: words.as_bool, int: words.as_int, float: words.as_float, str: words.as_str}
_PLACE = re.compile(r"^(?P<what>.*?) \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")
_SYNTAX = (  # how tomllib begins its sentence, and what a newcomer needs to hear
    ("Invalid value", "the value is no number, no true or false and no text in quotes"),
    ("Expected '=' after", "a line must read: setting = value"),
    ("Invalid statement", "a line must read: setting = value, or [section]"),
    ("Expected newline or end", "something follows the value; one setting a line, text in quotes"),
    ("Illegal character '\\n'", "a text in quotes is not closed on its line"),
    ('Expected "\'"', "a text in quotes is not closed"),
    ("Unterminated string", "a text in quotes is not closed"),
    ("Expected ']' at the end of a table", "the name of a section must read: [section]"),
    ("Unclosed array", "a list is not closed by ]"),
    ("Cannot declare", "the section is there twice; put its settings together under one heading"),
    ("Cannot overwrite", "the setting is there twice; keep one of the two"),
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where settings came from.

    file   None when every setting is a default
    lines  line of each setting that the file holds, by section and setting
    hints  sentences about what was understood, but should be written otherwise
    """

    file: Path | None = None
    lines: Mapping[tuple[str, str], int] = field(default_factory=dict)
    hints: tuple[str, ...] = ()


def read_sections(path: Path, sections: Mapping[str, type]) -> tuple[dict[str, Any], Origin]:
    """Read a TOML file into one object of each class; what it does not say is default.

    Parameters
    ----------
    sections : attrs classes of `setting()`s, by the name of their section.

    Raises
    ------
    ConfigError : `problems` holds a sentence for each fault, in the order of the file:
        `FILE:LINE: [section] setting: what is wrong; how to mend it`.
    """
    text = _text(path)
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError([_syntax(path, text, error)]) from error
    reader = _Reader(path, sections, document, key_lines(text))
    made = reader.read()
    if reader.problems:
        raise ConfigError([f"{path}:{line}: {what}" for line, what in sorted(reader.problems)])
    hints = tuple(f"{path}:{line}: {what}" for line, what in sorted(reader.hints))
    return made, Origin(path, reader.given, hints)


def _text(path: Path) -> str:
    def refused(what: str, error: Exception) -> NoReturn:
        raise ConfigError([f"{path}: {what}"]) from error

    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        refused(f"there is no such file; `bedside config manual > {path}` writes one", error)
    except IsADirectoryError as error:
        refused("is a folder; name the settings file in it", error)
    except PermissionError as error:
        refused(f"may not be read by this user; try `sudo chmod a+r {path}`", error)
    except OSError as error:
        refused(f"cannot be read: {error.strerror or error}", error)
    try:
        # tomllib wants line ends as Python has them, and no mark at the beginning.
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError([f"{path}:{line}: is not UTF-8; save the file as UTF-8"]) from error


def _syntax(path: Path, text: str, error: Exception) -> str:
    """Say in words why a text is not TOML."""
    if isinstance(error, RecursionError):
        return f"{path}: is nested too deeply to be read; settings are plain values"
    place = _PLACE.match(str(error))
    if place is None:
        return f"{path}: is not TOML: {error}"
    line = place["line"] or len(text.splitlines())
    hints = (hint for begin, hint in _SYNTAX if place["what"].startswith(begin))
    return f"{path}:{line}: is not TOML: {next(hints, place['what'])}"


class _Reader:
    """One pass over a parsed file; gathers problems instead of stopping at the first."""

    def __init__(
        self,
        path: Path,
        sections: Mapping[str, type],
        document: dict[str, Any],
        lines: dict[tuple[str, ...], int],
    ) -> None:
        self._sections, self._document, self._lines = sections, document, lines
        self._settings = {name: attrs.fields_dict(made) for name, made in sections.items()}
        self.problems: list[tuple[int, str]] = []
        self.hints: list[tuple[int, str]] = []
        self.given: dict[tuple[str, str], int] = {}

    def read(self) -> dict[str, Any]:
        """Make every section whose settings are right."""
        tables: dict[str, dict[str, Any]] = {name: {} for name in self._sections}
        for name, value in self._document.items():
            if wrong := self._not_a_section(name, value):
                self.problems.append((self._lines[name,], wrong))
            else:
                tables[name] = value
        return {name: self._section(name, table) for name, table in tables.items()}

    def _not_a_section(self, name: str, value: Any) -> str:
        """Say why a top-level key is no section; empty when it is one."""
        if name in self._sections:
            if isinstance(value, dict):
                return ""
            if isinstance(value, list) and all(isinstance(item, dict) for item in value):
                return f"[[{name}]]: a section stands in single brackets; write [{name}]"
            return f"{name}: is a section, not a setting; write [{name}] and its settings below it"
        if isinstance(value, dict):
            return f"[{name}]: unknown section; {_meant(name, self._sections, 'the sections are')}"
        homes = [f"[{home}]" for home, known in self._settings.items() if name in known]
        if homes:
            return f"{name}: stands outside any section; move it below {' or '.join(homes)}"
        return f"{name}: unknown, and stands outside any section; settings belong below a [section]"

    def _section(self, name: str, table: dict[str, Any]) -> Any:
        made = self._sections[name]
        self._rename(name, table)
        for key in table.keys() & self._settings[name].keys():
            self.given[name, key] = self._lines[name, key]
        try:
            return _structure(table, made)
        except cattrs.ClassValidationError as group:
            for key, error in _faults(group):
                self._problem(name, key, error)

    def _rename(self, name: str, table: dict[str, Any]) -> None:
        """Put what stands there under a name of before under the one of today."""
        for key, attribute in self._settings[name].items():
            for old in attribute.metadata["was"]:
                if old not in table or key in table:
                    continue  # with both, the old one is told as unknown
                table[key] = table.pop(old)
                self._lines[name, key] = line = self._lines[name, old]
                hint = f"[{name}] {old} is called {key} now; `bedside config upgrade` renames it"
                self.hints.append((line, hint))

    def _problem(self, name: str, key: str, error: Exception) -> None:
        """Note a fault of a setting, or, where `key` is empty, of a section as a whole."""
        if not key:
            line = self._lines.get((name,), 1)
            self.problems.append((line, f"[{name}]: {error}"))
            return
        line = self._lines[name, key]
        known = self._settings[name]
        if key in known:
            told = str(error)  # a part's own check may say itself how to mend it
            what = told if ";" in told else f"{told}; {_mended(known[key])}"
        else:
            what = f"unknown setting; {self._perhaps(name, key)}"
        self.problems.append((line, f"[{name}] {key}: {what}"))

    def _perhaps(self, name: str, key: str) -> str:
        for today, attribute in self._settings[name].items():
            if key in attribute.metadata["was"]:
                return f"it is called {today} now, which is there as well; delete one of the two"
        homes = [f"[{home}]" for home, known in self._settings.items() if key in known]
        if homes and not get_close_matches(key, self._settings[name], 1):
            return f"it belongs below {' or '.join(homes)}"
        return _meant(key, self._settings[name], f"the settings of [{name}] are")


def _structure(table: dict[str, Any], made: type) -> Any:
    """Make an object; the error group holds a fault for each setting that is wrong."""
    hooks = {
        attribute.name: override(struct_hook=_checked(attribute))
        for attribute in attrs.fields(attrs.resolve_types(made))
    }
    converter = cattrs.Converter(detailed_validation=True)
    # cattrs types the hooks as plain keyword arguments, among its own options.
    options: dict[str, Any] = {**hooks, "_cattrs_forbid_extra_keys": True}
    return make_dict_structure_fn(made, converter, **options)(table, made)


def _checked(attribute: "attrs.Attribute[Any]") -> Any:
    """Give the hook that takes one setting's value: of the right type, and within its limits."""
    validate: Any = attribute.validator  # every `setting()` has one

    def check(value: Any, _type: Any) -> Any:
        taken = _TYPES[attribute.type](value)  # type: ignore[index]
        choices = attribute.metadata.get("choices")
        if choices and taken not in choices:
            raise ValueError(f"{words.as_toml(value)} is no choice")
        validate(None, attribute, taken)
        return taken

    return check


def _faults(group: cattrs.ClassValidationError) -> Iterator[tuple[str, Exception]]:
    """Yield setting and fault; the setting is empty where the whole section is at fault."""
    for error in group.exceptions:
        if isinstance(error, cattrs.ForbiddenExtraKeysError):
            yield from ((key, error) for key in sorted(error.extra_fields))
        elif isinstance(error, ValueError):
            notes = getattr(error, "__notes__", [])
            names = [
                note.name for note in notes if isinstance(note, cattrs.AttributeValidationNote)
            ]
            yield (names[0] if names else ""), error
        else:
            raise error


def _mended(attribute: "attrs.Attribute[Any]") -> str:
    limits = words.allowed(attribute)
    example = f"{attribute.name} = {words.as_toml(attribute.default)}"
    return f"allowed is {limits}, as in {example}" if limits else f"write it as in {example}"


def _meant(word: str, known: Mapping[str, Any], otherwise: str) -> str:
    """Guess what was meant, or list what there is."""
    near = get_close_matches(word.lower(), known, 1)
    return f"did you mean '{near[0]}'?" if near else f"{otherwise} {', '.join(known)}"
