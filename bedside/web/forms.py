"""Whether a change was really asked for from one of our own pages."""

import hashlib
import hmac
from urllib.parse import urlsplit

from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Request

from bedside.access import Access
from bedside.web.visitors import visitor

_READS = ("GET", "HEAD", "OPTIONS")
_FROM_HERE = ("same-origin", "none")


class Forms:
    """Gives each page a token and asks for it with every change.

    A form carries it in the field `csrf`, a script in the header `X-CSRF`. It is bound to the
    session, so that nobody can use his own to have another's phone change something.
    """

    def __init__(self, access: Access) -> None:
        self._access = access

    def token(self) -> str:
        """Give the token of whoever asks now."""
        bond = f"form of {visitor().bond}".encode()
        return hmac.new(self._access.secret(), bond, hashlib.sha256).hexdigest()

    def check(self, request: Request) -> None:
        """Refuse a change that no page of ours asked for.

        Raises
        ------
        Forbidden : it came from elsewhere, or without the token.
        """
        if request.method in _READS:
            return
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc.lower() != request.host.lower():
            raise Forbidden
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in _FROM_HERE:
            raise Forbidden
        given = request.headers.get("X-CSRF") or request.form.get("csrf", "")
        if not hmac.compare_digest(given.encode(), self.token().encode()):
            raise Forbidden
