"""A crowd before the page: many phones that poll, and some that hardly move."""

import socket
import threading
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter

PHONES, SLOW = 50, 20
POLL_S, DRIP_S = 0.5, 1.0


@dataclass
class Crowd:
    """Answers of a page under a crowd: seconds each took, and how many never came."""

    answered_s: list[float] = field(default_factory=list)
    failed: int = 0

    @property
    def median_s(self) -> float:
        """Half of the answers took no longer."""
        return self._share(0.5)

    @property
    def p99_s(self) -> float:
        """All but one in a hundred took no longer."""
        return self._share(0.99)

    def _share(self, share: float) -> float:
        ordered = sorted(self.answered_s)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def crowd(port: int, seconds: float, phones: int = PHONES, slow: int = SLOW) -> Crowd:
    """Let phones poll the live page at 2 Hz while others send a byte a second."""
    met, stop = Crowd(), threading.Event()
    address = f"http://127.0.0.1:{port}/api/live"
    threads = [threading.Thread(target=_poll, args=(address, met, stop)) for _ in range(phones)]
    threads += [threading.Thread(target=_drip, args=(port, stop)) for _ in range(slow)]
    for thread in threads:
        thread.start()
    stop.wait(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return met


def _poll(address: str, met: Crowd, stop: threading.Event) -> None:
    while not stop.wait(POLL_S):
        begun_s = perf_counter()
        try:
            with urllib.request.urlopen(address, timeout=10.0) as answer:
                answer.read()
        except (OSError, urllib.error.URLError):
            met.failed += 1
        else:
            met.answered_s.append(perf_counter() - begun_s)


def _drip(port: int, stop: threading.Event) -> None:
    """Begin a request and never come to its end; when the door is shut, knock again."""
    while not stop.is_set():
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5.0) as wire:
            wire.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
            while not stop.wait(DRIP_S):
                wire.sendall(b"x")
