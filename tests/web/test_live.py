import json
import re
from dataclasses import replace

import numpy as np
import pytest

from bedside.climate import Room
from bedside.pipeline.listener import Heard, Now, PresenceChange
from bedside.pipeline.movements import Movement
from bedside.pipeline.samples import Block
from bedside.web.live import packed
from bedside.web.livestrip import FOOT, SHOWN_S


@pytest.fixture
def lain(bedroom):
    """Give a bedroom in which somebody has lain still for a minute, and turned once."""
    pour(bedroom, 60.0)
    bedroom.health.note("sensor", "mpu6050 at 0x68")
    bedroom.heard = Now(present=True, breaths_per_min=14.2)
    turned_s = bedroom.clock.monotonic() - 30.0
    bedroom.live.take(
        Heard(
            movements=[Movement(turned_s, turned_s + 3.0, "turn", 90.0, 1.0, 20.0)],
            presence=[PresenceChange(turned_s - 7200.0, True)],
        )
    )
    bedroom.light.step()
    return bedroom


def pour(bedroom, seconds, gap=False):
    """Let samples come for some time; 80 mg in the middle of it."""
    clock, n = bedroom.clock, round(100 * seconds)
    noise = np.random.default_rng(1).standard_normal((n, 3)) * 0.001 + [0.0, 0.0, 1.0]
    noise[n // 2 :, 0] += 0.08 * np.sin(np.arange(n - n // 2) * 0.4) * (np.arange(n - n // 2) < 50)
    t = clock.monotonic() + np.arange(1, n + 1) / 100.0
    for first in range(0, n, 43):
        part = slice(first, first + 43)
        bedroom.live.hear(Block(t[part], np.float32(noise[part]), gap and not first), 100.0)
    clock.advance(seconds)
    bedroom.health.beat("samples")


def asked(bedroom, query=""):
    return json.loads(bedroom.get(f"/api/live{query}").data)


def text(answer):
    body = re.sub(r"<(script|style|svg).*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_page_says_it_all_without_a_script(lain):
    lain.room = Room(19.4, 45.0, 5.0, "comfortable")

    answer = lain.get("/live")

    assert answer.status_code == 200
    told = text(answer)
    for words in (
        "In bed Since 18:00; about 14 breaths a minute.",
        "Heard a moment ago",
        "Strongest in the last minute: ",
        "Off. Brightness 0 % Set Turn on",
        "19.4 °C, comfortable, 45 % humidity.",
        "Turn, 90 mg",
    ):
        assert words in told
    assert '<noscript><meta http-equiv="refresh"' in answer.text
    assert 'class="swing" d="M' in answer.text


def test_before_anything_was_heard(bedroom):
    told = text(bedroom.get("/live"))

    assert "Starting Looking for the sensor." in told
    assert "Nothing heard yet" in told
    assert "Nothing has been heard in the last minute." in told
    assert "No thermometer has been heard." in told
    assert asked(bedroom)["slots"] == []
    assert asked(bedroom)["age_s"] is None


def test_an_empty_bed(lain):
    lain.heard = Now(present=False)
    lain.live.take(Heard(presence=[PresenceChange(lain.clock.monotonic() - 600.0, False)]))

    assert "The bed is empty Since 19:51." in text(lain.get("/live"))


def test_who_is_in_bed_may_not_be_known_yet(lain):
    lain.heard = Now()

    assert "Listening Who is in bed is known after half a minute." in text(lain.get("/live"))


def test_a_silent_sensor_is_told_with_the_time(lain):
    lain.clock.advance(200.0)
    lain.health.raise_fault("sensor", "the chip is gone: look at the plug")

    told = text(lain.get("/live"))

    assert "No answer from the sensor The sensor is not answering since 20:01." in told
    assert "Heard 3 min ago" in told
    assert "The chip is gone: look at the plug." in told
    assert asked(lain)["age_s"] == 200.0


def test_a_sensor_that_only_falls_silent(lain):
    lain.clock.advance(6.0)

    assert asked(lain)["said"]["state"] == "silent"


def test_while_the_time_is_not_known_nothing_is_told_by_it(lain):
    lain.clock.step_wall(0.0, known=False)

    told = text(lain.get("/live"))

    assert "In bed For 2 h 0 min; about 14 breaths a minute." in told
    assert "just now Turn, 90 mg" in told


@pytest.mark.parametrize(
    ("room", "said"),
    [
        (Room(), "No thermometer has been heard."),
        (Room(age_s=700.0), "Not known: the last reading is 11 min old."),
        (Room(23.04, None, 5.0, "warm"), "23.0 °C, warm; 18 to 21 °C is comfortable."),
        (
            Room(16.0, 60.0, 5.0, "cool"),
            "16.0 °C, cool, 60 % humidity; 18 to 21 °C is comfortable.",
        ),
    ],
)
def test_the_room_against_its_band(lain, room, said):
    lain.room = room

    assert said in text(lain.get("/live"))


def test_one_is_told_what_is_new_and_no_more(lain):
    first = asked(lain)
    pour(lain, 1.0)

    second = asked(lain, f"?since={first['seq']}&board={first['board']}")

    assert first["said"]["head"] == "In bed"
    assert len(first["slots"]) == 299
    assert len(second["slots"]) == second["seq"] - first["seq"] == 5
    assert "said" not in second
    assert second["slots"][0][0] > first["slots"][-1][0]
    assert second["t_s"] == pytest.approx(second["slots"][-1][0], abs=0.3)


def test_a_poll_is_small(lain):
    first = asked(lain)
    pour(lain, 1.0)

    answer = lain.get(f"/api/live?since={first['seq']}&board={first['board']}")

    assert len(answer.data) < 400
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_board_comes_again_when_it_has_changed(lain):
    first = asked(lain)
    lain.heard = replace(lain.heard, present=False)
    lain.clock.advance(0.3)

    second = asked(lain, f"?since={first['seq']}&board={first['board']}")

    assert second["said"]["head"] == "The bed is empty"
    assert second["board"] != first["board"]


@pytest.mark.parametrize("since", ["x", "-1", "1.5", "9" * 13, "", "%00", "1 2"])
def test_a_number_that_is_none_is_refused(bedroom, since):
    assert bedroom.get(f"/api/live?since={since}").status_code == 400


def test_a_number_of_another_run_gets_everything(lain):
    assert len(asked(lain, "?since=999999")["slots"]) == 299


def test_many_phones_are_told_to_ask_less_often(bedroom):
    told = []
    for _ in range(400):  # 100 a second
        told.append(asked(bedroom)["again_s"])
        bedroom.clock.advance(0.01)

    assert told[0] == 0.5
    assert told[-1] == pytest.approx(0.5 * 100 / 30, rel=0.1)


def test_sentences_are_set_as_the_reader_writes_numbers(lain):
    lain.room = Room(19.4, 45.0, 5.0, "comfortable")

    answer = lain.get("/api/live", Accept_Language="de")

    assert "19,4\N{NO-BREAK SPACE}°C" in json.loads(answer.data)["said"]["room"]


def test_the_page_can_only_be_read(bedroom):
    assert bedroom.post("/live").status_code == 405


def test_gaps_are_gaps_in_the_drawing(lain):
    lain.clock.advance(2.0)
    pour(lain, 5.0, gap=True)

    drawn = re.search(r'class="swing" d="([^"]*)"', lain.get("/live").text).group(1)

    assert drawn.count("M") == drawn.count("Z") == 2
    assert f"V{FOOT:g}Z" in drawn


def test_the_script_draws_as_the_server_does(bedroom):
    page = bedroom.get("/live").text
    address = re.search(r'src="(/static/live\.js[^"]*)"', page).group(1)

    script = bedroom.get(address).text

    assert f"SHOWN_S = {SHOWN_S:g}" in script
    assert f"FOOT = {FOOT:g}," in script


def test_slots_travel_in_few_bytes(lain):
    slot = lain.live.slots()[-1]

    assert len(json.dumps(packed(slot))) < 50
    assert packed(slot)[0] == pytest.approx(slot.t_s, abs=0.005)
