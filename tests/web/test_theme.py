import json

import pytest


def theme(answer):
    head = answer.text.partition("<head>")[0]
    return "night" if 'data-theme="night"' in head else ""


def at_night(bedroom):
    bedroom.clock.advance(3 * 3600.0)  # it was eight in the evening


def get(bedroom, path, chosen):
    browser = bedroom.app.test_client(use_cookies=False)
    headers = {"Cookie": f"theme={chosen}"}
    return browser.get(path, base_url="http://localhost", headers=headers)


@pytest.mark.parametrize("path", ["/live", "/placing"])
def test_by_night_the_page_is_red_by_itself(bedroom, path):
    by_day = theme(bedroom.get(path))
    at_night(bedroom)

    assert (by_day, theme(bedroom.get(path))) == ("", "night")
    assert theme(get(bedroom, path, "day")) == ""


@pytest.mark.parametrize("path", ["/", "/more", "/nothing"])
def test_other_pages_are_red_on_wish_alone(bedroom, path):
    at_night(bedroom)

    assert theme(bedroom.get(path)) == ""
    assert theme(get(bedroom, path, "auto")) == ""
    assert theme(get(bedroom, path, "night")) == "night"


def test_a_page_that_is_kept_is_kept_in_both_colours(rested):
    plain, red = rested.get("/"), get(rested, "/", "night")

    assert (theme(plain), theme(red)) == ("", "night")
    assert (theme(rested.get("/")), theme(get(rested, "/", "night"))) == ("", "night")
    assert plain.headers["ETag"] != red.headers["ETag"]


def test_while_the_time_is_not_known_no_page_turns_red(bedroom):
    at_night(bedroom)
    bedroom.clock.step_wall(0.0, known=False)

    assert theme(bedroom.get("/live")) == ""


def test_the_script_is_told_when_night_begins(bedroom):
    before = json.loads(bedroom.get("/api/live").data)["said"]["night"]
    at_night(bedroom)

    assert before is False
    assert json.loads(bedroom.get("/api/live").data)["said"]["night"] is True


def test_a_choice_is_kept_in_the_browser(bedroom):
    answer = bedroom.post("/theme", theme="night", back="/live")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/live")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("theme=night;")
    assert "SameSite=Lax" in cookie
    assert "HttpOnly" in cookie


def test_the_page_shows_the_choice(bedroom):
    page = get(bedroom, "/live", "night").text

    assert 'value="night" aria-pressed="true">Always' in page
    assert page.count('aria-pressed="true">') == 1


@pytest.mark.parametrize(
    "form",
    [
        {"theme": "pink"},
        {},
        {"theme": "night", "back": "//elsewhere.org"},
        {"theme": "night", "back": "https://elsewhere.org"},
        {"theme": "night", "back": "/live\r\nSet-Cookie: x=y"},
        {"theme": "night", "back": "live"},
    ],
)
def test_what_makes_no_sense_is_refused(bedroom, form):
    answer = bedroom.post("/theme", **form)

    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


def test_strange_cookies_are_no_choice(bedroom):
    assert theme(get(bedroom, "/live", "<script>")) == ""
