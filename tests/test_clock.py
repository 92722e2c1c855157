import threading

import pytest

from bedside.clock import SteppedClock, SystemClock


def test_a_stepped_clock_passes_only_when_waited_on():
    clock, stop = SteppedClock(wall=1000.0, monotonic=5.0), threading.Event()

    assert not clock.wait(65.0, stop)

    assert clock.monotonic() == 65.0
    assert clock.wall() == 1060.0


def test_waiting_for_the_past_does_not_turn_time_back():
    clock = SteppedClock(monotonic=50.0)

    clock.wait(10.0, threading.Event())

    assert clock.monotonic() == 50.0


def test_a_step_of_the_wall_leaves_durations_alone():
    clock = SteppedClock(wall=1000.0, monotonic=5.0, known=False)

    clock.step_wall(3 * 3600.0, known=True)

    assert clock.monotonic() == 5.0
    assert clock.wall() == 1000.0 + 3 * 3600.0
    assert clock.known()


def test_a_live_clock_goes_on_from_where_it_stood():
    clock, stop = SteppedClock(monotonic=100.0), threading.Event()
    clock.advance(20.0)
    clock.go_live()

    assert not clock.wait(120.005, stop)

    assert 120.005 <= clock.monotonic() < 180.0


@pytest.mark.parametrize("clock", [SteppedClock(), SystemClock()])
def test_waiting_ends_at_once_when_stopped(clock):
    stop = threading.Event()
    stop.set()

    assert clock.wait(clock.monotonic() + 0.001, stop)


def test_the_system_clock_tells_durations_and_the_wall():
    clock = SystemClock()

    before = clock.monotonic()
    assert not clock.wait(before + 0.01, threading.Event())

    assert clock.monotonic() >= before + 0.01
    assert clock.wall() > 1_700_000_000
    assert clock.known() in (True, False)
    assert clock.boot_id == SystemClock().boot_id
