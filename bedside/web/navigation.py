"""Where one can go: the four places that are always in reach, and those behind More."""

from typing import NamedTuple

from markupsafe import Markup

from bedside.web.language import N_

_ICONS = {
    "sun": "M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22"
    "M4.9 4.9l1.8 1.8M17.3 17.3l1.8 1.8M4.9 19.1l1.8-1.8M17.3 6.7l1.8-1.8",
    "moon": "M19.5 14.6A8.2 8.2 0 0 1 9.4 4.5a8.2 8.2 0 1 0 10.1 10.1z",
    "days": "M4 6.5h16v13.5H4zM4 10.5h16M8.5 3.5v5M15.5 3.5v5M8 14.5h.01M12 14.5h.01M16 14.5h.01",
    "more": "M4.5 7h15M4.5 12h15M4.5 17h15",
}


class Tab(NamedTuple):
    """One of the places in the bar that every page has.

    current  what `aria-current` says: `page`, `true` for a page below it, or nothing
    """

    address: str
    label: str
    icon: Markup
    current: str


class Place(NamedTuple):
    """A page behind More."""

    address: str
    label: str
    sentence: str


_TABS = (
    ("/", N_("Morning"), "sun", ("/night/",)),
    ("/live", N_("Tonight"), "moon", ()),
    ("/nights", N_("Nights"), "days", ("/nights/",)),
    ("/more", N_("More"), "more", ("/placing", "/doctor", "/settings", "/health", "/phones")),
)

PLACES = (
    Place(
        "/placing", "Placing the sensor", "Find the spot under the mattress that feels you best."
    ),
    Place("/doctor", N_("For the doctor"), N_("A night or a span of nights on paper.")),
    Place("/settings", N_("Settings"), N_("What is in force, and where it comes from.")),
    Place("/health", N_("Health"), N_("How the sensor, the disk and the clock are doing.")),
    Place("/phones", N_("Phones"), N_("Who may open these pages.")),
)


def tabs(path: str) -> list[Tab]:
    """Give the bar as it stands on the page at `path`."""
    return [
        Tab(address, label, _icon(icon), _current(path, address, below))
        for address, label, icon, below in _TABS
    ]


def _current(path: str, address: str, below: tuple[str, ...]) -> str:
    if path == address:
        return "page"
    return "true" if path.startswith(below) and below else ""


def _icon(name: str) -> Markup:
    return Markup('<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>').format(
        _ICONS[name]
    )
