import json
import re

import numpy as np
import pytest

from bedside.live.breath import Breath
from bedside.live.placing import Lie, Placing
from bedside.pipeline.samples import Block
from bedside.web.placing import bar, tell

FLAT = Lie("flat", 1.0, 0.0)


@pytest.fixture
def lies(bedroom):
    """Give a bedroom whose sensor has lain still for some seconds."""
    rng, t = np.random.default_rng(1), bedroom.clock.monotonic() + np.arange(1, 1001) / 100.0
    xyz = rng.standard_normal((1000, 3)) * 0.001 + [0.0, 0.0, -1.0]
    bedroom.live.hear(Block(t, np.float32(xyz)), 100.0)
    bedroom.clock.advance(10.0)
    bedroom.health.beat("samples")
    return bedroom


def said(placing):
    return {step.step: (step.state, step.say) for step in tell(placing)}


def test_the_page_guides_without_a_script(lies):
    page = lies.get("/placing").text

    assert "It lies upside down. Any way is right, as long as it stays so." in page
    assert re.findall(r'<li class="(\w+)"', page) == ["done", "done", "now", "later", "later"]
    assert page.count('aria-current="step"') == 1
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page


def test_before_there_is_a_sensor(bedroom):
    page = bedroom.get("/placing").text

    assert re.findall(r'<li class="(\w+)"', page)[0] == "now"
    assert "It is not answering." in page


def test_the_script_is_told_the_same_in_few_bytes(lies):
    answer = lies.get("/api/placing")
    told = json.loads(answer.data)

    assert told["step"] == "tap"
    assert [state for state, _ in told["steps"]] == ["done", "done", "now", "later", "later"]
    assert len(told["bars"]) == 10
    assert len(answer.data) < 1000
    assert json.loads(lies.get(f"/api/placing?since={told['seq']}").data)["bars"] == []


@pytest.mark.parametrize("since", ["x", "-1", "9" * 13])
def test_a_number_that_is_none_is_refused(bedroom, since):
    assert bedroom.get(f"/api/placing?since={since}").status_code == 400


def test_the_cable_is_judged_meanwhile():
    well, ill = Placing("tap", lie=FLAT), Placing("tap", lie=FLAT, bus_errors=3, gaps=1)

    assert said(well)["sensor"] == ("done", "No errors on the cable in the last two minutes.")
    assert "three failed transfers and one lost stretch" in said(ill)["sensor"][1]


def test_a_sensor_in_the_hand():
    state, words = said(Placing("lies", lie=Lie("", 1.0, 0.0)))["lies"]

    assert state == "now"
    assert "let go of it" in words


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        (Lie("on its side", 1.02, 0.3), "It lies on its side. Any way is right"),
        (Lie("flat", 1.0, 8.4), "It has turned by 8° since: see that it cannot slide."),
        (Lie("flat", 0.5, 0.0), "It feels 0.50 g of gravity where 1 is right"),
    ],
)
def test_how_it_lies(lie, words):
    assert words in said(Placing("tap", lie=lie))["lies"][1]


@pytest.mark.parametrize(
    ("taps", "words"),
    [
        ((), "With a flat hand"),
        ((40.2,), "Felt once, 40 times as strong as the quiet. 2 more."),
        ((40.2, 30.0, 35.0), "Felt three times, 40 times as strong as the quiet: good."),
        ((5.0, 4.0, 4.2), "5 times as strong as the quiet: weak. Move it nearer"),
    ],
)
def test_taps(taps, words):
    step = "still" if len(taps) >= 3 else "tap"

    assert words in said(Placing(step, lie=FLAT, taps=taps))["tap"][1]


@pytest.mark.parametrize(
    ("breath", "words"),
    [
        (Breath(None), "Breathe as always. About 14 s more."),
        (Breath("good", 14.2, 2.0), "I can feel you breathe, 14 a minute: good."),
        (Breath("weak", 13.8, 0.7), "I can feel you breathe, 14 a minute: weak."),
        (Breath("none", None, 0.1), "I cannot feel you breathe."),
    ],
)
def test_breathing(breath, words):
    step = "leave" if breath.grade == "good" else "still"

    told = said(Placing(step, lie=FLAT, taps=(40.0,) * 3, still_s=8.0, breath=breath))

    assert words in told["still"][1]
    assert told["leave"][0] == ("now" if step == "leave" else "later")
    assert bool(told["leave"][1]) == (step == "leave")


def test_whoever_breathes_need_not_tap():
    told = said(Placing("leave", lie=FLAT, breath=Breath("good", 14.0, 2.0)))

    assert told["tap"] == ("done", "Not needed: you are felt to breathe.")


def test_the_bar_shows_how_far_a_push_stands_out():
    assert [bar(mg, 2.0) for mg in (0.0, 2.0, 20.0, 200.0, 2e6)] == [0, 0, 50, 100, 100]
    assert bar(1.0, 0.0) == 0
