"""The certificate: read from its files, read again when these are renewed, and its faults told."""

import os
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bedside.errors import WebError

_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
_VERSION_TAG = 0xA0
_TIMES = {0x17: "%y%m%d%H%M%SZ", 0x18: "%Y%m%d%H%M%SZ"}  # UTCTime, GeneralizedTime
_MEND = "; without [web] certificate and key the page is served without https"


class Certificate:
    """A certificate and its key.

    Files that cannot be used are no reason to stop: what was read before goes on to be shown,
    and where there is nothing yet, nobody is let in until they are mended.
    """

    def __init__(self, certificate: str, key: str) -> None:
        self._certificate, self._key = Path(certificate), Path(key)
        self._lock = threading.Lock()
        self._stamps: tuple[object, ...] | None = None
        self._context: ssl.SSLContext | None = None
        self._valid_s = (0.0, 0.0)
        self._why = ""

    def context(self) -> ssl.SSLContext | None:
        """Give what handshakes are made with, after a look whether the files have changed."""
        with self._lock:
            stamps = (_stamp(self._certificate), _stamp(self._key))
            if stamps != self._stamps:
                self._stamps = stamps
                try:
                    self._context, self._valid_s = self._read()
                    self._why = ""
                except WebError as error:
                    self._why = str(error)
            return self._context

    def trouble(self, wall_s: float | None) -> str:
        """Say in one sentence what is wrong with it; empty when all is well.

        Parameters
        ----------
        wall_s : Unix time, s; None while it is not known, and nothing can be said of validity.
        """
        self.context()
        if self._why or wall_s is None:
            return self._why
        begins_s, ends_s = self._valid_s
        if wall_s > ends_s:
            return f"the certificate {self._certificate} ended on {_day(ends_s)}; renew it"
        if wall_s < begins_s:
            return (
                f"the certificate {self._certificate} begins only on {_day(begins_s)}; wait, or"
                " have another made"
            )
        return ""

    def _read(self) -> tuple[ssl.SSLContext, tuple[float, float]]:
        try:
            text = self._certificate.read_text("ascii", "replace")
            self._key.read_bytes()
        except OSError as error:
            raise WebError(_unreadable(error)) from error
        valid_s = _validity(self._certificate, text)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
        context.set_alpn_protocols(["http/1.1"])
        try:
            # An empty passphrase, lest OpenSSL ask for one at a terminal nobody sits at.
            context.load_cert_chain(self._certificate, self._key, password=lambda: "")
        except (ssl.SSLError, OSError, ValueError) as error:
            raise WebError(self._unfit(error)) from error
        return context, valid_s

    def _unfit(self, error: Exception) -> str:
        if getattr(error, "reason", None) == "KEY_VALUES_MISMATCH":
            return (
                f"the key {self._key} does not fit the certificate {self._certificate}; name the"
                f" two that were made together{_MEND}"
            )
        if "ENCRYPTED" in self._key.read_text("ascii", "replace"):
            return f"the key {self._key} has a passphrase; store it without one{_MEND}"
        why = getattr(error, "reason", None) or "is no private key in PEM"
        return f"the key {self._key} cannot be used ({why}){_MEND}"


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        found = os.stat(path)  # noqa: PTH116  at each connection: no Path to be made
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _unreadable(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"there is no file {error.filename}, named in [web]; correct the name{_MEND}"
    if isinstance(error, PermissionError):
        return f"{error.filename} may not be read by the user that runs bedside; permit it{_MEND}"
    return f"{error.filename} cannot be read: {error.strerror}{_MEND}"


def _validity(path: Path, text: str) -> tuple[float, float]:
    """Give when a certificate begins and ends, Unix s (RFC 5280, 4.1).

    Raises
    ------
    WebError : there is none in the text.
    """
    begin, end = text.find(_BEGIN), text.find(_END)
    try:
        der = ssl.PEM_cert_to_DER_cert(text[begin : end + len(_END)])
        ((_tag, whole),) = _items(der)
        (_tag, signed), *_signature = _items(whole)
        parts = [content for tag, content in _items(signed) if tag != _VERSION_TAG]
        begins, ends = _items(parts[3])  # after the serial number, the algorithm, the issuer
        return _unix_s(*begins), _unix_s(*ends)
    except (ValueError, IndexError, KeyError) as error:
        raise WebError(f"{path} is no certificate in PEM{_MEND}") from error


def _items(der: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and content of each item (X.690, 8.1)."""
    place = 0
    while place < len(der):
        tag, length, place = der[place], der[place + 1], place + 2
        if length & 0x80:
            wide = length & 0x7F
            length, place = int.from_bytes(der[place : place + wide], "big"), place + wide
        yield tag, der[place : place + length]
        place += length


def _unix_s(tag: int, content: bytes) -> float:
    return datetime.strptime(content.decode("ascii"), _TIMES[tag]).replace(tzinfo=UTC).timestamp()


def _day(wall_s: float) -> str:
    return f"{datetime.fromtimestamp(wall_s, UTC):%Y-%m-%d}"
