"""Every page in a real Chromium, as a phone shows it."""

import re
import threading
from urllib.parse import urlsplit

import pytest

from bedside.bench.pages import PAGES, first_event
from bedside.web import WebSettings
from bedside.web.serve import Server

LAST = "2026-11-21"
PATHS = {page.name: page.address.replace("{day}", LAST) for page in PAGES}
SCHEMES = ["light", "dark"]
THEMES = [*SCHEMES, "night"]

# Colours of every piece of text and of what lies behind it, as the browser has worked them out.
TEXTS = """() => {
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (!/rgba\\(.*, 0\\)/.test(colour)) return colour;
    }
    return getComputedStyle(document.documentElement).backgroundColor;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node; node = walker.nextNode();) {
    const element = node.parentElement, style = getComputedStyle(element);
    if (!node.data.trim() || element.closest("title, desc, .hide, .skip, :disabled")) continue;
    if (!element.checkVisibility()) continue;
    const ink = element.closest("svg") ? style.fill : style.color;
    const drawing = element.closest("svg[viewBox]");
    const shown = drawing?.getBoundingClientRect().width, drawn = drawing?.viewBox.baseVal.width;
    const pixels = parseFloat(style.fontSize) * (drawing ? shown / drawn : 1);
    found.push([node.data.trim().slice(0, 40), ink, behind(element), pixels]);
  }
  return found;
}"""
# What can be tapped, with its size; links within a sentence are exempt (WCAG 2.5.8).
TARGETS = """() => [...document.querySelectorAll(
    "a:not(.skip), summary, button, select, input:not([type=hidden])")]
  .filter(e => e.checkVisibility() && !e.closest("p:not(:has(> .button))"))
  .map(e => [e, (e.closest("label") ?? e).getBoundingClientRect()])
  .map(([e, box]) => [e.textContent.trim() || e.outerHTML.slice(0, 80), box.width, box.height])"""
WIDER = """() => [...document.querySelectorAll("body *")].filter(e =>
  e.getBoundingClientRect().right > innerWidth + 0.5 && !e.closest(".scroll, svg, .hide, .skip")
).map(e => e.outerHTML.slice(0, 80))"""
LETTERS = """() => [...document.querySelectorAll("svg.chart text")].map(e => {
  const scale = e.ownerSVGElement.getBoundingClientRect().width / 320;
  return parseFloat(getComputedStyle(e).fontSize) * scale;
})"""
OUTSIDE = """() => [...document.querySelectorAll("svg.chart text")].filter(e => {
  const box = e.getBoundingClientRect(), all = e.ownerSVGElement.getBoundingClientRect();
  return box.left < all.left - 4 || box.right > all.right + 4 || box.bottom > all.bottom + 1;
}).map(e => e.textContent)"""

# Rows that are alike are looked at a few times, not hundreds of times.
SHORTENED = """() => document.querySelectorAll("tbody, ul, ol").forEach(
  list => [...list.children].slice(8).forEach(row => row.remove()))"""
THEME = """theme => { const {dataset} = document.documentElement;
  if (theme === "night") dataset.theme = theme; else delete dataset.theme; }"""
FOCUS = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect();
  const all = [...document.querySelectorAll("*")];
  return {
    name: e.tagName, skip: e.classList.contains("skip"), place: all.indexOf(e),
    outlined: getComputedStyle(e).outlineStyle !== "none",
    on_screen: box.left >= 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(looked_at):
    server, stop = Server(looked_at.app, WebSettings(port=0)), threading.Event()
    thread = threading.Thread(target=server.run, args=(stop,))
    thread.start()
    yield server.url
    stop.set()
    thread.join(5)


@pytest.fixture
def open_page(chromium, served, looked_at):
    """Open a page of the given size and scheme; what it asked for and complained of is kept."""
    contexts = []

    def go(path, size=(360, 740), scheme="light", **options):
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("requestfailed", lambda request: page.complaints.append(request.url))
        if "{event}" in path:
            path = path.format(event=first_event(looked_at.get(f"/night/{LAST}/events").text))
        page.goto(served + path.lstrip("/"))
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", PATHS)
def test_everybody_can_read_a_page_in_every_theme(open_page, axe, name):
    page = open_page(PATHS[name])
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    page.evaluate(SHORTENED)
    page.evaluate(axe)

    assert _found(page.evaluate("axe.run(document, {resultTypes: ['violations']})")) == []
    for theme in THEMES:
        page.emulate_media(color_scheme="light" if theme == "light" else "dark")
        page.evaluate(THEME, theme)
        found = page.evaluate("axe.run(document, {runOnly: ['color-contrast']})")
        texts = page.evaluate(TEXTS)
        assert (theme, _found(found)) == (theme, [])
        assert len(texts) > 5
        assert [text for text, ink, ground, _ in texts if _contrast(ink, ground) < 4.5] == []
        assert [(text, pixels) for text, _, _, pixels in texts if pixels < 10] == []


def _found(result):
    """What axe finds fault with, and where."""
    return [
        (each["id"], [node["html"][:90] for node in each["nodes"]]) for each in result["violations"]
    ]


@pytest.mark.parametrize("name", PATHS)
def test_a_page_works_by_keyboard_on_a_small_phone_and_asks_nobody_else(open_page, served, name):
    page = open_page(PATHS[name], (320, 568))
    targets, walked = page.evaluate(TARGETS), _walked(page)

    assert walked[0]["skip"]
    reached = [each for each in walked if each["name"] != "BODY"]
    assert [each for each in reached if not each["outlined"] or not each["on_screen"]] == []
    order = [each["place"] for each in reached]
    assert order[: len(set(order))] == sorted(set(order))
    assert len(targets) >= 4
    assert [target for target in targets if min(target[1:]) < 43.9] == []
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    assert page.evaluate(WIDER) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.set_viewport_size({"width": 430, "height": 932})
    assert page.evaluate(WIDER) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 430
    assert {urlsplit(url).netloc for url in page.asked} == {urlsplit(served).netloc}
    assert _complaints(page) == []


@pytest.mark.parametrize("name", PATHS)
def test_a_page_can_be_read_without_script(open_page, name):
    page = open_page(PATHS[name], java_script_enabled=False)

    assert len(page.locator("main").inner_text()) > 40
    assert page.locator("h1").count() == 1


def _walked(page):
    """Go through the page by keyboard: what was reached, in order."""
    seen = []
    for _ in range(10):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUS))
    return seen


def _complaints(page):
    """What the page complained of; that an answer was no 200 is not the page's fault."""
    return [each for each in page.complaints if "Failed to load resource" not in each]


def _contrast(one, other):
    low, high = sorted(_luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour):
    channels = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_dark_is_dark_and_light_is_light(open_page):
    grounds = [
        _luminance(open_page("", scheme=scheme).evaluate("getComputedStyle(document.body)"
                                                         ".backgroundColor"))
        for scheme in SCHEMES
    ]  # fmt: skip

    assert grounds[0] > 0.8
    assert grounds[1] < 0.01


@pytest.mark.parametrize("size", [(320, 568), (360, 740), (1280, 800)], ids=str)
def test_letters_in_drawings_keep_their_size(open_page, size):
    page = open_page("", size)

    letters = page.evaluate(LETTERS)

    assert len(letters) > 20
    assert min(letters) >= 10.5
    assert max(letters) <= 19
    assert page.evaluate(OUTSIDE) == []


def test_the_keyboard_reaches_everything_and_the_skip_link_comes_first(open_page):
    page = open_page("")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_a_table_opens_without_script(open_page):
    page = open_page("", java_script_enabled=False)
    table = page.locator("table").first

    assert not table.is_visible()
    page.locator("summary").first.click()
    assert table.is_visible()


def _swipe(page, dx, dy=0, on="main"):
    """Draw a finger over the page, as Chromium hands it to the page."""
    box = page.locator(on).first.bounding_box()
    x, y = box["x"] + box["width"] / 2 - dx / 2, box["y"] + min(box["height"], 300) / 2
    touch = page.context.new_cdp_session(page)
    points = [(x + dx * part / 8, y + dy * part / 8) for part in range(9)]
    for kind, place in (("touchStart", points[0]), *(("touchMove", each) for each in points[1:])):
        touch.send("Input.dispatchTouchEvent",
                   {"type": kind, "touchPoints": [{"x": place[0], "y": place[1]}]})  # fmt: skip
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.fixture
def touched(open_page):
    return lambda path, **options: open_page(path, has_touch=True, is_mobile=True, **options)


def test_one_swipes_from_night_to_night(touched):
    page = touched("")

    _swipe(page, 160)
    page.wait_for_url("**/night/2026-11-20")
    _swipe(page, -160)
    page.wait_for_url("**/night/2026-11-21")


@pytest.mark.parametrize(("dx", "dy"), [(40, 0), (60, 200), (120, 120), (-160, 0)])
def test_scrolling_a_short_stroke_and_the_last_night_stay(touched, dx, dy):
    page = touched("")
    address = page.url

    _swipe(page, dx, dy)
    page.wait_for_timeout(150)

    assert page.url == address
    assert page.evaluate("document.querySelector('main').style.transform") == ""


def test_a_table_that_scrolls_keeps_its_swipe(touched):
    page = touched("")
    address = page.url
    page.locator("summary").first.click()
    page.locator(".scroll").first.scroll_into_view_if_needed()

    _swipe(page, 160, on=".scroll")
    page.wait_for_timeout(150)

    assert page.url == address


def test_nothing_leans_where_motion_is_not_wanted(touched):
    page = touched("", reduced_motion="reduce")
    page.evaluate("""() => { window.leant = [];
      new MutationObserver(() => leant.push(document.querySelector("main").style.transform))
        .observe(document.querySelector("main"), {attributes: true}); }""")

    _swipe(page, -60)

    assert [each for each in page.evaluate("leant") if each] == []


def test_the_first_paint_waits_for_one_answer(open_page):
    page = open_page("")

    early = page.evaluate("""performance.getEntriesByType("resource")
      .filter(e => e.renderBlockingStatus === "blocking").map(e => e.name)""")
    assert early == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(246, 242, 234)"


def test_one_walks_from_night_to_night(open_page):
    page = open_page("")

    page.locator("a[rel=prev]").click()
    page.wait_for_url("**/night/2026-11-20")
    page.locator("a[rel=next]").click()
    page.wait_for_url("**/night/2026-11-21")

    assert _complaints(page) == []


def test_it_prints_black_on_white(open_page):
    page = open_page("", scheme="dark")
    page.emulate_media(media="print")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not any(each.is_visible() for each in page.locator("header nav").all())
