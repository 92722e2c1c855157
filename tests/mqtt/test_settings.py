"""The section [mqtt]: what is refused, and how a bed is named."""

import subprocess
import sys
import threading
from datetime import UTC

import attrs
import pytest

from bedside import hardware
from bedside.config import Config, load
from bedside.daemon import Bedside
from bedside.errors import ConfigError
from bedside.mqtt import MqttSettings
from bedside.reloading import NEEDS_RESTART


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('broker = "mqtt://home.local"', "no name or address"),
        ('broker = "home.local:1883 "', "no name or address"),
        ('prefix = ""', "cannot begin a topic"),
        ('prefix = "#"', "cannot begin a topic"),
        ('prefix = "/bed"', "cannot begin a topic"),
        ('prefix = "$SYS"', "cannot begin a topic"),
        ('discovery_prefix = "a/+"', "cannot begin a topic"),
        ("port = 70000", "65535"),
        ('ca_file = "ca.pem"', "set tls = true"),
        ('password_file = "p"', "username is not"),
        ('device = "床"', "no letter from a to z"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, lines, said):
    file = tmp_path / "bed.toml"
    file.write_text(f"[mqtt]\n{lines}\n")

    with pytest.raises(ConfigError) as refused:
        load(file)

    assert len(refused.value.problems) == 1
    assert said in refused.value.problems[0]


@pytest.mark.parametrize(
    ("device", "name"),
    [("Bed 3", "bed-3"), ("Lits/Étage #2", "lits-etage-2"), ("A" * 40, "a" * 40), ("+", None)],
)
def test_how_a_bed_is_named_in_topics(device, name):
    if name is None:
        with pytest.raises(ValueError, match="no letter"):
            MqttSettings(device=device)
    else:
        assert MqttSettings(device=device).base == f"bedside/{name}"


def test_a_bed_without_a_name_is_called_as_the_machine(monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "Pi-Bedroom")
    assert (MqttSettings().name, MqttSettings().id) == ("Pi-Bedroom", "pi-bedroom")
    monkeypatch.setattr("socket.gethostname", lambda: "___")
    assert MqttSettings().id == "bedside"


@pytest.mark.parametrize(
    ("settings", "port"),
    [({}, 1883), ({"tls": True}, 8883), ({"port": 99}, 99), ({"port": 99, "tls": True}, 99)],
)
def test_its_port(settings, port):
    assert MqttSettings(broker="b", **settings).address == ("b", port)


def test_nothing_is_made_where_no_broker_is_named(tmp_path):
    plain = Config()
    store = attrs.evolve(plain.store, folder=str(tmp_path), min_free_mb=0)
    config = attrs.evolve(plain, store=store, web=attrs.evolve(plain.web, port=0))
    with Bedside(config, hardware.simulated("quiet", 1, UTC), threading.Event()) as bedside:
        assert bedside.mqtt is None

    assert plain.mqtt.broker == ""
    assert ("mqtt", "*") in NEEDS_RESTART


def test_the_library_is_loaded_only_where_a_broker_is_named():
    code = "import sys, bedside.daemon; sys.exit(any(n.startswith('paho') for n in sys.modules))"

    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
