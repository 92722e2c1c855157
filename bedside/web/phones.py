"""The phones that were let in: who they are, and showing them out."""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.exceptions import BadRequest

from bedside.access import Session
from bedside.web.house import House
from bedside.web.language import N_, spoken
from bedside.web.visitors import forget, visitor

_MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS = (  # the first that fits: most call themselves Safari too, and many Chrome
    (r"\bFirefox/|\bFxiOS/", "Firefox"),
    (r"\bEdgA?/|\bEdgiOS/", "Edge"),
    (r"\bOPR/", "Opera"),
    (r"\bSamsungBrowser/", "Samsung Internet"),
    (r"\bChrome/|\bCriOS/", "Chrome"),
    (r"\bVersion/\S+ .*Safari/", "Safari"),
)
_LONGEST_READ = 400


@dataclass(frozen=True, slots=True)
class Phone:
    """One line of the list.

    here  whether it is the one that asks
    """

    id: int
    label: str
    by: str
    let_in: str
    seen: str
    here: bool


def phones(house: House) -> Blueprint:
    """Make the list of phones, to be registered with the app."""
    blueprint = Blueprint("phones", __name__)
    access, zone = house.access, house.nights.zone

    @blueprint.get("/phones")
    def listed() -> Response:
        told = [_told(session, zone) for session in access.sessions()]
        text = render_template(
            "phones.html", phones=told, password=access.has_password(), device=visitor().device
        )
        return Response(text, mimetype="text/html")

    @blueprint.post("/phones")
    def show_out() -> Response:
        own = visitor().session
        which = request.form.get("out", "")
        if which == "others":
            access.revoke_others(own.id if own else 0)
        elif which.isascii() and which.isdecimal() and len(which) < 10:
            access.revoke(int(which))
        else:
            raise BadRequest("Say which phone.")
        response: Response = redirect("/phones", 303)  # type: ignore[assignment]
        if own is not None and which == str(own.id):
            forget(request, response)
        return response

    return blueprint


def _told(session: Session, zone: tzinfo) -> Phone:
    own = visitor().session
    by = N_("by link") if session.by == "link" else N_("by password")
    return Phone(
        session.id,
        session.label,
        by,
        _day(session.made_wall, zone),
        _day(session.seen_wall, zone),
        own is not None and own.id == session.id,
    )


def _day(wall: float | None, zone: tzinfo) -> str:
    """Write the day; empty where the time was not known."""
    return "" if wall is None else spoken().plain_day(datetime.fromtimestamp(wall, zone).date())


def kind_of(user_agent: str) -> str:
    """Name a phone by what its browser says of itself: `Firefox on Android`."""
    text = user_agent[:_LONGEST_READ]
    machine = next((name for word, name in _MACHINES if word in text), "")
    browser = next((name for pattern, name in _BROWSERS if re.search(pattern, text)), "")
    if browser and machine:
        return f"{browser} on {machine}"
    return browser or machine or "a browser"
