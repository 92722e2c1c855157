"""The diary's form, and what the nights with a word and without it are told to be like."""

import random
import re
from datetime import date, timedelta
from html import unescape

import pytest

EVIL = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)",
    "</textarea><svg/onload=alert(1)>",
    "{{ 7 * 7 }} {% raw %}",
    "javascript:alert(1)",
    "&lt;b&gt; &amp;",
]


def words(answer):
    text = re.sub(r"<[^>]+>", " ", answer.text.replace("\xa0", " "))
    return re.sub(r"\s+", " ", text)


def ticked(answer):
    return [
        unescape(value)
        for value, checked in re.findall(r'name="tag" value="(.*?)"( checked)?>', answer.text)
        if checked
    ]


def keep(bedroom, day, *tags, own=""):
    form = {"tag": list(tags), "own": own}
    return bedroom.post(f"/night/{day}/tags", **form)


@pytest.fixture
def slept(bedroom):
    """A night that is over, and one before it."""
    bedroom.sleep(date(2026, 11, 14))
    bedroom.sleep(date(2026, 11, 15))
    return bedroom


def test_what_is_ticked_and_typed_is_kept(slept):
    answer = keep(slept, "2026-11-14", "coffee", "late meal", own=" Omas  Suppe, TEA,, tea")

    assert answer.status_code == 303
    assert answer.location == "/night/2026-11-14/diary?saved=yes"
    page = slept.get(answer.location)
    assert "Kept." in words(page)
    assert ticked(page) == ["coffee", "late meal", "omas suppe", "tea"]
    assert slept.store.diary() == {"2026-11-14": ("coffee", "late meal", "omas suppe", "tea")}


def test_what_is_not_ticked_any_more_goes(slept):
    keep(slept, "2026-11-14", "coffee", own="tea")
    keep(slept, "2026-11-14", "bath")

    assert slept.store.diary()["2026-11-14"] == ("bath",)


def test_an_evening_with_nothing_ticked_counts_as_written(slept):
    keep(slept, "2026-11-14")

    assert slept.store.diary() == {"2026-11-14": ()}


def test_words_used_before_are_offered(slept):
    keep(slept, "2026-11-14", own="tea")

    assert 'value="tea"' in slept.get("/night/2026-11-15/diary").text


def test_tonight_has_a_diary_before_anything_is_recorded(bedroom):
    answer = keep(bedroom, "2026-11-14", "bath")

    assert answer.status_code == 303
    assert "Diary of tonight" in words(bedroom.get("/night/2026-11-14/diary"))


@pytest.mark.parametrize(
    ("tags", "own", "said"),
    [
        ([], "x" * 41, "is 41 characters long"),
        ([f"tag {n}" for n in range(13)], "", "13 words for one evening"),
        (["coffee"], "\u202etxt", "cannot be printed"),
        (["a\x00b"], "", "cannot be printed"),
        (["coffee"], "—", "no letter"),
    ],
)
def test_what_cannot_be_kept_is_told_and_nothing_is_lost(slept, tags, own, said):
    answer = keep(slept, "2026-11-14", *tags, own=own)

    assert answer.status_code == 400
    assert said in unescape(words(answer))
    assert 'role="alert"' in answer.text
    assert set(ticked(answer)) == set(tags) - {"a\x00b"}
    assert slept.store.diary() == {}


@pytest.mark.parametrize("evil", EVIL)
def test_words_are_shown_as_words(slept, evil):
    shown = evil[:40]
    keep(slept, "2026-11-14", shown)
    slept.sum_up()

    for path in ("/night/2026-11-14/diary", "/nights", "/nights/tags", "/nights/compare"):
        answer = slept.get(path)
        assert answer.status_code == 200
        if set("<'&") & set(shown):
            assert shown not in answer.text
        assert shown.lower() in unescape(answer.text), path
        assert not re.search(r"<(script|img|svg/)[^>]*(alert|onerror|onload)", answer.text)


def test_a_word_typed_wrong_comes_back_as_a_word(slept):
    answer = keep(slept, "2026-11-14", '"><script>x</script>', own='"><b>' + "y" * 60)

    assert answer.status_code == 400
    assert "<script>x" not in answer.text
    assert '"><b>' not in answer.text


@pytest.mark.parametrize(
    ("day", "status"),
    [("2026-11-31", 400), ("yesterday", 400), ("2020-01-01", 404), ("2026-11-17", 404),
     ("9999-12-31", 404), ("2026-1-1", 400), ("%00", 400), ("..%2f..", 404)],
)  # fmt: skip
def test_wrong_dates(slept, day, status):
    assert slept.get(f"/night/{day}/diary").status_code == status
    assert keep(slept, day, "coffee").status_code == status
    assert slept.store.diary() == {}


def test_without_the_token_nothing_is_kept(slept):
    assert slept.post("/night/2026-11-14/tags", csrf=False, tag="coffee").status_code == 403
    assert slept.get("/night/2026-11-14/tags").status_code == 405
    assert slept.store.diary() == {}


def test_too_much_is_refused(slept):
    assert keep(slept, "2026-11-14", own="x" * 20_000).status_code == 413
    assert slept.store.diary() == {}


def test_the_diary_stands_in_the_calendar(slept):
    keep(slept, "2026-11-14", "coffee", own="tea")
    answer = slept.get("/nights")

    assert "; coffee, tea" in words(answer)
    assert answer.text.count('<span class="tag">') == 2


class TestDifferences:
    def test_an_empty_diary(self, bedroom):
        answer = bedroom.get("/nights/tags")

        assert answer.status_code == 200
        assert "The diary is empty." in words(answer)

    def test_a_diary_without_nights(self, bedroom):
        keep(bedroom, "2026-11-14", "coffee")

        assert "holds 1 evening, but none yet with a word and a night" in words(
            bedroom.get("/nights/tags")
        )

    def test_too_early(self, slept):
        keep(slept, "2026-11-14", "coffee")
        slept.sum_up()
        said = words(slept.get("/nights/tags"))

        assert "coffee 1 with, 0 without" in said
        assert "Nothing is compared yet: it needs 5 nights with a word and 5 without it." in said

    def test_a_clear_difference_and_one_that_is_none(self, bedroom):
        dice = random.Random(2)
        for number in range(15):
            evening = date(2026, 11, 14) + timedelta(number)
            coffee = number % 2 == 0
            bedroom.sleep(evening, movements=240 if coffee else 30)
            tags = ["coffee"] * coffee + ["bath"] * (dice.random() < 0.5)
            bedroom.store.keep_diary(evening.isoformat(), tags)
        bedroom.store.flush()
        bedroom.sum_up()
        answer = bedroom.get("/nights/tags")
        said = words(answer)

        assert "8 nights with it, 7 without." in said
        assert "Movements: more with it, by about" in said
        assert "No difference that could not be chance." in said
        assert "6 comparisons were made at once." in said
