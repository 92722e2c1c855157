"""Serves the app from a few threads until it is told to stop."""

import errno
import logging
import socket
import threading
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server

from bedside.errors import WebError
from bedside.web import WebSettings
from bedside.web.channel import RECORD_BYTES, secured
from bedside.web.tls import Certificate

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_TICK_S = 0.25
_LARGEST_BODY_BYTES = 16 * 1024
_LARGEST_HEADER_BYTES = 16 * 1024
_WAITING = 64  # connections beyond those allowed, until the oldest of them are closed
_PRIVILEGED = 1024
_LACKED = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class Server:
    """The app behind its sockets: bound when made, served by `run`.

    The listening sockets are made here rather than by waitress, so that each refusal can be
    said in one sentence and nothing stays open after it.

    Raises
    ------
    WebError : the address cannot be had; the sentence says why and what to do.
    """

    def __init__(self, app: "WSGIApplication", settings: WebSettings) -> None:
        # One warning for each request that waits a moment would fill the log of a busy phone.
        logging.getLogger("waitress").setLevel(logging.ERROR)
        listening = _listen(settings.host, settings.port)
        self.host = settings.host
        self.port: int = listening[0].getsockname()[1]
        self._most = settings.connections
        self._map: dict[int, Any] = {}
        self._server = create_server(
            app,
            map=self._map,
            sockets=listening,
            threads=settings.threads,
            connection_limit=settings.connections + _WAITING,
            channel_timeout=settings.idle_s,
            cleanup_interval=min(5, settings.idle_s),
            max_request_body_size=_LARGEST_BODY_BYTES,
            max_request_header_size=_LARGEST_HEADER_BYTES,
            recv_bytes=RECORD_BYTES,
            # The app looks at what proxies claim, and takes it out itself.
            clear_untrusted_proxy_headers=False,
            url_scheme="https" if settings.certificate else "http",
            ident="",
        )
        self._certificate: Certificate | None = None
        if settings.certificate:
            self._certificate = Certificate(settings.certificate, settings.key)
            for part in self._map.values():
                if isinstance(part, BaseWSGIServer):
                    part.channel_class = secured(self._certificate)  # type: ignore[assignment]

    @property
    def url(self) -> str:
        """What to type into a browser on this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)
        if ":" in host and not host.startswith("["):
            host = f"[{host}]"
        scheme = "http" if self._certificate is None else "https"
        return f"{scheme}://{host}:{self.port}/"

    def trouble(self, wall_s: float | None) -> str:
        """Say what is wrong with the certificate; empty when all is well, or there is none.

        Parameters
        ----------
        wall_s : Unix time, s; None while it is not known.
        """
        return "" if self._certificate is None else self._certificate.trouble(wall_s)

    def run(self, stop: threading.Event) -> None:
        """Serve until `stop` is set; then close everything within a second."""
        try:
            while not stop.is_set():
                wasyncore.loop(timeout=_TICK_S, use_poll=True, map=self._map, count=1)
                self._make_room()
        finally:
            self.close()

    def _make_room(self) -> None:
        """Close what has been open longest without asking, where too many are open.

        So those who open connections and say nothing, or one letter at a time, or do not take
        their answer, keep nobody out who asks at once.
        """
        channels = [part for part in self._map.values() if isinstance(part, HTTPChannel)]
        surplus = len(channels) - self._most
        if surplus <= 0:
            return
        idle = [channel for channel in channels if not channel.requests]
        idle.sort(key=lambda channel: (channel.total_outbufs_len > 0, channel.creation_time))
        for channel in idle[:surplus]:
            channel.handle_close()

    def close(self) -> None:
        """Let go of the port and end the threads; call it when `run` was never called."""
        self._server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._map, ignore_all=True)


def _listen(host: str, port: int) -> list[socket.socket]:
    """Give one bound socket for every address of `host`, all on one port."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise WebError(
            f"the host {host!r} is not known here; in [web] host = …, name an address of this "
            "machine, 127.0.0.1 or 0.0.0.0"
        ) from error
    bound: list[socket.socket] = []
    refusals: list[OSError] = []
    for family, address in dict.fromkeys((entry[0], entry[4]) for entry in found):
        chosen = bound[0].getsockname()[1] if bound else port
        try:
            bound.append(_bind(family, (address[0], chosen, *address[2:])))
        except OSError as error:
            refusals.append(error)
    # An address this machine lacks (IPv6, often) may be passed over where it has another.
    grave = [error for error in refusals if error.errno not in _LACKED]
    if bound and not grave:
        return bound
    for listener in bound:
        listener.close()
    refusal = (grave or refusals)[0]
    raise _refused(host, port, refusal) from refusal


def _bind(family: int, address: tuple[Any, ...]) -> socket.socket:
    """Give a socket bound to `address`, closed again when that fails."""
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            # "::" means everybody, by either protocol; any other address has but one.
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, address[0] != "::")
        listener.bind(address)
    except OSError:
        listener.close()
        raise
    return listener


def _refused(host: str, port: int, error: OSError) -> WebError:
    """Say why the address cannot be had."""
    if error.errno == errno.EADDRINUSE:
        return WebError(
            f"port {port} is already in use; choose another with --port or [web] port = …"
        )
    if error.errno in (errno.EACCES, errno.EPERM) and 0 < port < _PRIVILEGED:
        return WebError(
            f"port {port} may only be used by root, as all below {_PRIVILEGED}; choose a higher "
            "one with --port or [web] port = …"
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return WebError(
            f"{host} is no address of this machine; in [web] host = …, name one of its own, "
            "127.0.0.1 or 0.0.0.0"
        )
    return WebError(f"the page cannot be served on {host} port {port}: {error.strerror}")
