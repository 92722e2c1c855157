"""Long work, one piece at a time: beside the recording, and never in its way."""

import logging
import threading
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import IO, Literal

from bedside.clock import Clock
from bedside.errors import BedsideError

log = logging.getLogger(__name__)

REST_S = 0.002
"""Rested at least after each step. A step is some ten milliseconds, and the rest as long as it
took: whoever waits for the interpreter, the recording first, gets it at once."""
_LEAVE_S = 10.0


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it.

    sentence  for people
    file      what was made, open at its start, with the name a browser is to give it
    """

    sentence: str
    file: IO[bytes] | None = None
    name: str = ""


Work = Generator[float, None, Done]
"""Does a little between yields, and yields how much is done, 0-1; closing it ends it unfinished."""


@dataclass(frozen=True, slots=True)
class Job:
    """How the work stands.

    number    counts them
    title     what it is
    back      address of the page it was asked for on
    progress  0-1
    sentence  what came of it, or what stood in the way
    """

    number: int
    title: str
    back: str
    state: Literal["going on", "done", "failed", "cancelled"] = "going on"
    progress: float = 0.0
    sentence: str = ""
    done: Done | None = None


class Jobs:
    """Does one piece of work after the other, each in a thread of its own.

    Parameters
    ----------
    clock : for the rests.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._now: Job | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False

    @property
    def now(self) -> Job | None:
        """The work that goes on, or the last that did."""
        return self._now

    @property
    def busy(self) -> bool:
        """Whether work goes on."""
        return self._now is not None and self._now.state == "going on"

    def begin(self, title: str, back: str, work: Work) -> bool:
        """Begin it; False, and nothing is done, while another goes on.

        The file of the one before is gone then.
        """
        with self._lock:
            before = self._now
            if self._closed or self.busy:
                work.close()
                return False
            _discard(before)
            self._now = job = Job(1 if before is None else before.number + 1, title, back)
            self._stop = stop = threading.Event()
            self._thread = threading.Thread(
                target=self._run, args=(job, work, stop), name="job", daemon=True
            )
            self._thread.start()
        return True

    def cancel(self) -> None:
        """Let the work that goes on end soon, unfinished."""
        self._stop.set()

    def join(self, timeout_s: float = _LEAVE_S) -> None:
        """Wait until it is over."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def close(self) -> None:
        """End what goes on, and let go of the last file."""
        with self._lock:
            self._closed = True
        self.cancel()
        self.join()
        _discard(self._now)

    def _run(self, job: Job, work: Work, stop: threading.Event) -> None:
        try:
            self._now = self._work(job, work, stop)
        except BedsideError as error:
            self._now = replace(job, state="failed", sentence=str(error))
        except Exception:
            # Like a page that fails: the log has it all, and the recording goes on.
            log.exception("%s broke off", job.title)
            sentence = "Something in bedside went wrong; it has been written to the log."
            self._now = replace(job, state="failed", sentence=sentence)

    def _work(self, job: Job, work: Work, stop: threading.Event) -> Job:
        clock, began_s = self._clock, self._clock.monotonic()
        try:
            while True:
                self._now = replace(job, progress=min(max(next(work), 0.0), 1.0))
                now_s = clock.monotonic()
                if clock.wait(now_s + max(REST_S, now_s - began_s), stop):
                    return replace(job, state="cancelled", sentence="It was ended before its time.")
                began_s = clock.monotonic()
        except StopIteration as over:
            done: Done = over.value
            return replace(job, state="done", progress=1.0, sentence=done.sentence, done=done)
        finally:
            work.close()


def _discard(job: Job | None) -> None:
    if job is not None and job.done is not None and job.done.file is not None:
        job.done.file.close()
