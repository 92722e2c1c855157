"""Where in a TOML file each key stands; tomllib reads the values but forgets the lines.

The text has passed tomllib, so this walks over it and may take its grammar for granted.
"""

import re
import tomllib

Keys = tuple[str, ...]

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]+")
_TEXTS = (  # the longer quotes first
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")', re.DOTALL),
    re.compile(r"'''.*?'{3,5}(?!')", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)


def key_lines(text: str) -> dict[Keys, int]:
    """Line, from 1, on which each table and each key first stands, by its full path."""
    return _Walk(text).lines


class _Walk:
    """One pass over the text; `lines` holds what it met."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.lines: dict[Keys, int] = {}
        table: Keys = ()
        self._skip(_BLANK)
        while self._at < len(text):
            if self._is("["):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _is(self, what: str) -> bool:
        return self._text.startswith(what, self._at)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        """Pass what matches here, and return it."""
        match = pattern.match(self._text, self._at)
        if match is None:
            return ""
        self._at = match.end()
        return match.group()

    def _header(self) -> Keys:
        """Pass `[a.b]` or `[[a.b]]`."""
        brackets = 2 if self._is("[[") else 1
        self._at += brackets
        path = self._key(())
        self._skip(_SPACE)
        self._at += brackets
        return path

    def _pair(self, table: Keys) -> None:
        """Pass `key = value`."""
        path = self._key(table)
        self._skip(_SPACE)
        self._at += len("=")
        self._skip(_SPACE)
        self._value(path)

    def _key(self, table: Keys) -> Keys:
        """Pass a key, dotted or not, and note the line of each of its parts."""
        path = table
        while True:
            self._skip(_SPACE)
            line = self._text.count("\n", 0, self._at) + 1
            part = self._skip(_BARE) or tomllib.loads("key = " + self._quoted())["key"]
            path = (*path, part)
            self.lines.setdefault(path, line)
            self._skip(_SPACE)
            if not self._is("."):
                return path
            self._at += len(".")

    def _quoted(self) -> str:
        """Pass a text in quotes of any kind; empty when none stands here."""
        return next((text for pattern in _TEXTS if (text := self._skip(pattern))), "")

    def _value(self, path: Keys) -> None:
        if self._is("[") or self._is("{"):
            self._many(path, "]" if self._is("[") else "}")
        elif not self._quoted():
            self._skip(_SCALAR)

    def _many(self, path: Keys, end: str) -> None:
        """Pass an array, or an inline table, whose keys count as well."""
        self._at += len("[")
        self._skip(_BLANK)
        while not self._is(end):
            if end == "}":
                self._pair(path)
            else:
                self._value(path)
            self._skip(_BLANK)
            if self._is(","):
                self._at += len(",")
                self._skip(_BLANK)
        self._at += len(end)
