"""APScheduler with its true triggers and stores, on a clock that tests turn by hand."""

import threading
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from apscheduler.events import EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.base import BaseScheduler

from bedside.clock import SteppedClock, SystemClock
from bedside.health import Health
from bedside.schedule.days import WEEKDAYS, Appointment
from bedside.schedule.schedule import Schedule, Trigger

BERLIN = ZoneInfo("Europe/Berlin")
HOUR, DAY = 3600.0, 86400.0
EVENING = Appointment("evening", time(21, 30), 2 * HOUR)
LIGHTS_OUT = Appointment("lights-out", time(22, 30), 12 * HOUR)
SUNRISE = Appointment("sunrise", time(7, 0), HOUR, ahead_s=1800.0)
NIGHTLY = Appointment("nightly", time(2, 30), 4 * HOUR)
ALL = (EVENING, LIGHTS_OUT, SUNRISE, NIGHTLY)
NIGHTS = [(2026, 3, 28), (2026, 6, 1), (2026, 10, 24)]  # before 23, 24 and 25 hours


class ByHand(BaseScheduler):
    """Looks for jobs when it is woken, and runs them there and then."""

    def shutdown(self, wait=True):
        super().shutdown(wait)

    def wakeup(self):
        if self.running:
            self._process_jobs()

    def _create_default_executor(self):
        return DebugExecutor()


class House:
    """A schedule, its clock, and what was done when (local time)."""

    def __init__(self, monkeypatch, start, *, known=True, appointments=ALL, zone=BERLIN):
        local = datetime(*start, tzinfo=zone)
        self.zone = zone
        self.clock = clock = SteppedClock(wall=local.timestamp(), known=known)

        class Now(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.fromtimestamp(clock.wall(), tz)

        monkeypatch.setattr("apscheduler.schedulers.base.datetime", Now)
        self.done, self.late = [], []
        self.health = Health(self.clock)
        self.scheduler = ByHand()
        self.schedule = self.new(appointments)

    def new(self, appointments=ALL):
        work = [(one, self.doing(one.name)) for one in appointments]
        return Schedule(work, self.clock, self.health, self.zone, self.scheduler)

    def doing(self, name):
        def do(late_s):
            self.done.append((name, f"{self.local:%d %H:%M}"))
            self.late.append(late_s)

        return do

    @property
    def local(self):
        return datetime.fromtimestamp(self.clock.wall(), self.zone)

    def live(self, seconds, step_s=60.0):
        end_s = self.clock.monotonic() + seconds
        self.schedule.tick()
        while self.clock.monotonic() < end_s:
            self.clock.advance(step_s)
            self.schedule.tick()

    def restart(self, appointments=ALL):
        self.schedule.close()
        self.scheduler = ByHand()
        self.schedule = self.new(appointments)

    def names(self):
        return [name for name, _ in self.done]


@pytest.fixture
def house(monkeypatch):
    return lambda *args, **kwargs: House(monkeypatch, *args, **kwargs)


def test_each_is_kept_once_a_night_and_on_time(house):
    home = house((2026, 6, 1, 12))
    home.live(2 * DAY)
    assert home.done == [
        ("evening", "01 21:30"), ("lights-out", "01 22:30"), ("nightly", "02 02:30"),
        ("sunrise", "02 06:30"), ("evening", "02 21:30"), ("lights-out", "02 22:30"),
        ("nightly", "03 02:30"), ("sunrise", "03 06:30"),
    ]  # fmt: skip
    assert max(home.late) == 0.0


@pytest.mark.parametrize(
    ("night", "nightly"), list(zip(NIGHTS, ["29 03:00", "02 02:30", "25 02:30"], strict=True))
)
def test_nights_in_which_the_clocks_change(house, night, nightly):
    home = house((*night, 12))
    home.live(DAY)
    assert home.names() == ["evening", "lights-out", "nightly", "sunrise"]
    assert dict(home.done)["nightly"] == nightly
    assert dict(home.done)["sunrise"].endswith("06:30")


def test_a_restart_in_the_repeated_hour_does_nothing_twice(house):
    home = house((2026, 10, 24, 23), appointments=[NIGHTLY])
    home.live(3.75 * HOUR)
    assert home.done == [("nightly", "25 02:30")]
    home.restart([NIGHTLY])
    home.live(60.0)
    assert home.late == [0.0, 900.0]  # its effect went with the process
    home.live(3 * HOUR)
    assert len(home.done) == 2


@pytest.mark.parametrize("appointment", ALL, ids=lambda one: one.name)
@pytest.mark.parametrize("night", NIGHTS)
def test_nothing_is_done_before_the_time_is_known(house, appointment, night):
    home = house((*night, 12), known=False, appointments=[appointment])
    home.live(30 * HOUR, step_s=600.0)
    assert home.done == []
    assert home.schedule.upcoming() == ()


@pytest.mark.parametrize("appointment", ALL, ids=lambda one: one.name)
@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("hours", [-30, -7, 5, 19, 100])
def test_a_clock_that_steps_by_hours_when_it_becomes_known(house, appointment, night, hours):
    """The wrong clock is ahead or behind; the true one says noon, and a day follows."""
    true = datetime(*night, 12, tzinfo=BERLIN) - timedelta(hours=1)
    wrong = true + timedelta(hours=hours)
    home = house(wrong.timetuple()[:6], known=False, appointments=[appointment])
    home.live(HOUR)
    home.clock.step_wall(true.timestamp() + HOUR - home.clock.wall(), known=True)
    home.live(DAY)
    assert len(home.done) == 1
    assert home.late == [0.0]


@pytest.mark.parametrize("appointment", ALL, ids=lambda one: one.name)
@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("back_s", [2.0, 600.0, HOUR, 3 * HOUR])
def test_a_clock_set_back_does_nothing_twice(house, appointment, night, back_s):
    home = house((*night, 20), appointments=[appointment])
    while not home.done:
        home.live(300.0)
    home.clock.step_wall(-back_s)
    home.live(back_s + HOUR)
    assert len(home.done) == 1
    home.live(DAY + HOUR)
    assert len(home.done) == 2


@pytest.mark.parametrize("appointment", ALL, ids=lambda one: one.name)
@pytest.mark.parametrize("night", NIGHTS)
def test_a_clock_set_back_before_it_came_due_still_does_it(house, appointment, night):
    home = house((*night, 20), appointments=[appointment])
    home.live(600.0)
    home.clock.step_wall(-3 * HOUR)
    home.live(16 * HOUR)
    assert len(home.done) == 1


@pytest.mark.parametrize("appointment", ALL, ids=lambda one: one.name)
@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("late_s", [30.0, 0.5, 0.99])
def test_a_clock_set_past_it_does_it_late(house, appointment, night, late_s):
    late_s = late_s if late_s > 1.0 else late_s * appointment.late_s
    home = house((*night, 18), appointments=[appointment])
    home.live(600.0)
    due = home.schedule.upcoming()[0]
    home.clock.step_wall(due.wall_s + late_s - home.clock.wall())
    home.live(HOUR)
    assert home.names() == [appointment.name]
    assert home.late == [pytest.approx(late_s, abs=1e-3)]
    assert home.health.faults() == ()


@pytest.mark.parametrize("appointment", ALL, ids=lambda one: one.name)
@pytest.mark.parametrize("night", NIGHTS)
def test_a_clock_set_far_past_it_says_what_was_left_out(house, appointment, night):
    home = house((*night, 18), appointments=[appointment])
    home.live(600.0)
    due = home.schedule.upcoming()[0]
    home.clock.step_wall(due.wall_s + appointment.late_s + 60.0 - home.clock.wall())
    home.live(60.0)
    assert home.done == []
    [fault] = home.health.faults()
    told = f"{appointment.name} of {due.at(BERLIN):%H:%M} was left out: the clock was set past it"
    assert (fault.part, fault.sentence) == ("schedule", told)
    home.live(DAY)
    assert len(home.done) == 1
    assert home.health.faults() == ()


def test_a_program_that_stalled_through_it(house):
    home = house((2026, 6, 1, 20), appointments=[EVENING])
    home.schedule.tick()
    home.clock.advance(3 * HOUR)
    home.schedule.tick()
    assert home.late == [1.5 * HOUR]
    home.clock.advance(2 * DAY)
    home.schedule.tick()
    assert len(home.done) == 2  # not once for each of the two days
    home.clock.advance(1.5 * DAY)
    home.schedule.tick()
    assert len(home.done) == 2
    told = "evening of 21:30 was left out: its turn came 810 min late"
    assert home.health.faults()[0].sentence == told


def test_it_is_caught_up_on_at_the_start_while_it_makes_sense(house):
    home = house((2026, 6, 1, 6, 40))
    home.schedule.tick()
    assert sorted(home.names()) == ["lights-out", "sunrise"]
    assert sorted(home.late) == [600.0, 8 * HOUR + 600.0]
    assert home.health.faults() == ()


def test_upcoming_says_what_comes_next(house):
    home = house((2026, 6, 1, 12))
    home.live(60.0)
    assert [(due.name, f"{due.at(BERLIN):%d %H:%M}") for due in home.schedule.upcoming()] == [
        ("evening", "01 21:30"), ("lights-out", "01 22:30"), ("nightly", "02 02:30"),
        ("sunrise", "02 06:30"),
    ]  # fmt: skip


def test_weekdays_only(house):
    alarm = Appointment("alarm", time(7), HOUR, days=WEEKDAYS)
    home = house((2026, 6, 4, 12), appointments=[alarm])
    home.live(5 * DAY, step_s=600.0)
    assert home.done == [("alarm", "05 07:00"), ("alarm", "08 07:00"), ("alarm", "09 07:00")]


def test_work_that_raises_is_raised_where_the_clock_is_watched(house):
    home = house((2026, 6, 1, 21, 29), appointments=[])

    def slip(_late_s):
        raise RuntimeError("a slip in the wiring")

    home.schedule.close()
    home.scheduler = ByHand()
    home.schedule = Schedule([(EVENING, slip)], home.clock, home.health, BERLIN, home.scheduler)
    with pytest.raises(RuntimeError, match="a slip"):
        home.live(180.0)


def test_what_the_scheduler_leaves_out_is_a_fault(house):
    home = house((2026, 6, 1, 12))
    home.live(60.0)
    event = JobExecutionEvent(EVENT_JOB_MISSED, "evening", "default", home.local)
    home.scheduler._dispatch_event(event)
    assert home.health.faults()[0].sentence == "evening was left out by the scheduler"


def test_the_jobs_are_neither_lost_by_misfires_nor_doubled(house):
    home = house((2026, 6, 1, 12))
    home.live(60.0)
    for job in home.scheduler.get_jobs():
        assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
    assert home.scheduler.timezone == BERLIN


@pytest.mark.parametrize(("previous_h", "fires"), [(None, (26, 1)), (-24, (25, 0)), (24, (26, 1))])
def test_the_trigger_goes_on_from_the_previous_or_from_a_clock_set_back(previous_h, fires):
    trigger = Trigger(NIGHTLY, BERLIN)
    now = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # 02:45, the first
    previous = None if previous_h is None else now + timedelta(hours=previous_h)
    day, hour = fires
    assert trigger.get_next_fire_time(previous, now) == datetime(
        2026, 10, day, hour, 30, tzinfo=UTC
    )


def test_it_works_in_a_thread_of_its_own_on_the_machines_clock():
    clock, done = SystemClock(), threading.Event()
    now = datetime.fromtimestamp(clock.wall(), UTC)
    if now.second > 57:  # not across a minute, on which the appointment would come due again
        now -= timedelta(minutes=1)
    clock.known = lambda: True
    soon = Appointment("soon", now.time().replace(second=0, microsecond=0), HOUR)
    schedule = Schedule([(soon, lambda _late_s: done.set())], clock, Health(clock), UTC)
    schedule.tick()
    assert done.wait(5.0)
    schedule.close()
