import pytest

from bedside.errors import DiaryError
from bedside.nights.diary import MOST_CHARACTERS, MOST_TAGS, SUGGESTED, tags_of


def test_each_word_has_one_spelling():
    assert tags_of(["Coffee", " coffee ", "late\t  meal", "CAFE\u0301", "café", ""]) == (
        "coffee",
        "late meal",
        "café",
    )


@pytest.mark.parametrize(
    "word",
    ["чай", "お茶", "🛁", "👩‍👩‍👧", "می‌خواهم", "<script>alert(1)</script>", "5 km", "½", "🏴"],
)
def test_any_writing_is_a_word(word):
    assert tags_of([word]) == (word.lower(),)


@pytest.mark.parametrize(
    "word", ["a\x00b", "bell\x07", "\u202eevil", "\u2066x", "zero\u200bwidth", "\ud800", "\ufeffx"]
)
def test_what_cannot_be_printed_is_refused(word):
    with pytest.raises(DiaryError, match="cannot be printed"):
        tags_of([word])


@pytest.mark.parametrize("word", ["...", "—", "\u0301"])
def test_a_word_has_a_letter(word):
    with pytest.raises(DiaryError, match="no letter"):
        tags_of([word])


def test_a_word_is_short():
    assert tags_of(["x" * MOST_CHARACTERS])
    with pytest.raises(DiaryError, match="41 characters long"):
        tags_of(["x" * (MOST_CHARACTERS + 1)])


def test_there_are_only_so_many():
    words = [f"word {n}" for n in range(MOST_TAGS)]
    assert len(tags_of([*words, *words])) == MOST_TAGS
    with pytest.raises(DiaryError, match="13 words"):
        tags_of([*words, "more"])


def test_what_is_suggested_may_be_kept():
    assert tags_of(SUGGESTED) == SUGGESTED
