"""A settings file of an older bedside, brought up to date without losing a comment."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from bedside.config.lines import key_lines
from bedside.config.manual import explanation, heading, wrapped
from bedside.config.reading import read_sections
from bedside.errors import ConfigError

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


def upgrade(path: Path, sections: Mapping[str, type]) -> list[str]:
    """Rename what is called otherwise now, and add what is new, at its default.

    Comments, order and values stay as they are; what is in force does not change by it.

    Returns
    -------
    list of str : a sentence for each change; none where the file is up to date.

    Raises
    ------
    ConfigError : the file has mistakes, or may not be written.
    """
    import tomlkit

    before, _ = read_sections(path, sections)
    text, done = _renamed(path.read_text(encoding="utf-8-sig"), sections)
    document = tomlkit.parse(text)
    done += _added(document, sections)
    if done:
        _replace(path, tomlkit.dumps(document), before, sections)
    return done


def _renamed(text: str, sections: Mapping[str, type]) -> tuple[str, list[str]]:
    """Write today's names into the lines where older ones stand, and tell which."""
    found, lines, done = key_lines(text), text.splitlines(keepends=True), []
    for section, made in sections.items():
        for attribute in attrs.fields(made):
            for old in attribute.metadata["was"]:
                if at := found.get((section, old)):
                    name = re.compile(rf"(?<![\w-]){old}(?=[\"']?\s*=)")
                    lines[at - 1] = name.sub(attribute.name, lines[at - 1], count=1)
                    done.append(f"[{section}] {old} is called {attribute.name} now")
    return "".join(lines), done


def _added(document: "TOMLDocument", sections: Mapping[str, type]) -> Iterator[str]:
    import tomlkit

    for section, made in sections.items():
        if section not in document:
            table = tomlkit.table()
            _comment(table, wrapped(heading(made)))
            document.add(section, table)
        found: Any = document[section]
        for attribute in attrs.fields(made):
            if attribute.name not in found:
                _add(found, attribute)
                yield f"[{section}] {attribute.name} is new"


def _add(table: Any, attribute: "attrs.Attribute[Any]") -> None:
    import tomlkit

    if isinstance(table, tomlkit.items.InlineTable):  # has no room for comments
        table.append(attribute.name, attribute.default)
        return
    table.add(tomlkit.nl())
    _comment(table, explanation(attribute))
    table.add(attribute.name, attribute.default)


def _comment(table: Any, lines: list[str]) -> None:
    import tomlkit

    for line in lines:
        table.add(tomlkit.comment(line.removeprefix("# ")))


def _replace(
    path: Path, text: str, before: Mapping[str, Any], sections: Mapping[str, type]
) -> None:
    """Put a text in the place of the file, if it says the same; a power cut leaves either."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        new = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            after, _ = read_sections(new, sections)
            if after != before:
                raise ConfigError([f"{path}: is written in a way that cannot be brought up to date;"
                                   " compare it with `bedside config manual` by hand"])  # fmt: skip
            state = path.stat()
            shutil.copymode(path, new)
            if os.geteuid() == 0:
                os.chown(new, state.st_uid, state.st_gid)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(
            [f"{path}: cannot be written: {error.strerror}; try it with sudo"]
        ) from error
