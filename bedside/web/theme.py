"""Red on black by night, so that eyes used to the dark stay so: by the clock, or as one likes."""

import re
from typing import Literal

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest

from bedside.web.house import House

Choice = Literal["auto", "night", "day"]
CHOICES: tuple[tuple[Choice, str], ...] = (
    ("auto", "At night"),
    ("night", "Always"),
    ("day", "Never"),
)

_COOKIE = "theme"
_KEPT_S = 365 * 24 * 3600
_BY_THE_CLOCK = ("/live", "/placing")
_OURS = re.compile(r"/[a-z0-9/-]*")


class Themes:
    """Which colours a page has for whoever asks now."""

    def __init__(self, house: House) -> None:
        self._clock, self._light = house.clock, house.light

    def chosen(self) -> Choice:
        """Give what was chosen in this browser."""
        given = request.cookies.get(_COOKIE)
        return next((choice for choice, _ in CHOICES if choice == given), "auto")

    def night(self) -> bool:
        """Whether it is known to be night: a page that is red by day would be a riddle."""
        return self._clock.known() and self._light.night(self._clock.wall())

    def now(self) -> str:
        """Give `night`, or nothing where the browser's own light or dark is meant."""
        chosen = self.chosen()
        by_the_clock = chosen == "auto" and request.path in _BY_THE_CLOCK and self.night()
        return "night" if chosen == "night" or by_the_clock else ""

    def blueprint(self) -> Blueprint:
        """Make the route by which a choice comes, to be registered with the app."""
        blueprint = Blueprint("theme", __name__)

        @blueprint.post("/theme")
        def choose() -> Response:
            chosen, back = request.form.get("theme", ""), request.form.get("back", "/")
            if chosen not in [str(choice) for choice, _ in CHOICES]:
                raise BadRequest("The colours are chosen by auto, night or day.")
            if not _OURS.fullmatch(back) or "//" in back:
                raise BadRequest("There is no such page to go back to.")
            response = Response(status=303, headers={"Location": back})
            response.set_cookie(
                _COOKIE,
                chosen,
                max_age=_KEPT_S,
                secure=request.is_secure,
                httponly=True,
                samesite="Lax",
            )
            return response

        return blueprint
