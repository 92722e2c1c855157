"""A movement in a real Chromium: read in every theme, marked with a finger, worked by key."""

import re
import threading

import numpy as np
import pytest

from bedside.pipeline.listener import Heard, Minute, PresenceChange
from bedside.pipeline.movements import Movement
from bedside.pipeline.samples import Block
from bedside.web import WebSettings
from bedside.web.jobs import Done
from bedside.web.serve import Server

ODR_HZ, LSB_PER_G = 100.0, 16384.0
NIGHT = "/night/2026-11-14"
SIZES = [(320, 568), (360, 740), (1280, 800)]
THEMES = ["light", "dark", "night"]
WIDER = """() => [...document.querySelectorAll("body *")].filter(e =>
  e.getBoundingClientRect().right > innerWidth + 0.5 && !e.closest(".scroll, svg, .hide, .skip")
).map(e => e.outerHTML.slice(0, 80))"""
OUTSIDE = """() => [...document.querySelectorAll("svg.chart text")].filter(e => {
  const box = e.getBoundingClientRect(), all = e.ownerSVGElement.getBoundingClientRect();
  return box.left < all.left - 4 || box.right > all.right + 4 || box.bottom > all.bottom + 1;
}).map(e => e.textContent)"""
LETTERS = """() => [...document.querySelectorAll("svg.chart text")].map(e => {
  const scale = e.ownerSVGElement.getBoundingClientRect().width / 320;
  return parseFloat(getComputedStyle(e).fontSize) * scale;
})"""
TARGETS = """() => [...document.querySelectorAll("main a, summary, button")].map(e => {
  const box = e.getBoundingClientRect();
  return [e.textContent.trim(), box.width, box.height];
})"""

pytestmark = pytest.mark.browser


@pytest.fixture
def felt(bedroom):
    """A night with a turn of six seconds and a jerk beside it, and samples missing before."""
    zero_s, n = bedroom.clock.monotonic(), round(420 * ODR_HZ)
    dice = np.random.default_rng(5)
    xyz = dice.normal(0.0, 0.002, (n, 3)) + np.array([0.0, 0.0, 1.0])
    for at, length in ((30_000, 600), (30_900, 30)):
        wave = np.sin(2 * np.pi * 5.0 * np.arange(length) / ODR_HZ)
        xyz[at : at + length] += 0.2 * np.hanning(length)[:, None] * wave[:, None]
    bedroom.store.add_sensor(zero_s, "mpu6050", ODR_HZ, LSB_PER_G)
    for at in range(0, n, 100):
        if at != 29_700:
            t = zero_s + (at + np.arange(100)) / ODR_HZ
            bedroom.store.add_block(Block(t, xyz[at : at + 100].astype(np.float32)))
    found = [
        Movement(zero_s + 300.0, zero_s + 306.0, "turn", 250.0, 8.0, 21.0),
        Movement(zero_s + 309.0, zero_s + 309.3, "jerk", 150.0, 9.0, 0.4),
    ]
    minutes = [Minute(zero_s + 60.0 * n, 60.0, 1.0, 3.4, 9.0) for n in range(7)]
    bedroom.store.add_heard(Heard(found, [PresenceChange(zero_s, True)], minutes))
    bedroom.clock.advance(420.0)
    bedroom.store.flush(full=True)
    return bedroom, f"{NIGHT}/events/1-{round((zero_s + 300.0) * 1000)}-turn"


@pytest.fixture
def open_page(chromium, felt):
    bedroom, _ = felt
    server, stop = Server(bedroom.app, WebSettings(port=0)), threading.Event()
    thread = threading.Thread(target=server.run, args=(stop,))
    thread.start()
    contexts = []

    def go(path, size=(360, 740), scheme="light", **options):
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(server.url + path.lstrip("/"))
        return page

    yield go
    for context in contexts:
        context.close()
    bedroom.jobs.close()
    stop.set()
    thread.join(5)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_drawing_fits_and_its_letters_can_be_read(open_page, felt, size):
    page = open_page(felt[1], size)

    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    assert page.evaluate(WIDER) == []
    assert page.evaluate(OUTSIDE) == []
    letters = page.evaluate(LETTERS)
    assert len(letters) > 15
    assert min(letters) >= 10.5
    assert max(letters) <= 20
    assert page.complaints == []


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing(open_page, axe, felt, theme):
    page = open_page(felt[1], scheme="dark" if theme == "dark" else "light")
    if theme == "night":
        page.evaluate("document.documentElement.dataset.theme = 'night'")
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    page.evaluate(axe)
    result = page.evaluate("axe.run(document)")

    found = [(each["id"], [node["html"][:90] for node in each["nodes"]])
             for each in result["violations"]]  # fmt: skip
    assert found == []


def test_fingers_find_what_can_be_tapped(open_page, felt):
    targets = open_page(felt[1], (320, 568)).evaluate(TARGETS)

    assert len(targets) >= 5
    assert [name for name, width, height in targets if width < 44 or height < 44] == []


def test_it_is_marked_and_taken_back_without_script(open_page, felt):
    bedroom, path = felt
    page = open_page(path, java_script_enabled=False)
    page.get_by_role("button", name="It was somebody else in the bed").click()

    assert page.url.endswith(path)
    assert page.get_by_role("note").inner_text().startswith("By hand")
    assert len(bedroom.nights.night().disturbances) == 1

    page.get_by_role("button", name="Take that back").click()
    assert page.get_by_role("note").count() == 0
    assert bedroom.nights.night().disturbances == ()


def test_one_goes_from_the_list_to_a_movement_and_back(open_page, felt):
    page = open_page(f"{NIGHT}/events")
    page.get_by_role("link", name=re.compile("Turn 6")).click()
    page.wait_for_url(f"**{felt[1]}")
    page.locator(".when a").click()
    page.wait_for_url("**/events#*")

    assert page.evaluate("document.querySelector('li:target') !== null")


def test_work_shows_how_far_it_is_and_what_came_of_it(open_page, felt):
    bedroom, go_on = felt[0], threading.Event()

    def work():
        yield 0.4
        go_on.wait(10)
        return Done("All is well.")

    bedroom.jobs.begin("A long thing", NIGHT, work())
    page = open_page("/work")
    assert page.get_by_role("progressbar").get_attribute("value") == "40"

    go_on.set()
    page.get_by_text("All is well.").wait_for(timeout=8000)
    assert page.complaints == []
