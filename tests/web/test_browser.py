"""The page in a real Chromium, as a phone shows it."""

import re
import shutil
import threading
from urllib.parse import urlsplit

import pytest

from bedside.web import WebSettings
from bedside.web.serve import Server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONES = [(320, 568), (360, 740), (430, 932)]
SCHEMES = ["light", "dark"]

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
    if (!node.data.trim() || element.closest("title, desc, .hide, .skip")) continue;
    const ink = element.closest("svg") ? style.fill : style.color;
    found.push([node.data.trim().slice(0, 40), ink, behind(element), parseFloat(style.fontSize)]);
  }
  return found;
}"""
# What can be tapped, with its size; links within a sentence are exempt (WCAG 2.5.8).
TARGETS = """() => [...document.querySelectorAll("a:not(.skip), summary, button")].map(e => {
  const box = e.getBoundingClientRect();
  return [e.textContent.trim(), box.width, box.height];
})"""
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

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium here; get it with: apt-get install -y chromium"
    ),
]


@pytest.fixture(scope="module")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def served(rested):
    server, stop = Server(rested.app, WebSettings(port=0)), threading.Event()
    thread = threading.Thread(target=server.run, args=(stop,))
    thread.start()
    yield server.url
    stop.set()
    thread.join(5)


@pytest.fixture
def open_page(chromium, served):
    """Open a page of the given size and scheme; what it asked for and complained of is kept."""
    contexts = []

    def go(path, size=(360, 740), scheme="light", **options):
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("requestfailed", lambda request: page.complaints.append(request.url))
        page.goto(served + path)
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", PHONES, ids=str)
def test_the_page_fits_a_phone(open_page, size, scheme):
    page = open_page("", size, scheme)

    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    assert page.evaluate(WIDER) == []
    assert page.complaints == []


@pytest.mark.parametrize("path", ["", "night/2026-11-14", "night/2020-01-01"])
def test_nothing_leaves_the_device(open_page, served, path):
    page = open_page(path)

    assert {urlsplit(url).netloc for url in page.asked} == {urlsplit(served).netloc}
    assert len(page.asked) <= 3


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", ["", "night/2020-01-01"])
def test_every_text_can_be_read(open_page, path, scheme):
    page = open_page(path, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")

    texts = page.evaluate(TEXTS)

    assert len(texts) > 5
    assert [text for text, ink, ground, _ in texts if _contrast(ink, ground) < 4.5] == []
    assert [text for text, _, _, pixels in texts if pixels < 12] == []


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


def test_fingers_find_what_can_be_tapped(open_page):
    targets = open_page("", (320, 568)).evaluate(TARGETS)

    assert len(targets) >= 4
    assert [name for name, width, height in targets if width < 44 or height < 44] == []


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


def test_one_walks_from_night_to_night(open_page):
    page = open_page("")

    page.locator("a[rel=prev]").click()
    page.wait_for_url("**/night/2026-11-20")
    page.locator("a[rel=next]").click()
    page.wait_for_url("**/night/2026-11-21")

    assert page.complaints == []


def test_it_can_be_read_twice_as_large(open_page):
    page = open_page("", (360, 740))
    page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert page.evaluate(WIDER) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_it_prints_black_on_white(open_page):
    page = open_page("", scheme="dark")
    page.emulate_media(media="print")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("header nav").is_visible()
