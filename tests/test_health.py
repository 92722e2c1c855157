import threading

import pytest

from bedside.clock import SteppedClock
from bedside.health import Fault, Health


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(wall=1_790_000_000.0, monotonic=100.0)


def test_a_fault_is_shown_since_when_until_it_is_over(clock):
    health = Health(clock)
    health.raise_fault("sensor", "nobody answers")
    clock.advance(5.0)
    health.raise_fault("disk", "the disk is full")
    assert health.faults() == (
        Fault("sensor", "nobody answers", 100.0, 1_790_000_000.0),
        Fault("disk", "the disk is full", 105.0, 1_790_000_005.0),
    )
    health.clear_fault("sensor")
    assert [fault.part for fault in health.faults()] == ["disk"]


def test_a_new_sentence_replaces_the_old_one_but_not_its_beginning(clock):
    health = Health(clock)
    health.raise_fault("sensor", "nobody answers")
    clock.advance(5.0)
    health.raise_fault("sensor", "the wrong chip answers")
    assert health.faults() == (Fault("sensor", "the wrong chip answers", 100.0, 1_790_000_000.0),)


def test_changes_are_told_once_each(clock):
    told = []
    health = Health(clock, [lambda fault, over: told.append((fault.part, fault.sentence, over))])
    health.clear_fault("sensor")
    for sentence in ("a", "a", "b"):
        health.raise_fault("sensor", sentence)
    health.clear_fault("sensor")
    health.clear_fault("sensor")
    assert told == [("sensor", "a", False), ("sensor", "b", False), ("sensor", "b", True)]


def test_a_beat_grows_old(clock):
    health = Health(clock)
    assert health.age_s("samples") is None
    health.beat("samples")
    clock.advance(3.0)
    assert health.age_s("samples") == 3.0


def test_facts_are_noted_and_counted(clock):
    health = Health(clock)
    health.note("odr_hz", 100.0)
    health.note("odr_hz", 103.0)
    health.count("gaps")
    health.count("gaps")
    facts = health.facts()
    assert facts == {"odr_hz": 103.0, "gaps": 2}
    facts["gaps"] = 0
    assert health.facts()["gaps"] == 2


def test_threads_may_count_together(clock):
    health = Health(clock)
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        for _ in range(500):
            health.count("reads")
            health.raise_fault("sensor", "nobody answers")
            health.clear_fault("sensor")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert health.facts() == {"reads": 2000}
    assert health.faults() == ()


def test_a_fault_may_grow_calm_and_keeps_its_beginning():
    clock, told = SteppedClock(), []
    health = Health(clock, on_change=[lambda fault, over: told.append((fault.calm, over))])

    health.raise_fault("clock", "not known yet")
    clock.advance(3600.0)
    health.raise_fault("clock", "nobody tells it", calm=True)
    (fault,) = health.faults()

    assert fault.calm
    assert fault.since_s == clock.monotonic() - 3600.0
    assert told == [(False, False), (True, False)]
