"""Letting in a phone, in a real Chromium: what it sends with a form is its own affair."""

import shutil
import threading

import pytest

from bedside.web import WebSettings
from bedside.web.serve import Server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WORDS = "correct horse battery"
TAPPED = "a:not(.skip), button, input:not([type=hidden], .hide)"
SMALL = f"""() => [...document.querySelectorAll("{TAPPED}")]
  .map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44).map(([name]) => name)"""

pytestmark = pytest.mark.browser


@pytest.fixture
def served(moved):
    """Serve as behind a proxy, so that this machine counts as any other."""
    server = Server(moved(WebSettings(proxy="127.0.0.1")).app, WebSettings(port=0))
    stop = threading.Event()
    thread = threading.Thread(target=server.run, args=(stop,), daemon=True)
    thread.start()
    yield server.url
    stop.set()
    thread.join(5)


@pytest.fixture
def phone(chromium):
    """Make a browser without cookies, as wide as a small phone."""
    contexts = []

    def make(**options):
        contexts.append(chromium.new_context(viewport={"width": 320, "height": 568}, **options))
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_link_lets_in_until_one_logs_out(served, access, phone, script):
    page = phone(java_script_enabled=script)
    page.goto(served)
    assert page.url.endswith("/login")

    page.goto(f"{served}pair/{access.invite()}")
    page.get_by_role("button", name="Let it in").click()
    page.wait_for_url(served)
    assert page.locator("h1").count() == 1

    page.goto(f"{served}phones")
    assert page.get_by_text("this one").is_visible()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login")
    page.goto(served)
    assert page.url.endswith("/login")


def test_the_password_lets_in_and_leads_back(served, access, phone):
    access.set_password(WORDS)
    page = phone()
    page.goto(f"{served}night/2026-11-20")

    page.get_by_role("textbox", name="Password").fill("not the password")
    page.get_by_role("button", name="Open").click()
    assert page.get_by_role("alert").is_visible()
    page.get_by_role("textbox", name="Password").fill(WORDS)
    page.keyboard.press("Enter")

    page.wait_for_url("**/night/2026-11-20")


def test_one_phone_shows_out_another(served, access, phone):
    pages = [phone(), phone()]
    for page in pages:
        page.goto(f"{served}pair/{access.invite()}")
        page.get_by_role("button").click()
        page.wait_for_url(served)

    pages[0].goto(f"{served}phones")
    pages[0].get_by_role("button", name="Show out").first.click()
    pages[0].wait_for_url("**/phones")

    pages[1].goto(served)
    assert pages[1].url.endswith("/login")


def test_scripts_cannot_read_the_cookie(served, access, phone):
    page = phone()
    page.goto(f"{served}pair/{access.invite()}")
    page.get_by_role("button").click()
    page.wait_for_url(served)

    assert "bedside" not in page.evaluate("document.cookie")


def test_fingers_find_everything_and_nothing_is_wider_than_the_phone(served, access, phone):
    access.set_password(WORDS)
    page = phone()
    for path in ("login", f"pair/{access.invite()}", "pair/x", "phones"):
        page.goto(served + path)
        if path.startswith("pair/") and path != "pair/x":
            page.get_by_role("button").click()
            page.wait_for_url(served)

        assert page.evaluate(SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 320
