"""A Chromium to look at the pages with, kept from asking anybody else for anything."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bedside.errors import BedsideError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_path() -> str | None:
    """Find Debian's Chromium; None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def opened() -> Iterator["Browser"]:
    """Open the browser for a while.

    Raises
    ------
    BedsideError : there is no Chromium, or no Playwright to drive it.
    """
    path = chromium_path()
    if path is None:
        raise BedsideError("no Chromium here; get it with: apt-get install -y chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise BedsideError("no Playwright here; `make screenshots` brings it") from None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()
