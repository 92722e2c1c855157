import json
import re

import pytest

from bedside.pipeline.listener import PresenceChange


@pytest.fixture
def lamp(bedroom):
    """Give a bedroom with its lamp ready, by day unless somebody waits."""
    bedroom.light.step()
    return bedroom


def late(bedroom, hours=3.0):
    """Let it be night: the ceiling has come down."""
    bedroom.clock.advance(3600.0 * hours)
    for _ in range(20):
        bedroom.light.step()
        bedroom.clock.advance(1.0)


def settle(bedroom, seconds=3.0):
    for _ in range(round(seconds / 0.05)):
        bedroom.light.step()
        bedroom.clock.advance(0.05)


def says(bedroom):
    page = bedroom.get("/live").text
    found = re.search(r'id="light-says">(.*?)</p>', page, re.DOTALL).group(1)
    return found.replace("\N{NO-BREAK SPACE}", " ")


def remembered(bedroom):
    bedroom.store.flush()
    window = bedroom.nights.window(bedroom.nights.current())
    return bedroom.store.recorded(*window).light


def test_a_form_sets_the_light(lamp):
    answer = lamp.post("/light", do="set", level="50")
    settle(lamp)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/live#light")
    assert lamp.light.now.level == pytest.approx(0.5)
    assert lamp.pins.pwm[18].duty == pytest.approx(0.184, abs=0.01)
    assert says(lamp) == "On at 50 %: set by phone. Nothing else changes it until 20:30."


def test_the_slider_alone_sets_it_too(lamp):
    assert lamp.post("/light", level="7").status_code == 303
    assert lamp.light.now.target == pytest.approx(0.07)


def test_it_is_written_down_that_it_was_the_phone(lamp):
    lamp.clock.advance(1.0)
    lamp.post("/light", level="10")
    lamp.clock.advance(60.0)
    lamp.post("/light", do="off")
    lamp.clock.advance(60.0)

    changes = remembered(lamp)

    assert [(change.level, change.cause) for change in changes[-2:]] == [
        (0.1, "phone"),
        (0.0, "phone"),
    ]


def test_on_and_off(lamp):
    lamp.post("/light", do="on")
    lit = lamp.light.now.target
    page = lamp.get("/live").text
    lamp.clock.advance(0.3)
    lamp.post("/light", do="off")

    assert lit == lamp.light.usual == 0.15
    assert 'value="off">Turn off</button>' in page
    assert lamp.light.now.target == 0.0
    assert says(lamp) == "Off. Nothing else changes it until 20:30."


def test_held_off_for_the_night(lamp):
    lamp.post("/light", do="night")
    settle(lamp)

    assert says(lamp) == "Off for the night: only a hand or the sunrise lights it until 06:00."
    lamp.clock.advance(1.0)
    lamp.post("/light", do="auto")
    settle(lamp)
    assert lamp.light.now.held_off_s == 0.0
    assert says(lamp) == "Off."


def test_at_night_no_more_is_granted_than_the_ceiling(lamp):
    late(lamp)

    answer = lamp.post("/api/light", level="80")

    assert json.loads(answer.data)["granted"] == 20
    assert lamp.light.now.target == pytest.approx(0.2)
    assert "At this time of night it is never brighter than 20 %." in says(lamp)
    assert 'max="20"' in lamp.get("/live").text


def test_the_cause_that_lit_it_is_told(lamp):
    late(lamp)
    lamp.light.on_presence(PresenceChange(lamp.clock.monotonic() - 9.0, True))
    lamp.light.on_presence(PresenceChange(lamp.clock.monotonic(), False))

    assert says(lamp).startswith("On at 8 %: it lights the way.")


def test_a_script_is_answered_with_what_was_granted(lamp):
    answer = lamp.post("/api/light", do="set", level="33")

    assert json.loads(answer.data) == {
        "granted": 33,
        "level": 33,
        "says": "On at 33 %: set by phone. Nothing else changes it until 20:30.",
    }


@pytest.mark.parametrize("order", [{"level": "5"}, {"do": "night"}, {"do": "auto"}, {"do": "on"}])
def test_without_a_lamp_it_is_said_calmly(bedroom, order):
    page, script = bedroom.post("/light", **order), bedroom.post("/api/light", **order)

    assert page.status_code == script.status_code == 424
    assert "The light cannot be set now" in page.text
    assert "The light is not lit yet: it has just started." in json.loads(script.data)["error"]
    assert "The light is not lit yet" in bedroom.get("/live").text
    assert 'id="level"' not in bedroom.get("/live").text


@pytest.mark.parametrize(
    "order",
    [
        {"level": "101"},
        {"level": "-1"},
        {"level": "1.5"},
        {"level": "٣"},
        {"level": ""},
        {"level": "1e1"},
        {"level": "9" * 5000},
        {"do": "burn"},
        {"do": "set"},
        {},
    ],
)
def test_what_makes_no_sense_is_refused(lamp, order):
    assert lamp.post("/light", **order).status_code == 400
    assert lamp.post("/api/light", **order).status_code == 400
    assert lamp.light.now.target == 0.0


@pytest.mark.parametrize("path", ["/light", "/api/light"])
def test_only_our_own_pages_may(lamp, path):
    assert lamp.post(path, csrf=False, level="5").status_code == 403
    assert lamp.get(path).status_code == 405
    assert lamp.light.now.target == 0.0


def test_while_the_time_is_not_known_it_may_be_night(lamp):
    lamp.clock.step_wall(0.0, known=False)
    late(lamp, 0.0)
    lamp.post("/light", level="60")

    assert says(lamp) == (
        "On at 20 %: set by phone. Nothing else changes it for 30 min. "
        "At this time of night it is never brighter than 20 %."
    )


def test_the_page_after_a_change_tells_the_change_at_once(bedroom):
    bedroom.light.step()
    bedroom.get("/live")
    bedroom.post("/light", do="on")

    assert "On at 15" in bedroom.get("/live").text.replace("\N{NO-BREAK SPACE}", " ")
