"""The doctor's sheets on paper: a real PDF from a real Chromium."""

import io
import random
import shutil
import threading
from contextlib import closing
from datetime import date, timedelta

import pytest

from bedside.access import Access
from bedside.pipeline.recorded import Fault
from bedside.web import WebSettings
from bedside.web.serve import Server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FIRST, NIGHTS = date(2026, 11, 14), 62
LAST = FIRST + timedelta(NIGHTS - 1)
PAPERS = ["A4", "Letter"]
CLIPPED = """() => [...document.querySelectorAll(".sheet svg, .sheet td, .sheet th, .sheet p")]
  .filter(e => {
    const box = e.getBoundingClientRect(), sheet = e.closest(".sheet").getBoundingClientRect();
    return box.width > 0 && (box.right > sheet.right + 1 || box.left < sheet.left - 1);
  }).map(e => e.outerHTML.slice(0, 90))"""
INKS = """() => [...document.querySelectorAll(".sheet *")]
  .filter(e => [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()))
  .map(e => getComputedStyle(e)[e.closest("svg") ? "fill" : "color"])"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium here; get it with: apt-get install -y chromium"
    ),
]


@pytest.fixture(scope="module")
def two_months(tmp_path_factory, begin, furnish):
    """Sixty-two nights, the last of them with 400 movements, all with faults."""
    dice = random.Random(7)
    clock, store, nights = begin(tmp_path_factory.mktemp("paper"))
    with closing(store), closing(Access(store.path.parent, clock)) as access:
        store.add_sensor(clock.monotonic(), "mpu6050", 100.0, 16384.0)
        bedroom = furnish(clock, store, nights, access)
        for number in range(NIGHTS):
            evening = FIRST + timedelta(number)
            count = 400 if evening == LAST else dice.randrange(5, 80)
            bedroom.sleep(evening, movements=count, gap=number % 5 == 4 or evening == LAST)
            for part in ("sensor", "thermometer", "display"):
                since_s = clock.monotonic() - 7200.0
                said = f"the {part} does not answer at its address on the bus; check its wires"
                store.add_fault(Fault(since_s, since_s + 60.0, part, said))
        store.flush()
        yield bedroom


@pytest.fixture(scope="module")
def served(two_months):
    server, stop = Server(two_months.app, WebSettings(port=0)), threading.Event()
    thread = threading.Thread(target=server.run, args=(stop,))
    thread.start()
    yield server.url
    stop.set()
    thread.join(5)


@pytest.fixture(scope="module")
def paper(served):
    """Open a sheet as it is printed, on a phone in the dark."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, color_scheme="dark", locale="en-GB"
        )
        page = context.new_page()

        def go(path):
            page.goto(served + path)
            page.emulate_media(media="print")
            page.set_viewport_size({"width": 720, "height": 1000})  # about A4 without its margins
            return page

        yield go
        browser.close()


def read(pdf):
    pypdf = pytest.importorskip("pypdf")
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def span(nights):
    return f"doctor/span?from={LAST - timedelta(nights - 1)}&to={LAST}"


@pytest.mark.parametrize("size", PAPERS)
def test_a_night_of_400_movements_is_one_page(paper, two_months, size):
    (text,) = read(paper(f"doctor/{LAST}").pdf(format=size))
    report = two_months.nights.report(LAST)

    assert "Movement in bed, night beginning Thursday 14 January 2027" in text
    for line in report.kinds:
        assert f"{line.asleep} {line.asleep_per_hour:.1f} {line.awake}" in text
    for figure in report.figures[:6]:
        assert figure.value in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "no diagnosis" in text
    assert "Not told" not in text


@pytest.mark.parametrize(
    ("nights", "size"), [(1, "A4"), (28, "A4"), (28, "Letter"), (31, "Letter"), (62, "Letter")]
)
def test_a_span_is_one_page(paper, nights, size):
    (text,) = read(paper(span(nights)).pdf(format=size))

    assert f"{nights} night" in text
    assert text.count("22:30–06:30") == nights
    assert "no diagnosis" in text


@pytest.mark.parametrize("path", [f"doctor/{LAST}", span(28)])
def test_only_the_sheet_is_printed_black_on_white(paper, path):
    page = paper(path)

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert set(page.evaluate(INKS)) <= {"rgb(0, 0, 0)", "rgb(34, 34, 34)"}
    for selector in ("body > header", "body > footer", ".off-paper", ".tabs"):
        assert not page.locator(selector).is_visible()
    assert page.locator(".who").is_visible()  # to be filled in by pen
    assert page.locator(".who").inner_text().split() == ["Name", "Born"]


@pytest.mark.parametrize("path", [f"doctor/{LAST}", span(62)])
def test_no_strip_is_clipped(paper, path):
    assert paper(path).evaluate(CLIPPED) == []
