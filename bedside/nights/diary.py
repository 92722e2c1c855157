"""The diary: a few words for an evening, and what is refused as one."""

import unicodedata
from collections.abc import Iterable

from bedside.errors import DiaryError

SUGGESTED = (
    "coffee",
    "alcohol",
    "late meal",
    "exercise",
    "stress",
    "screen",
    "bath",
    "medicine",
)
MOST_TAGS = 12
MOST_CHARACTERS = 40

_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
"""Emoji, and words of Persian and of India, are written with them."""


def tags_of(words: Iterable[str]) -> tuple[str, ...]:
    """Make tags of what somebody typed: one spelling for each, none twice.

    Raises
    ------
    DiaryError : one is too long or holds what cannot be printed, or there are too many.
    """
    tags = tuple(dict.fromkeys(tag for word in words if (tag := _tag(word))))
    if len(tags) > MOST_TAGS:
        raise DiaryError(f"That is {len(tags)} words for one evening; keep at most {MOST_TAGS}.")
    return tags


def _tag(word: str) -> str:
    """Give a word in small letters with single spaces; empty where nothing was typed."""
    tag = " ".join(unicodedata.normalize("NFC", word).split()).lower()
    if not tag:
        return ""
    if any(_unprintable(character) for character in tag):
        raise DiaryError("There is a character in your own words that cannot be printed; retype.")
    if len(tag) > MOST_CHARACTERS:
        raise DiaryError(
            f"“{tag[:20]}…” is {len(tag)} characters long; keep each word to {MOST_CHARACTERS}."
        )
    if all(unicodedata.category(character)[0] in "PMZ" for character in tag):
        raise DiaryError(f"“{tag}” holds no letter, number or picture; write a word.")
    return tag


def _unprintable(character: str) -> bool:
    """Whether it is a control, half a pair, or turns the direction of writing."""
    return unicodedata.category(character) in ("Cc", "Cs", "Cf") and character not in _JOINERS
