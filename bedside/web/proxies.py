"""Where a request really came from: a reverse proxy is believed only if it is a trusted one."""

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

AT_DEVICE = "bedside.at_device"
"""In the environment of a request: True where it comes from this machine and from no other."""

_FORWARDING = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_TRUE_CLIENT_IP")
_FORWARDING_BEGIN = ("HTTP_X_FORWARDED", "HTTP_TAILSCALE_", "HTTP_CF_")


class Proxies:
    """Puts into each request who asks, by which name and scheme; takes out all claims about it.

    A trusted proxy is believed for one hop, its own: of several values it is the last that it
    has added. With a proxy on this machine, loopback no longer means that somebody sits at it.

    Parameters
    ----------
    trusted : addresses or networks of the proxies, with commas between them.
    """

    def __init__(self, app: "WSGIApplication", trusted: str) -> None:
        self._app, self._trusted = app, networks(trusted)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        claims = {
            name: environ.pop(name)
            for name in list(environ)
            if name in _FORWARDING or name.startswith(_FORWARDING_BEGIN)
        }
        peer = address_of(str(environ.get("REMOTE_ADDR", "")))
        if peer is not None:
            environ["REMOTE_ADDR"] = str(peer)
            if any(peer in network for network in self._trusted):
                _believe(environ, claims)
        here = peer is not None and peer.is_loopback
        environ[AT_DEVICE] = here and not claims and not self._trusted
        return self._app(environ, start_response)


def _believe(environ: "WSGIEnvironment", claims: dict[str, str]) -> None:
    client = address_of(_last(claims.get("HTTP_X_FORWARDED_FOR", "")))
    if client is not None:
        environ["REMOTE_ADDR"] = str(client)
    if (scheme := _last(claims.get("HTTP_X_FORWARDED_PROTO", "")).lower()) in ("http", "https"):
        environ["wsgi.url_scheme"] = scheme
    if host := _last(claims.get("HTTP_X_FORWARDED_HOST", "")):
        environ["HTTP_HOST"] = host


def _last(values: str) -> str:
    return values.rpartition(",")[2].strip()


def address_of(text: str) -> Address | None:
    """Read an address with or without a port; one of IPv4 in the clothes of IPv6 is of IPv4."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def networks(text: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Read addresses and networks with commas between them.

    Raises
    ------
    ValueError : one of them is neither.
    """
    words = [word.strip() for word in text.split(",")]
    return [ipaddress.ip_network(word, strict=False) for word in words if word]
