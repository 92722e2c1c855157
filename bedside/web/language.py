"""Numbers and dates as the reader's browser writes them, and where a translation is looked for.

The forms are a small table of our own, checked in the tests against the Unicode CLDR: a library
for it would cost the appliance more memory than all nights it holds.
"""

import gettext
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from flask import g, request

_FOLDER = Path(__file__).parent / "words"
_MOST_LANGUAGES = 10  # looked at in what a browser sends
_DECIMAL = re.compile(r"(?<![\d.])(\d+)\.(\d+)(?![\d.]*\d)")
_CODE = re.compile(r"(`[^`]*`)")


class Order(NamedTuple):
    """How a day is written: with its weekday, without it, and without its year."""

    long: str
    plain: str
    short: str


_WORDS = Order(
    "{day:%A} {day.day} {day:%B %Y}", "{day.day} {day:%b %Y}", "{day:%a} {day.day} {day:%b}"
)
_AMERICAN = Order(
    "{day:%A}, {day:%B} {day.day}, {day:%Y}",
    "{day:%b} {day.day}, {day:%Y}",
    "{day:%a}, {day:%b} {day.day}",
)
_DOTS, _SLASHES, _DASHES, _YEAR_FIRST = (
    Order(f"{{day:%A {full}}}", f"{{day:{full}}}", f"{{day:%a {short}}}")
    for full, short in (
        ("%d.%m.%Y", "%d.%m."),
        ("%d/%m/%Y", "%d/%m"),
        ("%d-%m-%Y", "%d-%m"),
        ("%Y-%m-%d", "%m-%d"),
    )
)


@dataclass(frozen=True, slots=True)
class Language:
    """How numbers and days are written; `point` stands between a whole number and its decimals."""

    point: str = "."
    order: Order = _WORDS

    def decimal(self, value: float, places: int = 1) -> str:
        """Write `7.2`, or `7,2`."""
        return f"{value:.{places}f}".replace(".", self.point)

    def text(self, sentence: str) -> str:
        """Put the decimals of an English sentence right; `commands` and versions stay."""
        if self.point == ".":
            return sentence
        parts = _CODE.split(sentence)
        parts[::2] = [_DECIMAL.sub(rf"\1{self.point}\2", part) for part in parts[::2]]
        return "".join(parts)

    def long_day(self, day: date) -> str:
        """Write `Saturday 21 November 2026`, or `Saturday 21.11.2026`."""
        return self.order.long.format(day=day)

    def plain_day(self, day: date) -> str:
        """Write `21 Nov 2026`, or `21.11.2026`."""
        return self.order.plain.format(day=day)

    def short_day(self, day: date) -> str:
        """Write `Sat 21 Nov`, or `Sat 21.11.`."""
        return self.order.short.format(day=day)


ENGLISH = Language()
_ALIKE = (
    (ENGLISH, "en"),
    (Language(".", _AMERICAN), "en-us"),
    (Language(",", _DOTS), "bg cs da de et fi hr is lv mk nb nn no pl ro ru sk sl sr tr uk"),
    (Language(".", _DOTS), "de-ch de-li it-ch"),
    (Language(",", _SLASHES), "ca el es fr gl id it pt vi"),
    (Language(".", _SLASHES), "es-mx es-us ga hi th"),
    (Language(",", _DASHES), "nl"),
    (Language(",", _YEAR_FIRST), "fr-ca hu lt sv"),
    (Language(".", _YEAR_FIRST), "ja ko zh"),
)
_KNOWN = {tag: language for language, tags in _ALIKE for tag in tags.split()}


def N_(words: str) -> str:  # noqa: N802 the name by which gettext's tools know it
    """Mark words that stand in a table, and are put into the reader's language on the page."""
    return words


def known(tag: str) -> Language | None:
    """Find a language by its tag, `de-AT`; that of a land before that of all lands."""
    tag = tag.lower().replace("_", "-")
    return _KNOWN.get(tag) or _KNOWN.get(tag.partition("-")[0])


def spoken() -> Language:
    """Give the language of whoever asks now: the first of theirs that is known."""
    if "language" not in g:
        wished = islice(request.accept_languages, _MOST_LANGUAGES)
        tags = (tag for tag, quality in wished if quality > 0)
        g.language = next((found for tag in tags if (found := known(tag))), ENGLISH)
    language: Language = g.language
    return language


@cache
def catalogue(tag: str) -> gettext.NullTranslations:
    """Give the translation into a language that `translated` has found; English is none."""
    return gettext.translation("bedside", _FOLDER, [tag], fallback=True)


@cache
def translated() -> tuple[str, ...]:
    """List the languages there is a translation for."""
    return tuple(sorted(path.parts[-3] for path in _FOLDER.glob("*/LC_MESSAGES/bedside.mo")))


def tongue() -> str:
    """Give the language of the words for whoever asks now, as in `<html lang>`."""
    return request.accept_languages.best_match(("en", *translated()), "en") or "en"
