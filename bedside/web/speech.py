"""What the templates say is said here: words, numbers and days, as whoever asks now reads them."""

from flask import Flask, Response

from bedside.web.language import catalogue, spoken, tongue
from bedside.web.prose import prose


def speak(app: Flask) -> None:
    """Give the templates their filters and `_`."""
    env = app.jinja_env
    env.globals.update(tongue=tongue, _=_said, ngettext=_counted)
    env.filters["prose"] = lambda text: prose(text, spoken())
    env.filters["decimal"] = lambda value, places=1: spoken().decimal(value, places)
    env.filters["long_day"] = lambda day: spoken().long_day(day)
    env.filters["plain_day"] = lambda day: spoken().plain_day(day)
    env.filters["short_day"] = lambda day: spoken().short_day(day)
    app.after_request(_vary)


def _said(text: str, **values: object) -> str:
    """Translate; `%(name)s` is filled in, and all of it escaped where it lands.

    Jinja's own `_` holds what it is given for safe: a sentence may name what somebody typed.
    """
    words = catalogue(tongue()).gettext(text)
    return words % values if values else words


def _counted(one: str, many: str, num: int, **values: object) -> str:
    """Translate what is said of one or of many; `%(num)s` is how many."""
    words = catalogue(tongue()).ngettext(one, many, num)
    return words % {"num": num, **values}


def _vary(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.add("Accept-Language")
    return response
