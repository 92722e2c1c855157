"""Long work: one piece at a time, resting between its steps, ended when told to."""

import io
import logging
import threading

import pytest

from bedside.clock import SteppedClock
from bedside.errors import RecordingError
from bedside.web.jobs import REST_S, Done, Jobs


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def jobs(clock):
    made = Jobs(clock)
    yield made
    made.close()


def steps(number, sentence="It is done.", file=None, name=""):
    for at in range(number):
        yield at / number
    return Done(sentence, file, name)


class Held:
    """Work that goes one step each time it is let."""

    def __init__(self, number=5):
        self.turn, self.taken = threading.Semaphore(0), threading.Semaphore(0)
        self.ended = threading.Event()
        self.work = self._work(number)

    def _work(self, number):
        try:
            for at in range(number):
                self.turn.acquire(timeout=10)
                self.taken.release()
                yield at / number
            return Done("over")
        finally:
            self.ended.set()

    def step(self):
        self.turn.release()
        assert self.taken.acquire(timeout=10)


def test_nothing_goes_on_at_first(jobs):
    assert jobs.now is None
    assert not jobs.busy


def test_work_is_done_to_its_end(jobs):
    assert jobs.begin("Counting", "/night", steps(7))
    jobs.join()

    job = jobs.now
    assert (job.state, job.progress, job.sentence) == ("done", 1.0, "It is done.")
    assert (job.title, job.back, job.number) == ("Counting", "/night", 1)
    assert not jobs.busy


def test_it_rests_after_every_step_as_long_as_it_took(jobs, clock):
    def work():
        for _ in range(4):
            clock.advance(0.5)
            yield 0.0
        return Done("")

    jobs.begin("Heavy", "/", work())
    jobs.join()
    heavy_s = clock.monotonic() - 100.0
    jobs.begin("Light", "/", steps(10))
    jobs.join()

    assert heavy_s == pytest.approx(4 * 0.5 * 2)
    assert clock.monotonic() - 100.0 - heavy_s == pytest.approx(10 * REST_S)


def test_one_at_a_time(jobs):
    held, other = Held(), steps(3)
    jobs.begin("First", "/", held.work)
    held.step()

    assert jobs.busy
    assert not jobs.begin("Second", "/", other)
    assert jobs.now.title == "First"
    with pytest.raises(StopIteration):
        next(other)  # it was closed, never begun

    for _ in range(4):
        held.step()
    jobs.join()
    assert jobs.begin("Third", "/", steps(1))
    jobs.join()
    assert jobs.now.number == 2


def test_how_far_it_is_can_be_seen_meanwhile(jobs):
    held = Held(4)
    jobs.begin("Slow", "/", held.work)
    seen = []
    for _ in range(4):
        held.step()
        seen.append(jobs.now.progress)
    jobs.join()

    assert seen == sorted(seen)
    assert jobs.now.progress == 1.0


def test_it_is_ended_unfinished_when_told_to(jobs):
    held = Held(1000)
    jobs.begin("Long", "/", held.work)
    held.step()
    jobs.cancel()
    held.turn.release()
    jobs.join()

    assert held.ended.is_set()
    assert (jobs.now.state, jobs.now.done) == ("cancelled", None)
    assert jobs.begin("Next", "/", steps(1)), "the order to end was for the one before"
    jobs.join()
    assert jobs.now.state == "done"


def test_cancelling_nothing_does_no_harm(jobs):
    jobs.cancel()
    assert jobs.begin("After", "/", steps(3))
    jobs.join()
    assert jobs.now.state == "done"


def test_a_fault_of_the_world_is_said(jobs):
    def work():
        yield 0.0
        raise RecordingError("the disk is full")

    jobs.begin("Writing", "/", work())
    jobs.join()

    assert (jobs.now.state, jobs.now.sentence) == ("failed", "the disk is full")


def test_a_fault_of_the_program_is_loud_in_the_log_and_quiet_on_the_page(jobs, caplog):
    def work():
        yield 0.0
        raise ZeroDivisionError("secret")

    with caplog.at_level(logging.ERROR):
        jobs.begin("Writing", "/", work())
        jobs.join()

    assert jobs.now.state == "failed"
    assert "secret" not in jobs.now.sentence
    assert "ZeroDivisionError: secret" in caplog.text


def test_the_file_of_the_one_before_is_let_go_of(jobs):
    first, second = io.BytesIO(b"1"), io.BytesIO(b"2")
    for file in (first, second):
        jobs.begin("File", "/", steps(1, file=file, name="x"))
        jobs.join()

    assert first.closed
    assert not second.closed
    jobs.close()
    assert second.closed


def test_closing_ends_what_goes_on_and_begins_nothing_more(jobs):
    held = Held(1000)
    jobs.begin("Long", "/", held.work)
    held.step()
    held.turn.release()
    jobs.close()

    assert held.ended.is_set()
    assert not jobs.begin("Late", "/", steps(1))
