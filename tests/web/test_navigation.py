import pytest

from bedside.bench.pages import PAGES, first_event
from bedside.web.navigation import PLACES, tabs


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", {"/": "page"}),
        ("/night/2026-11-21", {"/": "true"}),
        ("/night/2026-11-21/events", {"/": "true"}),
        ("/nights", {"/nights": "page"}),
        ("/nights/trend", {"/nights": "true"}),
        ("/settings", {"/more": "true"}),
        ("/live", {"/live": "page"}),
        ("/nothing", {}),
    ],
)
def test_one_sees_where_one_is(path, current):
    assert {tab.address: tab.current for tab in tabs(path) if tab.current} == current


def test_every_tab_has_a_word_and_a_drawing():
    assert all(tab.label and tab.icon.startswith("<svg") for tab in tabs("/"))


def test_what_is_behind_more_leads_back_to_it():
    for place in PLACES:
        assert [tab.address for tab in tabs(place.address) if tab.current] == ["/more"]


# What is no page to look at: files, redirects, and the door, which stands open on this machine.
NO_PAGE = {"/manifest.webmanifest", "/night/<day_text>/events.csv", "/work/<int:number>/file",
           "/login"}  # fmt: skip


def test_no_page_is_left_out_of_the_walk(rested):
    rules = rested.app.url_map
    walked = rules.bind("localhost")
    addresses = [each.address.format(day="2026-11-21", event="1-1-jerk") for each in PAGES]
    found = {str(walked.match(each.partition("?")[0], return_rule=True)[0]) for each in addresses}
    pages = {
        str(rule)
        for rule in rules.iter_rules()
        if "GET" in rule.methods and not str(rule).startswith(("/api/", "/static/"))
    }

    assert pages - found == NO_PAGE
    assert len({each.name for each in PAGES}) == len(PAGES)


def test_an_event_to_look_at_is_found(rested):
    assert first_event(rested.get("/night/2026-11-21/events").text) != "none"
    assert first_event("<p>nothing moved</p>") == "none"
