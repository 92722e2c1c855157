"""Calendar, trend, side by side and diary, as fingers use them; no script is needed for any."""

import threading
from datetime import date, timedelta

import pytest

from bedside.web import WebSettings
from bedside.web.serve import Server

LETTERS = """() => [...document.querySelectorAll("svg.chart text")].map(e => {
  const box = e.getBoundingClientRect(), all = e.ownerSVGElement.getBoundingClientRect();
  const size = parseFloat(getComputedStyle(e).fontSize) * all.width / 320;
  return [e.textContent, size, box.left >= all.left - 2 && box.right <= all.right + 2
    && box.top >= all.top - 2 && box.bottom <= all.bottom + 2];
})"""

pytestmark = pytest.mark.browser


@pytest.fixture
def lived_in(bedroom):
    """A bedroom with nine nights."""
    for number in range(9):
        bedroom.sleep(date(2026, 11, 14) + timedelta(number))
    bedroom.sum_up()
    return bedroom


@pytest.fixture
def open_page(chromium, lived_in):
    server, stop = Server(lived_in.app, WebSettings(port=0)), threading.Event()
    thread = threading.Thread(target=server.run, args=(stop,))
    thread.start()
    contexts = []

    def go(path, size=(360, 740), script=False):
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(server.url.rstrip("/") + path)
        return page

    yield go
    for context in contexts:
        context.close()
    stop.set()
    thread.join(5)


def test_an_evening_is_written_down_and_shows(open_page, lived_in):
    page = open_page("/nights")
    page.locator('a[href="/night/2026-11-20"]').click()
    page.locator('a[href="/night/2026-11-20/diary"]').click()
    page.get_by_label("coffee").check()
    page.get_by_label("Own words").fill("Omas Suppe, 🛁")
    page.get_by_role("button", name="Keep").click()
    page.wait_for_url("**/night/2026-11-20/diary?saved=yes")

    assert page.get_by_role("status").inner_text() == "Kept."
    assert page.get_by_label("omas suppe").is_checked()
    assert lived_in.store.diary() == {"2026-11-20": ("coffee", "omas suppe", "🛁")}
    page.get_by_label("coffee").uncheck()
    page.get_by_role("button", name="Keep").click()
    page.wait_for_load_state()
    assert lived_in.store.diary() == {"2026-11-20": ("omas suppe", "🛁")}


def test_nights_are_chosen_and_put_side_by_side(open_page):
    page = open_page("/nights/compare")
    page.locator("details summary").last.click()
    checked = page.locator("input[name=night]:checked")
    while checked.count():
        checked.first.uncheck()
    page.locator('input[value="2026-11-14"]').check()
    page.get_by_role("button", name="Put side by side").click()
    page.wait_for_url("**/nights/compare?night=2026-11-14")
    assert "Choose at least two nights." in page.get_by_role("alert").inner_text()

    page.goto(page.url + "&night=2026-11-16")
    assert page.locator("table tbody tr").count() == 2


def test_one_walks_through_the_trend(open_page):
    page = open_page("/nights/trend")
    page.get_by_role("link", name="Jerks").click()
    page.get_by_role("link", name="4 week").first.click()

    page.wait_for_url("**/nights/trend?weeks=4&kind=jerk")
    assert page.locator("h1").inner_text() == "Jerks over the weeks"


@pytest.mark.parametrize("size", [(320, 568), (360, 740), (1280, 800)], ids=str)
@pytest.mark.parametrize("path", ["/nights/trend", "/nights/trend?weeks=4", "/nights/compare"])
def test_letters_in_drawings_keep_their_size(open_page, path, size):
    letters = open_page(path, size, script=True).evaluate(LETTERS)

    assert len(letters) > 8
    assert [each for each in letters if not (10.5 <= each[1] <= 19 and each[2])] == []
