"""Several nights side by side."""

import re
from datetime import date

import pytest

from bedside.nights import days
from bedside.pipeline.words.english import duration
from bedside.web.side_by_side import Row


def words(answer):
    text = re.sub(r"<[^>]+>", " ", answer.text.replace("\xa0", " "))
    return re.sub(r"\s+", " ", text)


def shown(answer):
    return re.findall(r'<tr><th scope="row"><a href="/night/([\d-]+)"', answer.text)


def test_without_nights_it_says_so(bedroom):
    answer = bedroom.get("/nights/compare")

    assert answer.status_code == 200
    assert "No night has been recorded yet." in words(answer)


def test_one_night_is_shown_and_called_one(bedroom):
    bedroom.sleep(date(2026, 11, 14))
    answer = bedroom.get("/nights/compare")

    assert shown(answer) == ["2026-11-14"]
    assert "There is one night so far" in words(answer)


def test_the_last_seven_are_shown_unless_others_are_named(rested):
    answer = rested.get("/nights/compare")

    assert shown(answer) == [f"2026-11-{day}" for day in range(15, 22)]
    assert "One of them says little" in words(answer)
    named = rested.get("/nights/compare?night=2026-11-20&night=2026-11-15&night=2026-11-15")
    assert shown(named) == ["2026-11-15", "2026-11-20"]


def test_figures_are_those_of_the_nights(rested):
    answer = words(rested.get("/nights/compare?night=2026-11-20&night=2026-11-15"))
    night = rested.nights.night(date(2026, 11, 20))

    assert f"{night.counts['jerk'].asleep_per_hour:.1f}" in answer
    assert duration(night.tst_s) in answer


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("night=2026-11-20", "Choose at least two nights."),
        ("night=2026-11-20&night=2026-11-20", "Choose at least two nights."),
        ("&".join(f"night=2026-11-{day}" for day in range(14, 22)), "Choose at most 7 nights."),
    ],
)
def test_too_few_or_too_many_is_told_on_the_page_itself(rested, query, said):
    answer = rested.get(f"/nights/compare?{query}")

    assert answer.status_code == 400
    assert said in words(answer)
    assert len(shown(answer)) == 7


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("night=", 400), ("night=2026-11-31", 400), ("night=2026-11-20&night=x", 400),
        ("night=%00", 400), ("night=<script>alert(1)</script>", 400),
        ("night=2026-11-20&night=2020-01-01", 404), ("night=0001-01-01&night=9999-12-31", 404),
        ("&".join(["night=2026-11-20"] * 400), 400), ("nights=2026-11-20", 200),
    ],
)  # fmt: skip
def test_strange_nights(rested, query, status):
    answer = rested.get(f"/nights/compare?{query}")

    assert answer.status_code == status
    assert "<script>alert" not in answer.text


def test_a_night_that_goes_on_and_an_empty_bed_are_named(bedroom):
    bedroom.sleep(date(2026, 11, 14))
    bedroom.clock.advance(4 * 3600.0)
    bedroom.sleep(date(2026, 11, 15), hours=4.0)

    assert "still going on" in words(bedroom.get("/nights/compare"))


def test_strips_stand_on_the_clock_of_the_wall(bedroom):
    """Eight hours in bed each; in the first night the clock skips one of them."""
    bedroom.clock.advance(133 * 86400.0)
    zone, places = bedroom.nights.zone, []
    for evening in (date(2027, 3, 27), date(2027, 3, 28)):
        bedroom.sleep(evening)
        night = bedroom.nights.night(evening)
        seams = days.offsets(bedroom.nights.window(evening), zone)
        row = Row(evening, "", night, seams)
        places.append((row.since_noon(night.bounds.start_s), row.since_noon(night.bounds.end_s)))

    assert places == [(10.5 * 3600.0, 19.5 * 3600.0), (11.5 * 3600.0, 19.5 * 3600.0)]
    assert "The clocks changed in the night of" in words(bedroom.get("/nights/compare"))


def test_what_the_diary_says_stands_below(rested):
    rested.post("/night/2026-11-18/tags", tag="coffee", own="<i>late</i> soup")
    answer = rested.get("/nights/compare")
    rested.store.keep_diary("2026-11-18", [])
    rested.store.flush()

    assert "coffee" in words(answer)
    assert "&lt;i&gt;late&lt;/i&gt; soup" in answer.text
