from datetime import date

import pytest

from bedside.web.language import _KNOWN, ENGLISH, N_, known

DAY = date(2026, 11, 1)
OTHERS = sorted(set(_KNOWN) - {"en"})


def test_english_is_written_in_words():
    assert ENGLISH.long_day(DAY) == "Sunday 1 November 2026"
    assert ENGLISH.plain_day(DAY) == "1 Nov 2026"
    assert ENGLISH.short_day(DAY) == "Sun 1 Nov"
    assert ENGLISH.decimal(7.25, 1) == "7.2"


@pytest.mark.parametrize(
    ("tag", "long", "plain", "short", "number"),
    [
        ("en-US", "Sunday, November 1, 2026", "Nov 1, 2026", "Sun, Nov 1", "7.25"),
        ("de-DE", "Sunday 01.11.2026", "01.11.2026", "Sun 01.11.", "7,25"),
        ("de-CH", "Sunday 01.11.2026", "01.11.2026", "Sun 01.11.", "7.25"),
        ("fr", "Sunday 01/11/2026", "01/11/2026", "Sun 01/11", "7,25"),
        ("nl_NL", "Sunday 01-11-2026", "01-11-2026", "Sun 01-11", "7,25"),
        ("sv", "Sunday 2026-11-01", "2026-11-01", "Sun 11-01", "7,25"),
    ],
)
def test_others_read_figures_in_their_own_order(tag, long, plain, short, number):
    language = known(tag)

    assert language.long_day(DAY) == long
    assert language.plain_day(DAY) == plain
    assert language.short_day(DAY) == short
    assert language.decimal(7.25, 2) == number


@pytest.mark.parametrize("tag", OTHERS)
def test_the_table_agrees_with_the_unicode_cldr(tag):
    babel = pytest.importorskip("babel")
    land = {"no": "nb"}.get(tag, tag)
    locale = babel.Locale.parse(land, sep="-")
    pattern = locale.date_formats["short"].pattern

    assert known(tag).point == locale.number_symbols["latn"]["decimal"]
    order = [letter for letter in dict.fromkeys(pattern) if letter in "yMd"]
    ours = known(tag).plain_day(date(2033, 11, 22)).replace("Nov", "11")
    assert sorted(order, key={"y": ours.find("2033"), "M": ours.find("11"),
                              "d": ours.find("22")}.get) == order  # fmt: skip


def test_a_land_goes_before_the_language_of_all_lands():
    assert known("es-MX").point == "."
    assert known("es-AR").point == ","
    assert known("tlh") is None


def test_decimals_within_a_sentence():
    german = known("de").text

    assert german("2.4 to 13.0 an hour, 0.5 g.") == "2,4 to 13,0 an hour, 0,5 g."
    assert german("set `on_ratio = 2.5`, then 3.5") == "set `on_ratio = 2.5`, then 3,5"
    assert german("bedside 1.2.3 at 192.168.0.7") == "bedside 1.2.3 at 192.168.0.7"
    assert german("In 2026. 3 nights") == "In 2026. 3 nights"


@pytest.fixture
def opened(rested):
    return lambda languages: rested.get("/night/2026-11-21", Accept_Language=languages)


def test_the_page_speaks_as_the_browser_asks(opened):
    german, american = opened("de-AT,de;q=0.9,en;q=0.8"), opened("en-US")

    assert "Saturday 21.11.2026" in german.text
    assert "Saturday, November 21, 2026" in american.text
    assert "19,6 °C".replace(" ", "\xa0") in german.text
    assert "19.6 °C".replace(" ", "\xa0") in american.text
    assert german.headers["ETag"] != american.headers["ETag"]
    assert "Accept-Language" in german.headers["Vary"]


@pytest.mark.parametrize(
    "languages",
    ["", "*", "tlh", "de;q=0", "x" * 5000, ",".join(["tlh"] * 500) + ",de", "de;q=nonsense"],
)
def test_a_strange_wish_is_answered_in_english(opened, languages):
    answer = opened(languages)

    assert answer.status_code == 200
    assert "Saturday 21 November 2026" in answer.text


def test_the_words_are_english_and_say_so(opened):
    assert '<html lang="en">' in opened("de").text


def test_marking_words_changes_nothing():
    assert N_("In bed") == "In bed"
