"""Who may ask, and what a browser may do with the answer."""

import ipaddress
import socket

from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Request, Response

_HEADERS = [
    # Nothing inline but the one sheet, nothing from elsewhere; nobody may frame it, or take its
    # forms elsewhere.
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'{style}; "
        "img-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    # Nothing is told elsewhere; with "no-referrer" a browser would not tell us either whence a form
    # comes, and say `Origin: null`.
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
]


class Hosts:
    """The names by which the page may be opened.

    A page elsewhere can make its own name point at this device (DNS rebinding) and then read
    what it likes; it cannot take an address, `localhost`, a name in `.local` or ours.

    Parameters
    ----------
    named : more names, with commas between them; one with a leading dot takes all below it.
    """

    def __init__(self, named: str) -> None:
        names = {name.strip().lower().rstrip(".") for name in named.split(",")}
        names |= {"localhost", ".localhost", ".local", socket.gethostname().lower()}
        self._exact = {name for name in names if name and not name.startswith(".")}
        self._below = tuple(name for name in names if name.startswith("."))

    def check(self, request: Request) -> None:
        """Refuse a request that came under another name.

        Raises
        ------
        BadRequest : the name is missing, malformed or strange.
        """
        # werkzeug gives "" for a missing name and for one with characters no name has.
        host = request.host.lower()
        name = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
        name = name.rstrip(".")
        if not (name in self._exact or name.endswith(self._below) or _is_address(name)):
            raise BadRequest("This device does not answer to that name.")


def _is_address(name: str) -> bool:
    try:
        if name.startswith("["):
            ipaddress.IPv6Address(name[1:-1])
        else:
            ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True


def secure(response: Response, style_hash: str = "") -> Response:
    """Add the headers that every answer carries; a night is private unless said otherwise.

    Parameters
    ----------
    style_hash : `sha256-…` of the one sheet that may stand in a page.
    """
    style = f" '{style_hash}'" if style_hash else ""
    response.headers.extend((name, value.format(style=style)) for name, value in _HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
