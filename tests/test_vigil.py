import os
import socket
import threading

import pytest

from bedside.clock import SteppedClock
from bedside.health import Health
from bedside.vigil import FEED_S, PART, SILENT_S, STUCK_S, AttendedClock, Vigil


@pytest.fixture
def stepped():
    return SteppedClock()


@pytest.fixture
def clock(stepped):
    return AttendedClock(stepped)


@pytest.fixture
def health(clock):
    return Health(clock)


@pytest.fixture
def vigil(clock, health):
    return Vigil(clock, health, frozenset({"listen"}))


@pytest.fixture
def systemd(tmp_path, monkeypatch):
    """Hear what systemd is told: call it for the words since the last call."""
    name = str(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.bind(name)
        wire.setblocking(False)

        def heard():
            words = []
            while True:
                try:
                    words += wire.recv(4096).decode().splitlines()
                except BlockingIOError:
                    return words

        yield heard


def parts(health):
    return [fault.part for fault in health.faults()]


def test_it_is_ready_with_the_first_samples_and_not_before(vigil, health, systemd):
    vigil.look()
    before = systemd()
    health.beat("samples")
    vigil.look()
    vigil.look()

    assert "READY=1" not in before
    assert systemd().count("READY=1") == 1


def test_it_is_ready_too_when_it_is_known_why_there_are_none(vigil, health, systemd):
    health.raise_fault("sensor", "nobody answers at 0x68")
    vigil.look()

    said = systemd()
    assert "READY=1" in said
    assert "STATUS=nobody answers at 0x68" in said
    assert "WATCHDOG=1" in said


def test_systemd_is_fed_now_and_then_while_samples_come(vigil, health, stepped, systemd):
    said = []
    for _ in range(60):
        stepped.advance(1.0)
        health.beat("samples")
        vigil.look()
        said += systemd()

    assert said.count("WATCHDOG=1") == pytest.approx(60.0 / FEED_S, abs=1)
    assert health.faults() == ()


@pytest.mark.parametrize("ever", [True, False])
def test_silence_that_nothing_explains_is_not_fed(vigil, health, stepped, systemd, ever):
    if ever:
        health.beat("samples")
    stepped.advance(SILENT_S + 1.0)
    vigil.look()

    assert "WATCHDOG=1" not in systemd()
    assert parts(health) == [PART]


def test_silence_that_a_fault_explains_is_fed(vigil, health, stepped, systemd):
    health.beat("samples")
    stepped.advance(3600.0)
    health.raise_fault("sensor", "the cable is off")
    vigil.look()

    assert "WATCHDOG=1" in systemd()


def test_another_part_at_fault_explains_no_silence(vigil, health, stepped, systemd):
    health.raise_fault("clock", "the time is not known")
    stepped.advance(SILENT_S + 1.0)
    vigil.look()

    assert "WATCHDOG=1" not in systemd()


def test_samples_that_come_again_are_fed_again(vigil, health, stepped, systemd):
    stepped.advance(SILENT_S + 1.0)
    vigil.look()
    systemd()
    health.beat("samples")
    vigil.look()

    assert "WATCHDOG=1" in systemd()
    assert health.faults() == ()


def busy(clock, name):
    """Let a thread of this name rest a moment, then be busy for ever after."""
    stop = threading.Event()
    thread = threading.Thread(target=lambda: clock.wait(0.0, stop), name=name)
    thread.start()
    thread.join()


@pytest.mark.parametrize("fault", [False, True])
def test_a_thread_that_hangs_is_not_fed_whatever_is_shown(
    vigil, clock, health, stepped, systemd, fault
):
    busy(clock, "listen")
    stepped.advance(STUCK_S + 1.0)
    health.beat("samples")
    if fault:
        health.raise_fault("sensor", "the bus is stuck")
    vigil.look()

    assert "WATCHDOG=1" not in systemd()
    (told,) = [each.sentence for each in health.faults() if each.part == PART]
    assert "`listen`" in told


def test_a_thread_that_rests_for_long_does_not_hang(clock, stepped):
    stop, resting = threading.Event(), threading.Event()
    stepped.go_live()
    thread = threading.Thread(
        target=lambda: (resting.set(), clock.wait(clock.monotonic() + 60.0, stop)), name="listen"
    )
    thread.start()
    resting.wait(5.0)
    stepped.advance(2.0 * STUCK_S)
    busy_s = clock.busy_s()
    stop.set()
    thread.join()

    assert "listen" not in busy_s


def test_threads_that_nobody_watches_may_take_their_time(vigil, clock, health, stepped, systemd):
    busy(clock, "waitress-0")
    stepped.advance(STUCK_S + 1.0)
    health.beat("samples")
    vigil.look()

    assert "WATCHDOG=1" in systemd()


def test_the_status_says_what_goes_on(vigil, health):
    first = vigil.status()
    health.note("sensor", "MPU-6050 at 0x68")
    second = vigil.status()
    health.note("bed", "occupied")
    health.count("gaps")
    third = vigil.status()
    health.raise_fault("disk", "the disk is full")
    health.raise_fault("clock", "the time is not known")

    assert first == "looking for the sensor"
    assert second == (
        "recording from the MPU-6050 at 0x68; not yet sure whether somebody is in bed"
    )
    assert third == "recording from the MPU-6050 at 0x68; somebody is in bed; 1 gap so far"
    assert vigil.status() == "the disk is full (and 1 more)"


def test_the_status_is_told_only_when_it_changes(vigil, health, systemd):
    health.beat("samples")
    for _ in range(3):
        vigil.look()

    assert sum(word.startswith("STATUS=") for word in systemd()) == 1


def test_without_systemd_it_only_looks(vigil, health, stepped, monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    stepped.advance(SILENT_S + 1.0)

    vigil.look()

    assert parts(health) == [PART]
    assert "NOTIFY_SOCKET" not in os.environ
