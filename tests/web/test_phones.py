"""The list of who was let in."""

import pytest

from bedside.web.phones import kind_of

AGENTS = {
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML)"
    " Version/18.1 Mobile/15E148 Safari/604.1": "Safari on iPhone",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML)"
    " CriOS/130.0 Mobile/15E148 Safari/604.1": "Chrome on iPhone",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0"
    " Mobile Safari/537.36": "Chrome on Android",
    "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko)"
    " SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36": "Samsung Internet on Android",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0": "Edge on Windows",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0": "Firefox on Linux",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.0 Safari/605.1.15": "Safari on Mac",
    "curl/8.5": "a browser",
    "": "a browser",
    "<script>alert(1)</script>": "a browser",
}  # fmt: skip


@pytest.mark.parametrize(("agent", "kind"), AGENTS.items(), ids=AGENTS.values())
def test_a_phone_is_named_by_what_it_says(agent, kind):
    assert kind_of(agent) == kind


def test_a_long_story_is_not_read():
    assert kind_of("x" * 1_000_000 + "Firefox/1") == "a browser"


@pytest.fixture
def two(bedroom, phone):
    """Two phones that were let in, the later one a day after the first."""
    made = phone(), phone("192.168.1.8")
    for each in made:
        each.follow(bedroom.access.invite())
        bedroom.clock.advance(86_400.0)
    return made


def test_they_are_listed_with_the_day_and_which_is_this_one(two):
    page = two[0].get("/phones").text

    assert page.count("Let in 14 Nov 2026, by link") == 1
    assert page.count("Let in 15 Nov 2026, by link") == 1
    assert page.count("this one") == 1
    assert page.count("Log out") == 1
    assert page.count("Show out<") == 1


def test_the_time_is_left_out_while_it_is_not_known(bedroom, phone):
    bedroom.clock.step_wall(-1e9, known=False)
    made = phone()
    made.follow(bedroom.access.invite())
    bedroom.clock.step_wall(1e9, known=True)

    page = made.get("/phones").text

    assert "Let in " not in page.partition("<ul")[2].partition("</ul>")[0]


def test_one_shows_out_another(bedroom, two):
    other = next(s for s in bedroom.access.sessions() if s.id == 2)

    answer = two[0].post("/phones", shown_on="/phones", out=str(other.id))

    assert answer.headers["Location"] == "/phones"
    assert two[1].get("/").status_code == 303
    assert two[0].get("/").status_code == 200


def test_one_shows_out_all_others(bedroom, two, phone):
    third = phone("192.168.1.9")
    third.follow(bedroom.access.invite())

    two[0].post("/phones", shown_on="/phones", out="others")

    assert [each.get("/").status_code for each in (*two, third)] == [200, 303, 303]


def test_the_device_shows_out_any(bedroom, two):
    assert "needs no login" in bedroom.get("/phones").text

    assert bedroom.post("/phones", out="others").status_code == 303

    assert bedroom.access.sessions() == []
    assert "No phone has been let in" in bedroom.get("/phones").text


def test_showing_oneself_out_takes_the_cookie_back(bedroom, two):
    answer = two[0].post("/phones", shown_on="/phones", out="1")

    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert two[0].get("/").status_code == 303


@pytest.mark.parametrize("which", ["", "x", "-1", "1.5", "9" * 30, "٣", "all", "1 OR 1=1"])
def test_nonsense_shows_out_nobody(bedroom, two, which):
    assert two[0].post("/phones", shown_on="/phones", out=which).status_code == 400
    assert len(bedroom.access.sessions()) == 2


def test_nobody_is_shown_out_from_elsewhere(bedroom, two):
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = two[0].post("/phones", shown_on="/phones", headers=headers, out="others")
        assert answer.status_code == 403
    assert len(bedroom.access.sessions()) == 2


def test_the_way_back_in_is_told(two):
    page = two[0].get("/phones").text

    assert "bedside pair" in page
    assert "bedside password" in page
