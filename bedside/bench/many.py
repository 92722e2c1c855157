"""Many nights on record at once: whether the pages notice."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

import attrs

from bedside.bench.goal import Goal, at_most
from bedside.bench.workers import workers
from bedside.clock import SteppedClock
from bedside.config import Config
from bedside.drivers.pins import PiPins
from bedside.hardware import Hardware
from bedside.nights.summaries import Summaries
from bedside.pipeline.listener import Heard, Minute, PresenceChange
from bedside.pipeline.movements import Kind, Movement
from bedside.pipeline.recorded import Temperature
from bedside.rooms import Rooms
from bedside.simulator.bus import SimulatedI2C
from bedside.store import Store
from bedside.web import create_app

FEW, MANY = 10, 1000
RATIO = 1.3
TREND_S, READ_S, TICK_S = 0.3, 0.1, 0.001
HOUR_S, MINUTE_S = 3600.0, 60.0
BED_H, SLEPT_H = 22.5, 8.0
_EVERY = 10  # nights written at once
_KINDS: tuple[tuple[Kind, float], ...] = (("jerk", 0.4), ("limb_movement", 2.0), ("turn", 4.0))


class Times(NamedTuple):
    """Processor seconds, each the median of many.

    morning       a page that is asked for again
    morning_anew  one that is made anew, since something was written
    trend, read   the page of all nights, and the summaries it is made from
    tick          a look whether there is something to sum up
    """

    morning: float
    morning_anew: float
    trend: float
    read: float
    tick: float


def many_nights(few: int = FEW, many: int = MANY) -> list[Goal]:
    """Return the verdict on a database of many nights beside one of a few."""
    with workers(1) as pool:
        small, large = (pool.submit(_times, count).result() for count in (few, many))
    what, with_many = f"morning page, {many} nights to {few}", f"{many} nights on record"
    return [
        _ratio(what, large.morning, small.morning),
        _ratio(f"{what}, after a write", large.morning_anew, small.morning_anew),
        at_most(f"trend page, {with_many}", large.trend, TREND_S, " s"),
        at_most(f"summaries read, {with_many}", large.read, READ_S, " s"),
        at_most(f"looking for one to sum up, {with_many}", large.tick, TICK_S, " s"),
    ]


def _ratio(what: str, large_s: float, small_s: float) -> Goal:
    detail = f" ({large_s * 1e3:.2f} ms to {small_s * 1e3:.2f} ms)"
    return at_most(what, large_s / small_s, RATIO, "", detail)


def _times(evenings: int) -> Times:
    """Record so many nights and measure what they cost."""
    # Both end with the same nights: they alone are on the page.
    first = datetime(2026, 11, 22, 20, tzinfo=UTC) - timedelta(evenings)
    clock = SteppedClock(wall=first.timestamp())
    with tempfile.TemporaryDirectory() as folder:
        plain = Config()
        config = attrs.evolve(
            plain,
            store=attrs.evolve(plain.store, folder=folder, min_free_mb=0),
            web=attrs.evolve(plain.web, port=0),
        )
        hardware = Hardware(clock, lambda: SimulatedI2C(clock, {}), PiPins(clock))
        with closing(Rooms(config, hardware)) as rooms:
            fill(rooms.store, clock, config.clock.zone, evenings)
            sum_up(rooms.summaries, rooms.store, clock)
            rooms.nights.close_finished()
            return _measured(rooms, clock)


def _measured(rooms: Rooms, clock: SteppedClock) -> Times:
    browser = create_app(rooms.house()).test_client()

    def load(path: str) -> None:
        if browser.get(path, base_url="http://localhost", buffered=True).status_code != 200:
            raise RuntimeError(f"{path} does not answer")

    def write() -> None:
        now_s = clock.monotonic()
        rooms.store.add_heard(Heard(minutes=[Minute(now_s, MINUTE_S, 0.0, 0.8, 5.0, None, 0.8)]))
        clock.advance(MINUTE_S)
        rooms.store.flush()
        rooms.summaries.tick()

    load("/")
    return Times(
        morning=_median_s(lambda: load("/"), 300),
        morning_anew=_median_s(lambda: load("/"), 40, write),
        trend=_median_s(lambda: load("/nights/trend?weeks=520"), 15),
        read=_median_s(rooms.summaries.all, 15),
        tick=_median_s(rooms.summaries.tick, 300),
    )


def _median_s(work: Callable[[], object], times: int, before: Callable[[], object] = int) -> float:
    """Return the median processor time, s, of so many turns, each after `before`."""
    took_s = []
    for _ in range(times):
        before()
        began_s = time.process_time()
        work()
        took_s.append(time.process_time() - began_s)
    return median(took_s)


def fill(store: Store, clock: SteppedClock, zone: ZoneInfo, evenings: int, moves: int = 60) -> None:
    """Let so many nights go by, as the listener would tell them, ending on a morning."""
    first = datetime.fromtimestamp(clock.wall(), zone).date()
    for number in range(evenings):
        _sleep(store, clock, zone, first + timedelta(number), moves)
        if number % _EVERY == _EVERY - 1:
            store.flush()
    store.flush()


def sum_up(summaries: Summaries, store: Store, clock: SteppedClock) -> None:
    """Sum all nights up, as the daemon does by and by."""
    while summaries.missing():
        for _ in range(_EVERY):
            summaries.tick()
            clock.advance(1.0)
        store.flush()


def _sleep(store: Store, clock: SteppedClock, zone: ZoneInfo, evening: date, moves: int) -> None:
    dice = random.Random(evening.toordinal())
    midnight = datetime.combine(evening, datetime.min.time(), zone).timestamp()
    late_s = dice.gauss(0.0, 1200.0)
    bed_s = midnight + BED_H * HOUR_S + late_s - clock.wall() + clock.monotonic()
    rise_s = bed_s + (SLEPT_H + dice.gauss(0.0, 0.5)) * HOUR_S
    moves = max(3, round(moves * dice.lognormvariate(0.0, 0.4)))
    store.add_heard(
        Heard(
            sorted(_movements(dice, bed_s, rise_s, moves), key=lambda move: move.start_s),
            [PresenceChange(bed_s, True), PresenceChange(rise_s, False)],
            list(_minutes(dice, bed_s, rise_s)),
        )
    )
    for at in range(0, int(rise_s - bed_s), 600):
        store.add_temperature(Temperature(bed_s + at, 21.0 - at / 14400.0, 45.0))
    clock.advance(rise_s + 1800.0 - clock.monotonic())


def _movements(dice: random.Random, bed_s: float, rise_s: float, moves: int) -> Iterator[Movement]:
    for minute in range(10):  # stirring, before sleep comes
        at_s = bed_s + minute * MINUTE_S
        yield Movement(at_s, at_s + 3.0, "turn", 90.0, 1.5, 20.0)
    for _ in range(moves):
        kind, length_s = dice.choice(_KINDS)
        at_s = bed_s + 1200.0 + dice.random() * (rise_s - bed_s - 1300.0)
        peak_mg = 10.0 ** dice.uniform(0.6, 2.2)
        tilt_mg = 20.0 if kind == "turn" else 0.0
        yield Movement(at_s, at_s + length_s, kind, peak_mg, peak_mg / 60.0, tilt_mg)


def _minutes(dice: random.Random, bed_s: float, rise_s: float) -> Iterator[Minute]:
    breaths = dice.gauss(14.0, 1.0)
    for number in range(int((rise_s - bed_s) / MINUTE_S) + 60):
        at_s = bed_s - 1800.0 + number * MINUTE_S
        present = float(bed_s <= at_s < rise_s)
        yield Minute(at_s, MINUTE_S, present, 0.8, 5.0, breaths if present else None, 0.8)
