import os
import signal
import socket
import threading

import pytest

from bedside.crew import Crew, notify_systemd, stop_on_signals


def test_all_stop_when_one_ends():
    stop = threading.Event()
    crew = Crew(stop)
    crew.start("long", lambda: stop.wait(60) and None)
    crew.start("short", lambda: None)

    crew.wait()

    assert stop.is_set()


def test_wait_raises_what_the_first_failure_raised():
    stop = threading.Event()
    crew = Crew(stop)

    def fail():
        raise RuntimeError("the listener broke")

    def complain():
        stop.wait(60)
        raise RuntimeError("second")

    crew.start("second", complain)
    crew.start("first", fail)

    with pytest.raises(RuntimeError, match="the listener broke"):
        crew.wait()


def test_a_thread_that_hangs_does_not_hold_up_the_end():
    stop, hung = threading.Event(), threading.Event()
    crew = Crew(stop)
    crew.start("hung", lambda: hung.wait(60) and None)
    stop.set()

    crew.wait(patience_s=0.01)

    hung.set()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_set_stop(number):
    before = signal.getsignal(number)
    stop = threading.Event()
    try:
        stop_on_signals(stop)
        os.kill(os.getpid(), number)
        assert stop.wait(5)
    finally:
        signal.signal(number, before)


@pytest.mark.parametrize("abstract", [True, False])
def test_systemd_is_told(tmp_path, monkeypatch, abstract):
    name = f"bedside-test-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("\0" + name if abstract else name)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + name if abstract else name)

        notify_systemd("READY=1")

        assert systemd.recv(100) == b"READY=1"


def test_without_systemd_nothing_is_told(monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)

    notify_systemd("READY=1")
