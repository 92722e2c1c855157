"""Threads that live and die together, and the word to systemd that they do."""

import os
import signal
import socket
import threading
from collections.abc import Callable


class Crew:
    """Starts named threads; when one ends or fails, all stop, and `wait` raises what it raised.

    A half-dead bedside is worse than a restarted one: systemd brings back the whole.

    Parameters
    ----------
    stop : set to end the work; every thread watches it.
    """

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._threads: list[threading.Thread] = []
        self._failure: BaseException | None = None

    def start(self, name: str, work: Callable[[], None]) -> None:
        """Run `work` in a thread of its own."""

        def run() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001  handed to the one who waits
                self._failure = self._failure or error
            finally:
                self._stop.set()

        thread = threading.Thread(target=run, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def wait(self, *, patience_s: float = 2.5) -> None:
        """Return when all have stopped; raise what the first one to fail raised.

        `patience_s` bounds how long a thread that hangs (a bus that never answers) may hold up
        the end: the others have flushed what they had by then.
        """
        while not self._stop.wait(3600.0):
            pass
        for thread in self._threads:
            thread.join(patience_s)
        if self._failure is not None:
            raise self._failure


def stop_on_signals(stop: threading.Event) -> None:
    """Let SIGTERM and SIGINT set `stop`; call it from the main thread."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())


def reload_on_signal(ask: Callable[[], None]) -> None:
    """Let SIGHUP ask for the settings file to be read again; call it from the main thread."""
    signal.signal(signal.SIGHUP, lambda _number, _frame: ask())


def notify_systemd(message: str) -> None:
    """Send `message` (sd_notify(3): READY=1, STATUS=…, WATCHDOG=1); nothing without systemd."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]  # an abstract socket
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.connect(address)
        wire.sendall(message.encode())
