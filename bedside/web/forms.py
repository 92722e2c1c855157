"""Whether a change was really asked for from one of our own pages."""

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Request

_READS = ("GET", "HEAD", "OPTIONS")


class Forms:
    """Gives each page a token and asks for it with every change.

    A form carries it in the field `csrf`, a script in the header `X-CSRF`.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def token(self) -> str:
        """Give the token of whoever asks now."""
        return hmac.new(self._secret, b"", hashlib.sha256).hexdigest()

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
        given = request.headers.get("X-CSRF") or request.form.get("csrf", "")
        if not hmac.compare_digest(given.encode(), self.token().encode()):
            raise Forbidden
