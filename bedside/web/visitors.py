"""Who asks: the device itself, a phone that was let in, or a stranger."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from flask import Request, Response, g, redirect
from werkzeug.exceptions import Unauthorized

from bedside.access import Access, Session
from bedside.access.access import SESSION_LASTS_S
from bedside.errors import AccessError
from bedside.web.proxies import AT_DEVICE

OPEN = frozenset(
    ["assets.give", "assets.manifest", "doors.login", "doors.enter", "doors.pair", "doors.accept"]
)
"""What a stranger may open, by endpoint; whatever is not named here needs a login."""

_COOKIE = "bedside"
_LONGEST_WAY_BACK = 500


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks.

    device   somebody at this very machine, who could read the database as well
    session  None for whoever was not let in
    """

    device: bool = False
    session: Session | None = None

    @property
    def known(self) -> bool:
        """Whether the pages are theirs to see."""
        return self.device or self.session is not None

    @property
    def bond(self) -> str:
        """What the forms made for them are bound to."""
        if self.session is not None:
            return f"session {self.session.id}"
        return "device" if self.device else "stranger"


def visitor() -> Visitor:
    """Give who asks now."""
    found: Visitor = g.get("visitor", Visitor())
    return found


class Doorkeeper:
    """Knows who comes, and lets strangers no further than the doors."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def greet(self, request: Request) -> None:
        """Find out who asks."""
        session = None
        if token := request.cookies.get(_name(request)):
            try:
                session = self._access.session(token)
            except AccessError:
                session = None  # told by the daemon; whoever cannot be known is a stranger
        at_device = bool(request.environ.get(AT_DEVICE)) and _is_loopback(request.host)
        g.visitor = Visitor(at_device, session)

    def check(self, request: Request) -> Response | None:
        """Send a stranger to the door; None for whoever may go on.

        Raises
        ------
        Unauthorized : a program asked, which could do nothing with a door.
        """
        if visitor().known or request.endpoint in OPEN:
            return None
        if request.path.startswith("/api/"):
            raise Unauthorized
        return redirect(_door(request), 303)  # type: ignore[return-value]

    def see_off(self, request: Request, response: Response) -> Response:
        """Mark what is one visitor's alone; renew the cookie of a phone that comes again."""
        if request.endpoint != "assets.give":
            response.vary.add("Cookie")
        session = visitor().session
        if session is not None and session.noted and "Set-Cookie" not in response.headers:
            remember(request, response, request.cookies[_name(request)])
        return response


def remember(request: Request, response: Response, token: str) -> None:
    """Give a phone the cookie by which it is known again."""
    response.set_cookie(
        _name(request),
        token,
        max_age=int(SESSION_LASTS_S),
        path="/",
        secure=request.is_secure,
        httponly=True,
        # A link from elsewhere may open a page; it cannot bring the cookie to a change.
        samesite="Lax",
    )


def forget(request: Request, response: Response) -> None:
    """Take the cookie back."""
    response.delete_cookie(
        _name(request), path="/", secure=request.is_secure, httponly=True, samesite="Lax"
    )


def way_back(target: str) -> str:
    """Give `target` where it is one of our own pages; the first page otherwise.

    Browsers read a backslash as a slash and leave out tabs and line ends, so that a target with
    any of them could lead to another house.
    """
    plain = all(" " < letter < "\x7f" and letter != "\\" for letter in target)
    parts = urlsplit(target) if plain and len(target) <= _LONGEST_WAY_BACK else None
    if parts is None or parts.scheme or parts.netloc:
        return "/"
    if not target.startswith("/") or target.startswith("//"):
        return "/"
    return "/" if parts.path in ("/login", "/logout") else target


def _door(request: Request) -> str:
    if request.method not in ("GET", "HEAD") or request.path == "/":
        return "/login"
    target = request.path
    if query := request.query_string.decode("latin-1"):
        target = f"{target}?{query}"
    back = way_back(quote(target, safe="/?&=%+:,;@!$'()*~-._"))
    return "/login" if back == "/" else f"/login?next={quote(back, safe='')}"


def _name(request: Request) -> str:
    """Name the cookie: under TLS, so that no page served without it can set or read it."""
    return f"__Host-{_COOKIE}" if request.is_secure else _COOKIE


def _is_loopback(host: str) -> bool:
    """Whether the page was opened by a name of this machine for itself.

    A proxy that leaves no trace of itself would still pass on the name it was asked by.
    """
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
