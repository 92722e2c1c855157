"""A bed and a real broker: what is told, what is heard, and what may go wrong."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing, contextmanager, suppress

import pytest

from bedside.climate import Room
from bedside.mqtt import mqtt, wire

PATIENCE_S = 20.0


def test_everything_is_told_and_kept_for_who_comes_later(bedroom, broker, to, listen, topics):
    bedroom.health.note("sensor", "mpu6050 at 0x68")
    bedroom.tell(to(broker))
    first = listen(broker.port)
    first.wait(topics.night)
    late = listen(broker.port)

    assert late.wait(topics.status) == "online"
    assert late.wait(topics.bed) == {"present": True}
    assert late.wait(topics.room) == {"temperature_c": 19.5, "humidity": 51}
    assert late.wait(topics.about)["sensor"] == "mpu6050 at 0x68"
    assert late.wait(topics.there) == "online"
    assert late.wait(topics.light)["state"] == "OFF"
    assert late.wait(topics.faults) == {"problem": False, "sentence": "", "parts": []}
    assert late.wait(topics.night)["jerks"] is None
    assert "presence" in late.wait(topics.discovery)["cmps"]
    assert {retained for each in late.heard.values() for _, retained in each} == {True}


def test_what_changes_is_told_again_and_nothing_else(bedroom, broker, to, listen, topics):
    other = listen(broker.port)
    bedroom.tell(to(broker))
    other.wait(topics.night)

    bedroom.present, bedroom.room = False, Room()
    bedroom.health.raise_fault("sensor", "the sensor is gone; look at the cable")

    assert other.wait(topics.bed, after=1) == {"present": False}
    assert other.wait(topics.room, after=1) == {"temperature_c": None, "humidity": None}
    said = other.wait(topics.faults, after=1)
    assert said["problem"] is True
    assert said["sentence"] == "the sensor is gone; look at the cable"
    bedroom.present = None
    assert other.wait(topics.bed, after=2) == {"present": None}
    assert other.count(topics.status) == other.count(topics.discovery) == 1


def test_faults_that_do_no_harm_are_no_problem(bedroom, broker, to, listen, topics):
    bedroom.health.raise_fault("clock", "there is no time server", calm=True)
    bedroom.tell(to(broker))

    assert listen(broker.port).wait(topics.faults)["problem"] is False


# ── the light ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("order", "state", "brightness", "effect"),
    [
        ({"state": "ON", "brightness": 42}, "ON", 42, None),
        ({"state": "ON"}, "ON", 15, None),
        ({"state": "ON", "brightness": 0.4, "transition": 2}, "ON", 1, None),
        ({"state": "ON", "effect": "sunrise"}, "ON", 60, "sunrise"),
        ({"state": "ON", "effect": "off for the night"}, "OFF", 0, "off for the night"),
    ],
)
def test_the_light_does_as_it_is_told(
    bedroom, broker, to, listen, topics, order, state, brightness, effect
):
    other = listen(broker.port)
    bedroom.tell(to(broker))
    other.wait(topics.night)
    other.say(topics.set, order)

    wanted = {"state": state, "brightness": brightness, "effect": effect}
    other.wait(topics.light, lambda said: said | wanted == said, after=1)


def test_off_and_automatic_again(bedroom, broker, to, listen, topics):
    other = listen(broker.port)
    bedroom.tell(to(broker))
    other.wait(topics.night)
    other.say(topics.set, {"state": "ON", "brightness": 30})
    other.wait(topics.light, lambda said: said["brightness"] == 30)
    assert bedroom.light.now.cause == "mqtt"

    other.say(topics.set, {"state": "OFF"})
    other.wait(topics.light, lambda said: said["state"] == "OFF" and said["effect"] is None)
    other.say(topics.set, {"state": "ON", "effect": "automatic"})
    other.wait(topics.light, lambda said: said["effect"] == "automatic", after=1)
    assert bedroom.light.now.hold_s == 0.0


def test_at_night_no_more_is_granted_than_the_ceiling(bedrooms, broker, to, listen, topics):
    bedroom = bedrooms(hour=23)
    other = listen(broker.port)
    bedroom.tell(to(broker))
    other.wait(topics.night)

    other.say(topics.set, {"state": "ON", "brightness": 100})

    said = other.wait(topics.light, lambda said: said["state"] == "ON")
    assert said["brightness"] == said["brightest"] == 20


def test_a_bed_without_a_light_has_none_to_tell_of(bedroom, broker, to, listen, topics):
    other = listen(broker.port)
    bedroom.tell(to(broker), has_light=False)
    other.wait(topics.night)
    other.say(topics.set, {"state": "ON"})
    bedroom.present = False
    other.wait(topics.bed, after=1)

    assert other.count(topics.light) == other.count(topics.there) == 0
    assert "light" not in other.wait(topics.discovery)["cmps"]


@pytest.mark.parametrize("payload", ["light, please", b"\xff\x00", '{"state": "ON"', "[" * 1000])
def test_what_is_no_order_is_ignored_with_a_line_in_the_log(
    bedroom, broker, to, listen, topics, caplog, payload
):
    caplog.set_level(logging.WARNING)
    other = listen(broker.port)
    bedroom.tell(to(broker))
    other.wait(topics.night)

    other.say(topics.set, payload)
    other.say(topics.set, {"state": "ON", "brightness": 7})
    other.wait(topics.light, lambda said: said["brightness"] == 7)

    [record] = [each for each in caplog.records if "was ignored" in each.message]
    assert len(record.getMessage()) < 250
    assert record.getMessage().isprintable()


def test_the_broker_keeps_what_is_far_too_large_to_itself(
    bedroom, broker, to, listen, topics, caplog
):
    other = listen(broker.port)
    bedroom.tell(to(broker))
    other.wait(topics.night)

    other.say(topics.set, "x" * 5_000_000)
    other.say(topics.set, {"state": "ON", "brightness": 7})

    other.wait(topics.light, lambda said: said["brightness"] == 7)
    assert "was ignored" not in caplog.text
    assert other.count(topics.status) == 1


def test_an_order_that_the_broker_kept_is_an_old_one(bedroom, broker, to, listen, topics, caplog):
    other = listen(broker.port)
    other.say(topics.set, {"state": "ON", "brightness": 90}, retain=True)
    bedroom.tell(to(broker))
    other.wait(topics.night)
    other.say(topics.set, {"state": "ON", "brightness": 7})

    assert other.wait(topics.light, lambda said: said["state"] == "ON")["brightness"] == 7
    assert "that the broker had kept was left alone" in caplog.text


def test_a_lamp_that_is_gone_is_told_and_orders_to_it_do_no_harm(
    bedroom, broker, to, listen, topics, caplog
):
    other = listen(broker.port)
    bedroom.tell(to(broker))
    other.wait(topics.night)
    bedroom.light.close()
    other.wait(topics.there, lambda said: said == "offline")

    other.say(topics.set, {"state": "ON", "effect": "sunrise"})
    other.say(topics.set, {"state": "ON"})
    bedroom.present = False
    other.wait(topics.bed, after=1)

    assert "the light could not be set by MQTT" in caplog.text
    assert bedroom.light.now.target == 0.0


def test_a_thousand_orders_are_a_few(bedroom, broker, to, listen, topics):
    other = listen(broker.port)
    bedroom.tell(to(broker))
    other.wait(topics.night)
    before = other.count(topics.light)
    for level in range(1, 100):
        other.say(topics.set, {"state": "ON", "brightness": level})
    other.say(topics.set, {"state": "ON", "brightness": 77})

    other.wait(topics.light, lambda said: said["brightness"] == 77)
    assert other.count(topics.light) - before < 10


# ── Home Assistant ──────────────────────────────────────────────────────────────────────────


def test_home_assistant_that_starts_anew_is_told_again(bedroom, broker, to, listen, topics):
    other = listen(broker.port)
    bedroom.tell(to(broker))
    other.wait(topics.night)

    other.say("homeassistant/status", "offline")
    other.say("homeassistant/status", "online")
    again = other.wait(topics.discovery, after=1)

    assert again == other.wait(topics.discovery)
    assert other.count(topics.status) == 1


def test_nobody_is_told_of_it_where_that_is_not_wanted(bedroom, broker, to, listen, topics):
    other = listen(broker.port)
    bedroom.tell(to(broker, discovery_prefix=""))
    other.wait(topics.night)

    assert [topic for topic in other.heard if not topic.startswith("bedside/bed-3/")] == []


# ── the end ─────────────────────────────────────────────────────────────────────────────────


def test_whoever_goes_in_good_order_says_so(bedroom, broker, to, listen, topics):
    other = listen(broker.port)
    bedroom.tell(to(broker))
    other.wait(topics.night)

    bedroom.stop.set()

    assert other.wait(topics.status, after=1) == "offline"


def test_a_daemon_that_is_killed_is_missed(broker, listen, tmp_path, topics):
    file = tmp_path / "bed.toml"
    file.write_text(
        f"[sensor]\nbus = 98\n[web]\nport = 0\n[store]\nfolder = '{tmp_path}'\n"
        f"[mqtt]\nbroker = '127.0.0.1'\nport = {broker.port}\ndevice = 'Bed 3'\n"
    )
    other = listen(broker.port)
    process = subprocess.Popen(
        [sys.executable, "-m", "bedside", "run", "--config", file],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "COVERAGE_PROCESS_START": ""},
    )
    with process:
        try:
            other.wait(topics.status, lambda said: said == "online")
            assert other.wait(topics.faults, lambda said: said["problem"])["parts"]
        finally:
            process.send_signal(signal.SIGKILL)

    assert other.wait(topics.status, lambda said: said == "offline") == "offline"


# ── a broker that goes, or will not ─────────────────────────────────────────────────────────


def test_a_broker_that_is_killed_and_comes_back_knows_everything_again(
    bedroom, broker, to, listen, topics
):
    bedroom.tell(to(broker))
    listen(broker.port).wait(topics.night)
    broker.kill()
    away = bedroom.fault()
    bedroom.present = False
    bedroom.light.set_by_hand(0.5, "button")

    broker.start()
    bedroom.fault(over=True)
    late = listen(broker.port)

    assert str(broker.port) in away.sentence
    assert away.calm
    assert late.wait(topics.status) == "online"
    assert late.wait(topics.bed) == {"present": False}
    assert late.wait(topics.light)["brightness"] == 50
    for topic in (topics.discovery, topics.room, topics.night, topics.faults, topics.about):
        late.wait(topic)


def test_a_broker_that_is_not_there_yet(bedroom, brokers, to, listen, topics):
    broker = brokers()
    bedroom.tell(to(broker))
    fault = bedroom.fault()

    broker.start()

    assert "nobody listens" in fault.sentence
    assert fault.calm
    bedroom.fault(over=True)
    assert listen(broker.port).wait(topics.bed) == {"present": True}


def test_nothing_piles_up_while_the_broker_confirms_nothing(bedroom, to, monkeypatch):
    monkeypatch.setattr(wire, "MOST_UNANSWERED", 3)
    monkeypatch.setattr(mqtt, "PERIOD_S", 0.0)
    greeting, got = b"\x20\x03\x00\x00\x00", []
    with peer(lambda line: (line.recv(4096), line.sendall(greeting), drain(line, got))) as port:
        bedroom.tell(to(port))
        for c in range(8):
            assert bedroom.looks.acquire(timeout=PATIENCE_S)
            bedroom.room = Room(c=10.0 + c)
        bedroom.stop.set()
        bedroom.close()

    # three and the farewell
    assert [kind for kind in packets(b"".join(got)) if kind == PUBLISH] == 4 * [PUBLISH]


PUBLISH = 3


def packets(data):
    """Give the kind of each MQTT packet."""
    while data:
        length, at, shift = 0, 1, 0
        while True:
            length |= (data[at] & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if not data[at - 1] & 0x80:
                break
        yield data[0] >> 4
        data = data[at + length :]


def test_a_wrong_password_is_said_and_when_it_is_mended_all_is_well(
    bedroom, brokers, to, listen, topics, tmp_path
):
    broker = brokers("allow_anonymous false", f"password_file {tmp_path / 'users'}")
    users(tmp_path / "users", {"bed-3": "slumber", "nurse": "wake"})
    broker.start()
    password = tmp_path / "password"
    password.write_text("guessed\n")
    bedroom.tell(to(broker, username="bed-3", password_file=str(password)))

    fault = bedroom.fault()
    assert "refuses the login" in fault.sentence
    assert "password_file" in fault.sentence
    assert not fault.calm
    assert "guessed" not in fault.sentence

    password.write_text("slumber\n")
    bedroom.fault(over=True)
    listen(broker.port, login=("nurse", "wake")).wait(topics.bed)


def test_a_name_alone_and_nothing_to_hear(bedroom, broker, to, listen, topics):
    bedroom.tell(to(broker, username="bed-3", discovery_prefix=""), has_light=False)

    assert listen(broker.port).wait(topics.bed) == {"present": True}


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "No such file"), (b"", "no password"), (b"\xff\xfe", "not UTF-8")],
)
def test_a_password_that_cannot_be_read(bedroom, broker, to, tmp_path, content, said):
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    bedroom.tell(to(broker, username="bed-3", password_file=str(file)))

    fault = bedroom.fault()
    assert said in fault.sentence
    assert str(file) in fault.sentence
    assert not fault.calm


def test_rights_that_are_missing_are_said(bedroom, brokers, to, tmp_path):
    rights = tmp_path / "rights"
    rights.write_text("topic readwrite bedside/bed-3/#\n")
    broker = brokers("allow_anonymous true", f"acl_file {rights}").start()
    bedroom.tell(to(broker))

    fault = bedroom.fault()
    assert "does not let this bed" in fault.sentence
    assert "homeassistant/#" in fault.sentence


def test_two_beds_of_one_name_are_told_apart(bedrooms, broker, to, listen, topics):
    one, two = bedrooms(), bedrooms()
    one.tell(to(broker))
    listen(broker.port).wait(topics.night)
    two.tell(to(broker))

    assert "the same name ([mqtt] device)" in one.fault().sentence


def test_a_missing_library_is_said(bedroom, broker, to, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("paho")]:
        monkeypatch.setitem(sys.modules, name, None)
    bedroom.tell(to(broker))

    assert "pip install 'bedside[mqtt]'" in bedroom.fault().sentence


def test_a_name_that_nobody_knows(bedroom, broker, to):
    bedroom.tell(to(broker, broker="no-such-broker.invalid"))

    assert "is not known here" in bedroom.fault().sentence


# ── TLS ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A folder with an authority, and a certificate of `localhost` that it signed."""
    folder = tmp_path_factory.mktemp("tls")

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    (folder / "names").write_text("subjectAltName=DNS:localhost\n")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Home",
            "-addext", "keyUsage=critical,keyCertSign")  # fmt: skip
    openssl("req", "-new", *key, "-keyout", "key.pem", "-out", "ask.pem", "-subj", "/CN=localhost")
    openssl("x509", "-req", "-in", "ask.pem", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-out", "cert.pem", "-extfile", "names")  # fmt: skip
    return folder


@pytest.fixture
def secret(brokers, authority):
    return brokers(
        f"certfile {authority / 'cert.pem'}",
        f"keyfile {authority / 'key.pem'}",
        "allow_anonymous true",
    ).start()


def test_under_tls_with_an_authority_of_ones_own(bedroom, secret, authority, to, listen, topics):
    ca = authority / "ca.pem"
    bedroom.tell(to(secret, broker="localhost", tls=True, ca_file=str(ca)))

    assert listen(secret.port, ca=ca).wait(topics.bed) == {"present": True}


# paho leaves it to the collector to close a socket whose handshake failed
unclosed = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@unclosed
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"broker": "localhost", "tls": True}, "ca_file"),  # an authority that nobody knows
        ({"broker": "127.0.0.1", "tls": True, "ca_file": "ca.pem"}, "not to be trusted"),
        ({"broker": "localhost", "tls": True, "ca_file": "key.pem"}, "holds no certificate"),
        ({"broker": "localhost", "tls": True, "ca_file": "none.pem"}, "No such file"),
        ({"broker": "localhost"}, "it may want TLS"),
    ],
)
def test_certificates_that_are_none(bedroom, secret, authority, to, more, said):
    if "ca_file" in more:
        more = more | {"ca_file": str(authority / more["ca_file"])}
    bedroom.tell(to(secret, **more))

    assert said in bedroom.fault().sentence


@unclosed
def test_tls_where_there_is_none(bedroom, broker, to):
    bedroom.tell(to(broker, tls=True))

    assert "TLS" in bedroom.fault().sentence


# ── what is no broker ───────────────────────────────────────────────────────────────────────


@contextmanager
def peer(answer):
    """Listen on a port, and give each that comes to `answer`."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve():
            while True:
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                with line, suppress(OSError):
                    answer(line)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE_S)


def drain(line, got):
    while said := line.recv(4096):
        got.append(said)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x20\xff\xff\xff\xff\xff",
        b"\x20\x00",
        b"\x20\x03\x00\x00\x05",
        b"\x20\x03\x00\x99\x00",
        b"\x30\x02\x00\x09",
        b"\x20\x03\x00\x00\x00\x30\x05\x00\x02\xff\xfe\x00",
        b"\x20\x03\x00\x00\x00\x40\x01\x00",
        b"\x20\x03\x00\x00\x00\x90\x02\x00\x01",
        b"\x20\x03\x00\x00\x00\xe0\x02\x99\x00",
        b"\x20\x03\x00\x00\x00\xf0\x00",
    ],
)
def test_what_is_no_broker_ends_in_a_sentence(bedroom, to, said):
    with peer(lambda line: (line.recv(4096), line.sendall(said))) as port:
        bedroom.tell(to(port))
        fault = bedroom.fault()
        bedroom.stop.set()

    assert fault.sentence
    assert "\n" not in fault.sentence


GREETING = b"\x20\x03\x00\x00\x00"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"\x20\x03\x00\x84\x00", "does not know MQTT 5"),
        (b"\x20\x03\x00\x88\x00", "refuses the connection (server unavailable)"),
        (b"\x20\x03\x00\x86\x00", "refuses the login"),
        (GREETING + b"\xe0\x02\x8e\x00", "another bed has the same name"),
        (GREETING + b"\xe0\x02\x8b\x00", "ended the connection: server shutting down"),
        (GREETING + b"\x90\x05\x00\x01\x00\x00\x87", "does not let this bed"),
    ],
)
def test_what_a_broker_may_answer(bedroom, to, answer, said):
    with peer(lambda line: (line.recv(4096), line.sendall(answer), drain(line, []))) as port:
        bedroom.tell(to(port))
        fault = bedroom.fault()
        bedroom.stop.set()

    assert said in fault.sentence


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TimeoutError("timed out"), "does not answer"),
        (PermissionError(1, "Operation not permitted"), "may not be spoken to"),
        (OSError(113, "No route to host"), "cannot be reached: No route to host"),
        (ValueError("Invalid host."), "cannot be reached: Invalid host."),
    ],
)
def test_a_broker_that_cannot_be_reached(bedroom, to, monkeypatch, error, said):
    def refuse(*_args, **_more):
        raise error

    monkeypatch.setattr("socket.create_connection", refuse)
    bedroom.tell(to(1883))
    fault = bedroom.fault()

    assert said in fault.sentence
    assert fault.calm


def test_a_library_that_fails_over_what_it_hears_is_no_end(bedroom, broker, to, monkeypatch):
    def fail(*_):
        raise IndexError("out of range")

    monkeypatch.setattr("paho.mqtt.client.Client.loop", fail)
    bedroom.tell(to(broker))

    assert "says is no MQTT (IndexError: out of range)" in bedroom.fault().sentence


def test_a_broker_that_is_silent(bedroom, to, monkeypatch):
    monkeypatch.setattr(mqtt, "KEEPALIVE_S", 0.3)
    with peer(lambda line: drain(line, [])) as port:
        bedroom.tell(to(port))
        fault = bedroom.fault()
        bedroom.stop.set()

    assert "is silent" in fault.sentence


def users(file, passwords):
    """Make a list of users as Mosquitto reads it."""
    file.write_text("".join(f"{name}:{word}\n" for name, word in passwords.items()))
    subprocess.run(["mosquitto_passwd", "-U", file], check=True, capture_output=True)
    assert json.dumps(file.read_text()).count("$7$") == len(passwords)
