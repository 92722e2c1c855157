"""Tonight and the guide for placing, in a real Chromium, while things happen."""

import threading

import numpy as np
import pytest

from bedside.pipeline.samples import Block
from bedside.web import WebSettings
from bedside.web.serve import Server

HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""

pytestmark = pytest.mark.browser


class Night:
    """A bedroom at work: the page is served, the light fades, samples come when told to."""

    def __init__(self, bedroom):
        self.bedroom, self.clock = bedroom, bedroom.clock
        self.clock.go_live()
        self._stop, self._stop_light = threading.Event(), threading.Event()
        self.server = Server(bedroom.app, WebSettings(port=0))
        self._serving = threading.Thread(target=self.server.run, args=(self._stop,))
        self._lighting = threading.Thread(target=bedroom.light.run, args=(self._stop_light,))
        self._serving.start()
        self._lighting.start()

    def feel(self, seconds, taps=()):
        """Let samples come that end now."""
        n = round(100 * seconds)
        t = self.clock.monotonic() - seconds + np.arange(1, n + 1) / 100.0
        xyz = np.random.default_rng(1).standard_normal((n, 3)) * 0.001 + [0.0, 0.0, 1.0]
        for at in taps:
            since = np.maximum(np.arange(n) / 100.0 - at, 0.0)
            xyz[:, 2] += 0.1 * np.exp(-since / 0.1) * np.sin(44.0 * since)
        self.bedroom.live.hear(Block(t, np.float32(xyz)), 100.0)
        self.bedroom.health.beat("samples")

    def stop_serving(self):
        self._stop.set()
        self._serving.join(10)

    def end(self):
        self.stop_serving()
        self._stop_light.set()
        self._lighting.join(10)


@pytest.fixture
def night(bedroom):
    night = Night(bedroom)
    yield night
    night.end()


@pytest.fixture
def open_page(chromium, night):
    """Open a page; what it asked for and complained of is kept."""
    contexts = []

    def go(path, **options):
        contexts.append(chromium.new_context(viewport={"width": 360, "height": 740}, **options))
        page = contexts[-1].new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(night.server.url + path)
        return page

    yield go
    for context in contexts:
        context.close()


def polls(page):
    return sum("/api/live" in url for url in page.asked)


def says(page, name, words, timeout=10_000):
    page.wait_for_function(
        "([name, words]) => document.getElementById(name).textContent.includes(words)",
        arg=[name, words],
        timeout=timeout,
    )


def test_what_comes_is_drawn_and_said(open_page, night):
    night.feel(20.0)
    page = open_page("live")
    says(page, "summary", "Quiet for the last minute.")
    before = page.locator(".swing").get_attribute("d")

    night.feel(3.0, taps=[1.0])
    says(page, "summary", "Strongest in the last minute: ")

    assert page.locator(".swing").get_attribute("d") != before
    assert page.complaints == []


def test_the_age_counts_up_and_a_device_that_is_gone_is_told_in_big_words(open_page, night):
    night.feel(20.0)
    page = open_page("live")
    says(page, "age", "a moment ago")
    assert not page.locator("#lost").is_visible()

    night.stop_serving()

    page.locator("#lost").wait_for(state="visible")
    says(page, "lost-for", "for 5 s now.")
    says(page, "age", "Heard ")
    assert page.locator("#lost").inner_text().startswith("The device does not answer")
    asked = polls(page)
    says(page, "lost-for", "for 8 s now.")
    assert polls(page) - asked <= 2  # it asks ever more seldom


def test_a_sensor_that_falls_silent_ages_by_itself(open_page, night):
    night.feel(20.0)
    page = open_page("live")
    says(page, "age", "Heard 3 s ago")
    says(page, "head", "No answer from the sensor")

    assert not page.locator("#lost").is_visible()


def test_nobody_is_asked_while_nobody_looks(open_page, night):
    night.feel(20.0)
    page = open_page("live")
    page.wait_for_function("() => performance.getEntriesByType('resource').length > 6")
    page.evaluate(HIDE, True)
    asked = polls(page)

    page.evaluate("new Promise(done => setTimeout(done, 2000))")
    assert polls(page) <= asked + 1  # one may have been on its way
    page.evaluate(HIDE, False)
    with page.expect_request("**/api/live*"):
        pass


def test_a_dragged_slider_moves_the_light_and_its_last_place_wins(open_page, night):
    night.feel(20.0)
    page, sent = open_page("live"), []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    box = page.locator("#level").bounding_box()
    x, y = box["x"] + 16, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    began_ms = page.evaluate("performance.now()")
    for step in range(1, 61):
        page.mouse.move(x + step * (box["width"] - 32) / 75, y)
        page.evaluate("new Promise(done => setTimeout(done, 25))")
    page.mouse.up()
    wanted = int(page.locator("#level").input_value())
    says(page, "light-says", f"On at {wanted}\N{NO-BREAK SPACE}%: set by phone.")

    took_s = (page.evaluate("performance.now()") - began_ms) / 1000.0
    duties = [duty for _, duty in night.bedroom.pins.pwm[18].sent]
    assert wanted > 60
    assert round(100 * night.bedroom.light.now.target) == wanted
    assert 3 <= len(sent) <= 5.0 * took_s + 2
    assert len(duties) > 20
    assert np.max(np.maximum.accumulate(duties) - duties) < 1e-3  # dithered, and never back
    assert page.complaints == []


def test_buttons_move_the_light_without_a_new_page(open_page, night):
    page = open_page("live")
    page.locator("#switch").click()
    says(page, "light-says", "On at 15\N{NO-BREAK SPACE}%: set by phone.")
    says(page, "switch", "Turn off")
    page.get_by_role("button", name="Off for the night").click()
    says(page, "light-says", "Off for the night")
    page.get_by_role("button", name="Automatic again").click()
    says(page, "light-says", "Off.")

    assert sum(url.endswith("/live") for url in page.asked) == 1
    assert night.bedroom.light.now.held_off_s == 0.0


def test_the_light_can_be_moved_without_a_script(open_page, night):
    page = open_page("live", java_script_enabled=False)
    page.get_by_role("button", name="Turn on").click()
    page.wait_for_url("**/live#light")

    assert night.bedroom.light.now.target == 0.15
    assert "On at 15" in page.locator("#light-says").inner_text()


def test_night_comes_while_the_page_is_open(open_page, night):
    page = open_page("live")
    assert page.evaluate("document.documentElement.dataset.theme") is None

    night.clock.step_wall(3 * 3600.0)

    page.wait_for_function("() => document.documentElement?.dataset.theme === 'night'")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(0, 0, 0)"


def test_a_choice_of_colours_is_kept(open_page):
    page = open_page("live")
    page.get_by_role("button", name="Always").click()
    page.wait_for_function("() => document.documentElement?.dataset.theme === 'night'")
    page.goto(page.url.replace("live", "more"))

    assert page.evaluate("document.documentElement.dataset.theme") == "night"


def test_the_guide_follows_the_hand(open_page, night):
    page = open_page("placing")
    assert page.locator(".now h2").inner_text() == "The sensor answers"

    night.feel(10.0)
    page.locator(".now h2", has_text="Tap the mattress").wait_for()
    night.feel(5.0, taps=[1.0, 2.0, 3.0])
    page.locator(".done h2", has_text="Tap the mattress").wait_for()

    assert "Felt three times" in page.locator("#steps").inner_text()
    assert page.complaints == []
