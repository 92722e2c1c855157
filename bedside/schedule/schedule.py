"""Appointments kept: APScheduler in local time, on a clock that may jump."""

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import date, datetime, tzinfo
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.base import BaseTrigger

from bedside.clock import Clock
from bedside.health import Health
from bedside.schedule.days import Appointment, Due, upcoming

log = logging.getLogger(__name__)

STEP_S = 1.0
"""The wall clock moved by more than this against the monotonic one: it was set."""

SAME_DAY_S = 12 * 3600.0
"""What was done for a local day less than this ago, truly elapsed, is not done again for it."""

Work = Callable[[float], None]
"""What is done; it is told how late it comes, s."""


class Trigger(BaseTrigger):  # type: ignore[misc]
    """Tells APScheduler when an appointment comes: once each local day, whatever the clocks do."""

    def __init__(self, appointment: Appointment, zone: tzinfo) -> None:
        self._appointment, self._zone = appointment, zone

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """Give the first moment after the previous one, or after now if the clock was set back."""
        after = now if previous is None else min(previous, now)
        return self._appointment.next(after.timestamp(), self._zone).utc


class Schedule:
    """Keeps appointments while the time of day is known.

    On `health`, the part `schedule` is at fault after an appointment was missed, until the
    next one is kept. Call `tick` about once a second: it notices that the clock was set, and
    raises what a piece of work raised. After a restart, what can still be kept is done again:
    its effect went with the process.

    Parameters
    ----------
    work : each appointment and what is done then, in a thread of the scheduler's.
    scheduler : APScheduler's; None for one with a thread of its own on the machine's clock.
    """

    def __init__(
        self,
        work: Iterable[tuple[Appointment, Work]],
        clock: Clock,
        health: Health,
        zone: tzinfo,
        scheduler: BaseScheduler | None = None,
    ) -> None:
        self._work = {appointment.name: (appointment, do) for appointment, do in work}
        self._clock, self._health, self._zone = clock, health, zone
        self._lock = threading.Lock()
        self._done: dict[str, dict[date, float]] = {name: {} for name in self._work}
        self._offset_s: float | None = None
        self._failure: BaseException | None = None
        self._scheduler = scheduler or BackgroundScheduler()
        self._scheduler.configure(
            timezone=zone,
            executors={"default": ThreadPoolExecutor(1)} if scheduler is None else {},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.add_listener(
            self._heard, EVENT_JOB_MISSED | EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES
        )
        self._scheduler.start()

    def tick(self) -> None:
        """Look at the clock: arm what is not armed, arm anew when the clock was set."""
        if self._failure is not None:
            raise self._failure
        if not self._clock.known():
            return
        offset_s = self._clock.wall() - self._clock.monotonic()
        last_s, self._offset_s = self._offset_s, offset_s
        if last_s is None or abs(offset_s - last_s) > STEP_S:
            self._arm(stepped_s=0.0 if last_s is None else offset_s - last_s)
        elif any(job.next_run_time.timestamp() <= self._clock.wall() for job in self._jobs()):
            self._scheduler.wakeup()  # it sleeps on a clock that does not see suspends

    def upcoming(self) -> tuple[Due, ...]:
        """Give the next coming of each appointment; none while the time is not known."""
        if not self._clock.known():
            return ()
        appointments = (appointment for appointment, _ in self._work.values())
        return upcoming(appointments, self._clock.wall(), self._zone)

    def close(self) -> None:
        """Keep no more appointments; what is being done is done to its end."""
        self._scheduler.shutdown()

    def _jobs(self) -> list[Any]:
        return list(self._scheduler.get_jobs())

    def _arm(self, stepped_s: float) -> None:
        """Set every appointment to its next coming, or to the last if it can still be kept."""
        now_s = self._clock.wall()
        for name, (appointment, _) in self._work.items():
            last = appointment.last(now_s, self._zone)
            late_s = now_s - last.wall_s
            due = last
            if late_s > appointment.late_s or self._is_done(last):
                due = appointment.next(now_s, self._zone)
                if late_s < stepped_s and not self._is_done(last):
                    self._missed(last, "the clock was set past it")
            self._scheduler.add_job(
                self._keep,
                Trigger(appointment, self._zone),
                args=(name,),
                id=name,
                name=name,
                next_run_time=due.utc,
                replace_existing=True,
            )
        self._scheduler.wakeup()

    def _keep(self, name: str) -> None:
        """Do what is due by now, unless it was done, or is too late."""
        appointment, do = self._work[name]
        now_s = self._clock.wall()
        due = appointment.last(now_s, self._zone)
        late_s = now_s - due.wall_s
        with self._lock:
            if self._is_done(due):
                return
            self._done[name] = {due.day: self._clock.monotonic()}
        if late_s > appointment.late_s:
            self._missed(due, f"its turn came {late_s / 60.0:.0f} min late")
            return
        self._health.clear_fault("schedule")
        log.info("%s", name)
        do(late_s)

    def _is_done(self, due: Due) -> bool:
        done_s = self._done[due.name].get(due.day)
        return done_s is not None and self._clock.monotonic() - done_s < SAME_DAY_S

    def _missed(self, due: Due, why: str) -> None:
        self._health.raise_fault(
            "schedule", f"{due.name} of {due.at(self._zone):%H:%M} was left out: {why}"
        )

    def _heard(self, event: Any) -> None:
        """Take what APScheduler tells: work that raised, or that it left out."""
        if event.code == EVENT_JOB_ERROR:
            self._failure = event.exception
            return
        self._health.raise_fault("schedule", f"{event.job_id} was left out by the scheduler")
