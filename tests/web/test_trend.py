"""The trend over weeks, and over the hours of the night."""

import re
from datetime import date, timedelta

import pytest

from bedside.nights.measures import RATES


def words(answer):
    text = re.sub(r"<[^>]+>", " ", answer.text.replace("\xa0", " "))
    return re.sub(r"\s+", " ", text)


def test_without_nights_there_is_a_sentence_and_no_drawing(bedroom):
    answer = bedroom.get("/nights/trend")

    assert answer.status_code == 200
    assert "no night was slept and recorded well enough" in words(answer)
    assert 'class="chart' not in answer.text


@pytest.mark.parametrize("count", [1, 2])
def test_one_night_and_two_are_drawn_and_no_trend_is_told(bedroom, count):
    for number in range(count + 1):
        bedroom.sleep(date(2026, 11, 14 + number))
    bedroom.sum_up()
    answer = bedroom.get("/nights/trend")

    assert "too few to speak of a trend" in words(answer)
    assert 'class="dots"' in answer.text


@pytest.mark.parametrize("kind", RATES)
@pytest.mark.parametrize("weeks", [1, 4, 12, 52, 520])
def test_every_kind_and_span(rested, kind, weeks):
    answer = rested.get(f"/nights/trend?kind={kind}&weeks={weeks}")

    assert answer.status_code == 200
    assert "too few to speak of a trend" in words(answer)
    assert answer.text.count('role="img"') == (1 if kind == "periodic" else 2)
    assert answer.text.count("<details>") == answer.text.count('role="img"'), "a table for each"


def test_the_table_says_what_the_drawing_shows(rested):
    answer = rested.get("/nights/trend?kind=jerk&weeks=4")
    rows = re.findall(r'href="/night/([\d-]+)">[^<]+</a></th><td>([\d.]+)<', answer.text)

    assert [day for day, _rate in rows] == [f"2026-11-{day}" for day in range(21, 13, -1)]
    for day, rate in rows:
        night = rested.nights.night(date.fromisoformat(day))
        assert float(rate) == pytest.approx(night.counts["jerk"].asleep_per_hour, abs=0.051)


def test_the_hours_are_those_of_the_wall(rested):
    answer = rested.get("/nights/trend?weeks=1")
    rows = re.findall(r'<th scope="row">(\d+)–(\d+)</th>', answer.text)

    assert rows[0] == ("22", "23")
    assert ("23", "0") in rows
    assert [int(a) for a, _b in rows] == [22, 23, 0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        *((f"weeks={text}", "Name the weeks by a number") for text in
          ("0", "-1", "521", "1.5", "four", "", "１２", "9" * 5000, "1&weeks=2", "%00", "1e2")),
        *((f"kind={text}", "Name one of these: all, jerk") for text in
          ("", "JERK", "hypnic", "<b>", "jerk&kind=turn", "x" * 5000, "__class__")),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(rested, query, said):
    answer = rested.get(f"/nights/trend?{query}")

    assert answer.status_code == 400
    assert said in words(answer)
    assert "<b>" not in answer.text.partition("<main")[2].replace("<b>bedside", "")


def test_a_night_that_goes_on_is_in_no_trend(bedroom):
    bedroom.sleep(date(2026, 11, 14), hours=5.0)

    assert "no night was slept" in words(bedroom.get("/nights/trend"))


def test_nights_of_a_former_summer_time_are_drawn(bedroom):
    bedroom.clock.advance(133 * 86400.0)
    for number in range(5):
        bedroom.sleep(date(2027, 3, 27) + timedelta(number))
    bedroom.sum_up()
    answer = bedroom.get("/nights/trend?weeks=1")

    assert answer.status_code == 200
    assert ("2", "3") in re.findall(r'<th scope="row">(\d+)–(\d+)</th>', answer.text)
