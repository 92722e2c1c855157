"""Sentences, set with care."""

import re

from markupsafe import Markup, escape

from bedside.web.language import ENGLISH, Language

_UNIT = re.compile(r"(?<=\d) (?=(?:h|min|s|mg|%|°C)(?:\W|$))|(?<=\d h) (?=\d+ min)")
_COMMAND = re.compile(r"`([^`]+)`")


def prose(text: str, language: Language = ENGLISH) -> Markup:
    """Escape a sentence, keep a number and its unit on one line, and mark `commands`."""
    safe = unbroken(str(escape(language.text(text))))
    return Markup(_COMMAND.sub(r"<code>\1</code>", safe))


def unbroken(text: str) -> str:
    """Keep a number and its unit on one line."""
    return _UNIT.sub("\N{NO-BREAK SPACE}", text)
