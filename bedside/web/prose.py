"""Sentences, set with care."""

import re

from markupsafe import Markup, escape

_UNIT = re.compile(r"(?<=\d) (?=(?:h|min|s|mg|%|°C)(?:\W|$))|(?<=\d h) (?=\d+ min)")
_COMMAND = re.compile(r"`([^`]+)`")


def prose(text: str) -> Markup:
    """Escape a sentence, keep a number and its unit on one line, and mark `commands`."""
    safe = _UNIT.sub("\N{NO-BREAK SPACE}", str(escape(text)))
    return Markup(_COMMAND.sub(r"<code>\1</code>", safe))
