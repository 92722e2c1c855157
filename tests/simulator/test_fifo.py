import numpy as np
import pytest

from bedside.clock import SteppedClock
from bedside.simulator.fifo import Fifo


def numbered(t, _number):
    """Frame k of a 100 Hz stream from 50 s on holds k, counted from 1."""
    return np.rint((t - 50.0) * 100.0).astype(">i4").tobytes()


def lettered(t, _number):
    return b"abcd" * len(t)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(monotonic=50.0)


@pytest.fixture
def fifo(clock) -> Fifo:
    return Fifo(clock, 40)


def numbers(raw: bytes) -> list[int]:
    return np.frombuffer(raw, ">i4").tolist()


def test_it_is_empty_until_a_stream_begins(fifo, clock):
    clock.advance(1.0)
    assert fifo.level() == 0
    assert fifo.pop(8) == b""


def test_bytes_wait_and_leave_in_order(fifo, clock):
    fifo.begin(50.0, 100.0, 4, numbered)
    clock.advance(0.05)
    assert fifo.level() == 20
    assert numbers(fifo.pop(8)) == [1, 2]
    clock.advance(0.02)
    assert numbers(fifo.pop(100)) == [3, 4, 5, 6, 7]
    assert (fifo.level(), fifo.gone, fifo.lost) == (0, 28, 0)


def test_the_newest_push_out_the_oldest(fifo, clock):
    fifo.begin(50.0, 100.0, 4, numbered)
    clock.advance(0.13)
    assert fifo.level() == 40
    assert fifo.lost == 12
    assert numbers(fifo.pop(40)) == list(range(4, 14))
    assert fifo.gone == 52


def test_what_was_made_outlives_the_end_of_its_stream(fifo, clock):
    fifo.begin(50.0, 100.0, 4, numbered)
    clock.advance(0.03)
    fifo.end()
    clock.advance(1.0)
    assert fifo.level() == 12
    fifo.begin(clock.monotonic(), 100.0, 4, lettered)
    clock.advance(0.01)
    assert fifo.pop(14) == numbered(50.0 + np.arange(1, 4) / 100.0, 0) + b"ab"
    assert fifo.pop(2) == b"cd"


def test_it_may_be_emptied_while_the_stream_goes_on(fifo, clock):
    fifo.begin(50.0, 100.0, 4, numbered)
    clock.advance(0.055)
    fifo.pop(4)
    fifo.clear()
    assert (fifo.level(), fifo.gone) == (0, 0)
    clock.advance(0.01)
    assert numbers(fifo.pop(4)) == [6]


def test_a_frozen_one_repeats_itself(fifo, clock):
    fifo.freeze()
    fifo.begin(50.0, 100.0, 4, numbered)
    clock.advance(0.03)
    fifo.freeze()
    clock.advance(0.02)
    assert numbers(fifo.pop(20)) == [1, 2, 3, 3, 3]
