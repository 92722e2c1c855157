"""The calendar: every night by the date of its evening, told without colour."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

import bedside.web
from bedside.nights.summaries import Summaries
from bedside.pipeline.listener import Heard, Minute

HOUR = 3600.0


def words(answer):
    text = re.sub(r"<[^>]+>", " ", answer.text.replace("\xa0", " "))
    return re.sub(r"\s+", " ", text)


def cells(answer):
    """What stands in each cell, by day: (classes, number, words for who does not see)."""
    found = re.findall(
        r'class="night ([\w ]+)"(?: href="([^"]+)")?><span class="of">(\d+).*?'
        r'class="much" aria-hidden="true">(.*?)</span>(?:<span class="hide">: (.*?)</span>)?',
        answer.text,
    )
    return {int(day): (classes, href, much, said) for classes, href, day, much, said in found}


def test_before_the_first_night(bedroom):
    answer = bedroom.get("/nights")

    assert answer.status_code == 200
    assert "No night has been recorded yet" in words(answer)
    assert cells(answer)[14][0] == "tonight"


def test_every_night_has_its_number_and_its_words(rested):
    found = cells(rested.get("/nights"))
    night = rested.nights.night(date(2026, 11, 19))
    an_hour = sum(night.counts[kind].asleep_per_hour for kind in ("jerk", "limb_movement", "turn"))

    classes, href, much, said = found[19]
    assert href == "/night/2026-11-19"
    assert float(much) == pytest.approx(an_hour, abs=0.051 if an_hour < 9.95 else 0.51)
    assert said == f"{an_hour:.1f} movements an hour"
    assert "counted" in classes
    assert found[13][2:] == ("·", "no data")
    assert found[28] == ("ahead", "", "", "")


def test_it_is_a_table_with_heads(rested):
    text = rested.get("/nights").text

    assert text.count('<th scope="col">') == 7
    assert "<caption" in text
    said = words(rested.get("/nights"))
    assert re.search(r"Eight nights: [\d.]+ to [\d.]+ movements an hour of sleep", said)


def test_a_night_that_goes_on_is_marked_and_in_no_sum(bedroom):
    bedroom.sleep(date(2026, 11, 14), hours=4.0)
    found = cells(bedroom.get("/nights"))

    assert "ongoing" in found[14][0]
    assert found[14][3].startswith("going on, ")
    assert "nights:" not in words(bedroom.get("/nights"))


def test_one_not_summed_up_yet_is_not_scored_for_it(bedroom):
    for number in range(3):
        bedroom.sleep(date(2026, 11, 14 + number))

    assert cells(bedroom.get("/nights"))[14][2:] == ("…", "not summed up yet")
    bedroom.sum_up()
    assert cells(bedroom.get("/nights"))[14][2] != "…"


def test_an_empty_bed_and_a_poor_recording_are_told(bedroom):
    start_s = bedroom.clock.monotonic()
    bedroom.store.add_heard(
        Heard(
            minutes=[Minute(start_s + 60.0 * n, 60.0, 0.0, 1.0, 2.0, None, 0.0) for n in range(99)]
        )
    )
    bedroom.clock.advance(24 * HOUR)
    bedroom.sleep(date(2026, 11, 15))
    bedroom.sleep(date(2026, 11, 17))
    bedroom.sum_up()

    found = cells(bedroom.get("/nights"))
    assert found[14][2:] == ("–", "nobody in bed")
    assert found[16][2:] == ("·", "no data")


def test_a_night_with_a_hole_stands_in_brackets(bedroom, monkeypatch):
    from bedside.nights import summary

    bedroom.sleep(date(2026, 11, 14))
    bedroom.sleep(date(2026, 11, 15))
    monkeypatch.setattr(summary.Night, "coverage", 0.6)
    bedroom.sum_up()

    classes, _href, much, said = cells(bedroom.get("/nights"))[14]
    assert "partly" in classes
    assert re.fullmatch(r"\([\d.]+\)", much)
    assert said.endswith("only partly recorded")


def test_older_months_are_behind_a_link(bedroom):
    bedroom.sleep(date(2026, 11, 14))
    bedroom.clock.advance(200 * 24 * HOUR)
    bedroom.sleep(date(2027, 6, 3))
    bedroom.sum_up()

    first = bedroom.get("/nights")
    assert re.findall(r"<h2 id=\"m(\d{4}-\d\d)", first.text) == ["2027-06", "2027-05", "2027-04"]
    assert 'href="/nights?until=2027-03"' in first.text
    assert "Newer months" not in words(first)
    last = bedroom.get("/nights?until=2026-12")
    assert re.findall(r"<h2 id=\"m(\d{4}-\d\d)", last.text) == ["2026-12", "2026-11"]
    assert "Older months" not in words(last)
    assert 'href="/nights?until=2027-03"' in last.text


@pytest.mark.parametrize(
    "query",
    ["until=", "until=x", "until=2026-13", "until=2026-1", "until=2026-11-01", "until=%00",
     "until=2026-11&until=2026-10", "until=" + "9" * 5000, "until=<script>", "until=+2026-11"],
)  # fmt: skip
def test_strange_months_are_refused(rested, query):
    answer = rested.get(f"/nights?{query}")

    assert answer.status_code == 400
    assert "Name the month as in 2026-11." in words(answer)


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "2026-10", "2026-12"])
def test_months_without_nights_are_not_there(rested, month):
    assert rested.get(f"/nights?until={month}").status_code == 404


def test_what_else_an_address_holds_does_not_matter(rested):
    assert rested.get("/nights?utm=" + "x" * 8000).status_code == 200


def test_numbers_are_written_as_the_browser_asks(rested):
    told = cells(rested.get("/nights", Accept_Language="de"))
    plain = cells(rested.get("/nights"))

    assert told[19][2] == plain[19][2].replace(".", ",")


def test_nothing_can_be_posted(rested):
    assert rested.post("/nights").status_code == 405


def test_the_night_the_clocks_change_has_one_cell(bedroom):
    bedroom.clock.advance(134 * 24 * HOUR)
    for number in range(3):
        bedroom.sleep(date(2027, 3, 27) + timedelta(number))
    bedroom.sum_up()
    found = cells(bedroom.get("/nights?until=2027-03"))

    assert {day for day, cell in found.items() if "counted" in cell[0]} == {27, 28, 29}
    assert [hour.hour for hour in _summary(bedroom, date(2027, 3, 27)).hours] == [
        22, 23, 0, 1, 3, 4, 5, 6, 7
    ]  # fmt: skip


def _summary(bedroom, evening):
    known = Summaries(bedroom.nights, bedroom.store, bedroom.clock).all()
    return next(each for each in known if each.evening == evening)


STATIC = Path(bedside.web.__file__).parent / "static"
STYLE, SHEET = ((STATIC / name).read_text() for name in ("style.css", "nights.css"))
THEMES = [
    dict(re.findall(r"--([\w-]+): (#\w{6})", block))
    for block in re.findall(r":root(?:\[[^]]+\])? \{(.*?)\}", STYLE, re.DOTALL)[:3]
]


def test_the_sheet_has_no_colours_of_its_own():
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb|hsl|url\(", SHEET)
    assert set(re.findall(r"var\(--([\w-]+)\)", SHEET)) <= THEMES[0].keys() | {"serif", "sans"}


@pytest.mark.parametrize(
    ("theme", "rules"),
    list(zip(THEMES, [r"^", r"^", r'^:root\[data-theme="night"\] '], strict=True)),
    ids=["light", "dark", "night"],
)
def test_numbers_can_be_read_on_every_shade(theme, rules):
    shades = re.findall(rules + r"\.s[34]::before { opacity: (\.\d+); }", SHEET, re.MULTILINE)
    assert len(shades) == 2
    card, limb, ink = (_channels(theme[name]) for name in ("card", "limb", "ink"))
    for shade in map(float, shades):
        ground = [c + (over - c) * shade for c, over in zip(card, limb, strict=True)]
        low, high = sorted((_luminance(ground), _luminance(ink)))
        assert (high + 0.05) / (low + 0.05) >= 4.5


def _channels(colour):
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def _luminance(channels):
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
