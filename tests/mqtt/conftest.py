"""A real Mosquitto, somebody else who listens there, and a bed that tells it things."""

import json
import os
import pwd
import queue
import shutil
import signal
import socket
import subprocess
import threading
from collections import defaultdict
from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import attrs
import pytest
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from bedside.climate import Room
from bedside.clock import SteppedClock
from bedside.health import Health
from bedside.light.light import Light
from bedside.light.settings import LightSettings
from bedside.mqtt import MqttSettings, mqtt
from bedside.mqtt.mqtt import Mqtt
from bedside.mqtt.telling import Bed
from bedside.nights import ClockSettings, Nights
from bedside.simulator.pwm import SimulatedPins
from bedside.store import Store, StoreSettings

PATIENCE_S = 20.0
"""Nothing here takes longer, unless it is broken."""
MOSQUITTO = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Broker:
    """Mosquitto in a folder of its own; it can be killed and started again."""

    def __init__(self, folder, *lines, port=None):
        self.folder, self.port = folder, port or free_port()
        user = pwd.getpwuid(os.getuid()).pw_name
        head = [f"user {user}", "log_dest stderr", "log_type information", "log_type error"]
        self.file = folder / "mosquitto.conf"
        if port is None:
            lines = [f"listener {self.port} 127.0.0.1", *(lines or ["allow_anonymous true"])]
        self.file.write_text("\n".join([*head, *lines]) + "\n")
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [MOSQUITTO, "-c", self.file], stderr=subprocess.PIPE, text=True
        )
        said = []
        for line in self.process.stderr:
            said.append(line)
            if " running" in line:
                return self
        raise AssertionError("".join(said))

    def kill(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.communicate(timeout=PATIENCE_S)
        self.process = None


class Listener:
    """Another client of the broker: keeps what it hears, and says things."""

    def __init__(self, port, *topics, login=None, ca=None):
        self.heard, self._news = defaultdict(list), threading.Condition()
        self.there, self.trusted = threading.Event(), threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
        self._client.on_message = self._take
        self._client.on_connect = lambda client, *_: client.subscribe([(t, 1) for t in topics])
        self._client.on_subscribe = lambda *_: self.there.set()
        if login:
            self._client.username_pw_set(*login)
        if ca:
            self._client.tls_set(str(ca))
        self._client.connect("localhost" if ca else "127.0.0.1", port)
        self._client.loop_start()
        assert self.there.wait(PATIENCE_S)

    def _take(self, _client, _data, message):
        with self._news:
            self.heard[message.topic].append(
                (message.payload.decode(errors="replace"), message.retain)
            )
            self._news.notify_all()

    def wait(self, topic, fits=lambda _said: True, after=0):
        """Give the first words on a topic that fit, as told after some others."""

        def found():
            return [said for said, _ in self.heard[topic][after:] if fits(_plain(said))]

        with self._news:
            assert self._news.wait_for(found, PATIENCE_S), (topic, dict(self.heard))
            return _plain(found()[0])

    def count(self, topic):
        with self._news:
            return len(self.heard[topic])

    def say(self, topic, payload, retain=False):
        if isinstance(payload, dict):
            payload = json.dumps(payload)
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(PATIENCE_S)

    def close(self):
        self._client.disconnect()
        self._client.loop_stop()


def _plain(said):
    return json.loads(said) if said.startswith("{") else said


class Bedroom:
    """A bed that tells the broker, with all that it tells of."""

    def __init__(self, folder, wall_s):
        self.clock = SteppedClock(wall=wall_s)
        self.changes = queue.Queue()
        self.health = Health(self.clock, [lambda fault, over: self.changes.put((fault, over))])
        self.store = Store(StoreSettings(folder=str(folder), min_free_mb=0), self.clock)
        self.nights = Nights(self.store, self.clock, ClockSettings(time_zone="UTC"))
        self.light = Light(
            SimulatedPins(self.clock),
            self.clock,
            self.health,
            LightSettings(pins="18"),
            self.nights.zone,
        )
        self.present, self.room = True, Room(c=19.46, humidity=51.2)
        self.looks = threading.Semaphore(0)
        self.stop, self.failed, self._threads = threading.Event(), [], []

    @property
    def bed(self):
        return Bed(
            lambda: self.present,
            self._look,
            self.light,
            self.health,
            self.nights,
            self.clock,
        )

    def _look(self):
        self.looks.release()
        return self.room

    def tell(self, settings, has_light=True):
        """Let it work in a thread of its own, as the crew does."""
        self.clock.go_live()
        if has_light:
            self.light.step()
            self._start(lambda: self.light.run(self.stop))
        self._start(
            lambda: Mqtt(settings, self.clock, self.bed, has_light=has_light).run(self.stop)
        )

    def _start(self, work):
        def run():
            try:
                work()
            except BaseException as error:  # noqa: BLE001  told at the end
                self.failed.append(error)

        self._threads.append(threading.Thread(target=run))
        self._threads[-1].start()

    def fault(self, over=False):
        """Wait until `mqtt` is at fault, or is well again; give the fault."""
        while True:
            fault, ended = self.changes.get(timeout=PATIENCE_S)
            if fault.part == "mqtt" and ended == over:
                return fault

    def close(self):
        self.stop.set()
        for thread in self._threads:
            thread.join(PATIENCE_S)
            assert not thread.is_alive()
        self._threads.clear()
        self.store.close()
        assert self.failed == []


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Try again soon."""
    monkeypatch.setattr(mqtt, "FIRST_WAIT_S", 0.1)
    monkeypatch.setattr(mqtt, "LONGEST_WAIT_S", 0.2)
    monkeypatch.setattr(mqtt, "PERIOD_S", 0.25)


@pytest.fixture
def brokers(tmp_path):
    """Make a broker with lines of its own settings; all are killed at the end."""
    if MOSQUITTO is None:
        pytest.skip("no Mosquitto here: apt-get install mosquitto")
    made = []

    def make(*lines, **more):
        folder = tmp_path / f"broker-{len(made)}"
        folder.mkdir()
        made.append(Broker(folder, *lines, **more))
        return made[-1]

    yield make
    for broker in made:
        broker.kill()


@pytest.fixture
def free():
    """Find a port that nobody listens at."""
    return free_port


@pytest.fixture
def broker(brokers):
    return brokers().start()


@pytest.fixture
def listen():
    """Make another client that hears some topics, by default all."""
    made = []

    def make(port, *topics, **more):
        made.append(Listener(port, *(topics or ["#"]), **more))
        return made[-1]

    yield make
    for listener in made:
        listener.close()


@pytest.fixture
def bedrooms(tmp_path):
    """Make bedrooms; it is the afternoon of 14 November there unless said otherwise."""
    made = []

    def make(hour=15):
        folder = tmp_path / f"bed-{len(made)}"
        folder.mkdir()
        wall = datetime(2026, 11, 14, hour, tzinfo=ZoneInfo("UTC")).timestamp()
        made.append(Bedroom(folder, wall))
        return made[-1]

    yield make
    for bedroom in made:
        bedroom.close()


@pytest.fixture
def bedroom(bedrooms):
    return bedrooms()


@pytest.fixture
def to():
    """Make settings for a broker."""

    def make(where, /, **more):
        port = where if isinstance(where, int) else where.port
        plain = MqttSettings(broker="127.0.0.1", port=port, device="Bed 3")
        return attrs.evolve(plain, **more)

    return make


@pytest.fixture
def topics():
    base = "bedside/bed-3"
    return SimpleNamespace(
        status=f"{base}/status",
        light=f"{base}/light",
        set=f"{base}/light/set",
        there=f"{base}/light/available",
        bed=f"{base}/bed",
        room=f"{base}/room",
        night=f"{base}/night",
        faults=f"{base}/faults",
        about=f"{base}/about",
        discovery="homeassistant/device/bedside_bed-3/config",
    )
