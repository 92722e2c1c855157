"""The pages and the API: `create_app` makes the Flask app, `serve.Server` serves it."""

from typing import TYPE_CHECKING

import attrs

from bedside.settings import setting

if TYPE_CHECKING:
    from flask import Flask

    from bedside.web.house import House


@attrs.frozen
class WebSettings:
    """The page: where it is served, and to how many at a time."""

    host: str = setting(
        "127.0.0.1",
        "Address to serve on: 127.0.0.1 is this machine alone, 0.0.0.0 everybody on the network.",
    )
    port: int = setting(8080, "Port to serve on; 0 takes any free one.", low=0, high=65535)
    threads: int = setting(3, "Pages made at the same time.", low=1, high=16)
    connections: int = setting(
        100, "Connections held open at the same time; more wait.", low=10, high=900
    )
    idle_s: int = setting(
        15, "A connection on which nothing moves is closed after this.", unit="s", low=1, high=600
    )
    trusted_hosts: str = setting(
        "",
        "Names, with commas between them, by which the page may be opened besides IP addresses, "
        "localhost, this machine's name and every name in .local; .example.org lets in all "
        "names below it.",
    )


def create_app(house: "House") -> "Flask":
    """Make the app; whatever it shows and moves, it is given here."""
    # Flask costs 20 MiB and a tenth of a second, and most commands only read the settings.
    from bedside.web.app import make

    return make(house)
