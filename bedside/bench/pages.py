"""Every page there is: what the browser tests walk through, and `make screenshots` takes."""

import re
from typing import NamedTuple


class Page(NamedTuple):
    """One page; `{day}` in its address is the evening of a night on record, `{event}` one in it.

    night     also shown in the red theme of the night
    settle_s  until a page that moves has something to show
    """

    name: str
    address: str
    night: bool = False
    settle_s: float = 0.0


PAGES = (
    Page("morning", "/"),
    Page("night", "/night/{day}"),
    Page("nights", "/nights"),
    Page("trend", "/nights/trend"),
    Page("compare", "/nights/compare"),
    Page("tags", "/nights/tags"),
    Page("diary", "/night/{day}/diary"),
    Page("events", "/night/{day}/events"),
    Page("event", "/night/{day}/events/{event}"),
    Page("export", "/night/{day}/export"),
    Page("live", "/live", night=True, settle_s=2.0),
    Page("placing", "/placing", night=True, settle_s=2.0),
    Page("more", "/more"),
    Page("doctor", "/doctor"),
    Page("doctor-night", "/doctor/{day}"),
    Page("doctor-span", "/doctor/span?from={day}&to={day}"),
    Page("settings", "/settings"),
    Page("health", "/health"),
    Page("phones", "/phones"),
    Page("work", "/work"),
    Page("no-such-pairing", "/pair/none"),
    Page("no-such-night", "/night/2020-01-01"),
)


def first_event(listing: str) -> str:
    """Find an event in the page that lists those of a night."""
    return next(iter(re.findall(r'href="/night/[\d-]+/events/([^"/?#]+)"', listing)), "none")
