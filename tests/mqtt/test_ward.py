"""docs/ward.md and docs/mqtt.md, as they stand there: run with a real broker and two beds."""

import re
import subprocess
import tomllib

import attrs
import pytest
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from bedside.config import load
from bedside.mqtt import MqttSettings
from bedside.mqtt.topics import Topics

PATIENCE_S = 20.0
PASSWORDS = {"bed-1": "one-bed", "bed-2": "two-beds", "telegraf": "writes-down"}


@pytest.fixture
def text(request):
    return (request.config.rootpath / "docs" / "ward.md").read_text()


def block(text, language, holding=""):
    found = re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)
    [one] = [each for each in found if holding in each]
    return one


@pytest.fixture
def ward(text, brokers, tmp_path):
    """The broker of the document, with its certificates, users and rights."""
    folder = tmp_path / "ward"
    folder.mkdir()
    made = block(text, "sh", "openssl").replace("ward.local", "localhost")
    subprocess.run(["sh", "-ec", made], cwd=folder, check=True, capture_output=True)
    (folder / "ward.rights").write_text(block(text, "acl"))
    users = folder / "ward.users"
    users.write_text("".join(f"{name}:{word}\n" for name, word in PASSWORDS.items()))
    subprocess.run(["mosquitto_passwd", "-U", users], check=True, capture_output=True)
    conf = re.sub(r"/etc/mosquitto/(certs/)?", f"{folder}/", block(text, "conf"))
    return folder, lambda port: brokers(
        *conf.replace("listener 8883", f"listener {port} 127.0.0.1").splitlines(), port=port
    ).start()


@pytest.fixture
def settings(text, tmp_path):
    """Read the document's settings of a bed, for one of them."""

    def make(name, folder, port):
        password = tmp_path / f"{name}.password"
        password.write_text(PASSWORDS[name])
        toml = block(text, "toml", "[mqtt]").replace("bed-1", name)
        toml = toml.replace("ward.local", "localhost")
        toml = toml.replace("/etc/bedside/ward-ca.pem", str(folder / "ward-ca.pem"))
        toml = toml.replace("/etc/bedside/mqtt-password", str(password))
        file = tmp_path / f"{name}.toml"
        file.write_text(toml)
        return attrs.evolve(load(file).mqtt, port=port)

    return make


def test_two_beds_and_one_who_watches(ward, settings, bedrooms, listen, free):
    folder, start = ward
    broker = start(free())
    one, two = bedrooms(), bedrooms()
    two.present = False
    for name, bedroom in (("bed-1", one), ("bed-2", two)):
        bedroom.tell(settings(name, folder, broker.port))
    login = ("telegraf", PASSWORDS["telegraf"])
    watcher = listen(broker.port, "bedside/#", login=login, ca=folder / "ward-ca.pem")

    assert watcher.wait("bedside/bed-1/bed") == {"present": True}
    assert watcher.wait("bedside/bed-2/bed") == {"present": False}
    for name in ("bed-1", "bed-2"):
        assert watcher.wait(f"bedside/{name}/status") == "online"
        for topic in ("room", "night", "faults", "light"):
            watcher.wait(f"bedside/{name}/{topic}")
    one.stop.set()
    watcher.wait("bedside/bed-1/status", lambda said: said == "offline")
    assert not two.health.faults()


def test_nobody_does_what_is_not_theirs(ward, settings, bedrooms, listen, free):
    folder, start = ward
    broker = start(free())
    bedroom = bedrooms()
    bedroom.tell(settings("bed-1", folder, broker.port))
    login = ("telegraf", PASSWORDS["telegraf"])
    watcher = listen(broker.port, "bedside/#", login=login, ca=folder / "ward-ca.pem")
    watcher.wait("bedside/bed-1/night")

    for name, topic in (
        ("bed-2", "bedside/bed-1/status"),
        ("bed-2", "bedside/bed-1/light/set"),
        ("bed-2", "homeassistant/status"),
        ("telegraf", "bedside/bed-1/light/set"),
    ):
        assert refused(broker.port, name, folder / "ward-ca.pem", topic), (name, topic)
    assert not refused(broker.port, "bed-2", folder / "ward-ca.pem", "bedside/bed-2/status")
    assert watcher.wait("bedside/bed-2/status") == "x"
    assert watcher.count("bedside/bed-1/status") == 1
    assert watcher.count("bedside/bed-1/light/set") == 0


def refused(port, name, ca, topic):
    """Whether the broker lets a user not write a topic."""
    answers = []
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
    client.username_pw_set(name, PASSWORDS[name])
    client.tls_set(str(ca))
    client.on_publish = lambda *said: answers.append(said[3].is_failure)
    client.connect("localhost", port)
    client.loop_start()
    try:
        client.publish(topic, "x", qos=1).wait_for_publish(PATIENCE_S)
    finally:
        client.disconnect()
        client.loop_stop()
    [answer] = answers
    return answer


def test_what_telegraf_is_told_to_read_is_what_is_told(text):
    config = tomllib.loads(block(text, "telegraf"))
    topics = Topics.of(MqttSettings(device="x"))
    told = {topics.status, topics.bed, topics.room, topics.night, topics.faults}

    asked = [each for reader in config["inputs"]["mqtt_consumer"] for each in reader["topics"]]
    assert {each.replace("+", "x") for each in asked} == told


def test_prometheus_is_let_in_by_settings_that_hold(text, tmp_path):
    file = tmp_path / "bed.toml"
    file.write_text(block(text, "toml", "metrics_from"))

    assert load(file).web.metrics_from == "192.168.1.20"


def test_every_topic_is_explained(request, tmp_path):
    text = (request.config.rootpath / "docs" / "mqtt.md").read_text()
    explained = set(re.findall(r"^\| `([a-z/]+)` \|", text, re.M))
    topics = Topics.of(MqttSettings(device="x"))
    told = {getattr(topics, name).removeprefix("bedside/x/") for name in Topics.__slots__}

    assert explained == told - {topics.discovery}
    file = tmp_path / "bed.toml"
    file.write_text(block(text, "toml"))
    assert load(file).mqtt.username == "bedside"
