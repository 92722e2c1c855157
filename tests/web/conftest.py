"""Nights in a real store, and bare reports for the drawings."""

import random
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from bedside.access import Access
from bedside.bench import browser
from bedside.climate import Room
from bedside.clock import SteppedClock
from bedside.config import Config
from bedside.config.told import told as settings_told
from bedside.doctor import Examination, Finding
from bedside.health import Health
from bedside.light.light import Light
from bedside.light.settings import LightSettings
from bedside.live import Live
from bedside.machine_state import MachineState
from bedside.nights import ClockSettings, Nights
from bedside.nights.summaries import Summaries
from bedside.pipeline.comfort import ComfortSettings
from bedside.pipeline.listener import Heard, Listener, Minute, Now, PresenceChange
from bedside.pipeline.movements import Movement
from bedside.pipeline.recorded import LightChange, Temperature
from bedside.pipeline.report import Mark, Report
from bedside.settings import SettingsTold
from bedside.simulator.pwm import SimulatedPins
from bedside.store import Store, StoreSettings
from bedside.web import WebSettings, create_app
from bedside.web.house import House
from bedside.web.jobs import Jobs
from bedside.web.proxies import AT_DEVICE

START = 1_793_484_000.0  # 2026-10-31 22:00 UTC
HOUR = 3600.0
ZONE = "Europe/Berlin"
FIRST, LAST = date(2026, 11, 14), date(2026, 11, 21)


@dataclass
class Bedroom:
    """Everything behind the page, all of it real but the clock."""

    clock: SteppedClock
    health: Health
    store: Store
    nights: Nights
    app: Flask
    light: Light
    live: Live
    pins: SimulatedPins
    jobs: Jobs
    access: Access
    heard: Now = field(default_factory=Now)
    room: Room = field(default_factory=Room)
    machine: MachineState = field(default_factory=MachineState)
    examination: Examination = field(
        default_factory=lambda: Examination((Finding("ok", "the time is known"),))
    )
    settings_told: SettingsTold = field(default_factory=lambda: settings_told(Config()))

    def post(self, path, host="localhost", csrf=True, **form):
        """Send a form as a page of ours would."""
        if csrf:
            form["csrf"] = self.csrf()
        return self.app.test_client().post(
            path, base_url=f"http://{host}", data=form, headers={"Origin": f"http://{host}"}
        )

    def csrf(self):
        """Give the token that a page shows to whoever sits at the device."""
        here = self.app.test_request_context(
            base_url="http://localhost", environ_overrides={AT_DEVICE: True}
        )
        with here:
            self.app.preprocess_request()
            return self.app.jinja_env.globals["csrf"]()

    def get(self, path, host="localhost", **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.app.test_client().get(
            path, base_url=f"http://{host}", headers=headers, buffered=True
        )

    def sum_up(self):
        """Sum all nights up that are over, as the daemon does by and by."""
        summaries = Summaries(self.nights, self.store, self.clock)
        while summaries.missing():
            summaries.tick()
            self.store.flush()

    def sleep(self, evening, hours=8.2, movements=40, gap=False):
        """Record a night in bed from half past ten to half past six, as far as `hours` go."""
        bed = datetime.combine(evening, datetime.min.time(), self.nights.zone).timestamp()
        start_s = bed + 22.5 * HOUR - self.clock.wall() + self.clock.monotonic()
        self.store.add_heard(_heard(start_s, hours, movements, gap, seed=evening.toordinal()))
        for part in range(48):
            celsius = 21.6 - part / 12
            self.store.add_temperature(Temperature(start_s + part * 600.0, celsius, 45.0))
        self.store.add_light(LightChange(start_s + 4 * HOUR, 0.04, "got up"))
        self.store.add_light(LightChange(start_s + 4.2 * HOUR, 0.0))
        self.clock.advance(start_s + hours * HOUR - self.clock.monotonic())
        self.store.flush()


class Phone:
    """A browser somewhere on the network; it keeps its cookies, and sends forms as shown.

    Parameters
    ----------
    address : its own, as the server sees it.
    base : under which address it opens the pages.
    """

    def __init__(self, app, address="192.168.1.7", base="http://bedside.local:8080"):
        self.base, self.client = base, app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = address

    def get(self, path, **headers):
        return self._open("GET", path, headers)

    def post(self, path, shown_on=None, headers=(), **form):
        """Send a form; its token is read from the page `shown_on`, where that is given."""
        if shown_on is not None:
            page = self.get(shown_on).text
            form["csrf"] = page.partition('name="csrf" value="')[2].partition('"')[0]
        headers = {"Origin": self.base, **dict(headers)}
        return self.client.post(path, base_url=self.base, data=form, headers=headers)

    def follow(self, link):
        """Scan the code, and press the button."""
        return self.post(f"/pair/{link}", shown_on=f"/pair/{link}")

    def _open(self, method, path, headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(
            path, method=method, base_url=self.base, headers=headers, buffered=True
        )


@pytest.fixture
def phone(bedroom):
    """Make a phone that nobody has let in, to `bedroom` where nothing else is said."""

    def make(address="192.168.1.7", base="http://bedside.local:8080", app=bedroom.app):
        return Phone(app, address, base)

    return make


@pytest.fixture
def bedroom(tmp_path):
    """A bedroom on the evening of 14 November, with nothing recorded yet."""
    clock, store, nights = _begun(tmp_path)
    with closing(Access(tmp_path, clock)) as access:
        yield _bedroom(clock, store, nights, access)
    store.close()


@pytest.fixture(scope="session")
def eight_nights(tmp_path_factory):
    """What eight nights left behind, seven of which give the ranges of the last."""
    clock, store, nights = _begun(tmp_path_factory.mktemp("nights"))
    store.add_sensor(clock.monotonic(), "mpu6050", 100.0, 16384.0)
    bedroom = _bedroom(clock, store, nights, Access(store.path.parent, clock))
    for number in range((LAST - FIRST).days + 1):
        evening = FIRST + timedelta(number)
        bedroom.sleep(evening, movements=40 + 3 * number, gap=evening == LAST)
    bedroom.sum_up()
    yield clock, store, nights
    store.close()


@pytest.fixture
def access(eight_nights, tmp_path):
    """Who may open the page: nobody yet."""
    with closing(Access(tmp_path, eight_nights[0])) as made:
        yield made


@pytest.fixture
def rested(eight_nights, access):
    """The morning after; the nights are shared among the tests, all else is fresh."""
    bedroom = _bedroom(*eight_nights, access)
    bedroom.health.note("sensor", "mpu6050 at 0x68")
    bedroom.health.beat("samples")
    return bedroom


@pytest.fixture(scope="module")
def looked_at(eight_nights, tmp_path_factory):
    """The same for a whole module that only looks."""
    with closing(Access(tmp_path_factory.mktemp("access"), eight_nights[0])) as access:
        bedroom = _bedroom(*eight_nights, access)
        bedroom.health.note("sensor", "mpu6050 at 0x68")
        bedroom.health.beat("samples")
        yield bedroom


@pytest.fixture
def moved(eight_nights, access):
    """Make the bedroom of `rested` again, under other settings."""

    def make(settings):
        return _bedroom(*eight_nights, access, settings)

    return make


@pytest.fixture(scope="session")
def begin():
    """Begin a store in a folder on the evening of 14 November."""
    return _begun


@pytest.fixture(scope="session")
def furnish():
    """Put a bedroom around a store."""
    return _bedroom


def _begun(folder):
    clock = SteppedClock(wall=datetime(2026, 11, 14, 20, tzinfo=ZoneInfo(ZONE)).timestamp())
    store = Store(StoreSettings(folder=str(folder), min_free_mb=0), clock)
    return clock, store, Nights(store, clock, ClockSettings(time_zone=ZONE))


def _bedroom(clock, store, nights, access, settings=None):
    health = Health(clock)
    pins = SimulatedPins(clock)
    light = Light(
        pins,
        clock,
        health,
        LightSettings(pins="18"),
        nights.zone,
        [store.add_light],
    )
    live, jobs = Live(health), Jobs(clock)
    house = House(
        nights=nights,
        summaries=Summaries(nights, store, clock),
        store=store,
        access=access,
        health=health,
        clock=clock,
        settings=settings or WebSettings(),
        light=light,
        heard=lambda: bedroom.heard,
        room=lambda: bedroom.room,
        comfort=ComfortSettings,
        live=live,
        machine=lambda: bedroom.machine,
        examined=lambda: bedroom.examination,
        settings_told=lambda: bedroom.settings_told,
        new_listener=Listener,
        jobs=jobs,
    )
    app = create_app(house)
    bedroom = Bedroom(clock, health, store, nights, app, light, live, pins, jobs, access)
    return bedroom


def _heard(start_s, hours, movements, gap, seed):
    dice = random.Random(seed)
    end_s, away_s = start_s + 8 * HOUR, start_s + 4 * HOUR
    found = [
        Movement(start_s + 60 * turn, start_s + 60 * turn + 3, "turn", 90.0, 1.5, 20.0)
        for turn in range(12)
    ]
    found += [_movement(start_s + 900, "jerk", 0.4, 60.0), _movement(away_s, "bed_exit", 5, 150)]
    found += [_movement(away_s + 500, "bed_entry", 6.0, 160.0)]
    found += [_movement(start_s + 5400 + 27 * n, "limb_movement", 1.8, 15.0) for n in range(20)]
    found += [_movement(start_s + hour * HOUR, "disturbance", 3.0, 20.0) for hour in (2.2, 5.1)]
    for _ in range(movements):
        kind, length_s = dice.choice([("jerk", 0.4), ("limb_movement", 2.0), ("turn", 4.0)])
        at_s = start_s + 1500 + dice.random() * 7.4 * HOUR
        found.append(_movement(at_s, kind, length_s, 10 ** dice.uniform(0.6, 2.3)))
    presence = [PresenceChange(start_s, True), PresenceChange(away_s, False)]
    presence += [PresenceChange(away_s + 500, True), PresenceChange(end_s, False)]
    minutes = [
        Minute(at_s, 60.0, float(start_s <= at_s < end_s), 0.8, 5.0, 14.2, 0.8)
        for at_s in (start_s - 1800 + 60.0 * n for n in range(9 * 60))
        if not (gap and start_s + 6 * HOUR < at_s < start_s + 6.3 * HOUR)
    ]
    until_s = start_s + hours * HOUR
    return Heard(
        sorted((each for each in found if each.start_s < until_s), key=lambda each: each.start_s),
        [change for change in presence if change.t_s < until_s],
        [minute for minute in minutes if minute.start_s < until_s],
    )


def _movement(start_s, kind, length_s, peak_mg):
    tilt_mg = 20.0 if kind == "turn" else 0.0
    return Movement(start_s, start_s + length_s, kind, peak_mg, peak_mg / 60, tilt_mg)


@pytest.fixture(scope="module")
def chromium():
    """A browser to look at pages with; without one, the reason why they were not looked at."""
    if browser.chromium_path() is None:
        pytest.skip("no Chromium here; get it with: apt-get install -y chromium")
    pytest.importorskip("playwright.sync_api")
    with browser.opened() as opened:
        yield opened


@pytest.fixture(scope="module")
def axe():
    """The script that finds what a screen reader stumbles on."""
    package = pytest.importorskip("axe_playwright_python")
    return (Path(package.__file__).parent / "axe.min.js").read_text()


@pytest.fixture
def told():
    """Make a report that holds what is given, and nothing else."""

    def make(*marks, hours=8.0, offsets=((0.0, HOUR),), **changes):
        parts = dict.fromkeys(
            ("warnings", "figures", "kinds", "hours", "stretches", "away", "naps", "comfort",
             "light", "meaning", "method", "limits"), ()
        )  # fmt: skip
        parts |= {"date": "2026-10-31", "opening": "Calm night.", "disclaimer": "No device."}
        parts |= {"coverage": 1.0, "ongoing": False, "clock_known": True, "asleep": True}
        parts |= {"start_s": START, "end_s": START + hours * HOUR, "offsets": offsets}
        return Report(marks=marks, **(parts | changes))

    return make


@pytest.fixture
def mark():
    """Make a mark at hours after the start."""

    def make(lane, at_h, until_h=None, kind="", value=None, text=""):
        end_h = at_h if until_h is None else until_h
        return Mark(lane, START + at_h * HOUR, START + end_h * HOUR, kind, text, value)

    return make
