"""waitress with TLS: a connection that shakes hands first, in the same loop as all others."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from waitress.channel import HTTPChannel

from bedside.web.tls import Certificate

RECORD_BYTES = 16384
"""The largest TLS record: who reads as much leaves none of it where poll(2) cannot see it."""

_PLAIN = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Connection: close\r\nContent-Length: 42\r\n\r\nThis page is served by https: write that.\n"
)


class Guarded(ssl.SSLSocket):
    """A socket on which a page may be sent by one thread while another listens.

    OpenSSL takes no two calls at once for one connection; none of them waits, so the lock is
    held for moments.
    """

    turn: threading.Lock

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        """Read what has arrived."""
        with self.turn:
            return super().recv(buflen, flags)

    def send(self, data: Any, flags: int = 0) -> int:
        """Send what there is room for."""
        with self.turn:
            return super().send(data, flags)

    def bid_farewell(self) -> None:
        """Tell the other side that nothing was cut off; it need not answer."""
        with self.turn, suppress(OSError, ValueError):
            self.unwrap()


class _NotYet(Exception):
    """Nothing can be read before more of a record has arrived."""


class TlsChannel(HTTPChannel):
    """A connection under TLS; one that is slow to shake hands takes a place, but no thread."""

    def __init__(
        self,
        server: Any,
        sock: socket.socket,
        addr: Any,
        adj: Any,
        map: dict[int, Any] | None = None,
        *,
        context: ssl.SSLContext,
    ) -> None:
        sock.setblocking(False)
        context.sslsocket_class = Guarded
        self._secure: Guarded = context.wrap_socket(  # type: ignore[assignment]
            sock, server_side=True, do_handshake_on_connect=False
        )
        self._secure.turn = threading.Lock()
        self._shaken = self._has_to_send = False
        super().__init__(server, self._secure, addr, adj, map)

    def writable(self) -> bool:
        """Whether there is anything to send."""
        return self._has_to_send or bool(super().writable())

    def handle_read(self) -> None:
        """Go on with the handshake, or with the request."""
        if self._shaken or self._shake():
            with suppress(_NotYet):
                super().handle_read()

    def handle_write(self) -> None:
        """Go on with the handshake, or with the answer."""
        if self._shaken or self.will_close:
            super().handle_write()
        else:
            self._shake()

    def recv(self, buffer_size: int) -> bytes:
        """Read one record."""
        try:
            return bytes(super().recv(buffer_size))
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
            raise _NotYet from error

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send a part of `data`; 0 when there is no room, and the same has to be sent again."""
        try:
            return int(super().send(data, do_close))
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return 0

    def handle_close(self) -> None:
        """Close, with a farewell."""
        if self._shaken:
            self._secure.bid_farewell()
        super().handle_close()

    def _shake(self) -> bool:
        """Take the handshake as far as it goes; whether it is done."""
        self._has_to_send = False
        try:
            self._secure.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLWantWriteError:
            self._has_to_send = True
            return False
        except OSError as error:
            if getattr(error, "reason", None) == "HTTP_REQUEST":
                with suppress(OSError):
                    socket.socket.send(self._secure, _PLAIN)
                    # What is left unread would have the kernel take back the answer too.
                    socket.socket.recv(self._secure, RECORD_BYTES)
            self.handle_close()
            return False
        self._shaken = True
        return True


def secured(certificate: Certificate) -> Callable[..., TlsChannel | None]:
    """Give what makes a channel of a connection; it closes one that cannot be served."""

    def make(
        server: Any, sock: socket.socket, addr: Any, adj: Any, **more: Any
    ) -> TlsChannel | None:
        context = certificate.context()
        try:
            if context is not None:
                return TlsChannel(server, sock, addr, adj, context=context, **more)
        except OSError:
            pass  # gone before it was greeted
        sock.close()
        return None

    return make
